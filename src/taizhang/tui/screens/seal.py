"""Owns the page of the seal: up to where the ledger is sealed, by whom witnessed, and the deep check on demand.

Checks nothing itself; what is checked, and how, is the desk's.
"""

from __future__ import annotations

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.verdict import Check, Statement, Verdict
from taizhang.service.proofs import SealedAt, SealState, Signer
from taizhang.tui import facts
from taizhang.tui.draw import Sheet
from taizhang.tui.errands import Errands
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session

from .page import PageScreen

REDRAW_S = 0.2


class SealScreen(PageScreen):
    """The seal of the ledger, live, and the deep check.

    Args:
        session: what is shared.
    """

    BINDINGS = bindings("seal")
    FOOT = ("seal.verify", "seal.sign", "seal.back", "app.language", "app.help")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._state: SealState | None = None
        self._verdict: Verdict | None = None
        self._verifier: Errands | None = None  # a thread of its own: a long check keeps no list and no figure waiting
        self._progress: tuple[str, int, int] | None = None

    def on_mount(self) -> None:
        """Ask how it stands."""
        self.lines.focus()
        self.set_interval(REDRAW_S, self._redraw)
        self.relabel()
        self._ask()

    def on_unmount(self) -> None:
        """Let the check end by itself; nobody waits for it any more."""
        if self._verifier is not None:
            self._verifier.stop()

    def _ask(self) -> None:
        desk = self.session.desk
        self.session.ask(self, "seal", lambda: desk.proofs().state(), self._told, self.refuse)

    def _told(self, state: SealState) -> None:
        self._state = state
        self.lines.write(self._sheet)

    def _redraw(self) -> None:
        if self._progress is not None:
            self.lines.rewrite()

    def _sheet(self, width: int) -> Sheet:
        words = self.session.words
        sheet = facts.sheet_of(self.session, width)
        if self._state is not None:
            self._write_state(sheet, self._state)
        sheet.heading(words("tui.seal.check"))
        if self._progress is not None:
            self._write_progress(sheet, *self._progress)
        elif self._verdict is not None:
            self._write_verdict(sheet, self._verdict)
        else:
            sheet.text(words("tui.seal.not-yet"), self.session.pen.muted, indent=1)
        return sheet

    def _write_state(self, sheet: Sheet, state: SealState) -> None:
        words, pen = self.session.words, self.session.pen
        sheet.heading(words("tui.seal.page"))
        covered = state.last.size if state.last else 0
        open_ = state.size - covered
        said = words("tui.seal.none") if not covered else words("tui.seal.upto", index=covered - 1)
        if covered and open_:
            said = words("tui.seal.tail", index=covered - 1, count=open_)
        sheet.pair(words("tui.seal.sealed"), said, pen.yellow if open_ else pen.green)
        if state.last is not None:
            sheet.pair(words("tui.seal.root"), state.last.root)
        sheet.pair(words("tui.seal.witnessed"), self._witnessed(state.cosigned))
        sheet.pair(words("tui.seal.key"), state.vkey)

    def _witnessed(self, cosigned: SealedAt | None) -> str:
        words = self.session.words
        if cosigned is None:
            return words("tui.seal.no-witness")
        return "\n".join(
            words("tui.seal.by", witness=one.witness, moment=self.session.moment(one.time), index=cosigned.size - 1)
            for one in cosigned.cosigned
        )

    def _write_progress(self, sheet: Sheet, phase: str, done: int, total: int) -> None:
        words, pen = self.session.words, self.session.pen
        room = max(sheet.width - 40, 10)
        filled = room * done // total if total else 0
        sheet.spans(
            (f" {words(f'phase.{phase}')} ", pen.plain),
            ("█" * filled, pen.accent),
            ("░" * (room - filled), pen.faint),
            (f" {done}/{total}", pen.muted),
        )

    def _write_verdict(self, sheet: Sheet, verdict: Verdict) -> None:
        words, pen = self.session.words, self.session.pen
        for check in verdict.checks:
            style = pen.green if check.ok else pen.red
            sheet.text(self._sentence(check), pen.plain if check.ok else pen.red, indent=3,
                       lead=((" ✓ " if check.ok else " ✗ ", style),))  # fmt: skip
        if verdict.ok:
            sheet.text(words("cli.verified", size=verdict.size, root=verdict.root), pen.green, indent=1)
        elif verdict.first_wrong is not None:
            first = words("cli.first-wrong", index=verdict.first_wrong, against=verdict.against)
            sheet.text(first, pen.red, indent=1)
        for heading, statements in (("tui.seal.proved", verdict.proved), ("tui.seal.unproved", verdict.unproved)):
            if statements:
                sheet.heading(words(heading))
                for statement in statements:
                    sheet.text(self._said(statement), indent=3, lead=((" · ", pen.muted),))

    def _sentence(self, check: Check) -> str:
        return self.session.words.refusal(Refusal(check.key, **check.params))

    def _said(self, statement: Statement) -> str:
        return self.session.words.refusal(Refusal(statement.code, **statement.params))

    def relabel(self) -> None:
        """Draw everything anew."""
        self.header.place = self.session.words("tui.seal.page")
        super().relabel()
        self.lines.rewrite()

    def ledger_moved(self) -> None:
        """Ask anew: what was just recorded is not sealed yet."""
        super().ledger_moved()
        self._ask()

    def action_verify(self) -> None:
        """Begin the deep check; one at a time."""
        if self._progress is not None:
            return
        self._progress = ("events", 0, 0)
        self._verifier = self._verifier or Errands("desk-verifier")
        desk = self.session.desk
        self._verifier.ask(
            self, "verify", lambda: desk.proofs().verify(progress=self._tell), self._judged, self._failed
        )
        self.lines.rewrite()

    def _tell(self, phase: str, done: int, total: int) -> None:
        """Runs in the checking thread: one assignment, which the next redrawing reads."""
        self._progress = (phase, done, total)

    def _judged(self, verdict: Verdict) -> None:
        self._progress, self._verdict = None, verdict
        self.lines.rewrite()
        self._ask()

    def _failed(self, refusal: Refusal) -> None:
        self._progress = None
        self.lines.rewrite()
        self.refuse(refusal)

    def action_sign(self) -> None:
        """Sign everything that is recorded."""
        session = self.session
        if session.desk.read_only:
            self.say(session.words("tui.read-only.refused"), wrong=True)
            return
        by = Signer(session.actor)
        session.write(self, lambda: session.desk.proofs().checkpoint(by), self._signed, self.refuse)

    def _signed(self, sealed: SealedAt) -> None:
        self.say(self.session.words("tui.seal.signed", index=sealed.size - 1))
        self._ask()
