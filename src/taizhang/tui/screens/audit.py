"""Owns the audit screen: every event of the ledger, newest first, of one person or one finding where that is asked for."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal
from taizhang.tui import facts
from taizhang.tui.draw import Sheet, Span, between
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.lines import Preview
from taizhang.tui.widgets.search import FilterInput, Prompt
from taizhang.tui.widgets.summary import Notice
from taizhang.tui.widgets.trail_table import Asked, TrailTable

from .base import LedgerScreen

PREVIEW_FROM = 116
REST = 0.06


class Said(Widget):
    """The line above the trail: whose events these are, and how many."""

    def __init__(self, session: Session, table: TrailTable) -> None:
        super().__init__(id="summary")
        self._session = session
        self._table = table

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the line."""
        words, pen, asked = self._session.words, self._session.pen, self._table.asked
        left: list[Span] = [(" / ", pen.key)]
        if asked.actor:
            left.append((f"{words('tui.trail.actor')} {self._session.person(asked.actor)}  ", pen.strong))
        if asked.number:
            left.append((f"{words('tui.trail.number')} {asked.number}  ", pen.strong))
        hint = "tui.filter.clear" if asked.actor or asked.number else "tui.audit.hint"
        left.append((words(hint), pen.faint))
        total = self._table.total
        right = [] if total is None else [(f" {words('tui.audit.count', total=total)} ", pen.strong)]
        return between(left, right, self.size.width).apply_style(self.rich_style)


class AuditScreen(LedgerScreen):
    """The audit trail of the whole ledger.

    Args:
        session: what is shared.
        actor: a person whose events are shown first; empty for all.
        number: a finding, likewise.
    """

    BINDINGS = bindings("audit")
    FOOT = ("audit.open", "audit.filter", "audit.actor", "audit.finding", "audit.back", "app.language", "app.help")

    def __init__(self, session: Session, *, actor: str = "", number: str = "") -> None:
        super().__init__(session)
        self.table = TrailTable(session)
        self.table.asked = Asked(actor, number, session.when)
        self._home = self.table.asked
        self.said = Said(session, self.table)
        self.notice = Notice(session)
        self.preview = Preview(id="preview")
        self._field: FilterInput | None = None
        self._prompt: Prompt | None = None
        self._rest: Timer | None = None
        self._entry: Entry[Any] | None = None
        self._wide = False

    def compose(self) -> ComposeResult:
        """Lay out the trail."""
        yield self.header
        with Horizontal(id="filter"):
            yield self.said
        yield self.notice
        with Horizontal(id="body"):
            yield self.table
            yield self.preview
        yield self.footer

    def on_mount(self) -> None:
        """Begin in the trail."""
        self.table.focus()
        self.relabel()

    def on_resize(self, event: events.Resize) -> None:
        """Wide terminals have room for the event below the cursor."""
        self._wide = self.preview.display = event.size.width >= PREVIEW_FROM
        self._ask_entry()

    # -- the trail

    @on(TrailTable.Loaded)
    def _loaded(self) -> None:
        self.notice.tell("")
        self.said.refresh()

    @on(TrailTable.Refused)
    def _not_loaded(self, message: TrailTable.Refused) -> None:
        self._tell(message.refusal)

    def _tell(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    @on(TrailTable.Moved)
    def _moved(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._ask_entry)

    def _ask_entry(self) -> None:
        row, desk = self.table.current, self.session.desk
        if not self._wide or row is None:
            self._entry = None
            self.preview.write(None)
        elif self._entry is None or self._entry.index != row.index:
            self.session.ask(self, "event", lambda: desk.event(row.index), self._entry_told, self._tell)

    def _entry_told(self, entry: Entry[Any]) -> None:
        self._entry = entry
        self.preview.write(lambda width: event_sheet(self.session, entry, width), top=True)

    # -- going on from here

    def action_open(self) -> None:
        """Open the finding at this event; an event of the registers by itself."""
        row = self.table.current
        if row is None:
            return
        if row.number:
            self.home.open_replay(row.number, row.index)
        else:
            self.home.open_event(row.index)

    @on(TrailTable.Opened)
    def _clicked(self) -> None:
        self.action_open()

    def action_actor(self) -> None:
        """Only what this person did."""
        if row := self.table.current:
            self.table.open(replace(self.table.asked, actor=row.actor))

    def action_finding(self) -> None:
        """Only the events of this finding."""
        if (row := self.table.current) and row.number:
            self.table.open(replace(self.table.asked, number=row.number))

    # -- the filter

    async def action_filter(self) -> None:
        """Type a person or a finding."""
        if self._field is None:
            self._prompt, self._field = Prompt(self.session), FilterInput("", id="filter-field")
            self.footer.show_keys(("search.keep", "search.leave"))
            await self.query_one("#filter").mount(self._prompt, self._field, before=self.said)
            self.said.display = False
            self._field.focus()

    async def on_filter_input_kept(self) -> None:
        """Show what was typed."""
        text = self._field.value.strip() if self._field else ""
        await self._end()
        if text:
            self.session.ask(self, "meant", lambda: self._meant(text), self.table.open, self._tell)

    def _meant(self, text: str) -> Asked:
        """Say whom or which finding a text means; runs in the reading thread."""
        people = self.session.register.people.values()
        meant = next((person.id for person in people if text in (person.id, person.name)), "")
        if meant:
            return replace(self.table.asked, actor=meant)
        return replace(self.table.asked, number=self.session.desk.resolve(text))

    async def on_filter_input_left(self) -> None:
        """Leave it as it was."""
        await self._end()

    async def _end(self) -> None:
        if self._field is not None and self._prompt is not None:
            field, prompt, self._field, self._prompt = self._field, self._prompt, None, None
            await field.remove()
            await prompt.remove()
        self.said.display = True
        self.footer.show_keys(self.FOOT)
        self.table.focus()

    def action_back(self) -> None:
        """Show all events again; then back to where one came from."""
        self.notice.tell("")
        home = replace(self._home, when=self.session.when)
        if self.table.asked != home:
            self.table.open(home)
        else:
            self.app.pop_screen()

    # -- news

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.audit")
        super().relabel()
        self.said.refresh()
        self.table.refresh()
        self.preview.rewrite()

    def ledger_moved(self) -> None:
        """Fetch what is new."""
        super().ledger_moved()
        if self.table.asked.when != self.session.when:
            self.table.open(replace(self.table.asked, when=self.session.when))
        else:
            self.table.reload()


def event_sheet(session: Session, entry: Entry[Any], width: int) -> Sheet:
    """Return one event as lines: what, who, when, through what, and what it holds."""
    sheet = facts.sheet_of(session, width)
    sheet.heading(session.words("tui.audit.one"), f"#{entry.index}")
    facts.entry_lines(sheet, session, entry, rail=False)
    return sheet
