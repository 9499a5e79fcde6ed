"""Owns the rules of a finding's life: `decide` gives the events that a command leads to, or refuses it.

Pure and total: clock, actor and register come in with the `Context`. The table of who may do what in which state is
`transitions.TRANSITIONS`; four eyes and what a finding must be ready for are here, what must be said is in `decisions`.
Source: docs/life.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import assert_never

from msgspec import Struct

from . import commands as c
from . import events as e
from . import extensions
from .decisions import DECIDE, begun, future, signatures
from .errors import Rejected
from .finding import Finding
from .register import Person, Register
from .transitions import BY_COMMAND, BY_IMPORT, INSPECTION, TRANSITIONS, Party, Transition
from .values import Account, Conclusion, FindingClass, Result, State


class Context(Struct, frozen=True):
    """What a decision needs beside the command and the finding.

    Args:
        actor: who acts, as registered.
        account: the operating-system account behind the actor.
        today: the day on which the ledger takes the command, in the ledger's time zone.
        happened_on: the day on which it happened on site.
        register: units, people and programmes at that moment.
    """

    actor: Person
    account: Account
    today: date
    happened_on: date
    register: Register


class Offer(Struct, frozen=True):
    """A step that the table offers in this state, and why this actor may not take it, if so."""

    transition: Transition
    refusal: Rejected | None


def decide(command: c.FindingCommand, finding: Finding | None, ctx: Context, *, number: str = "") -> e.FindingEvent:
    """Return the event that `command` leads to, or refuse it.

    Args:
        command: what the actor wishes.
        finding: the finding as it stands; None before it is logged.
        ctx: who, when, and the register.
        number: the number dealt to a finding that is being logged.

    Raises:
        Rejected: with the code of the rule; the parameters say what would be allowed.
    """
    if ctx.happened_on > ctx.today:
        refuse_future(ctx)
    if isinstance(command, c.NewCommand):
        if finding is not None:
            raise Rejected("finding.exists", number=finding.number)
        guard_standing(BY_COMMAND[type(command)], None, ctx)
        return begun(command, number, ctx)
    if finding is None:
        raise Rejected("finding.unknown", number=command.number)
    kind = type(command)
    transition = BY_COMMAND[kind]
    guard_standing(transition, finding, ctx)
    if kind in LOOKS_FURTHER:
        guard_further(transition, finding, ctx)
    rests_on = _RESTS_ON.get(kind)
    earliest = (rests_on(finding) if rests_on else None) or _begun(finding, rests_on is not None)
    if earliest is not None and ctx.happened_on < earliest:
        raise _backdated(finding, earliest, ctx)
    return DECIDE[kind](command, finding, ctx)


def guard(transition: Transition, finding: Finding | None, ctx: Context) -> None:
    """Refuse what the table, four eyes or the finding itself do not allow, whatever the command says.

    Raises:
        Rejected: ``state.wrong``, ``role.missing``, ``unit.not-yours``, ``unit.own-work``, ``verify.own-work`` …
    """
    guard_standing(transition, finding, ctx)
    if finding is not None and transition.command in LOOKS_FURTHER:
        guard_further(transition, finding, ctx)


def guard_standing(transition: Transition, finding: Finding | None, ctx: Context) -> None:
    """Refuse what the table does not allow.

    Looks at the finding's state and units, at the actor and the register, and must never look at anything else:
    `verify` asks once for all events that agree in these.

    Raises:
        Rejected: ``state.wrong``, ``role.missing``, ``unit.not-yours``, ``unit.own-work``.
    """
    state = finding.state if finding else None
    if state not in transition.sources:
        raise Rejected(
            "state.wrong",
            command=transition.name,
            number=finding.number if finding else "",
            state=state,
            allowed_states=sorted(source for source in transition.sources if source),
            allowed_steps=[row.name for row in TRANSITIONS if state in row.sources and row.command not in BY_IMPORT],
        )
    actor = ctx.actor
    said = ctx.register.policy.roles
    roles = (said.get(transition.name) if said else None) or transition.roles
    if actor.roles.isdisjoint(roles):
        raise Rejected(
            "role.missing",
            command=transition.name,
            person=actor.id,
            needed=sorted(roles),
            held=sorted(actor.roles),
        )
    if finding is None:
        return
    match transition.party:
        case Party.LEAD:
            _must_belong(transition, finding, (finding.lead_unit,), ctx)
        case Party.INVOLVED:
            _must_belong(transition, finding, (finding.lead_unit, *finding.cooperating_units), ctx)
        case Party.OUTSIDE:
            if ctx.register.belongs(actor, (finding.lead_unit, *finding.cooperating_units)):
                raise Rejected("unit.own-work", number=finding.number, person=actor.id, unit=actor.unit)
        case Party.ANYONE:
            pass
        case _:
            assert_never(transition.party)


def guard_further(transition: Transition, finding: Finding, ctx: Context) -> None:
    """Refuse what four eyes or the finding itself do not allow, for the commands in `LOOKS_FURTHER`.

    Raises:
        Rejected: ``verify.own-work``, ``request.no-evidence``, ``close.not-verified`` …
    """
    if transition.command in _FOUR_EYES:
        _four_eyes(transition, finding, ctx)
    must_be_ready = _READY.get(transition.command)
    if must_be_ready is not None:
        must_be_ready(transition, finding, ctx)


def offers(finding: Finding | None, ctx: Context) -> tuple[Offer, ...]:
    """Return every step that the table has in this state, each with the refusal that this actor would meet, if any."""
    state = finding.state if finding else None
    found: list[Offer] = []
    for transition in TRANSITIONS:
        if state not in transition.sources or transition.command in BY_IMPORT:
            continue
        try:
            guard(transition, finding, ctx)
            found.append(Offer(transition, None))
        except Rejected as refusal:
            found.append(Offer(transition, refusal))
    return tuple(found)


def _must_belong(transition: Transition, finding: Finding, units: tuple[str, ...], ctx: Context) -> None:
    if not ctx.register.belongs(ctx.actor, units):
        raise Rejected(
            "unit.not-yours",
            command=transition.name,
            number=finding.number,
            person=ctx.actor.id,
            unit=ctx.actor.unit,
            units=list(units),
        )


_FOUR_EYES = frozenset({c.VerifyFinding, c.ReturnFinding, c.CloseFinding, c.ReopenFinding})


def _four_eyes(transition: Transition, finding: Finding, ctx: Context) -> None:
    """The verifier planned, did and asked for nothing in this round; the approver neither, nor did they ever verify.

    Where the policy asks for one signature, the verifier may also close. Who found the relapse does not reopen.
    """
    actor, command = ctx.actor.id, transition.command
    own = any(hand.person == actor for hand in finding.hands)
    if command in (c.VerifyFinding, c.ReturnFinding) and own:
        raise Rejected("verify.own-work", number=finding.number, person=actor)
    if command is c.CloseFinding:
        if signatures(finding, ctx) > 1 and actor in finding.verifiers:
            raise Rejected("close.own-verification", number=finding.number, person=actor)
        if own:
            raise Rejected("close.own-work", number=finding.number, person=actor)
    if command is c.ReopenFinding and actor in finding.relapse_found_by:
        raise Rejected("reopen.own-follow-up", number=finding.number, person=actor)


def _ready_for_evidence(transition: Transition, finding: Finding, _: Context) -> None:
    if finding.state is State.ASSIGNED and finding.class_ is not FindingClass.IMMEDIATE:
        raise Rejected(
            "acknowledge.first", command=transition.name, number=finding.number, finding_class=finding.class_
        )


def _ready_for_closure(transition: Transition, finding: Finding, ctx: Context) -> None:
    _ready_for_evidence(transition, finding, ctx)
    if not finding.evidence:
        raise Rejected("request.no-evidence", number=finding.number)


def _ready_to_close(_: Transition, finding: Finding, __: Context) -> None:
    if finding.verification is None:
        raise Rejected("close.not-verified", number=finding.number)
    if finding.verification.conclusion is not Conclusion.EFFECTIVE:
        raise Rejected("close.not-effective", number=finding.number, conclusion=finding.verification.conclusion)


def _ready_to_amend(transition: Transition, finding: Finding, ctx: Context) -> None:
    if not ctx.actor.roles & INSPECTION:
        _must_belong(transition, finding, (finding.lead_unit,), ctx)


def _ready_to_reopen(_: Transition, finding: Finding, __: Context) -> None:
    if finding.follow_up is None or finding.follow_up.result is not Result.RELAPSED:
        raise Rejected("reopen.no-relapse", number=finding.number)
    if not finding.lead_unit:  # it came in closed, by a sheet that named no unit
        raise Rejected("reopen.no-unit", number=finding.number)


def _ready_to_receive(_: Transition, finding: Finding, __: Context) -> None:
    if all(step.received_on for step in finding.escalations):
        raise Rejected("receive.none", number=finding.number)


def _ready_for_extension(transition: Transition, finding: Finding, ctx: Context) -> None:
    extensions.must_be_ready(transition.command, finding, ctx.happened_on, ctx.register.policy)


def _ready_to_undo(_: Transition, finding: Finding, __: Context) -> None:
    if finding.carried is None or finding.version > 1:
        came = finding.carried is not None
        raise Rejected("carry.undo", number=finding.number, carried=came, version=finding.version)


_READY: dict[type[c.FindingCommand], Callable[[Transition, Finding, Context], None]] = {
    c.AttachEvidence: _ready_for_evidence,
    c.RequestClosure: _ready_for_closure,
    c.CloseFinding: _ready_to_close,
    c.AmendFinding: _ready_to_amend,
    c.ReopenFinding: _ready_to_reopen,
    c.ReceiveEscalation: _ready_to_receive,
    c.RequestExtension: _ready_for_extension,
    c.GrantExtension: _ready_for_extension,
    c.RefuseExtension: _ready_for_extension,
    c.UndoCarryIn: _ready_to_undo,
}
"""What a finding must be ready for beyond its state, so that what is offered can be taken."""

LOOKS_FURTHER = _FOUR_EYES | _READY.keys()
"""The commands whose guard looks further than at the state, the units and the actor's roles."""


def refuse_future(ctx: Context) -> None:
    """Refuse what is said to have happened after today, with ``date.future``."""
    if ctx.happened_on > ctx.today:
        raise future("happened_on", ctx.happened_on, ctx)


def _begun(finding: Finding, in_round: bool) -> date | None:
    """Return the day before which nothing can have happened to the finding, or to its present round.

    What came in from a sheet may name none of these days; then it is the last day that the sheet speaks of, or that of
    the import.
    """
    if in_round and finding.rounds:
        return finding.rounds[-1].reopened_on
    day = (finding.assigned_on if in_round else None) or finding.found_on
    return day or (finding.carried.on if finding.carried else None)


def _assigned(finding: Finding) -> date | None:
    begun = [day for day in (finding.assigned_on, finding.rounds[-1].reopened_on if finding.rounds else None) if day]
    return max(begun, default=None)


def _acted(finding: Finding) -> date | None:
    """The last day on which a measure was reported on, where that was in this round."""
    begun = _assigned(finding)
    days = [measure.reported_on for measure in finding.measures if measure.reported_on is not None]
    return max((*days, begun), default=None) if begun is not None else begun


def _requested(finding: Finding) -> date | None:
    return finding.request.on if finding.request else None


def _extension_asked(finding: Finding) -> date | None:
    return finding.extension.on if finding.extension else None


_RESTS_ON: dict[type[c.FindingCommand], Callable[[Finding], date | None]] = {
    c.AcknowledgeFinding: _assigned,
    c.ObjectToFinding: _assigned,
    c.ActOnMeasure: _assigned,
    c.AttachEvidence: _assigned,
    c.RequestClosure: _acted,
    c.VerifyFinding: _requested,
    c.ReturnFinding: _requested,
    c.CloseFinding: lambda finding: finding.verification.on if finding.verification else None,
    c.RequestExtension: _assigned,
    c.GrantExtension: _extension_asked,
    c.RefuseExtension: _extension_asked,
    c.FollowUp: lambda finding: finding.closed_on,
    c.ReopenFinding: lambda finding: finding.follow_up.on if finding.follow_up else None,
}
"""command → the day of the step that it rests on; of the others, the day on which the problem was found."""


def _backdated(finding: Finding, earliest: date, ctx: Context) -> Rejected:
    """Return the refusal of what is said to have happened before the step that it rests on."""
    number, day = finding.number, ctx.happened_on.isoformat()
    return Rejected("date.before-step", number=number, date=day, earliest=earliest.isoformat())
