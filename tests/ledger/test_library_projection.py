"""Anyone's projection under the eventsourcing library's own runner follows our log unchanged."""

from __future__ import annotations

from typing import Any

from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from taizhang.ledger.domain import commands as c
from taizhang.ledger.ledger import Ledger
from tests.ledger.conftest import House


class Counts(POPOTrackingRecorder):
    """Somebody's read model: how many events of each topic."""

    def __init__(self) -> None:
        super().__init__()
        self.topics: dict[str, int] = {}

    def count(self, topic: str, tracking: Tracking) -> None:
        with self._database_lock:
            self._assert_tracking_uniqueness(tracking)
            self._insert_tracking(tracking)
            self.topics[topic] = self.topics.get(topic, 0) + 1


class Counting(Projection[Counts]):
    """Somebody's projection, written for the library alone."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event.topic, tracking)


def test_the_librarys_projection_runner_follows_the_ledger(house: House) -> None:
    number = house.log()
    env = {
        "PERSISTENCE_MODULE": "taizhang.ledger.store.sqlite.factory",
        "SQLITE_DBNAME": str(house.path / "ledger.db"),
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "no",
        f"{Counting.name.upper()}_PERSISTENCE_MODULE": "eventsourcing.popo",
    }
    with ProjectionRunner(application_class=Ledger, projection_class=Counting, view_class=Counts, env=env) as runner:
        house.give("inspector", c.CommentOnFinding(number, "运行中记下的"))
        runner.wait(house.ledger.store.count(), timeout=10)
        topics = runner.projection.view.topics
    assert topics["finding.logged.v1"] == 1
    assert topics["finding.commented.v1"] == 1
    assert sum(topics.values()) == house.ledger.store.count()
