"""Owns the audit trail on the screen: pages from the desk, newest first, the cursor, the sticky heading. Knows no screen.

A trail only grows. So a row is known by its place from the oldest, which never changes: what was fetched stays right, and
what others record moves neither the cursor nor what is read.
"""

from __future__ import annotations

from msgspec import Struct
from rich.cells import cell_len
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import Trail, TrailRow
from taizhang.tui.cells import fit, shown
from taizhang.tui.draw import Span, line
from taizhang.tui.session import Session
from taizhang.tui.widgets.rows import Rows

PAGE = 100
KEPT_ROWS = 2_000


class Asked(Struct, frozen=True):
    """Which events: of a person, of a finding, up to a moment; empty for all."""

    actor: str = ""
    number: str = ""
    when: str = ""


class TrailTable(Rows, can_focus=True):
    """The audit trail.

    Args:
        session: what is shared.
    """

    class Moved(Message):
        """The cursor stands on another event."""

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor stands now matters."""
            return isinstance(message, TrailTable.Moved)

    class Loaded(Message):
        """The trail that was asked for is shown."""

    class Refused(Message):
        """The trail cannot be had; the last one stays."""

        def __init__(self, refusal: Refusal) -> None:
            super().__init__()
            self.refusal = refusal

    class Opened(Message):
        """An event was chosen with the mouse."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.asked = Asked(when=session.when)
        self._rows: dict[int, TrailRow] = {}
        self._missing: set[int] = set()
        self._cursor = 0

    # -- asking

    def on_mount(self) -> None:
        """Ask for the newest events."""
        self.open(self.asked)

    def open(self, asked: Asked) -> None:
        """Show another trail from its newest event, once it has come; until then, and if it is refused, the last one."""
        desk = self._session.desk

        def told(trail: Trail) -> None:
            self.asked, self._rows, self.total = asked, {}, trail.total
            self._keep(trail, 0)
            self._cursor = trail.total - 1
            self._extend()
            self.scroll_to(y=0, animate=False)
            self._told()

        self._session.ask(
            self,
            "trail",
            lambda: desk.trail(limit=PAGE, actor=asked.actor, number=asked.number, when=asked.when),
            told,
            self._refused,
        )

    def reload(self) -> None:
        """Fetch what is new; the cursor stays on its event, and what is read stays where it is."""
        asked, desk = self.asked, self._session.desk

        def told(trail: Trail) -> None:
            if asked != self.asked or self.total is None:
                return
            fresh = trail.total - self.total
            self.total = trail.total
            self._keep(trail, 0)
            self._extend()
            if fresh and self._top:
                self.scroll_to(y=self._top + fresh, animate=False)
            self._show_cursor()
            self._told()

        self._session.ask(
            self,
            "news",
            lambda: desk.trail(limit=PAGE, actor=asked.actor, number=asked.number, when=asked.when),
            told,
            self._refused,
        )

    def _refused(self, refusal: Refusal) -> None:
        self.post_message(self.Refused(refusal))

    def _told(self) -> None:
        self.refresh()
        self.post_message(self.Loaded())
        self.post_message(self.Moved())

    def _keep(self, trail: Trail, offset: int) -> None:
        if len(self._rows) > KEPT_ROWS:
            self._rows.clear()
        newest = trail.total - 1 - offset
        for at, row in enumerate(trail.rows):
            self._rows[newest - at] = row

    def _fetch_missing(self) -> None:
        """Ask for what was drawn empty; the latest place is asked for, not every one that was passed."""
        if not self._missing or self.total is None:
            return
        asked, desk = self.asked, self._session.desk
        offset = max(self.total - 1 - max(self._missing) - PAGE // 4, 0)
        limit = max(PAGE, self.total - min(self._missing) - offset)
        self._missing.clear()

        def told(trail: Trail) -> None:
            if asked == self.asked:
                self._keep(trail, offset)
                self.refresh()
                self.post_message(self.Moved())

        self._session.ask(
            self,
            "pages",
            lambda: desk.trail(offset=offset, limit=limit, actor=asked.actor, number=asked.number, when=asked.when),
            told,
            self._refused,
        )

    # -- what stands where

    @property
    def place(self) -> int:
        """The line of the cursor, counted from the newest event."""
        return (self.total or 0) - 1 - self._cursor

    @property
    def current(self) -> TrailRow | None:
        """The event below the cursor."""
        return self._rows.get(self._cursor) if self.total else None

    def _extend(self) -> None:
        self.extend((self.total or 0) + self.HEAD)

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self._extend()
        self._show_cursor()
        self.refresh()

    # -- drawing

    def _columns(self, width: int) -> list[tuple[str, int]]:
        zh = self._session.words.lang == "zh"
        wide = width >= 100
        index = max(len(str(self.total or 0)) + 1, 5)
        sizes = {"index": index, "recorded": 19 if wide else 16, "event": 12 if zh else 18, "number": 13}
        numbers = [cell_len(shown(row.number)) for row in self._rows.values()]
        sizes["number"] = max(8, min(max(numbers, default=8), 20))
        if width >= 130:
            sizes["through"] = 30
        used = sum(sizes.values()) + len(sizes) + 2
        sizes["actor"] = max(width - used, 8)
        order = ("index", "recorded", "event", "number", "actor", "through")
        return [(name, sizes[name]) for name in order if name in sizes]

    def render_line(self, y: int) -> Strip:
        """Draw the heading or one event."""
        width = self.size.width
        _session, pen, words = self._session, self._session.pen, self._session.words
        columns = self._columns(width - 1)
        if y < self.HEAD:
            spans: list[Span] = [(" ", pen.plain)]
            for name, size in columns:
                spans.append((f"{fit(words(f'tui.trail.{name}'), size, right=name == 'index')} ", pen.muted))
            return line(spans if self.total else [], width).apply_style(self.ground)
        at = self._top + y - self.HEAD
        if self.total is None or at >= self.total:
            text = words("tui.audit.empty") if self.total == 0 and y == 3 else ""
            return line([(f"   {text}", pen.muted)], width).apply_style(self.ground)
        place = self.total - 1 - at
        row = self._rows.get(place)
        if row is None:
            self._missing.add(place)
            self.call_next(self._fetch_missing)
            return line([("  ·", pen.faint)], width).apply_style(self.ground)
        chosen = place == self._cursor
        mark: Span = ("▌" if chosen else " ", pen.accent)
        cells = [(f"{text} ", style) for text, style in (self._cell(row, name, size) for name, size in columns)]
        ground = (pen.cursor if self.has_focus else pen.idle) if chosen else None
        return line([mark, *cells], width, ground).apply_style(self.ground)

    def _cell(self, row: TrailRow, name: str, size: int) -> tuple[str, Style]:
        session, pen = self._session, self._session.pen
        match name:
            case "index":
                text, style = f"#{row.index}", pen.muted
            case "recorded":
                text, style = session.moment(row.recorded_at)[:size], pen.muted
            case "event":
                text, style = session.words.term("topic", row.topic), pen.title if row.number else pen.plain
            case "number":
                text, style = row.number or "—", pen.strong if row.number else pen.faint
            case "actor":
                text, style = session.person(row.actor), pen.plain
                if row.same_account:
                    text = f"! {session.words('tui.same-account')} · {text}"
                    style = pen.yellow
            case _:
                text = f"{session.words.term('via', row.via)} · {row.os_user}@{row.host}"
                style = pen.faint
        return fit(shown(text), size, right=name == "index"), style

    # -- moving

    def move_to(self, at: int) -> None:
        """Put the cursor on a line, counted from the newest event."""
        if self.total:
            self._cursor = self.total - 1 - max(0, min(at, self.total - 1))
            self._show_cursor()
            self.refresh()
            self.post_message(self.Moved())

    def open_current(self) -> None:
        """A second click opens."""
        self.post_message(self.Opened())
