"""Owns which findings came in from which file (期初转入): by what a row is known again, and how a whole import is found.

Rows are functions of the events alone. Must not know a file format; how a claim is compared is said here once, for the
fold and for whoever imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.carrying import Claim
from taizhang.ledger.domain.envelope import Entry

from .log import Connection

ASK_AT_ONCE = 500

TABLES = (
    # same: by what a row is known again; content: all that it claims; undone: its import was taken back
    """CREATE TABLE carried (
      id INTEGER PRIMARY KEY NOT NULL, import INTEGER NOT NULL, same BLOB NOT NULL, content BLOB NOT NULL,
      undone INTEGER NOT NULL) STRICT""",
    """CREATE TABLE imports (
      id INTEGER PRIMARY KEY NOT NULL, batch TEXT NOT NULL UNIQUE, file TEXT NOT NULL, sha256 TEXT NOT NULL,
      programme TEXT NOT NULL, actor TEXT NOT NULL, recorded_at TEXT NOT NULL) STRICT""",
)
INDEXES = (
    "CREATE INDEX carried_same ON carried (same)",
    "CREATE INDEX carried_import ON carried (import)",
)

_encode = msgspec.msgpack.Encoder().encode


class Known(Struct, frozen=True):
    """A finding that came in by a row like this one.

    Args:
        number: its number.
        content: hash of all that the row claimed.
        undone: whether its import was taken back.
    """

    number: str
    content: bytes
    undone: bool


class Import(Struct, frozen=True):
    """One import that was recorded, and how many of its findings stand and were taken back."""

    batch: str
    file: str
    sha256: str
    programme: str
    actor: str
    recorded_at: str
    rows: int
    undone: int


def same(programme: str, claim: Claim) -> bytes:
    """Return by what a row is known again: the number that the sheet gave it, else what it says and of whom."""
    known_by = (programme, claim.alias) if claim.alias else (programme, "", claim.title, claim.lead_unit)
    from hashlib import blake2b

    return blake2b("\x1f".join(known_by).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def content(claim: Claim) -> bytes:
    """Return the hash of all that a row claims, wherever it stands; who cooperates is its words, registered or not."""
    if claim.cooperating_units:
        claim = replace(claim, cooperating_units=())
    from hashlib import blake2b

    return blake2b(_encode(claim), digest_size=16).digest()


class Keeper:
    """Writes the rows of both tables while events are folded, batch by batch.

    Args:
        connection: the file, inside a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._imports: dict[str, int] = dict(connection.execute("SELECT batch, id FROM imports"))
        self._came: list[tuple[int, int, bytes, bytes]] = []
        self._fresh: list[tuple[Any, ...]] = []
        self._undone: list[tuple[int]] = []

    def see(self, entry: Entry[Any], problem: int) -> None:
        """Take in one event of a finding."""
        data = entry.envelope.data
        if type(data) is e.FindingCarriedIn:
            batch = data.origin.batch
            if batch not in self._imports:
                self._imports[batch] = place = len(self._imports) + 1
                origin = data.origin
                who = entry.envelope.actor
                self._fresh.append((place, batch, origin.file, origin.sha256, data.programme, who, entry.recorded_at))
            keys = same(data.programme, data.claim), content(data.claim)
            self._came.append((problem, self._imports[batch], *keys))
        elif type(data) is e.CarryInUndone:
            self._undone.append((problem,))

    def save(self) -> None:
        """Write what was taken in."""
        connection = self._connection
        if self._fresh:
            connection.executemany("INSERT INTO imports VALUES (?, ?, ?, ?, ?, ?, ?)", self._fresh)
        if self._came:
            connection.executemany("INSERT INTO carried VALUES (?, ?, ?, ?, 0)", self._came)
        if self._undone:
            connection.executemany("UPDATE carried SET undone = 1 WHERE id = ?", self._undone)
        self._fresh, self._came, self._undone = [], [], []


def known(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, list[Known]]:
    """Return what came in by rows like these, by their key (`same`), in the order of the log."""
    found: dict[bytes, list[Known]] = {}
    if connection.execute("SELECT 1 FROM carried LIMIT 1").fetchone() is None:
        return found
    for part in _parts(keys):
        for key, number, of, undone in connection.execute(
            f"""SELECT c.same, p.number, c.content, c.undone FROM carried c JOIN problems p ON p.id = c.id
              WHERE c.same IN ({", ".join("?" * len(part))}) ORDER BY c.id""",
            part,
        ):
            found.setdefault(key, []).append(Known(number, of, bool(undone)))
    return found


def numbers(connection: Connection, wanted: Sequence[str]) -> frozenset[str]:
    """Return which of these are numbers of this ledger."""
    found: set[str] = set()
    for part in _parts(wanted):
        query = f"SELECT number FROM problems WHERE number IN ({', '.join('?' * len(part))})"
        found.update(number for (number,) in connection.execute(query, part))
    return frozenset(found)


def imports(connection: Connection) -> list[Import]:
    """Return the imports, the latest first."""
    return [
        Import(*columns)
        for columns in connection.execute(
            """SELECT i.batch, i.file, i.sha256, i.programme, i.actor, i.recorded_at, count(*), sum(c.undone)
              FROM imports i JOIN carried c ON c.import = i.id GROUP BY i.id ORDER BY i.id DESC"""
        )
    ]


def members(connection: Connection, batch: str) -> list[tuple[str, int, bool]]:
    """Return number, version and whether it was taken back of every finding of an import, in the order of the log."""
    return [
        (number, version, bool(undone))
        for number, version, undone in connection.execute(
            """SELECT p.number, p.version, c.undone FROM carried c JOIN problems p ON p.id = c.id
              WHERE c.import = (SELECT id FROM imports WHERE batch = ?) ORDER BY c.id""",
            (batch,),
        )
    ]


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the distinct items in parts that one query can name."""
    distinct = list(dict.fromkeys(items))
    for at in range(0, len(distinct), ASK_AT_ONCE):
        yield distinct[at : at + ASK_AT_ONCE]
