"""Owns the form of a step: the finding above the table's fields, and what is said when it changes meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from taizhang.ledger.domain.commands import FindingCommand
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.rules import Offer
from taizhang.ledger.domain.values import State, Via
from taizhang.service.desk import Order, Receipt
from taizhang.tui import told
from taizhang.tui.field import Field
from taizhang.tui.forms import Form, command_of, read_date
from taizhang.tui.quick import keep_last
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, FieldChanged
from taizhang.tui.widgets.form_parts import Context

from .filling import FillingScreen
from .form_fields import FieldWidget, put, text_of, widget_of


class Recorded:
    """What a form gives back: the receipt, and the step that it was for."""

    def __init__(self, step: str, receipt: Receipt) -> None:
        self.step = step
        self.receipt = receipt


class Filled:
    """What a form gives back that is meant for several findings: what was typed, which can be read."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts


class FormScreen(FillingScreen):
    """One form.

    Args:
        session: what is shared.
        form: its row in the table.
        finding: the finding as it stands; None for one that is being logged.
        texts: what stands in its fields at first, instead of what the table says.
        sample: one of the findings that it is meant for: then it is only filled, and nothing recorded.
    """

    def __init__(
        self,
        session: Session,
        form: Form,
        finding: Finding | None,
        *,
        texts: Mapping[str, str] | None = None,
        sample: str = "",
    ) -> None:
        unplanned = finding is not None and finding.state is State.ASSIGNED
        super().__init__(session, (field for field in form.all_fields if unplanned or not field.unplanned), texts)
        self._sample = sample
        self.form = form
        self.finding = finding
        self.context = Context(session, form, finding)
        self._newest: Entry[object] | None = None
        self._seen: Finding | None = None
        self._version = 0

    # -- drawing

    def above(self) -> Iterable[Widget]:
        """What to have in sight."""
        return (self.context,)

    @property
    def lines_above(self) -> int:
        """How many lines that takes."""
        return self.context.lines

    def widget(self, field: Field) -> FieldWidget:
        """What a field is typed in."""
        return widget_of(self.session, self.form, field, self.finding, self._amending, self._given.get(field.name))

    @property
    def _amending(self) -> str:
        row = self._rows.get("field")
        return row[1].value if row and isinstance(row[1], ChoiceField) else ""

    def on_mount(self) -> None:
        """Begin to type; whoever may not take this step learns it before."""
        self._title()
        self._write_context()
        self._last = dict(self._first)
        self._given = {}
        if self._sample:
            record = self.session.keymap.cap("form.record")
            self.news.tell(self.session.words("tui.bulk.filling", record=record), wrong=False)
        else:
            self.keep_drafts(self.form.step, self.finding.number if self.finding else "")
        desk, actor = self.session.desk, self.session.actor
        number = self.finding.number if self.finding else self._sample or None
        self.session.ask(self, "offers", lambda: desk.offers(number, actor), self._offered, self.refused)
        self.begin()

    async def restore(self, texts: Mapping[str, str]) -> None:
        """Write a draft into the fields; which field is corrected comes first."""
        self._given = dict(texts)
        if "field" in self._rows and texts.get("field"):
            put(self._rows["field"][1], texts["field"])
            await self._change_field()
        await super().restore(texts)
        self._given = {}
        self._tell_changes()

    def _offered(self, offers: tuple[Offer, ...]) -> None:
        for offer in offers:
            if offer.transition.name == self.form.step and offer.refusal is not None:
                self.complain(self.session.words.refusal(offer.refusal))

    def named(self) -> str:
        """The step, and the finding."""
        step = self.session.words.term("step", self.form.step)
        return f"{step} · {self.finding.number}" if self.finding else step

    def _write_context(self) -> None:
        self.context.write()
        self.fit()

    def relabel(self) -> None:
        """Draw everything anew; what was typed stays."""
        super().relabel()
        self._write_context()
        self._tell_changes()

    # -- typing

    @on(FieldChanged)
    async def _field_changed(self, message: FieldChanged) -> None:
        """Another field is to be corrected: its value is typed in another way."""
        if message.name == "field":
            await self._change_field()
        self.typed()

    async def _change_field(self) -> None:
        label, old = self._rows["value"]
        row = old.parent
        assert isinstance(row, Horizontal)
        field = next(field for field in self.form.fields if field.name == "value")
        fresh = self.widget(field)
        self._rows["value"] = (label, fresh)
        self._first["value"] = text_of(fresh)
        await old.remove()
        await row.mount(fresh)

    # -- recording

    def action_record(self) -> None:
        """Give what was typed to the desk; what is meant for several findings is only looked through."""
        if not self._sample or self._busy or not self.session.actor:
            if not self._busy:
                self._version = self.finding.version if self.finding else 0
            super().action_record()
            return
        self._busy = True
        self.session.ask(self, "check", partial(self._check, self.texts), self._checked, self.refused)

    def record(self, texts: Mapping[str, str], command_id: str) -> Receipt:
        """Runs in the writing thread."""
        desk, session, number = self.session.desk, self.session, self.finding.number if self.finding else ""
        command: FindingCommand = command_of(self.form, number, texts, desk, session.register)
        happened_on = read_date("happened_on", texts["happened_on"], required=True) if self.form.backdated else None
        if number and desk.finding(number).version != self._version:
            raise _Changed
        return desk.record(Order(command, session.actor, Via.TUI, happened_on, command_id=command_id))

    def _check(self, texts: dict[str, str]) -> Filled:
        """Runs in the reading thread: what cannot be read is said here, not at every one of the findings."""
        command_of(self.form, self._sample, texts, self.session.desk, self.session.register)
        if self.form.backdated:
            read_date("happened_on", texts["happened_on"], required=True)
        return Filled(texts)

    def _checked(self, filled: Filled) -> None:
        self._busy = False
        self.dismiss(filled)

    def recorded(self, receipt: Receipt) -> None:
        """It is recorded."""
        if self.form.step == "log":
            memory, texts = self.session.memory, self._attempt[0]
            self.session.keep(self.home, "last", lambda: keep_last(memory, texts), failed=self.home.refuse)
        self.dismiss(Recorded(self.form.step, receipt))

    def refused(self, refusal: Refusal) -> None:
        """Say what was refused; a finding that has just changed is shown anew first."""
        if isinstance(refusal, _Changed):
            self._busy = False
            self.complain("")
            self.ledger_moved()
        else:
            super().refused(refusal)

    # -- news

    def ledger_moved(self) -> None:
        """Say so when the finding is no longer what it was when the form was opened."""
        if self.finding is None:
            return
        desk, number = self.session.desk, self.finding.number
        self.session.ask(
            self, "form", lambda: (desk.finding(number), desk.history(number)[-1]), self._news, self.refused
        )

    def _news(self, answer: tuple[Finding, Entry[object]]) -> None:
        finding, newest = answer
        if self.finding is None or finding.version == self.finding.version:
            return
        self._seen = self._seen or self.finding
        self.finding = self.context.finding = finding
        self._newest = newest
        self._write_context()
        self._tell_changes()

    def _tell_changes(self) -> None:
        if self._newest is None:
            return
        session, entry = self.session, self._newest
        who, what = session.person(entry.envelope.actor), told.topic(session, entry)
        at = session.moment(entry.recorded_at)[11:16]
        sentence = session.words("tui.form.changed", person=who, step=what, at=at)
        changes = told.difference(session, self._seen, self.finding) if self._seen and self.finding else []
        self.tell_news(" · ".join((sentence, *changes)))


class _Changed(Rejected):
    """The finding was changed between the last look and the record."""

    def __init__(self) -> None:
        super().__init__("tui.form.changed-now")
