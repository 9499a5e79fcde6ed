"""The library's own Application and ProjectionRunner on our store, found by the environment alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import eventsourcing.cryptography
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import ApplicationSubscription, Projection, ProjectionRunner

from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import rfc6962, run_python


class Account(Aggregate):
    @event("Opened")
    def __init__(self, name: str) -> None:
        self.name = name
        self.balance = Decimal(0)

    @event("Credited")
    def credit(self, amount: Decimal) -> None:
        self.balance += amount


class Bank(Application[UUID]):
    is_snapshotting_enabled = True

    def open(self, name: str) -> UUID:
        account = Account(name)
        self.save(account)
        return account.id

    def credit(self, account_id: UUID, amount: Decimal) -> None:
        account: Any = self.repository.get(account_id)
        account.credit(amount)
        self.save(account)


def environment(ledger: Path, **more: str) -> dict[str, str]:
    return {"PERSISTENCE_MODULE": "taizhang.ledger.store.sqlite.factory", "SQLITE_DBNAME": str(ledger), **more}


KEY = eventsourcing.cryptography.AESCipher.create_key(16)


@pytest.mark.parametrize(
    "options",
    [{}, {"COMPRESSOR_TOPIC": "zlib"}, {"CIPHER_TOPIC": "eventsourcing.cryptography:AESCipher", "CIPHER_KEY": KEY}],
    ids=["plain", "compressed", "encrypted"],
)
def test_an_application_runs_on_it(ledger: Path, options: dict[str, str]) -> None:
    with Bank(environment(ledger, **options)) as bank:
        account_id = bank.open("台账")
        for _ in range(3):
            bank.credit(account_id, Decimal("1.50"))
        bank.take_snapshot(account_id)
        bank.credit(account_id, Decimal("0.50"))
    with Bank(environment(ledger, **options)) as again:
        account: Any = again.repository.get(account_id)
        assert (account.name, account.balance, account.version) == ("台账", Decimal("5.00"), 5)
        assert len(again.notification_log["1,10"].items) == 5
    with closing(LedgerDatastore(str(ledger))) as datastore:
        recorder = LedgerRecorder(datastore)
        assert recorder.root() == rfc6962([row.leaf for row in recorder.scan()])
        assert recorder.schema_differences() == ["unexpected table stored_snapshots"]


class Balances(POPOTrackingRecorder):
    def __init__(self) -> None:
        super().__init__()
        self.total = Decimal(0)


class Totals(Projection[Balances]):
    name = "totals"
    topics: Sequence[str] = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.total += getattr(domain_event, "amount", Decimal(0))
        self.view.insert_tracking(tracking)


def test_a_projection_follows_it(ledger: Path) -> None:
    with (
        Bank(environment(ledger)) as bank,
        ProjectionRunner(
            application_class=Bank,
            projection_class=Totals,
            view_class=Balances,
            env=environment(ledger, TOTALS_PERSISTENCE_MODULE="eventsourcing.popo"),
        ) as runner,
    ):
        account_id = bank.open("a")
        for amount in range(1, 11):
            bank.credit(account_id, Decimal(amount))
        runner.wait(bank.recorder.max_notification_id(), timeout=20)
        assert runner.projection.view.total == Decimal(55)


def test_a_subscription_of_an_application(ledger: Path) -> None:
    with Bank(environment(ledger)) as bank:
        account_id = bank.open("a")
        with ApplicationSubscription(bank) as subscription:
            domain_event, tracking = next(subscription)
    assert domain_event.originator_id == account_id
    assert tracking == Tracking("Bank", 1)


def test_reading_loads_nothing_of_the_library() -> None:
    """What only lists a ledger starts without the library's 0.2 s."""
    code = "import sys, taizhang.ledger.store.sqlite.log; print('eventsourcing' in sys.modules)"
    assert run_python(code) == "False\n"


def test_the_library_loads_no_other_sqlite_for_the_file() -> None:
    assert "pysqlite3.dbapi2" in sys.modules or sys.modules["sqlite3"].sqlite_version_info >= (3, 51, 3)
