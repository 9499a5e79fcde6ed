"""Owns the line above the list: the filter, how many it lets through of how many, and their lights; and what is wrong."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from taizhang.ledger.domain.lights import Light
from taizhang.service.desk import Counts
from taizhang.tui.cells import shown, wrap
from taizhang.tui.draw import Span, between, line
from taizhang.tui.pen import SIGNS
from taizhang.tui.session import Session


class Summary(Widget):
    """Filter and counts. While the filter is being typed its field stands at the left, and only the counts are drawn.

    Args:
        session: what is shared.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="summary")
        self._session = session
        self.filter = ""
        self.typing = False
        self.total: int | None = None
        self.whole: int | None = None
        self.counts: Counts | None = None
        self.counting = False
        self.marked = 0

    def tell(self, *, total: int | None = None, whole: int | None = None, counts: Counts | None = None) -> None:
        """Take over new figures; what is None stays."""
        self.total = self.total if total is None else total
        self.whole = self.whole if whole is None else whole
        if counts is not None:
            self.counts, self.counting = counts, False
        self.refresh()

    def type_filter(self, typing: bool) -> None:
        """Make room for the field, or take it back."""
        self.typing = typing
        self._resize()
        self.refresh()

    def _resize(self) -> None:
        """While typing, have room for the longest figures there can be: the field beside must not be laid out anew."""
        longest = len(str(self.whole or 0))
        spans = self._figures()
        digits = sum(text.count("…") + sum(char.isdigit() for char in text) for text, _ in spans)
        cells = sum(cell_len(shown(text)) for text, _ in spans) - digits + (len(spans) + 2) * longest
        self.styles.width = cells if self.typing else "1fr"

    def _figures(self) -> list[Span]:
        words, pen = self._session.words, self._session.pen
        spans: list[Span] = []
        if self.marked:
            spans.append((f" ✓ {words('tui.marks', count=self.marked)} ", pen.accent))
        if self.counts is not None:
            for light, count in _lights(self.counts):
                style = pen.light(light) if count and not self.counting else pen.faint
                number = "…" if self.counting else count  # never the lights of another list
                spans.append((f" {SIGNS[light]} {words(f'tui.light.{light}')} {number} ", style))
        if self.total is not None:
            whole = self.total if self.whole is None else max(self.whole, self.total)
            filtered = whole != self.total or bool(self.filter) or self.typing
            text = (
                words("tui.count.part", total=self.total, whole=whole, hidden=whole - self.total)
                if filtered
                else words("tui.count.all", total=whole)
            )
            spans.append((f"  {text} ", pen.strong))
        return spans

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the line."""
        words, pen = self._session.words, self._session.pen
        left: list[Span] = []
        if not self.typing:
            if self.filter:
                left = [
                    (" / ", pen.key),
                    (self.filter, pen.strong),
                    (f"   {words('tui.filter.clear', clear=self._session.keymap.cap('list.clear'))}", pen.faint),
                ]
            else:
                room = self.size.width - sum(cell_len(shown(text)) for text, _ in self._figures()) - 4
                hint = words("tui.filter.hint")
                hint = hint if cell_len(hint) <= room else words("tui.filter.short")
                left = [(" / ", pen.key), (hint, pen.faint)]
        return between(left, self._figures(), self.size.width).apply_style(self.rich_style)


def _lights(counts: Counts) -> tuple[tuple[Light, int], ...]:
    return (
        (Light.RED, counts.overdue),
        (Light.YELLOW, counts.due_soon),
        (Light.GREEN, counts.open - counts.overdue - counts.due_soon),
        (Light.GREY, counts.total - counts.open),
    )


class Notice(Widget):
    """A sentence that stays until it is settled; takes no room without one.

    Args:
        session: what is shared.
        most: lines at most.
    """

    def __init__(self, session: Session, *, most: int = 2, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, classes="notice")
        self._session = session
        self._most = most
        self.sentence = ""
        self._wrong = True
        self.display = False

    def tell(self, sentence: str, *, wrong: bool = True) -> None:
        """Show a sentence, or nothing."""
        self.sentence, self._wrong = sentence, wrong
        self.display = bool(sentence)
        self._grow()
        self.refresh()

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return len(self._lines()) if self.sentence else 0

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        self._grow()

    def _lines(self) -> list[str]:
        width = self.size.width or self.app.size.width
        return wrap(shown(self.sentence), max(width - 4, 8))[: self._most]

    def _grow(self) -> None:
        self.styles.height = max(len(self._lines()), 1)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the sentence."""
        pen = self._session.pen
        lines = self._lines()
        style = pen.red if self._wrong else pen.yellow
        sign = (" ✗ " if self._wrong else " ! ") if y == 0 else "   "
        text = lines[y] if y < len(lines) else ""
        return line([(sign, style), (text, style)], self.size.width).apply_style(self.rich_style)
