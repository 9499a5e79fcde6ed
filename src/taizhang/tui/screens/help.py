"""Owns the help: every key with what it does, the signs, and the filter language."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult

from taizhang.ledger.domain.lights import Light
from taizhang.tui import facts
from taizhang.tui.cells import fit
from taizhang.tui.draw import Sheet
from taizhang.tui.keys import KEYS, PLACES, bindings
from taizhang.tui.pen import SIGNS
from taizhang.tui.session import Session
from taizhang.tui.widgets.lines import Lines

from .base import LedgerScreen

_NAMES = {"question_mark": "?", "slash": "/", "space": "Space", "escape": "Esc", "enter": "Enter", "pagedown": "PgDn",
          "pageup": "PgUp", "right_square_bracket": "]", "left_square_bracket": "[", "dollar_sign": "$", "home": "Home",
          "end": "End", "up": "↑", "down": "↓", "left": "←", "right": "→", "tab": "Tab", "shift+tab": "Shift+Tab",
          "backspace": "Backspace"}  # fmt: skip


def caps(keys: str) -> str:
    """Return the keys of a binding as people write them."""
    named = (
        _NAMES.get(key, key.replace("ctrl+", "Ctrl+") if "+" in key else key.upper() if key[1:] else key)
        for key in keys.split(",")
    )
    return " ".join(named)


class HelpScreen(LedgerScreen):
    """All keys."""

    BINDINGS = bindings("help")
    FOOT = ("help.back", "app.language", "app.theme")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.lines = Lines()

    def compose(self) -> ComposeResult:
        """Lay out the help."""
        yield self.header
        yield self.lines
        yield self.footer

    def on_mount(self) -> None:
        """Write the help."""
        self.lines.focus()
        self.relabel()

    def relabel(self) -> None:
        """Write it anew in another language."""
        self.header.place = self.session.words("tui.key.app.help")
        super().relabel()
        self.lines.write(self._sheet)

    def _sheet(self, width: int) -> Sheet:
        words, pen = self.session.words, self.session.pen
        sheet = Sheet(width, pen, facts.LABEL[words.lang])
        sheet.heading(words("tui.help.lights"))
        for light in Light:
            sheet.spans((f"  {SIGNS[light]} ", pen.light(light)), (fit(words.term("light", light), 10), pen.strong),
                        (words(f"tui.help.light.{light}", days=self.session.by.policy.due_soon,
                              kind=self.session.by.policy.days), pen.muted))  # fmt: skip
        sheet.heading(words("tui.help.filter"))
        for paragraph in words("tui.help.filter.text").split("\n"):
            sheet.text(paragraph, indent=2)
        column = max(cell_len(caps(key.keys)) for key in KEYS) + 2
        for place in PLACES:
            sheet.heading(words(f"tui.place.{place}"))
            for key in KEYS:
                if key.place == place:
                    lead = [(f"  {fit(caps(key.keys), min(column, 26))}", pen.key)]
                    sheet.text(words(f"tui.tip.{key.id}"), indent=min(column, 26) + 2, lead=lead)
        return sheet

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()
