"""Owns the question which file is to be imported, into which programme, and by which mapping. Reads nothing of it."""

from __future__ import annotations

from functools import partial

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from taizhang.tui.field import Kind
from taizhang.tui.keys import bindings
from taizhang.tui.pickers import suggestions, taken
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, FieldDone, PickField
from taizhang.tui.widgets.form_parts import Caption
from taizhang.tui.widgets.summary import Notice

from .base import Dialog


class Source(Struct, frozen=True):
    """What is to be imported, as it was typed. `mapping`: a file that says what the headings do not; may be empty."""

    path: str = ""
    programme: str = ""
    mapping: str = ""


class FileScreen(Dialog):
    """Asks for a file, a programme and a mapping file.

    Args:
        session: what is shared.
        source: what stands in the fields at first.
    """

    BINDINGS = bindings("file", "app")
    FOOT = ("file.look", "file.next", "file.leave")

    def __init__(self, session: Session, source: Source) -> None:
        super().__init__(session)
        self._path = self._file(source.path, session.words("tui.import.path-hint"))
        self._mapping = self._file(source.mapping, session.words("tui.import.mapping-hint"))
        open_ = session.register.open_programmes()
        chosen = source.programme or (open_[0].code if len(open_) == 1 else "")
        self._programme = ChoiceField(session, "programme", [each.code for each in open_], self._told, chosen,
                                      upright=True)  # fmt: skip
        self._programme.can_focus = bool(open_)
        self._captions = (Caption(session, "tui.import.path"), Caption(session, "tui.import.programme"),
                          Caption(session, "tui.import.mapping"))  # fmt: skip
        self.notice = Notice(session)

    def _file(self, text: str, hint: str) -> PickField:
        suggest, take = partial(suggestions, self.session, Kind.FILE), partial(taken, Kind.FILE)
        return PickField(self.session, text, suggest, take, placeholder=hint)

    def _told(self, code: str) -> str:
        programme = self.session.register.programmes.get(code)
        return f"{code} {programme.name}" if programme and programme.name != code else code

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="dialog"):
            for caption, field in zip(self._captions, (self._path, self._programme, self._mapping), strict=True):
                with Horizontal(classes="row"):
                    yield caption
                    yield field
            yield self.notice
            yield self.footer

    def on_mount(self) -> None:
        """Begin with the file."""
        self._title()
        self._path.focus()

    def _title(self) -> None:
        self.query_one("#dialog", Vertical).border_title = Content(self.session.words("tui.import.which"))

    def relabel(self) -> None:
        """Draw everything anew; what was typed stays."""
        super().relabel()
        self._title()
        for caption in self._captions:
            caption.relabel()
        self._programme.relabel()
        self.notice.tell("")

    @on(FieldDone)
    def _field_done(self, message: FieldDone) -> None:
        """Where nothing is left to choose, Enter looks at the file."""
        if message.step < 0:
            self.action_previous()
        elif not self._path.input.has_focus or (self._programme.value and self._path.input.value.strip()):
            self.action_look()
        else:
            self.action_next()

    def action_next(self) -> None:
        """On to the next field."""
        self.focus_next()

    def action_previous(self) -> None:
        """Back to the field before."""
        self.focus_previous()

    def action_look(self) -> None:
        """Give back what was typed."""
        path = self._path.input.value.strip()
        if not path:
            self.notice.tell(self.session.words("tui.import.nameless"))
            self._path.focus()
            return
        if self._programme.can_focus and not self._programme.value:
            self.notice.tell(self.session.words("tui.import.choose"))
            self._programme.focus()
            return
        self.dismiss(Source(path, self._programme.value, self._mapping.input.value.strip()))

    def action_leave(self) -> None:
        """Give back nothing."""
        self.dismiss(None)
