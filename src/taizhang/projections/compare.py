"""Owns the question whether the read models are what the log gives: built afresh elsewhere and compared row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .log import Connect, Connection, Log
from .runner import Views
from .schema import NAMES


def differences(views: Views, log: Log, connect: Connect, error: type[Exception], scratch: Path) -> list[str]:
    """Return the tables of `views` that a fresh build from the log does not give again.

    Args:
        views: the read models in force; they are brought up to the log first.
        log: the events.
        connect: opens an SQLite file.
        error: the base class of that driver's errors.
        scratch: an empty folder, for the fresh build.
    """
    fresh = Views(scratch, connect, error)
    try:
        fresh.rebuild(log)
        views.catch_up(log)
        with views.reading() as ours, fresh.reading() as expected:
            return [table for table in _tables(expected) if _differs(table, ours, expected)]
    finally:
        fresh.close()


def _tables(connection: Connection) -> list[str]:
    """Return the tables with rows of ours; the inner tables of a full-text index depend on how it was merged."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    return sorted(name for (name,) in found if name in NAMES)


def _differs(table: str, ours: Connection, expected: Connection) -> bool:
    return any(a != b for a, b in zip_longest(_rows(table, ours), _rows(table, expected)))


def _rows(table: str, connection: Connection) -> Iterator[tuple[Any, ...]]:
    yield from connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
