"""Owns a page of lines that scrolls. Knows no finding: whoever shows it writes the sheet."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from taizhang.tui.draw import Sheet
from taizhang.tui.keys import bindings
from taizhang.tui.widgets.scroller import Scroller

Writer = Callable[[int], Sheet]


class Lines(Scroller, can_focus=True, inherit_bindings=False):
    """Lines written anew for every width.

    Args:
        writer: writes the sheet for a number of cells; None shows nothing.
    """

    BINDINGS = bindings("lines", "ends")

    def __init__(self, writer: Writer | None = None, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self._writer = writer
        self._strips: list[Strip] = []
        self.marks: list[int] = []

    def write(self, writer: Writer | None, *, top: bool = False) -> None:
        """Show other lines; the place stays, unless `top`."""
        self._writer = writer
        self._rewrite()
        if top:
            self.scroll_to(y=0, animate=False)

    def rewrite(self) -> None:
        """Write the same lines anew: another language, other colours, another width."""
        self._rewrite()

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        self._rewrite()

    def _rewrite(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0:
            return
        sheet = self._writer(width) if self._writer else None
        self._strips = sheet.strips if sheet else []
        self.marks = sheet.marks if sheet else []
        self.extend(len(self._strips))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        at = y + self.scroll_offset.y
        width = self.size.width
        strip = self._strips[at] if 0 <= at < len(self._strips) else Strip.blank(width)
        return strip.adjust_cell_length(width).apply_style(self.ground)

    @property
    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join(strip.text.rstrip() for strip in self._strips)

    def jump(self, step: int) -> None:
        """Go to the next section, or the one before."""
        here = self.scroll_offset.y
        ahead = [mark for mark in self.marks if (mark > here if step > 0 else mark < here)]
        if ahead:
            self.scroll_to(y=ahead[0] if step > 0 else ahead[-1], animate=False)
        elif step < 0:
            self.scroll_to(y=0, animate=False)

    def action_scroll(self, step: int) -> None:
        """Scroll by lines."""
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_turn(self, step: int) -> None:
        """Scroll by a screen."""
        self.scroll_to(y=self.scroll_offset.y + step * max(self.size.height - 1, 1), animate=False)

    def action_top(self) -> None:
        """Go to the first line."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False)


class StepLines(Lines, inherit_bindings=False):
    """Lines whose first and last keys belong to the screen."""

    BINDINGS = bindings("lines")


class Preview(Lines, can_focus=False):
    """Lines beside something else: as many as there is room for, so that following a cursor never lays out the screen."""

    def extend(self, height: int) -> None:  # noqa: ARG002
        """Never scrolls."""
        super().extend(0)
