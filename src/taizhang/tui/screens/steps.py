"""Owns the menu of steps: what can be done with a finding now, and why the rest cannot be done by this person."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.rules import Offer
from taizhang.tui.cells import shown
from taizhang.tui.forms import FORMS
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.summary import Notice

from .base import Dialog


class StepsScreen(Dialog):
    """The steps of one finding.

    Args:
        session: what is shared.
        number: the finding.
    """

    BINDINGS = bindings("choice", "app")
    FOOT = ("choice.take", "app.actor", "choice.leave", "app.language")

    def __init__(self, session: Session, number: str) -> None:
        super().__init__(session)
        self.number = number
        self.options = Options(session, column=14, numbered=True, empty="tui.loading")
        self.notice = Notice(session, most=4)
        self.finding: Finding | None = None
        self._offers: tuple[Offer, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the menu."""
        with Vertical(id="dialog"):
            yield self.options
            yield self.notice
            yield self.footer

    def on_mount(self) -> None:
        """Ask what the table offers."""
        self.options.focus()
        self._ask()

    def _ask(self) -> None:
        desk, actor, number = self.session.desk, self.session.actor, self.number
        self.session.ask(
            self, "offers", lambda: (desk.finding(number), desk.offers(number, actor)), self._told, self._refused
        )

    def _told(self, answer: tuple[Finding, tuple[Offer, ...]]) -> None:
        self.finding, self._offers = answer
        self.notice.tell("")
        self._write()

    def _refused(self, refusal: Refusal) -> None:
        self.notice.tell(self.session.words.refusal(refusal))

    def _write(self) -> None:
        if self.finding is None:
            return
        words = self.session.words
        state = words.term("state", self.finding.state)
        dialog = self.query_one("#dialog", Vertical)
        dialog.border_title = Content(shown(f"{self.finding.number} · {state}"))
        self.options._column = 14 if words.lang == "zh" else 18
        # what can be taken comes first, in the order of the table
        offers = sorted(self._offers, key=lambda offer: offer.refusal is not None)
        self.options.offer([self._option(offer) for offer in offers], self.options.cursor)
        self.options.styles.height = min(self.options.height_wanted, max(self.app.size.height - 6, 4))

    def _option(self, offer: Offer) -> Option:
        words, row = self.session.words, offer.transition
        leads = f"→ {words.term('state', row.target)}" if row.target else ""
        note = words.refusal(offer.refusal) if offer.refusal else ""
        return Option(row.name, words.term("step", row.name), aside=leads, note=note, barred=offer.refusal is not None)

    def relabel(self) -> None:
        """Draw anew; another person is offered other steps."""
        super().relabel()
        self._write()
        self._ask()

    def ledger_moved(self) -> None:
        """Another state offers other steps."""
        self._ask()

    def action_move(self, step: int) -> None:
        """Move in the menu."""
        self.options.move(step)

    def action_take(self) -> None:
        """Open the form of the step."""
        option = self.options.current
        if option is None:
            return
        if option.barred:
            self.notice.tell(option.note)
        elif option.id in FORMS:
            self.dismiss(option.id)

    @on(Options.Taken)
    def _clicked(self) -> None:
        self.action_take()

    def key_digit(self, digit: int) -> None:
        """Take a step by its place."""
        if digit <= len(self.options.options):
            self.options.move(digit - 1 - self.options.cursor)
            self.action_take()

    def on_key(self, event: object) -> None:
        """A digit takes the step of that place."""
        character = getattr(event, "character", None)
        if character and character.isdigit() and character != "0":
            self.key_digit(int(character))

    def action_leave(self) -> None:
        """Leave the menu."""
        self.dismiss(None)
