"""Owns how a cursor moves over a list of rows below a sticky heading: by keys, by clicks, with the scroll. Knows no row."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from taizhang.tui.keys import bindings
from taizhang.tui.widgets.scroller import Scroller


class Rows(Scroller, can_focus=True, inherit_bindings=False):
    """Rows with a cursor; a subclass says where the cursor stands, moves it, and fetches and draws what is seen."""

    BINDINGS = bindings("rows")
    HEAD = 1

    total: int | None = None
    """How many rows there are; None before the first have come."""

    @property
    @abstractmethod
    def place(self) -> int:
        """The row that the cursor stands on, counted from the top."""

    @abstractmethod
    def move_to(self, at: int) -> None:
        """Put the cursor on a row, counted from the top."""

    @abstractmethod
    def open_current(self) -> None:
        """The row below the cursor was chosen with the mouse."""

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    @property
    def _height(self) -> int:
        return max(self.size.height - self.HEAD, 1)

    def _show_cursor(self) -> None:
        if self.place < self._top:
            self.scroll_to(y=self.place, animate=False)
        elif self.place >= self._top + self._height:
            self.scroll_to(y=self.place - self._height + 1, animate=False)

    def watch_has_focus(self, focus: bool) -> None:
        """The cursor pales where another part has the keys."""
        super().watch_has_focus(focus)
        self.refresh()

    def action_move(self, step: int) -> None:
        """Move by rows."""
        self.move_to(self.place + step)

    def action_page(self, step: int) -> None:
        """Move by screens."""
        self._leap(step * self._height)

    def action_half(self, step: int) -> None:
        """Move by half screens."""
        self._leap(step * (self._height // 2))

    def _leap(self, rows: int) -> None:
        """Move cursor and scroll together, so that the eye keeps its line."""
        self.scroll_to(y=max(0, min(self._top + rows, self.max_scroll_y)), animate=False)
        self.move_to(self.place + rows)

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to((self.total or 1) - 1)

    def on_click(self, event: events.Click) -> None:
        """A click chooses; a second one opens."""
        at = self._top + event.y - self.HEAD
        if event.y >= self.HEAD and at < (self.total or 0):
            self.move_to(at)
            if event.chain == 2:
                self.open_current()
