"""Owns the problem list on the screen: pages from the desk, the cursor, the sticky heading. Knows no screen.

The Line API over pages: it holds a few hundred lines of however many there are, and draws only those that are seen.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from msgspec.structs import replace
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import FindingRow, Page, Query
from taizhang.tui.columns import Column, cell, columns, heading
from taizhang.tui.draw import Span, line
from taizhang.tui.session import Session
from taizhang.tui.widgets.rows import Rows

PAGE = 100
KEPT_PAGES = 12
KEPT_LINES = 500
PATIENCE = 0.5
"""Seconds without a first list after which the list says that it is being read."""


class _Window(NamedTuple):
    """Rows that were fetched together, and the list that they are a part of."""

    query: Query
    page: Page


class ProblemTable(Rows, can_focus=True):
    """The problem list.

    Args:
        session: what is shared.
        query: which findings, in which order; offset and limit are the list's own.
    """

    class Moved(Message):
        """The cursor stands on another finding, or the finding below it changed."""

        def __init__(self, row: FindingRow | None) -> None:
            super().__init__()
            self.row = row

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor stands now matters."""
            return isinstance(message, ProblemTable.Moved)

    class Loaded(Message):
        """The list that was asked for is shown."""

        def __init__(self, query: Query, total: int) -> None:
            super().__init__()
            self.query = query
            self.total = total

    class Refused(Message):
        """The list that was asked for cannot be had; the last one stays."""

        def __init__(self, query: Query, refusal: Refusal) -> None:
            super().__init__()
            self.query = query
            self.refusal = refusal

    class Opened(Message):
        """A finding was chosen with the mouse."""

        def __init__(self, number: str) -> None:
            super().__init__()
            self.number = number

    def __init__(self, session: Session, query: Query) -> None:
        super().__init__()
        self._session = session
        self.asked = query
        self._pages: dict[int, tuple[FindingRow, ...]] = {}
        self._columns: tuple[Column, ...] = ()
        self._sample: tuple[FindingRow, ...] = ()
        self.cursor = 0
        self._number = ""
        self._missing: set[int] = set()
        self._mounted = time.monotonic()
        self._drawn: dict[int, tuple[FindingRow, Strip]] = {}

    # -- asking

    def on_mount(self) -> None:
        """Ask for the first rows."""
        self.open(self.asked)
        self.set_timer(PATIENCE, self.refresh)

    def open(self, query: Query) -> None:
        """Show another list from its beginning, once it has come; until then, and if it is refused, the last one."""
        wanted = replace(query, offset=0, limit=PAGE, uncounted=True)
        self._session.ask(
            self,
            "list",
            lambda: _Window(query, self._session.desk.findings(wanted)),
            self._opened,
            lambda refusal: self.post_message(self.Refused(query, refusal)),
        )

    def reload(self) -> None:
        """Fetch what is seen anew, without moving cursor or scroll."""
        if self.total is None:
            self.open(self.asked)
            return
        first = max((self._top // PAGE - 1) * PAGE, 0)
        last = (self._top + self._height) // PAGE + 2
        query = self.asked
        wanted = replace(query, offset=first, limit=last * PAGE - first)
        self._session.ask(
            self,
            "reload",
            lambda: _Window(query, self._session.desk.findings(wanted)),
            self._reloaded,
            lambda refusal: self.post_message(self.Refused(query, refusal)),
        )

    def _opened(self, window: _Window) -> None:
        self.asked, page = window.query, window.page
        # until it is counted the list stays as long as it was: a scroll bar that jumps twice is a nuisance
        self.total = page.total if page.counted else max(page.total, self.total or 0)
        self._pages = {}
        self._missing.clear()
        self._keep(page)
        self._sample = page.rows
        self.cursor = 0
        self._measure()
        self.scroll_to(y=0, animate=False)
        self.refresh()
        self._cursor_moved()
        if page.counted:
            self.post_message(self.Loaded(self.asked, page.total))
        else:
            self._count(window.query)

    def _count(self, query: Query) -> None:
        """Have the list counted behind the first rows, which are shown before that: counting takes many times as long."""
        desk = self._session.desk

        def ask() -> int:
            return desk.count(query.filter, query.today, when=query.when, cell=query.cell)

        def told(total: int) -> None:
            if query == self.asked:
                self.total, self.cursor = total, max(0, min(self.cursor, total - 1))
                self.extend(total + self.HEAD)
                self._fetch_ahead()
                self.post_message(self.Loaded(query, total))

        self._session.count(self, "total", ask, told, lambda refusal: self.post_message(self.Refused(query, refusal)))

    def _reloaded(self, window: _Window) -> None:
        if window.query != self.asked:
            return
        page = window.page
        self.total = page.total
        self._pages = {}
        self._missing.clear()
        self._keep(page)
        if not self._sample:
            self._sample = page.rows
        shift = self._shift(page)
        self._measure()
        if shift:
            self.scroll_to(y=max(self._top + shift, 0), animate=False)
        self.cursor = max(min(self.cursor + shift, page.total - 1), 0)
        self.refresh()
        self._cursor_moved()
        self.post_message(self.Loaded(self.asked, page.total))

    def _shift(self, page: Page) -> int:
        """How far the finding below the cursor has moved; 0 where it is not to be seen any more."""
        for at, row in enumerate(page.rows):
            if row.number == self._number:
                return page.offset + at - self.cursor
        return 0

    def _keep(self, page: Page) -> None:
        for at in range(0, len(page.rows), PAGE):
            number = (page.offset + at) // PAGE
            self._pages.pop(number, None)
            self._pages[number] = page.rows[at : at + PAGE]
        seen = range(self._top // PAGE, (self._top + self._height) // PAGE + 1)
        for number in [number for number in self._pages if number not in seen][: len(self._pages) - KEPT_PAGES]:
            del self._pages[number]

    def _fetch_missing(self) -> None:
        """Ask for the pages that were drawn empty; the latest place is asked for, not every one that was passed."""
        if not self._missing:
            return
        first, last = min(self._missing), max(self._missing)
        self._missing.clear()
        query = self.asked
        wanted = replace(query, offset=first * PAGE, limit=(last - first + 1) * PAGE)
        self._session.ask(
            self,
            "pages",
            lambda: _Window(query, self._session.desk.findings(wanted)),
            self._fetched,
            lambda refusal: self.post_message(self.Refused(query, refusal)),
        )

    def _fetched(self, window: _Window) -> None:
        if window.query != self.asked:
            return
        self._keep(window.page)
        if window.page.total != self.total:
            self.reload()
        self.refresh()
        self._cursor_moved()

    def _fetch_ahead(self) -> None:
        """Have the neighbouring pages at hand before they are scrolled to."""
        wanted = {(self._top - self._height) // PAGE, (self._top + 2 * self._height) // PAGE}
        self._missing |= {
            number for number in wanted if 0 <= number * PAGE < (self.total or 0) and number not in self._pages
        }
        self._fetch_missing()

    # -- what stands where

    @property
    def place(self) -> int:
        """The row that the cursor stands on."""
        return self.cursor

    def row_at(self, at: int) -> FindingRow | None:
        """Return a row by its place in the list; None where it was not fetched yet."""
        page = self._pages.get(at // PAGE)
        return page[at % PAGE] if page is not None and at % PAGE < len(page) else None

    @property
    def current(self) -> FindingRow | None:
        """The row below the cursor."""
        return self.row_at(self.cursor) if self.total else None

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        number = max((cell_len(row.number) for row in self._sample), default=10)
        self._drawn.clear()
        self._columns = columns(width - 1, self._session.words.lang, number, self._sample)
        self.extend((self.total or 0) + self.HEAD)

    def restyle(self) -> None:
        """Draw anew: another language, other colours."""
        self._measure()
        self.refresh()

    def on_resize(self) -> None:
        """Another width has other columns; the cursor stays in sight."""
        self._measure()
        self._show_cursor()
        self.refresh()

    # -- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines; what was drawn before is drawn anew on another ground."""
        before = self.ground
        strips = super().render_lines(crop)
        if self.ground == before:
            return strips
        self._drawn.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw the heading or one row."""
        width = self.size.width
        session, pen = self._session, self._session.pen
        base = self.ground
        if y < self.HEAD:
            spans: list[Span] = [(" ", pen.plain)]
            for column in self._columns:
                text = heading(column, self.asked.sort, self.asked.descending, session)
                spans.append((f"{text} ", pen.accent if text.rstrip()[-1:] in ("↑", "↓") else pen.muted))
            return line(spans if self.total else [], width).apply_style(base)
        at = self._top + y - self.HEAD
        if at >= (self.total or 0):
            return self._empty_line(y, width).apply_style(base)
        row = self.row_at(at)
        if row is None:
            self._missing.add(at // PAGE)
            self.call_next(self._fetch_missing)
            return line([("  ·", pen.faint)], width).apply_style(base)
        if at == self.cursor:
            return self._row_line(row, "▌", width, pen.cursor if self.has_focus else pen.idle)
        known = self._drawn.get(at)
        if known is None or known[0] is not row:
            if len(self._drawn) > KEPT_LINES:
                self._drawn.clear()
            known = self._drawn[at] = (row, self._row_line(row, " ", width, None))
        return known[1]

    def _row_line(self, row: FindingRow, mark: str, width: int, ground: Style | None) -> Strip:
        spans: list[Span] = [(mark, self._session.pen.accent)]
        for column in self._columns:
            text, style = cell(column, row, self._session)
            spans.append((f"{text} ", style))
        return line(spans, width, ground).apply_style(self.ground)

    def _empty_line(self, y: int, width: int) -> Strip:
        words, pen = self._session.words, self._session.pen
        if y not in (3, 4) or self.total:
            return Strip.blank(width)
        kind = "filter" if self.asked.filter.strip() else "cell" if self.asked.cell else "ledger"
        if self.total is None:
            if time.monotonic() - self._mounted < PATIENCE or self._session.lost is not None:
                return Strip.blank(width)
            kind = "wait"
        elif kind == "ledger" and not self._session.register.units:
            kind = "bare"
        which = "title" if y == 3 else "hint"
        cap = self._session.keymap.cap
        log, search, clear, leave = cap("list.log"), cap("list.search"), cap("list.clear"), cap("list.quit")
        units = cap("list.registers")
        told = words(f"tui.empty.{kind}.{which}", log=log, search=search, clear=clear, quit=leave, registers=units)
        return line([(f"   {told}", pen.strong if y == 3 else pen.muted)], width)

    # -- moving

    def move_to(self, at: int) -> None:
        """Put the cursor on a row."""
        if not self.total:
            return
        old, self.cursor = self.cursor, max(0, min(at, self.total - 1))
        if old != self.cursor:
            self._show_cursor()
            for place in (old, self.cursor):
                self.refresh(Region(0, place - self._top + self.HEAD, self.size.width, 1))
            self._cursor_moved()
            self._fetch_ahead()

    def _cursor_moved(self) -> None:
        row = self.current
        self._number = row.number if row else ""
        self.post_message(self.Moved(row))

    def open_current(self) -> None:
        """A second click opens."""
        if (row := self.current) is not None:
            self.post_message(self.Opened(row.number))
