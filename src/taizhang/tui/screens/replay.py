"""Owns the replay of one finding: event by event, forwards and back, with what each step changed."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip
from textual.widget import Widget

from taizhang.ledger.domain.lights import Yardstick
from taizhang.service.desk import Step
from taizhang.tui import facts, told
from taizhang.tui.draw import Sheet, Span, between, line
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.lines import StepLines

from .base import LedgerScreen

TWO_COLUMNS_FROM = 116


class Track(Widget):
    """The steps as a row of dots, and which one is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="track")
        self._session = session
        self.steps: tuple[Step, ...] = ()
        self.at = 0

    def render_line(self, y: int) -> Strip:
        """Draw the row of dots, and below it the step in words."""
        session, pen, width = self._session, self._session.pen, self.size.width
        if not self.steps:
            return Strip.blank(width, self.rich_style)
        step = self.steps[self.at]
        if y == 0:
            count = session.words("tui.replay.at", step=self.at + 1, count=len(self.steps))
            spans = [(f" {count}  ", pen.strong), *self._dots(width - cell_len(count) - 4)]
            return line(spans, width).apply_style(self.rich_style)
        who = step.entry.envelope
        left: list[Span] = [
            (f" {who.happened_on}  ", pen.strong),
            (told.topic(session, step.entry), pen.title),
            (f"  {session.person(who.actor)}", pen.plain),
        ]
        state = session.words.term("state", step.finding.state)
        return between(left, [(f"{state} ", pen.strong)], width).apply_style(self.rich_style)

    def _dots(self, room: int) -> list[Span]:
        pen, count = self._session.pen, len(self.steps)
        if count * 2 - 1 <= room:
            spans: list[Span] = []
            for at in range(count):
                dot = "◉" if at == self.at else "●" if at < self.at else "○"
                spans.append((dot, pen.accent if at <= self.at else pen.faint))
                if at < count - 1:
                    spans.append(("─", pen.accent if at < self.at else pen.faint))
            return spans
        done = (self.at + 1) * room // count  # more steps than dots: a bar
        return [("━" * done, pen.accent), ("─" * (room - done), pen.faint)]


class ReplayScreen(LedgerScreen):
    """The life of one finding, step by step.

    Args:
        session: what is shared.
        number: the finding.
        index: the event to begin at; None for the first.
    """

    BINDINGS = bindings("replay")
    FOOT = (
        "replay.backward",
        "replay.forward",
        "replay.first",
        "replay.last",
        "replay.blame",
        "replay.back",
        "app.language",
        "app.help",
    )

    def __init__(self, session: Session, number: str, index: int | None = None) -> None:
        super().__init__(session)
        self.number = number
        self._begin = index
        self.track = Track(session)
        self.change = StepLines(id="change")
        self.then = StepLines(id="then")
        self._wide = False
        self._then: tuple[Yardstick, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the replay."""
        yield self.header
        yield self.track
        with Horizontal(id="body"):
            yield self.change
            yield self.then
        yield self.footer

    def on_mount(self) -> None:
        """Ask for every step."""
        self.change.focus()
        self._place()
        self._ask()

    def _place(self) -> None:
        self.header.place = f"{self.number} › {self.session.words('tui.replay')}"
        self.header.refresh()

    def _ask(self) -> None:
        self.session.ask(self, "replay", self._question, self._told, self.refuse)

    def _question(self) -> tuple[tuple[Step, ...], tuple[Yardstick, ...]]:
        """Each step is judged as on its own day, by the policy and calendar of then."""
        desk = self.session.desk
        steps = desk.replay(self.number)
        return steps, tuple(desk.yardstick(when=f"#{step.entry.index}") for step in steps)

    def _told(self, told: tuple[tuple[Step, ...], tuple[Yardstick, ...]]) -> None:
        self.track.steps, self._then = told
        if self._begin is not None:
            places = [at for at, step in enumerate(self.track.steps) if step.entry.index <= self._begin]
            self.track.at, self._begin = max(places, default=0), None
        self._go(self.track.at)

    def _go(self, at: int) -> None:
        if not self.track.steps:
            return
        self.track.at = max(0, min(at, len(self.track.steps) - 1))
        self.track.refresh()
        self._write(top=True)

    def on_resize(self, event: events.Resize) -> None:
        """The finding stands beside the change where there is room."""
        self._wide = event.size.width >= TWO_COLUMNS_FROM
        self.then.display = self._wide
        self._write(top=False)

    def _write(self, *, top: bool) -> None:
        if not self.track.steps:
            return
        self.change.write(self._changes, top=top)
        self.then.write(self._finding if self._wide else None, top=top)

    @property
    def shown(self) -> Step:
        """The step that is shown."""
        return self.track.steps[self.track.at]

    def _changes(self, width: int) -> Sheet:
        session, pen, step = self.session, self.session.pen, self.shown
        sheet = facts.sheet_of(session, width)
        sheet.heading(session.words("tui.replay.changed"), f"#{step.entry.index}")
        told_changes = [change for change in step.changes if change.field not in told.BOOKKEEPING]
        if step.entry.version == 1:
            sheet.text(session.words("tui.replay.begins"), pen.muted, indent=1)
        elif not told_changes:
            sheet.text(session.words("tui.replay.nothing"), pen.muted, indent=1)
        for change in told_changes if step.entry.version > 1 else ():
            label = told.label(session, change.field)
            for old, new in told.change_lines(session, change.field, change.old, change.new):
                _change(sheet, label, old, new)
                label = ""
        sheet.heading(session.words("tui.replay.event"))
        facts.entry_lines(sheet, session, step.entry, rail=False)
        if not self._wide:
            self._write_finding(sheet)
        return sheet

    def _finding(self, width: int) -> Sheet:
        sheet = facts.sheet_of(self.session, width)
        self._write_finding(sheet)
        return sheet

    def _write_finding(self, sheet: Sheet) -> None:
        session, step = self.session, self.shown
        marks = frozenset(change.field for change in step.changes)
        sheet.heading(session.words("tui.replay.then"), session.words("tui.replay.version", version=step.entry.version))
        then = self._then[self.track.at]
        facts.finding_head(sheet, session, step.finding, then)
        facts.deadline(sheet, session, step.finding, marks, then)
        facts.responsibility(sheet, session, step.finding, marks)
        facts.measures(sheet, session, step.finding, marks)
        facts.evidence(sheet, session, step.finding)
        facts.later_life(sheet, session, step.finding, marks)
        facts.facts(sheet, session, step.finding, marks)
        facts.hands(sheet, session, step.finding)

    def relabel(self) -> None:
        """Draw everything anew."""
        super().relabel()
        self._place()
        self.track.refresh()
        self._write(top=False)

    def ledger_moved(self) -> None:
        """Fetch the steps anew; the step that is shown stays."""
        super().ledger_moved()
        self._ask()

    def action_step(self, step: int) -> None:
        """Go a step on, or back."""
        self._go(self.track.at + step)

    def action_blame(self) -> None:
        """Say which event set each value that stood then."""
        if self.track.steps:
            self.home.open_blame(self.number, f"#{self.shown.entry.index}")

    def action_first(self) -> None:
        """Go to the first step."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last step."""
        self._go(len(self.track.steps) - 1)

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()


def _change(sheet: Sheet, label: str, old: str, new: str) -> None:
    """Write what was and what is: on one line where both are short, else below each other with their signs."""
    pen = sheet.pen
    room = sheet.width - sheet.label - 1
    if "\n" not in old + new and cell_len(old or "—") + cell_len(new or "—") + 3 <= room:
        from taizhang.tui.cells import fit

        gone = (old, pen.gone) if old else ("—", pen.faint)
        come = (new, pen.come) if new else ("—", pen.faint)
        sheet.spans((f" {fit(label, sheet.label - 2)} ", pen.muted), gone, (" → ", pen.muted), come)
        return
    if label:
        sheet.spans((f" {label}", pen.muted))
    if old:
        sheet.text(old, pen.gone, indent=4, lead=((" −  ", pen.red),))
    if new:
        sheet.text(new, pen.come, indent=4, lead=((" +  ", pen.come),))
