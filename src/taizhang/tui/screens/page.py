"""Owns what the screens of one page share: the page below the header, and the way back. Knows nothing that stands on it."""

from __future__ import annotations

from textual.app import ComposeResult

from taizhang.tui.session import Session
from taizhang.tui.widgets.lines import Lines

from .base import LedgerScreen


class PageScreen(LedgerScreen):
    """Lines that are read, and nothing else.

    Args:
        session: what is shared.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.lines = Lines()

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        yield self.header
        yield self.lines
        yield self.footer

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
