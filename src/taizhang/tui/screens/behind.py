"""Owns the list that stands behind a number or a name: the problem list of one cell, from which Escape leads back."""

from __future__ import annotations

from msgspec.structs import replace

from taizhang.service.desk import Cell
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session

from .problems import ProblemsScreen


class BehindScreen(ProblemsScreen):
    """The findings that one number counts.

    Args:
        session: what is shared.
        cell: the number.
        place: what it is called.
        when: the moment that it was counted at; None for the one that is shown.
    """

    BINDINGS = bindings("behind")
    FOOT = ("list.open", "list.search", "behind.back", "list.steps", "list.replay", "list.why", "list.sort", "app.actor",
            "app.language", "app.help")  # fmt: skip

    def __init__(self, session: Session, cell: Cell, place: str, when: str | None = None) -> None:
        super().__init__(session)
        self._before = session.when
        self._return = session.when if when is not None and when != session.when else None
        self._when = when
        self.header.place = place
        self.table.asked = replace(self.table.asked, cell=cell, when=session.when if when is None else when)

    def on_mount(self) -> None:
        """Begin in the list, at its moment."""
        super().on_mount()
        if self._return is not None and self._when is not None:
            self.home.show_moment(self._when)

    def action_clear(self) -> None:
        """Clear the filter that was typed here; then back to the number."""
        if self.table.asked.filter:
            self.notice.tell("")
            self.table.open(replace(self.table.asked, filter=""))
        else:
            self.action_quit()

    def action_quit(self) -> None:
        """Back to the number."""
        self.app.pop_screen()
        if self._return is not None:
            self.home.show_moment(self._return)
