"""Owns the way from text to strips: every line of the terminal that shows data is put together here.

Text is made visible at this one door and never read as markup. Knows the pen, no widget, no word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .cells import cut, fit, shown, shown_lines, wrap
from .pen import Pen

Span = tuple[str, Style]


def line(spans: Iterable[Span], width: int, ground: Style | None = None) -> Strip:
    """Return one strip of exactly `width` cells: the spans one after the other, cut at the end, padded with `ground`."""
    segments: list[Segment] = []
    room = width
    for text, style in spans:
        if room <= 0:
            break
        text = cut(shown(text), room)
        room -= cell_len(text)
        segments.append(Segment(text, ground + style if ground else style))
    if room > 0:
        segments.append(Segment(" " * room, ground))
    return Strip(segments, width)


def between(left: Sequence[Span], right: Sequence[Span], width: int, ground: Style | None = None) -> Strip:
    """Return one strip with something at each end; where room is short the left gives way."""
    tail = sum(cell_len(shown(text)) for text, _ in right)
    if tail >= width:
        return line(right, width, ground)
    head = line(left, width - tail, ground)
    return Strip.join([head, line(right, tail, ground)])


class Sheet:
    """Lines of one width, written from top to bottom.

    Args:
        width: cells of a line.
        pen: the styles.
        label: cells of the column of labels.
    """

    def __init__(self, width: int, pen: Pen, label: int) -> None:
        self.width = max(width, 8)
        self.pen = pen
        self.label = min(label, self.width // 2)
        self.strips: list[Strip] = []
        self.marks: list[int] = []

    def spans(self, *spans: Span) -> None:
        """Write one line; what is too long is cut."""
        self.strips.append(line(spans, self.width))

    def blank(self) -> None:
        """Write an empty line, unless nothing or an empty line stands above."""
        if self.strips and self.strips[-1].text.strip():
            self.strips.append(Strip.blank(self.width))

    def heading(self, text: str, note: str = "") -> None:
        """Begin a section; its line is a mark that a key can jump to."""
        self.blank()
        self.marks.append(len(self.strips))
        spans = [(f" {text}", self.pen.title), (f"  {note}" if note else "", self.pen.muted)]
        used = sum(cell_len(shown(part)) for part, _ in spans)
        rule = "─" * max(self.width - used - 2, 0)
        self.strips.append(line([*spans, (f" {rule}", self.pen.faint)], self.width))

    def text(self, text: str, style: Style | None = None, *, indent: int = 0, lead: Sequence[Span] = ()) -> None:
        """Write a paragraph.

        Args:
            indent: cells before every line.
            lead: what stands in the indent of the first line.
        """
        style = style or self.pen.plain
        first = True
        for part in shown_lines(text):
            for piece in wrap(part, self.width - indent):
                head = line(lead if first else (), indent) if indent else Strip([])
                self.strips.append(Strip.join([head, line([(piece, style)], self.width - indent)]))
                first = False

    def pair(self, label: str, value: str, style: Style | None = None, *, mark: str = " ") -> None:
        """Write a label and its value, which may take several lines.

        Args:
            mark: one cell before the label.
        """
        lead = ((mark, self.pen.come), (fit(shown(label), self.label - 2), self.pen.muted), (" ", self.pen.plain))
        self.text(value or "—", style if value else self.pen.faint, indent=self.label, lead=lead)

    def grid(self, pairs: Iterable[tuple[str, str, Style | None]]) -> None:
        """Write labels with values, two on a line where both are short."""
        half = self.width // 2
        waiting: tuple[str, str, Style | None] | None = None
        for pair in pairs:
            short = "\n" not in pair[1] and cell_len(shown(pair[1])) <= half - self.label - 1
            if not short or half < self.label + 8:
                if waiting:
                    self.pair(*waiting)
                    waiting = None
                self.pair(*pair)
            elif waiting is None:
                waiting = pair
            else:
                self.strips.append(Strip.join([self._cell(waiting, half), self._cell(pair, self.width - half)]))
                waiting = None
        if waiting:
            self.pair(*waiting)

    def _cell(self, pair: tuple[str, str, Style | None], width: int) -> Strip:
        label, value, style = pair
        shade = (style or self.pen.plain) if value else self.pen.faint
        name = (f" {fit(shown(label), self.label - 2)} ", self.pen.muted)
        return line([name, (value or "—", shade)], width)
