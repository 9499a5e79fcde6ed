"""Owns how a file comes into being whole or not at all. It must not know what is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.outside import refuse_inside


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a path beside `target` to write to; when all went well it takes the place of `target`.

    Raises:
        Rejected: ``export.cannot-write``, ``export.not-a-file``, and what `outside.refuse_inside` refuses; then `target`
            is as it was.
    """
    refuse_inside(target)
    try:
        target = target.resolve()
        if target.exists() and not target.is_file():  # a folder, or a device that must not be replaced
            raise Rejected("export.not-a-file", path=str(target))
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        part.touch(exist_ok=False)
    except OSError as error:
        raise _refusal(target, error) from error
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        raise _refusal(target, error) from error
    finally:
        part.unlink(missing_ok=True)


def _refusal(target: Path, error: OSError) -> Rejected:
    return Rejected("export.cannot-write", path=str(target), detail=error.strerror or str(error))
