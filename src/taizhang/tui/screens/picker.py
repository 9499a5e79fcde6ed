"""Owns the choice of one out of many with type-ahead; who acts is chosen with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from taizhang.tui.keys import bindings
from taizhang.tui.pickers import matching
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.search import SafeInput

from .base import Dialog


class PickerScreen(Dialog):
    """A list that narrows with every key.

    Args:
        session: what is shared.
        title: key of the title.
        options: what can be chosen.
        chosen: id of what is chosen so far.
        hint: key of what stands in the field while nothing is typed.
        anew: gives the options as they are after something was recorded; None where that makes no other.
    """

    BINDINGS = bindings("picker", "app")
    FOOT: tuple[str, ...] = ("picker.take", "picker.leave")

    def __init__(
        self,
        session: Session,
        title: str,
        options: Sequence[Option],
        chosen: str = "",
        *,
        hint: str = "tui.picker.hint",
        anew: Callable[[], Sequence[Option]] | None = None,
    ) -> None:
        super().__init__(session)
        self._title = title
        self._all = options
        self._chosen = chosen
        self._anew = anew
        self._typed = ""
        self.input = SafeInput(placeholder=session.words(hint))
        self.options = Options(session, column=22)
        self.options.can_focus = False

    def compose(self) -> ComposeResult:
        """Lay out the picker."""
        with Vertical(id="dialog"):
            yield self.input
            yield self.options
            yield self.footer

    def on_mount(self) -> None:
        """Show everything, with the cursor on what is chosen."""
        self.query_one("#dialog", Vertical).border_title = Content(self.session.words(self._title))
        self.input.focus()
        at = next((at for at, option in enumerate(self._all) if option.id == self._chosen), 0)
        self._offer(self._all, at)

    def _offer(self, options: Sequence[Option], cursor: int = 0) -> None:
        self.options.styles.height = max(1, min(len(self._all), self.app.size.height - 7))
        self.options.offer(options, cursor)

    def ledger_moved(self) -> None:
        """Other people may act, and be called otherwise; the cursor stays on whom it stands."""
        if self._anew is None:
            return
        here, self._all = self.options.current, self._anew()
        found = matching(self._typed, self._all) if self._typed else self._all
        self._offer(found, next((at for at, option in enumerate(found) if here and option.id == here.id), 0))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        if event.value != self._typed:
            self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        self._typed = text
        self._offer(matching(text, self._all) if text else self._all)

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def on_input_submitted(self) -> None:
        """Enter comes by way of the field, so that it never overtakes what was typed before it."""
        if self.input.value != self._typed:
            self._narrow(self.input.value)
        self.action_take()

    def action_take(self) -> None:
        """Give back what the cursor stands on."""
        if self.options.current is not None:
            self.dismiss(self.options.current.id)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Give back nothing."""
        self.dismiss(None)
