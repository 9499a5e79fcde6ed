"""Owns what hangs below the filter while it is typed: what could be meant. Lies over the list, which is not laid out anew."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from taizhang.service.desk import Completion
from taizhang.tui.cells import fit, shown
from taizhang.tui.draw import line
from taizhang.tui.session import Session

ROWS = 6
MOST_WIDE = 30


class Suggestions(Widget):
    """Suggestions one below the other.

    Args:
        session: what is shared.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="suggestions")
        self._session = session
        self._top = 0
        self.found: tuple[Completion, ...] = ()
        self.cursor = 0
        self.moved = False
        self.display = False

    @property
    def chosen(self) -> Completion | None:
        """What would be taken."""
        return self.found[self.cursor] if self.found else None

    def offer(self, found: tuple[Completion, ...]) -> None:
        """Show other suggestions."""
        self.found, self.cursor, self._top, self.moved = found, 0, 0, False
        self.display = bool(found)
        self.styles.height = min(len(found), ROWS)
        self.refresh()

    def move(self, step: int) -> None:
        """Choose the next one, round the ends."""
        self.cursor = (self.cursor + step) % len(self.found) if self.moved else (0 if step > 0 else len(self.found) - 1)
        self.moved = True
        self._top = max(min(self._top, self.cursor), self.cursor - ROWS + 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one suggestion; the sign says what the key takes."""
        pen, width, at = self._session.pen, self.size.width, y + self._top
        if at >= len(self.found):
            return Strip.blank(width, self.rich_style)
        each = self.found[at]
        chosen = at == self.cursor
        room = min(max(cell_len(shown(one.text)) for one in self.found), MOST_WIDE)
        sign = f"{self._session.keymap.cap('search.complete')} " if chosen else ""
        more = "…" if (y == ROWS - 1 and at < len(self.found) - 1) or (y == 0 and at) else ""
        spans = [
            ("▌" if chosen and self.moved else " ", pen.accent),
            (f"{fit(shown(each.text), room)}  ", pen.strong if chosen else pen.plain),
            (fit(f"{shown(each.note)} {more}", max(width - room - 4 - cell_len(sign), 0)), pen.muted),
            (sign, pen.key),
        ]
        return line(spans, width, pen.cursor if chosen and self.moved else None).apply_style(self.rich_style)
