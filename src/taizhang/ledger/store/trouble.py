"""What the operating system's errors mean to a ledger. Owns that table. Must not know which file it was about."""

from __future__ import annotations

import errno

from taizhang.ledger.domain.errors import Unreachable

_BY_ERRNO = {
    errno.EACCES: "store.read-only",
    errno.EPERM: "store.read-only",
    errno.EROFS: "store.read-only",
    errno.ENOSPC: "store.disk-full",
    errno.EDQUOT: "store.disk-full",
    errno.ENOENT: "store.not-a-ledger",
    errno.ENOTDIR: "store.not-a-ledger",
}


def refusal_of(error: OSError, ledger: str) -> Unreachable:
    """Return the refusal for an error of the operating system in the ledger's folder; ``store.io`` for a rare one."""
    code = _BY_ERRNO.get(error.errno or 0, "store.io")
    return Unreachable(code, ledger=ledger, detail=error.strerror or str(error))
