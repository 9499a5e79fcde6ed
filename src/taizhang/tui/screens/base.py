"""Owns what all screens of the terminal share: header, footer, saying a sentence, hearing of news. Knows no one screen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

from taizhang.ledger.domain.errors import Refusal
from taizhang.tui.session import Session
from taizhang.tui.widgets.bars import FooterBar, HeaderBar

if TYPE_CHECKING:
    from taizhang.tui.app import TaizhangApp


SETTLED = 0.5
"""Seconds after which a dialog that gives nothing the keys takes them itself."""


class LedgerScreen(Screen[None], inherit_bindings=False):
    """A screen that fills the terminal.

    Args:
        session: what is shared.
    """

    AUTO_FOCUS = ""
    FOOT: tuple[str, ...] = ()
    """Ids of the keys in the footer, the most important first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.header = HeaderBar(session, self.crumbs)
        self.footer = FooterBar(session, self.FOOT)

    @property
    def home(self) -> TaizhangApp:
        """The app, by its own type."""
        return cast("TaizhangApp", self.app)

    def crumbs(self) -> list[str]:
        """The way that led here: the names of the screens below and of this one, each once."""
        found: list[str] = []
        for screen in self.app.screen_stack:
            if isinstance(screen, LedgerScreen) and (place := screen.header.place):
                if found and (place == found[-1] or place.startswith(f"{found[-1]} › ")):
                    found.pop()
                found.append(place)
            if screen is self:
                break
        return found

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the person what has happened."""
        self.footer.say(text, wrong=wrong)

    def refuse(self, refusal: Refusal) -> None:
        """Tell the person what was refused, in their language."""
        self.say(self.session.words.refusal(refusal), wrong=True)

    def relabel(self) -> None:
        """Draw everything anew: the language, the colours or the actor changed."""
        self.header.refresh()
        self.footer.refresh()

    def ledger_moved(self) -> None:
        """Something was recorded by somebody: show it without taking the cursor from anyone."""
        self.header.refresh()


class Dialog(ModalScreen[object], inherit_bindings=False):
    """A screen that stands before another one.

    Args:
        session: what is shared.
    """

    AUTO_FOCUS = ""  # each says itself where one begins; two that say it race
    FOOT: tuple[str, ...] = ()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.footer = FooterBar(session, self.FOOT)
        self.gone = False
        self._since = time.monotonic()
        self._early: list[events.Key] = []

    # Somebody who types fast types on while one dialog goes and the next one comes: no key may get lost between them.

    def dismiss(self, result: object | None = None) -> AwaitComplete:
        """Go; keys that still come here belong to whatever stands here next."""
        self.gone = True
        return super().dismiss(result)

    def _forward_event(self, event: events.Event) -> None:
        waiting = self._early or (self.focused is None and time.monotonic() - self._since < SETTLED)
        if isinstance(event, events.Key) and waiting:
            if not self._early:
                self.set_timer(0.01, self._settle)
            self._early.append(event)
            return
        super()._forward_event(event)

    def on_descendant_focus(self) -> None:
        """Something has the keys now."""
        if self._early:
            self._settle()

    def _settle(self) -> None:
        """Give the keys that were quicker to whatever has the keys by now."""
        if self.focused is None and time.monotonic() - self._since < SETTLED:
            self.set_timer(0.01, self._settle)
            return
        early, self._early = self._early, []
        for key in early:
            if (target := self.focused) is not None:
                target._forward_event(key)
            else:
                super()._forward_event(key)

    @property
    def home(self) -> TaizhangApp:
        """The app, by its own type."""
        return cast("TaizhangApp", self.app)

    def relabel(self) -> None:
        """Draw everything anew."""
        self.footer.refresh()

    def ledger_moved(self) -> None:
        """Something was recorded by somebody."""
