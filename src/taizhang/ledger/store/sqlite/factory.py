"""How the eventsourcing library finds this store: by the environment variable ``PERSISTENCE_MODULE``.

Owns the reading of the environment. Must not know how anything is stored. The library wants to find exactly one factory
class in this module, so the one that ours descends from must not be imported by name.
"""

from __future__ import annotations

from eventsourcing import sqlite as library
from eventsourcing.utils import Environment, EnvType

from .datastore import LedgerDatastore
from .recorder import LedgerAggregateRecorder, LedgerProcessRecorder, LedgerRecorder, LedgerTrackingRecorder


class LedgerFactory(library.SQLiteFactory):
    """The library's factory for `LedgerRecorder` and its relatives.

    ``SQLITE_DBNAME`` names the file, ``SQLITE_LOCK_TIMEOUT`` the seconds to wait for other writers, ``CREATE_TABLE=no``
    keeps it from making anything, ``ORIGINATOR_ID_TYPE=text`` is for streams with text ids (the library's words).

    Raises:
        OSError: a variable is missing or says something impossible.
        Unreachable: ``store.sqlite-too-old``, and what keeps the file from being opened or made.
    """

    aggregate_recorder_class = LedgerAggregateRecorder
    application_recorder_class = LedgerRecorder
    tracking_recorder_class = LedgerTrackingRecorder
    # ours has the ledger's tables where the library's has its own, so it cannot descend from that class
    process_recorder_class = LedgerProcessRecorder  # type: ignore[assignment]

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        # the library has read and checked the environment; nothing is open yet
        read = self.datastore
        read.close()
        self.datastore = LedgerDatastore(
            read.pool.db_name,
            lock_timeout=read.pool.lock_timeout,
            single_row_tracking=read.single_row_tracking,
            originator_id_type=read.originator_id_type,
        )
