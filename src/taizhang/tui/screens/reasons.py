"""Owns the page that says why a finding has its colour. Judges nothing itself."""

from __future__ import annotations

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Reason
from taizhang.tui import facts
from taizhang.tui.draw import Sheet
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session

from .page import PageScreen


class ReasonsScreen(PageScreen):
    """Why one finding has its colour.

    Args:
        session: what is shared.
        number: the finding.
    """

    BINDINGS = bindings("reasons")
    FOOT = ("reasons.back", "app.language", "app.help")

    def __init__(self, session: Session, number: str) -> None:
        super().__init__(session)
        self.number = number
        self._answer: tuple[Finding, tuple[Reason, ...]] | None = None

    def on_mount(self) -> None:
        """Ask for the reasons."""
        self.lines.focus()
        self.relabel()
        self._ask()

    def _ask(self) -> None:
        desk, when = self.session.desk, self.session.when
        self.session.ask(
            self, "why", lambda: (desk.finding(self.number, when), desk.why(self.number, when)), self._told, self.refuse
        )

    def _told(self, answer: tuple[Finding, tuple[Reason, ...]]) -> None:
        self._answer = answer
        self.lines.write(self._sheet)

    def _sheet(self, width: int) -> Sheet:
        sheet = facts.sheet_of(self.session, width)
        if self._answer is None:
            return sheet
        finding, reasons = self._answer
        words, pen = self.session.words, self.session.pen
        facts.finding_head(sheet, self.session, finding)
        sheet.heading(words("tui.why"))
        for at, reason in enumerate(reasons, 1):
            style = pen.strong if at == 1 else pen.plain
            sheet.text(words(reason.code, **reason.params), style, indent=5, lead=((f"{at:>3}. ", pen.muted),))
        return sheet

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = f"{self.number} › {self.session.words('tui.why')}"
        super().relabel()
        self.lines.rewrite()

    def ledger_moved(self) -> None:
        """Ask anew."""
        super().ledger_moved()
        self._ask()
