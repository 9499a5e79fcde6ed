"""Where a database is: the names that SQLite, the writers' queue and a refusal use for it.

Owns the reading of a database name. Must not open anything.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

DATABASE = "ledger.db"
LOCK = "writer.lock"
TURN = "writer.turn"


class Stamp(NamedTuple):
    """What must not have changed for a database that was opened as immutable."""

    inode: int
    size: int
    changed: int


class Location:
    """A database in a file, or in memory (path is None).

    Args:
        name: a path, an SQLite URI (``file:…``; its query is only read for ``mode=memory``), or ``:memory:``.
    """

    __slots__ = ("name", "path")

    def __init__(self, name: str) -> None:
        self.name = name
        self.path: Path | None = None
        if ":memory:" in name or "mode=memory" in name:
            return
        if name.startswith("file:"):
            name = unquote(urlsplit(name).path)
            if os.name == "nt":
                name = name.removeprefix("/")  # file:///C:/…
        self.path = Path(name).absolute()

    def __str__(self) -> str:
        """Name the place as a person would: the folder of a ledger, else the file."""
        if self.path is None:
            return self.name
        return str(self.path.parent if self.path.name == DATABASE else self.path)

    def uri(self, query: str) -> str:
        """Return the SQLite URI with these parameters, or the name as it is for a database in memory."""
        return self.name if self.path is None else f"{self.path.as_uri()}?{query}"

    def lock_files(self) -> tuple[Path, Path] | None:
        """Return the files that writers queue at: who is next, and who writes. None in memory."""
        if self.path is None:
            return None
        if self.path.name == DATABASE:
            return self.path.with_name(TURN), self.path.with_name(LOCK)
        return self.path.with_name(f"{self.path.name}.{TURN}"), self.path.with_name(f"{self.path.name}.{LOCK}")

    def frozen(self) -> Stamp | None:
        """Return the file's stamp where nobody can change it from here: the folder is read-only and no log is beside it.

        SQLite needs a writable folder to read a WAL database, unless it is told that the file never changes; with a
        log beside it that would be to miss events.
        """
        if self.path is None or os.access(self.path.parent, os.W_OK):
            return None
        try:
            log = self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except FileNotFoundError:
            log = 0
        if log:
            return None
        facts = self.path.stat()
        return Stamp(facts.st_ino, facts.st_size, facts.st_mtime_ns)
