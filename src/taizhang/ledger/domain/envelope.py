"""Owns what stands around every event: who, when, through what, why; and the entry as it was recorded.

Pure. The stored state of an event is the JSON of an `Envelope`; the log adds index, version, topic and time.
"""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

from msgspec import Struct

from .values import Account, Via

E = TypeVar("E")


class Envelope(Struct, Generic[E], frozen=True, omit_defaults=True):
    """What is stored (and sealed) of one event, as JSON.

    Args:
        actor: id of the person who acts.
        os_user: operating-system user behind the actor; with `host`, what the machine itself knows.
        via: the door that the command came in by.
        command: id of the command; the same id is recorded once.
        happened_on: the day on which it happened on site, as the person says.
        data: the event itself.
        why: an optional reason in the person's own words.
        clock: what the machine's clock said, where that lay before the event that stands before it; else empty.
    """

    actor: str
    os_user: str
    host: str
    via: Via
    command: str
    happened_on: date
    data: E
    why: str = ""
    clock: str = ""

    @property
    def account(self) -> Account:
        """The operating-system account behind the actor."""
        return Account(self.os_user, self.host)


class Entry(Struct, Generic[E], frozen=True):
    """One recorded event: its place in the log and its envelope.

    Args:
        index: place in the whole log, from 0, without gaps (the leaf index of the Merkle tree).
        stream: id of the stream.
        version: place in the stream, from 1, without gaps.
        topic: the event's own tag, for example ``finding.logged.v1``.
        recorded_at: when the ledger took it: UTC, ISO 8601 with microseconds and ``Z``; text order is time order.
        envelope: who, when, through what, and the event itself.
    """

    index: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    envelope: Envelope[E]

    @property
    def data(self) -> E:
        """The event itself."""
        return self.envelope.data
