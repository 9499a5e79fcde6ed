"""Owns every event that can happen to a finding. Pure values: no rule, no clock.

An event is never edited: a new field has a default, anything else is a new version of the topic with an upcast in
`catalogue`. Golden files of every version ever written stay in `tests/domain/golden`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from .carrying import Claim, Origin
from .policy import Level
from .values import Conclusion, Deadline, Evidence, FindingClass, LinkKind, Method, Progress, Result, Severity


class FindingLogged(Struct, frozen=True, omit_defaults=True):
    """The supervision team logged a finding (登记)."""

    number: str
    programme: str
    title: str
    source: str
    found_on: date
    team: str = ""
    criteria: str = ""
    category: str = ""
    severity: Severity | None = None


class FindingAssigned(Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """The office handed it to a unit with a deadline (交办)."""

    lead_unit: str
    class_: FindingClass
    deadline: Deadline
    closure_criteria: str
    cooperating_units: tuple[str, ...] = ()
    accountable_leader: str = ""
    responsible_person: str = ""


class FindingAcknowledged(Struct, frozen=True, omit_defaults=True):
    """The unit signed for it and planned its measures (签收)."""

    measures: tuple[str, ...]


class FindingObjected(Struct, frozen=True, omit_defaults=True):
    """The unit objected with grounds (异议); the finding is logged again, for the office to decide."""

    grounds: str


class MeasureActed(Struct, frozen=True, omit_defaults=True):
    """Progress on one measure (进展). `measure` counts from 1."""

    measure: int
    progress: Progress
    text: str


class EvidenceAttached(Struct, frozen=True, omit_defaults=True):
    """A piece of evidence was attached (佐证材料)."""

    evidence: Evidence


class ClosureRequested(Struct, frozen=True, omit_defaults=True):
    """The unit's head says that the closure criteria are met (申请销号).

    `measures`: what was done, where an immediate finding (立行立改) goes from assigned straight to verification.
    """

    text: str
    measures: tuple[str, ...] = ()


class FindingVerified(Struct, frozen=True, omit_defaults=True):
    """A verifier concluded (验收). `same_account`: another person, but the computer account of someone who acted."""

    method: Method
    conclusion: Conclusion
    text: str = ""
    same_account: bool = False


class FindingReturned(Struct, frozen=True, omit_defaults=True):
    """The verifier sent it back for rework (退回), naming what is missing."""

    missing: str


class FindingClosed(Struct, frozen=True, omit_defaults=True):
    """The approver struck it off the list (销号). `signatures`: how many the policy asked for at that moment."""

    same_account: bool = False
    signatures: int = 2


class FindingWithdrawn(Struct, frozen=True, omit_defaults=True):
    """A leader withdrew it with grounds (撤销); a duplicate names the finding that it repeats."""

    grounds: str
    duplicate_of: str = ""


class FindingTransferred(Struct, frozen=True, omit_defaults=True):
    """A leader handed it over to another body (移交)."""

    to: str
    grounds: str = ""


class FindingAmended(Struct, frozen=True, omit_defaults=True):
    """One field was corrected, with a reason; the old value stays here for ever."""

    field: str
    old: str | tuple[str, ...]
    new: str | tuple[str, ...]
    reason: str


class FindingCommented(Struct, frozen=True, omit_defaults=True):
    """Somebody who may see it said something."""

    text: str


class PlanRevised(Struct, frozen=True, omit_defaults=True):
    """The measures were planned anew (调整措施); one whose text stays keeps its progress."""

    measures: tuple[str, ...]
    reason: str


class ExtensionRequested(Struct, frozen=True, omit_defaults=True):
    """The unit asked for a later deadline (申请延期), before it was due."""

    deadline: Deadline
    reason: str
    progress: str


class ExtensionGranted(Struct, frozen=True, omit_defaults=True):
    """The office granted it (同意延期). The original deadline is kept for ever."""

    deadline: Deadline
    reason: str = ""


class ExtensionRefused(Struct, frozen=True, omit_defaults=True):
    """The office refused it (不同意延期)."""

    reason: str


class FindingEscalated(Struct, frozen=True, omit_defaults=True):
    """The office took a step of escalation: 提示函, 督办单, 约谈, 通报, 挂牌督办."""

    level: Level
    document: str
    text: str = ""


class EscalationReceived(Struct, frozen=True, omit_defaults=True):
    """The unit signed for the document of an escalation (回执)."""

    document: str
    text: str = ""


class FindingFollowedUp(Struct, frozen=True, omit_defaults=True):
    """The team looked back (回头看) at a closed finding."""

    result: Result
    text: str


class FindingReopened(Struct, frozen=True, omit_defaults=True):
    """It had relapsed and begins its next round (重开); the closed round stays as it is."""

    round: int
    reason: str
    deadline: Deadline


class FindingLinked(Struct, frozen=True, omit_defaults=True):
    """It was linked to another finding."""

    other: str
    kind: LinkKind


class FindingCarriedIn(Struct, frozen=True, omit_defaults=True):
    """It came in from a sheet, half-way or closed (期初转入): what the sheet claimed, and the cells as they were.

    `cells`: cell (``F12``) → its raw text.
    """

    number: str
    programme: str
    claim: Claim
    origin: Origin
    cells: dict[str, str] = {}


class CarryInUndone(Struct, frozen=True, omit_defaults=True):
    """The import that it came in by was undone, before anything else had happened to it (撤销转入)."""

    grounds: str


FindingEvent = (
    FindingLogged
    | FindingAssigned
    | FindingAcknowledged
    | FindingObjected
    | MeasureActed
    | EvidenceAttached
    | ClosureRequested
    | FindingVerified
    | FindingReturned
    | FindingClosed
    | FindingWithdrawn
    | FindingTransferred
    | FindingAmended
    | FindingCommented
    | PlanRevised
    | ExtensionRequested
    | ExtensionGranted
    | ExtensionRefused
    | FindingEscalated
    | EscalationReceived
    | FindingFollowedUp
    | FindingReopened
    | FindingLinked
    | FindingCarriedIn
    | CarryInUndone
)
