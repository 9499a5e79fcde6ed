"""Plain SQL cannot change what is recorded, and a schema that was tampered with is found."""

from __future__ import annotations

import sqlite3  # any tool's SQLite, not the store's own
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from taizhang.ledger.store.sqlite.schema import SCHEMA, schema_differences
from tests.store.support import event, open_store, record, rfc6962

Tool = sqlite3.Connection


@pytest.fixture
def tool(ledger: Path) -> Iterator[Tool]:
    """Return the standard module's connection to a ledger of 300 events that nobody else has open.

    Two copies of SQLite must not have one file open in one process, so the store is closed first.
    """
    recorder = open_store(ledger)
    record(recorder, *(event(version=version, command=f"command-{version}") for version in range(1, 301)))
    recorder.datastore.close()
    with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")  # as nearly every tool has it
        yield connection


def events_of(tool: Tool) -> list[tuple[object, ...]]:
    return tool.execute("SELECT * FROM events ORDER BY position").fetchall()


def nodes_of(tool: Tool) -> list[tuple[object, ...]]:
    return tool.execute("SELECT * FROM nodes ORDER BY level, idx").fetchall()


TIME = "'9999-01-01T00:00:00.000000Z'"
ROW = "'s', 1, 't', " + TIME + ", NULL, '{}', zeroblob(16), zeroblob(32)"
NEXT_301 = "VALUES (301, " + ROW + ")"

ATTACKS = {
    "update": "UPDATE events SET state = '{}' WHERE position = 7",
    "update or replace": "UPDATE OR REPLACE events SET position = 8 WHERE position = 7",
    "update or ignore": "UPDATE OR IGNORE events SET leaf = zeroblob(32)",
    "update the position": "UPDATE events SET position = -position",
    "update by rowid": "UPDATE events SET rowid = 1000 WHERE rowid = 7",
    "update nothing but the time": "UPDATE events SET recorded_at = recorded_at",
    "delete": "DELETE FROM events WHERE position = 300",
    "delete all": "DELETE FROM events",
    "replace by position": "INSERT OR REPLACE INTO events VALUES (7, " + ROW + ")",
    "replace the last": "REPLACE INTO events VALUES (300, " + ROW + ")",
    "replace by stream and version": (
        "REPLACE INTO events SELECT 301, stream, version, topic, " + TIME + ", NULL, '{}', salt, leaf "
        "FROM events WHERE position = 7"
    ),
    "replace by command": (
        "REPLACE INTO events SELECT 301, 'other', 1, topic, " + TIME + ", command, '{}', salt, leaf "
        "FROM events WHERE position = 7"
    ),
    "ignore a conflict": "INSERT OR IGNORE INTO events VALUES (7, " + ROW + ")",
    "upsert": (
        "INSERT INTO events SELECT 301, stream, version, topic, " + TIME + ", NULL, '{}', salt, leaf "
        "FROM events WHERE position = 7 ON CONFLICT (stream, version) DO UPDATE SET state = '{}'"
    ),
    "no position": "INSERT INTO events VALUES (NULL, " + ROW + ")",
    "a gap": "INSERT INTO events VALUES (302, " + ROW + ")",
    "before the first": "INSERT INTO events VALUES (0, " + ROW + ")",
    "a negative position": "INSERT INTO events VALUES (-1, " + ROW + ")",
    "no stream": "INSERT INTO events " + NEXT_301.replace("'s'", "NULL"),
    "no version": "INSERT INTO events " + NEXT_301.replace("'s', 1", "'s', NULL"),
    "no state": "INSERT INTO events " + NEXT_301.replace("'{}'", "NULL"),
    "a text for a version": "INSERT INTO events " + NEXT_301.replace("'s', 1", "'s', 'one'"),
    "a blob for a stream": "INSERT INTO events " + NEXT_301.replace("'s'", "x'73'"),
    "a short salt": "INSERT INTO events " + NEXT_301.replace("zeroblob(16)", "zeroblob(15)"),
    "a long leaf": "INSERT INTO events " + NEXT_301.replace("zeroblob(32)", "zeroblob(33)"),
    "backdating": "INSERT INTO events " + NEXT_301.replace(TIME, "'2001-01-01T00:00:00.000000Z'"),
    "update a node": "UPDATE nodes SET hash = zeroblob(32)",
    "delete a node": "DELETE FROM nodes",
    "replace a node": "REPLACE INTO nodes VALUES (1, 0, zeroblob(32))",
    "a node too early": "INSERT INTO nodes VALUES (1, 1, zeroblob(32))",
    "a node of leaves": "INSERT INTO nodes VALUES (0, 0, zeroblob(32))",
    "a node of a negative index": "INSERT INTO nodes VALUES (1, -1, zeroblob(32))",
    "a node of no level": "INSERT INTO nodes VALUES (NULL, 0, zeroblob(32))",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_plain_sql_is_refused(tool: Tool, attack: str) -> None:
    before = events_of(tool), nodes_of(tool)
    with pytest.raises(sqlite3.IntegrityError):
        tool.execute(attack)
    assert (events_of(tool), nodes_of(tool)) == before
    assert len(before[0]) == 300
    assert len(before[1]) == 1


def test_a_right_insert_is_taken(tool: Tool) -> None:
    """The statements that the attacks are made of are refused for what is wrong in them, not for their form."""
    tool.execute("INSERT INTO events " + NEXT_301)
    assert len(events_of(tool)) == 301


def test_the_positions_of_a_dump_survive(tool: Tool, tmp_path: Path) -> None:
    script = "\n".join(tool.iterdump())
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        # the dump makes the tables, then the rows, then the triggers
        copy.executescript(script)
        assert copy.execute("SELECT * FROM events ORDER BY position").fetchall() == events_of(tool)


def test_a_new_ledger_has_the_schema(recorder: LedgerRecorder) -> None:
    assert recorder.schema_differences() == []


def test_an_analysed_ledger_has_the_schema(tool: Tool) -> None:
    tool.execute("ANALYZE")
    assert schema_differences(tool) == []


DROPPED = {f"DROP {part.kind} {part.name}": part for part in SCHEMA if part.kind != "table"}


@pytest.mark.parametrize(("statement", "name"), [(sql, part.name) for sql, part in DROPPED.items()])
def test_what_is_dropped_is_found(tool: Tool, statement: str, name: str) -> None:
    tool.execute(statement)
    assert schema_differences(tool) == [f"missing {DROPPED[statement].kind} {name}"]


def test_a_weakened_trigger_is_found(tool: Tool) -> None:
    tool.execute("DROP TRIGGER events_update")
    tool.execute("CREATE TRIGGER events_update BEFORE UPDATE ON events WHEN OLD.position > 1000 BEGIN SELECT 1; END")
    assert schema_differences(tool) == ["changed trigger events_update"]


def test_a_table_that_was_copied_is_found(tool: Tool) -> None:
    tool.execute("ALTER TABLE events RENAME TO old")
    tool.execute("CREATE TABLE events AS SELECT * FROM old")
    found = schema_differences(tool)
    assert {"changed table events", "unexpected table old", "changed trigger events_insert"} <= set(found)


def test_what_is_added_is_found(tool: Tool) -> None:
    tool.execute("CREATE TRIGGER helper AFTER INSERT ON events BEGIN SELECT 1; END")
    tool.execute("CREATE VIEW events_of_today AS SELECT * FROM events")
    tool.execute("CREATE INDEX by_topic ON events (topic)")
    tool.execute("CREATE TABLE tracking (application_name TEXT PRIMARY KEY)")
    assert schema_differences(tool) == [
        "unexpected index by_topic",
        "unexpected table tracking",
        "unexpected trigger helper",
        "unexpected view events_of_today",
    ]
    assert schema_differences(tool, companions=("tracking",)) == [
        "unexpected index by_topic",
        "unexpected trigger helper",
        "unexpected view events_of_today",
    ]


def test_a_schema_edited_as_data_is_found(tool: Tool) -> None:
    tool.execute("PRAGMA writable_schema = ON")
    tool.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'BEFORE DELETE', 'AFTER DELETE') WHERE name = 'events_delete'"
    )
    assert schema_differences(tool) == ["changed trigger events_delete"]


def test_other_marks_are_found(tool: Tool) -> None:
    tool.execute("PRAGMA application_id = 7")
    tool.execute("PRAGMA user_version = 9")
    assert schema_differences(tool) == ["application_id 7", "user_version 9"]


def test_the_stored_hashes_give_the_root(reopen: Callable[[], LedgerRecorder], tool: Tool) -> None:
    leaves = [leaf for (leaf,) in tool.execute("SELECT leaf FROM events ORDER BY position")]
    tool.close()
    assert reopen().root() == rfc6962(leaves)
