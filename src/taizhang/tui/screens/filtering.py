"""Owns how a filter is typed over the problem list: the list follows, suggestions and history stand below the field.

Knows the list and the line above it, nothing of what else the screen does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.containers import Horizontal

from taizhang.ledger.domain.errors import Refusal
from taizhang.service.desk import Completion, Query
from taizhang.tui.session import Session
from taizhang.tui.widgets.summary import Notice, Summary
from taizhang.tui.widgets.work_table import WorkTable

from .base import LedgerScreen

if TYPE_CHECKING:
    from textual.widgets import Input

    from taizhang.tui.widgets.search import FilterInput, Prompt
    from taizhang.tui.widgets.suggestions import Suggestions

WARM = "caiz"
"""A filter that uses all that the search has."""

MOST_KEPT = 100
MOST_RECENT = 4
"""How many old filters are offered at once."""


class FilteredScreen(LedgerScreen):
    """The problem list with its filter.

    Args:
        session: what is shared.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.table = WorkTable(session, Query())
        self.summary = Summary(session)
        self.notice = Notice(session)
        self._field: FilterInput | None = None
        self._prompt: Prompt | None = None
        self._suggestions: Suggestions | None = None
        self._history: list[str] | None = None
        self._before = self._typed = ""

    @property
    def typing(self) -> bool:
        """Whether a filter is being typed."""
        return self._field is not None

    async def action_search(self) -> None:
        """Type a filter; the list follows every key."""
        from taizhang.tui.widgets.search import FilterInput, Prompt
        from taizhang.tui.widgets.suggestions import Suggestions

        if self._field is not None:
            return
        self._before = self._typed = self.table.asked.filter
        self._field = FilterInput(self._before, id="filter-field")
        self.summary.type_filter(True)
        self.footer.show_keys(("search.keep", "search.complete", "search.next", "search.leave"))
        self._prompt = Prompt(self.session)
        self._suggestions = Suggestions(self.session)
        await self.query_one("#filter", Horizontal).mount(self._prompt, self._field, before=self.summary)
        await self.mount(self._suggestions)
        self._field.focus()
        desk, warm = self.session.desk, replace(self.table.asked, filter=WARM, offset=0, limit=1)
        # the first search reads tables and pages that no list needs: before the first character, not after it
        self.session.ask(self, "warm", lambda: desk.findings(warm), lambda _: None, self._no_suggestion)
        if self._history is None:
            memory = self.session.memory
            self.session.keep(self, "filters", lambda: memory.load("filters"), self._remembered)
        else:
            self._suggest()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for the list that the text describes, and for what could be typed next."""
        if self._field is not None and event.value != self._typed:
            self._typed = event.value
            self.table.open(replace(self.table.asked, filter=event.value))
            self._suggest()

    # -- suggestions

    def _remembered(self, kept: object) -> None:
        texts = kept if isinstance(kept, list) else []
        self._history = [text for text in texts if isinstance(text, str)][:MOST_KEPT]
        self._suggest()

    def _suggest(self) -> None:
        if self._field is None:
            return
        desk, text, at, lang = (
            self.session.desk,
            self._field.value,
            self._field.cursor_position,
            self.session.words.lang,
        )

        def told(found: tuple[Completion, ...] | None) -> None:
            if found is not None:
                self._suggested(text, found)
                return
            # what is offered must be counted first, and no row waits behind that
            self.session.count(
                self,
                "complete",
                lambda: desk.completions(text, at, lang) or (),
                lambda found: self._suggested(text, found),
                self._no_suggestion,
            )

        self.session.ask(
            self, "complete", lambda: desk.completions(text, at, lang, at_once=True), told, self._no_suggestion
        )

    def _suggested(self, text: str, found: tuple[Completion, ...]) -> None:
        if self._suggestions is None or self._field is None or self._field.value != text:
            return
        note = self.session.words("tui.filter.recent")
        typed = text.strip().casefold()
        old = (past for past in self._history or () if past.casefold().startswith(typed) and past != text.strip())
        recent = tuple(Completion(0, len(text), past, note) for past, _ in zip(old, range(MOST_RECENT), strict=False))
        self._suggestions.offer((*recent, *found) if not typed else (*found, *recent))

    def _no_suggestion(self, _: Refusal) -> None:
        """The list says itself what is wrong."""

    def _take(self) -> bool:
        """Put the suggestion that is chosen, or the first, in its place; say whether there was one."""
        if self._field is None or self._suggestions is None or (found := self._suggestions.chosen) is None:
            return False
        text = self._field.value
        self._field.value = text[: found.start] + found.text + text[found.end :]
        self._field.cursor_position = found.start + len(found.text)
        return True

    def on_filter_input_completed(self) -> None:
        """Take a suggestion."""
        self._take()

    async def on_filter_input_moved(self, message: FilterInput.Moved) -> None:
        """Move in the suggestions; without any, down goes back to the list."""
        if self._suggestions is not None and self._suggestions.found:
            self._suggestions.move(message.step)
        elif message.step > 0:
            await self._end_search()

    # -- leaving the field

    async def on_filter_input_kept(self) -> None:
        """Back to the list, with the filter. Where the text is no filter yet, the last good list stands."""
        if self._suggestions is not None and self._suggestions.moved and self._take():
            return
        self._remember(self._typed.strip())
        await self._end_search()

    def _remember(self, text: str) -> None:
        history = [past for past in self._history or () if past != text]
        if not text or self._history is None or self.notice.sentence:
            return
        self._history = kept = [text, *history][:MOST_KEPT]
        memory = self.session.memory
        self.session.keep(self, "filters", lambda: memory.keep("filters", kept), failed=self.refuse)

    async def on_filter_input_left(self) -> None:
        """Back to the list as it was before."""
        if self.table.asked.filter != self._before or self._typed != self._before:
            self.table.open(replace(self.table.asked, filter=self._before))
        self.notice.tell("")
        await self._end_search()

    async def _end_search(self) -> None:
        field, others = self._field, (self._prompt, self._suggestions)
        self._field = self._prompt = self._suggestions = None
        if field is not None:
            field.over = True
        self.table.focus()  # first of all: whoever types fast has typed on
        for widget in (field, *others):
            if widget is not None:
                await widget.remove()
        self.summary.type_filter(False)
        self.footer.show_keys(self.FOOT)

    def action_clear(self) -> None:
        """Take away the marks; then show all findings again."""
        self.notice.tell("")
        if self.table.marks:
            self.table.mark(())
            return
        if self.table.asked.filter or self.table.asked.cell:
            self.table.open(replace(self.table.asked, filter="", cell=None))
        elif self.session.when:
            self.home.leave_past()
