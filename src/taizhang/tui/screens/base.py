"""Owns what all screens of the terminal share: header, footer, saying a sentence, hearing of news. Knows no one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import ModalScreen, Screen

from taizhang.ledger.domain.errors import Refusal
from taizhang.tui.session import Session
from taizhang.tui.widgets.bars import FooterBar, HeaderBar

if TYPE_CHECKING:
    from taizhang.tui.app import TaizhangApp


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

    @property
    def home(self) -> TaizhangApp:
        """The app, by its own type."""
        return cast("TaizhangApp", self.app)

    def relabel(self) -> None:
        """Draw everything anew."""
        self.footer.refresh()

    def ledger_moved(self) -> None:
        """Something was recorded by somebody."""
