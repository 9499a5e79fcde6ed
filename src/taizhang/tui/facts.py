"""Owns a finding as lines: its facts, measures, evidence, deadline, hands and timeline. Asks nobody anything.

The finding's page, the preview beside the list and the replay are drawn from these parts.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from rich.style import Style

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Yardstick, light, why
from taizhang.ledger.domain.values import OPEN_STATES, Progress, State

from . import told
from .draw import Sheet, Span
from .pen import SIGNS
from .session import Session

PROGRESS_SIGNS: dict[Progress, str] = {Progress.NONE: "□", Progress.MOSTLY: "◧", Progress.DONE: "■"}
LABEL = {"zh": 10, "en": 22}
Marks = Container[str]


def sheet_of(session: Session, width: int) -> Sheet:
    """Return an empty sheet whose column of labels suits the language."""
    label = LABEL[session.words.lang]
    return Sheet(width, session.pen, label if width >= 50 else min(label, 20))


def finding_head(sheet: Sheet, session: Session, finding: Finding, by: Yardstick | None = None) -> None:
    """Write number, status and light on a line, and the problem itself below."""
    pen, words = session.pen, session.words
    colour = light(finding, by or session.by)
    spans: list[Span] = [
        (f" {finding.number}", pen.title),
        ("  ", pen.plain),
        (f"{SIGNS[colour]} {words.term('light', colour)}", pen.light(colour)),
        (f"  {words.term('state', finding.state)}", pen.strong),
    ]
    if finding.round > 1:
        spans.append((f"  {words('tui.round', round=finding.round)}", pen.yellow))
    sheet.spans(*spans)
    sheet.text(finding.title, pen.strong, indent=1)


def deadline(sheet: Sheet, session: Session, finding: Finding, marks: Marks = (), by: Yardstick | None = None) -> None:
    """Write the deadline, the light and why it has that colour, and an extension that waits."""
    pen, words = session.pen, session.words
    by = by or session.by
    colour = light(finding, by)
    sheet.heading(words("tui.section.deadline"))
    due = told.value(session, "deadline", finding.deadline)
    sheet.pair(told.label(session, "due"), due, mark=_mark("deadline", marks))
    if finding.original_deadline != finding.deadline:
        original = told.value(session, "original_deadline", finding.original_deadline)
        sheet.pair(told.label(session, "original_due"), original, mark=_mark("original_deadline", marks))
    sheet.pair(
        told.label(session, "light"),
        f"{SIGNS[colour]} {words.term('light', colour)} — {_why(session, finding, by)}",
        pen.light(colour),
    )
    _grid(sheet, session, finding, [name for name in ("extensions", "missed") if getattr(finding, name)], marks)
    _long(sheet, session, finding, "extension", marks)


def _why(session: Session, finding: Finding, by: Yardstick) -> str:
    words = session.words
    if finding.state is State.CLOSED and finding.due is not None and finding.closed_on is not None:
        on = finding.closed_on.isoformat()
        return words("tui.why.closed-late" if finding.closed_late else "tui.why.closed-in-time", on=on)
    reason = why(finding, by)[0]
    return words(reason.code, **reason.params)


def later_life(sheet: Sheet, session: Session, finding: Finding, marks: Marks = ()) -> None:
    """Write escalations, the look back, links and earlier rounds, where there are any."""
    for name in ("escalations", "follow_up", "links", "rounds"):
        held = getattr(finding, name)
        if not held:
            continue
        sheet.heading(session.words(f"tui.section.{name}"))
        for item in held if isinstance(held, tuple) else (held,):
            style = session.pen.come if name in marks else None
            sheet.text(told.value(session, name, item), style, indent=1)


def facts(sheet: Sheet, session: Session, finding: Finding, marks: Marks = ()) -> None:
    """Write what is known of the problem and of who answers for it."""
    sheet.heading(session.words("tui.section.facts"))
    names = ("state", "class_", "severity", "found_on", "source", "category", "team", "programme", "logged_by",
             "logged_at", "assigned_on")  # fmt: skip
    _grid(sheet, session, finding, names, marks)
    for name in ("criteria",):
        _long(sheet, session, finding, name, marks)
    if came := finding.carried:
        where = came.origin
        sheet.text(
            session.words("tui.carried", file=where.file, sheet=where.sheet, row=where.row, status=came.status),
            session.pen.muted,
            indent=1,
        )
    if finding.state not in OPEN_STATES or finding.missing or finding.grounds or finding.returns or finding.objections:
        ended = ("closed_on", "closed_by", "ended_on", "returns", "objections", "transferred_to", "duplicate_of")
        _grid(sheet, session, finding, [name for name in ended if getattr(finding, name)], marks)
        for name in ("missing", "grounds"):
            _long(sheet, session, finding, name, marks)


def responsibility(sheet: Sheet, session: Session, finding: Finding, marks: Marks = ()) -> None:
    """Write to whom it was handed, and against which criteria it is closed."""
    sheet.heading(session.words("tui.section.responsibility"))
    if not finding.lead_unit:
        sheet.text(session.words("tui.empty.unassigned"), session.pen.muted, indent=1)
        return
    names = ("lead_unit", "accountable_leader", "responsible_person")
    _grid(sheet, session, finding, names, marks)
    for name in ("cooperating_units", "closure_criteria"):
        _long(sheet, session, finding, name, marks)


def _grid(sheet: Sheet, session: Session, finding: Finding, names: Sequence[str], marks: Marks) -> None:
    pairs: list[tuple[str, str, Style | None]] = []
    for name in names:
        style = session.pen.come if name in marks else None
        pairs.append((told.label(session, name), told.value(session, name, getattr(finding, name)), style))
    sheet.grid(pairs)


def _long(sheet: Sheet, session: Session, finding: Finding, name: str, marks: Marks) -> None:
    held = getattr(finding, name)
    if held:
        style = session.pen.come if name in marks else None
        sheet.pair(told.label(session, name), told.value(session, name, held), style, mark=_mark(name, marks))


def _mark(name: str, marks: Marks) -> str:
    return "▎" if name in marks else " "


def measures(sheet: Sheet, session: Session, finding: Finding, marks: Marks = ()) -> None:
    """Write the planned measures and how far each is."""
    pen, words = session.pen, session.words
    done, count = told.progress(finding)
    sheet.heading(words("tui.section.measures"), words("tui.measures.done", done=done, count=count) if count else "")
    if not count:
        sheet.text(words("tui.empty.measures"), pen.muted, indent=1)
    for number, measure in enumerate(finding.measures, 1):
        colour = {Progress.NONE: pen.muted, Progress.MOSTLY: pen.yellow, Progress.DONE: pen.green}[measure.progress]
        sign = PROGRESS_SIGNS[measure.progress]
        sheet.text(measure.text, indent=6, lead=((f" {sign}", colour), (f"{number:>3}", pen.muted)))
        state = words.term("progress", measure.progress)
        told_on = f" · {measure.reported_on}" if measure.reported_on else ""
        report = f" · {measure.report}" if measure.report else ""
        sheet.text(f"{state}{told_on}{report}", colour if measure.report else pen.muted, indent=6)
    if finding.request:
        _long(sheet, session, finding, "request", marks)
    if finding.verification:
        _long(sheet, session, finding, "verification", marks)


def evidence(sheet: Sheet, session: Session, finding: Finding) -> None:
    """Write the pieces of evidence with their hashes."""
    pen, words = session.pen, session.words
    count = len(finding.evidence)
    sheet.heading(words("tui.section.evidence"), words("tui.evidence.count", count=count) if count else "")
    if not finding.evidence:
        sheet.text(words("tui.empty.evidence"), pen.muted, indent=1)
    for number, piece in enumerate(finding.evidence, 1):
        caption = f" · {piece.caption}" if piece.caption else ""
        sheet.text(f"{piece.name} · {told.size(piece.size)}{caption}", indent=6, lead=((f"{number:>5}", pen.muted),))
        room = sheet.width - 6
        for at in (0,) if room >= 72 else (0, 32):  # whole, or in halves that fit
            half = piece.sha256 if room >= 72 else piece.sha256[at : at + 32]
            sheet.text(f"{'        ' if at else 'SHA-256 '}{half}", pen.faint, indent=6)


def hands(sheet: Sheet, session: Session, finding: Finding) -> None:
    """Write who had a hand in this round: whom four eyes keep from verifying and closing."""
    words = session.words
    sheet.heading(words("tui.section.hands"), words("tui.hands.note"))
    if not finding.hands:
        sheet.text(words("tui.empty.hands"), session.pen.muted, indent=1)
    for hand in finding.hands:
        sheet.text(told.value(session, "hands", hand), indent=1)


def timeline(sheet: Sheet, session: Session, entries: Sequence[Entry[Any]]) -> None:
    """Write the history, newest last: what, who, when it happened, when it was recorded, through what."""
    words = session.words
    sheet.heading(words("tui.section.timeline"), words("tui.timeline.count", count=len(entries)))
    for entry in entries:
        entry_lines(sheet, session, entry, last=entry is entries[-1])


def entry_lines(sheet: Sheet, session: Session, entry: Entry[Any], *, last: bool = False, rail: bool = True) -> None:
    """Write one event."""
    pen = session.pen
    who = entry.envelope
    spans: list[Span] = [
        (" ● " if rail else " ", pen.accent),
        (f"{who.happened_on}", pen.strong),
        (f"  {told.topic(session, entry)}", pen.title),
        (f"  {session.person(who.actor)}", pen.plain),
    ]
    sheet.spans(*spans)
    side = (" │ ", pen.faint) if rail and not last else ("   ", pen.faint) if rail else (" ", pen.faint)
    indent = 3 if rail else 1
    if told.same_account(entry):
        sheet.spans(side, (f"! {session.words('tui.same-account')}", pen.yellow))
    for label, text in told.event_fields(session, entry):
        _told_line(sheet, session, side, indent, label, text)
    trace = session.words(
        "tui.trace",
        at=session.moment(entry.recorded_at),
        actor=who.actor,
        via=session.words.term("via", who.via),
        account=told.account(entry),
        index=entry.index,
        version=entry.version,
    )
    for piece_at, piece in enumerate(_wrapped(trace, sheet.width - indent)):
        sheet.spans(side, (piece if piece_at == 0 else f"  {piece}", pen.faint))


def _wrapped(text: str, width: int) -> list[str]:
    from .cells import shown, wrap

    return wrap(shown(text), width - 2)


def _told_line(sheet: Sheet, session: Session, side: Span, indent: int, label: str, text: str) -> None:
    pen = session.pen
    first = True
    for part in text.split("\n"):
        for piece in _wrapped(f"{label} {part}" if first else part, sheet.width - indent):
            head = piece[: len(label)] if first else ""
            sheet.spans(side, (head, pen.muted), (piece[len(head) :], pen.plain))
            first = False


def page(session: Session, finding: Finding, entries: Sequence[Entry[Any]] | None, width: int) -> Sheet:
    """Return the whole page of a finding; without the history where that stands elsewhere."""
    sheet = sheet_of(session, width)
    finding_head(sheet, session, finding)
    deadline(sheet, session, finding)
    responsibility(sheet, session, finding)
    measures(sheet, session, finding)
    evidence(sheet, session, finding)
    later_life(sheet, session, finding)
    facts(sheet, session, finding)
    hands(sheet, session, finding)
    if entries is not None:
        timeline(sheet, session, entries)
    return sheet
