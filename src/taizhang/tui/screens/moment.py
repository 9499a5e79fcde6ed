"""Owns the question for the moment that is to be shown. What it means, the ledger says."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.lights import Yardstick
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.search import SafeInput
from taizhang.tui.widgets.summary import Notice

from .base import Dialog


class MomentScreen(Dialog):
    """Asks for a date, a date and time, or #INDEX; an empty text is the present. Gives back the text and its yardstick.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("moment")
    FOOT = ("moment.show", "moment.leave")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.input = SafeInput(session.when, placeholder=session.words("tui.moment.hint"))
        self.notice = Notice(session, most=3)

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="dialog"):
            yield self.input
            yield self.notice
            yield self.footer

    def on_mount(self) -> None:
        """Begin to type."""
        self.query_one("#dialog", Vertical).border_title = Content(self.session.words("tui.moment"))
        self.input.focus()

    def on_input_submitted(self) -> None:
        """Enter comes by way of the field, so that it never overtakes what was typed before it."""
        self.action_show()

    def action_show(self) -> None:
        """Ask the ledger what the moment is."""
        desk, text = self.session.desk, self.input.value.strip()

        def told(by: Yardstick) -> None:
            self.dismiss((text, by))

        self.session.ask(self, "moment", lambda: desk.yardstick(when=text), told, self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def action_leave(self) -> None:
        """Leave everything as it is shown."""
        self.dismiss(None)
