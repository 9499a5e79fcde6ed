"""Owns what the terminal remembers of one ledger between two runs: small JSON files in the user's state folder.

Never data of the ledger itself: lose the folder, and nothing is lost but convenience. Blocks on the disk: call it in a
thread (`Session.keep`). Without a folder it remembers for this run alone.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from taizhang.ledger.domain.errors import Unreachable


def place_of(ledger: Path) -> str:
    """Return the name of the folder for a ledger: its own name, and what tells it from others of that name."""
    whole = str(ledger.absolute())
    return f"{ledger.absolute().name}-{hashlib.sha256(whole.encode()).hexdigest()[:10]}"


class Memory:
    """Values by name.

    Args:
        folder: where the files lie; made when something is kept for the first time. None for no files.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}

    def load(self, name: str) -> Any:
        """Return what was kept under a name; None for nothing, or for a file that is no JSON (it is then left alone)."""
        try:
            return msgspec.json.decode(self._read(name))
        except (OSError, KeyError, msgspec.DecodeError):
            return None  # never kept, or spoilt by somebody else: nothing to go by

    def keep(self, name: str, value: Any) -> None:
        """Keep a value: after a crash either the old one or the new one is there, whole.

        Raises:
            Unreachable: ``memory.unkept``.
        """
        text = msgspec.json.encode(value)
        if self._folder is None:
            self._held[name] = text
            return
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _replace(path, text)
        except OSError as error:
            raise Unreachable("memory.unkept", path=str(path), detail=error.strerror or "", what=_what(name)) from error

    def drop(self, name: str) -> None:
        """Keep nothing under a name any more."""
        self._held.pop(name, None)
        if self._folder is not None:
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{name}.json"

    def _read(self, name: str) -> bytes:
        return self._held[name] if self._folder is None else self._path(name).read_bytes()


def _what(name: str) -> str:
    return name.partition("/")[0]


def _replace(path: Path, text: bytes) -> None:
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    if os.name == "posix":  # the name, too, survives a power cut
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
