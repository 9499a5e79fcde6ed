"""Owns a finding as lines: its facts, measures, evidence, deadline, hands and timeline. Asks nobody anything.

The finding's page, the preview beside the list and the replay are drawn from these parts.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from typing import Any

from rich.style import Style

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light
from taizhang.ledger.domain.values import OPEN_STATES, Progress

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


def finding_head(sheet: Sheet, session: Session, finding: Finding, today: date | None = None) -> None:
    """Write number, status and light on a line, and the problem itself below."""
    pen, words = session.pen, session.words
    colour = light(finding, today or session.today)
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


def deadline(sheet: Sheet, session: Session, finding: Finding, marks: Marks = (), today: date | None = None) -> None:
    """Write the deadline, the light and why it has that colour."""
    pen, words = session.pen, session.words
    today = today or session.today
    colour = light(finding, today)
    sheet.heading(words("tui.section.deadline"))
    due = told.value(session, "deadline", finding.deadline)
    sheet.pair(told.label(session, "due"), due, mark=_mark("deadline", marks))
    if finding.original_deadline != finding.deadline:
        original = told.value(session, "original_deadline", finding.original_deadline)
        sheet.pair(told.label(session, "original_due"), original, mark=_mark("original_deadline", marks))
    until = finding.closed_on or today
    days = abs((finding.due - until).days) if finding.due else 0
    why = words(f"tui.why.{_why(finding, colour)}", due=due or "—", on=until.isoformat(), days=days)
    sheet.pair(
        told.label(session, "light"), f"{SIGNS[colour]} {words.term('light', colour)} — {why}", pen.light(colour)
    )


def _why(finding: Finding, colour: Light) -> str:
    if colour is Light.GREY and finding.closed_on is not None and finding.due is not None:
        return "closed-late" if finding.closed_on > finding.due else "closed-in-time"
    if colour is Light.GREEN and (finding.due is None or finding.class_ == "sustained"):
        return "sustained" if finding.class_ == "sustained" else "unassigned"
    return colour.value


def facts(sheet: Sheet, session: Session, finding: Finding, marks: Marks = ()) -> None:
    """Write what is known of the problem and of who answers for it."""
    sheet.heading(session.words("tui.section.facts"))
    names = ("state", "class_", "severity", "found_on", "source", "category", "team", "programme", "logged_by",
             "logged_at", "assigned_on")  # fmt: skip
    _grid(sheet, session, finding, names, marks)
    for name in ("criteria",):
        _long(sheet, session, finding, name, marks)
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
    facts(sheet, session, finding)
    hands(sheet, session, finding)
    if entries is not None:
        timeline(sheet, session, entries)
    return sheet
