"""What is read of a ledger, as statements over one cursor.

Owns every SELECT on the events and the nodes. Must not know connections or transactions: both give it their cursor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taizhang.ledger.store.contract import Head, Row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_COLUMNS = "position, stream, version, topic, recorded_at, command, CAST(state AS BLOB), salt, leaf"
_STREAM = f"SELECT {_COLUMNS} FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version"
_AFTER = f"SELECT {_COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?"
_COMMAND = f"SELECT {_COLUMNS} FROM events WHERE command = ?"
_LAST_STREAM = "SELECT stream FROM events WHERE stream >= ? AND stream < ? ORDER BY stream DESC LIMIT 1"
_EDGE = "SELECT position, recorded_at, leaf FROM events ORDER BY position DESC LIMIT 1"
_LEAVES = "SELECT leaf FROM events WHERE position > ? AND position <= ? ORDER BY position"
_NODES = "SELECT hash FROM nodes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx"

LAST = (1 << 63) - 1
ASKED_AT_ONCE = 500
"""So many command ids are named in one query: every SQLite takes 999."""

_HIGHEST = "\U0010ffff"


def stream(cursor: sqlite3.Cursor, name: str, gt: int, lte: int | None) -> list[Row]:
    """Return the events of a stream with versions after `gt`, up to `lte`."""
    return list(map(Row._make, cursor.execute(_STREAM, (name, gt, LAST if lte is None else lte))))


def after(cursor: sqlite3.Cursor, position: int, upto: int, limit: int) -> list[Row]:
    """Return at most `limit` events after `position`, up to the position `upto`."""
    return list(map(Row._make, cursor.execute(_AFTER, (position, upto, limit))))


def command(cursor: sqlite3.Cursor, command_id: str) -> Row | None:
    """Return the event that was recorded under the command id."""
    found = cursor.execute(_COMMAND, (command_id,)).fetchone()
    return None if found is None else Row._make(found)


def commands(cursor: sqlite3.Cursor, command_ids: Sequence[str]) -> dict[str, Row]:
    """Return the events that were recorded under any of the command ids, by id."""
    found: dict[str, Row] = {}
    for at in range(0, len(command_ids), ASKED_AT_ONCE):
        part = command_ids[at : at + ASKED_AT_ONCE]
        query = f"SELECT {_COLUMNS} FROM events WHERE command IN ({', '.join('?' * len(part))})"
        for row in map(Row._make, cursor.execute(query, part)):
            if row.command is not None:
                found[row.command] = row
    return found


def last_stream(cursor: sqlite3.Cursor, prefix: str) -> str | None:
    """Return the largest stream id that begins with `prefix`, in the order of code points."""
    found = cursor.execute(_LAST_STREAM, (prefix, prefix + _HIGHEST)).fetchone()
    return None if found is None else found[0]


def edge(cursor: sqlite3.Cursor) -> tuple[Head, bytes] | None:
    """Return the last event's place and time, and its leaf hash; None for an empty ledger."""
    found = cursor.execute(_EDGE).fetchone()
    return None if found is None else (Head(found[0], found[1]), found[2])


def hashes(cursor: sqlite3.Cursor, level: int, start: int, stop: int) -> list[bytes]:
    """Return the hashes of the complete subtrees of 256**level leaves, from number `start` to before `stop`.

    Level 0 holds the leaves. Fewer come back where fewer are stored.
    """
    if level == 0:
        return [leaf for (leaf,) in cursor.execute(_LEAVES, (start, stop))]
    return [node for (node,) in cursor.execute(_NODES, (level, start, stop))]
