"""Owns how the domain's values are told: a due date, a change, what an event holds, who did it. Draws nothing.

New fields and events are told by their type, so that a later version of the domain needs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from taizhang.ledger.domain.calendar import CalendarDays, ReviewDates, WorkingDays, parse_due
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding, Hand, Measure, Request, Round, Verification
from taizhang.ledger.domain.lights import Light
from taizhang.ledger.domain.values import Account, Deadline, Evidence, FindingClass
from taizhang.service.desk import FindingRow

from .session import Session

_UNITS = frozenset({"lead_unit", "cooperating_units"})
_PEOPLE = frozenset({"logged_by", "closed_by", "by", "person", "actor", "received_by"})
_MOMENTS = frozenset({"logged_at", "changed_at", "closed_at"})
_VOCABULARIES = {
    "state": "state",
    "class_": "class",
    "severity": "severity",
    "progress": "progress",
    "method": "method",
    "conclusion": "conclusion",
    "kind": "link",
}
BOOKKEEPING = frozenset({"version", "changed_at", "hands", "verifiers"})
"""What changes with every step and says nothing by itself."""


def due_words(session: Session, class_: FindingClass | None, due: date | None, light: Light) -> str:
    """How a deadline stands today, in few words: 3 days late, due today, 12 days left, sustained."""
    words = session.words
    if light is Light.GREY:
        return "—"
    if class_ is FindingClass.SUSTAINED:
        return words("tui.due.sustained")
    if due is None:
        return "—"
    by = session.by
    days = by.days_between(by.today, due)
    if light is Light.RED:
        return words(f"tui.due.late.{by.policy.days}", days=-days) if days else words("tui.due.past")
    if due == by.today:
        return words("tui.due.today")
    return words(f"tui.due.left.{by.policy.days}", days=days)


def row_due(session: Session, row: FindingRow) -> str:
    """As `due_words`, of a line of the problem list."""
    return due_words(session, row.class_, row.due, row.light)


def person(session: Session, person_id: str) -> str:
    """Name and id of a person, as far as they differ."""
    name = session.person(person_id)
    return name if name == person_id else f"{name} {person_id}"


def unit(session: Session, unit_id: str) -> str:
    """Name and id of a unit, as far as they differ."""
    name = session.unit(unit_id)
    return name if name == unit_id else f"{name} {unit_id}"


def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.1f} KiB"
    return f"{count / 1024 / 1024:.1f} MiB"


def value(session: Session, field: str, held: Any) -> str:
    """The value of a field as people read it; empty where there is none."""
    words = session.words
    if held in (None, "", ()):
        return ""
    if field in _UNITS:
        ids = (held,) if isinstance(held, str) else held
        return words.joined(session.unit(unit_id) for unit_id in ids)
    match held:
        case bool():
            return words("yes" if held else "no")
        case Enum():
            return words.term(_VOCABULARIES.get(field, field), held)
        case str() if field in _PEOPLE:
            return person(session, held)
        case str() if field in _MOMENTS:
            return session.moment(held)
        case tuple():
            return words.joined(value(session, field, item) for item in held)
        case Struct():
            return _struct(session, held)
        case _:
            return str(held)


def _struct(session: Session, held: Struct) -> str:
    """One value that is made of several, on one line."""
    words = session.words
    match held:
        case Deadline():
            return _deadline(session, held)
        case Measure():
            report = f": {held.report}" if held.report else ""
            return f"{held.text} ({words.term('progress', held.progress)}){report}"
        case Evidence():
            caption = f" · {held.caption}" if held.caption else ""
            return f"{held.name} · {size(held.size)} · {held.sha256[:12]}{caption}"
        case Hand():
            return f"{person(session, held.person)} ({_account(held.account)})"
        case Request():
            return f"{held.text} · {person(session, held.by)} · {held.on}"
        case Verification():
            said = f" · {held.text}" if held.text else ""
            terms = f"{words.term('conclusion', held.conclusion)} · {words.term('method', held.method)}"
            return f"{terms} · {person(session, held.by)} · {held.on}{said}"
        case Account():
            return _account(held)
        case Round():
            return words(
                "tui.round.told",
                round=held.round,
                original=_deadline(session, held.original_deadline),
                due=_deadline(session, held.deadline),
                closed=held.closed_on,
                by=session.person(held.closed_by),
                returns=held.returns,
                extensions=held.extensions,
                reopened=held.reopened_on,
                late=words("yes" if held.late else "no"),
            )
        case _:
            parts = (value(session, info.name, getattr(held, info.name)) for info in fields(held))
            return " · ".join(part for part in parts if part)


def _deadline(session: Session, deadline: Deadline | None) -> str:
    """A deadline with the rule that gave it, and whether it is provisional."""
    words = session.words
    if deadline is None or deadline.due is None:
        return words("tui.due.none")
    parts = [f"{deadline.due}", _rule(session, deadline.rule)]
    parts += [words("field.provisional")] if deadline.provisional else []
    return " · ".join(part for part in parts if part)


def _rule(session: Session, rule: str) -> str:
    """The rule that gave a deadline, in words; empty for a day that somebody named."""
    words = session.words
    match None if rule == "date" else parse_due(rule):
        case WorkingDays(n=days):
            return words("tui.due.rule.working", days=days)
        case CalendarDays(n=days):
            return words("tui.due.rule.calendar", days=days)
        case ReviewDates(dates=dates):
            return words("tui.due.rule.review", days=words.joined(f"{day}" for day in dates))
        case _:
            return ""


def _account(account: Account) -> str:
    return f"{account.os_user}@{account.host}"


def account(entry: Entry[Any]) -> str:
    """The computer account behind an event."""
    return _account(entry.envelope.account)


def label(session: Session, field: str) -> str:
    """The name of a field."""
    return session.words.term("field", field)


def topic(session: Session, entry: Entry[Any]) -> str:
    """What happened, in a word or two."""
    return session.words.term("topic", entry.topic)


def same_account(entry: Entry[Any]) -> bool:
    """Whether four eyes noted that two people used one computer account."""
    return bool(getattr(entry.data, "same_account", False))


def event_fields(session: Session, entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    """Yield what an event holds, label and value, leaving out what is empty or said elsewhere."""
    data = entry.data
    left_out = {"number", "programme", "same_account"}
    if hasattr(data, "old") and hasattr(data, "new"):  # a correction: told as one change
        yield label(session, data.field), f"{_amended(session, data, 'old')} → {_amended(session, data, 'new')}"
        left_out |= {"field", "old", "new"}
    for info in fields(data):
        if info.name in left_out:
            continue
        held = getattr(data, info.name)
        if info.name == "measures":
            for count, measure in enumerate(held, 1):
                yield label(session, "measure"), f"{count}. {measure}"
            continue
        if text := value(session, info.name, held):
            yield label(session, info.name), text
    if entry.envelope.why:
        yield label(session, "why"), entry.envelope.why


def _amended(session: Session, data: Any, side: str) -> str:
    held = getattr(data, side)
    vocabulary = _VOCABULARIES.get(data.field)
    if vocabulary and held:
        return session.words.term(vocabulary, held)
    return value(session, data.field, held) or "—"


def change_lines(session: Session, field: str, old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Yield a change as pairs (what was, what is); of lists only the items that differ. Either may be empty."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        for at in range(max(len(old), len(new))):
            was = value(session, field, old[at]) if at < len(old) else ""
            now = value(session, field, new[at]) if at < len(new) else ""
            if was != now:
                yield was, now
        return
    yield value(session, field, old), value(session, field, new)


def difference(session: Session, before: Finding, after: Finding) -> list[str]:
    """What is otherwise in one state than in another, each as one short sentence."""
    found = []
    for info in fields(after):
        old, new = getattr(before, info.name), getattr(after, info.name)
        if info.name in BOOKKEEPING or old == new:
            continue
        for was, now in change_lines(session, info.name, old, new):
            found.append(f"{label(session, info.name)}: {was or '—'} → {now or '—'}")
    return found


def progress(finding: Finding) -> tuple[int, int]:
    """How many measures are done, of how many."""
    done = sum(measure.progress == "done" for measure in finding.measures)
    return done, len(finding.measures)
