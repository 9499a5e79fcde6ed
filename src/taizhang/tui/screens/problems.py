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
from taizhang.service.desk import Counts, Dimension, Sort
from taizhang.tui import views
from taizhang.tui.clipboard import row_text
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.problem_table import ProblemTable
from taizhang.tui.widgets.work_table import WorkTable

from .filtering import FilteredScreen

if TYPE_CHECKING:
    from taizhang.tui.widgets.lines import Preview

SORTS: tuple[Sort, ...] = (Sort.LOGGED, Sort.DUE, Sort.CHANGED, Sort.STATUS, Sort.UNIT, Sort.TITLE)
PREVIEW_FROM = 120
REST = 0.06
"""Seconds after which a cursor that does not move any more is taken to rest."""

TYPED = 0.3
"""Seconds after which a text that does not grow is taken to be typed: its figures take more than its list."""


class ProblemsScreen(FilteredScreen):
    """The problem list."""

    BINDINGS = bindings("list")
    FOOT: tuple[str, ...] = ("list.open", "list.search", "list.log", "list.steps", "list.replay", "list.why", "list.todo", "list.figures", "list.audit", "list.theatre", "list.registers", "list.moment", "list.seal", "list.sort", "list.views", "app.palette", "app.actor",
            "app.language", "app.help", "list.quit")  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
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

    # -- marks

    def action_mark_all(self) -> None:
        """Mark all findings of this list; once more takes the marks away."""
        from taizhang.tui.bulk import MOST

        desk, wanted = self.session.desk, replace(self.table.asked, offset=0, limit=MOST + 1, uncounted=False)

        def told(numbers: tuple[str, ...]) -> None:
            words = self.session.words
            if len(numbers) > MOST:
                self.say(words("tui.marks.many", most=MOST), wrong=True)
            else:
                self.table.mark(() if set(numbers) <= set(self.table.marks) else numbers)

        self.session.ask(
            self, "mark-all", lambda: tuple(r.number for r in desk.findings(wanted).rows), told, self.refuse
        )

    @on(WorkTable.Marked)
    def _marked(self) -> None:
        self.summary.marked = len(self.table.marks)
        self.summary.refresh()

    # -- saved views

    def action_views(self) -> None:
        """Choose one of the saved views."""
        memory = self.session.memory
        self.session.keep(self, "views", lambda: views.load(memory), self._offer_views)

    def _offer_views(self, saved: tuple[views.View, ...]) -> None:
        from .views import ViewsScreen

        def chosen(name: object) -> None:
            if isinstance(name, str):
                self.show_view(name)

        self.home.push_screen(ViewsScreen(self.session, saved), chosen)

    def show_view(self, name: str) -> None:
        """Show the list of a saved view."""
        memory = self.session.memory

        def told(saved: tuple[views.View, ...]) -> None:
            for view in saved:
                if view.name == name:
                    asked = replace(self.table.asked, filter=view.filter, cell=None)
                    self.table.open(replace(asked, sort=view.sort, descending=view.descending))
                    self.say(self.session.words("tui.views.shown", name=name))

        self.session.keep(self, "views", lambda: views.load(memory), told)

    def action_save_view(self) -> None:
        """Keep filter and order under a name."""
        memory, asked = self.session.memory, self.table.asked
        view = views.View("", asked.filter.strip(), asked.sort, asked.descending)

        def ask(saved: tuple[views.View, ...]) -> None:
            from .views import NameScreen

            self.home.push_screen(NameScreen(self.session, view, [each.name for each in saved]), named)

        def named(answer: object) -> None:
            if isinstance(answer, views.View):
                self.session.keep(
                    self, "views", lambda: views.saved(memory, answer), lambda _: told(answer), self.refuse
                )

        def told(kept: views.View) -> None:
            self.say(self.session.words("tui.views.saved", name=kept.name, views=self.session.keymap.cap("list.views")))

        self.session.keep(self, "views", lambda: views.load(memory), ask)

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

    def action_seal(self) -> None:
        """Show how far the ledger is sealed."""
        self.home.open_seal()

    def action_figures(self) -> None:
        """Show the closure figures."""
        self.home.open_figures()

    def action_moment(self) -> None:
        """Ask for the moment that is to be shown."""
        self.home.open_moment()

    def action_steps(self) -> None:
        """Offer the steps of the marked findings, or of the one below the cursor."""
        if self.table.marks:
            self.home.open_bulk(tuple(self.table.marks), self.table.asked, self.table.unmark)
        elif row := self.table.current:
            self.home.open_steps(row.number)

    def action_log(self) -> None:
        """Log a new finding."""
        self.home.open_form("log", None)

    def action_undo(self) -> None:
        """Take back the last step of the finding below the cursor."""
        if row := self.table.current:
            self.home.open_undo(row.number)

    def action_copy(self) -> None:
        """Copy the number of the finding below the cursor."""
        if row := self.table.current:
            self.home.copy(row.number)

    def action_copy_line(self) -> None:
        """Copy the line of the finding below the cursor."""
        if row := self.table.current:
            self.home.copy(row_text(self.session, row))

    def action_quick(self) -> None:
        """Log a finding after a template."""
        self.home.open_quick()

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
