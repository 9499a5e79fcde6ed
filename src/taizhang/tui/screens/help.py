"""Owns the help: every key with what it does, the signs, and the filter language."""

from __future__ import annotations

from rich.cells import cell_len

from taizhang.ledger.domain.lights import Light
from taizhang.tui import facts
from taizhang.tui.cells import fit
from taizhang.tui.draw import Sheet
from taizhang.tui.keys import KEYS, PLACES, bindings
from taizhang.tui.pen import SIGNS

from .page import PageScreen


class HelpScreen(PageScreen):
    """All keys."""

    BINDINGS = bindings("help")
    FOOT = ("help.back", "app.language", "app.theme")

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
        keymap = self.session.keymap
        column = max(cell_len(keymap.caps(key.id)) for key in KEYS) + 2
        for place in PLACES:
            sheet.heading(words(f"tui.place.{place}"))
            for key in KEYS:
                if key.place == place:
                    lead = [(f"  {fit(keymap.caps(key.id), min(column, 26))}", pen.key)]
                    sheet.text(words(f"tui.tip.{key.id}"), indent=min(column, 26) + 2, lead=lead)
        return sheet
