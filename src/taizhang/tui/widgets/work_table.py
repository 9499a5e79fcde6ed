"""Owns what people do with the rows of the problem list beside looking: mark them, jump to one by its label. Knows no screen."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from taizhang.service.desk import FindingRow, Query
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.problem_table import ProblemTable

LABELS = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM0123456789"
"""Labels of the rows in sight: one key each, the easiest first; no terminal here shows more rows than there are."""


class WorkTable(ProblemTable, inherit_bindings=True):
    """The problem list whose rows can be marked and jumped to.

    Args:
        session: what is shared.
        query: which findings, in which order.
    """

    BINDINGS = bindings("marks")

    class Marked(Message):
        """Other rows are marked than before."""

    def __init__(self, session: Session, query: Query) -> None:
        super().__init__(session, query)
        self.marks: dict[str, None] = {}
        self._labels: dict[str, int] = {}

    # -- marks

    def action_mark(self) -> None:
        """Mark the row below the cursor, or take its mark away, and go on."""
        if (row := self.current) is None:
            return
        if row.number in self.marks:
            del self.marks[row.number]
        else:
            self.marks[row.number] = None
        self._redraw()
        self.action_move(1)

    def mark(self, numbers: tuple[str, ...]) -> None:
        """Mark these and no others."""
        self.marks = dict.fromkeys(numbers)
        self._redraw()

    def unmark(self, number: str) -> None:
        """Take one mark away."""
        if number in self.marks:
            del self.marks[number]
            self._redraw()

    def _redraw(self) -> None:
        self._drawn.clear()
        self.refresh()
        self.post_message(self.Marked())

    # -- jumping

    def action_jump(self) -> None:
        """Give every row in sight a label; the next key goes to one."""
        rows = range(self._top, min(self._top + self._height, self.total or 0))
        self._labels = dict(zip(LABELS, rows, strict=False))
        self._drawn.clear()
        self.refresh()

    @property
    def jumping(self) -> bool:
        """Whether labels are shown."""
        return bool(self._labels)

    def on_key(self, event: events.Key) -> None:
        """While labels are shown a key is a label, or ends it."""
        if not self._labels:
            return
        event.stop()
        event.prevent_default()
        at = self._labels.get(event.character or "")
        self._labels = {}
        self._drawn.clear()
        self.refresh()
        if at is not None:
            self.move_to(at)

    def _row_line(self, row: FindingRow, mark: str, width: int, ground: Style | None) -> Strip:
        if row.number in self.marks:
            mark = "✓"
        if not self._labels:
            return super()._row_line(row, mark, width, ground)
        strip = super()._row_line(row, " ", width, ground)
        label = next((sign for sign, at in self._labels.items() if self.row_at(at) is row), " ")
        chip = self._session.pen.chip if label != " " else None
        from taizhang.tui.draw import line

        return Strip.join([line([(label, chip or Style.null())], 1), strip.crop(1)])
