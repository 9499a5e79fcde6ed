"""Owns the problem list as a screen: list, filter, summary, preview. Fetches nothing itself but the summary and the preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.finding import Finding
from taizhang.service.desk import Counts, Dimension, Query, Sort
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.problem_table import ProblemTable
from taizhang.tui.widgets.summary import Notice, Summary

from .base import LedgerScreen

if TYPE_CHECKING:
    from textual.widgets import Input

    from taizhang.tui.widgets.lines import Preview
    from taizhang.tui.widgets.search import FilterInput, Prompt

SORTS: tuple[Sort, ...] = (Sort.LOGGED, Sort.DUE, Sort.CHANGED, Sort.STATUS, Sort.UNIT, Sort.TITLE)
PREVIEW_FROM = 120
WARM = "caiz"
"""A filter that uses all that the search has."""

REST = 0.06
"""Seconds after which a cursor that does not move any more is taken to rest."""

TYPED = 0.3
"""Seconds after which a text that does not grow is taken to be typed: its figures take more than its list."""


class ProblemsScreen(LedgerScreen):
    """The problem list."""

    BINDINGS = bindings("list")
    FOOT: tuple[str, ...] = ("list.open", "list.search", "list.log", "list.steps", "list.replay", "list.why", "list.todo", "list.figures", "list.audit", "list.theatre", "list.registers", "list.moment", "list.sort", "app.actor",
            "app.language", "app.help", "list.quit")  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.table = ProblemTable(session, Query())
        self.summary = Summary(session)
        self.notice = Notice(session)
        self._field: FilterInput | None = None
        self._prompt: Prompt | None = None
        self._before = self._typed = ""
        self._preview: Preview | None = None
        self._shown: Finding | None = None
        self._found = False
        self._rest: Timer | None = None
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield self.header
        with Horizontal(id="filter"):
            yield self.summary
        yield self.notice
        with Horizontal(id="body"):
            yield self.table
        yield self.footer

    def on_mount(self) -> None:
        """Begin in the list."""
        self.table.focus()

    async def on_resize(self, event: events.Resize) -> None:
        """Wide terminals have room for a preview of the finding below the cursor."""
        wide = event.size.width >= PREVIEW_FROM
        if wide and self._preview is None:
            from taizhang.tui.widgets.lines import Preview

            self._preview = Preview(id="preview")
            await self.query_one("#body").mount(self._preview)
            self._ask_preview()
        elif not wide and self._preview is not None:
            await self._preview.remove()
            self._preview = None

    # -- the list

    @on(ProblemTable.Loaded)
    def _list_loaded(self, message: ProblemTable.Loaded) -> None:
        self.notice.tell("")
        text = message.query.filter.strip()
        self.summary.counting = self.summary.filter != text
        self.summary.filter = text
        self.summary.tell(total=message.total)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(TYPED if self.summary.counting else 0.001, partial(self._ask_figures, text))
        if self._found:
            self._go_to_newest()

    @on(ProblemTable.Refused)
    def _list_refused(self, message: ProblemTable.Refused) -> None:
        self.notice.tell(self.session.words.refusal(message.refusal), wrong=self._field is None)

    @on(ProblemTable.Moved)
    def _cursor_moved(self) -> None:
        """Follow the cursor once it rests, so that a key that is held down costs nothing here."""
        if self._rest is not None:
            self._rest.stop()
        if self._preview is not None:
            self._rest = self.set_timer(REST, self._ask_preview)

    @on(ProblemTable.Opened)
    def _clicked(self, message: ProblemTable.Opened) -> None:
        self.home.open_finding(message.number)

    def _ask_figures(self, text: str) -> None:
        desk, when, cell = self.session.desk, self.session.when, self.table.asked.cell

        def ask() -> tuple[int, Counts | None]:
            if cell is not None:  # lights are counted of what a filter lets through, not of one count
                return desk.count("", when=when), None
            counts = desk.figures(Dimension.UNIT, text, when=when).total
            return (desk.count("", when=when) if text.strip() else counts.total), counts

        self.session.count(self, "figures", ask, self._figures_told, self._figures_refused)

    def _figures_told(self, told: tuple[int, Counts | None]) -> None:
        whole, counts = told
        if counts is None:
            self.summary.counts = None
        self.summary.tell(whole=whole, counts=counts)

    def _figures_refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    # -- the preview

    def _ask_preview(self) -> None:
        row, when = self.table.current, self.session.when
        if self._preview is None:
            return
        if row is None:
            self._shown = None
            self._preview.write(None)
            return
        self.session.ask(
            self,
            "preview",
            lambda: self.session.desk.finding(row.number, when),
            self._preview_told,
            self._figures_refused,
        )

    def _preview_told(self, finding: Finding) -> None:
        if self._preview is None:
            return
        from taizhang.tui import facts

        fresh = self._shown is None or self._shown.number != finding.number
        self._shown = finding
        self._preview.write(lambda width: facts.page(self.session, finding, None, width), top=fresh)

    # -- news

    def relabel(self) -> None:
        """Draw everything anew."""
        super().relabel()
        self.table.restyle()
        self.summary.tell()
        self.notice.tell("")
        if self._preview is not None:
            self._preview.rewrite()

    def ledger_moved(self) -> None:
        """Fetch what is seen; the cursor stays on its finding."""
        super().ledger_moved()
        if self.table.asked.when != self.session.when:
            self.table.open(self.session.dated(self.table.asked))
        else:
            self.table.reload()

    # -- the filter

    async def action_search(self) -> None:
        """Type a filter; the list follows every key."""
        from taizhang.tui.widgets.search import FilterInput, Prompt

        if self._field is not None:
            return
        self._before = self._typed = self.table.asked.filter
        self._field = FilterInput(self._before, id="filter-field")
        self.summary.type_filter(True)
        self.footer.show_keys(("search.keep", "search.leave"))
        self._prompt = Prompt(self.session)
        await self.query_one("#filter").mount(self._prompt, self._field, before=self.summary)
        self._field.focus()
        desk, warm = self.session.desk, replace(self.table.asked, filter=WARM, offset=0, limit=1)
        # the first search reads tables and pages that no list needs: before the first character, not after it
        self.session.ask(self, "warm", lambda: desk.findings(warm), lambda _: None, self._figures_refused)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for the list that the text describes."""
        if self._field is not None and event.value != self._typed:
            self._typed = event.value
            self.table.open(replace(self.table.asked, filter=event.value))

    async def on_filter_input_kept(self) -> None:
        """Back to the list, with the filter. Where the text is no filter yet, the last good list stands."""
        await self._end_search()

    async def on_filter_input_left(self) -> None:
        """Back to the list as it was before."""
        if self.table.asked.filter != self._before:
            self.table.open(replace(self.table.asked, filter=self._before))
        self.notice.tell("")
        await self._end_search()

    async def _end_search(self) -> None:
        if self._field is not None:
            field, self._field = self._field, None
            await field.remove()
        if self._prompt is not None:
            await self._prompt.remove()
        self.summary.type_filter(False)
        self.footer.show_keys(self.FOOT)
        self.table.focus()

    def action_clear(self) -> None:
        """Show all findings again."""
        self.notice.tell("")
        if self.table.asked.filter or self.table.asked.cell:
            self.table.open(replace(self.table.asked, filter="", cell=None))
        elif self.session.when:
            self.home.leave_past()

    # -- the order

    def action_sort(self) -> None:
        """Order the list by the next thing."""
        at = SORTS.index(self.table.asked.sort)
        self._order(SORTS[(at + 1) % len(SORTS)], False)

    def action_reverse(self) -> None:
        """Order the list the other way round."""
        self._order(self.table.asked.sort, not self.table.asked.descending)

    def _order(self, sort: Sort, descending: bool) -> None:
        words = self.session.words
        self.table.open(replace(self.table.asked, sort=sort, descending=descending))
        direction = words("tui.sort.down" if descending else "tui.sort.up")
        self.say(words("tui.sorted", by=words(f"tui.sort.{sort}"), direction=direction))

    # -- going on from here

    def action_open(self) -> None:
        """Open the finding below the cursor."""
        if row := self.table.current:
            self.home.open_finding(row.number)

    def action_replay(self) -> None:
        """Replay the finding below the cursor."""
        if row := self.table.current:
            self.home.open_replay(row.number)

    def action_why(self) -> None:
        """Say why the finding below the cursor has its colour."""
        if row := self.table.current:
            self.home.open_why(row.number)

    def action_todo(self) -> None:
        """Show what today calls for."""
        self.home.open_todo()

    def action_figures(self) -> None:
        """Show the closure figures."""
        self.home.open_figures()

    def action_moment(self) -> None:
        """Ask for the moment that is to be shown."""
        self.home.open_moment()

    def action_steps(self) -> None:
        """Offer the steps of the finding below the cursor."""
        if row := self.table.current:
            self.home.open_steps(row.number)

    def action_log(self) -> None:
        """Log a new finding."""
        self.home.open_form("log", None)

    def action_quit(self) -> None:
        """Leave the terminal."""
        self.app.exit()

    def show_logged(self) -> None:
        """Put the cursor on a finding that was just logged, as soon as the list has it."""
        self._found = True
        self.table.reload()

    def _go_to_newest(self) -> None:
        """The newest finding stands at one end of the list that is ordered by logging; elsewhere it is left alone."""
        query, total = self.table.asked, self.table.total or 0
        if query.sort is Sort.LOGGED and not query.filter:
            self.table.move_to(0 if query.descending else total - 1)
        self._found = False
