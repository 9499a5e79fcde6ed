"""Owns the state of one finding and how each event changes it (`evolve`).

Pure: no clock, no file, no rule (those are in `rules`), no label. The fold of the log, of the read models and of every
"as it stood then" is this one function.
"""

from __future__ import annotations

from datetime import date
from typing import Any, assert_never

from msgspec import Struct
from msgspec.structs import replace

from . import events as e
from .envelope import Entry
from .values import Account, Conclusion, Deadline, Evidence, FindingClass, Method, Progress, Severity, State


class Measure(Struct, frozen=True, omit_defaults=True):
    """A planned measure (整改措施) and how far it is."""

    text: str
    progress: Progress = Progress.NONE
    report: str = ""
    reported_on: date | None = None


class Hand(Struct, frozen=True):
    """Somebody who planned, acted, brought evidence or asked for closure in the current round."""

    person: str
    account: Account


class Request(Struct, frozen=True):
    """A request for closure that waits for its verification."""

    text: str
    by: str
    on: date


class Verification(Struct, frozen=True, omit_defaults=True):
    """The latest verification of the current request."""

    method: Method
    conclusion: Conclusion
    by: str
    account: Account
    on: date
    text: str = ""


class Finding(Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """A finding as it stands after `version` events.

    Times ending in `_at` are recorded times (UTC, ISO 8601), days ending in `_on` are when it happened on site.
    `hands`, `request`, `verification` and `verifiers` (all who verified) belong to the current round.
    """

    number: str
    programme: str
    title: str
    source: str
    found_on: date
    logged_at: str
    logged_by: str
    state: State = State.LOGGED
    version: int = 1
    round: int = 1
    changed_at: str = ""
    team: str = ""
    criteria: str = ""
    category: str = ""
    severity: Severity | None = None
    lead_unit: str = ""
    cooperating_units: tuple[str, ...] = ()
    accountable_leader: str = ""
    responsible_person: str = ""
    class_: FindingClass | None = None
    deadline: Deadline | None = None
    original_deadline: Deadline | None = None
    closure_criteria: str = ""
    assigned_on: date | None = None
    measures: tuple[Measure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    hands: tuple[Hand, ...] = ()
    request: Request | None = None
    verification: Verification | None = None
    verifiers: tuple[str, ...] = ()
    returns: int = 0
    objections: int = 0
    missing: str = ""
    closed_at: str = ""
    closed_on: date | None = None
    closed_by: str = ""
    ended_on: date | None = None
    grounds: str = ""
    transferred_to: str = ""
    duplicate_of: str = ""
    comments: int = 0

    @property
    def due(self) -> date | None:
        """The day on which it is due now."""
        return self.deadline.due if self.deadline else None

    @property
    def original_due(self) -> date | None:
        """The day on which it was due at first; no extension changes it."""
        return self.original_deadline.due if self.original_deadline else None


def evolve(finding: Finding | None, entry: Entry[e.FindingEvent]) -> Finding:
    """Return the finding after `entry`; total over every event of a finding's stream.

    Raises:
        ValueError: the stream does not begin with `FindingLogged`, or a version is missing: a damaged log.
    """
    event = entry.envelope.data
    if finding is None:
        if not isinstance(event, e.FindingLogged) or entry.version != 1:
            raise ValueError(f"{entry.stream} does not begin with a logged finding")
        return _logged(event, entry)
    if entry.version != finding.version + 1:
        raise ValueError(f"{entry.stream}: version {entry.version} follows {finding.version}")
    return replace(finding, version=entry.version, changed_at=entry.recorded_at, **_changes(finding, event, entry))


def _logged(event: e.FindingLogged, entry: Entry[e.FindingEvent]) -> Finding:
    return Finding(
        number=event.number,
        programme=event.programme,
        title=event.title,
        source=event.source,
        found_on=event.found_on,
        logged_at=entry.recorded_at,
        logged_by=entry.envelope.actor,
        changed_at=entry.recorded_at,
        team=event.team,
        criteria=event.criteria,
        category=event.category,
        severity=event.severity,
    )


def _changes(f: Finding, event: e.FindingEvent, entry: Entry[e.FindingEvent]) -> dict[str, Any]:
    """Return the fields that the event changes."""
    who = entry.envelope
    match event:
        case e.MeasureActed():
            return {"measures": _acted(f.measures, event, who.happened_on), "hands": _with_hand(f, entry)}
        case e.EvidenceAttached():
            return {"evidence": (*f.evidence, event.evidence), "hands": _with_hand(f, entry)}
        case e.FindingAssigned():
            return {
                "state": State.ASSIGNED,
                "lead_unit": event.lead_unit,
                "cooperating_units": event.cooperating_units,
                "accountable_leader": event.accountable_leader,
                "responsible_person": event.responsible_person,
                "class_": event.class_,
                "deadline": event.deadline,
                "original_deadline": f.original_deadline or event.deadline,
                "closure_criteria": event.closure_criteria,
                "assigned_on": who.happened_on,
            }
        case e.FindingAcknowledged():
            measures = tuple(Measure(text) for text in event.measures)
            return {"state": State.RECTIFYING, "measures": measures, "hands": _with_hand(f, entry)}
        case e.ClosureRequested():
            request = Request(event.text, who.actor, who.happened_on)
            hands = _with_hand(f, entry)
            return {"state": State.AWAITING, "request": request, "verification": None, "hands": hands, "missing": ""}
        case e.FindingVerified():
            verification = Verification(
                event.method, event.conclusion, who.actor, who.account, who.happened_on, event.text
            )
            verifiers = f.verifiers if who.actor in f.verifiers else (*f.verifiers, who.actor)
            return {"verification": verification, "verifiers": verifiers}
        case e.FindingClosed():
            return {
                "state": State.CLOSED,
                "closed_at": entry.recorded_at,
                "closed_on": who.happened_on,
                "closed_by": who.actor,
                "ended_on": who.happened_on,
            }
        case e.FindingReturned():
            return {
                "state": State.RECTIFYING,
                "request": None,
                "verification": None,
                "returns": f.returns + 1,
                "missing": event.missing,
            }
        case e.FindingObjected():
            return {"state": State.LOGGED, "objections": f.objections + 1, "grounds": event.grounds}
        case e.FindingWithdrawn():
            return {
                "state": State.WITHDRAWN,
                "grounds": event.grounds,
                "duplicate_of": event.duplicate_of,
                "ended_on": who.happened_on,
            }
        case e.FindingTransferred():
            return {
                "state": State.TRANSFERRED,
                "transferred_to": event.to,
                "grounds": event.grounds,
                "ended_on": who.happened_on,
            }
        case e.FindingAmended():
            return {event.field: amended_value(event.field, event.new)}
        case e.FindingCommented():
            return {"comments": f.comments + 1}
        case e.FindingLogged():
            raise ValueError(f"{entry.stream} is logged twice")
        case _:
            assert_never(event)


def _acted(measures: tuple[Measure, ...], event: e.MeasureActed, on: date) -> tuple[Measure, ...]:
    at = event.measure - 1
    acted = Measure(measures[at].text, event.progress, event.text, on)
    return (*measures[:at], acted, *measures[at + 1 :])


def _with_hand(f: Finding, entry: Entry[e.FindingEvent]) -> tuple[Hand, ...]:
    hand = Hand(entry.envelope.actor, entry.envelope.account)
    return f.hands if hand in f.hands else (*f.hands, hand)


def amended_value(field: str, text: str | tuple[str, ...]) -> str | tuple[str, ...] | date | Severity | None:
    """Return the typed value of an amended field from the text that the event keeps."""
    if field == "found_on" and isinstance(text, str):
        return date.fromisoformat(text)
    if field == "severity":
        return Severity(text) if text and isinstance(text, str) else None
    return text


def amendable_text(value: str | tuple[str, ...] | date | Severity | None) -> str | tuple[str, ...]:
    """Return the text that an amendment keeps for a value; the other way round of `amended_value`."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else (str(value) if isinstance(value, str) else value)
