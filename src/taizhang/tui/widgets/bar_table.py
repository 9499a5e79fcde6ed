"""Owns numbers as bars: a line each, with its name, its bar and its number, one of which is chosen. Counts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from taizhang.tui.cells import fit, shown
from taizhang.tui.draw import Span, line
from taizhang.tui.session import Session
from taizhang.tui.widgets.scroller import Scroller


class Bar(Struct, frozen=True):
    """One number.

    Args:
        label: what it counts.
        value: the number.
        note: said behind it, muted.
        sum: whether it is that of all the others: drawn without a bar.
    """

    label: str
    value: int
    note: str = ""
    sum: bool = False


class BarTable(Scroller, can_focus=True, inherit_bindings=False):
    """Bars one below the other.

    Args:
        session: what is shared.
    """

    class Taken(Message):
        """A bar was clicked."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.bars: Sequence[Bar] = ()
        self.style_of_bar: Style = session.pen.accent
        self.cursor = 0

    def show(self, bars: Sequence[Bar], style: Style) -> None:
        """Show other bars; the cursor stays where it is."""
        self.bars, self.style_of_bar = bars, style
        self.cursor = max(0, min(self.cursor, len(bars) - 1))
        self.extend(len(bars))
        self._show_cursor()
        self.refresh()

    def move(self, step: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(self.cursor + step, len(self.bars) - 1))
        self._show_cursor()
        self.refresh()

    def _show_cursor(self) -> None:
        top, height = int(self.scroll_offset.y), max(self.size.height, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self.extend(len(self.bars))
        self._show_cursor()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one bar."""
        pen, width = self._session.pen, self.size.width
        at = y + int(self.scroll_offset.y)
        if at >= len(self.bars):
            text = self._session.words("tui.figures.none") if not self.bars and y == 1 else ""
            return line([(f"  {text}", pen.muted)], width).apply_style(self.ground)
        bar = self.bars[at]
        notes = max(cell_len(shown(each.note)) for each in self.bars)
        digits = max(len(str(each.value)) for each in self.bars)
        label = min(max(cell_len(shown(each.label)) for each in self.bars), max(width // 3, 8))
        room = max(width - label - digits - 6, 4)
        notes = notes if room - notes > 10 else 0
        room -= notes + 1 if notes else 0
        most = max((each.value for each in self.bars if not each.sum), default=0)
        eighths = 0 if bar.sum or not most else round(bar.value * room * 8 / most)
        full, part = divmod(max(eighths, 1 if bar.value and not bar.sum else 0), 8)
        drawn = "█" * full + (" ▏▎▍▌▋▊▉"[part] if part else "")
        style = pen.strong if bar.sum else pen.plain
        spans: list[Span] = [
            ("▌" if at == self.cursor else " ", pen.accent),
            (f"{fit(shown(bar.label), label)} ", style),
            (f"{bar.value:>{digits}} ", pen.strong if bar.value else pen.faint),
            (fit(drawn, room), self.style_of_bar),
            (f" {shown(bar.note)}" if notes else "", pen.muted),
        ]
        ground = pen.cursor if at == self.cursor else None
        return line(spans, width, ground).apply_style(self.ground)

    def on_click(self, event: events.Click) -> None:
        """A click takes a bar."""
        at = event.y + int(self.scroll_offset.y)
        if 0 <= at < len(self.bars):
            self.cursor = at
            self.refresh()
            self.post_message(self.Taken())
