"""What somebody with full access to the machine could do to a ledger, and that `ledger verify` finds each by its name."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from taizhang.composition import init_ledger
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.checkpoint import Checkpoint, sign_checkpoint
from taizhang.ledger.seal.keys import SignerKey
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.tree import leaf_hash
from taizhang.ledger.store.sqlite.schema import SCHEMA
from tests.proofs.conftest import ORIGIN, House, furnish

AT = 40
"""The position of the event that most attacks are about: its index is 39, and 256 events stand in a complete subtree."""

Attack = Callable[[House], None]


class Case(NamedTuple):
    """An attack, what finds it, and the first event that can be named (None: none, or a range of events)."""

    attack: Attack
    found: set[str]
    first: int | None = None


def sql(*statements: str, guarded: bool = False) -> Attack:
    return lambda house: house.sql(*statements, guarded=guarded)


def on_event(change: str, *, at: int = AT) -> Attack:
    return sql(f"UPDATE events SET {change} WHERE position = {at}")


def swapped(columns: str) -> Attack:
    """Swap what two events hold in these columns."""
    names = columns.split(", ")

    def attack(house: House) -> None:
        one, other = house.rows(f"SELECT {columns} FROM events WHERE position IN ({AT}, {AT + 1}) ORDER BY position")
        with closing(sqlite3.connect(house.database)) as connection:
            connection.execute("DROP TRIGGER events_update")
            sets = ", ".join(f"{name} = CAST(? AS {'TEXT' if name == 'state' else 'BLOB'})" for name in names)
            connection.execute(f"UPDATE events SET {sets} WHERE position = {AT}", other)
            connection.execute(f"UPDATE events SET {sets} WHERE position = {AT + 1}", one)
            connection.commit()

    return attack


def reordered(house: House) -> None:
    one, other, aside = AT, AT + 1, 100_000
    house.sql(*(f"UPDATE events SET position = {b} WHERE position = {a}"
                for a, b in ((one, aside), (other, one), (aside, other))))  # fmt: skip


def inserted(house: House) -> None:
    """Put an event between two others, with a leaf of its own that is right."""
    house.sql(
        f"UPDATE events SET position = -position - 1 WHERE position >= {AT}",
        "UPDATE events SET position = -position WHERE position < 0",
        f"INSERT INTO events SELECT {AT}, 'finding/JYZD-2026/00009999', 1, topic, recorded_at, 'inserted',"
        f" replace(state, command, 'inserted'), salt, leaf FROM events WHERE position = {AT - 1}",
    )
    releafed(house, AT)


def releafed(house: House, position: int) -> None:
    """Give an event the leaf that its bytes as they stand now lead to."""
    ((stream, version, topic, recorded_at, salt, state),) = house.rows(
        "SELECT stream, version, topic, recorded_at, salt, state FROM events WHERE position = ?", position
    )
    record = leaf_record(
        position - 1, stream.decode(), version, topic.decode(), recorded_at.decode(), commitment(salt, state)
    )
    with closing(sqlite3.connect(house.database)) as connection:
        connection.execute("UPDATE events SET leaf = ? WHERE position = ?", (leaf_hash(record), position))
        connection.commit()


def rewritten(house: House) -> None:
    """Change what an event says, and its salt and its leaf with it."""
    house.sql(f"UPDATE events SET state = replace(state, '问题', '成绩'), salt = randomblob(16) WHERE position = {AT}")
    releafed(house, AT)


def forged_clock(house: House) -> None:
    """Let an event say that the clock stood later than it was recorded, with a leaf that is right."""
    said = '"clock":"2099-01-01T00:00:00.000000Z"}'
    house.sql(f"UPDATE events SET state = substr(state, 1, length(state) - 1) || ',{said}' WHERE position = {AT}")
    releafed(house, AT)


def said(change: str) -> Attack:
    """Change an event, with a leaf that is right."""

    def attack(house: House) -> None:
        house.sql(f"UPDATE events SET {change} WHERE position = {AT}")
        releafed(house, AT)

    return attack


def bared(house: House) -> None:
    for name in ("checkpoint", "signing.key", "writer.lock", "writer.turn"):
        (house.path / name).unlink()


def renamed(stream: str) -> Attack:
    """Put a finding into another stream than that of its number, with a leaf that is right."""

    def attack(house: House) -> None:
        house.sql(f"UPDATE events SET stream = {stream} WHERE position = {AT}")
        releafed(house, AT)

    return attack


def cut_after_a_day(house: House) -> None:
    """Record by the command line, and cut that off again, with whatever in the database could tell."""
    house.log()
    house.sql("DELETE FROM events WHERE position = 313", "UPDATE sqlite_sequence SET seq = 312")
    house.sql(*(part.sql for part in SCHEMA if part.kind == "trigger"), guarded=True)


def rewritten_with_nodes(house: House) -> None:
    """Change what an event says, and every hash in the database that depends on it."""
    rewritten(house)
    leaves = [leaf for (leaf,) in house.rows("SELECT leaf FROM events WHERE position <= 256 ORDER BY position")]
    while len(leaves) > 1:
        leaves = [sha256(b"\1" + a + b).digest() for a, b in zip(leaves[::2], leaves[1::2], strict=True)]
    with closing(sqlite3.connect(house.database)) as connection:
        connection.execute("UPDATE nodes SET hash = ? WHERE level = 1 AND idx = 0", (leaves[0],))
        connection.commit()


def rewritten_and_guarded_again(house: House) -> None:
    """The same, and afterwards every trigger is back in its place."""
    rewritten_with_nodes(house)
    house.sql(*(part.sql for part in SCHEMA if part.kind == "trigger"), guarded=True)


def recreated(house: House) -> None:
    """Rename the table and put another with the same rows in its place, without what guards it."""
    house.sql(
        "ALTER TABLE events RENAME TO old_events",
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, topic TEXT, recorded_at TEXT,"
        " command TEXT, state TEXT, salt BLOB, leaf BLOB)",
        "INSERT INTO events SELECT * FROM old_events",
        "DROP TABLE old_events",
    )


def old_copy(house: House) -> None:
    """Put the database as it was before the last events in place of the present one; all else stays."""
    before = house.path.parent / "before.db"
    shutil.copy(house.database, before)
    house.log("旧副本之后的问题")
    house.ok("ledger", "checkpoint")
    _put_back(house, before)


def forked(house: House) -> None:
    """Put an old copy back, and write another history after it, past what the ledger's own checks would refuse."""
    before, kept = house.path.parent / "before.db", house.path.parent / "kept"
    shutil.copy(house.database, before)
    house.log("被掩盖的问题")
    house.ok("ledger", "checkpoint")
    shutil.copy(house.path / "checkpoint", kept)
    (house.path / "checkpoint").unlink()
    _put_back(house, before)
    house.log("换上的问题")
    shutil.copy(kept, house.path / "checkpoint")


def _put_back(house: House, database: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{house.database}{suffix}").unlink(missing_ok=True)
    shutil.copy(database, house.database)
    shutil.rmtree(house.path / "views")


def _resign(house: House, key: SignerKey) -> None:
    """Sign the log as it stands with some key, and leave key and checkpoint where the ledger has them."""
    with house.open() as ledger:
        size = ledger.store.count()
        head = Checkpoint(ORIGIN, size, ledger.root(size))
    (house.path / "checkpoint").write_bytes(sign_checkpoint(head, key).encode())
    (house.path / "signing.key").write_text(key.skey, encoding="utf-8")


def forked_and_signed(house: House) -> None:
    forked(house)
    (house.path / "checkpoint").unlink()
    _resign(house, SignerKey(ORIGIN, bytes(32)))


def another_ledger(house: House) -> None:
    """Put a ledger of the same name, made from nothing and signed by its own key, in place of this one."""
    shutil.rmtree(house.path)
    furnish(house.path)
    house.ok("ledger", "checkpoint")


def evidence_of(house: House) -> Path:
    return next(path for path in (house.path / "evidence").rglob("*") if path.is_file())


def edited_evidence(house: House) -> None:
    path = evidence_of(house)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")


def edited_view(house: House) -> None:
    (database,) = (house.path / "views").glob("*.db")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE problems SET title = '成绩' WHERE id = 7")
        connection.commit()


def edited_checkpoint(house: House) -> None:
    path = house.path / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n312\n", b"\n311\n"))


def flipped(house: House) -> None:
    """Flip one bit of an event's text in the file itself."""
    data = bytearray(house.database.read_bytes())
    data[data.index("问题77".encode()) + 2] ^= 1
    house.database.write_bytes(data)


def torn(house: House) -> None:
    """Overwrite a page in the middle of the file."""
    data = bytearray(house.database.read_bytes())
    data[8 * 4096 : 9 * 4096] = os.urandom(4096)
    house.database.write_bytes(data)


def without(name: str) -> Attack:
    return lambda house: (house.path / name).unlink()


def written(name: str, data: bytes) -> Attack:
    def attack(house: House) -> None:
        (house.path / name).parent.mkdir(exist_ok=True)
        (house.path / name).write_bytes(data)

    return attack


LAX = "CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN SELECT 1; END"
CASES = {
    "a byte of what an event says": Case(on_event("state = replace(state, '问题', '成绩')"), {"leaves", "schema"}, 39),
    "the same text spelled otherwise": Case(on_event("state = replace(state, '\",\"', '\", \"')"), {"leaves"}, 39),
    "an event deleted": Case(sql(f"DELETE FROM events WHERE position = {AT}"), {"sequence", "checkpoint"}, 39),
    "an event inserted": Case(inserted, {"leaves", "checkpoint", "replay"}, 39),
    "two events change places": Case(reordered, {"leaves", "checkpoint"}, 39),
    "two states swapped": Case(swapped("state"), {"leaves"}, 39),
    "two states and salts swapped": Case(swapped("state, salt"), {"leaves"}, 39),
    "two states, salts and leaves swapped": Case(swapped("state, salt, leaf"), {"leaves", "nodes", "checkpoint"}, 39),
    "the last event deleted": Case(sql("DELETE FROM events WHERE position = 312"), {"sequence", "checkpoint"}),
    "the end cut off, and its nodes and counter": Case(
        sql("DELETE FROM events WHERE position > 200", "DELETE FROM nodes", "UPDATE sqlite_sequence SET seq = 200"),
        {"checkpoint"},
    ),
    "what was recorded last cut off without a trace": Case(cut_after_a_day, {"checkpoint"}),
    "everything deleted": Case(sql("DELETE FROM events", "DELETE FROM nodes"), {"sequence", "checkpoint"}),
    "backdated": Case(on_event("recorded_at = '2025-01-01T00:00:00.000000Z'"), {"leaves", "times"}, 39),
    "postdated": Case(on_event("recorded_at = '2027-01-01T00:00:00.000000Z'"), {"leaves", "times"}, 39),
    "a clock forged": Case(forged_clock, {"times", "checkpoint"}, 39),
    "a time that is none": Case(said("recorded_at = 'then'"), {"times", "checkpoint"}, 39),
    "what happened after it was recorded": Case(
        said("state = replace(state, '\"happened_on\":\"2026', '\"happened_on\":\"2036')"), {"rules", "checkpoint"}, 39
    ),
    "every file of the seal removed": Case(bared, {"checkpoint"}),
    "a finding moved to the stream of another number": Case(
        renamed("'finding/JYZD-2026/00008888'"), {"replay", "checkpoint"}, 39
    ),
    "a line end in the name of a stream": Case(renamed("stream || char(10) || '1'"), {"replay", "checkpoint"}, 39),
    "another topic": Case(on_event("topic = 'finding.closed.v1'"), {"leaves", "replay"}, 39),
    "moved to another stream": Case(on_event("stream = 'finding/JYZD-2026/00008888'"), {"leaves"}, 39),
    "another version": Case(on_event("version = 2"), {"leaves", "versions", "replay"}, 39),
    "a salt changed": Case(on_event("salt = randomblob(16)"), {"leaves"}, 39),
    "a leaf changed": Case(on_event("leaf = randomblob(32)"), {"leaves", "nodes", "checkpoint"}, 39),
    "event, salt and leaf changed alike": Case(rewritten, {"nodes", "checkpoint"}),
    "event, salt, leaf and nodes changed alike": Case(rewritten_with_nodes, {"checkpoint", "schema"}),
    "the same, with the triggers put back": Case(rewritten_and_guarded_again, {"checkpoint"}),
    "a command id changed": Case(on_event("command = 'another'"), {"commands"}, 39),
    "a command id removed": Case(on_event("command = NULL"), {"commands"}, 39),
    "a node forged": Case(sql("UPDATE nodes SET hash = randomblob(32)"), {"nodes"}),
    "a node removed": Case(sql("DELETE FROM nodes"), {"nodes"}),
    "a node added": Case(sql("INSERT INTO nodes VALUES (2, 0, randomblob(32))"), {"nodes"}),
    "a trigger dropped": Case(sql("DROP TRIGGER events_update", guarded=True), {"schema"}),
    "a trigger replaced by a lax one": Case(sql("DROP TRIGGER events_update", LAX, guarded=True), {"schema"}),
    "a trigger added": Case(
        sql("CREATE TRIGGER extra AFTER INSERT ON events BEGIN SELECT 1; END", guarded=True), {"schema"}
    ),
    "a table added": Case(sql("CREATE TABLE extra (x)", guarded=True), {"schema"}),
    "a view added": Case(sql("CREATE VIEW extra AS SELECT * FROM events", guarded=True), {"schema"}),
    "an index dropped": Case(sql("DROP INDEX events_command", guarded=True), {"schema"}),
    "the table renamed and recreated": Case(recreated, {"schema"}),
    "the schema's number changed": Case(sql("PRAGMA user_version = 7", guarded=True), {"schema"}),
    "the file's mark changed": Case(sql("PRAGMA application_id = 7", guarded=True), {"schema"}),
    "the counter set back": Case(sql("UPDATE sqlite_sequence SET seq = 9", guarded=True), {"sequence"}),
    "an old copy restored": Case(old_copy, {"checkpoint"}),
    "a fork": Case(forked, {"checkpoint"}),
    "a fork, signed by another key": Case(forked_and_signed, {"checkpoint", "keys"}),
    "the key's file swapped": Case(
        written("signing.key", SignerKey(ORIGIN, bytes(32)).skey.encode()), {"keys"}
    ),
    "the key's file spoiled": Case(written("signing.key", b"PRIVATE+KEY+x"), {"keys"}),
    "the kept checkpoint edited": Case(edited_checkpoint, {"checkpoint"}),
    "the kept checkpoint spoiled": Case(written("checkpoint", b"\xff"), {"checkpoint"}),
    "the kept checkpoint removed": Case(without("checkpoint"), {"checkpoint"}),
    "a cosigned checkpoint forged": Case(written("seal/cosigned", b"x\n1\ny\n\nz\n"), {"checkpoint"}),
    "a handover forged": Case(written("seal/handover-000000000009", b"x\n1\ny\n\nz\n"), {"checkpoint"}),
    "a piece of evidence edited": Case(edited_evidence, {"evidence"}, 11),
    "a piece of evidence removed": Case(lambda house: evidence_of(house).unlink(), {"evidence"}, 11),
    "all evidence removed": Case(lambda house: shutil.rmtree(house.path / "evidence"), {"evidence"}, 11),
    "a read model edited": Case(edited_view, {"views"}),
    "a bit flipped in the file": Case(flipped, {"leaves"}),
    "a page overwritten": Case(torn, {"database"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_attack_is_found_by_name(name: str, house: House) -> None:
    attack, expected, first = CASES[name]
    attack(house)
    ran = house("ledger", "verify", "--json")
    verdict = ran.json
    failed = {check["code"] for check in verdict["checks"] if not check["ok"]}
    assert ran.code == 1
    assert not verdict["ok"]
    assert expected <= failed, (expected, failed)
    assert verdict["proved"] == []
    assert [check for check in verdict["checks"] if check["message"].startswith(f"{check['code']} {{")] == [], (
        "a check without words"
    )
    if first is not None:
        assert verdict["first_wrong"] == first
        assert verdict["against"] in expected


def test_there_are_enough() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_said_in_words(lang: str, house: House) -> None:
    rewritten_with_nodes(house)
    (house.path / "signing.key").write_text(SignerKey(ORIGIN, bytes(32)).skey, encoding="utf-8")
    edited_evidence(house)
    ran = house("--lang", lang, "ledger", "verify")
    assert ran.code == 1
    assert {"zh": "#0 至 #311 之间有事件被改写", "en": "between #0 and #311 an event was rewritten"}[lang] in ran.out
    first = {
        "zh": "有误的事件：#11；核对的依据：佐证材料的 SHA-256",
        "en": "event: #11, checked against the SHA-256 of its",
    }
    assert first[lang] in ran.out
    assert "{" not in ran.out


def test_a_cut_end_is_called_one(house: House) -> None:
    cut_after_a_day(house)
    checks = {check["code"]: check for check in house("ledger", "verify", "--json").json["checks"]}
    assert [code for code, check in checks.items() if not check["ok"]] == ["checkpoint"]
    assert (checks["checkpoint"]["why"], checks["checkpoint"]["params"]["sealed"]) == ("behind", 313)
    ran = house("--lang", "en", "ledger", "verify")
    assert "covers 313 events and the ledger has 312: events were removed" in ran.out


def test_a_sound_ledger_passes(house: House, sealed: Path) -> None:
    ran = house("ledger", "verify", "--json")
    assert ran.code == 0
    verdict = ran.json
    assert [check for check in verdict["checks"] if not check["ok"]] == []
    assert {"proved.events", "proved.sealed"} == {one["code"] for one in verdict["proved"]}
    assert verdict["size"] == 312


def test_a_ledger_made_anew_is_found_by_what_came_from_outside(house: House, sealed: Path) -> None:
    """Nothing beside it can find this out: whoever holds only the folder cannot know that it was another."""
    vkey = house.ok("ledger", "vkey").out.strip()
    another_ledger(house)
    assert house("ledger", "verify").code == 0
    told = {one["code"] for one in house("ledger", "verify", "--json").json["unproved"]}
    assert {"unproved.no-vkey", "unproved.no-outsider"} <= told
    for argv, code in ((("--vkey", vkey), "vkey"), (("--checkpoint", str(sealed)), "checkpoint")):
        ran = house("ledger", "verify", *argv, "--json")
        assert ran.code == 1
        assert code in {check["code"] for check in ran.json["checks"] if not check["ok"]}


def test_a_rewritten_ledger_that_is_signed_anew_by_its_own_key_is_found_by_an_outside_checkpoint(
    house: House, sealed: Path
) -> None:
    """Whoever holds the signing key too can make everything beside the database agree; only the outside can tell."""
    key = (house.path / "signing.key").read_text(encoding="utf-8")
    rewritten_and_guarded_again(house)
    (house.path / "checkpoint").unlink()
    shutil.rmtree(house.path / "views")
    house.ok("ledger", "checkpoint")
    assert (house.path / "signing.key").read_text(encoding="utf-8") == key
    assert house("ledger", "verify").code == 0
    ran = house("ledger", "verify", "--checkpoint", str(sealed), "--json")
    assert ran.code == 1
    (wrong,) = [check for check in ran.json["checks"] if not check["ok"]]
    assert (wrong["code"], wrong["why"]) == ("checkpoint", "root")
    assert (wrong["params"]["first"], wrong["params"]["last"]) == (0, 311)


def test_a_restored_copy_and_a_fork_are_refused_before_anything_is_written(house: House) -> None:
    old_copy(house)
    argv = ("--actor", "inspector", "finding", "log", "--title", "x", "--source", "y")
    assert house.refused(*argv, code=3) == "seal.behind-checkpoint"
    assert house.refused("ledger", "checkpoint", code=3) == "seal.behind-checkpoint"
    assert len(house.rows("SELECT 1 FROM events")) == 312


def test_a_rewritten_past_is_refused_before_anything_is_written(house: House) -> None:
    rewritten_and_guarded_again(house)
    argv = ("--actor", "inspector", "finding", "log", "--title", "x", "--source", "y")
    assert house.refused(*argv, code=3) == "seal.forked"
    assert house.refused("ledger", "checkpoint", code=3) == "seal.forked"
    assert len(house.rows("SELECT 1 FROM events")) == 312


def test_an_edited_checkpoint_is_refused_before_the_next_is_signed(house: House) -> None:
    path = house.path / "checkpoint"
    sound = path.read_bytes()
    path.write_bytes(sound[:-10] + b"AAAAAAAA=\n")
    house.log("检查点被改动之后")  # size and root agree still
    assert house.refused("ledger", "checkpoint", code=3) == "seal.altered"
    path.write_bytes(b"nothing of the kind")
    argv = ("--actor", "inspector", "finding", "log", "--title", "x", "--source", "y")
    assert house.refused(*argv, code=3) == "seal.altered"


def test_nothing_is_made_where_there_is_another_ledger(tmp_path: Path) -> None:
    init_ledger(tmp_path / "one", origin="a.example/one")
    key = (tmp_path / "one" / "signing.key").read_bytes()
    with pytest.raises(Rejected, match=r"ledger\.exists"):
        init_ledger(tmp_path / "one", origin="a.example/one")
    assert (tmp_path / "one" / "signing.key").read_bytes() == key
