"""Owns TRANSITIONS: the one table of who may do what to a finding in which state, and where that leads.

It drives the guards in `decide`, the steps that the terminal offers, the diagram in the docs and the property tests.
Source: docs/life.md.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from msgspec import Struct

from . import commands as c
from . import events as e
from .values import OPEN_STATES, Role, State


class Party(StrEnum):
    """To which unit the actor must belong, beside holding the role."""

    ANYONE = "anyone"
    LEAD = "lead"  # the lead unit or a unit below it
    INVOLVED = "involved"  # the lead unit, a cooperating unit, or a unit below one of them
    OUTSIDE = "outside"  # none of them: a unit does not verify itself


class Transition(Struct, frozen=True):
    """One row of the table.

    Args:
        command: the kind of command.
        event: what it leads to.
        sources: the states in which it is allowed; None stands for "not yet logged".
        target: the state that it leads to; None where the state stays as it is, or where the event itself says it.
        roles: any one of these is enough.
        party: to which unit the actor must belong.
    """

    command: type[c.FindingCommand]
    event: type[e.FindingEvent]
    sources: frozenset[State | None]
    target: State | None
    roles: frozenset[Role]
    party: Party = Party.ANYONE

    @property
    def name(self) -> str:
        """The command's word on the command line and in the catalogues."""
        return tag_of(self.command)


@cache
def tag_of(command: type[Struct]) -> str:
    """Return the command's word, for example ``request-closure``."""
    tag = command.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{command.__name__} has no tag")
    return tag


def _row(
    command: type[c.FindingCommand],
    event: type[e.FindingEvent],
    sources: set[State | None] | frozenset[State],
    target: State | None,
    roles: set[Role] | frozenset[Role],
    party: Party = Party.ANYONE,
) -> Transition:
    return Transition(command, event, frozenset(sources), target, frozenset(roles), party)


_UNIT = {Role.UNIT_OFFICER, Role.UNIT_HEAD}
_ALL_STATES = frozenset(State)
_RUNNING = frozenset({State.ASSIGNED, State.RECTIFYING, State.AWAITING})

INSPECTION = frozenset({Role.INSPECTOR, Role.OFFICE})
_IMPORT = INSPECTION | {Role.ADMIN}

AMENDABLE: dict[str, frozenset[Role]] = {
    "title": INSPECTION,
    "source": INSPECTION,
    "category": INSPECTION,
    "criteria": INSPECTION,
    "severity": INSPECTION,
    "found_on": INSPECTION,
    "team": INSPECTION,
    "closure_criteria": frozenset({Role.OFFICE}),
    "cooperating_units": frozenset({Role.OFFICE}),
    "accountable_leader": INSPECTION | _UNIT,
    "responsible_person": INSPECTION | _UNIT,
}
"""Fields that an amendment can correct and who may; a deadline, a unit and a state only move by their own steps."""

TRANSITIONS: tuple[Transition, ...] = (
    _row(c.LogFinding, e.FindingLogged, {None}, State.LOGGED, {Role.INSPECTOR}),
    _row(c.AssignFinding, e.FindingAssigned, {State.LOGGED}, State.ASSIGNED, {Role.OFFICE}),
    _row(c.AcknowledgeFinding, e.FindingAcknowledged, {State.ASSIGNED}, State.RECTIFYING, _UNIT, Party.LEAD),
    _row(c.ObjectToFinding, e.FindingObjected, {State.ASSIGNED}, State.LOGGED, _UNIT, Party.LEAD),
    _row(c.ActOnMeasure, e.MeasureActed, {State.RECTIFYING}, None, _UNIT, Party.INVOLVED),
    # from assigned: immediate findings alone (立行立改), see rules._must_be_ready
    _row(c.AttachEvidence, e.EvidenceAttached, {State.ASSIGNED, State.RECTIFYING}, None, _UNIT, Party.INVOLVED),
    _row(
        c.RequestClosure,
        e.ClosureRequested,
        {State.ASSIGNED, State.RECTIFYING},
        State.AWAITING,
        {Role.UNIT_HEAD},
        Party.LEAD,
    ),
    _row(c.RevisePlan, e.PlanRevised, {State.RECTIFYING}, None, _UNIT, Party.LEAD),
    _row(c.VerifyFinding, e.FindingVerified, {State.AWAITING}, None, {Role.VERIFIER}, Party.OUTSIDE),
    _row(c.ReturnFinding, e.FindingReturned, {State.AWAITING}, State.RECTIFYING, {Role.VERIFIER}, Party.OUTSIDE),
    _row(c.CloseFinding, e.FindingClosed, {State.AWAITING}, State.CLOSED, {Role.APPROVER}, Party.OUTSIDE),
    _row(c.RequestExtension, e.ExtensionRequested, _RUNNING, None, _UNIT, Party.LEAD),
    _row(c.GrantExtension, e.ExtensionGranted, _RUNNING, None, {Role.OFFICE}),
    _row(c.RefuseExtension, e.ExtensionRefused, _RUNNING, None, {Role.OFFICE}),
    _row(c.Remind, e.FindingEscalated, _RUNNING, None, {Role.OFFICE}),
    _row(c.ListPublicly, e.FindingEscalated, _RUNNING, None, {Role.OFFICE}),
    _row(c.ReceiveEscalation, e.EscalationReceived, _RUNNING, None, _UNIT, Party.LEAD),
    _row(c.FollowUp, e.FindingFollowedUp, {State.CLOSED}, None, {Role.INSPECTOR}),
    _row(c.ReopenFinding, e.FindingReopened, {State.CLOSED}, State.RECTIFYING, {Role.APPROVER}),
    _row(c.WithdrawFinding, e.FindingWithdrawn, OPEN_STATES, State.WITHDRAWN, {Role.LEADER}),
    _row(c.TransferFinding, e.FindingTransferred, OPEN_STATES, State.TRANSFERRED, {Role.LEADER}),
    _row(c.AmendFinding, e.FindingAmended, _ALL_STATES, None, frozenset().union(*AMENDABLE.values())),
    _row(c.LinkFinding, e.FindingLinked, _ALL_STATES, None, frozenset(Role)),
    _row(c.CommentOnFinding, e.FindingCommented, _ALL_STATES, None, frozenset(Role)),
    _row(c.CarryIn, e.FindingCarriedIn, {None}, None, _IMPORT),
    # any state that a sheet can claim, while nothing else has happened: see rules._must_be_ready
    _row(c.UndoCarryIn, e.CarryInUndone, _ALL_STATES, State.WITHDRAWN, _IMPORT),
)

BY_COMMAND: dict[type[c.FindingCommand], Transition] = {row.command: row for row in TRANSITIONS}
"""The same table by command; a command has one row."""

BY_IMPORT: frozenset[type[c.FindingCommand]] = frozenset({c.CarryIn, c.UndoCarryIn})
"""What only an import gives; nobody is offered it as a next step."""

STEPS = frozenset(row.name for row in TRANSITIONS)
"""The words of all steps: those whose roles a policy can say otherwise."""
