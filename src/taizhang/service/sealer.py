"""Owns signing for a ledger with the key in a file: checkpoints of what is committed, and the manifests of case files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import SignerKey, parse_skey
from taizhang.ledger.seal.note import sign
from taizhang.ledger.seal.tree import root_at


class CommittedLog(Protocol):
    """The log, as far as it is committed."""

    def head(self) -> int:
        """Index of the last event."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


class KeySealer:
    """Signs for a ledger.

    Args:
        key: the file that holds the secret key, as one line.
        kept: the last signed checkpoint, beside the database.
        log: the log.

    Raises:
        Rejected: ``case.no-key`` (`path`).
    """

    def __init__(self, key: Path, kept: Path, log: CommittedLog) -> None:
        self._key = _read(key)
        self._kept = kept
        self._log = log

    def checkpoint(self) -> bytes:
        """Return a signed checkpoint over every event that is recorded now; one that is kept comes with its cosignatures."""
        size = self._log.head() + 1
        now = Checkpoint(self._key.name, size, root_at(size, self._log.hashes))
        try:
            kept = self._kept.read_bytes()
            if open_checkpoint(kept, [self._key.verifier]).checkpoint == now:
                return kept
        except (OSError, SealError):  # none is kept, or not by this key: a fresh one is as good
            return sign_checkpoint(now, self._key).encode()
        return sign_checkpoint(now, self._key).encode()

    def vkey(self) -> str:
        """Return the public key."""
        return self._key.verifier.vkey

    def sign(self, text: str) -> bytes:
        """Return the signed note of a text."""
        return sign(text, self._key).encode()


def _read(path: Path) -> SignerKey:
    try:
        return parse_skey(path.read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError, SealError):
        raise Rejected("case.no-key", path=str(path)) from None
