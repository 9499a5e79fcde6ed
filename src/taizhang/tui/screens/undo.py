"""Owns the question whether the last step is to be taken back: what that will do, before it does it. What does it is `tui.undo`."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from taizhang.ledger.domain.errors import Refusal
from taizhang.tui import told
from taizhang.tui.cells import shown
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.undo import WayBack, way_back
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.summary import Notice

from .base import Dialog


class UndoScreen(Dialog):
    """The last step of a finding, and what would take it back. Gives back a `WayBack`.

    Args:
        session: what is shared.
        number: the finding.
    """

    BINDINGS = bindings("choice", "app")
    FOOT = ("choice.take", "choice.leave", "app.actor", "app.language")

    def __init__(self, session: Session, number: str) -> None:
        super().__init__(session)
        self.number = number
        self.options = Options(session, column=22, empty="tui.undo.none")
        self.notice = Notice(session, most=5)
        self._way: WayBack | None = None

    def compose(self) -> ComposeResult:
        """Lay out the last step and the way back."""
        with Vertical(id="dialog"):
            yield self.notice
            yield self.options
            yield self.footer

    def on_mount(self) -> None:
        """Ask what happened last."""
        self.options.focus()
        self._ask()

    def _ask(self) -> None:
        session, number = self.session, self.number
        desk, actor, register = session.desk, session.actor, session.register
        session.ask(self, "undo", lambda: way_back(desk, number, actor, register), self._told, self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def _told(self, way: WayBack) -> None:
        self._way = way
        self._write()

    def _write(self) -> None:
        way, words, session = self._way, self.session.words, self.session
        if way is None:
            return
        title = words("tui.undo", number=self.number)
        self.query_one("#dialog", Vertical).border_title = Content(shown(title))
        topic = told.topic(session, way.entry)
        who, at = session.person(way.entry.envelope.actor), session.moment(way.entry.recorded_at)[:16]
        last = words("tui.undo.last", topic=topic, person=who, at=at, index=way.entry.index)
        if not way.step:
            known = f"tui.undo.not.{way.happened}" in words
            reason = words(f"tui.undo.not.{way.happened}") if known else words("tui.undo.no-step")
            self.notice.tell(f"{last}{reason}", wrong=False)
            self.options.offer([])
        else:
            self.notice.tell(f"{last}{words('tui.undo.stays')}", wrong=False)
            self.options.offer([self._option(way)])
        self.options.styles.height = min(self.options.height_wanted, max(self.app.size.height - 9, 2))

    def _option(self, way: WayBack) -> Option:
        words = self.session.words
        effect = words(f"tui.undo.way.{way.happened}")
        if way.offer is None:
            effect += words("tui.undo.not-now")
        elif way.offer.refusal is not None:
            effect += words.refusal(way.offer.refusal)
        barred = way.offer is None or way.offer.refusal is not None
        return Option(way.step, words.term("step", way.step), note=effect, barred=barred)

    def relabel(self) -> None:
        """Draw anew; another person may do other things."""
        super().relabel()
        self._ask()

    def ledger_moved(self) -> None:
        """Another step may be the last one now."""
        self._ask()

    def action_move(self, step: int) -> None:
        """There is one thing to choose at most."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open the form of the step that takes it back."""
        option = self.options.current
        if option is not None and not option.barred:
            self.dismiss(self._way)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
