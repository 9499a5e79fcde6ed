"""Owns the choice of a saved view, and the question for the name of a new one. What a view is, is `tui.views`."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from taizhang.tui import views
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.views import View
from taizhang.tui.widgets.options import Option
from taizhang.tui.widgets.search import SafeInput
from taizhang.tui.widgets.summary import Notice

from .base import Dialog
from .picker import PickerScreen


class ViewsScreen(PickerScreen, inherit_bindings=False):
    """The saved views; what is chosen is the name of one.

    Args:
        session: what is shared.
        saved: the views.
    """

    BINDINGS = bindings("views", "picker", "app")
    FOOT = ("picker.take", "views.drop", "picker.leave")

    def __init__(self, session: Session, saved: Sequence[View]) -> None:
        super().__init__(session, "tui.views", options_of(session, saved))
        self.input.placeholder = session.words("tui.views.hint")
        self.options._empty = "tui.views.none"

    def action_drop(self) -> None:
        """Forget the view below the cursor."""
        option = self.options.current
        if option is not None:
            memory, session = self.session.memory, self.session
            session.keep(self, "views", lambda: views.dropped(memory, option.id), self._dropped, self.home.refuse)

    def _dropped(self, saved: tuple[View, ...]) -> None:
        self._all = options_of(self.session, saved)
        self.input.value = ""
        self._offer(self._all)


def options_of(session: Session, saved: Sequence[View]) -> list[Option]:
    """Return views as what can be chosen."""
    return [Option(view.name, view.name, aside=_told(session, view)) for view in saved]


def _told(session: Session, view: View) -> str:
    words = session.words
    direction = words("tui.sort.down" if view.descending else "tui.sort.up")
    return f"{view.filter or words('tui.views.all')} · {words(f'tui.sort.{view.sort}')} {direction}"


class NameScreen(Dialog):
    """Asks for the name of the view that is in sight.

    Args:
        session: what is shared.
        view: the view, still without a name.
        taken: names that are given.
    """

    BINDINGS = bindings("naming")
    FOOT = ("naming.save", "naming.leave")

    def __init__(self, session: Session, view: View, taken: Sequence[str]) -> None:
        super().__init__(session)
        self._view = view
        self._taken = taken
        self._asked = ""
        self.input = SafeInput(view.filter[: views.LONGEST], placeholder=session.words("tui.views.name"))
        self.notice = Notice(session)

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="dialog"):
            yield self.input
            yield self.notice
            yield self.footer

    def on_mount(self) -> None:
        """Begin to type."""
        self.query_one("#dialog", Vertical).border_title = Content(self.session.words("tui.views.save"))
        self.notice.tell(_told(self.session, self._view), wrong=False)
        self.input.focus()

    def on_input_submitted(self) -> None:
        """Enter comes by way of the field, so that it never overtakes what was typed before it."""
        self.action_save()

    def action_save(self) -> None:
        """Give back the view with its name; one that is given already is asked for twice."""
        name = self.input.value.strip()[: views.LONGEST]
        words = self.session.words
        if not name:
            self.notice.tell(words("tui.views.nameless"))
        elif name in self._taken and self._asked != name:
            self._asked = name
            self.notice.tell(words("tui.views.taken", name=name), wrong=False)
        else:
            self.dismiss(View(name, self._view.filter, self._view.sort, self._view.descending))

    def action_leave(self) -> None:
        """Save nothing."""
        self.dismiss(None)
