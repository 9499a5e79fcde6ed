"""Owns what stands around the fields of a form: their names, and what to have in sight while filling them."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from taizhang.ledger.domain.finding import Finding
from taizhang.tui import facts, told
from taizhang.tui.cells import fit, shown
from taizhang.tui.draw import Sheet, line
from taizhang.tui.field import Field
from taizhang.tui.forms import Form
from taizhang.tui.session import Session

LABEL = {"zh": 12, "en": 23}
"""Cells of the column of names."""
MARGIN = 5
MOST = 41
"""Cells of that column at most, where a form has long names."""


class Label(Widget):
    """The name of a field, and whether it must be filled."""

    def __init__(self, session: Session, field: Field) -> None:
        super().__init__(classes="label")
        self._session = session
        self._field = field
        self.wrong = False
        self.relabel()

    @property
    def wanted(self) -> int:
        """Cells that the name needs, with what stands around it."""
        name = shown(self._session.words.term("field", self._field.name))
        return max(LABEL[self._session.words.lang], min(cell_len(name) + MARGIN, MOST))

    def relabel(self, width: int = 0) -> None:
        """Take the room that the language needs, or what all the form's names have together."""
        self.styles.width = width or self.wanted
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the name."""
        pen, width = self._session.pen, self.size.width
        if y:
            return Strip.blank(width).apply_style(self.rich_style)
        name = shown(self._session.words.term("field", self._field.name))
        sign = ("*", pen.accent) if self._field.required else (" ", pen.plain)
        style = pen.red if self.wrong else pen.muted
        return line([("▌" if self.wrong else " ", style), (fit(name, width - 4), style), sign], width).apply_style(
            self.rich_style
        )


class Caption(Widget):
    """What stands before a field that is none of a step's.

    Args:
        session: what is shared.
        key: key of its word.
    """

    def __init__(self, session: Session, key: str) -> None:
        super().__init__(classes="label")
        self._session = session
        self._key = key
        self.relabel()

    def relabel(self) -> None:
        """Take the room that the language needs."""
        self.styles.width = LABEL[self._session.words.lang]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the word."""
        width = self.size.width
        text = fit(shown(self._session.words(self._key)), width - 2) if not y else ""
        return line([(f" {text}", self._session.pen.muted)], width).apply_style(self.rich_style)


class Context(Widget):
    """What to have in sight while filling the form: the finding, and what this step is measured against."""

    def __init__(self, session: Session, form: Form, finding: Finding | None) -> None:
        super().__init__(classes="context")
        self._session = session
        self._form = form
        self.finding = finding
        self._sheet: Sheet | None = None

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        self.write()

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return len(self._sheet.strips) if self._sheet else 0

    def write(self) -> None:
        """Write the lines anew."""
        session, finding = self._session, self.finding
        sheet = facts.sheet_of(session, max(self.size.width, 20))
        sheet.label = min(LABEL[session.words.lang], sheet.width // 2)
        if finding is not None:
            sheet.text(finding.title.replace("\n", " "), session.pen.strong, indent=1)
            sheet.strips = sheet.strips[:2]
            for name in self._form.context:
                if text := told.value(session, name, getattr(finding, name)):
                    before = len(sheet.strips)
                    sheet.pair(told.label(session, name), text, session.pen.muted)
                    sheet.strips = sheet.strips[: before + 2]
        self._sheet = sheet
        self.styles.height = len(sheet.strips)
        self.display = bool(sheet.strips)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        strips = self._sheet.strips if self._sheet else []
        strip = strips[y] if y < len(strips) else Strip.blank(self.size.width)
        return strip.adjust_cell_length(self.size.width).apply_style(self.rich_style)
