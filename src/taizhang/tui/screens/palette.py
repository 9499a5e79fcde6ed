"""Owns the palette: one field, and below it whatever the text finds. What is offered and how it is found is `tui.palette`."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import FindingRow, Query
from taizhang.tui.cells import fit
from taizhang.tui.keys import BY_ID, bindings
from taizhang.tui.palette import Chosen, Found, matching, spoken
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.search import SafeInput

from .base import Dialog

MOST_FINDINGS = 5


class PaletteScreen(Dialog):
    """Everything that can be done from here.

    Args:
        session: what is shared.
        offers: what is offered.
    """

    BINDINGS = bindings("picker")
    FOOT = ("picker.take", "picker.down", "picker.leave")

    def __init__(self, session: Session, offers: Sequence[Chosen]) -> None:
        super().__init__(session)
        self._offers = offers
        self._found: list[Found] = []
        self._findings: tuple[FindingRow, ...] = ()
        self._shown: list[Chosen] = []
        self._written = ""
        self.input = SafeInput(placeholder=session.words("tui.palette.hint"))
        self.options = Options(session, column=14 if session.words.lang == "zh" else 20)
        self.options.can_focus = False

    def compose(self) -> ComposeResult:
        """Lay out the palette."""
        with Vertical(id="dialog"):
            yield self.input
            yield self.options
            yield self.footer

    def on_mount(self) -> None:
        """Show everything; what needs the desk comes when it comes."""
        self.query_one("#dialog", Vertical).border_title = Content(self.session.words("tui.palette"))
        self.input.focus()
        session, offers = self.session, self._offers
        self.session.ask(
            self,
            "palette",
            lambda: spoken(offers, session.words, session.desk, session.memory),
            self._spoken,
            self._refused,
        )
        self._fit()

    def on_resize(self) -> None:
        """As many lines as there is room for."""
        self._fit()

    def _fit(self) -> None:
        self.options.styles.height = max(1, min(len(self._offers) + MOST_FINDINGS, self.app.size.height - 7))

    def _spoken(self, found: list[Found]) -> None:
        self._found = found
        self._write()

    def _refused(self, _: Refusal) -> None:
        """What is typed is no filter: then no finding is meant by it."""
        self._findings = ()
        self._write()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow every key; findings come behind the actions."""
        self._write()
        self._ask(event.value.strip())

    def _ask(self, text: str) -> None:
        desk, when = self.session.desk, self.session.when
        if not text:
            self._findings = ()
            return

        def ask() -> tuple[FindingRow, ...]:
            query = Query(filter=text, limit=MOST_FINDINGS, when=when, uncounted=True)
            return (*_by_number(self.session, text), *desk.findings(query).rows)

        self.session.ask(self, "findings", ask, self._told, self._refused)

    def _told(self, rows: tuple[FindingRow, ...]) -> None:
        self._findings = tuple({row.number: row for row in rows}.values())[:MOST_FINDINGS]
        self._write()

    def ledger_moved(self) -> None:
        """A finding is called as it is called now."""
        self._ask(self.input.value.strip())

    def _write(self) -> None:
        words, keymap = self.session.words, self.session.keymap
        text = self.input.value
        options, shown = [], []
        exact = [
            row for row in self._findings if text.strip() and row.number.casefold().endswith(text.strip().casefold())
        ]
        rest = [row for row in self._findings if row not in exact]
        for row in exact:
            shown.append(Chosen(row.number, number=row.number))
            options.append(Option(row.number, row.number, aside=row.title))
        for found in matching(text, self._found):
            chosen = found.chosen
            key = f"tui.tip.{chosen.id}"
            cap = keymap.cap(chosen.id) if chosen.id in BY_ID else ""
            where = f"{words('tui.palette.list')} · " if chosen.home else ""
            shown.append(chosen)
            where = f"{words('tui.views.view')} " if chosen.view else where
            aside = f"{fit(cap, 8)} {where}{words(key) if key in words else ''}"
            options.append(Option(chosen.id, found.names[0], aside=aside))
        for row in rest:
            shown.append(Chosen(row.number, number=row.number))
            options.append(Option(row.number, row.number, aside=f"{words('tui.palette.finding')} {row.title}"))
        here = self._shown[self.options.cursor].id if self._shown and text == self._written else ""
        self._shown, self._written = shown, text
        self.options.offer(options, next((at for at, option in enumerate(options) if option.id == here), 0))

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def on_input_submitted(self) -> None:
        """Enter comes by way of the field, so that it never overtakes what was typed before it."""
        self._write()
        self.action_take()

    def action_take(self) -> None:
        """Do what the cursor stands on."""
        if self._shown:
            self.dismiss(self._shown[self.options.cursor])

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)


def _by_number(session: Session, text: str) -> tuple[FindingRow, ...]:
    """Return the finding that a number, an alias or an ordinal means; none where it means none. Runs in a thread."""
    desk = session.desk
    try:
        number = desk.resolve(text)
        return desk.findings(Query(filter=f'number="{number}"', limit=1, when=session.when)).rows
    except Refusal:
        return ()  # it is a word, not a number
