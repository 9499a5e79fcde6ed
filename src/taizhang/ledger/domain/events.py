"""Owns every event that can happen to a finding. Pure values: no rule, no clock.

An event is never edited: a new field has a default, anything else is a new version of the topic with an upcast in
`catalogue`. Golden files of every version ever written stay in `tests/domain/golden`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from .values import Conclusion, Deadline, Evidence, FindingClass, Method, Progress, Severity


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
    """The unit's head says that the closure criteria are met (申请销号)."""

    text: str


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
    """The approver struck it off the list (销号)."""

    same_account: bool = False


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
)
