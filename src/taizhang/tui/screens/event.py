"""Owns the page of one event that belongs to no finding: of the registers, the policy, the ledger itself."""

from __future__ import annotations

from typing import Any

from taizhang.ledger.domain.envelope import Entry
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session

from .audit import event_sheet
from .page import PageScreen


class EventScreen(PageScreen):
    """One event in full.

    Args:
        session: what is shared.
        index: the event.
    """

    BINDINGS = bindings("event")
    FOOT = ("event.back", "app.language", "app.help")

    def __init__(self, session: Session, index: int) -> None:
        super().__init__(session)
        self.index = index

    def on_mount(self) -> None:
        """Ask for the event, which never changes."""
        self.lines.focus()
        self.relabel()
        self.session.ask(self, "event", lambda: self.session.desk.event(self.index), self._told, self.refuse)

    def _told(self, entry: Entry[Any]) -> None:
        self.lines.write(lambda width: event_sheet(self.session, entry, width))

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = f"{self.session.words('tui.audit')} › #{self.index}"
        super().relabel()
        self.lines.rewrite()
