"""Owns the line of the filter: what is typed, what it lets through, what is wrong with it. Knows no finding."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from taizhang.tui.cells import stand_in
from taizhang.tui.draw import line
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session


class SafeInput(Input, inherit_bindings=True):
    """A field for one line that draws a stand-in for every character that must not reach the terminal."""

    virtual_size = Reactive(Size(0, 0), layout=False)  # what is typed never lays out the whole screen

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None, classes: str = "") -> None:  # noqa: A002
        super().__init__(value, placeholder=placeholder, id=id, classes=classes, compact=True, select_on_focus=False)
        self.over = False
        self.cursor_blink = False  # a quiet screen sends nothing, over SSH too
        if not value:
            self._initial_value = False  # else the first long text that an input method commits is not scrolled to

    async def _on_key(self, event: events.Key) -> None:
        if self.over or getattr(self.screen, "gone", False):  # typed on after the answer: meant for what comes next
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
            return
        await super()._on_key(event)

    @property
    def _value(self) -> Text:
        return Text(stand_in(self.value).expandtabs(4), no_wrap=True, overflow="ignore", end="")

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the terminal's own cursor stands, and with it the window of an input method: behind the last character."""
        x, y, *_ = self.content_region
        return Offset(x + self._position_to_cell(self.cursor_position) - int(self.scroll_offset.x), y)

    def _position_to_cell(self, position: int) -> int:
        return cell_len(stand_in(self.value[:position]).expandtabs(4))


class Prompt(Widget):
    """The sign before the filter that is being typed."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="prompt")
        self._session = session

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the sign."""
        return line([(" / ", self._session.pen.key)], self.size.width).apply_style(self.rich_style)


class FilterInput(SafeInput):
    """The field for the filter language."""

    BINDINGS = bindings("search")

    class Kept(Message):
        """The filter stays, the list has the keys again."""

    class Left(Message):
        """The filter is as it was before."""

    class Completed(Message):
        """The suggestion is taken."""

    class Moved(Message):
        """Another suggestion is chosen."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def action_complete(self) -> None:
        """Take the suggestion."""
        self.post_message(self.Completed())

    def action_move(self, step: int) -> None:
        """Choose another suggestion."""
        self.post_message(self.Moved(step))

    def action_keep(self) -> None:
        """Leave the field with what was typed."""
        self.post_message(self.Kept())

    def action_leave(self) -> None:
        """Leave the field as it was."""
        self.over = True
        self.post_message(self.Left())
