"""Owns the parts of the theatre: the axis of time, the figures of the moment, and the list as it stood. Asks nobody anything."""

from __future__ import annotations

from copy import copy

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from taizhang.ledger.domain.lights import Light
from taizhang.service.desk import FindingRow, Sort, Standing
from taizhang.tui.cells import fit, shown
from taizhang.tui.columns import Column, cell, columns, heading
from taizhang.tui.draw import Span, between, line
from taizhang.tui.keys import bindings
from taizhang.tui.pen import SIGNS
from taizhang.tui.session import Session
from taizhang.tui.theatre import Scene, Stride

UNDERLINED = Style(underline=True)
FIGURES = ("total", "open", "overdue", "due_soon", "awaiting", "closed")
_SIGNS = {"overdue": Light.RED, "due_soon": Light.YELLOW}


class Axis(Widget):
    """Where one stands in time, and how far a key goes."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="track")
        self._session = session
        self.scene: Scene | None = None
        self.stride = Stride.EVENT

    def render_line(self, y: int) -> Strip:
        """Draw the axis, and below it what the step was."""
        session, pen, words, width = self._session, self._session.pen, self._session.words, self.size.width
        scene = self.scene
        if scene is None:
            return line([(f" {words('tui.loading')}" if y == 0 else "", pen.muted)], width).apply_style(self.rich_style)
        if y == 1:
            strides: list[Span] = [(f" {words('tui.theatre.stride')} ", pen.muted)]
            for stride in Stride:
                chosen = stride is self.stride
                text = words(f"tui.theatre.stride.{stride}")
                strides.append((f"[{text}]" if chosen else f" {text} ", pen.title if chosen else pen.muted))
            told = words("tui.theatre.step", count=scene.count)
            return between(strides, [(f"{told} ", pen.plain)], width).apply_style(self.rich_style)
        at = session.moment(scene.events[0].recorded_at)[:16] if scene.events else scene.by.today.isoformat()
        left = f" {at}  "
        right = f"  #{scene.index} / #{scene.head} "
        room = max(width - cell_len(left) - cell_len(right) - 1, 1)
        done = 0 if not scene.head else round(scene.index * (room - 1) / scene.head)
        spans: list[Span] = [
            (left, pen.strong),
            ("━" * done, pen.accent),
            ("◉", pen.accent),
            ("─" * (room - done), pen.faint),
            (right, pen.muted),
        ]
        return line(spans, width).apply_style(self.rich_style)


class Cards(Widget):
    """The figures of the moment, and by how much the step moved them."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="cards")
        self._session = session
        self._now: Standing | None = None
        self._then: Standing | None = None

    def tell(self, now: Standing | None, then: Standing | None) -> None:
        """Show other figures; None while they are being counted."""
        self._now, self._then = now, then
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the figures."""
        words, pen = self._session.words, self._session.pen
        spans: list[Span] = []
        for name in FIGURES:
            sign = _SIGNS.get(name)
            style = pen.light(sign) if sign else pen.strong
            label = words("figure.moved.closed") if name == "closed" else words.term("figure", name)
            spans.append((f" {SIGNS[sign]} {label} " if sign else f" {label} ", style if sign else pen.muted))
            spans.append(("…" if self._now is None else f"{getattr(self._now, name)}", style))
            moved = getattr(self._now, name) - getattr(self._then, name) if self._now and self._then else 0
            spans.append((f" ({moved:+d}) " if moved else " ", pen.come))
        return line(spans, self.size.width).apply_style(self.rich_style)


class Stage(Widget, can_focus=True, inherit_bindings=False):
    """The list as it stood; what the step changed has a sign before it and another ink.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("stage")
    HEAD = 1

    class Wanted(Message):
        """Other rows are wanted."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    class Opened(Message):
        """A finding was chosen with the mouse."""

    def __init__(self, session: Session) -> None:
        super().__init__(id="stage")
        self._session = session
        self.scene: Scene | None = None
        self.cursor = 0
        self._columns: tuple[Column, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows have room."""
        return max(self.size.height - self.HEAD, 1)

    @property
    def first(self) -> int:
        """The place of the first row."""
        return self.scene.offset if self.scene else 0

    @property
    def current(self) -> FindingRow | None:
        """The finding below the cursor."""
        at = self.cursor - self.first
        return self.scene.rows[at] if self.scene and 0 <= at < len(self.scene.rows) else None

    def show(self, scene: Scene, *, follow: bool) -> None:
        """Show another moment."""
        self.scene = scene
        if follow and scene.follow is not None:
            self.cursor = scene.follow
        self.cursor = max(0, min(self.cursor, scene.total - 1))
        self.refresh()

    def on_resize(self) -> None:
        """Another height has other rows."""
        self.post_message(self.Wanted(self.first))

    def render_line(self, y: int) -> Strip:
        """Draw the heading or one row."""
        session, pen, width, scene = self._session, self._session.pen, self.size.width, self.scene
        if scene is None:
            return Strip.blank(width, self.rich_style)
        if y == 0:
            number = max((cell_len(row.number) for row in scene.rows), default=10)
            self._columns = columns(width - 3, session.words.lang, number, scene.rows)
            spans: list[Span] = [("   ", pen.plain)]
            spans += [(f"{heading(each, Sort.LOGGED, False, session)} ", pen.muted) for each in self._columns]
            return line(spans if scene.rows else [], width).apply_style(self.rich_style)
        at = y - self.HEAD
        if at >= len(scene.rows):
            text = session.words("tui.theatre.empty") if not scene.rows and y == 2 else ""
            return line([(f"   {text}", pen.muted)], width).apply_style(self.rich_style)
        row = scene.rows[at]
        chosen = scene.offset + at == self.cursor
        old = scene.earlier.get(row.number)
        then = copy(session)  # days left are those of the moment
        then.by = scene.by
        changed = [self._changed(column.name, row, old) for column in self._columns]
        sign = "+" if old is None else "~" if any(changed) or row.version != old.version else " "
        spans = [("▌" if chosen else " ", pen.accent), (f"{sign} ", pen.come)]
        for column, fresh in zip(self._columns, changed, strict=True):
            text, style = cell(column, row, then)
            if fresh:  # a light and its days keep their own colour, which says something
                style = style + UNDERLINED if column.name in ("light", "due") else pen.come
            spans.append((text, style))
            spans.append((" ", pen.plain))
        ground = pen.cursor if chosen else None
        return line(spans, width, ground).apply_style(self.rich_style)

    def _changed(self, name: str, row: FindingRow, old: FindingRow | None) -> bool:
        if old is None:
            return name in ("number", "title")
        attribute = {"unit": "unit_name", "class": "class_", "date": "due"}.get(name, name)
        return bool(getattr(row, attribute) != getattr(old, attribute))

    # -- moving

    def move_to(self, at: int) -> None:
        """Put the cursor on a finding; fetch its row where it is not in sight."""
        if self.scene is None or not self.scene.total:
            return
        self.cursor = max(0, min(at, self.scene.total - 1))
        if self.cursor < self.first:
            self.post_message(self.Wanted(self.cursor))
        elif self.cursor >= self.first + self.rows:
            self.post_message(self.Wanted(self.cursor - self.rows + 1))
        self.refresh()

    def action_move(self, step: int) -> None:
        """Move by rows."""
        self.move_to(self.cursor + step)

    def action_page(self, step: int) -> None:
        """Move by screens."""
        self.move_to(self.cursor + step * self.rows)

    def action_changed(self, step: int) -> None:
        """Go to the next finding that the step touched, or the one before."""
        if self.scene is None:
            return
        places = sorted({event.place - 1 for event in self.scene.events if event.place})
        ahead = [place for place in places if (place > self.cursor if step > 0 else place < self.cursor)]
        if ahead:
            self.move_to(ahead[0] if step > 0 else ahead[-1])

    def on_click(self, event: events.Click) -> None:
        """A click chooses; a second one opens."""
        if self.scene and event.y >= self.HEAD:
            self.move_to(self.first + event.y - self.HEAD)
            if event.chain == 2:
                self.post_message(self.Opened())


def event_spans(session: Session, index: int, at: str, topic: str, number: str, actor: str, width: int) -> list[Span]:
    """Return one event of the step as spans."""
    pen, words = session.pen, session.words
    return [
        (f" #{index} ", pen.faint),
        (f"{at} ", pen.muted),
        (f"{words.term('topic', topic)} ", pen.title),
        (f"{shown(number)} " if number else "", pen.strong),
        (fit(shown(session.person(actor)), max(width // 3, 8)).rstrip(), pen.plain),
    ]
