"""Owns the guided import: a file is looked at, its columns and rows are shown, then it is recorded; earlier ones are taken back.

Nothing is written before one says so. Reads no file itself; what is shown is what the desk would do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult

from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.service.imports import Changes, Done, Imported, Outcome, Plan, Wish
from taizhang.tui import importing as told
from taizhang.tui.keys import bindings
from taizhang.tui.pickers import path_of
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.parts import Parts
from taizhang.tui.widgets.summary import Notice

from .base import LedgerScreen
from .file import FileScreen, Source

REDRAW_S = 0.2
PARTS = ("columns", "rows", "past")
WIDE = {"columns": 30, "rows": 18, "past": 22}
"""Cells of the first column of each part."""


class ImportScreen(LedgerScreen):
    """One import, from the file to what was recorded, and those so far.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("choice", "import", "app")
    FOOT = ("choice.take", "import.next", "import.record", "import.changes", "import.file", "import.undo",
            "choice.leave", "app.help")  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.parts = Parts(session, self._names)
        self.notice = Notice(session, most=5)
        self.options = Options(session, empty="tui.import.empty")
        self.plan: Plan | None = None
        self.done: Done | None = None
        self.changes = Changes.ASK
        self._source = Source()
        self._past: tuple[Imported, ...] = ()
        self._undoing: tuple[str, tuple[str, ...]] | None = None
        self._said: Callable[[], str] = self._begin
        self._wrong = False
        self._doing: tuple[str, int, int] | None = None
        self._halt = False
        self._cursors = dict.fromkeys(PARTS, 0)

    def compose(self) -> ComposeResult:
        """Lay out sentence, parts and list."""
        yield self.header
        yield self.parts
        yield self.notice
        yield self.options
        yield self.footer

    def on_mount(self) -> None:
        """Begin with the file."""
        self.options.styles.height = "1fr"
        self.options.focus()
        self.set_interval(REDRAW_S, self._tell_progress)
        self.relabel()
        self._ask_past()
        self.action_file()

    def on_unmount(self) -> None:
        """Whoever leaves stops what is being read or recorded; nothing of it stands."""
        self._halt = True

    # -- what is shown

    @property
    def part(self) -> str:
        """The part that is shown."""
        return PARTS[self.parts.chosen]

    def _names(self) -> list[str]:
        words, rows = self.session.words, self.done.rows if self.done else self.plan.rows if self.plan else ()
        counts = {"columns": sum(len(table.columns) for table in self.plan.tables) if self.plan else 0,
                  "rows": len(rows), "past": len(self._past)}  # fmt: skip
        return [f"{words(f'tui.import.part-{part}')} {counts[part]}" for part in PARTS]

    def _write(self, part: str | None = None) -> None:
        self._cursors[self.part] = self.options.cursor
        if part is not None and part != self.part:
            self.parts.chosen = PARTS.index(part)
        self.options._column = WIDE[self.part]
        self.options._empty = "tui.import.none" if self.part == "past" else "tui.import.empty"
        self.options.offer(self._offered(), self._cursors[self.part])
        self.parts.refresh()

    def _offered(self) -> list[Option]:
        if self.part == "past":
            return told.earlier(self.session, self._past)
        if self.plan is None:
            return []
        if self.part == "columns":
            return told.columns(self.session, self.plan)
        return told.rows(self.session, self.done.rows if self.done else self.plan.rows)

    def _say(self, sentence: Callable[[], str], *, wrong: bool = False) -> None:
        """Keep how it is said, so that it follows the language."""
        self._said, self._wrong = sentence, wrong
        self.notice.tell(sentence(), wrong=wrong)

    def _begin(self) -> str:
        return self.session.words("tui.import.begin", file=self.session.keymap.cap("import.file"))

    def _planned(self) -> str:
        assert self.plan is not None
        session, plan = self.session, self.plan
        return told.sentences(session.words, (told.counted(session, plan), told.ready(session, plan, self.changes)))

    def _refused(self, refusal: Refusal) -> None:
        self._doing = None
        self._say(lambda: self.session.words.refusal(refusal), wrong=True)

    # -- progress

    def _run(self, what: str) -> None:
        self._doing, self._halt, self._undoing = (what, 0, 0), False, None
        self._tell_progress()

    def _tell(self, what: str, done: int, total: int) -> None:
        """Runs in the thread that works: one assignment, which the next redrawing reads."""
        if self._halt:
            raise Rejected("tui.import.stopped")
        self._doing = (what, done, total)

    def _tell_progress(self) -> None:
        if self._doing is None:
            return
        what, done, total = self._doing
        words, leave = self.session.words, self.session.keymap.cap("choice.leave")
        self.notice.tell(words(f"tui.import.doing-{what}", done=done, total=total, leave=leave), wrong=False)

    # -- looking

    def action_file(self) -> None:
        """Choose the file and the programme."""

        def chosen(source: object) -> None:
            if isinstance(source, Source):
                self._source, self.changes = source, Changes.ASK
                self._look(Wish(
                    path_of(source.path), self.session.actor, source.programme,
                    path_of(source.mapping) if source.mapping else None,
                ))  # fmt: skip

        if self._doing is None:
            self.home.push_screen(FileScreen(self.session, self._source), chosen)

    def _look(self, wish: Wish) -> None:
        self._run("reading")
        desk = self.session.desk
        self.session.work(self, "plan", lambda: desk.imports().plan(wish, self._tell), self._looked, self._refused)

    def _looked(self, plan: Plan) -> None:
        fresh = self.plan is None or self.plan.sha256 != plan.sha256 or self.done is not None
        self._doing, self.plan, self.done = None, plan, None
        if fresh:
            self._cursors = dict.fromkeys(PARTS, 0)
            self.options.cursor = 0
        self._write("columns" if fresh or self.part == "past" else None)
        self._say(self._planned)

    # -- by hand

    def action_take(self) -> None:
        """Say of a column what it is; open the finding of a row; take an import back."""
        option = self.options.current
        if option is None or self._doing is not None:
            return
        if self.part == "past":
            self.action_undo()
        elif self.part == "columns":
            self._map(option.id)
        elif any(row.number == option.id for row in (self.done or self.plan).rows):  # type: ignore[union-attr]
            self.home.open_finding(option.id)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def _map(self, place: str) -> None:
        from .picker import PickerScreen

        plan = self.plan
        if plan is None or self.done is not None or (column := told.column_at(plan, place)) is None:
            return

        def chosen(field: object) -> None:
            if not isinstance(field, str):
                return
            name = told.said_of(plan, column)
            said = {other: kept for other, kept in plan.wish.columns.items() if other != name}
            self._look(replace(plan.wish, columns={**said, name: field} if field else said))

        options = told.fields(self.session)
        picker = PickerScreen(self.session, "tui.import.field", options, column.field, hint="tui.import.field-hint")
        self.home.push_screen(picker, chosen)

    def action_changes(self) -> None:
        """Choose what becomes of rows that the ledger holds otherwise."""
        if self.plan is None or self.done is not None or self._doing is not None:
            return
        order = (Changes.ASK, Changes.APPLY, Changes.KEEP)
        self.changes = order[(order.index(self.changes) + 1) % len(order)]
        self._say(self._planned)

    # -- recording

    def action_record(self) -> None:
        """Record what is shown, all of it or nothing."""
        plan, session = self.plan, self.session
        if plan is None or self.done is not None or self._doing is not None:
            return
        if self.changes is Changes.ASK and plan.count(Outcome.CHANGED):
            self._say(self._planned, wrong=True)
            return
        plan = replace(plan, wish=replace(plan.wish, actor=session.actor, changes=self.changes))
        self._run("recording")
        imports = session.desk.imports()
        session.write(self, lambda: imports.record(plan, self._tell), self._recorded, self._refused)

    def _recorded(self, done: Done) -> None:
        self._doing, self.done = None, done
        plan = self.plan
        assert plan is not None
        self._write("rows")
        first = next((row.number for row in done.rows if row.number), "")
        offered = self.options.options
        self.options.offer(offered, next((at for at, option in enumerate(offered) if option.id == first), 0))
        self._say(lambda: told.recorded(self.session, plan, done))
        self._ask_past()

    # -- earlier ones

    def _ask_past(self) -> None:
        desk = self.session.desk
        self.session.count(self, "past", lambda: desk.imports().earlier(), self._past_told, self._refused)

    def _past_told(self, past: tuple[Imported, ...]) -> None:
        self._past = past
        self._write()

    def action_undo(self) -> None:
        """Say what taking the import back would do; pressed once more, do it."""
        option, session = self.options.current, self.session
        if self._doing is not None:
            return
        if self.part != "past":
            self._write("past")
            return
        if option is None:
            return
        batch, imports = option.id, session.desk.imports()
        if self._undoing is None or self._undoing[0] != batch:
            session.count(self, "undoing", lambda: (batch, imports.undoing(batch)), self._asked, self._refused)
            return
        grounds, actor = session.words("cli.import.undo-grounds"), session.actor
        self._run("recording")
        session.write(
            self, lambda: imports.undo(batch, actor, grounds, self._tell), partial(self._undone, batch), self._refused
        )

    def _asked(self, undoing: tuple[str, tuple[str, ...]]) -> None:
        self._undoing = undoing
        batch, numbers = undoing
        self._say(
            lambda: self.session.words(
                "tui.import.undoing", batch=batch, count=len(numbers), first=numbers[0], last=numbers[-1],
                undo=self.session.keymap.cap("import.undo"),
            )
        )  # fmt: skip

    def _undone(self, batch: str, numbers: tuple[str, ...]) -> None:
        self._doing = None
        if self.done is not None and self.done.batch == batch:
            self.plan = self.done = None  # what it shows does not stand any more
        count, first, last = len(numbers), numbers[0], numbers[-1]
        self._say(lambda: self.session.words("cli.import.undone", count=count, first=first, last=last))
        self._ask_past()

    # -- keys and news

    def action_part(self, step: int) -> None:
        """Show the next part."""
        self._write(PARTS[(self.parts.chosen + step) % len(PARTS)])

    def action_move(self, step: int) -> None:
        """Move in the list."""
        self.options.move(step)

    def action_page(self, step: int) -> None:
        """Move by a screen."""
        self.options.page(step)

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.import")
        super().relabel()
        self._write()
        if self._doing is None:
            self._say(self._said, wrong=self._wrong)

    def ledger_moved(self) -> None:
        """Somebody else may have imported or taken back."""
        super().ledger_moved()
        self._ask_past()

    def action_leave(self) -> None:
        """Stop what is running; take back nothing after all; else back to the list."""
        if self._doing is not None:
            self._halt = True
        elif self._undoing is not None:
            self._undoing = None
            self._say(self._planned if self.plan is not None and self.done is None else self._begin)
        else:
            self.app.pop_screen()
