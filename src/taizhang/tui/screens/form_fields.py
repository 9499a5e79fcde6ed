"""Owns which widget a field of a form is typed in, and what stands in it at first. Knows no form's life."""

from __future__ import annotations

from functools import partial

from taizhang.ledger.domain.finding import Finding
from taizhang.tui.field import Field, Kind
from taizhang.tui.forms import Form, amendable_fields, amended_field, amended_initial, start_text
from taizhang.tui.pickers import suggestions, taken
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, LineField, PickField, TextField
from taizhang.tui.widgets.many import ManyField

PICKED = frozenset({Kind.UNIT, Kind.UNITS, Kind.NAME, Kind.PROGRAMME, Kind.FILE, Kind.CALENDAR})
FieldWidget = LineField | TextField | PickField | ChoiceField


def widget_of(
    session: Session, form: Form, field: Field, finding: Finding | None, amending: str, given: str | None = None
) -> FieldWidget:
    """Return the widget of a field.

    Args:
        amending: the field that is being corrected; empty for none.
        given: what stands in it at first; None for what the table says.
    """
    if field.kind is Kind.AMENDED:
        field = amended_field(amending)
    text = start_text(field, session.register, session.today, finding)
    if field.name == "value" and finding is not None and amending:
        text = amended_initial(finding, amending, session.register)
    return field_widget(session, form.step, field, text if given is None else given, finding)


def field_widget(session: Session, step: str, field: Field, text: str, finding: Finding | None = None) -> FieldWidget:
    """Return the widget of a field in which a text stands."""
    hint = f"tui.hint.{step}.{field.name}"
    placeholder = session.words(hint) if hint in session.words else ""
    match field.kind:
        case Kind.TEXT | Kind.LINES:
            return TextField(text, rows=field.rows, placeholder=placeholder)
        case Kind.CHOICE:
            assert field.choices is not None
            values = [choice.value for choice in field.choices]
            word = partial(_term, session, field.vocabulary)
            return ChoiceField(session, field.name, values, word, text, optional=not field.required)
        case Kind.MANY:
            assert field.choices is not None
            values = [choice.value for choice in field.choices]
            return ManyField(session, field.name, values, partial(_term, session, field.vocabulary), text)
        case Kind.MEASURE:
            count = len(finding.measures) if finding else 0
            values = [str(at) for at in range(1, count + 1)]
            only = values[0] if count == 1 else text if text in values else ""
            word = partial(_measure_told, session, finding)
            return ChoiceField(session, field.name, values, word, only, upright=True)
        case Kind.AMENDABLE:
            return ChoiceField(session, field.name, amendable_fields(), partial(_term, session, "field"), text)
        case kind if kind in PICKED:
            suggest, take = partial(suggestions, session, kind), partial(taken, kind)
            return PickField(session, text, suggest, take, placeholder=placeholder)
        case Kind.DUE:
            return LineField(text, placeholder="2026-12-31 · 10wd · 30d", classes="due")
        case Kind.DATE:
            return LineField(text, placeholder="YYYY-MM-DD", classes="date")
        case _:
            return LineField(text, placeholder=placeholder)


def text_of(widget: FieldWidget) -> str:
    """Return what stands in a field."""
    match widget:
        case PickField():
            return widget.input.value
        case TextField():
            return widget.text
        case LineField() | ChoiceField():
            return widget.value


def put(widget: FieldWidget, text: str) -> None:
    """Write a text into a field; a choice that has no such value stays."""
    match widget:
        case PickField():
            widget.input.value = text
        case TextField():
            widget.load_text(text)
        case LineField():
            widget.value = text
        case ChoiceField():
            widget.put(text)


def _term(session: Session, vocabulary: str, value: str) -> str:
    """The word of a value in whichever language is spoken then."""
    return session.words.term(vocabulary, value)


def _measure_told(session: Session, finding: Finding | None, value: str) -> str:
    assert finding is not None
    measure = finding.measures[int(value) - 1]
    return f"{value}. {measure.text} ({session.words.term('progress', measure.progress)})"
