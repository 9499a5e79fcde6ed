"""Owns how the fields of a finding and of its events are told in words. Knows no rule, no screen and no file.

Sizes, days and names are those of the data; what people call a value is the catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.events import FindingAmended
from taizhang.ledger.domain.policy import DayKind, Level
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import (
    Conclusion,
    Deadline,
    Evidence,
    FindingClass,
    LinkKind,
    Method,
    Progress,
    Result,
    Role,
    Severity,
    State,
    visible,
)

from .words import Words

_VOCABULARIES: dict[type[StrEnum], str] = {
    State: "state",
    Role: "role",
    FindingClass: "class",
    Progress: "progress",
    Method: "method",
    Conclusion: "conclusion",
    Severity: "severity",
    Level: "level",
    DayKind: "days",
    Result: "result",
    LinkKind: "link",
}
_UNITS = frozenset({"lead_unit", "cooperating_units", "unit", "parent"})
_LISTED = frozenset({"measures"})
_PEOPLE = frozenset({"logged_by", "closed_by", "by", "received_by"})
_UNTOLD = frozenset({"same_account", "number", "programme"})


def value_text(field: str, value: Any, words: Words, register: Register) -> str:
    """Return a field's value as people read it; an empty text where there is nothing to say."""
    match value:
        case None | "" | () | 0 | False:
            return ""
        case True:
            return words("yes")
        case StrEnum():
            return words.term(_VOCABULARIES.get(type(value), ""), value)
        case Deadline():
            return deadline_text(value, words)
        case Evidence():
            return evidence_text(value, words)
        case date():
            return value.isoformat()
        case Struct():
            parts = (value_text(each.name, getattr(value, each.name), words, register) for each in fields(value))
            return " · ".join(part for part in parts if part)
        case tuple() if field in _LISTED and len(value) > 1:
            return "\n".join(f"{at}. {visible(item, keep=chr(10))}" for at, item in enumerate(value, 1))
        case tuple() | frozenset():
            return words.joined(value_text(field, item, words, register) for item in value)
        case str() if field in _UNITS:
            unit = register.units.get(value)
            return words("cli.named", name=unit.name, id=value) if unit else visible(value)
        case str() if field in _PEOPLE:
            return person_text(value, register, words)
        case str() if field == "severity":
            return words.term("severity", value)
        case _:
            return visible(str(value), keep="\n")


def deadline_text(deadline: Deadline, words: Words) -> str:
    """Return a deadline: its day, the rule that gave it, and whether it is provisional."""
    if deadline.due is None:
        return words("cli.no-date")
    text = deadline.due.isoformat()
    if deadline.rule != "date":
        text = words("cli.by-rule", due=text, rule=deadline.rule)
    return words("cli.provisional", due=text) if deadline.provisional else text


def person_text(person_id: str, register: Register, words: Words) -> str:
    """Return a person as name and id."""
    person = register.people.get(person_id)
    return words("cli.named", name=person.name, id=person_id) if person else visible(person_id)


def evidence_text(evidence: Evidence, words: Words) -> str:
    """Return a piece of evidence: what it was called, how large it is, its hash."""
    caption = f" — {evidence.caption}" if evidence.caption else ""
    return words("cli.evidence", name=evidence.name, size=f"{evidence.size:,}", sha256=evidence.sha256[:16]) + visible(
        caption
    )


def event_pairs(entry: Entry[Any], words: Words, register: Register) -> Iterator[tuple[str, str]]:
    """Yield what an event says: the name of a field and its value, and the reason last."""
    event = entry.data
    if isinstance(event, FindingAmended):
        old, new = (value_text(event.field, value, words, register) or "—" for value in (event.old, event.new))
        yield words.term("field", event.field), f"{old} → {new}"
        yield words("field.reason"), visible(event.reason, keep="\n")
    else:
        for field in fields(event):
            if field.name not in _UNTOLD and (value := getattr(event, field.name)):
                yield words.term("field", field.name), value_text(field.name, value, words, register)
    if entry.envelope.why:
        yield words("field.why"), visible(entry.envelope.why, keep="\n")
