"""Owns which file holds the read models: generations, and the pointer that names the one in force.

A file is built beside the old one and put in force by replacing the pointer. The names differ, because a WAL that the
old file left behind would be played into a new file of the same name. Knows no table.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from taizhang.ledger.domain.errors import Unreachable

from .schema import SCHEMA_VERSION

_STEM = f"views-{SCHEMA_VERSION}"
_NAME = re.compile(re.escape(_STEM) + r"-[0-9a-f]{16}\.db")


class Files:
    """The files of read models in one folder.

    Args:
        folder: where they belong: in the ledger's folder; made where it is missing.
        fallback: where they go if `folder` cannot be written; None for nowhere.

    Raises:
        Unreachable: ``views.unwritable`` where neither can be written.
    """

    def __init__(self, folder: Path, fallback: Path | None = None) -> None:
        self.folder = _writable(folder, fallback)
        self._pointer = self.folder / f"{_STEM}.current"
        self.follow_lock = self.folder / f"{_STEM}.lock"
        self.build_lock = self.folder / f"{_STEM}.build.lock"

    def current(self) -> Path | None:
        """Return the file in force, or None where there is none."""
        try:
            name = self._pointer.read_text("ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return self.folder / name if _NAME.fullmatch(name) else None

    def next(self) -> Path:
        """Return a name that no file ever had; files that nothing points to are removed. The build lock must be held."""
        self.sweep(self.current())
        # never a name that was in force: whoever still reads that file tells by the name that it is another
        return self.folder / f"{_STEM}-{os.urandom(8).hex()}.db"

    def put_in_force(self, path: Path) -> None:
        """Let everyone read `path` from now on; it must be whole and on disk. Both locks must be held."""
        fresh = self._pointer.with_suffix(".next")
        with fresh.open("wb") as file:
            file.write(path.name.encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._pointer)
        self.sweep(path)

    def condemn(self, path: Path) -> None:
        """Let nobody read `path` any more, because it is damaged: the next who looks builds afresh."""
        if self.current() == path:
            self._pointer.unlink(missing_ok=True)

    def sweep(self, keep: Path | None) -> None:
        """Remove the files of this schema but one; what another process still holds open waits for the next time."""
        for path in self.folder.iterdir():
            name = path.name.removesuffix("-wal").removesuffix("-shm").removesuffix("-journal")
            if _NAME.fullmatch(name) and (keep is None or name != keep.name):
                try:
                    path.unlink(missing_ok=True)
                except PermissionError:  # Windows keeps a file that is open
                    continue


def _writable(folder: Path, fallback: Path | None) -> Path:
    detail = ""
    for place in (folder, fallback):
        if place is None:
            continue
        try:
            place.mkdir(parents=True, exist_ok=True)
            with (place / f"{_STEM}.lock").open("ab"):
                return place
        except OSError as error:
            detail = error.strerror or str(error)
    raise Unreachable("views.unwritable", folder=str(folder), detail=detail)
