"""Owns what each command about a finding leads to, once `rules.guard` has let it pass: the event, or what is not said right.

Pure. It must not ask who may do it, or when: that is `rules`. Source: docs/life.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from . import carrying, deadlines, extensions
from . import commands as c
from . import events as e
from .amendable import amendable_text
from .calendar import typed_day
from .errors import Rejected
from .finding import Finding
from .policy import Level
from .register import open_programme
from .transitions import AMENDABLE
from .values import (
    SHA256,
    Deadline,
    Evidence,
    FindingClass,
    Result,
    Severity,
    State,
    checked_line,
    checked_text,
)

if TYPE_CHECKING:
    from .rules import Context


def signatures(finding: Finding, ctx: Context) -> int:
    """Return how many persons must sign for the closure, by the policy in force."""
    return 1 if finding.class_ in ctx.register.policy.single_signature else 2


def _shares_account(finding: Finding, ctx: Context) -> bool:
    return any(hand.account == ctx.account for hand in finding.hands)


def future(field: str, day: date, ctx: Context) -> Rejected:
    """Return the refusal of a day that has not come yet."""
    return Rejected("date.future", field=field, date=day.isoformat(), today=ctx.today.isoformat())


def begun(command: c.NewCommand, number: str, ctx: Context) -> e.FindingLogged | e.FindingCarriedIn:
    """Return the first event of a finding, under the number that was dealt to it."""
    open_programme(ctx.register, command.programme)
    return _logged(command, number, ctx) if isinstance(command, c.LogFinding) else _carried_in(command, number, ctx)


def _logged(command: c.LogFinding, number: str, ctx: Context) -> e.FindingLogged:
    if command.found_on > ctx.today:
        raise future("found_on", command.found_on, ctx)
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


def _carried_in(command: c.CarryIn, number: str, ctx: Context) -> e.FindingCarriedIn:
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


def _attach(command: c.AttachEvidence, finding: Finding, _: Context) -> e.EvidenceAttached:
    evidence = command.evidence
    if not SHA256.fullmatch(evidence.sha256):
        raise Rejected("evidence.not-a-hash", sha256=evidence.sha256[:80])
    if any(known.sha256 == evidence.sha256 for known in finding.evidence):
        raise Rejected("evidence.known", number=finding.number, name=evidence.name, sha256=evidence.sha256)
    name = checked_line("name", evidence.name, limit=255)
    caption = checked_line("caption", evidence.caption, required=False)
    return e.EvidenceAttached(Evidence(evidence.sha256, evidence.size, name, caption))


def _request(command: c.RequestClosure, finding: Finding, _: Context) -> e.ClosureRequested:
    measures = tuple(checked_text("measure", text) for text in command.measures)
    if finding.state is State.ASSIGNED and not measures:
        raise Rejected("acknowledge.no-measure", number=finding.number)
    if finding.state is not State.ASSIGNED and measures:
        raise Rejected("request.measures-planned", number=finding.number)
    return e.ClosureRequested(checked_text("text", command.text), measures)


def _revise(command: c.RevisePlan, finding: Finding, _: Context) -> e.PlanRevised:
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


def _receive(command: c.ReceiveEscalation, finding: Finding, _: Context) -> e.EscalationReceived:
    waiting = [step.document for step in finding.escalations if step.received_on is None]
    document = checked_line("document", command.document, required=False) or waiting[-1]
    if document not in waiting:
        raise Rejected("receive.unknown", number=finding.number, document=document, allowed=waiting)
    return e.EscalationReceived(document, checked_text("text", command.text, required=False))


def _link(command: c.LinkFinding, finding: Finding, _: Context) -> e.FindingLinked:
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
            found_on = typed_day(text)
            if found_on is None:
                raise Rejected("date.malformed", field=field, value=text[:40])
            if found_on > ctx.today:
                raise future(field, found_on, ctx)
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


def _act(command: c.ActOnMeasure, finding: Finding, _: Context) -> e.MeasureActed:
    if not 1 <= command.measure <= len(finding.measures):
        raise Rejected("measure.unknown", number=finding.number, measure=command.measure, count=len(finding.measures))
    return e.MeasureActed(command.measure, command.progress, checked_text("text", command.text))


def _acknowledge(command: c.AcknowledgeFinding, finding: Finding, _: Context) -> e.FindingAcknowledged:
    if not command.measures:
        raise Rejected("acknowledge.no-measure", number=finding.number)
    return e.FindingAcknowledged(tuple(checked_text("measure", text) for text in command.measures))


def _object(command: c.ObjectToFinding, _: Finding, __: Context) -> e.FindingObjected:
    return e.FindingObjected(checked_text("grounds", command.grounds))


def _verify(command: c.VerifyFinding, finding: Finding, ctx: Context) -> e.FindingVerified:
    text = checked_text("text", command.text, required=False)
    return e.FindingVerified(command.method, command.conclusion, text, _shares_account(finding, ctx))


def _return(command: c.ReturnFinding, _: Finding, __: Context) -> e.FindingReturned:
    return e.FindingReturned(checked_text("missing", command.missing))


def _close(_: c.CloseFinding, finding: Finding, ctx: Context) -> e.FindingClosed:
    by_verifiers_account = finding.verification is not None and finding.verification.account == ctx.account
    return e.FindingClosed(by_verifiers_account or _shares_account(finding, ctx), signatures(finding, ctx))


def _withdraw(command: c.WithdrawFinding, finding: Finding, _: Context) -> e.FindingWithdrawn:
    duplicate_of = checked_line("duplicate_of", command.duplicate_of, required=False)
    if duplicate_of == finding.number:
        raise Rejected("duplicate.itself", number=finding.number)
    return e.FindingWithdrawn(checked_text("grounds", command.grounds), duplicate_of)


def _transfer(command: c.TransferFinding, _: Finding, __: Context) -> e.FindingTransferred:
    return e.FindingTransferred(
        checked_line("to", command.to), checked_text("grounds", command.grounds, required=False)
    )


def _comment(command: c.CommentOnFinding, _: Finding, __: Context) -> e.FindingCommented:
    return e.FindingCommented(checked_text("text", command.text))


def _extend(command: extensions.ExtensionCommand, finding: Finding, ctx: Context) -> extensions.ExtensionEvent:
    return extensions.decide(command, finding, ctx.happened_on, ctx.register.calendar())


def _remind(command: c.Remind, finding: Finding, _: Context) -> e.FindingEscalated:
    return _escalate(finding, command.level, command.document, command.text)


def _list_publicly(command: c.ListPublicly, finding: Finding, _: Context) -> e.FindingEscalated:
    return _escalate(finding, Level.LISTING, command.document, command.text)


def _follow_up(command: c.FollowUp, _: Finding, __: Context) -> e.FindingFollowedUp:
    text = checked_text("text", command.text, required=command.result is Result.RELAPSED)
    return e.FindingFollowedUp(command.result, text)


def _undo_carry_in(command: c.UndoCarryIn, _: Finding, __: Context) -> e.CarryInUndone:
    return e.CarryInUndone(checked_text("grounds", command.grounds))


def _reopen(command: c.ReopenFinding, finding: Finding, ctx: Context) -> e.FindingReopened:
    deadline = deadlines.resolved(command.due, ctx.happened_on, ctx.register.calendar(), finding)
    return e.FindingReopened(finding.round + 1, checked_text("reason", command.reason), deadline)


DECIDE: dict[type[c.FindingCommand], Callable[[Any, Finding, Context], e.FindingEvent]] = {
    c.ActOnMeasure: _act,
    c.AttachEvidence: _attach,
    c.AssignFinding: _assign,
    c.AcknowledgeFinding: _acknowledge,
    c.ObjectToFinding: _object,
    c.RequestClosure: _request,
    c.VerifyFinding: _verify,
    c.ReturnFinding: _return,
    c.CloseFinding: _close,
    c.WithdrawFinding: _withdraw,
    c.TransferFinding: _transfer,
    c.AmendFinding: _amend,
    c.CommentOnFinding: _comment,
    c.RevisePlan: _revise,
    c.RequestExtension: _extend,
    c.GrantExtension: _extend,
    c.RefuseExtension: _extend,
    c.Remind: _remind,
    c.ListPublicly: _list_publicly,
    c.ReceiveEscalation: _receive,
    c.FollowUp: _follow_up,
    c.ReopenFinding: _reopen,
    c.LinkFinding: _link,
    c.UndoCarryIn: _undo_carry_in,
}
"""command → what makes its event; every command but those that begin a finding, which has none yet."""
