"""Owns the commands that record a step of a finding's life. It must not know whether a step is allowed."""

from __future__ import annotations

from pathlib import Path

from taizhang.cli.app import App
from taizhang.cli.options import choice, day, due, whole
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import Level
from taizhang.ledger.domain.values import Conclusion, FindingClass, LinkKind, Method, Progress, Result, Severity


def log(app: App) -> int:
    """Log a finding and print the number that it was given."""
    args, words = app.args, app.words
    command = c.LogFinding(
        programme=args.programme or _programme(app),
        title=args.title,
        source=args.source,
        found_on=day("--found-on", args.found_on) if args.found_on else app.desk.today(),
        team=args.team or "",
        criteria=args.criteria or "",
        category=args.category or "",
        severity=choice(Severity, "severity", "--severity", args.severity, words) if args.severity else None,
    )
    receipt = app.record(command)
    if not app.wants_json:
        app.console.line(receipt.number)
    return app.acknowledge(receipt, receipt.number)


def _programme(app: App) -> str:
    """Return the one programme that is open; where there are more, somebody has to say which."""
    codes = [programme.code for programme in app.register.open_programmes()]
    if len(codes) != 1:
        raise Rejected("programme.choose", open=codes)
    return codes[0]


def assign(app: App) -> int:
    """Hand a finding to a unit."""
    args = app.args
    return _step(
        app,
        c.AssignFinding(
            number=app.number(),
            lead_unit=args.unit,
            class_=choice(FindingClass, "class", "--class", getattr(args, "class"), app.words),
            closure_criteria=args.criteria,
            due=due(args.due) if args.due else None,
            cooperating_units=tuple(args.cooperating or ()),
            accountable_leader=args.leader or "",
            responsible_person=args.person or "",
        ),
    )


def acknowledge(app: App) -> int:
    """Sign for a finding, with planned measures."""
    return _step(app, c.AcknowledgeFinding(app.number(), tuple(app.args.measure)))


def object(app: App) -> int:  # noqa: A001 - the word of the command line
    """Object with grounds."""
    return _step(app, c.ObjectToFinding(app.number(), app.args.grounds))


def act(app: App) -> int:
    """Report progress on a measure."""
    args = app.args
    progress = choice(Progress, "progress", "--progress", args.progress, app.words)
    return _step(app, c.ActOnMeasure(app.number(), whole("--measure", args.measure), progress, args.text))


def attach(app: App) -> int:
    """Attach a file as evidence; the ledger keeps a copy under its hash."""
    number = app.number()
    for offer in app.desk.offers(number, app.actor()):
        if offer.transition.command is c.AttachEvidence and offer.refusal is not None:
            raise offer.refusal  # before a copy is kept, so that a refusal leaves the ledger as it was
    evidence = app.desk.keep_evidence(Path(app.args.file).expanduser(), app.args.caption or "")
    return _step(app, c.AttachEvidence(number, evidence))


def request_closure(app: App) -> int:
    """Say what was done against the closure criteria; an immediate finding says its measures here."""
    return _step(app, c.RequestClosure(app.number(), app.args.text, tuple(app.args.measure or ())))


def verify(app: App) -> int:
    """Conclude a verification."""
    args, words = app.args, app.words
    method = choice(Method, "method", "--method", args.method, words)
    conclusion = choice(Conclusion, "conclusion", "--conclusion", args.conclusion, words)
    return _step(app, c.VerifyFinding(app.number(), method, conclusion, args.text or ""))


def return_(app: App) -> int:
    """Send a finding back, naming what is missing."""
    return _step(app, c.ReturnFinding(app.number(), app.args.missing))


def close(app: App) -> int:
    """Strike a finding off the list."""
    return _step(app, c.CloseFinding(app.number()))


def withdraw(app: App) -> int:
    """Withdraw a finding with grounds."""
    duplicate_of = app.desk.resolve(app.args.duplicate_of) if app.args.duplicate_of else ""
    return _step(app, c.WithdrawFinding(app.number(), app.args.grounds, duplicate_of))


def transfer(app: App) -> int:
    """Hand a finding over to another body."""
    return _step(app, c.TransferFinding(app.number(), app.args.to, app.args.grounds or ""))


def amend(app: App) -> int:
    """Correct one field, with a reason."""
    args = app.args
    return _step(app, c.AmendFinding(app.number(), args.field.strip().replace("-", "_"), args.value, args.reason))


def comment(app: App) -> int:
    """Say something about a finding."""
    return _step(app, c.CommentOnFinding(app.number(), app.args.text))


def plan(app: App) -> int:
    """Plan the measures anew."""
    return _step(app, c.RevisePlan(app.number(), tuple(app.args.measure), app.args.reason))


def extend(app: App) -> int:
    """Ask for a later deadline."""
    args = app.args
    return _step(app, c.RequestExtension(app.number(), due(args.due), args.reason, args.progress or ""))


def grant(app: App) -> int:
    """Grant the extension that waits."""
    args = app.args
    return _step(app, c.GrantExtension(app.number(), due(args.due) if args.due else None, args.reason or ""))


def refuse(app: App) -> int:
    """Refuse the extension that waits."""
    return _step(app, c.RefuseExtension(app.number(), app.args.reason))


def remind(app: App) -> int:
    """Take a step of escalation."""
    args = app.args
    level = choice(Level, "level", "--level", args.level, app.words)
    return _step(app, c.Remind(app.number(), level, args.document or "", args.text or ""))


def list_publicly(app: App) -> int:
    """Put a finding under listed supervision."""
    return _step(app, c.ListPublicly(app.number(), app.args.document or "", app.args.text or ""))


def receive(app: App) -> int:
    """Sign for the document of an escalation."""
    return _step(app, c.ReceiveEscalation(app.number(), app.args.document or "", app.args.text or ""))


def follow_up(app: App) -> int:
    """Look back at a closed finding."""
    result = choice(Result, "result", "--result", app.args.result, app.words)
    return _step(app, c.FollowUp(app.number(), result, app.args.text or ""))


def reopen(app: App) -> int:
    """Begin the next round of a finding that has relapsed."""
    return _step(app, c.ReopenFinding(app.number(), app.args.reason, due(app.args.due)))


def link(app: App) -> int:
    """Link a finding to another."""
    kind = choice(LinkKind, "link", "--kind", app.args.kind, app.words) if app.args.kind else LinkKind.RELATED
    return _step(app, c.LinkFinding(app.number(), app.desk.resolve(app.args.other), kind))


def _step(app: App, command: c.StepCommand) -> int:
    return app.acknowledge(app.record(command), command.number)
