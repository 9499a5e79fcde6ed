# ruff: noqa: ARG002 - every event of the library's example takes the same three arguments
"""Replaying streams from the file: ours against the same streams through the eventsourcing library's `Aggregate`."""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, Transcoding
from msgspec import to_builtins

from bench.corpus import corpus
from bench.measure import Report, in_turn
from taizhang.composition import open_ledger
from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.catalogue import FINDING_PREFIX
from taizhang.ledger.folding import fold
from taizhang.ledger.store.sqlite.log import LogReader

STREAMS = 4_000
ROUNDS = 5


class FindingAggregate(Aggregate):
    """The same finding, written as the library's own examples are."""

    @event("Logged")
    def __init__(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.data = data
        self.logged_by, self.found_on = who, happened_on
        self.state, self.measures, self.evidence, self.hands = "logged", [], [], []
        self.request = self.verification = self.closed_on = None
        self.comments = 0

    @event("Assigned")
    def assign(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.assigned, self.assigned_on, self.state = data, happened_on, "assigned"

    @event("Acknowledged")
    def acknowledge(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.measures = [{"text": text, "progress": "none"} for text in data["measures"]]
        self.hands.append(who)
        self.state = "rectifying"

    @event("Acted")
    def act(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.measures[data["measure"] - 1].update(progress=data["progress"], report=data["text"], on=happened_on)
        self.hands.append(who)

    @event("Attached")
    def attach(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.evidence.append(data["evidence"])
        self.hands.append(who)

    @event("Requested")
    def ask(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.request, self.verification, self.state = (data["text"], who, happened_on), None, "awaiting"
        self.hands.append(who)

    @event("Verified")
    def verify(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.verification = (data, who, happened_on)

    @event("Closed")
    def strike(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.closed_on, self.closed_by, self.state = happened_on, who, "closed"

    @event("Commented")
    def comment(self, who: dict[str, Any], happened_on: date, data: dict[str, Any]) -> None:
        self.comments += 1


class DateAsISO(Transcoding):
    """As the library's manual shows for a type of one's own."""

    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class Findings(Application[Any]):
    """The library's application over its own SQLite recorder."""

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())


METHODS: dict[type, str] = {
    e.FindingAssigned: "assign",
    e.FindingAcknowledged: "acknowledge",
    e.MeasureActed: "act",
    e.EvidenceAttached: "attach",
    e.ClosureRequested: "ask",
    e.FindingVerified: "verify",
    e.FindingClosed: "strike",
    e.FindingCommented: "comment",
}


def main() -> None:
    report = Report()
    ledger = open_ledger(corpus())
    store = ledger.store
    streams = _streams(store)
    with tempfile.TemporaryDirectory() as folder:
        theirs = Findings(
            {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(Path(folder) / "library.db")}
        )
        ids, events = _copied(store, streams, theirs)

        log = LogReader(corpus())

        def replay_ours() -> None:
            for stream in streams:
                fold(log.stream(stream))

        def replay_theirs() -> None:
            get = theirs.repository.get
            for aggregate_id in ids:
                get(aggregate_id)

        ours_s, theirs_s = in_turn(replay_ours, replay_theirs, ROUNDS)
        report.ratio("replaying streams", events / ours_s, events / theirs_s, "events/s", at_least=5)
        report.note(f"{events} events of {len(streams)} findings; {ours_s / events * 1e6:.2f} µs an event")
        theirs.close()
    ledger.close()
    report.close()


def _streams(store: Any) -> list[str]:
    rng = random.Random(5)
    found = sorted(
        {
            row.stream
            for row in store.scan(after=rng.randrange(1000), upto=60_000)
            if row.stream.startswith(FINDING_PREFIX)
        }
    )
    return rng.sample(found, min(STREAMS, len(found)))


def _copied(store: Any, streams: list[str], theirs: Findings) -> tuple[list[Any], int]:
    """Give the library the same events; return the ids of its aggregates and how many events they have."""
    ids, count = [], 0
    for stream in streams:
        aggregate: FindingAggregate | None = None
        for row in store.read_stream(stream):
            envelope = catalogue.DECODE[row.topic](row.state)
            who = {"actor": envelope.actor, "os_user": envelope.os_user, "host": envelope.host,
                   "via": str(envelope.via), "command": envelope.command}  # fmt: skip
            data = to_builtins(envelope.data)
            if aggregate is None:
                aggregate = FindingAggregate(who, envelope.happened_on, data)
            else:
                getattr(aggregate, METHODS[type(envelope.data)])(who, envelope.happened_on, data)
            count += 1
        if aggregate is not None:
            theirs.save(aggregate)
            ids.append(aggregate.id)
    return ids, count


if __name__ == "__main__":
    main()
