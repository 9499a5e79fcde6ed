"""Owns what a projection asks of the outside: a log to read events from, and connections to a file of its own.

Protocols alone: which store the events come from, and which SQLite driver opens the file, is said by who composes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

LogRow = tuple[int, str, int, str, str, bytes]
"""index, stream, version, topic, recorded_at, state bytes of one event."""


class Log(Protocol):
    """The ledger's events in their order."""

    def head(self) -> int:
        """Return the index of the last event; -1 for none. Cheap enough to ask before every read."""

    def after(self, index: int, limit: int) -> Sequence[LogRow]:
        """Return at most `limit` events after `index`, in order."""


class Cursor(Protocol):
    """What a statement gives back."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""


class Connection(Protocol):
    """A DB-API connection without implicit transactions that any thread may use, one at a time."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run one statement."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run one statement for each of many rows."""

    def close(self) -> None:
        """Give it back."""


Connect = Callable[[Path, bool], Connection]
"""Open the SQLite file at a path, read-only or not (then it is made where it is missing); touch nothing in it."""
