"""Reading a ledger's file for the deep check, whatever state it is in.

Owns the scans that the check runs over SQLite. Must not know what any column means, and believes none: text comes as
the bytes that stand in the file, and a file that was tampered with still opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.outside import APPLICATION_ID
from taizhang.ledger.store.contract import Extent, Part, StoredRow, Vertebra

from .driver import Driver, Translating, choose_driver
from .location import Location
from .log import open_reader
from .schema import schema_differences

if TYPE_CHECKING:
    import sqlite3

BATCH = 2_000
"""Rows in memory at a time."""

MAPPED = 1 << 40
TIMEOUT_S = 60.0
SAMPLES = 64
"""Streams that are looked at for each part, to find where to cut."""

_BY_STREAM = (
    "SELECT stream, version, position, topic, recorded_at, command, state, salt, leaf FROM events "
    "WHERE {range} position <= ? ORDER BY stream, version"
)
_SPINE = "SELECT recorded_at, leaf FROM events WHERE position <= ? ORDER BY position"
_NODES = "SELECT level, idx, hash FROM nodes ORDER BY level, idx"
_EXTENT = "SELECT coalesce(max(position), 0) FROM events"
_DEALT = """SELECT CASE WHEN count(*) = 0 THEN 0
  WHEN count(*) = 1 AND max(name) = 'events' AND typeof(max(seq)) = 'integer' THEN max(seq)
  ELSE -1 END FROM sqlite_sequence"""
_COUNT = "SELECT count(*), min(position) FROM events NOT INDEXED WHERE position <= ?"
_GAP = """SELECT (SELECT count(*) FROM events b WHERE b.position < e.position), e.position FROM events e
  WHERE e.position <= ? AND (e.position < 1 OR e.position > 1
    AND NOT EXISTS (SELECT 1 FROM events p WHERE p.position = e.position - 1)) ORDER BY e.position LIMIT 1"""
_SAMPLE = "SELECT stream FROM events WHERE position = ?"
_EVENTS = "SELECT 1 FROM sqlite_schema WHERE name = 'events'"
_COMMAND = "SELECT NOT EXISTS (SELECT 1 FROM events WHERE command = ?)"


class SqliteAudit:
    """One ledger's file, to be checked.

    Args:
        path: of the database.
        mapped: whether the file is read as memory: quicker, but a file that grows shorter meanwhile ends the process.

    Raises:
        Unreachable: ``store.not-a-ledger`` where there is no such file, or it is another program's, and whatever else
            keeps it from being opened.
    """

    def __init__(self, path: Path, mapped: bool) -> None:
        self._mapped = mapped
        self._location = Location(str(path))
        self._driver: Driver = choose_driver()
        self._raw = self._open()
        with self._reading() as raw:
            (mark,) = raw.execute("PRAGMA application_id").fetchone()
            is_ledger = mark == APPLICATION_ID or raw.execute(_EVENTS).fetchone() is not None
        if not is_ledger:
            self.close()
            raise Unreachable("store.not-a-ledger", ledger=str(self._location))

    def damage(self) -> list[str]:
        """Return what SQLite's own integrity check finds; empty where the file is sound."""
        with self._reading() as raw:
            found = [line for (line,) in raw.execute("PRAGMA integrity_check(5)")]
        return [] if found == ["ok"] else found

    def schema_differences(self) -> list[str]:
        """Return where the schema is not what it must be (see `schema.schema_differences`)."""
        with self._reading() as raw:
            return schema_differences(raw)

    def extent(self) -> Extent:
        """Return how far the log goes, and how far SQLite's own counter says that it went."""
        with self._reading() as raw:
            (last,) = raw.execute(_EXTENT).fetchone()
            (dealt,) = raw.execute(_DEALT).fetchone()
        return Extent(last, dealt)

    def parts(self, count: int, last: int) -> list[Part]:
        """Return the streams up to the position `last`, in at most `count` parts; cut where a sample of events says."""
        with self._scanning() as raw:
            step = max(1, last // (count * SAMPLES))
            found = [raw.execute(_SAMPLE, (position,)).fetchone() for position in range(1, last + 1, step)]
        streams = sorted({row[0] for row in found if row is not None and isinstance(row[0], bytes)})
        cuts = [streams[len(streams) * at // count] for at in range(1, count)] if streams else []
        bounds: list[bytes | None] = [None, *sorted(set(cuts)), None]
        return [Part(after, upto, last) for after, upto in pairwise(bounds)]

    def by_stream(self, part: Part) -> Iterator[list[StoredRow]]:
        """Yield the events of a part, stream by stream."""
        bounds = [("stream > CAST(? AS TEXT) AND", part.after), ("stream <= CAST(? AS TEXT) AND", part.upto)]
        given = [(clause, bound) for clause, bound in bounds if bound is not None]
        query = _BY_STREAM.format(range=" ".join(clause for clause, _ in given))
        yield from self._scan(query, (*(bound for _, bound in given), part.last))

    def stream(self, stream: bytes, last: int) -> list[StoredRow]:
        """Return the events of one stream up to a position."""
        with self._scanning() as raw:
            query = _BY_STREAM.format(range="stream = CAST(? AS TEXT) AND")
            return raw.execute(query, (stream, last)).fetchall()

    def spine(self, last: int) -> Iterator[list[Vertebra]]:
        """Yield time and leaf of every event up to the position `last`."""
        yield from self._scan(_SPINE, (last,))

    def first_gap(self, last: int) -> tuple[int, int] | None:
        """Return how many events stand before the first position that does not count on from 1, and that position."""
        with self._reading() as raw:
            if raw.execute(_COUNT, (last,)).fetchone() in ((last, 1), (0, None)):
                return None
            found: tuple[int, int] | None = raw.execute(_GAP, (last,)).fetchone()
        return found

    def nodes(self) -> list[tuple[int, int, bytes]]:
        """Return every stored subtree."""
        with self._scanning() as raw:
            return raw.execute(_NODES).fetchall()

    def lacks_command(self, command_id: str) -> bool:
        """Say whether no event is found under a command id."""
        with self._reading() as raw:
            (lacks,) = raw.execute(_COMMAND, (command_id,)).fetchone()
        return bool(lacks)

    def close(self) -> None:
        """Give the connection back."""
        self._raw.close()

    # -- connections

    def _scan(self, query: str, parameters: tuple[Any, ...]) -> Iterator[list[Any]]:
        with self._scanning() as raw:
            cursor = raw.execute(query, parameters)
            while rows := cursor.fetchmany(BATCH):
                yield rows

    @contextmanager
    def _scanning(self) -> Iterator[sqlite3.Connection]:
        """Give a connection of its own, on which text is bytes: what is no text at all is still read."""
        raw = self._open()
        raw.text_factory = bytes
        if self._mapped:
            raw.execute(f"PRAGMA mmap_size = {MAPPED}")
        try:
            with self._trouble():
                yield raw
        finally:
            raw.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._trouble():
            yield self._raw

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Turn every error of the driver into a refusal: a statement that fails here found a file that is not right."""
        try:
            yield
        except self._driver.errors as error:
            ledger = str(self._location)
            trouble = self._driver.trouble(error, ledger)
            raise trouble or Unreachable("store.damaged", ledger=ledger, detail=str(error)) from error

    def _open(self) -> sqlite3.Connection:
        errors = Translating(self._driver, str(self._location))
        raw, _ = open_reader(self._location, self._driver, errors, TIMEOUT_S)
        return raw
