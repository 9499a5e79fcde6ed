"""Owns the table of forms: which fields each step asks for, and how what was typed becomes a command. Draws nothing.

A form's fields are those of its command; a test holds the two together. Rules are the domain's: a form only reads text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.amendable import amendable_text
from taizhang.ledger.domain.calendar import DueRule, parse_due, typed_day
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.policy import Level
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.transitions import AMENDABLE, tag_of
from taizhang.ledger.domain.values import Conclusion, FindingClass, LinkKind, Method, Progress, Result, Severity
from taizhang.service.desk import Desk

from .field import Field, Kind, Start

Make = Callable[[Desk, str, dict[str, Any]], c.FindingCommand]


class Form(Struct, frozen=True):
    """The form of one step.

    Args:
        command: what it leads to.
        fields: what it asks for.
        context: fields of the finding that are shown above, to have in sight.
        make: puts the command together where its fields are not simply those of the form.
        backdated: whether it asks for the day on which it happened.
    """

    command: type[c.FindingCommand]
    fields: tuple[Field, ...]
    context: tuple[str, ...] = ()
    make: Make | None = None
    backdated: bool = True

    @property
    def step(self) -> str:
        """The step's word."""
        return tag_of(self.command)

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The fields with the day on which it happened."""
        return (*self.fields, HAPPENED_ON) if self.backdated else self.fields


HAPPENED_ON = Field("happened_on", Kind.DATE, start=Start.TODAY)


def _attach(desk: Desk, number: str, values: dict[str, Any]) -> c.FindingCommand:
    return c.AttachEvidence(number, desk.keep_evidence(values["evidence"], values["caption"]))


_TEXT = Field("text", Kind.TEXT, rows=4)
_DOCUMENT = (Field("document", Kind.LINE, required=False), Field("text", Kind.TEXT, required=False, rows=3))
_ROUND = ("closure_criteria", "request", "missing")

_ALL: tuple[Form, ...] = (
    Form(
        c.LogFinding,
        (
            Field("programme", Kind.PROGRAMME, start=Start.PROGRAMME),
            Field("title", Kind.TEXT, rows=3),
            Field("source", Kind.LINE),
            Field("found_on", Kind.DATE, start=Start.TODAY),
            Field("category", Kind.LINE, required=False),
            Field("severity", Kind.CHOICE, required=False, choices=Severity, vocabulary="severity"),
            Field("criteria", Kind.TEXT, required=False, rows=2),
            Field("team", Kind.LINE, required=False),
        ),
        backdated=False,
    ),
    Form(
        c.AssignFinding,
        (
            Field("lead_unit", Kind.UNIT),
            Field("class_", Kind.CHOICE, choices=FindingClass, vocabulary="class"),
            Field("due", Kind.DUE, required=False),
            Field("closure_criteria", Kind.TEXT, rows=2),
            Field("cooperating_units", Kind.UNITS, required=False),
            Field("accountable_leader", Kind.NAME, required=False),
            Field("responsible_person", Kind.NAME, required=False),
        ),
        context=("source", "criteria"),
    ),
    Form(
        c.AcknowledgeFinding,
        (Field("measures", Kind.LINES, rows=5),),
        context=("closure_criteria", "deadline"),
    ),
    Form(c.ObjectToFinding, (Field("grounds", Kind.TEXT, rows=4),), context=("closure_criteria", "deadline")),
    Form(
        c.ActOnMeasure,
        (
            Field("measure", Kind.MEASURE),
            Field("progress", Kind.CHOICE, choices=Progress, vocabulary="progress"),
            Field("text", Kind.TEXT, rows=3),
        ),
        context=("missing",),
    ),
    Form(
        c.AttachEvidence,
        (Field("evidence", Kind.FILE), Field("caption", Kind.LINE, required=False)),
        context=("closure_criteria", "missing"),
        make=_attach,
    ),
    Form(
        c.RequestClosure,
        (_TEXT, Field("measures", Kind.LINES, required=False, rows=3, unplanned=True)),
        context=("closure_criteria", "missing"),
    ),
    Form(
        c.RevisePlan,
        (Field("measures", Kind.LINES, rows=5, start=Start.MEASURES), Field("reason", Kind.TEXT, rows=2)),
        context=("closure_criteria", "missing"),
    ),
    Form(
        c.VerifyFinding,
        (
            Field("method", Kind.CHOICE, choices=Method, vocabulary="method"),
            Field("conclusion", Kind.CHOICE, choices=Conclusion, vocabulary="conclusion"),
            Field("text", Kind.TEXT, required=False, rows=3),
        ),
        context=_ROUND,
    ),
    Form(
        c.ReturnFinding, (Field("missing", Kind.TEXT, rows=3),), context=("closure_criteria", "request", "verification")
    ),
    Form(c.CloseFinding, (), context=("closure_criteria", "request", "verification")),
    Form(
        c.RequestExtension,
        (
            Field("due", Kind.DUE),
            Field("reason", Kind.TEXT, rows=3),
            Field("progress", Kind.TEXT, required=False, rows=2),
        ),
        context=("deadline", "original_deadline", "closure_criteria"),
    ),
    Form(
        c.GrantExtension,
        (Field("due", Kind.DUE, required=False), Field("reason", Kind.TEXT, required=False, rows=2)),
        context=("deadline", "extension"),
    ),
    Form(c.RefuseExtension, (Field("reason", Kind.TEXT, rows=3),), context=("deadline", "extension")),
    Form(
        c.Remind,
        (Field("level", Kind.CHOICE, choices=Level, vocabulary="level"), *_DOCUMENT),
        context=("deadline", "escalations"),
    ),
    Form(c.ListPublicly, _DOCUMENT, context=("deadline", "escalations")),
    Form(c.ReceiveEscalation, _DOCUMENT, context=("escalations",)),
    Form(
        c.FollowUp,
        (
            Field("result", Kind.CHOICE, choices=Result, vocabulary="result"),
            Field("text", Kind.TEXT, required=False, rows=3),
        ),
        context=("closure_criteria", "closed_on"),
    ),
    Form(
        c.ReopenFinding,
        (Field("reason", Kind.TEXT, rows=3), Field("due", Kind.DUE)),
        context=("closure_criteria", "follow_up"),
    ),
    Form(
        c.WithdrawFinding,
        (Field("grounds", Kind.TEXT, rows=3), Field("duplicate_of", Kind.FINDING, required=False)),
    ),
    Form(c.TransferFinding, (Field("to", Kind.LINE), Field("grounds", Kind.TEXT, required=False, rows=3))),
    Form(
        c.AmendFinding,
        (
            Field("field", Kind.AMENDABLE),
            Field("value", Kind.AMENDED, required=False),
            Field("reason", Kind.TEXT, rows=2),
        ),
    ),
    Form(
        c.LinkFinding,
        (Field("other", Kind.FINDING), Field("kind", Kind.CHOICE, choices=LinkKind, vocabulary="link")),
        context=("links",),
    ),
    Form(c.CommentOnFinding, (_TEXT,)),
)

FORMS: dict[str, Form] = {form.step: form for form in _ALL}
"""Step → form."""

_AMENDED_KINDS: dict[str, Field] = {
    "title": Field("value", Kind.TEXT, rows=3),
    "criteria": Field("value", Kind.TEXT, required=False, rows=3),
    "closure_criteria": Field("value", Kind.TEXT, rows=3),
    "found_on": Field("value", Kind.DATE),
    "severity": Field("value", Kind.CHOICE, required=False, choices=Severity, vocabulary="severity"),
    "cooperating_units": Field("value", Kind.UNITS, required=False),
    "accountable_leader": Field("value", Kind.NAME, required=False),
    "responsible_person": Field("value", Kind.NAME, required=False),
}


def amended_field(name: str) -> Field:
    """Return how the new value of an amendable field is typed."""
    return _AMENDED_KINDS.get(name, Field("value", Kind.LINE, required=False))


def amended_initial(finding: Finding, name: str, register: Register) -> str:
    """Return the present value of an amendable field as it is typed."""
    held = amendable_text(getattr(finding, name))
    if isinstance(held, str):
        return held
    return "、".join(unit_text(register, unit) for unit in held)


def amendable_fields() -> tuple[str, ...]:
    """Return the fields that can be corrected."""
    return tuple(AMENDABLE)


def start_text(field: Field, register: Register, today: date, finding: Finding | None = None) -> str:
    """Return what stands in a field at first."""
    match field.start:
        case Start.TODAY:
            return today.isoformat()
        case Start.PROGRAMME:
            open_ones = register.open_programmes()
            return open_ones[-1].code if open_ones else ""
        case Start.MEASURES:
            planned = finding.measures if finding else ()
            return "\n".join(" ".join(measure.text.split("\n")) for measure in planned)
        case Start.NOTHING:
            return ""


def unit_text(register: Register, unit_id: str) -> str:
    """Return how a unit is typed: its name, or its id where another unit has the same name."""
    unit = register.units.get(unit_id)
    if unit is None:
        return unit_id
    same = sum(other.name == unit.name for other in register.units.values())
    return unit.name if same == 1 and unit.name not in register.units else unit_id


def unit_id(register: Register, text: str) -> str:
    """Return the unit that was typed, by id or by a name that only one has.

    Raises:
        Rejected: ``unit.unknown``.
    """
    if text in register.units:
        return text
    named = [unit.id for unit in register.units.values() if unit.name == text]
    if len(named) != 1:
        raise Rejected("unit.unknown", unit=text)
    return named[0]


def split_units(text: str) -> list[str]:
    """Return the units in a text, parted by any comma."""
    parts = (part.strip() for part in text.replace("，", ",").replace("、", ",").split(","))
    return [part for part in parts if part]


def read_date(name: str, text: str, *, required: bool) -> date | None:
    """Return the date that was typed.

    Raises:
        Rejected: ``text.missing`` or ``date.malformed``.
    """
    text = text.strip()
    if not text:
        if required:
            raise Rejected("text.missing", field=name)
        return None
    if day := typed_day(text):
        return day
    raise Rejected("date.malformed", field=name, value=text[:40])


def read_due(name: str, text: str) -> DueRule | None:
    """Return the rule of a deadline that was typed; None for none.

    Raises:
        Rejected: ``due.malformed``.
    """
    try:
        return parse_due(text) if text.strip() else None
    except Rejected as refusal:
        raise Rejected(refusal.code, **refusal.params, field=name) from None


def read(field: Field, text: str, desk: Desk, register: Register) -> Any:
    """Return the value of a field from what was typed; may ask the desk.

    Raises:
        Rejected: the text is no value of that kind.
    """
    if field.required and not text.strip():
        raise Rejected("text.missing", field=field.name)
    match field.kind:
        case Kind.DATE:
            return read_date(field.name, text, required=field.required)
        case Kind.DUE:
            return read_due(field.name, text)
        case Kind.CHOICE:
            return field.choices(text) if field.choices and text else None
        case Kind.LINES:
            return tuple(line.strip() for line in text.splitlines() if line.strip())
        case Kind.UNIT:
            return unit_id(register, text.strip())
        case Kind.UNITS:
            return tuple(unit_id(register, part) for part in split_units(text))
        case Kind.PROGRAMME:
            return text.strip()
        case Kind.FILE:
            return Path(text.strip()).expanduser()
        case Kind.FINDING:
            return desk.resolve(text.strip()) if text.strip() else ""
        case Kind.MEASURE:
            return int(text)
        case _:
            return text


def command_of(form: Form, number: str, texts: Mapping[str, str], desk: Desk, register: Register) -> c.FindingCommand:
    """Return the command that a filled form stands for.

    Args:
        number: the finding; empty for one that is being logged.
        texts: what was typed, by field.

    Raises:
        Rejected: something cannot be read, or the file cannot be kept.
    """
    if form.command is c.AmendFinding:
        return _amend(number, texts, desk, register)
    values = {field.name: read(field, texts.get(field.name, ""), desk, register) for field in form.fields}
    if form.make is not None:
        return form.make(desk, number, values)
    if number:
        values["number"] = number
    return form.command(**values)


def _amend(number: str, texts: Mapping[str, str], desk: Desk, register: Register) -> c.FindingCommand:
    name = texts.get("field", "")
    if not name:
        raise Rejected("text.missing", field="field")
    value = read(amended_field(name), texts.get("value", ""), desk, register)
    match value:
        case tuple():
            text = ",".join(value)
        case None:
            text = ""
        case _:
            text = str(value)
    return c.AmendFinding(number, name, text, texts.get("reason", ""))
