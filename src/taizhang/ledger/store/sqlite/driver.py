"""The SQLite that the store runs on, and what its errors mean.

Owns the choice of the DB-API module and the translation of its errors. Must not know a table.

Two copies of SQLite must not open the same file in one process: POSIX drops all locks of a process on a file when any
handle of it is closed. So whoever opens a ledger's file in this process does it through the driver that is chosen here.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from taizhang.ledger.domain.errors import Unreachable

if TYPE_CHECKING:
    import sqlite3

NEEDED = (3, 51, 3)
"""Older ones can corrupt a WAL file that several processes write and checkpoint."""

CANDIDATES = ("pysqlite3.dbapi2", "sqlite3")

_BY_CODE = {  # SQLite's primary result codes
    3: "store.read-only",  # SQLITE_PERM
    5: "store.busy",  # SQLITE_BUSY
    6: "store.busy",  # SQLITE_LOCKED
    8: "store.read-only",  # SQLITE_READONLY
    10: "store.io",  # SQLITE_IOERR
    11: "store.damaged",  # SQLITE_CORRUPT
    13: "store.disk-full",  # SQLITE_FULL
    14: "store.cannot-open",  # SQLITE_CANTOPEN
    26: "store.not-a-ledger",  # SQLITE_NOTADB
}


class Driver:
    """A DB-API module whose SQLite is new enough.

    Args:
        module: pysqlite3.dbapi2 or the standard sqlite3.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self.version: str = module.sqlite_version
        # the second where SQLite tells of a schema that is no text any more
        self.errors: tuple[type[Exception], ...] = (module.Error, UnicodeDecodeError)
        self.error: type[Exception] = module.Error
        self.named_row: Any = module.Row

    def connect(self, uri: str, timeout: float) -> sqlite3.Connection:
        """Open `uri` without implicit transactions, waiting up to `timeout` seconds for other programs' locks."""
        connection: sqlite3.Connection = self._module.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None, timeout=timeout
        )
        return connection

    def translate(self, error: Exception, ledger: str) -> Exception:
        """Return what the ledger raises for an error of this driver.

        Trouble with the file becomes `Unreachable` with the ledger's place and SQLite's own words; the rest becomes
        the exception of the same name in `eventsourcing.persistence` (DB-API 2.0, PEP 249).
        """
        trouble = self.trouble(error, ledger)
        if trouble is not None:
            return trouble
        from eventsourcing import persistence  # not above: who only reads a ledger loads nothing of the library

        known: type[Exception] = getattr(persistence, type(error).__name__, persistence.PersistenceError)
        return known(error)

    def trouble(self, error: Exception, ledger: str) -> Unreachable | None:
        """Return the refusal where an error of this driver means trouble with the file, else None."""
        if isinstance(error, UnicodeDecodeError):
            return Unreachable("store.damaged", ledger=ledger, detail=str(error))
        code = _BY_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        return None if code is None else Unreachable(code, ledger=ledger, detail=str(error))


class Translating:
    """A reusable `with` block in which the driver's errors become the ledger's.

    Args:
        driver: whose errors.
        ledger: the place that a refusal names.
    """

    __slots__ = ("_driver", "error", "ledger")

    def __init__(self, driver: Driver, ledger: str) -> None:
        self._driver = driver
        self.error = driver.errors
        self.ledger = ledger

    def translated(self, error: Exception) -> Exception:
        """Return what to raise for an error of the driver; for hot paths, where a block costs more than ``try``."""
        return self._driver.translate(error, self.ledger)

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and isinstance(error, self.error):
            raise self.translated(error) from error


class Opening(Translating):
    """The block in which a file is opened: whatever fails there, and is no other trouble, is the file's own damage."""

    __slots__ = ()

    def translated(self, error: Exception) -> Exception:
        """Return what to raise for an error of the driver."""
        trouble = self._driver.trouble(error, self.ledger)
        return trouble or Unreachable("store.damaged", ledger=self.ledger, detail=str(error))


def choose_driver(candidates: Sequence[str] = CANDIDATES) -> Driver:
    """Return the first of the named modules whose SQLite is new enough.

    Raises:
        Unreachable: `store.sqlite-too-old` with the newest version `found` and the one `needed`.
    """
    found = (0, 0, 0)
    for name in candidates:
        try:
            module = importlib.import_module(name)
        except ImportError:  # no wheel for this platform: the next one may do
            continue
        if module.sqlite_version_info >= NEEDED:
            return Driver(module)
        found = max(found, module.sqlite_version_info)
    raise Unreachable("store.sqlite-too-old", found=_dotted(found), needed=_dotted(NEEDED))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
