"""Owns the closure figures on the screen: counts by a dimension, each of which opens the list behind it. Counts nothing."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import Cell, Counts, Dimension, Figures
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.summary import Notice

from .base import Dialog

COUNTS = ("total", "open", "overdue", "due_soon", "awaiting", "closed")
RATES = (
    ("rectification", "rectified", "to_rectify", "rectification_rate"),
    ("closure", "closed", "countable", "rate"),
    ("on_time", "on_time", "due", "on_time_rate"),
)


class FiguresScreen(Dialog):
    """The closure figures; what is chosen is the cell whose list is wanted.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "figures")
    FOOT = ("choice.take", "figures.by", "figures.count", "choice.leave")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = Options(session, column=18, empty="tui.loading")
        self.notice = Notice(session)
        self.by = Dimension.UNIT
        self.count = 0
        self._figures: Figures | None = None

    def compose(self) -> ComposeResult:
        """Lay out the figures."""
        with Vertical(id="dialog"):
            yield self.options
            yield self.notice
            yield self.footer

    def on_mount(self) -> None:
        """Ask for the figures."""
        self.options.focus()
        self._ask()

    def _ask(self) -> None:
        desk, by, when = self.session.desk, self.by, self.session.when
        self.session.ask(self, "figures", lambda: desk.figures(by, when=when), self._told, self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def _told(self, figures: Figures) -> None:
        self._figures = figures
        self._write()

    def _write(self) -> None:
        if self._figures is None:
            return
        words = self.session.words
        figure = self._named(COUNTS[self.count])
        title = words("tui.figures.title", by=words.term("dimension", self.by), figure=figure)
        self.query_one("#dialog", Vertical).border_title = Content(title)
        groups = [*self._figures.groups, self._figures.total]
        options = [self._option(at, group, last=at == len(groups) - 1) for at, group in enumerate(groups)]
        self.options.offer(options, self.options.cursor)
        self.options.styles.height = min(self.options.height_wanted, max(self.app.size.height - 6, 4))

    def _option(self, at: int, counts: Counts, *, last: bool) -> Option:
        words = self.session.words
        name = words("figure.sum") if last else self._label(counts)
        rates = (
            f"{words.term('figure.rate', name)} {getattr(counts, part)}/{getattr(counts, whole)} "
            f"{_percent(getattr(counts, rate))}"
            for name, part, whole, rate in RATES
        )
        held = (f"{self._named(each)} {getattr(counts, each)}" for each in COUNTS)
        chosen = f"{self._named(COUNTS[self.count])} {getattr(counts, COUNTS[self.count])}"
        return Option(f"{at}", name, aside=chosen, note=" · ".join((*held, *rates)))

    def _named(self, figure: str) -> str:
        return self.session.words.term("figure.moved" if figure == "closed" else "figure", figure)

    def _label(self, counts: Counts) -> str:
        words = self.session.words
        if not counts.key:
            return words("figure.none")
        return words.term("class", counts.key) if self.by is Dimension.CLASS else counts.label or counts.key

    def relabel(self) -> None:
        """Draw everything anew."""
        super().relabel()
        self._write()

    def ledger_moved(self) -> None:
        """Ask anew."""
        self._ask()

    def action_by(self) -> None:
        """Group by the next dimension."""
        dimensions = list(Dimension)
        self.by = dimensions[(dimensions.index(self.by) + 1) % len(dimensions)]
        self.options.cursor = 0
        self._ask()

    def action_count(self, step: int) -> None:
        """Choose the next count."""
        self.count = (self.count + step) % len(COUNTS)
        self._write()

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open the list behind the count that is chosen."""
        if self._figures is None or self.options.current is None:
            return
        at = int(self.options.current.id)
        key = self._figures.groups[at].key if at < len(self._figures.groups) else None
        self.dismiss(Cell(self.by, COUNTS[self.count], key))

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)


def _percent(rate: int | None) -> str:
    return "—" if rate is None else f"{rate}%"
