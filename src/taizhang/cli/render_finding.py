"""Owns how one finding and its history are drawn as text. It must not know where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from taizhang.ledger.domain.carrying import Carried
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Yardstick, light
from taizhang.ledger.domain.values import visible
from taizhang.locale.telling import deadline_text, event_pairs, evidence_text, person_text, value_text
from taizhang.service.desk import Change

from .app import App
from .output import padded, width_of, wrapped

RECENT = 5
_COLOURS = {"red": "red", "yellow": "yellow", "green": "green", "grey": "grey"}
_FACTS = (
    "source",
    "found_on",
    "team",
    "category",
    "severity",
    "criteria",
    "lead_unit",
    "cooperating_units",
    "accountable_leader",
    "responsible_person",
    "class_",
    "assigned_on",
    "due",
    "original_due",
    "round",
    "extensions",
    "missed",
    "closure_criteria",
    "returns",
    "objections",
    "missing",
    "closed_on",
    "closed_by",
    "grounds",
    "transferred_to",
    "duplicate_of",
)


def page_lines(
    app: App, finding: Finding, by: Yardstick, entries: Sequence[Entry[Any]], actor: str, steps: Sequence[str]
) -> Iterator[str]:
    """Yield the page of one finding."""
    words, console = app.words, app.console
    colour = light(finding, by)
    status = words.term("state", finding.state)
    shown = console.paint(words.term("light", colour), _COLOURS[colour])
    yield f"{console.paint(visible(finding.number), 'bold')}  {status}  {shown}"
    yield from wrapped(visible(finding.title, keep="\n"), console.width)
    yield ""
    facts = [
        (words.term("field", name), value_text(name, getattr(finding, name), words, app.register))
        for name in _FACTS
        if name != "round" or finding.round > 1
    ]
    yield from _pairs([(label, text) for label, text in facts if text], console.width)
    if finding.carried:
        yield ""
        yield from _carried(app, finding.carried)
    if finding.measures:
        yield from _heading(app, "measures")
        for at, measure in enumerate(finding.measures, 1):
            text = f"[{words.term('progress', measure.progress)}] {visible(measure.text, keep=chr(10))}"
            if measure.report:
                text += " — " + words("cli.reported", text=measure.report, on=measure.reported_on)
            yield from _hanging(f"  {at}. ", text, console.width)
    if finding.evidence:
        yield from _heading(app, "evidence")
        for at, evidence in enumerate(finding.evidence, 1):
            yield from _hanging(f"  {at}. ", evidence_text(evidence, words), console.width)
    if finding.request:
        yield from _heading(app, "request")
        who = f"{finding.request.on}  {person_text(finding.request.by, app.register, words)}"
        yield from _hanging(f"  {who}  ", visible(finding.request.text, keep="\n"), console.width)
    if finding.verification:
        yield from _heading(app, "verification")
        verification = finding.verification
        method = words.term("method", verification.method)
        conclusion = words.term("conclusion", verification.conclusion)
        who = f"{verification.on}  {person_text(verification.by, app.register, words)}"
        yield from _hanging(f"  {who}  {method}  {conclusion}  ", visible(verification.text, keep="\n"), console.width)
    yield from _later_life(app, finding)
    yield ""
    yield words("cli.recent", shown=min(RECENT, len(entries)), total=len(entries))
    yield from (f"  {event_line(app, entry)}" for entry in entries[-RECENT:])
    if actor:
        yield ""
        can = [f"{words.term('step', step)} ({step})" for step in steps]
        person = person_text(actor, app.register, words)
        yield from wrapped(words("cli.next", person=person, steps=can), console.width)


def _carried(app: App, came: Carried) -> Iterator[str]:
    """Yield where it was carried in from, and what the sheet said beside the finding's own fields."""
    origin = came.origin
    told = {"file": origin.file, "sheet": origin.sheet, "row": origin.row, "batch": origin.batch}
    yield from wrapped(app.words("cli.carried", status=came.status or None, **told), app.console.width)
    names = ("alias", "deadline_text", "progress", "cooperating", "closed_by", "follow_up", "notes")
    pairs = [(app.words(f"cli.carried.{name}"), visible(getattr(came, name), keep="\n")) for name in names]
    yield from _pairs([pair for pair in pairs if pair[1]], app.console.width)


def _later_life(app: App, finding: Finding) -> Iterator[str]:
    """Yield what came beside the road: an extension that waits, escalations, the look back, links, earlier rounds."""
    words, register, width = app.words, app.register, app.console.width
    if waits := finding.extension:
        yield from _heading(app, "extension")
        who = f"{waits.on}  {person_text(waits.by, register, words)}  → {deadline_text(waits.deadline, words)}  "
        yield from _hanging(f"  {who}", visible(waits.reason, keep="\n"), width)
    if finding.escalations:
        yield from _heading(app, "escalations")
        for step in finding.escalations:
            receipt = words("cli.received", on=step.received_on) if step.received_on else words("cli.not-received")
            head = f"  {step.on}  {words.term('level', step.level)}  {visible(step.document)}  {receipt}  "
            yield from _hanging(head, visible(step.text, keep="\n"), width)
    if back := finding.follow_up:
        yield from _heading(app, "follow_up")
        who = f"{back.on}  {person_text(back.by, register, words)}  {words.term('result', back.result)}  "
        yield from _hanging(f"  {who}", visible(back.text, keep="\n"), width)
    if finding.links:
        yield from _heading(app, "links")
        yield from (f"  {words.term('link', link.kind)} {visible(link.other)}" for link in finding.links)
    if finding.rounds:
        yield from _heading(app, "rounds")
        for one in finding.rounds:
            told = words(
                "cli.round",
                round=one.round,
                original=one.original_deadline.due if one.original_deadline else None,
                due=one.deadline.due if one.deadline else None,
                closed=one.closed_on,
                by=person_text(one.closed_by, register, words),
                returns=one.returns,
                extensions=one.extensions,
                reopened=one.reopened_on,
            )
            yield from _hanging("  ", told + (words("cli.round-late") if one.late else ""), width)


def change_lines(app: App, changes: Sequence[Change]) -> Iterator[str]:
    """Yield what changed of a finding, a field a line."""
    words, register = app.words, app.register
    pairs = []
    for change in changes:
        old, new = (value_text(change.field, value, words, register) or "—" for value in (change.old, change.new))
        pairs.append((words.term("field", change.field), f"{old} → {new}"))
    yield from _pairs(pairs, app.console.width)


def history_lines(app: App, entries: Sequence[Entry[Any]]) -> Iterator[str]:
    """Yield every event with what it said."""
    words = app.words
    for entry in entries:
        envelope = entry.envelope
        yield event_line(app, entry)
        source = words("cli.through", via=envelope.via, os_user=envelope.os_user, host=envelope.host)
        if envelope.happened_on != app.day_of(entry.recorded_at):
            source += words("cli.happened", date=envelope.happened_on)
        yield f"    {source}"
        if getattr(entry.data, "same_account", False):
            yield f"    {app.console.paint(words('cli.same-account'), 'yellow')}"
        pairs = list(event_pairs(entry, words, app.register))
        yield from _pairs(pairs, app.console.width, indent=4)


def event_line(app: App, entry: Entry[Any]) -> str:
    """Return one event as a line: index, version, when, what, who."""
    what = app.words.term("topic", entry.topic)
    who = person_text(entry.envelope.actor, app.register, app.words)
    return f"#{entry.index}  v{entry.version}  {app.moment(entry.recorded_at)}  {what}  {who}"


def _heading(app: App, field: str) -> Iterator[str]:
    yield ""
    yield app.words.term("field", field)


def _pairs(pairs: Sequence[tuple[str, str]], width: int | None, *, indent: int = 0) -> Iterator[str]:
    if not pairs:
        return
    left = max(width_of(label) for label, _ in pairs) + 2
    for label, text in pairs:
        yield from _hanging(" " * indent + padded(label, left), text, width)


def _hanging(first: str, text: str, width: int | None) -> Iterator[str]:
    """Yield a text behind its label, every further line set in below the first."""
    inset = width_of(first)
    head, *rest = wrapped(text, max(20, width - inset) if width else None)
    yield (first + head).rstrip()
    yield from (" " * inset + line for line in rest)
