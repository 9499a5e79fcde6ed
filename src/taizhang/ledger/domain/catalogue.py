"""Owns the names under which events are stored: topic with version, the decoder of each, streams and numbers.

A stored topic is our own tag, never a Python path. An old topic stays here for ever, with its upcast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from . import events as e
from . import keys as k
from . import policy as p
from . import register as r
from .envelope import Entry, Envelope
from .errors import Unreachable
from .transitions import TRANSITIONS
from .values import visible

LEDGER_STREAM = "ledger"
REGISTER_STREAM = "register"
FINDING_PREFIX = "finding/"

TOPICS: dict[type, str] = {
    r.LedgerOpened: "ledger.opened.v1",
    k.KeyAdopted: "ledger.key-adopted.v1",
    r.UnitAdded: "unit.added.v1",
    r.UnitAmended: "unit.amended.v1",
    r.PersonAdded: "person.added.v1",
    r.PersonAmended: "person.amended.v1",
    r.PersonErased: "person.erased.v1",
    r.ProgrammeOpened: "programme.opened.v1",
    r.ProgrammeClosed: "programme.closed.v1",
    p.PolicySet: "policy.set.v1",
    p.CalendarAdopted: "calendar.adopted.v1",
    e.FindingLogged: "finding.logged.v1",
    e.FindingAssigned: "finding.assigned.v1",
    e.FindingAcknowledged: "finding.acknowledged.v1",
    e.FindingObjected: "finding.objected.v1",
    e.MeasureActed: "finding.measure-acted.v1",
    e.EvidenceAttached: "finding.evidence-attached.v1",
    e.ClosureRequested: "finding.closure-requested.v1",
    e.FindingVerified: "finding.verified.v1",
    e.FindingReturned: "finding.returned.v1",
    e.FindingClosed: "finding.closed.v1",
    e.FindingWithdrawn: "finding.withdrawn.v1",
    e.FindingTransferred: "finding.transferred.v1",
    e.FindingAmended: "finding.amended.v1",
    e.FindingCommented: "finding.commented.v1",
    e.PlanRevised: "finding.plan-revised.v1",
    e.ExtensionRequested: "finding.extension-requested.v1",
    e.ExtensionGranted: "finding.extension-granted.v1",
    e.ExtensionRefused: "finding.extension-refused.v1",
    e.FindingEscalated: "finding.escalated.v1",
    e.EscalationReceived: "finding.escalation-received.v1",
    e.FindingFollowedUp: "finding.followed-up.v1",
    e.FindingReopened: "finding.reopened.v1",
    e.FindingLinked: "finding.linked.v1",
    e.FindingCarriedIn: "finding.carried-in.v1",
    e.CarryInUndone: "finding.carry-in-undone.v1",
}

EVENT_OF: dict[type, type] = {
    **{row.command: row.event for row in TRANSITIONS},
    r.AddUnit: r.UnitAdded,
    r.AmendUnit: r.UnitAmended,
    r.AddPerson: r.PersonAdded,
    r.AmendPerson: r.PersonAmended,
    r.ErasePerson: r.PersonErased,
    r.OpenProgramme: r.ProgrammeOpened,
    r.CloseProgramme: r.ProgrammeClosed,
    p.SetPolicy: p.PolicySet,
    p.AdoptCalendar: p.CalendarAdopted,
    p.CorrectCalendar: p.CalendarAdopted,
    k.AdoptKey: k.KeyAdopted,
}
"""command → the event that it leads to."""


class _Decoders(dict[str, Callable[[bytes], Envelope[Any]]]):
    """Each made when it is first asked for: all of them would be a tenth of the start of a command."""

    def __missing__(self, topic: str) -> Callable[[bytes], Envelope[Any]]:
        decode: Callable[[bytes], Envelope[Any]] = msgspec.json.Decoder(Envelope[_EVENTS[topic]]).decode  # type: ignore[valid-type]
        self[topic] = decode
        return decode


_EVENTS = {topic: event for event, topic in TOPICS.items()}

DECODE: Mapping[str, Callable[[bytes], Envelope[Any]]] = _Decoders()
"""topic → bytes → Envelope."""

encode: Callable[[Envelope[Any]], bytes] = msgspec.json.Encoder().encode
"""Envelope → the UTF-8 JSON that is stored and hashed."""


def entry(index: int, stream: str, version: int, topic: str, recorded_at: str, state: bytes) -> Entry[Any]:
    """Return the recorded event from its stored columns.

    Raises:
        Unreachable: ``log.unreadable``: the topic is none of ours, or the state is not what it promises.
    """
    try:
        return Entry(index, stream, version, topic, recorded_at, DECODE[topic](state))
    except (KeyError, msgspec.DecodeError) as error:
        raise unreadable(index, topic) from error


def unreadable(index: int, topic: str) -> Unreachable:
    """Return the refusal of an event that cannot be read, or does not follow from those before it: a damaged log."""
    return Unreachable("log.unreadable", index=index, topic=visible(topic)[:80])


_NUMBER = re.compile(r"(?P<programme>.+)-(?P<ordinal>[0-9]{3,8})")


def number_of(programme: str, ordinal: int) -> str:
    """Return the number that people quote, for example ``JYZD-2023-001``."""
    return f"{programme}-{ordinal:03d}"


def stream_of(programme: str, ordinal: int) -> str:
    """Return the stream of a finding; text order is the order of its ordinals."""
    return f"{FINDING_PREFIX}{programme}/{ordinal:08d}"


@lru_cache(maxsize=4096)
def stream_of_number(number: str) -> str | None:
    """Return the stream of the finding with that number, or None where it is no number at all."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return None
    programme, ordinal = match["programme"], int(match["ordinal"])
    return stream_of(programme, ordinal) if number_of(programme, ordinal) == number else None


def ordinal_of_stream(stream: str) -> int:
    """Return the ordinal at the end of a finding's stream."""
    return int(stream.rpartition("/")[2])
