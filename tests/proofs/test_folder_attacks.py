"""More of what somebody with full access could do to a ledger's folder; `ledger verify` finds each by its name."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pysqlite3 import dbapi2

from taizhang.composition import open_desk
from taizhang.ledger.store.sqlite.schema import SCHEMA
from taizhang.projections import search
from taizhang.service.desk import Query
from tests.proofs.conftest import House
from tests.proofs.test_attacks import AT, Attack, Case, evidence_of, on_event, releafed, said, sql

WORDS = 2
"""Where the words of a finding stand in what `search.row` returns."""

LAST = 312
"""The position of the last event of the house."""


def schema_edited(old: str, new: str, name: str) -> Attack:
    """Change the text of a table or trigger where SQLite keeps it, and nothing else."""

    def attack(house: House) -> None:
        with closing(sqlite3.connect(house.database)) as connection:
            (before,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            assert old in before
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (before.replace(old, new), name))
            connection.commit()

    return attack


def boundary_moved(house: House) -> None:
    """Move the byte between salt and state to the other side: the hash of both together stays, and so does the JSON."""
    house.sql(f"UPDATE events SET salt = CAST(substr(salt, 1, 15) || ' ' AS BLOB) WHERE position = {AT}")
    releafed(house, AT)
    ((leaf,),) = house.rows(f"SELECT leaf FROM events WHERE position = {AT}")
    moved = "salt = substr(salt, 1, 15), state = ' ' || state"
    with closing(sqlite3.connect(house.database)) as connection:
        connection.execute(f"UPDATE events SET {moved} WHERE position = {AT}")
        connection.commit()
    releafed(house, AT)
    assert house.rows(f"SELECT leaf FROM events WHERE position = {AT}") == [(leaf,)]


def foreign_wal(house: House) -> None:
    """Put the write-ahead log of a copy that was edited beside the database: SQLite reads its pages instead."""
    copy = house.path.parent / "copy"
    shutil.copytree(house.path, copy)
    with closing(sqlite3.connect(copy / "ledger.db")) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("DROP TRIGGER events_update")
        connection.execute(f"UPDATE events SET state = replace(state, '问题', '成绩') WHERE position = {AT}")
        connection.commit()
        Path(f"{house.database}-shm").unlink(missing_ok=True)
        shutil.copy(copy / "ledger.db-wal", f"{house.database}-wal")


def forged(changed: str, *, of: str, stream: str = "stream") -> Attack:
    """Append a changed copy of an event with everything in the database right: leaf, position, version, time, triggers."""

    def attack(house: House) -> None:
        house.sql(
            f"INSERT INTO events SELECT {LAST + 1}, {stream}, (SELECT max(version) + 1 FROM events b WHERE b.stream ="
            f" {stream.replace('stream', 'a.stream') if stream == 'stream' else stream}), topic,"
            f" (SELECT max(recorded_at) FROM events), 'forged', replace({changed}, a.command, 'forged'), salt, leaf"
            f" FROM events a WHERE {of} ORDER BY position DESC LIMIT 1"
        )
        releafed(house, LAST + 1)
        house.sql(*(part.sql for part in SCHEMA if part.kind == "trigger"), guarded=True)

    return attack


def in_views(*statements: str) -> Attack:
    """Change the read models by plain SQL."""

    def attack(house: House) -> None:
        (database,) = (house.path / "views").glob("*.db")
        with closing(dbapi2.connect(str(database))) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return attack


def terms_exchanged(house: House) -> None:
    """Exchange two terms of two findings in the search: every count stays as it is."""
    with closing(open_desk(house.path)) as desk:
        register = desk.register()
        rows = [
            list(search.row(at, desk.finding(desk.findings(Query()).rows[at - 1].number), register)) for at in (3, 4)
        ]
    mine, other = (row[WORDS].split() for row in rows)
    a = next(term for term in mine if term not in other and len(term) < 4)
    b = next(term for term in other if term not in mine and len(term) < 4)
    for row, old, new in ((rows[0], a, b), (rows[1], b, a)):
        row[WORDS] = " ".join(new if term == old else term for term in row[WORDS].split())
    (database,) = (house.path / "views").glob("*.db")
    with closing(dbapi2.connect(str(database))) as connection:
        connection.execute("DELETE FROM search WHERE rowid IN (3, 4)")
        connection.executemany(search.INSERT, rows)
        connection.commit()


def key_of_a_person(change: str) -> Attack:
    """Meddle with somebody's own key, and take away the read models, which would tell."""

    def attack(house: House) -> None:
        one, other = sorted((house.path / "people").iterdir())[:2]
        first, second = one.read_bytes(), other.read_bytes()
        if change == "removed":
            one.unlink()
        elif change == "cut":
            one.write_bytes(first[:1])
        else:
            one.write_bytes(second)
            other.write_bytes(first)
        shutil.rmtree(house.path / "views")

    return attack


def key_of_the_erased_put_back(house: House) -> None:
    keys = {path: path.read_bytes() for path in (house.path / "people").iterdir()}
    house.ok("--actor", "admin", "person", "erase", "--id", "office", "--grounds", "本人申请")
    for path, key in keys.items():
        path.write_bytes(key)


def evidence_as(kind: str) -> Attack:
    def attack(house: House) -> None:
        path = evidence_of(house)
        content = path.read_bytes()
        path.unlink()
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(house.path / "checkpoint" if content else "")

    return attack


def evidence_exchanged(house: House) -> None:
    """Attach a second file, and exchange what lies under the two hashes."""
    source = house.path.parent / "另一份.txt"
    source.write_text("库存现金盘点表（另一份）", encoding="utf-8")
    house.ok("--actor", "officer", "finding", "attach", "JYZD-2026-001", str(source))
    one, other = (path for path in sorted((house.path / "evidence").rglob("*")) if path.is_file())
    first, second = one.read_bytes(), other.read_bytes()
    for path, content in ((one, second), (other, first)):
        path.chmod(0o644)
        path.write_bytes(content)


def older_checkpoint(house: House) -> None:
    """Put an older checkpoint, signed by the right key, in the place of the last; a witness has cosigned that one."""
    older = (house.path / "checkpoint").read_bytes()
    witness = house.path.parent / "witness"
    house.ok("witness", "init", str(witness), "--name", "witness.example/w")
    house.log()
    house.ok("ledger", "checkpoint")
    (house.path.parent / "vkey").write_text(house.ok("ledger", "vkey").out, encoding="utf-8")
    house.ok("witness", "add-log", str(witness), "--vkey", str(house.path.parent / "vkey"))
    request, answer = (str(house.path.parent / name) for name in ("request", "answer"))
    house.ok("ledger", "witness", "--write-request", request)
    house.ok("witness", "sign", str(witness), "--request", request, "-o", answer)
    vkey = house.ok("witness", "info", str(witness), "--json").json["vkey"]
    house.ok("ledger", "witness", "--take", answer, "--witness-vkey", vkey)
    (house.path / "checkpoint").write_bytes(older)


LIES = "CREATE TRIGGER lies AFTER INSERT ON problems BEGIN UPDATE problems SET title = '成绩' WHERE id = NEW.id; END"
CASES = {
    "the counter a word": Case(sql("UPDATE sqlite_sequence SET seq = 'abc'", guarded=True), {"sequence"}),
    "the counter some bytes": Case(sql("UPDATE sqlite_sequence SET seq = x'00'", guarded=True), {"sequence"}),
    "the counter nothing": Case(sql("UPDATE sqlite_sequence SET seq = NULL", guarded=True), {"sequence"}),
    "a second counter": Case(sql("INSERT INTO sqlite_sequence VALUES ('events', 5)", guarded=True), {"sequence"}),
    "the counter removed": Case(sql("DELETE FROM sqlite_sequence", guarded=True), {"sequence"}),
    "a byte moved from the salt to the state": Case(boundary_moved, {"leaves"}, 39),
    "another's write-ahead log": Case(foreign_wal, {"leaves", "schema"}, 39),
    "a view in the place of the table": Case(
        sql("ALTER TABLE events RENAME TO old_events", "CREATE VIEW events AS SELECT * FROM old_events"), {"schema"}
    ),
    "another collation": Case(schema_edited("TEXT NOT NULL", "TEXT COLLATE NOCASE NOT NULL", "events"), {"schema"}),
    "no longer strict": Case(schema_edited(") STRICT", ")", "events"), {"schema"}),
    "versions no longer unique": Case(
        schema_edited("UNIQUE (stream, version)", "CHECK (version > 0)", "events"), {"database"}
    ),
    "a column added": Case(sql("ALTER TABLE events ADD COLUMN note TEXT", guarded=True), {"schema"}),
    "a trigger for one column alone": Case(
        schema_edited("BEFORE UPDATE ON", "BEFORE UPDATE OF salt ON", "events_update"), {"schema"}
    ),
    "the time of the event after it": Case(
        on_event(f"recorded_at = (SELECT recorded_at FROM events WHERE position = {AT + 1})"), {"leaves"}, 39
    ),
    "recorded in the same moment as the one before": Case(
        said(f"recorded_at = (SELECT recorded_at FROM events WHERE position = {AT - 1})"), {"nodes", "checkpoint"}
    ),
    "what is no text": Case(on_event("state = CAST(x'7bff7d' AS TEXT)"), {"leaves", "replay"}, 39),
    "what is no text, with a right leaf": Case(said("state = CAST(x'7bff7d' AS TEXT)"), {"replay", "checkpoint"}, 39),
    "a zero byte after the text": Case(said("state = state || char(0)"), {"replay", "checkpoint"}, 39),
    "a field said twice": Case(said("state = '{\"actor\":\"office\",' || substr(state, 2)"), {"nodes", "checkpoint"}),
    "the ledger opened again, elsewhere": Case(
        forged("replace(state, 'Asia/Shanghai', 'America/New_York')", of="position = 1", stream="'register'"),
        {"replay"}, LAST,
    ),
    "a step by somebody who may not take it": Case(
        forged("replace(state, '\"actor\":\"office\"', '\"actor\":\"officer\"')", of="topic = 'finding.assigned.v1'"),
        {"rules"}, LAST,
    ),
    "the key of a person removed": Case(key_of_a_person("removed"), {"people"}),
    "the keys of two people exchanged": Case(key_of_a_person("exchanged"), {"people"}),
    "the key of a person cut": Case(key_of_a_person("cut"), {"people"}),
    "all keys of people removed": Case(lambda house: shutil.rmtree(house.path / "people"), {"people"}),
    "the key of somebody erased put back": Case(key_of_the_erased_put_back, {"people"}, LAST),
    "two pieces of evidence exchanged": Case(evidence_exchanged, {"evidence"}, 11),
    "a pipe for evidence": Case(evidence_as("pipe"), {"evidence"}, 11),
    "a folder for evidence": Case(evidence_as("folder"), {"evidence"}, 11),
    "a link for evidence": Case(evidence_as("link"), {"evidence"}, 11),
    "an older checkpoint put back": Case(older_checkpoint, {"checkpoint"}),
    "a figure in the read models": Case(in_views("UPDATE problems SET shape = shape + 1 WHERE id = 3"), {"views"}),
    "a name in the read models": Case(in_views("UPDATE people SET name = '某某' WHERE id = 'office'"), {"views"}),
    "a finding hidden from the search": Case(in_views("DELETE FROM search WHERE rowid = 3"), {"views"}),
    "two findings exchanged in the search": Case(in_views(
        "UPDATE search_docsize SET id = -1 WHERE id = 3", "UPDATE search_docsize SET id = 3 WHERE id = 4",
    ), {"views"}),
    "two terms exchanged in the search": Case(terms_exchanged, {"views"}),
    "a trigger in the read models": Case(in_views(LIES), {"views"}),
    "a view in the read models": Case(
        in_views("ALTER TABLE problems RENAME TO p", "CREATE VIEW problems AS SELECT * FROM p"), {"views"}
    ),
    "an index of the read models emptied": Case(
        in_views(
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT NULL', 'IS NULL') WHERE name = 'problems_runs_to'",
        ),
        {"views"},
    ),
    "the read models overwritten": Case(
        lambda house: next((house.path / "views").glob("*.db")).write_bytes(b"x" * 9_000) and None, {"views"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_attack_is_found_by_name(name: str, house: House) -> None:
    attack, expected, first = CASES[name]
    attack(house)
    ran = house("ledger", "verify", "--json")
    verdict = ran.json
    assert ran.code == 1
    wrong = [check for check in verdict["checks"] if not check["ok"]]
    assert expected <= {check["code"] for check in wrong}
    assert [check for check in wrong if check["message"].startswith(f"{check['code']} {{")] == []
    assert verdict["proved"] == []
    if first is not None:
        assert (verdict["first_wrong"], verdict["against"] in expected) == (first, True)


@pytest.mark.parametrize("name", ["checkpoint", "signing.key"])
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_refused_at_once(name: str, kind: str, house: House) -> None:
    """Opening a pipe would wait for ever."""
    (house.path / name).unlink()
    os.mkfifo(house.path / name) if kind == "pipe" else (house.path / name).mkdir()
    assert house.refused("ledger", "verify", code=3) == "store.io"
    assert f"{name} is no regular file" in house("--lang", "en", "ledger", "checkpoint").err


def test_a_journal_beside_the_database_is_named(house: House) -> None:
    """SQLite would play it back into the file before anything is read."""
    Path(f"{house.database}-journal").write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(4_096))
    assert house.refused("ledger", "verify", code=3) == "store.journal"
    assert house.refused("finding", "list", code=3) == "store.journal"


def test_a_tile_that_was_changed_is_named_before_it_is_built_upon(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    house.ok("ledger", "tiles", "-o", str(folder))
    tile = folder / "tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    house.log()
    assert house.refused("ledger", "tiles", "-o", str(folder)) == "tiles.altered"
    tile.unlink()
    house.ok("ledger", "tiles", "-o", str(folder))
    assert tile.stat().st_size == 8_192
