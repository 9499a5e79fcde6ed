"""Recording and reading: positions, times, commands, leaves and the tree over them."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.store.contract import EventRecorder, Head, NewEvent
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import NOON, STATE, Ticking, event, open_store, record, rfc6962


def test_it_is_what_the_ledger_asks_for(recorder: LedgerRecorder) -> None:
    store: EventRecorder = recorder
    assert callable(store.writing)


def test_what_is_recorded_is_read(recorder: LedgerRecorder) -> None:
    recorder.clock = lambda: NOON
    assert record(recorder, event(command="c-1"), event(version=2), event("register")) == range(1, 4)
    first, second = recorder.read_stream("finding/JYZD-2023/00000001")
    assert first[:7] == (1, first.stream, 1, "finding.logged.v1", "2026-03-02T12:00:00.000000Z", "c-1", STATE)
    assert second[:7] == (2, first.stream, 2, "finding.logged.v1", "2026-03-02T12:00:00.000000Z", None, STATE)
    assert len({first.salt, second.salt}) == 2
    assert recorder.head() == Head(3, "2026-03-02T12:00:00.000000Z")
    assert recorder.count() == 3
    assert recorder.read_stream(first.stream, gt=1) == [second]
    assert recorder.read_stream(first.stream, lte=1) == [first]
    assert recorder.read_after(1, 1) == [second]
    assert [row.position for row in recorder.scan()] == [1, 2, 3]
    assert recorder.read_command("c-1") == first
    assert recorder.read_command("c-2") is None


def test_an_empty_ledger(recorder: LedgerRecorder) -> None:
    assert recorder.head() is None
    assert recorder.count() == 0
    assert list(recorder.scan()) == []
    assert recorder.root() == sha256(b"").digest()
    with recorder.writing() as tx:
        assert tx.position == 0
        assert tx.append([]) == range(1, 1)
    assert recorder.count() == 0


def test_a_transaction_sees_itself(recorder: LedgerRecorder) -> None:
    recorder.clock = Ticking()
    record(recorder, event("finding/A/00000001"), event("finding/A/00000009"), event("finding/AB/00000011"))
    with recorder.writing() as tx:
        assert tx.position == 3
        assert tx.last_stream("finding/A/") == "finding/A/00000009"
        assert tx.recorded_at == "2026-03-02T12:00:01.000000Z"
        assert tx.append([event("finding/A/00000010", command="c")]) == range(4, 5)
        assert tx.append([event("finding/A/00000010", 2)]) == range(5, 6)
        assert tx.position == 5
        assert [row.version for row in tx.stream("finding/A/00000010", gt=1)] == [2]
        assert tx.last_stream("finding/A/") == "finding/A/00000010"
        assert tx.last_stream("finding/Z/") is None
        found = tx.command("c")
        assert found is not None
        assert found.position == 4
    assert [row.recorded_at for row in recorder.scan(after=3)] == ["2026-03-02T12:00:01.000000Z"] * 2


def test_nothing_is_seen_before_the_commit_nor_after_a_rollback(recorder: LedgerRecorder) -> None:
    def fail_in_the_middle() -> None:
        with recorder.writing() as tx:
            tx.append([event()])
            assert recorder.count() == 0
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()
    assert recorder.count() == 0
    assert record(recorder, event()) == range(1, 2)


def test_time_never_goes_back(recorder: LedgerRecorder) -> None:
    clock = recorder.clock = Ticking()
    record(recorder, event(version=1))
    clock.now = NOON - timedelta(days=1)
    record(recorder, event(version=2))
    clock.now = NOON + timedelta(minutes=1)
    record(recorder, event(version=3))
    with recorder.writing() as tx:
        assert tx.clock_said == ""
    clock.now = NOON
    with recorder.writing() as tx:
        assert (tx.recorded_at, tx.clock_said) == ("2026-03-02T12:01:00.000000Z", "2026-03-02T12:00:00.000000Z")
    assert [row.recorded_at for row in recorder.scan()] == [
        "2026-03-02T12:00:00.000000Z",
        "2026-03-02T12:00:00.000000Z",
        "2026-03-02T12:01:00.000000Z",
    ]


def test_time_is_stored_in_utc(recorder: LedgerRecorder) -> None:
    recorder.clock = lambda: NOON.astimezone(timezone(timedelta(hours=8)))
    record(recorder, event())
    assert recorder.head() == Head(1, "2026-03-02T12:00:00.000000Z")


def test_a_version_is_recorded_once(recorder: LedgerRecorder) -> None:
    record(recorder, event())
    with pytest.raises(IntegrityError):
        record(recorder, event(version=2), event(version=1))
    assert recorder.count() == 1


def test_a_command_is_recorded_once(recorder: LedgerRecorder) -> None:
    record(recorder, event(command="c"))
    with pytest.raises(IntegrityError):
        record(recorder, event("other", command="c"))
    stored = StoredEvent("other", 1, "t", STATE)
    assert recorder.insert_events([stored], command_id="d") == [2]
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("third", 1, "t", STATE)], command_id="d")
    assert [row.command for row in recorder.scan()] == ["c", "d"]


def test_after_a_failed_append_nothing_is_recorded(recorder: LedgerRecorder) -> None:
    record(recorder, event())

    def swallow(before: list[NewEvent], failing: list[NewEvent], after: list[NewEvent]) -> None:
        with recorder.writing() as tx:
            tx.append(before)
            with pytest.raises(IntegrityError):
                tx.append(failing)
            if after:
                tx.append(after)

    with pytest.raises(ProgrammingError):
        swallow([event(version=2)], [event(version=3), event(version=1)], [])
    with pytest.raises(ProgrammingError):
        swallow([], [event(version=1)], [event(version=2)])
    assert recorder.count() == 1
    assert record(recorder, event(version=2)) == range(2, 3)
    assert recorder.root() == rfc6962([row.leaf for row in recorder.scan()])


@pytest.mark.parametrize("field", ["stream", "topic", "command"])
@pytest.mark.parametrize("text", ["a\nb", "\x00", "a\x7f", "\x85", "\x1b[31m", "\ud800"])
def test_control_characters_are_refused(recorder: LedgerRecorder, field: str, text: str) -> None:
    with pytest.raises(Rejected) as refused:
        record(recorder, event()._replace(**{field: text}))
    assert (refused.value.code, refused.value.params) == ("store.control-character", {"field": field})
    assert recorder.count() == 0


def test_other_rare_characters_are_taken(recorder: LedgerRecorder) -> None:
    record(recorder, event(stream="台账\u3000\u2028\u200b\U0010ffff 'x'", topic="\u00a0"))
    assert recorder.count() == 1


def test_a_leaf_has_a_limit(recorder: LedgerRecorder) -> None:
    with pytest.raises(Rejected) as refused:
        record(recorder, event(stream="长" * 22_000))
    assert refused.value.code == "store.leaf-too-long"
    record(recorder, event(state=b'"' + b"x" * 200_000 + b'"'))  # the state is not in the leaf, only its commitment
    assert recorder.count() == 1


@pytest.mark.parametrize("state", [b"", b"{}", "“台账”\x00\u0001😀".encode(), bytes(range(256))])
def test_a_state_comes_back_byte_for_byte(recorder: LedgerRecorder, state: bytes) -> None:
    """The library's ciphers and compressors give bytes that are no text."""
    record(recorder, event(state=state))
    assert recorder.read_after(0, 9)[0].state == state


def test_any_tool_reads_a_state_as_text(ledger: Path) -> None:
    recorder = open_store(ledger)
    record(recorder, event())
    recorder.datastore.close()
    with closing(sqlite3.connect(ledger)) as tool:
        kind, text = tool.execute("SELECT typeof(state), state FROM events").fetchone()
    assert kind == "text"
    assert json.loads(text) == json.loads(STATE)


def test_a_leaf_is_what_the_format_says(recorder: LedgerRecorder) -> None:
    record(recorder, event("register"), event("ledger", 7, "a.v1", b"{}"))
    row = recorder.read_after(1, 1)[0]
    record_bytes = (
        f"taizhang-leaf/v1\n1\nledger\n7\na.v1\n{row.recorded_at}\n{sha256(row.salt + b'{}').hexdigest()}\n".encode()
    )
    assert row.leaf == sha256(b"\0" + record_bytes).digest()


@pytest.mark.parametrize("sizes", [[1] * 300, [255, 1, 1], [256, 256], [300, 212, 1], [1, 1500, 5], [513]])
def test_nodes_and_leaves_give_the_root(recorder: LedgerRecorder, sizes: list[int]) -> None:
    version = 0
    for size in sizes:
        record(recorder, *(event(version=version + more) for more in range(1, size + 1)))
        version += size
    leaves = recorder.hashes(0, 0, version)
    assert leaves == [row.leaf for row in recorder.scan()]
    assert recorder.root() == rfc6962(leaves)
    assert recorder.root(version - 1) == rfc6962(leaves[:-1])
    whole = version - version % 256
    assert recorder.hashes(1, 0, 1 << 40) == [rfc6962(leaves[start : start + 256]) for start in range(0, whole, 256)]
    assert recorder.hashes(1, 1, 2) == recorder.hashes(1, 0, 9)[1:2]


def test_a_node_of_the_second_level() -> None:
    with closing(open_store(Path(":memory:")).datastore) as datastore:
        recorder = LedgerRecorder(datastore)
        record(recorder, *(event(version=version) for version in range(65_000)))
        record(recorder, *(event(version=version) for version in range(65_000, 65_540)))
        leaves = recorder.hashes(0, 0, 1 << 40)
        assert recorder.hashes(2, 0, 9) == [rfc6962(leaves[:65_536])]
        assert len(recorder.hashes(1, 0, 999)) == 256
        assert recorder.root() == rfc6962(leaves)


def test_a_scan_holds_nothing_and_ends_where_it_began(recorder: LedgerRecorder) -> None:
    record(recorder, *(event(version=version) for version in range(1, 26)))
    seen = []
    for row in recorder.scan(chunk=4):
        seen.append(row.position)
        assert recorder.datastore.pool.num_in_use == 0
        record(recorder, event("other", row.position))
    assert seen == list(range(1, 26))
    assert [row.position for row in recorder.scan(after=3, upto=6)] == [4, 5, 6]


def test_two_recorders_of_one_datastore(recorder: LedgerRecorder) -> None:
    other = LedgerRecorder(recorder.datastore)
    for version in range(1, 300, 2):
        record(recorder, event(version=version))
        record(other, event(version=version + 1))
    assert recorder.root() == rfc6962([row.leaf for row in recorder.scan()])


@given(st.text(max_size=20), st.text(max_size=20), st.integers(-5, 5), st.binary(max_size=40))
def test_whatever_is_taken_is_read_back(stream: str, topic: str, version: int, state: bytes) -> None:
    with closing(open_store(Path(":memory:")).datastore) as datastore:
        recorder = LedgerRecorder(datastore)
        if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in stream + topic):
            with pytest.raises(Rejected):
                record(recorder, event(stream, version, topic, state))
            assert recorder.count() == 0
        else:
            record(recorder, event(stream, version, topic, state))
            row = recorder.read_stream(stream, gt=-10)[0]
            assert (row.stream, row.version, row.topic, row.state) == (stream, version, topic, state)


def test_a_ledger_is_tidy_when_it_is_closed(ledger: Path, reopen: Callable[[], LedgerRecorder]) -> None:
    recorder = reopen()
    record(recorder, event())
    recorder.read_after(0, 1)
    recorder.datastore.close()
    assert sorted(path.name for path in ledger.parent.iterdir()) == ["ledger.db", "writer.lock", "writer.turn"]
    assert reopen().count() == 1
