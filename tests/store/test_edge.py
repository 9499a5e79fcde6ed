"""What a process keeps of the ledger's end between transactions stays right, whoever else writes and whatever fails."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.edge import Edge
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import event, open_store, record, rfc6962

BURST = st.sampled_from([1, 1, 2, 100, 255, 256, 257, 1100])


class Abandoned(Exception):
    """What a writer throws in the middle of its transaction."""


class TwoWriters(RuleBasedStateMachine):
    """Two processes' worth of writers on one file: they commit, roll back, fail and reopen in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.db"
        self.writers = [open_store(self.path), open_store(self.path)]
        self.size = 0

    def teardown(self) -> None:
        for writer in self.writers:
            writer.datastore.close()
        self.folder.cleanup()

    @rule(who=st.integers(0, 1), bursts=st.lists(BURST, max_size=3))
    def commit(self, who: int, bursts: list[int]) -> None:
        with self.writers[who].writing() as tx:
            assert tx.position == self.size
            for burst in bursts:
                tx.append([event(version=self.size + more) for more in range(1, burst + 1)])
                self.size += burst

    @rule(who=st.integers(0, 1), burst=BURST)
    def roll_back(self, who: int, burst: int) -> None:
        def abandon() -> None:
            with self.writers[who].writing() as tx:
                tx.append([event(version=self.size + more) for more in range(1, burst + 1)])
                raise Abandoned

        with pytest.raises(Abandoned):
            abandon()

    @rule(who=st.integers(0, 1), burst=BURST)
    def conflict(self, who: int, burst: int) -> None:
        if self.size:
            events = [event(version=self.size + more) for more in range(1, burst + 1)]
            with pytest.raises(IntegrityError):
                record(self.writers[who], *events, event(version=1))

    @rule(who=st.integers(0, 1))
    def reopen(self, who: int) -> None:
        self.writers[who].datastore.close()
        self.writers[who] = open_store(self.path)

    @rule(who=st.integers(0, 1))
    def write_beside(self, who: int) -> None:
        """Something of the library's own, through the same connection."""
        with self.writers[who].datastore.transaction(commit=True) as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS stored_snapshots (x)")

    @invariant()
    def the_tree_is_right(self) -> None:
        for writer in self.writers:
            leaves = writer.hashes(0, 0, 1 << 40)
            assert len(leaves) == self.size
            root = rfc6962(leaves)
            assert writer.root() == root
            known = writer.datastore.known.edge
            folded = known.frontier.copy()
            folded.extend(known.tail)
            assert folded.root() == rfc6962(leaves[: known.position])


TestTwoWriters = TwoWriters.TestCase
TestTwoWriters.settings = settings(max_examples=10, stateful_step_count=10, deadline=None)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 1300])
def test_an_edge_read_is_the_edge_kept(recorder: LedgerRecorder, size: int) -> None:
    record(recorder, *(event(version=version) for version in range(1, size + 1)))
    kept = recorder.datastore.known.edge
    read = Edge.at(kept.position, kept.recorded_at, kept.leaf, recorder.hashes)
    assert read.tail == kept.tail
    assert read.frontier.root() == kept.frontier.root()
    assert read.frontier.size + len(read.tail) == size


TAMPERINGS = {
    "the last event is changed": "UPDATE events SET leaf = zeroblob(32) WHERE position = 3",
    "the last event is removed": "DELETE FROM events WHERE position = 3",
    "everything is removed": "DELETE FROM events",
    "the last event is changed and one is added": (
        "UPDATE events SET leaf = zeroblob(32) WHERE position = 3;"
        "INSERT INTO events VALUES (4, 's', 1, 't', '9', NULL, '{}', zeroblob(16), zeroblob(32))"
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_changed_past_gets_no_seal_from_who_has_seen_it(
    recorder: LedgerRecorder, ledger: Path, tampering: str
) -> None:
    record(recorder, *(event(version=version) for version in range(1, 4)))
    other = open_store(ledger)
    with other.datastore.get_connection(commit=True) as connection:
        for kind in ("insert", "update", "delete"):
            connection.raw.execute(f"DROP TRIGGER events_{kind}")
        connection.raw.executescript(tampering)
    other.datastore.close()
    for _ in range(2):
        with pytest.raises(Unreachable) as refused:
            record(recorder, event(version=99))
        assert refused.value.code == "store.damaged"


def test_missing_nodes_are_noticed(ledger: Path) -> None:
    recorder = open_store(ledger)
    record(recorder, *(event(version=version) for version in range(1, 301)))
    with recorder.datastore.get_connection(commit=True) as connection:
        connection.raw.execute("DROP TRIGGER nodes_delete")
        connection.raw.execute("DELETE FROM nodes")
    recorder.datastore.close()
    again = open_store(ledger)
    for use in (again.root, lambda: record(again, event(version=301))):
        with pytest.raises(Unreachable) as refused:
            use()
        assert refused.value.code == "store.damaged"
    again.datastore.close()
