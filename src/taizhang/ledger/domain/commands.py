"""Owns every command that a person can give about a finding. Pure values: what they wish, not whether they may.

`number` names the finding (`JYZD-2023-001`); who asks, when and through what comes in with the `Context`.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from .calendar import DueRule
from .carrying import Claim, Origin
from .policy import Level
from .values import Conclusion, Evidence, FindingClass, LinkKind, Method, Progress, Result, Severity


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
    """Hand it to a unit. `due` is a day or a rule; it may be left out for a sustained finding only."""

    number: str
    lead_unit: str
    class_: FindingClass
    closure_criteria: str
    due: DueRule | None = None
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
    """Say what was done against the closure criteria; `measures` where an immediate finding was not acknowledged."""

    number: str
    text: str
    measures: tuple[str, ...] = ()


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


class RevisePlan(Struct, frozen=True, tag="plan"):
    """Plan the measures anew: all of them, as they are to be from now on."""

    number: str
    measures: tuple[str, ...]
    reason: str


class RequestExtension(Struct, frozen=True, tag="extend"):
    """Ask for a later deadline, before it is due."""

    number: str
    due: DueRule
    reason: str
    progress: str = ""


class GrantExtension(Struct, frozen=True, tag="grant"):
    """Grant the extension that waits; `due` grants another day than the one asked for."""

    number: str
    due: DueRule | None = None
    reason: str = ""


class RefuseExtension(Struct, frozen=True, tag="refuse"):
    """Refuse the extension that waits."""

    number: str
    reason: str


class Remind(Struct, frozen=True, tag="remind"):
    """Take a step of escalation; without a document number the ledger deals one."""

    number: str
    level: Level
    document: str = ""
    text: str = ""


class ListPublicly(Struct, frozen=True, tag="list-publicly"):
    """Put it under listed supervision (挂牌督办)."""

    number: str
    document: str = ""
    text: str = ""


class ReceiveEscalation(Struct, frozen=True, tag="receive"):
    """Sign for the document of an escalation; without its number for the last one."""

    number: str
    document: str = ""
    text: str = ""


class FollowUp(Struct, frozen=True, tag="follow-up"):
    """Look back at a closed finding; a relapse says on what basis."""

    number: str
    result: Result
    text: str = ""


class ReopenFinding(Struct, frozen=True, tag="reopen"):
    """Begin the next round of a finding that has relapsed."""

    number: str
    reason: str
    due: DueRule


class LinkFinding(Struct, frozen=True, tag="link"):
    """Link it to another finding."""

    number: str
    other: str
    kind: LinkKind = LinkKind.RELATED


class CarryIn(Struct, frozen=True, tag="carry-in"):
    """Carry in what a sheet claims of a finding. Its number is dealt as when it is logged."""

    programme: str
    claim: Claim
    origin: Origin
    cells: dict[str, str] = {}


class UndoCarryIn(Struct, frozen=True, tag="undo-carry-in"):
    """Take back what was carried in, while nothing else has happened to it."""

    number: str
    grounds: str


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
    | RevisePlan
    | RequestExtension
    | GrantExtension
    | RefuseExtension
    | Remind
    | ListPublicly
    | ReceiveEscalation
    | FollowUp
    | ReopenFinding
    | LinkFinding
    | UndoCarryIn
)
NewCommand = LogFinding | CarryIn
"""What begins a finding."""
FindingCommand = NewCommand | StepCommand
