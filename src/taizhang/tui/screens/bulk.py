"""Owns a step for several findings on the screen: exactly those that it touches, and what became of each.

Runs one record after the other, so that it can be stopped, and so that one that fails keeps none of the others back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial

from msgspec.structs import replace
from textual.app import ComposeResult

from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.ledger.domain.values import Via
from taizhang.service.desk import Order, Query, Receipt
from taizhang.tui.bulk import Fate, Scope, Touched, scope_of, told
from taizhang.tui.forms import FORMS, command_of, read_date
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.summary import Notice

from .base import LedgerScreen

_SIGNS = {Fate.READY: "→", Fate.BARRED: "—", Fate.DONE: "✓", Fate.FAILED: "✗"}


class BulkScreen(LedgerScreen):
    """One step for all marked findings that the list shows.

    Args:
        session: what is shared.
        marks: numbers of the marked findings, in the order in which they were marked.
        query: the list that they were marked in.
        done: told the number of each finding for which the step was recorded.
    """

    BINDINGS = bindings("choice", "bulk", "app")
    FOOT = ("bulk.step", "bulk.run", "choice.leave", "app.actor", "app.language", "app.help")

    def __init__(self, session: Session, marks: tuple[str, ...], query: Query, done: Callable[[str], None]) -> None:
        super().__init__(session)
        self.notice = Notice(session, most=3)
        self.options = Options(session, column=16, empty="tui.loading")
        self.step = ""
        self.running = False
        self._marks, self._query, self._done = marks, query, done
        self._scope = Scope((), 0, {})
        self._touched: dict[str, Touched] = {}
        self._texts: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._halt = False

    def compose(self) -> ComposeResult:
        """Lay out sentence and findings."""
        yield self.header
        yield self.notice
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Ask which findings are meant."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.relabel()
        self._ask()

    def _ask(self) -> None:
        desk, marks, query, actor = self.session.desk, self._marks, self._query, self.session.actor
        # with the counts: hundreds of findings take their time, and no list waits behind them
        self.session.count(self, "scope", lambda: scope_of(desk, marks, query, actor), self._told, self.refuse)

    def _told(self, scope: Scope) -> None:
        fresh = not self._scope.rows
        self._scope = scope
        if not self.step:
            self._touched = {row.number: Touched(row) for row in scope.rows}
        self._write()
        if fresh and scope.rows:
            self.action_step()

    # -- what is shown

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.bulk")
        super().relabel()
        self._write()

    def _write(self) -> None:
        options = [self._option(each) for each in self._touched.values()]
        self.options._empty = "tui.bulk.none" if self._scope.hidden else "tui.loading"
        self.options.offer(options, self.options.cursor)
        self.notice.tell(self._sentence(), wrong=False)

    def _sentence(self) -> str:
        words, cap = self.session.words, self.session.keymap.cap
        hidden = words("tui.bulk.hidden", count=self._scope.hidden) if self._scope.hidden else ""
        ready = sum(each.fate is Fate.READY for each in self._touched.values())
        if not self.step:
            return words("tui.bulk.choose", count=len(self._touched), step=cap("bulk.step")) + hidden
        name = words.term("step", self.step)
        done, left = told(self._touched)
        if self.running or done or any(each.fate is Fate.FAILED for each in self._touched.values()):
            return words("tui.bulk.done", step=name, done=done, left=left) + hidden
        barred = len(self._touched) - ready
        return words("tui.bulk.ready", step=name, count=ready, barred=barred, run=cap("bulk.run")) + hidden

    def _option(self, each: Touched) -> Option:
        words = self.session.words
        sign = _SIGNS[each.fate] if self.step else " "
        note = words.refusal(each.refusal) if each.refusal is not None else ""
        if each.fate is Fate.DONE:
            note = words("tui.bulk.recorded", index=each.index)
        return Option(each.row.number, f"{sign} {each.row.number}", aside=each.row.title, note=note,
                      barred=each.fate is Fate.BARRED)  # fmt: skip

    def ledger_moved(self) -> None:
        """Until a step is chosen the findings are shown as they stand; after that each is judged when its turn comes."""
        super().ledger_moved()
        if not self.step and not self.running:
            self._ask()

    # -- which step, with what

    def action_step(self) -> None:
        """Choose the step that all of them are to take."""
        from .picker import PickerScreen

        if self.running or not self._scope.rows:
            return
        words, count = self.session.words, len(self._scope.rows)
        steps = list(self._scope.steps())
        if not steps:
            self.say(words("tui.bulk.no-step"), wrong=True)
            return
        options = [
            Option(step, words.term("step", step), aside=words("tui.bulk.able", able=able, count=count))
            for step, able in steps
        ]

        def chosen(step: object) -> None:
            if isinstance(step, str):
                self._fill(step)

        self.home.push_screen(PickerScreen(self.session, "tui.bulk.pick", options, hint="tui.bulk.hint"), chosen)

    def _fill(self, step: str) -> None:
        from .form import Filled, FormScreen

        touched = {each.row.number: each for each in self._scope.touched(step)}
        sample = next(each.row.number for each in touched.values() if each.fate is Fate.READY)

        def filled(answer: object) -> None:
            if isinstance(answer, Filled):
                self.step, self._texts, self._touched = step, answer.texts, touched
                self._ids = {number: uuid.uuid4().hex for number in touched}
                self._write()

        self.home.push_screen(FormScreen(self.session, FORMS[step], None, sample=sample), filled)

    # -- recording

    def action_run(self) -> None:
        """Take the step, finding by finding."""
        if self.running or not self.step:
            return
        self.running, self._halt = True, False
        self._next()

    def _next(self) -> None:
        ready = next((each for each in self._touched.values() if each.fate is Fate.READY), None)
        if ready is None or self._halt:
            self.running = False
            self._write()
            return
        self._write()
        number, row = ready.row.number, ready.row
        self.session.write(
            self,
            partial(_record, self.session, self.step, row.number, row.version, self._texts, self._ids[number]),
            partial(self._recorded, number),
            partial(self._failed, number),
        )

    def _recorded(self, number: str, receipt: Receipt) -> None:
        self._touched[number] = replace(self._touched[number], fate=Fate.DONE, index=receipt.index)
        self._done(number)
        self._next()

    def _failed(self, number: str, refusal: Refusal) -> None:
        self._touched[number] = replace(self._touched[number], fate=Fate.FAILED, refusal=refusal)
        self._next()

    # -- keys

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_take(self) -> None:
        """Choose the step, as long as none is chosen."""
        if not self.step:
            self.action_step()

    def action_leave(self) -> None:
        """Stop after the finding that is being recorded; else back to the list."""
        if self.running:
            self._halt = True
        else:
            self.app.pop_screen()


def _record(session: Session, step: str, number: str, version: int, texts: dict[str, str], command_id: str) -> Receipt:
    """Runs in the writing thread."""
    desk, form = session.desk, FORMS[step]
    command = command_of(form, number, texts, desk, session.register)
    happened_on: date | None = None
    if form.backdated:
        happened_on = read_date("happened_on", texts["happened_on"], required=True)
    if desk.finding(number).version != version:
        raise Rejected("tui.bulk.changed")
    return desk.record(Order(command, session.actor, Via.TUI, happened_on, command_id=command_id))
