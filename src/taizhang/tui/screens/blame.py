"""Owns the page that says which event set each value of a finding. Judges nothing itself."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from taizhang.service.desk import Blame
from taizhang.tui import told
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options

from .base import LedgerScreen


class BlameScreen(LedgerScreen):
    """Who is to blame for every value of one finding.

    Args:
        session: what is shared.
        number: the finding.
        when: the moment; empty for the one that is shown.
    """

    BINDINGS = bindings("choice")
    FOOT = ("choice.take", "choice.leave", "app.language", "app.help")

    def __init__(self, session: Session, number: str, when: str = "") -> None:
        super().__init__(session)
        self.number, self._when = number, when
        self.options = Options(session, column=14 if session.words.lang == "zh" else 22, empty="tui.loading")
        self._found: tuple[Blame, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        yield self.header
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Ask for the values."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.relabel()
        self._ask()

    def _ask(self) -> None:
        desk, when = self.session.desk, self._when or self.session.when
        self.session.ask(self, "blame", lambda: desk.blame(self.number, when), self._told, self.refuse)

    def _told(self, found: tuple[Blame, ...]) -> None:
        self._found = found
        self._write()

    def _write(self) -> None:
        session, words = self.session, self.session.words
        options = []
        for each in self._found:
            who = each.entry.envelope
            name = told.label(session, each.field) + (f" {each.place}" if each.place else "")
            by = words(
                "tui.blame.by",
                person=session.person(who.actor),
                on=who.happened_on.isoformat(),
                step=told.topic(session, each.entry),
                index=each.entry.index,
            )
            value = told.value(session, each.field, each.value).replace("\n", " ")
            options.append(Option(f"{each.entry.index}", name, aside=value, note=by))
        self.options.offer(options, self.options.cursor)

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = f"{self.number} › {self.session.words('tui.blame')}"
        super().relabel()
        self._write()

    def ledger_moved(self) -> None:
        """Ask anew."""
        super().ledger_moved()
        self._ask()

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Replay the finding from the event that set this value."""
        if (option := self.options.current) is not None:
            self.home.open_replay(self.number, int(option.id))

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
