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
from .carrying import Carried, claimed_fields
from .envelope import Entry
from .policy import Level
from .values import (
    Account,
    Conclusion,
    Deadline,
    Evidence,
    FindingClass,
    LinkKind,
    Method,
    Progress,
    Result,
    Severity,
    State,
)


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


class Extension(Struct, frozen=True, omit_defaults=True):
    """A request for a later deadline that waits for the office."""

    deadline: Deadline
    reason: str
    progress: str
    by: str
    on: date


class Escalation(Struct, frozen=True, omit_defaults=True):
    """A step of escalation in the current round, and when the unit signed for its document."""

    level: Level
    document: str
    on: date
    text: str = ""
    received_on: date | None = None
    received_by: str = ""


class FollowedUp(Struct, frozen=True, omit_defaults=True):
    """The latest look back at a closed finding."""

    result: Result
    text: str
    by: str
    on: date


class Link(Struct, frozen=True):
    """How it stands to another finding."""

    other: str
    kind: LinkKind


class Round(Struct, frozen=True, omit_defaults=True):
    """A closed round (轮次), frozen when the next one began."""

    round: int
    original_deadline: Deadline | None
    deadline: Deadline | None
    measures: tuple[Measure, ...]
    evidence: tuple[Evidence, ...]
    verification: Verification | None
    closed_at: str
    closed_on: date | None
    closed_by: str
    returns: int
    extensions: int
    late: bool
    reopened_on: date


class Finding(Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """A finding as it stands after `version` events.

    Times ending in `_at` are recorded times (UTC, ISO 8601), days ending in `_on` are when it happened on site.
    `hands`, `request`, `verification`, `verifiers` (all who verified), `relapse_found_by` (all who did), `measures`, `evidence`, `returns`, `extensions`,
    `escalations`, `follow_up` and the deadlines belong to the current round. `missed`: in this round a deadline passed
    before it was moved. `carried`: what a sheet claimed of it, where it came in from one (期初转入). `found_on` is unknown
    (None) only where that sheet did not say it.
    """

    number: str
    programme: str
    title: str
    source: str
    found_on: date | None
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
    extension: Extension | None = None
    extensions: int = 0
    missed: bool = False
    closed_late: bool = False
    escalations: tuple[Escalation, ...] = ()
    follow_up: FollowedUp | None = None
    relapse_found_by: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    rounds: tuple[Round, ...] = ()
    carried: Carried | None = None

    @property
    def carried_closed(self) -> bool:
        """Whether it is closed by the word of a sheet alone: no closure that this ledger witnessed."""
        came = self.carried
        return came is not None and came.state is self.state is State.CLOSED and self.round == came.round

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
        ValueError: the stream does not begin with a finding logged or carried in, or a version is missing: a damaged log.
    """
    event = entry.envelope.data
    if finding is None:
        if entry.version == 1 and isinstance(event, e.FindingLogged):
            return _logged(event, entry)
        if entry.version == 1 and isinstance(event, e.FindingCarriedIn):
            return _carried_in(event, entry)
        raise ValueError(f"{entry.stream} does not begin with a logged finding")
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


def _carried_in(event: e.FindingCarriedIn, entry: Entry[e.FindingEvent]) -> Finding:
    """Return the finding as the sheet claims it stands; nobody's hand is in it, and no closure is witnessed."""
    return Finding(
        number=event.number,
        programme=event.programme,
        logged_at=entry.recorded_at,
        logged_by=entry.envelope.actor,
        changed_at=entry.recorded_at,
        measures=tuple([Measure(m.text, m.progress, m.report) for m in event.claim.measures]),
        **claimed_fields(event.claim, event.origin, entry.envelope.happened_on),
    )


def _changes(f: Finding, event: e.FindingEvent, entry: Entry[e.FindingEvent]) -> dict[str, Any]:
    """Return the fields that the event changes."""
    who = entry.envelope
    match event:  # what happens most often stands first
        case e.FindingCommented():
            return {"comments": f.comments + 1}
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
                "missed": f.missed or _passed(f, who.happened_on),
                "closure_criteria": event.closure_criteria,
                "assigned_on": who.happened_on,
            }
        case e.FindingAcknowledged():
            measures = tuple(Measure(text) for text in event.measures)
            return {"state": State.RECTIFYING, "measures": measures, "hands": _with_hand(f, entry)}
        case e.ClosureRequested():
            changes: dict[str, Any] = {
                "state": State.AWAITING,
                "request": Request(event.text, who.actor, who.happened_on),
                "verification": None,
                "hands": _with_hand(f, entry),
                "missing": "",
            }
            if event.measures:
                done = (Measure(text, Progress.DONE, "", who.happened_on) for text in event.measures)
                changes["measures"] = (*f.measures, *done)
            return changes
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
                "closed_late": f.missed or _passed(f, who.happened_on),
                "extension": None,
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
            # whoever asked for a later deadline asked for a task that is gone
            return {
                "state": State.LOGGED,
                "objections": f.objections + 1,
                "grounds": event.grounds,
                "extension": None,
            }
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
        case e.PlanRevised():
            known = {measure.text: measure for measure in f.measures}
            measures = tuple(known.get(text, Measure(text)) for text in event.measures)
            return {"measures": measures, "hands": _with_hand(f, entry)}
        case e.ExtensionRequested():
            extension = Extension(event.deadline, event.reason, event.progress, who.actor, who.happened_on)
            return {"extension": extension}
        case e.ExtensionGranted():
            return {
                "deadline": event.deadline,
                "extension": None,
                "extensions": f.extensions + 1,
                "missed": f.missed or _passed(f, who.happened_on),
            }
        case e.ExtensionRefused():
            return {"extension": None}
        case e.FindingEscalated():
            escalation = Escalation(event.level, event.document, who.happened_on, event.text)
            return {"escalations": (*f.escalations, escalation)}
        case e.EscalationReceived():
            received = {"received_on": who.happened_on, "received_by": who.actor}
            return {
                "escalations": tuple(
                    replace(step, **received) if step.document == event.document else step for step in f.escalations
                )
            }
        case e.FindingFollowedUp():
            changes = {"follow_up": FollowedUp(event.result, event.text, who.actor, who.happened_on)}
            if event.result is Result.RELAPSED and who.actor not in f.relapse_found_by:
                changes["relapse_found_by"] = (*f.relapse_found_by, who.actor)
            return changes
        case e.FindingReopened():
            return _reopened(f, event, who.happened_on)
        case e.FindingLinked():
            return {"links": (*f.links, Link(event.other, event.kind))}
        case e.CarryInUndone():
            return {"state": State.WITHDRAWN, "grounds": event.grounds, "ended_on": who.happened_on}
        case e.FindingLogged() | e.FindingCarriedIn():
            raise ValueError(f"{entry.stream} is logged twice")
        case _:
            assert_never(event)


def _passed(f: Finding, on: date) -> bool:
    """Say whether the current deadline had passed on a day; a sustained finding has none that can be missed."""
    return f.due is not None and f.class_ is not FindingClass.SUSTAINED and f.due < on


def _reopened(f: Finding, event: e.FindingReopened, on: date) -> dict[str, Any]:
    """Freeze the closed round and begin the next: the measures are planned again, nothing of them is done."""
    closed = Round(
        round=f.round,
        original_deadline=f.original_deadline,
        deadline=f.deadline,
        measures=f.measures,
        evidence=f.evidence,
        verification=f.verification,
        closed_at=f.closed_at,
        closed_on=f.closed_on,
        closed_by=f.closed_by,
        returns=f.returns,
        extensions=f.extensions,
        late=f.closed_late,
        reopened_on=on,
    )
    return {
        "state": State.RECTIFYING,
        "round": event.round,
        "rounds": (*f.rounds, closed),
        "deadline": event.deadline,
        "original_deadline": event.deadline,
        "measures": tuple(Measure(measure.text) for measure in f.measures),
        "evidence": (),
        "hands": (),
        "request": None,
        "verification": None,
        "verifiers": (),
        "returns": 0,
        "missing": "",
        "extension": None,
        "extensions": 0,
        "missed": False,
        "closed_late": False,
        "escalations": (),
        "follow_up": None,
        "relapse_found_by": (),
        "closed_at": "",
        "closed_on": None,
        "closed_by": "",
        "ended_on": None,
    }


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
