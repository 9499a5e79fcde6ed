"""The embedded store: SQLite.

Owns the ledger's file. Must not know the Ledger above it, nor a read model.

To the eventsourcing library the persistence module is ``taizhang.ledger.store.sqlite.factory``. This package itself
imports nothing: `log` reads a ledger without loading the library, which would cost a cold start more than all the rest.
"""
