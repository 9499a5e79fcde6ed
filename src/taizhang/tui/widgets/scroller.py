"""Owns how our lists and pages scroll: quicker than Textual's own scroll view, which lays out the whole screen again
whenever a list grows longer or shorter. Knows nothing of what is scrolled.
"""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip


class Scroller(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines that scroll; a subclass draws them with `render_line` on `ground`."""

    DEFAULT_CSS = """
    Scroller { overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; }
    """

    ground: Style = Style.null()
    """The style below every line, looked up once for each repaint."""

    def extend(self, height: int) -> None:
        """Say how many lines there are."""
        size = Size(self.scrollable_content_region.width, height)
        if size != self.virtual_size:
            self.set_reactive(Scroller.virtual_size, size)
            self._scroll_update(size)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines."""
        self.ground = self.rich_style
        return super().render_lines(crop)
