"""The deep check: passes on a sound ledger, and names the first wrong event of a tampered one."""

from __future__ import annotations

import sqlite3

import pytest

from taizhang.ledger.domain import commands as c
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.tree import leaf_hash
from taizhang.ledger.store.evidence import EvidenceStore
from taizhang.ledger.verify import verify_log
from tests.ledger.conftest import House


def check(house: House) -> tuple[set[str], int | None]:
    """Return the codes of the checks that fail, and the first wrong event."""
    ledger = house.open()
    try:
        verdict = verify_log(ledger.store.auditor(), EvidenceStore(house.path / "evidence"))
    finally:
        ledger.close()
    return {part.code for part in verdict.checks if not part.ok}, verdict.first_wrong


def tamper(house: House, *statements: str) -> None:
    """Do with plain SQL, through another SQLite, what the administrator of the machine could do."""
    house.ledger.close()
    connection = sqlite3.connect(house.path / "ledger.db")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


DROP = ("DROP TRIGGER events_update", "DROP TRIGGER events_delete", "DROP TRIGGER events_insert")


def test_a_sound_ledger_passes(house: House) -> None:
    for _ in range(300):
        house.log()
    assert check(house) == (set(), None)


def test_progress_is_told(house: House) -> None:
    told: list[tuple[str, int, int]] = []
    verify_log(house.ledger.store.auditor(), EvidenceStore(house.path / "evidence"), lambda *at: told.append(at))
    assert told[-1] == ("events", house.ledger.store.count(), house.ledger.store.count())


@pytest.mark.parametrize(
    ("attack", "codes", "first"),
    [
        pytest.param((*DROP, "UPDATE events SET state = replace(state, '自行', '轮流') WHERE position = 13"),
                     {"schema", "leaves"}, 12, id="one byte of a title"),
        pytest.param((*DROP, "UPDATE events SET recorded_at = '2025-01-01T00:00:00.000000Z' WHERE position = 13"),
                     {"schema", "leaves", "times"}, 12, id="backdated"),
        pytest.param((*DROP, "DELETE FROM events WHERE position = 13"), {"schema", "sequence"}, 12, id="deleted"),
        pytest.param((*DROP, "UPDATE events SET topic = 'finding.closed.v1' WHERE position = 13"),
                     {"schema", "leaves", "replay"}, 12, id="another topic"),
        pytest.param((*DROP, "UPDATE events SET version = 7 WHERE position = 13"),
                     {"schema", "leaves", "versions", "replay"}, 12, id="another version"),
        pytest.param(("DROP TRIGGER events_update",), {"schema"}, None, id="a trigger is gone, no data changed"),
    ],
)  # fmt: skip
def test_tampering_is_found_and_the_first_wrong_event_named(
    house: House, attack: tuple[str, ...], codes: set[str], first: int | None
) -> None:
    for _ in range(4):
        house.log()
    tamper(house, *attack)
    found, first_wrong = check(house)
    assert codes <= found
    assert first_wrong == first


@pytest.mark.parametrize(
    ("stream", "version", "topic", "data", "codes"),
    [
        pytest.param("finding/JYZD-2026/00000001", 6, "finding.closed.v1", "{}", {"rules"}, id="closed by the unit"),
        pytest.param("finding/JYZD-2026/00000001", 6, "finding.closed.v1", "{garbage", {"replay"}, id="no JSON"),
        pytest.param("finding/JYZD-2026/00000001", 6, "finding.evil.v1", "{}", {"replay"}, id="no topic of ours"),
        pytest.param("zzz/evil", 1, "finding.closed.v1", "{}", {"replay"}, id="no stream of ours"),
        pytest.param("finding/JYZD-2026/00000001\n6", 1, "finding.closed.v1", "{}", {"replay"}, id="a line end"),
        pytest.param("register\x00", 1, "person.added.v1", "{}", {"replay"}, id="a NUL"),
    ],
)
def test_an_event_that_is_forged_with_a_right_leaf_is_found(
    house: House, stream: str, version: int, topic: str, data: str, codes: set[str]
) -> None:
    """Anybody can compute a leaf; nobody can be allowed after the fact."""
    number = house.rectifying()
    house.give("head", c.RequestClosure(number, "已完成"))
    index, recorded_at = house.ledger.store.count(), house.ledger.store.head().recorded_at
    state = (
        '{"actor":"head","os_user":"x","host":"x","via":"cli","command":"c","happened_on":"2026-03-02","data":'
        + data
        + "}"
    ).encode()
    salt = b"s" * 16
    leaf = leaf_hash(leaf_record(index, stream, version, topic, recorded_at, commitment(salt, state)))
    house.ledger.close()
    connection = sqlite3.connect(house.path / "ledger.db")
    connection.execute(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, NULL, CAST(? AS TEXT), ?, ?)",
        (index + 1, stream, version, topic, recorded_at, state, salt, leaf),
    )
    connection.commit()
    connection.close()
    found, first_wrong = check(house)
    assert codes <= found
    assert first_wrong == 15  # the evidence that no file stands behind; what was forged comes after it


def test_a_changed_command_id_is_found(house: House) -> None:
    house.log()
    tamper(house, *DROP, "UPDATE events SET command = 'evil' WHERE position = 12")
    assert "commands" in check(house)[0]


def test_a_forged_subtree_hash_is_found(house: House) -> None:
    for _ in range(260):
        house.log()
    tamper(house, "DROP TRIGGER nodes_update", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 0")
    assert "nodes" in check(house)[0]


def test_evidence_that_is_gone_or_edited_is_found(house: House) -> None:
    house.rectifying()  # attaches a hash that no file stands behind
    found, _ = check(house)
    assert found == {"evidence"}


@pytest.mark.parametrize("sql", ["UPDATE events SET state = ''", "DELETE FROM events", "UPDATE nodes SET idx = 9"])
def test_plain_sql_is_refused_by_the_file_itself(house: House, sql: str) -> None:
    for _ in range(260):
        house.log()
    with pytest.raises(sqlite3.IntegrityError):
        tamper(house, sql)
