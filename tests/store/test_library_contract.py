"""The eventsourcing library's own test cases, on our classes: in a file and in memory."""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import Any

import pytest
from eventsourcing.utils import Environment, get_topic

from taizhang.ledger.store.sqlite.datastore import LedgerDatastore
from taizhang.ledger.store.sqlite.factory import LedgerFactory
from taizhang.ledger.store.sqlite.recorder import (
    LedgerAggregateRecorder,
    LedgerProcessRecorder,
    LedgerRecorder,
    LedgerTrackingRecorder,
)
from tests.store.support import library_cases

cases = library_cases()


class _InFile:
    """Makes recorders over a new file a test."""

    recorder_class: type[Any]

    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.datastores: list[LedgerDatastore] = []

    def tearDown(self) -> None:
        for datastore in self.datastores:
            datastore.close()
        self.folder.cleanup()

    def db_name(self) -> str:
        return f"file:{self.folder.name}/{len(self.datastores)}.db"

    def create_recorder(self) -> Any:
        datastore = LedgerDatastore(self.db_name())
        self.datastores.append(datastore)
        recorder = self.recorder_class(datastore)
        recorder.create_table()
        return recorder


class _InMemory(_InFile):
    def db_name(self) -> str:
        return ":memory:"


class _InSharedMemory(_InFile):
    def db_name(self) -> str:
        return f"file:{id(self)}?mode=memory&cache=shared"


class TestAggregateRecorderInFile(_InFile, cases.AggregateRecorderTestCase):
    recorder_class = LedgerAggregateRecorder


class TestAggregateRecorderInMemory(_InMemory, cases.AggregateRecorderTestCase):
    recorder_class = LedgerAggregateRecorder


class TestSnapshotRecorder(_InFile, cases.AggregateRecorderTestCase):
    def create_recorder(self) -> LedgerAggregateRecorder:
        datastore = LedgerDatastore(self.db_name())
        self.datastores.append(datastore)
        recorder = LedgerAggregateRecorder(datastore, events_table_name="stored_snapshots")
        recorder.create_table()
        return recorder


class TestApplicationRecorderInFile(_InFile, cases.ApplicationRecorderTestCase[Any]):
    recorder_class = LedgerRecorder

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationRecorderInMemory(_InMemory, cases.ApplicationRecorderTestCase[Any]):
    recorder_class = LedgerRecorder

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationRecorderInSharedMemory(_InSharedMemory, cases.ApplicationRecorderTestCase[Any]):
    recorder_class = LedgerRecorder


class TestTrackingRecorderInFile(_InFile, cases.TrackingRecorderTestCase):
    recorder_class = LedgerTrackingRecorder


class TestTrackingRecorderInMemory(_InMemory, cases.TrackingRecorderTestCase):
    recorder_class = LedgerTrackingRecorder


class TestProcessRecorderInFile(_InFile, cases.ProcessRecorderTestCase):
    recorder_class = LedgerProcessRecorder


class TestProcessRecorderInMemory(_InMemory, cases.ProcessRecorderTestCase):
    recorder_class = LedgerProcessRecorder


class TestProcessRecorderRecordsEvents(_InFile, cases.ApplicationRecorderTestCase[Any]):
    recorder_class = LedgerProcessRecorder


class TestNotificationIdsInFile(_InFile, cases.NonInterleavingNotificationIDsBaseCase):
    recorder_class = LedgerRecorder


class TestNotificationIdsInMemory(_InMemory, cases.NonInterleavingNotificationIDsBaseCase):
    recorder_class = LedgerRecorder


class OtherTrackingRecorder(LedgerTrackingRecorder):
    """A recorder of somebody's own, named to the factory by topic."""


class TestFactory(cases.InfrastructureFactoryTestCase[LedgerFactory]):
    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.env = Environment("TestCase")
        self.env[LedgerFactory.PERSISTENCE_MODULE] = LedgerFactory.__module__
        self.env[LedgerFactory.SQLITE_DBNAME] = f"{self.folder.name}/ledger.db"
        super().setUp()

    def tearDown(self) -> None:
        super().tearDown()
        self.folder.cleanup()

    def expected_factory_class(self) -> type[LedgerFactory]:
        return LedgerFactory

    def expected_aggregate_recorder_class(self) -> type[LedgerAggregateRecorder]:
        return LedgerAggregateRecorder

    def expected_application_recorder_class(self) -> type[LedgerRecorder]:
        return LedgerRecorder

    def expected_tracking_recorder_class(self) -> type[LedgerTrackingRecorder]:
        return LedgerTrackingRecorder

    def tracking_recorder_subclass(self) -> type[OtherTrackingRecorder]:
        return OtherTrackingRecorder

    def expected_process_recorder_class(self) -> type[LedgerProcessRecorder]:
        return LedgerProcessRecorder

    def test_recorder_of_a_topic(self) -> None:
        self.env[LedgerFactory.APPLICATION_RECORDER_TOPIC] = get_topic(LedgerRecorder)
        assert type(self.factory.application_recorder()) is LedgerRecorder

    def test_needs_a_name(self) -> None:
        with pytest.raises(OSError, match="SQLITE_DBNAME"):
            LedgerFactory(Environment("TestCase"))
