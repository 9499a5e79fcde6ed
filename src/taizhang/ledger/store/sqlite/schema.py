"""The ledger's tables, and the triggers that keep plain SQL from changing them.

Owns the one true text of the schema and the comparison of a file with it. Must not know how events are recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taizhang.ledger.outside import APPLICATION_ID

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

SCHEMA_VERSION = 1
"""Kept as the file's user_version."""


class Part(NamedTuple):
    """One table, index or trigger; `sql` is its text exactly as SQLite keeps it."""

    kind: str
    name: str
    sql: str


_EVENTS = """CREATE TABLE events (
  position    INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- from 1, gap-free; the 0-based leaf index is one less
  stream      TEXT NOT NULL,
  version     INTEGER NOT NULL,
  topic       TEXT NOT NULL,
  recorded_at TEXT NOT NULL,                              -- UTC, never before the row that stands before it
  command     TEXT,                                       -- on the first event of a command
  state       TEXT NOT NULL,                              -- UTF-8 JSON, byte for byte as hashed
  salt        BLOB NOT NULL,                              -- 16 random bytes
  leaf        BLOB NOT NULL,                              -- RFC 6962 leaf hash
  UNIQUE (stream, version)
) STRICT"""

_NODES = """CREATE TABLE nodes (
  level INTEGER NOT NULL,                                 -- from 1
  idx   INTEGER NOT NULL,
  hash  BLOB NOT NULL,                                    -- of the complete subtree of 256**level leaves
  PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID"""

_COMMANDS = "CREATE UNIQUE INDEX events_command ON events (command) WHERE command IS NOT NULL"

# REPLACE deletes the row that is in its way, and says so to a DELETE trigger only where recursive_triggers is on. So
# whatever is in the way (position, stream and version, command) is refused before the insert, for every SQLite tool.
# Control characters are the recorder's to refuse: GLOB over every row would cost 6 µs of each insert.
_EVENTS_INSERT = """CREATE TRIGGER events_insert BEFORE INSERT ON events BEGIN
  SELECT CASE
    WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
      THEN RAISE(ABORT, 'events: the position is not the next one')
    WHEN EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version)
      THEN RAISE(ABORT, 'events: this version of the stream is recorded')
    WHEN NEW.command IS NOT NULL AND EXISTS (SELECT 1 FROM events WHERE command = NEW.command)
      THEN RAISE(ABORT, 'events: this command is recorded')
    WHEN NEW.recorded_at < (SELECT recorded_at FROM events WHERE position = NEW.position - 1)
      THEN RAISE(ABORT, 'events: recorded before the event that stands before it')
    WHEN length(NEW.salt) <> 16 OR length(NEW.leaf) <> 32
      THEN RAISE(ABORT, 'events: malformed row')
  END;
END"""

_EVENTS_UPDATE = """CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN
  SELECT RAISE(ABORT, 'events: nothing that is recorded can be changed');
END"""

_EVENTS_DELETE = """CREATE TRIGGER events_delete BEFORE DELETE ON events BEGIN
  SELECT RAISE(ABORT, 'events: nothing that is recorded can be removed');
END"""

_NODES_INSERT = """CREATE TRIGGER nodes_insert BEFORE INSERT ON nodes BEGIN
  SELECT CASE
    WHEN NEW.idx IS NOT (SELECT coalesce(max(idx), -1) + 1 FROM nodes WHERE level = NEW.level)
      THEN RAISE(ABORT, 'nodes: the index is not the next one')
    WHEN NEW.level NOT BETWEEN 1 AND 7
      OR ((NEW.idx + 1) << (8 * NEW.level)) > (SELECT coalesce(max(position), 0) FROM events)
      THEN RAISE(ABORT, 'nodes: the subtree is not complete')
    WHEN length(NEW.hash) <> 32
      THEN RAISE(ABORT, 'nodes: malformed row')
  END;
END"""

_NODES_UPDATE = """CREATE TRIGGER nodes_update BEFORE UPDATE ON nodes BEGIN
  SELECT RAISE(ABORT, 'nodes: nothing that is recorded can be changed');
END"""

_NODES_DELETE = """CREATE TRIGGER nodes_delete BEFORE DELETE ON nodes BEGIN
  SELECT RAISE(ABORT, 'nodes: nothing that is recorded can be removed');
END"""

SCHEMA = (
    Part("table", "events", _EVENTS),
    Part("table", "nodes", _NODES),
    Part("index", "events_command", _COMMANDS),
    Part("trigger", "events_insert", _EVENTS_INSERT),
    Part("trigger", "events_update", _EVENTS_UPDATE),
    Part("trigger", "events_delete", _EVENTS_DELETE),
    Part("trigger", "nodes_insert", _NODES_INSERT),
    Part("trigger", "nodes_update", _NODES_UPDATE),
    Part("trigger", "nodes_delete", _NODES_DELETE),
)
"""Everything that a ledger's file holds, in the order in which it is made."""

MAKE = (
    *(part.sql for part in SCHEMA),
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
"""The statements that turn an empty database into a ledger, in one transaction."""

_LIBRARY_TABLES = ("tracking", "old1_tracking")
_LIBRARY_PREFIX = "stored_"


def is_companion(table: str) -> bool:
    """Say whether a table is one that the eventsourcing library makes beside the events (tracking, snapshots)."""
    return table in _LIBRARY_TABLES or table.startswith(_LIBRARY_PREFIX)


def schema_differences(connection: sqlite3.Connection, companions: Collection[str] = ()) -> list[str]:
    """Compare every table, index, trigger and view, and the marks in the header, with what a ledger must have.

    Changing a trigger changes no event, so only this finds it.

    Args:
        connection: of any DB-API module, to the ledger's file.
        companions: names of further tables that may be there, with their own indexes.

    Returns:
        One entry a difference, ``missing trigger events_delete``, ``changed table events``, ``unexpected view x``,
        ``application_id 0``, ``user_version 7``, ``encoding UTF-16le``; empty where all is as it should be.
    """
    differences = []
    found: dict[tuple[str, str], str | None] = {}
    for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"):
        # SQLite's own: statistics, the counter, and the indexes behind UNIQUE, which have no text
        own = name.startswith("sqlite_") and (sql is None or kind == "table")
        if not own and not (table in companions and kind in {"table", "index"}):
            found[kind, name] = sql
    for kind, name, sql in SCHEMA:
        if (kind, name) not in found:
            differences.append(f"missing {kind} {name}")
        elif found.pop((kind, name)) != sql:
            differences.append(f"changed {kind} {name}")
    differences.extend(f"unexpected {kind} {name}" for kind, name in sorted(found))
    for mark, wanted in (("application_id", APPLICATION_ID), ("user_version", SCHEMA_VERSION), ("encoding", "UTF-8")):
        value = connection.execute(f"PRAGMA {mark}").fetchone()[0]
        if value != wanted:
            differences.append(f"{mark} {value}")
    return differences
