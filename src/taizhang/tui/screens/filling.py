"""Owns a form while it is filled: its rows, where the keys are, drafts, leaving it, recording once. Knows no step and no finding."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, TextArea

from taizhang.ledger.domain.errors import Refusal, Unreachable
from taizhang.service.desk import Receipt
from taizhang.tui.cells import shown
from taizhang.tui.drafts import Draft
from taizhang.tui.field import Field, Kind
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, DateHint, DueHint, FieldDone
from taizhang.tui.widgets.form_parts import Label
from taizhang.tui.widgets.summary import Notice

from .base import Dialog
from .drafting import Drafting
from .form_fields import FieldWidget, put, text_of

FRAME = 4
"""Lines that a form needs beside its fields: the border, the line below the context, the keys."""


class FillingScreen(Dialog):
    """A form.

    Args:
        session: what is shared.
        fields: what it asks for.
        texts: what stands in its fields at first, instead of what the table says.
    """

    BINDINGS = bindings("form", "app")
    FOOT = ("form.record", "form.next", "form.leave")

    def __init__(self, session: Session, fields: Iterable[Field], texts: Mapping[str, str] | None = None) -> None:
        super().__init__(session)
        self._fields = tuple(fields)
        self._given = dict(texts or {})
        self.news = Notice(session, id="news", most=4)
        self.complaint = Notice(session, id="complaint", most=4)
        self._rows: dict[str, tuple[Label, FieldWidget]] = {}
        self._hints: dict[str, DateHint] = {}
        self._first: dict[str, str] = {}
        self._leaving = False
        self._busy = False
        self._last: dict[str, str] = {}
        self._attempt: tuple[dict[str, str], str] = ({}, "")
        self._drafting: Drafting | None = None

    # -- what each form says itself

    def named(self) -> str:
        """What stands in its border."""
        raise NotImplementedError

    def above(self) -> Iterable[Widget]:
        """What stands above the fields."""
        return ()

    @property
    def lines_above(self) -> int:
        """How many lines that takes."""
        return 0

    def widget(self, field: Field) -> FieldWidget:
        """What a field is typed in."""
        raise NotImplementedError

    def record(self, texts: Mapping[str, str], command_id: str) -> Receipt:
        """Give what was typed to the desk; runs in the writing thread."""
        raise NotImplementedError

    def recorded(self, receipt: Receipt) -> None:
        """It is recorded."""
        raise NotImplementedError

    # -- drawing

    def compose(self) -> ComposeResult:
        """Lay out the form from its table."""
        with Vertical(id="dialog"):
            yield from self.above()
            with VerticalScroll(id="fields", can_focus=False):
                rows = [self._row(field) for field in self._fields]
                self._line_up()
                yield from rows
            yield self.news
            yield self.complaint
            yield self.footer

    def _row(self, field: Field) -> Horizontal:
        label = Label(self.session, field)
        widget = self.widget(field)
        self._rows[field.name] = (label, widget)
        self._first[field.name] = text_of(widget)
        parts: list[Widget] = [label, widget]
        if field.kind in (Kind.DATE, Kind.DUE):
            self._hints[field.name] = (DateHint if field.kind is Kind.DATE else DueHint)(self.session, text_of(widget))
            parts.append(self._hints[field.name])
        row = Horizontal(*parts, classes="row")
        row.styles.height = "auto"
        return row

    def _title(self) -> None:
        from rich.text import Text
        from textual.content import Content

        dialog = self.query_one("#dialog", Vertical)
        dialog.border_title = Content.from_rich_text(Text(shown(self.named())))

    def _line_up(self) -> None:
        """Give all names the room of the longest."""
        labels = [label for label, _ in self._rows.values()]
        width = max((label.wanted for label in labels), default=0)
        for label in labels:
            label.relabel(width)

    def begin(self) -> None:
        """Begin in the first field that is empty; a form without fields has the keys itself."""
        widgets = [widget for _, widget in self._rows.values()]
        if not widgets:
            fields = self.query_one("#fields")
            fields.can_focus = True
            fields.focus()
            return
        next((widget for widget in widgets if not text_of(widget)), widgets[0]).focus()

    def complain(self, sentence: str, *, wrong: bool = True) -> None:
        """Show a sentence below the fields, or nothing."""
        self.complaint.tell(sentence, wrong=wrong)
        self.fit()

    def tell_news(self, sentence: str) -> None:
        """Show what happened meanwhile, or nothing."""
        self.news.tell(sentence, wrong=False)
        self.fit()

    def on_resize(self) -> None:
        """Another height has other room."""
        self.call_after_refresh(self.fit)

    def fit(self) -> None:
        """Let the fields scroll where there is no room for all: what is refused, and the keys, are always in sight."""
        taken = self.lines_above + sum(part.lines for part in (self.news, self.complaint))
        self.query_one("#fields").styles.max_height = max(self.app.size.height - taken - FRAME, 3)

    def relabel(self) -> None:
        """Draw everything anew; what was typed stays."""
        super().relabel()
        self._title()
        self._line_up()
        for _, widget in self._rows.values():
            if isinstance(widget, ChoiceField):
                widget.relabel()
        for hint in self._hints.values():
            hint.refresh()
        self.complain("")

    # -- drafts

    def keep_drafts(self, step: str, own: str) -> None:
        """Keep what is typed from now on, and offer what was typed the last time.

        Args:
            step: what the form is for.
            own: what it is about; empty for something new.
        """
        self._drafting = Drafting(self.session, self.home, step, own, self.set_timer, self.home.refuse)
        self._drafting.ask(self._draft_found)

    def _draft_found(self, draft: Draft) -> None:
        words, cap = self.session.words, self.session.keymap.cap("form.restore")
        if not self.news.sentence:
            self.tell_news(words("tui.form.draft", at=draft.at, restore=cap))

    async def action_restore(self) -> None:
        """Bring back what was typed and not recorded the last time."""
        texts = self._drafting.take() if self._drafting else None
        if texts is None:
            self.complain(self.session.words("tui.form.no-draft"), wrong=False)
            return
        await self.restore(texts)
        self.complain(self.session.words("tui.form.restored"), wrong=False)

    async def restore(self, texts: Mapping[str, str]) -> None:
        """Write a draft into the fields."""
        for name, (_, widget) in self._rows.items():
            if name in texts:
                put(widget, texts[name])
        self.tell_news("")

    def on_unmount(self) -> None:
        """The terminal was left from here: what stands in the form is kept."""
        if self._drafting is not None:
            self._drafting.flush(self._last, self._first)

    def typed(self) -> None:
        """Something was typed."""
        self._leaving = False
        self._last = self.texts
        if self._drafting is not None:
            self._drafting.typed(lambda: self._last, self._first)

    # -- typing

    @property
    def texts(self) -> dict[str, str]:
        """What stands in every field."""
        return {name: text_of(widget) for name, (_, widget) in self._rows.items()}

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow a date with its hint."""
        self.typed()
        for name, hint in self._hints.items():
            if self._rows[name][1] is event.input:
                hint.text = event.value
                hint.refresh()

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        self.typed()

    @on(FieldDone)
    def _field_done(self, message: FieldDone) -> None:
        if message.step > 0:
            self.focus_next()
        else:
            self.focus_previous()

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
        self.complain(sentence, wrong=False)

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
        # the same filled form is one command, however often it is sent; another text is another
        if self._attempt[0] != texts or not self._attempt[1]:
            self._attempt = (texts, uuid.uuid4().hex)
        self._busy = True
        self.complain(self.session.words("tui.form.recording"), wrong=False)
        self.session.write(self, partial(self.record, texts, self._attempt[1]), self._recorded, self.refused)

    def _recorded(self, receipt: Receipt) -> None:
        self._busy = False
        self._end(recorded=True)
        self.recorded(receipt)

    def refused(self, refusal: Refusal) -> None:
        """Say what was refused, and go to the field that it is about."""
        self._busy = False
        if isinstance(refusal, Unreachable):
            self.home.say(self.session.words.refusal(refusal), wrong=True)
        self.complain(self.session.words.refusal(refusal))
        named = _ALIASES.get(str(refusal.params.get("field", "")), refusal.params.get("field"))
        for name, (label, widget) in self._rows.items():
            label.wrong = name == named
            label.refresh()
            if label.wrong:
                widget.focus()


_ALIASES = {"measure": "measures", "phase": "phases"}
"""What a refusal calls the field where it is typed otherwise."""
