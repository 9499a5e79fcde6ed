"""Owns the form of a step: draws the table's fields, gives what was typed to the desk, shows a refusal where it was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, TextArea

from taizhang.ledger.domain.commands import FindingCommand
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal, Rejected, Unreachable
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.rules import Offer
from taizhang.ledger.domain.values import State, Via
from taizhang.service.desk import Order, Receipt
from taizhang.tui import told
from taizhang.tui.cells import shown
from taizhang.tui.drafts import Draft
from taizhang.tui.forms import Field, Form, Kind, command_of, read_date
from taizhang.tui.keys import bindings
from taizhang.tui.quick import keep_last
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, DateHint, DueHint, FieldChanged, FieldDone
from taizhang.tui.widgets.form_parts import Context, Label
from taizhang.tui.widgets.summary import Notice

from .base import Dialog
from .drafting import Drafting
from .form_fields import FieldWidget, put, text_of, widget_of

FRAME = 4
"""Lines that a form needs beside its fields: the border, the line below the context, the keys."""


class Recorded:
    """What a form gives back: the receipt, and the step that it was for."""

    def __init__(self, step: str, receipt: Receipt) -> None:
        self.step = step
        self.receipt = receipt


class Filled:
    """What a form gives back that is meant for several findings: what was typed, which can be read."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts


class FormScreen(Dialog):
    """One form.

    Args:
        session: what is shared.
        form: its row in the table.
        finding: the finding as it stands; None for one that is being logged.
        texts: what stands in its fields at first, instead of what the table says.
        sample: one of the findings that it is meant for: then it is only filled, and nothing recorded.
    """

    BINDINGS = bindings("form", "app")
    FOOT = ("form.record", "form.next", "form.leave")

    def __init__(
        self,
        session: Session,
        form: Form,
        finding: Finding | None,
        *,
        texts: Mapping[str, str] | None = None,
        sample: str = "",
    ) -> None:
        super().__init__(session)
        self._given = dict(texts or {})
        self._sample = sample
        self.form = form
        self.finding = finding
        self.context = Context(session, form, finding)
        self.news = Notice(session, id="news", most=4)
        self.complaint = Notice(session, id="complaint", most=4)
        self._rows: dict[str, tuple[Label, FieldWidget]] = {}
        self._hints: dict[str, DateHint] = {}
        self._first: dict[str, str] = {}
        self._leaving = False
        self._busy = False
        self._last: dict[str, str] = {}
        self._attempt: tuple[dict[str, str], str] = ({}, "")
        self._newest: Entry[object] | None = None
        self._seen: Finding | None = None
        self._drafting: Drafting | None = None

    # -- drawing

    def compose(self) -> ComposeResult:
        """Lay out the form from its table."""
        with Vertical(id="dialog"):
            yield self.context
            with VerticalScroll(id="fields", can_focus=False):
                for field in self.form.all_fields:
                    if not field.unplanned or (self.finding is not None and self.finding.state is State.ASSIGNED):
                        yield self._row(field)
            yield self.news
            yield self.complaint
            yield self.footer

    def _row(self, field: Field) -> Horizontal:
        label = Label(self.session, field)
        widget = self._widget(field)
        self._rows[field.name] = (label, widget)
        self._first[field.name] = text_of(widget)
        parts: list[Widget] = [label, widget]
        if field.kind in (Kind.DATE, Kind.DUE):
            self._hints[field.name] = (DateHint if field.kind is Kind.DATE else DueHint)(self.session, text_of(widget))
            parts.append(self._hints[field.name])
        row = Horizontal(*parts, classes="row")
        row.styles.height = "auto"
        return row

    def _widget(self, field: Field) -> FieldWidget:
        return widget_of(self.session, self.form, field, self.finding, self._amending, self._given.get(field.name))

    @property
    def _amending(self) -> str:
        row = self._rows.get("field")
        return row[1].value if row and isinstance(row[1], ChoiceField) else ""

    def on_mount(self) -> None:
        """Begin in the first field that is empty."""
        self._title()
        self._write_context()
        self._last = dict(self._first)
        self._given = {}
        if self._sample:
            self.news.tell(
                self.session.words("tui.bulk.filling", record=self.session.keymap.cap("form.record")), wrong=False
            )
        else:
            own = self.finding.number if self.finding else ""
            self._drafting = Drafting(self.session, self.home, self.form.step, own, self.set_timer, self.home.refuse)
            self._drafting.ask(self._draft_found)
        desk, actor = self.session.desk, self.session.actor
        number = self.finding.number if self.finding else self._sample or None
        self.session.ask(self, "offers", lambda: desk.offers(number, actor), self._offered, self._refused)
        for _, widget in self._rows.values():
            if not text_of(widget):
                widget.focus()
                return
        if self._rows:
            next(iter(self._rows.values()))[1].focus()

    def _draft_found(self, draft: Draft) -> None:
        words, cap = self.session.words, self.session.keymap.cap("form.restore")
        if not self.news.sentence:
            self.news.tell(words("tui.form.draft", at=draft.at, restore=cap), wrong=False)
            self._fit()

    async def action_restore(self) -> None:
        """Bring back what was typed and not recorded the last time."""
        texts = self._drafting.take() if self._drafting else None
        if texts is None:
            self._complain(self.session.words("tui.form.no-draft"), wrong=False)
            return
        self._given = dict(texts)
        if "field" in self._rows and texts.get("field"):
            put(self._rows["field"][1], texts["field"])
            await self._change_field()
        for name, (_, widget) in self._rows.items():
            if name in texts:
                put(widget, texts[name])
        self._given = {}
        if self._newest is None:
            self.news.tell("")
        self._complain(self.session.words("tui.form.restored"), wrong=False)

    def on_unmount(self) -> None:
        """The terminal was left from here: what stands in the form is kept."""
        if self._drafting is not None:
            self._drafting.flush(self._last, self._first)

    def _typed(self) -> None:
        self._leaving = False
        self._last = self.texts
        if self._drafting is not None:
            self._drafting.typed(lambda: self._last, self._first)

    def _offered(self, offers: tuple[Offer, ...]) -> None:
        """Whoever may not take this step learns it before filling the form."""
        for offer in offers:
            if offer.transition.name == self.form.step and offer.refusal is not None:
                self._complain(self.session.words.refusal(offer.refusal))

    def _title(self) -> None:
        from rich.text import Text
        from textual.content import Content

        step = self.session.words.term("step", self.form.step)
        number = f" · {self.finding.number}" if self.finding else ""
        dialog = self.query_one("#dialog", Vertical)
        dialog.border_title = Content.from_rich_text(Text(shown(f"{step}{number}")))

    def _complain(self, sentence: str, *, wrong: bool = True) -> None:
        self.complaint.tell(sentence, wrong=wrong)
        self._fit()

    def _write_context(self) -> None:
        self.context.write()
        self._fit()

    def on_resize(self) -> None:
        """Another height has other room."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Let the fields scroll where there is no room for all: what is refused, and the keys, are always in sight."""
        taken = sum(part.lines for part in (self.context, self.news, self.complaint))
        self.query_one("#fields").styles.max_height = max(self.app.size.height - taken - FRAME, 3)

    def relabel(self) -> None:
        """Draw everything anew; what was typed stays."""
        super().relabel()
        self._title()
        self._write_context()
        for label, widget in self._rows.values():
            label.relabel()
            if isinstance(widget, ChoiceField):
                widget.relabel()
        for hint in self._hints.values():
            hint.refresh()
        self._complain("")
        self._tell_news()

    # -- typing

    @property
    def texts(self) -> dict[str, str]:
        """What stands in every field."""
        return {name: text_of(widget) for name, (_, widget) in self._rows.items()}

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow a date with its hint."""
        self._typed()
        for name, hint in self._hints.items():
            if self._rows[name][1] is event.input:
                hint.text = event.value
                hint.refresh()

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        self._typed()

    @on(FieldDone)
    def _field_done(self, message: FieldDone) -> None:
        if message.step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    @on(FieldChanged)
    async def _field_changed(self, message: FieldChanged) -> None:
        """Another field is to be corrected: its value is typed in another way."""
        if message.name == "field":
            await self._change_field()
        self._typed()

    async def _change_field(self) -> None:
        label, old = self._rows["value"]
        row = old.parent
        assert isinstance(row, Horizontal)
        field = next(field for field in self.form.fields if field.name == "value")
        fresh = self._widget(field)
        self._rows["value"] = (label, fresh)
        self._first["value"] = text_of(fresh)
        await old.remove()
        await row.mount(fresh)

    def action_next(self) -> None:
        """On to the next field."""
        self.focus_next()

    def action_previous(self) -> None:
        """Back to the field before."""
        self.focus_previous()

    def action_leave(self) -> None:
        """Leave the form; what was typed is given up only when this is said twice."""
        if self._busy:
            return
        if self._leaving or self.texts == self._first:
            if self._leaving:
                self._end(recorded=False)
            self.dismiss(None)
            return
        self._leaving = True
        cap = self.session.keymap.cap
        sentence = self.session.words("tui.form.leave", leave=cap("form.leave"), record=cap("form.record"))
        self._complain(sentence, wrong=False)

    def _end(self, *, recorded: bool) -> None:
        if self._drafting is not None:
            self._drafting.end(recorded=recorded)

    # -- recording

    def action_record(self) -> None:
        """Give what was typed to the desk."""
        if self._busy:
            return
        if not self.session.actor:
            self.home.action_actor()
            return
        texts = self.texts
        if self._sample:
            self._busy = True
            self.session.ask(self, "check", partial(self._check, texts), self._checked, self._refused)
            return
        # the same filled form is one command, however often it is sent; another text is another
        if self._attempt[0] != texts or not self._attempt[1]:
            self._attempt = (texts, uuid.uuid4().hex)
        self._busy = True
        self._complain(self.session.words("tui.form.recording"), wrong=False)
        version = self.finding.version if self.finding else 0
        self.session.write(self, partial(self._record, texts, self._attempt[1], version), self._recorded, self._refused)

    def _record(self, texts: Mapping[str, str], command_id: str, version: int) -> Receipt:
        """Runs in the writing thread."""
        desk, session, number = self.session.desk, self.session, self.finding.number if self.finding else ""
        command: FindingCommand = command_of(self.form, number, texts, desk, session.register)
        happened_on = read_date("happened_on", texts["happened_on"], required=True) if self.form.backdated else None
        if number and desk.finding(number).version != version:
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

    def _recorded(self, receipt: Receipt) -> None:
        self._busy = False
        self._end(recorded=True)
        if self.form.step == "log":
            memory, texts = self.session.memory, self._attempt[0]
            self.session.keep(self.home, "last", lambda: keep_last(memory, texts), failed=self.home.refuse)
        self.dismiss(Recorded(self.form.step, receipt))

    def _refused(self, refusal: Refusal) -> None:
        self._busy = False
        self._complain("")
        if isinstance(refusal, _Changed):
            self.ledger_moved()
            return
        if isinstance(refusal, Unreachable):
            self.home.say(self.session.words.refusal(refusal), wrong=True)
        self._complain(self.session.words.refusal(refusal))
        named = _ALIASES.get(str(refusal.params.get("field", "")), refusal.params.get("field"))
        for name, (label, widget) in self._rows.items():
            label.wrong = name == named
            label.refresh()
            if label.wrong:
                widget.focus()

    # -- news

    def ledger_moved(self) -> None:
        """Say so when the finding is no longer what it was when the form was opened."""
        if self.finding is None:
            return
        desk, number = self.session.desk, self.finding.number
        self.session.ask(
            self, "form", lambda: (desk.finding(number), desk.history(number)[-1]), self._news, self._refused
        )

    def _news(self, answer: tuple[Finding, Entry[object]]) -> None:
        finding, newest = answer
        if self.finding is None or finding.version == self.finding.version:
            return
        self._seen = self._seen or self.finding
        self.finding = self.context.finding = finding
        self._newest = newest
        self._write_context()
        self._tell_news()

    def _tell_news(self) -> None:
        if self._newest is None:
            return
        session, entry = self.session, self._newest
        who, what = session.person(entry.envelope.actor), told.topic(session, entry)
        at = session.moment(entry.recorded_at)[11:16]
        sentence = session.words("tui.form.changed", person=who, step=what, at=at)
        changes = told.difference(session, self._seen, self.finding) if self._seen and self.finding else []
        self.news.tell(" · ".join((sentence, *changes)), wrong=False)
        self._fit()


_ALIASES = {"measure": "measures", "to": "to"}


class _Changed(Rejected):
    """The finding was changed between the last look and the record."""

    def __init__(self) -> None:
        super().__init__("tui.form.changed-now")
