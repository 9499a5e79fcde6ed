"""Owns the form by which units, people, programmes and the policy are changed. Knows no rule of theirs."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.register import check_admin
from taizhang.ledger.domain.values import Via
from taizhang.service.desk import Order, Receipt
from taizhang.tui.field import Field
from taizhang.tui.registering import Deed, command_of, values_in
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import FieldChanged

from .filling import FillingScreen
from .form_fields import FieldWidget, field_widget

NEW = frozenset({"unit-add", "person-add", "programme-open"})
"""What brings in something that was not there."""


class Registered:
    """What the form gives back: what is there then, what it is called, and the event."""

    def __init__(self, subject: str, name: str, index: int) -> None:
        self.subject = subject
        self.name = name
        self.index = index


class RegisterFormScreen(FillingScreen):
    """One change of the registers.

    Args:
        session: what is shared.
        deed: its row in the table.
        subject: what it is about; for something new what the cursor stood on.
    """

    def __init__(self, session: Session, deed: Deed, subject: str) -> None:
        self.deed, self.subject = deed, subject
        self._began = deed.begin(session.register, subject)
        super().__init__(session, deed.fields, self._began)

    def named(self) -> str:
        """The step, and what it is about."""
        words, step = self.session.words, self.deed.step
        about = [] if step in NEW or step == "policy-set" else [self._called(self.subject)]
        return " · ".join([words.term("step", step), *about])

    def _called(self, subject: str) -> str:
        register = self.session.register
        for kind in (register.units, register.people, register.programmes):
            if (found := kind.get(subject)) is not None and self._is_of(kind):
                return subject if found.name == subject else f"{found.name} {subject}"
        return subject

    def _is_of(self, kind: Mapping[str, object]) -> bool:
        register, step = self.session.register, self.deed.step
        wanted = {"unit": register.units, "person": register.people, "programme": register.programmes}
        return kind is wanted.get(step.partition("-")[0])

    def widget(self, field: Field) -> FieldWidget:
        """What a field is typed in."""
        return field_widget(self.session, self.deed.step, field, self._began.get(field.name, ""))

    def on_mount(self) -> None:
        """Begin to type; whoever may not do this learns it before, and so does who cannot take it back."""
        self._title()
        self._last = dict(self._first)
        self._note()
        self.keep_drafts(self.deed.step, "" if self.deed.step in NEW else self.subject)
        try:
            check_admin(self.deed.command, self.session.register.person(self.session.actor))
        except Refusal as refusal:
            self.complain(self.session.words.refusal(refusal))
        self.begin()

    def begin(self) -> None:
        """What is there already is changed from its first field on."""
        if self.deed.step in NEW or not self._rows:
            super().begin()
        else:
            next(iter(self._rows.values()))[1].focus()

    def _note(self) -> None:
        words, step = self.session.words, self.deed.step
        self.tell_news(words(f"tui.register.note.{step}") if f"tui.register.note.{step}" in words else "")

    def relabel(self) -> None:
        """Draw everything anew; what was typed stays."""
        super().relabel()
        self._note()

    def _told(self, field: Field, texts: Mapping[str, str]) -> str:
        """What stands in a field, in words."""
        text, words = texts.get(field.name, ""), self.session.words
        if field.vocabulary:
            return words.joined(words.term(field.vocabulary, value) for value in values_in(text))
        return words.joined(text.splitlines())

    @on(FieldChanged)
    def _field_changed(self) -> None:
        self.typed()

    def record(self, texts: Mapping[str, str], command_id: str) -> Receipt:
        """Runs in the writing thread."""
        session = self.session
        command = command_of(self.deed, self.subject, texts, self._first, session.register)
        return session.desk.record(Order(command, session.actor, Via.TUI, command_id=command_id))

    def recorded(self, receipt: Receipt) -> None:
        """It is recorded."""
        texts = self._attempt[0]
        subject = (texts.get("id") or texts.get("code") or "").strip() if self.deed.step in NEW else self.subject
        name = texts.get("name", "").strip() or self._called(subject)
        if self.deed.step == "policy-set":
            name = ""
        self.dismiss(Registered(subject, name, receipt.index))

    def ledger_moved(self) -> None:
        """Say so when somebody else changed the same thing; only what is changed here is recorded."""
        session = self.session
        try:
            now = {} if self.deed.step in NEW else self.deed.begin(session.register, self.subject)
        except Refusal as refusal:
            self.complain(session.words.refusal(refusal))
            return
        changes = [
            f"{session.words.term('field', field.name)}: {self._told(field, self._began)} → {self._told(field, now)}"
            for field in self.deed.fields
            if now.get(field.name, "") != self._began.get(field.name, "")
        ]
        if changes:
            self.tell_news(" · ".join((session.words("tui.register.changed"), *changes)))
