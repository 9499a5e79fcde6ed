"""Owns every command that a person can give about a finding. Pure values: what they wish, not whether they may.

`number` names the finding (`JYZD-2023-001`); who asks, when and through what comes in with the `Context`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from .values import Conclusion, Evidence, FindingClass, Method, Progress, Severity


class LogFinding(Struct, frozen=True, tag="log"):
    """Log a finding. Its number is dealt by the order of the log within `programme`."""

    programme: str
    title: str
    source: str
    found_on: date
    team: str = ""
    criteria: str = ""
    category: str = ""
    severity: Severity | None = None


class AssignFinding(Struct, frozen=True, tag="assign"):
    """Hand it to a unit. `due` may be left out for a sustained finding only."""

    number: str
    lead_unit: str
    class_: FindingClass
    closure_criteria: str
    due: date | None = None
    cooperating_units: tuple[str, ...] = ()
    accountable_leader: str = ""
    responsible_person: str = ""


class AcknowledgeFinding(Struct, frozen=True, tag="acknowledge"):
    """Sign for it, with one planned measure or more."""

    number: str
    measures: tuple[str, ...]


class ObjectToFinding(Struct, frozen=True, tag="object"):
    """Object with grounds."""

    number: str
    grounds: str


class ActOnMeasure(Struct, frozen=True, tag="act"):
    """Report progress on measure `measure` (from 1)."""

    number: str
    measure: int
    progress: Progress
    text: str


class AttachEvidence(Struct, frozen=True, tag="attach"):
    """Attach evidence that the ledger already keeps under its hash."""

    number: str
    evidence: Evidence


class RequestClosure(Struct, frozen=True, tag="request-closure"):
    """Say what was done against the closure criteria."""

    number: str
    text: str


class VerifyFinding(Struct, frozen=True, tag="verify"):
    """Conclude a verification."""

    number: str
    method: Method
    conclusion: Conclusion
    text: str = ""


class ReturnFinding(Struct, frozen=True, tag="return"):
    """Send it back, naming what is missing."""

    number: str
    missing: str


class CloseFinding(Struct, frozen=True, tag="close"):
    """Strike it off the list."""

    number: str


class WithdrawFinding(Struct, frozen=True, tag="withdraw"):
    """Withdraw it; `duplicate_of` names the finding that it repeats."""

    number: str
    grounds: str
    duplicate_of: str = ""


class TransferFinding(Struct, frozen=True, tag="transfer"):
    """Hand it over to another body."""

    number: str
    to: str
    grounds: str = ""


class AmendFinding(Struct, frozen=True, tag="amend"):
    """Correct one field; several units are given with commas."""

    number: str
    field: str
    value: str
    reason: str


class CommentOnFinding(Struct, frozen=True, tag="comment"):
    """Say something about it."""

    number: str
    text: str


StepCommand = (
    AssignFinding
    | AcknowledgeFinding
    | ObjectToFinding
    | ActOnMeasure
    | AttachEvidence
    | RequestClosure
    | VerifyFinding
    | ReturnFinding
    | CloseFinding
    | WithdrawFinding
    | TransferFinding
    | AmendFinding
    | CommentOnFinding
)
FindingCommand = LogFinding | StepCommand
