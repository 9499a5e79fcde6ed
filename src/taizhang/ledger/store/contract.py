"""Owns what the Ledger asks of a store, whichever it is: values and Protocols, no store.

Every store here also subclasses the eventsourcing library's recorders; this is what it offers beyond them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, Protocol

SEALED_MARK = b'"taizhang-sealed/v1 '
"""What every text that is sealed for a person begins with, as it stands in the JSON of an event; see `personal`."""


class NewEvent(NamedTuple):
    """An event to be appended: its place in its stream, its tag, its bytes, and the id of its command.

    `command` is unique in the log; None where the event is not the first of its command.
    """

    stream: str
    version: int
    topic: str
    state: bytes
    command: str | None = None


class Row(NamedTuple):
    """An event as it is stored. `position` counts from 1; the leaf's index is one less in SQLite."""

    position: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    command: str | None
    state: bytes
    salt: bytes
    leaf: bytes


class Head(NamedTuple):
    """The last event of the log."""

    position: int
    recorded_at: str


class Writing(Protocol):
    """A writing transaction: nobody else writes while it is open; it commits on leaving, or rolls back on an error."""

    @property
    def position(self) -> int:
        """The position of the last event, those appended here included; 0 for an empty log."""

    @property
    def clock_said(self) -> str:
        """What the clock said, where that lay before the last event; else empty."""

    @property
    def recorded_at(self) -> str:
        """The time that events appended here get: now, but never before the last event (UTC, ISO 8601)."""

    def stream(self, stream: str, gt: int = 0) -> list[Row]:
        """The events of a stream after version `gt`."""

    def command(self, command_id: str) -> Row | None:
        """The event that was recorded under a command id, if any."""

    def commands(self, command_ids: Sequence[str]) -> dict[str, Row]:
        """The events that were recorded under any of these command ids, by id."""

    def last_stream(self, prefix: str) -> str | None:
        """The largest stream id that begins with `prefix`, in text order."""

    def append(self, events: Sequence[NewEvent]) -> range:
        """Append the events and their leaves; return their positions."""


StoredRow = tuple[bytes, int, int, bytes, bytes, bytes | None, bytes, bytes, bytes]
"""stream, version, position, topic, recorded_at, command, state, salt, leaf: an event as its bytes stand in the file."""

Vertebra = tuple[bytes, bytes]
"""recorded_at and leaf of one event."""


class Extent(NamedTuple):
    """How far the log goes: its last position, and the last one that the store's own counter says it dealt."""

    last: int
    dealt: int


class Part(NamedTuple):
    """The streams after one id up to another (None: from the first, to the last), as far as a position of the log."""

    after: bytes | None
    upto: bytes | None
    last: int


class AuditLog(Protocol):
    """A stored log as the deep check reads it: nothing in it is believed, and it need not be sound to be opened.

    What cannot be read raises `Unreachable`.
    """

    def damage(self) -> list[str]:
        """What the store's own integrity check finds; empty where it is sound."""

    def schema_differences(self) -> list[str]:
        """Tables, indexes and triggers that are missing, changed or not ours."""

    def extent(self) -> Extent:
        """How far the log goes."""

    def parts(self, count: int, last: int) -> list[Part]:
        """The streams up to a position, in about `count` parts of the same number of events."""

    def by_stream(self, part: Part) -> Iterator[list[StoredRow]]:
        """The events of a part, stream by stream, each in the order of its versions."""

    def stream(self, stream: bytes, last: int) -> list[StoredRow]:
        """The events of one stream up to a position, in the order of their versions."""

    def spine(self, last: int) -> Iterator[list[Vertebra]]:
        """Time and leaf of every event up to a position, in the order of the log."""

    def first_gap(self, last: int) -> tuple[int, int] | None:
        """The first place where positions do not count on from 1: how many events stand before it, and what follows."""

    def nodes(self) -> list[tuple[int, int, bytes]]:
        """Level, number and hash of every stored subtree."""

    def lacks_command(self, command_id: str) -> bool:
        """Say whether no event is found under a command id."""

    def close(self) -> None:
        """Give it back."""


OpenAudit = Callable[[bool], AuditLog]
"""Opens a log for the deep check; told whether this process is there for nothing else, and so may die of what the file
does. It can be pickled, so that another process opens the same log."""


class EventRecorder(Protocol):
    """A store as the Ledger uses it."""

    clock: Callable[[], datetime]

    def writing(self) -> AbstractContextManager[Writing]:
        """Open a writing transaction, queueing fairly behind other writers of any process."""

    def read_stream(self, stream: str, gt: int = 0, lte: int | None = None) -> list[Row]:
        """The events of a stream, outside any writing transaction."""

    def scan(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """Every event after a position, in order, in bounded memory."""

    def count(self) -> int:
        """How many events are recorded."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Stored hashes of complete subtrees of 256**level leaves (level 0: the leaves)."""

    def root(self, size: int | None = None) -> bytes:
        """The root hash of the tree over the first `size` events."""

    def auditor(self) -> OpenAudit:
        """What opens this log for the deep check."""
