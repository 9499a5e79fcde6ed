"""Owns the page of one finding: what is known of it, and its timeline beside or below."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.finding import Finding
from taizhang.tui import facts
from taizhang.tui.draw import Sheet
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.lines import Lines

from .base import LedgerScreen

TWO_COLUMNS_FROM = 116


class FindingScreen(LedgerScreen):
    """One finding.

    Args:
        session: what is shared.
        number: the finding.
    """

    BINDINGS = bindings("page")
    FOOT = (
        "page.steps",
        "page.replay",
        "page.why",
        "page.blame",
        "page.audit",
        "page.moment",
        "page.comment",
        "page.undo",
        "page.next",
        "page.back",
        "app.actor",
        "app.language",
        "app.help",
    )

    def __init__(self, session: Session, number: str) -> None:
        super().__init__(session)
        self.number = number
        self.header.place = number
        self.facts = Lines(id="facts")
        self.timeline = Lines(id="timeline")
        self.finding: Finding | None = None
        self._entries: tuple[Entry[Any], ...] = ()
        self._wide = False

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        yield self.header
        with Horizontal(id="body"):
            yield self.facts
            yield self.timeline
        yield self.footer

    def on_mount(self) -> None:
        """Ask for the finding and its history."""
        self.facts.focus()
        self._ask()

    def on_resize(self, event: events.Resize) -> None:
        """The timeline stands beside the facts where there is room."""
        self._wide = event.size.width >= TWO_COLUMNS_FROM
        self.timeline.display = self._wide
        self._write()

    def _ask(self) -> None:
        self.session.ask(self, "finding", self._question, self._told, self.refuse)

    def _question(self) -> tuple[Finding, tuple[Entry[Any], ...]]:
        desk, when = self.session.desk, self.session.when
        finding, entries = desk.finding(self.number, when), desk.history(self.number)
        return finding, entries[: finding.version] if when else entries

    def _told(self, told: tuple[Finding, tuple[Entry[Any], ...]]) -> None:
        self.finding, self._entries = told
        self._write()

    def _write(self) -> None:
        if self.finding is None:
            return
        self.facts.write(self._page)
        self.timeline.write(self._history if self._wide else None)

    def _page(self, width: int) -> Sheet:
        assert self.finding is not None
        return facts.page(self.session, self.finding, None if self._wide else self._entries, width)

    def _history(self, width: int) -> Sheet:
        sheet = facts.sheet_of(self.session, width)
        facts.timeline(sheet, self.session, self._entries)
        return sheet

    def relabel(self) -> None:
        """Draw everything anew."""
        super().relabel()
        self._write()

    def ledger_moved(self) -> None:
        """Fetch it anew; the place on the page stays."""
        super().ledger_moved()
        self._ask()

    def refuse(self, refusal: Refusal) -> None:
        """Say what is wrong where the page would stand."""
        super().refuse(refusal)

    def action_section(self, step: int) -> None:
        """Go to the next section."""
        self.facts.jump(step)

    def action_steps(self) -> None:
        """Offer the steps that can be taken."""
        self.home.open_steps(self.number)

    def action_why(self) -> None:
        """Say why it has its colour."""
        self.home.open_why(self.number)

    def action_blame(self) -> None:
        """Say which event set each value."""
        self.home.open_blame(self.number)

    def action_audit(self) -> None:
        """Show its events in the audit trail."""
        self.home.open_audit(number=self.number)

    def action_moment(self) -> None:
        """Ask for the moment that is to be shown."""
        self.home.open_moment()

    def action_comment(self) -> None:
        """Say something about it."""
        if self.finding is not None:
            self.home.open_form("comment", self.finding)

    def action_undo(self) -> None:
        """Take back its last step."""
        self.home.open_undo(self.number)

    def action_copy(self) -> None:
        """Copy its number."""
        self.home.copy(self.number)

    def action_copy_all(self) -> None:
        """Copy the page."""
        self.home.copy(self.facts.text)

    def action_replay(self) -> None:
        """Replay it."""
        self.home.open_replay(self.number)

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
