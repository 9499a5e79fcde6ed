"""Owns the worklist: what today calls for. It suggests; the person decides, and opens the finding."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from taizhang.ledger.domain.worklist import Suggestion
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options

from .base import LedgerScreen


class TodoScreen(LedgerScreen):
    """What the policy calls for today, of everybody or of whoever acts.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "worklist")
    FOOT = ("choice.take", "worklist.mine", "choice.leave", "app.actor", "app.language", "app.help")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = Options(session, column=16, empty="tui.empty.todo")
        self.mine = False
        self._suggestions: tuple[Suggestion, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the worklist."""
        yield self.header
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Ask what there is to do."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.relabel()

    def _ask(self) -> None:
        desk, actor = self.session.desk, self.session.actor if self.mine else ""
        self.session.ask(self, "todo", lambda: desk.worklist(actor), self._told, self.refuse)

    def _told(self, suggestions: tuple[Suggestion, ...]) -> None:
        self._suggestions = suggestions
        words = self.session.words
        options = [
            Option(
                f"{at}",
                todo.number,
                aside=f"{words.term('step', todo.step)} · {words('tui.todo.since', day=todo.since.isoformat())}",
                note=words(todo.code, **todo.params),
            )
            for at, todo in enumerate(suggestions)
        ]
        self.options.offer(options, self.options.cursor)

    def relabel(self) -> None:
        """Draw everything anew; another person has other things to do."""
        words = self.session.words
        self.header.place = words("tui.todo.mine" if self.mine else "tui.todo")
        super().relabel()
        self._ask()

    def ledger_moved(self) -> None:
        """Ask anew."""
        super().ledger_moved()
        self._ask()

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open the finding."""
        if self.options.current is not None:
            self.home.open_finding(self._suggestions[int(self.options.current.id)].number)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_mine(self) -> None:
        """Show what whoever acts may do, or everything."""
        self.mine = not self.mine
        self.options.cursor = 0
        self.relabel()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
