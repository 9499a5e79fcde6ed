"""Owns the page of an export: which table, how, into which file, how it begins, and what became of it.

Draws no table itself: what is shown is what the desk exports.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.service.desk import ExportKind, Query
from taizhang.tui import facts
from taizhang.tui.draw import Sheet
from taizhang.tui.exporting import FORMATS, Look, Wanted, Written, default_name, draw, look, write
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, FieldChanged, FieldDone, LineField
from taizhang.tui.widgets.form_parts import Caption
from taizhang.tui.widgets.lines import Lines
from taizhang.tui.widgets.summary import Notice

from .base import LedgerScreen

REDRAW_S = 0.2
MASKED = ("no", "yes")
CAPTIONS = ("tui.export.kind", "tui.export.format", "tui.export.masked", "tui.export.file")


class ExportScreen(LedgerScreen):
    """One table that is to be handed in.

    Args:
        session: what is shared.
        query: the list that it is opened from.
        number: the finding below the cursor; empty for none.
    """

    BINDINGS = bindings("export")
    FOOT = ("export.write", "export.next", "export.back", "app.help")

    def __init__(self, session: Session, query: Query, number: str) -> None:
        super().__init__(session)
        self._query = replace(session.dated(query), offset=0, limit=None, uncounted=False)
        self._number = number
        kinds = [kind for kind in ExportKind if number or kind is not ExportKind.HISTORY]
        self._kind = ChoiceField(session, "kind", kinds, self._kind_told, ExportKind.PROBLEMS)
        self._format = ChoiceField(session, "format", FORMATS, str, FORMATS[0])
        self._masked = ChoiceField(session, "masked", MASKED, self._masked_told, MASKED[0])
        self._given = default_name(self._wanted, self._day, session.words)
        self._file = LineField(self._given)
        self._captions = [Caption(session, key) for key in CAPTIONS]
        self.notice = Notice(session, most=3)
        self.lines = Lines(self._sheet)
        self._look: Look | None = None
        self._over = ""
        self._progress: tuple[int, int] | None = None
        self._halt = False
        self._timer: Timer | None = None

    def _kind_told(self, kind: str) -> str:
        number = f" {self._number}" if kind == ExportKind.HISTORY else ""
        return self.session.words.term("exportkind", kind) + number

    def _masked_told(self, masked: str) -> str:
        return self.session.words(f"tui.export.masked-{masked}")

    @property
    def _day(self) -> date:
        return self.session.by.today if self.session.when else self.session.today

    @property
    def _wanted(self) -> Wanted:
        kind = ExportKind(self._kind.value)
        return Wanted(kind, self._format.value, self._masked.value == "yes", self._query, self._number)

    def compose(self) -> ComposeResult:
        """Lay out the form above, and how the table begins below."""
        yield self.header
        fields = (self._kind, self._format, self._masked, self._file)
        with Vertical(classes="fields"):
            for caption, field in zip(self._captions, fields, strict=True):
                with Horizontal(classes="row"):
                    yield caption
                    yield field
        yield self.notice
        yield self.lines
        yield self.footer

    def on_mount(self) -> None:
        """Begin with the table."""
        self.relabel()
        self._kind.focus()
        self._ask()

    def on_unmount(self) -> None:
        """Whoever leaves stops what is being written."""
        self._halt = True

    # -- how it begins

    def _ask(self) -> None:
        self._look = None
        self.lines.write(self._sheet, top=True)
        self._begin(self._looked)

    def _begin(self, then: Callable[[Look], object]) -> None:
        desk, wanted, lang = self.session.desk, self._wanted, self.session.words.lang
        self.session.work(self, "look", partial(look, desk, wanted, lang), then, self._not_looked)

    def _looked(self, seen: Look) -> None:
        self._look = seen
        self.lines.write(self._sheet, top=True)

    def _not_looked(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def _sheet(self, width: int) -> Sheet:
        words, sheet = self.session.words, facts.sheet_of(self.session, width)
        if self._look is None:
            sheet.text(words("tui.loading"), self.session.pen.muted, indent=1)
            return sheet
        key = "tui.export.findings" if self._wanted.kind is ExportKind.WEEKLY else "tui.export.rows"
        sheet.text(words(key, count=self._look.total), self.session.pen.title, indent=1)
        draw(sheet, self._look.text)
        return sheet

    # -- what is wanted

    @on(FieldChanged)
    def _changed(self, message: FieldChanged) -> None:
        """Another table begins otherwise and is called otherwise; a name that somebody typed keeps all but its ending."""
        self._over = ""
        self.notice.tell("")
        self._rename()
        if message.name != "format":
            self._ask()

    def _rename(self) -> None:
        given = default_name(self._wanted, self._day, self.session.words)
        if self._file.value == self._given:
            self._file.value = given
        else:
            stem, dot, ending = self._file.value.rpartition(".")
            if dot and ending in FORMATS:
                self._file.value = f"{stem}.{self._format.value}"
        self._given = given

    def on_input_changed(self) -> None:
        """Another name is asked about anew."""
        self._over = ""

    @on(FieldDone)
    def _field_done(self, message: FieldDone) -> None:
        if message.step > 0:
            self.action_next()
        else:
            self.action_previous()

    def action_next(self) -> None:
        """On to the next field; behind the last one stands the table."""
        self.focus_next()

    def action_previous(self) -> None:
        """Back to the field before."""
        self.focus_previous()

    # -- writing

    def action_write(self) -> None:
        """Write the file; one that is there is asked about first."""
        if self._progress is not None:
            return
        name = self._file.value
        self._progress, self._halt = (0, 0), False
        self._timer = self.set_interval(REDRAW_S, self._tell_progress)
        self._tell_progress()
        work = partial(
            write, self.session.desk, self._wanted, name, self.session.words.lang,
            over=bool(name) and self._over == name, progress=self._tell,
        )  # fmt: skip
        self.session.work(self, "write", work, self._written, self._refused)

    def _tell(self, done: int, total: int) -> None:
        """Runs in the working thread: one assignment, which the next redrawing reads."""
        if self._halt:
            raise Rejected("tui.export.stopped")
        self._progress = (done, total)

    def _tell_progress(self) -> None:
        if self._progress is not None:
            done, total = self._progress
            leave = self.session.keymap.cap("export.back")
            self.notice.tell(self.session.words("tui.export.writing", done=done, total=total, leave=leave), wrong=False)

    def _ended(self) -> None:
        self._progress = None
        if self._timer is not None:
            self._timer.stop()

    def _written(self, written: Written) -> None:
        self._ended()
        self._over = ""
        self.notice.tell(self.session.words("cli.exported", count=written.rows, path=str(written.path)), wrong=False)

    def _refused(self, refusal: Refusal) -> None:
        self._ended()
        asks = refusal.code == "tui.export.exists"
        if asks:
            self._over = self._file.value
        self.notice.tell(self.session.words.refusal(refusal), wrong=not asks)

    # -- news

    def relabel(self) -> None:
        """Draw everything anew; a name that nobody typed follows the language."""
        self.header.place = self.session.words("tui.export")
        super().relabel()
        for caption in self._captions:
            caption.relabel()
        for field in (self._kind, self._format, self._masked):
            field.relabel()
        if self._look is not None and self._file.value == self._given:
            self._rename()
            self._ask()
        self.lines.rewrite()

    def ledger_moved(self) -> None:
        """The table begins as the ledger stands now; who has read on in it stays there."""
        super().ledger_moved()
        if self._progress is None:
            self._begin(self._seen_anew)

    def _seen_anew(self, seen: Look) -> None:
        self._look = seen
        self.lines.rewrite()

    def action_back(self) -> None:
        """Stop what is being written; else back to where one came from."""
        if self._progress is not None:
            self._halt = True
        else:
            self.app.pop_screen()
