"""Owns the closure figures on the screen: cards, bars by a dimension, and the trend by month; each number opens its list."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.lights import Light
from taizhang.service.desk import Cell, Counts, Dimension, Figures, Standing
from taizhang.tui.cells import shown
from taizhang.tui.draw import Span, line
from taizhang.tui.keys import bindings
from taizhang.tui.pen import SIGNS
from taizhang.tui.session import Session
from taizhang.tui.widgets.bar_table import Bar, BarTable
from taizhang.tui.widgets.summary import Notice

from .base import LedgerScreen

COUNTS = ("total", "open", "overdue", "due_soon", "awaiting", "closed")
RATES = (
    ("rectification", "rectified", "to_rectify", "rectification_rate"),
    ("closure", "closed", "countable", "rate"),
    ("on_time", "on_time", "due", "on_time_rate"),
)
LIGHTS = {"overdue": Light.RED, "due_soon": Light.YELLOW}


class FigureCards(Widget):
    """The counts of everything, of which one is chosen, and the rates with both their counts."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="figure-cards")
        self._session = session
        self.counts: Counts | None = None
        self.chosen = 0

    def named(self, figure: str) -> str:
        """What a figure is called."""
        return self._session.words.term("figure.moved" if figure == "closed" else "figure", figure)

    def render_line(self, y: int) -> Strip:
        """Draw the cards, and below them the rates."""
        _session, pen, words = self._session, self._session.pen, self._session.words
        counts, spans = self.counts, list[Span]()
        if counts is None:
            spans.append((f" {words('tui.loading')}" if y == 0 else "", pen.muted))
        elif y == 0:
            for at, name in enumerate(COUNTS):
                light = LIGHTS.get(name)
                style = pen.light(light) if light else pen.strong
                sign = f"{SIGNS[light]} " if light else ""
                text = f"{sign}{self.named(name)} {getattr(counts, name)}"
                spans.append((f"[{text}]" if at == self.chosen else f" {text} ", style))
                spans.append((" ", pen.plain))
        elif y == 1:
            for name, part, whole, rate in RATES:
                value = f"{getattr(counts, part)}/{getattr(counts, whole)} {_percent(getattr(counts, rate))}"
                spans.append((f" {words.term('figure.rate', name)} ", pen.muted))
                spans.append((f"{value}  ", pen.plain))
        return line(spans, self.size.width).apply_style(self.rich_style)


class FiguresScreen(LedgerScreen):
    """The closure figures.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "figures")
    FOOT = ("choice.take", "figures.count", "figures.by", "figures.trend", "choice.leave", "app.language", "app.help")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.cards = FigureCards(session)
        self.bars = BarTable(session)
        self.notice = Notice(session)
        self.by = Dimension.UNIT
        self.by_month = False
        self._figures: Figures | None = None
        self._trend: tuple[Standing, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the figures."""
        yield self.header
        yield self.cards
        yield self.notice
        yield self.bars
        yield self.footer

    def on_mount(self) -> None:
        """Ask for the figures."""
        self.bars.focus()
        self.relabel()
        self._ask()

    def _ask(self) -> None:
        desk, by, when = self.session.desk, self.by, self.session.when
        self.session.count(self, "figures", lambda: desk.figures(by, when=when), self._told, self._refused)
        if self.by_month:
            self.session.count(self, "trend", desk.trend, self._trend_told, self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def _told(self, figures: Figures) -> None:
        self.notice.tell("")
        self._figures = figures
        self._write()

    def _trend_told(self, trend: tuple[Standing, ...]) -> None:
        fresh, self._trend = not self._trend, trend
        if fresh:
            self.bars.cursor = len(trend) - 1
        self._write()

    @property
    def figure(self) -> str:
        """The figure that is chosen."""
        return COUNTS[self.cards.chosen]

    def _write(self) -> None:
        words, pen, name = self.session.words, self.session.pen, self.figure
        self.header.place = words(
            "tui.figures.trend" if self.by_month else "tui.figures.by", by=words.term("dimension", self.by)
        )
        self.header.refresh()
        if self._figures is None:
            return
        self.cards.counts = self._figures.total
        self.cards.refresh()
        light = LIGHTS.get(name)
        style = pen.light(light) if light else pen.accent
        if self.by_month:
            self.bars.show([Bar(f"{each.today:%Y-%m}", getattr(each, name)) for each in self._trend], style)
            return
        bars = [self._bar(group, self._label(group)) for group in self._figures.groups]
        if bars:
            total = self._figures.total
            bars.append(Bar(words("figure.sum"), getattr(total, name), self._note(total), sum=True))
        self.bars.show(bars, style)

    def _bar(self, counts: Counts, label: str) -> Bar:
        return Bar(label, getattr(counts, self.figure), self._note(counts))

    def _note(self, counts: Counts) -> str:
        name = self.session.words.term("figure.rate", "closure")
        return f"{name} {counts.closed}/{counts.countable} {_percent(counts.rate)}"

    def _label(self, counts: Counts) -> str:
        words = self.session.words
        if not counts.key:
            return words("figure.none")
        if self.by is not Dimension.UNIT:
            return words.term("class", counts.key) if self.by is Dimension.CLASS else counts.label or counts.key
        units = self.session.register.units  # a unit stands below the unit that it is counted with
        depth = sum(1 for _ in self.session.register.lineage(units[counts.key].parent)) if counts.key in units else 0
        return f"{'  ' * depth}{counts.label or counts.key}"

    def relabel(self) -> None:
        """Draw everything anew."""
        super().relabel()
        self.cards.refresh()
        self._write()

    def ledger_moved(self) -> None:
        """Ask anew."""
        super().ledger_moved()
        self._ask()

    # -- choosing

    def action_by(self) -> None:
        """Group by the next dimension."""
        dimensions = list(Dimension)
        if not self.by_month:
            self.by = dimensions[(dimensions.index(self.by) + 1) % len(dimensions)]
        self.by_month = False
        self.bars.cursor = 0
        self._ask()

    def action_trend(self) -> None:
        """Show how the number moved from month to month, or the bars again."""
        self.by_month = not self.by_month
        self.bars.cursor = len(self._trend) - 1 if self.by_month else 0
        self._write()
        self._ask()

    def action_count(self, step: int) -> None:
        """Choose the next count."""
        self.cards.chosen = (self.cards.chosen + step) % len(COUNTS)
        self.cards.refresh()
        self._write()

    def action_move(self, step: int) -> None:
        """Move among the bars."""
        self.bars.move(step)

    def action_take(self) -> None:
        """Open the list behind the number that is chosen."""
        if self._figures is None or not self.bars.bars:
            return
        at, named = self.bars.cursor, self.cards.named(self.figure)
        if self.by_month:
            stood = self._trend[at]
            when = "" if stood.index == self.session.index else f"#{stood.index}"
            self.home.open_behind(Cell(self.by, self.figure, None), f"{stood.today:%Y-%m} · {named}", when)
            return
        group = self._figures.groups[at] if at < len(self._figures.groups) else None
        label = self._label(group).strip() if group else self.session.words("figure.sum")
        self.home.open_behind(Cell(self.by, self.figure, group.key if group else None), f"{shown(label)} · {named}")

    @on(BarTable.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()


def _percent(rate: int | None) -> str:
    return "—" if rate is None else f"{rate}%"
