"""Owns the rules of a finding's life: `decide` gives the events that a command leads to, or refuses it.

Pure and total: clock, actor and register come in with the `Context`. The table of who may do what in which state is
`transitions.TRANSITIONS`; four eyes and what must be said are here. Source: domain.md, "The life of a finding".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from msgspec import Struct

from . import carrying, deadlines, extensions
from . import commands as c
from . import events as e
from .errors import Rejected
from .finding import Finding, amendable_text
from .policy import Level
from .register import Person, Register, open_programme
from .transitions import AMENDABLE, BY_COMMAND, BY_IMPORT, INSPECTION, TRANSITIONS, Party, Transition
from .values import (
    SHA256,
    Account,
    Conclusion,
    Deadline,
    Evidence,
    FindingClass,
    Result,
    Severity,
    State,
    checked_line,
    checked_text,
)


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
    refuse_future(ctx)
    if isinstance(command, c.NewCommand):
        if finding is not None:
            raise Rejected("finding.exists", number=finding.number)
        guard(BY_COMMAND[type(command)], None, ctx)
        open_programme(ctx.register, command.programme)
        return _log(command, number, ctx) if isinstance(command, c.LogFinding) else _carry_in(command, number, ctx)
    if finding is None:
        raise Rejected("finding.unknown", number=command.number)
    guard(BY_COMMAND[type(command)], finding, ctx)
    _refuse_backdating(type(command), finding, ctx)
    match command:
        case c.ActOnMeasure():
            if not 1 <= command.measure <= len(finding.measures):
                raise Rejected(
                    "measure.unknown", number=finding.number, measure=command.measure, count=len(finding.measures)
                )
            return e.MeasureActed(command.measure, command.progress, checked_text("text", command.text))
        case c.AttachEvidence():
            return _attach(command, finding)
        case c.AssignFinding():
            return _assign(command, finding, ctx)
        case c.AcknowledgeFinding():
            if not command.measures:
                raise Rejected("acknowledge.no-measure", number=finding.number)
            return e.FindingAcknowledged(tuple(checked_text("measure", text) for text in command.measures))
        case c.ObjectToFinding():
            return e.FindingObjected(checked_text("grounds", command.grounds))
        case c.RequestClosure():
            return _request(command, finding)
        case c.VerifyFinding():
            text = checked_text("text", command.text, required=False)
            return e.FindingVerified(command.method, command.conclusion, text, _shares_account(finding, ctx))
        case c.ReturnFinding():
            return e.FindingReturned(checked_text("missing", command.missing))
        case c.CloseFinding():
            by_verifiers_account = finding.verification is not None and finding.verification.account == ctx.account
            return e.FindingClosed(by_verifiers_account or _shares_account(finding, ctx), signatures(finding, ctx))
        case c.WithdrawFinding():
            duplicate_of = checked_line("duplicate_of", command.duplicate_of, required=False)
            if duplicate_of == finding.number:
                raise Rejected("duplicate.itself", number=finding.number)
            return e.FindingWithdrawn(checked_text("grounds", command.grounds), duplicate_of)
        case c.TransferFinding():
            return e.FindingTransferred(
                checked_line("to", command.to), checked_text("grounds", command.grounds, required=False)
            )
        case c.AmendFinding():
            return _amend(command, finding, ctx)
        case c.CommentOnFinding():
            return e.FindingCommented(checked_text("text", command.text))
        case c.RevisePlan():
            return _revise(command, finding)
        case c.RequestExtension() | c.GrantExtension() | c.RefuseExtension():
            return extensions.decide(command, finding, ctx.happened_on, ctx.register.calendar())
        case c.Remind():
            return _escalate(finding, command.level, command.document, command.text)
        case c.ListPublicly():
            return _escalate(finding, Level.LISTING, command.document, command.text)
        case c.ReceiveEscalation():
            return _receive(command, finding)
        case c.FollowUp():
            text = checked_text("text", command.text, required=command.result is Result.RELAPSED)
            return e.FindingFollowedUp(command.result, text)
        case c.ReopenFinding():
            deadline = deadlines.resolved(command.due, ctx.happened_on, ctx.register.calendar(), finding)
            return e.FindingReopened(finding.round + 1, checked_text("reason", command.reason), deadline)
        case c.LinkFinding():
            return _link(command, finding)
        case c.UndoCarryIn():
            return e.CarryInUndone(checked_text("grounds", command.grounds))
        case _:
            assert_never(command)


def guard(transition: Transition, finding: Finding | None, ctx: Context) -> None:
    """Refuse what the table, four eyes or the finding itself do not allow, whatever the command says.

    Raises:
        Rejected: ``state.wrong``, ``role.missing``, ``unit.not-yours``, ``unit.own-work``, ``verify.own-work`` …
    """
    state = finding.state if finding else None
    number = finding.number if finding else ""
    if state not in transition.sources:
        raise Rejected(
            "state.wrong",
            command=transition.name,
            number=number,
            state=state,
            allowed_states=sorted(source for source in transition.sources if source),
            allowed_steps=[row.name for row in TRANSITIONS if state in row.sources and row.command not in BY_IMPORT],
        )
    actor = ctx.actor
    roles = ctx.register.policy.roles.get(transition.name) or transition.roles
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
                raise Rejected("unit.own-work", number=number, person=actor.id, unit=actor.unit)
        case Party.ANYONE:
            pass
        case _:
            assert_never(transition.party)
    _four_eyes(transition, finding, ctx)
    _must_be_ready(transition, finding, ctx)


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
    if command is c.ReopenFinding and finding.follow_up and finding.follow_up.by == actor:
        raise Rejected("reopen.own-follow-up", number=finding.number, person=actor)


def signatures(finding: Finding, ctx: Context) -> int:
    """Return how many persons must sign for the closure, by the policy in force."""
    return 1 if finding.class_ in ctx.register.policy.single_signature else 2


def _must_be_ready(transition: Transition, finding: Finding, ctx: Context) -> None:
    """Refuse a step that the finding is not ready for, so that what is offered can be taken."""
    number, command = finding.number, transition.command
    straight = finding.state is State.ASSIGNED and command in (c.RequestClosure, c.AttachEvidence)
    if straight and finding.class_ is not FindingClass.IMMEDIATE:
        raise Rejected("acknowledge.first", command=transition.name, number=number, finding_class=finding.class_)
    if command is c.RequestClosure and not finding.evidence:
        raise Rejected("request.no-evidence", number=number)
    if command is c.CloseFinding:
        if finding.verification is None:
            raise Rejected("close.not-verified", number=number)
        if finding.verification.conclusion is not Conclusion.EFFECTIVE:
            raise Rejected("close.not-effective", number=number, conclusion=finding.verification.conclusion)
    if command is c.AmendFinding and not ctx.actor.roles & INSPECTION:
        _must_belong(transition, finding, (finding.lead_unit,), ctx)
    if command is c.ReopenFinding and (finding.follow_up is None or finding.follow_up.result is not Result.RELAPSED):
        raise Rejected("reopen.no-relapse", number=number)
    if command is c.UndoCarryIn and (finding.carried is None or finding.version > 1):
        raise Rejected("carry.undo", number=number, carried=finding.carried is not None, version=finding.version)
    if command is c.ReceiveEscalation and all(step.received_on for step in finding.escalations):
        raise Rejected("receive.none", number=number)
    extensions.must_be_ready(command, finding, ctx.happened_on, ctx.register.policy)


def _shares_account(finding: Finding, ctx: Context) -> bool:
    return any(hand.account == ctx.account for hand in finding.hands)


def refuse_future(ctx: Context) -> None:
    """Refuse what is said to have happened after today, with ``date.future``."""
    if ctx.happened_on > ctx.today:
        raise _future("happened_on", ctx.happened_on, ctx)


def _refuse_backdating(command: type[c.FindingCommand], finding: Finding, ctx: Context) -> None:
    """Refuse what is said to have happened before the step that it rests on, with ``date.before-step``."""
    rests_on = {
        c.AssignFinding: finding.found_on,
        c.AcknowledgeFinding: finding.assigned_on,
        c.ObjectToFinding: finding.assigned_on,
        c.ActOnMeasure: finding.assigned_on,
        c.AttachEvidence: finding.assigned_on,
        c.RequestClosure: finding.assigned_on,
        c.VerifyFinding: finding.request.on if finding.request else None,
        c.ReturnFinding: finding.request.on if finding.request else None,
        c.CloseFinding: finding.verification.on if finding.verification else None,
        c.RequestExtension: finding.assigned_on,
        c.GrantExtension: finding.extension.on if finding.extension else None,
        c.RefuseExtension: finding.extension.on if finding.extension else None,
        c.FollowUp: finding.closed_on,
        c.ReopenFinding: finding.follow_up.on if finding.follow_up else None,
    }.get(command, finding.found_on)
    if rests_on is not None and ctx.happened_on < rests_on:
        number, day = finding.number, ctx.happened_on.isoformat()
        raise Rejected("date.before-step", number=number, date=day, earliest=rests_on.isoformat())


def _future(field: str, day: date, ctx: Context) -> Rejected:
    return Rejected("date.future", field=field, date=day.isoformat(), today=ctx.today.isoformat())


def _log(command: c.LogFinding, number: str, ctx: Context) -> e.FindingLogged:
    if command.found_on > ctx.today:
        raise _future("found_on", command.found_on, ctx)
    return e.FindingLogged(
        number=number,
        programme=command.programme,
        title=checked_text("title", command.title, limit=2_000),
        source=checked_line("source", command.source),
        found_on=command.found_on,
        team=checked_line("team", command.team, required=False),
        criteria=checked_text("criteria", command.criteria, required=False),
        category=checked_line("category", command.category, required=False),
        severity=command.severity,
    )


def _carry_in(command: c.CarryIn, number: str, ctx: Context) -> e.FindingCarriedIn:
    claim = carrying.checked(command.claim, ctx.today, ctx.register)
    origin = carrying.checked_origin(command.origin)
    return e.FindingCarriedIn(number, command.programme, claim, origin, carrying.checked_cells(command.cells))


def _assign(command: c.AssignFinding, finding: Finding, ctx: Context) -> e.FindingAssigned:
    lead = ctx.register.unit(command.lead_unit).id
    cooperating = _cooperating(command.cooperating_units, lead, finding, ctx)
    if command.due is None and command.class_ is not FindingClass.SUSTAINED:
        raise Rejected("assign.no-deadline", number=finding.number, finding_class=command.class_)
    deadline = Deadline(None)
    if command.due is not None:
        sustained = command.class_ is FindingClass.SUSTAINED
        deadline = deadlines.resolved(command.due, ctx.happened_on, ctx.register.calendar(), finding, reviews=sustained)
    return e.FindingAssigned(
        lead_unit=lead,
        class_=command.class_,
        deadline=deadline,
        closure_criteria=checked_text("closure_criteria", command.closure_criteria),
        cooperating_units=cooperating,
        accountable_leader=checked_line("accountable_leader", command.accountable_leader, required=False),
        responsible_person=checked_line("responsible_person", command.responsible_person, required=False),
    )


def _cooperating(units: Iterable[str], lead: str, finding: Finding, ctx: Context) -> tuple[str, ...]:
    """Return the registered units, each once; the lead unit does not cooperate with itself."""
    cooperating = tuple(dict.fromkeys(ctx.register.unit(unit).id for unit in units))
    if lead in cooperating:
        raise Rejected("assign.lead-cooperates", number=finding.number, unit=lead)
    return cooperating


def _attach(command: c.AttachEvidence, finding: Finding) -> e.EvidenceAttached:
    evidence = command.evidence
    if not SHA256.fullmatch(evidence.sha256):
        raise Rejected("evidence.not-a-hash", sha256=evidence.sha256[:80])
    if any(known.sha256 == evidence.sha256 for known in finding.evidence):
        raise Rejected("evidence.known", number=finding.number, name=evidence.name, sha256=evidence.sha256)
    name = checked_line("name", evidence.name, limit=255)
    caption = checked_line("caption", evidence.caption, required=False)
    return e.EvidenceAttached(Evidence(evidence.sha256, evidence.size, name, caption))


def _request(command: c.RequestClosure, finding: Finding) -> e.ClosureRequested:
    measures = tuple(checked_text("measure", text) for text in command.measures)
    if finding.state is State.ASSIGNED and not measures:
        raise Rejected("acknowledge.no-measure", number=finding.number)
    if finding.state is not State.ASSIGNED and measures:
        raise Rejected("request.measures-planned", number=finding.number)
    return e.ClosureRequested(checked_text("text", command.text), measures)


def _revise(command: c.RevisePlan, finding: Finding) -> e.PlanRevised:
    measures = tuple(dict.fromkeys(checked_text("measure", text) for text in command.measures))
    if not measures:
        raise Rejected("acknowledge.no-measure", number=finding.number)
    if measures == tuple(measure.text for measure in finding.measures):
        raise Rejected("amend.no-change", field="measures", target=finding.number)
    return e.PlanRevised(measures, checked_text("reason", command.reason))


def _escalate(finding: Finding, level: Level, document: str, text: str) -> e.FindingEscalated:
    known = [step.document for step in finding.escalations]
    document = checked_line("document", document, required=False)
    document = document or f"{finding.number}-R{finding.round}-{len(known) + 1}"
    if document in known:
        raise Rejected("escalate.document-taken", number=finding.number, document=document)
    return e.FindingEscalated(level, document, checked_text("text", text, required=False))


def _receive(command: c.ReceiveEscalation, finding: Finding) -> e.EscalationReceived:
    waiting = [step.document for step in finding.escalations if step.received_on is None]
    document = checked_line("document", command.document, required=False) or waiting[-1]
    if document not in waiting:
        raise Rejected("receive.unknown", number=finding.number, document=document, allowed=waiting)
    return e.EscalationReceived(document, checked_text("text", command.text, required=False))


def _link(command: c.LinkFinding, finding: Finding) -> e.FindingLinked:
    other = checked_line("other", command.other)
    if other == finding.number:
        raise Rejected("link.itself", number=finding.number)
    if any((link.other, link.kind) == (other, command.kind) for link in finding.links):
        raise Rejected("link.known", number=finding.number, other=other, kind=command.kind)
    return e.FindingLinked(other, command.kind)


def _amend(command: c.AmendFinding, finding: Finding, ctx: Context) -> e.FindingAmended:
    if command.field not in AMENDABLE:
        raise Rejected("amend.unknown-field", field=command.field, allowed=list(AMENDABLE))
    needed = AMENDABLE[command.field]
    if not ctx.actor.roles & needed:
        held = sorted(ctx.actor.roles)
        raise Rejected("amend.role-missing", field=command.field, person=ctx.actor.id, needed=sorted(needed), held=held)
    new = _amended(command, finding, ctx)
    old = amendable_text(getattr(finding, command.field))
    if new == old:
        raise Rejected("amend.no-change", field=command.field, target=finding.number)
    return e.FindingAmended(command.field, old, new, checked_text("reason", command.reason))


def _amended(command: c.AmendFinding, finding: Finding, ctx: Context) -> str | tuple[str, ...]:
    """Return the new value as the event keeps it, checked as when it was first given."""
    field, text = command.field, command.value
    match field:
        case "cooperating_units":
            parts = (part.strip() for part in text.replace("，", ",").replace("、", ",").split(","))
            return _cooperating((part for part in parts if part), finding.lead_unit, finding, ctx)
        case "found_on":
            try:
                found_on = date.fromisoformat(text)
            except ValueError:
                raise Rejected("date.malformed", field=field, value=text[:40]) from None
            if found_on > ctx.today:
                raise _future(field, found_on, ctx)
            return found_on.isoformat()
        case "severity":
            if text and text not in set(Severity):
                raise Rejected("value.unknown", field=field, value=text[:40], allowed=list(Severity))
            return text
        case "title":
            return checked_text(field, text, limit=2_000)
        case "criteria" | "closure_criteria":
            return checked_text(field, text, required=field == "closure_criteria")
        case _:
            return checked_line(field, text, required=field == "source")
