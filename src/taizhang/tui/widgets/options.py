"""Owns a list to choose from: short, wrapped, with options that cannot be taken and say why. Knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.strip import Strip

from taizhang.tui.cells import fit, shown, shown_lines, wrap
from taizhang.tui.draw import Span, line
from taizhang.tui.session import Session
from taizhang.tui.widgets.scroller import Scroller


class Option(Struct, frozen=True):
    """One thing to choose.

    Args:
        id: what is given back.
        text: what it is called.
        aside: said beside it, muted.
        note: said below it, in lines of its own; a line break begins another.
        barred: whether it cannot be taken.
        head: whether it is no option but the heading of those below it.
    """

    id: str
    text: str
    aside: str = ""
    note: str = ""
    barred: bool = False
    head: bool = False


class Options(Scroller, can_focus=True, inherit_bindings=False):
    """Options one below the other; whoever shows them moves the cursor and takes what it stands on.

    Args:
        session: what is shared.
        column: cells of the column of texts; the asides begin behind it.
        empty: key of the sentence that is shown where there is nothing to choose.
    """

    class Taken(Message):
        """An option was clicked."""

        def __init__(self, option: Option) -> None:
            super().__init__()
            self.option = option

    def __init__(
        self, session: Session, *, column: int = 24, empty: str = "tui.empty.options", numbered: bool = False
    ) -> None:
        super().__init__(classes="options")
        self._session = session
        self._column = column
        self._empty = empty
        self._numbered = numbered
        self.options: Sequence[Option] = ()
        self.cursor = 0
        self._lines: list[tuple[int, list[Span]]] = []

    def offer(self, options: Sequence[Option], cursor: int = 0) -> None:
        """Show other options."""
        self.options = options
        self.cursor = max(0, min(cursor, len(options) - 1))
        if options and options[self.cursor].head and not all(option.head for option in options):
            self.move(1)
        self._layout()

    @property
    def current(self) -> Option | None:
        """The option below the cursor."""
        option = self.options[self.cursor] if self.options else None
        return None if option is None or option.head else option

    @property
    def height_wanted(self) -> int:
        """How many lines all options need."""
        return max(len(self._lines), 1)

    def move(self, step: int) -> None:
        """Move the cursor, round the ends."""
        if self.options:
            for _ in self.options:
                self.cursor = (self.cursor + step) % len(self.options)
                if not self.options[self.cursor].head:
                    break
            self._show_cursor()
            self.refresh()

    def page(self, step: int) -> None:
        """Move the cursor by a screen; stops at the ends."""
        if self.options:
            away = max(self.size.height - 1, 1) * step
            self.cursor = max(0, min(self.cursor + away, len(self.options) - 1))
            if self.options[self.cursor].head:
                self.move(1)
            self._show_cursor()
            self.refresh()

    def _show_cursor(self) -> None:
        own = [at for at, (option, _) in enumerate(self._lines) if option == self.cursor]
        if own and own[0] and self.options[self._lines[own[0] - 1][0]].head:
            own.insert(0, own[0] - 1)  # its heading with it
        if not own:
            return
        top, height = int(self.scroll_offset.y), max(self.size.height, 1)
        if own[0] < top:
            self.scroll_to(y=own[0], animate=False)
        elif own[-1] >= top + height:
            self.scroll_to(y=own[-1] - height + 1, animate=False)

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        self._layout()

    def restyle(self) -> None:
        """Draw anew in other colours."""
        self._layout()

    def _layout(self) -> None:
        width = self.scrollable_content_region.width or 40
        pen = self._session.pen
        self._lines = []
        for at, option in enumerate(self.options):
            if option.head:
                self._lines.append((at, [(f"{shown(option.text)} ", pen.title), (shown(option.aside), pen.muted)]))
                continue
            number = f"{at + 1} " if self._numbered and at < 9 else "  " if self._numbered else ""
            style = pen.faint if option.barred else pen.plain
            column = min(self._column, max(width - 4, 4))
            text = fit(shown(option.text), column) if option.aside else shown(option.text)
            if option.text or not option.note:
                self._lines.append((at, [(number, pen.muted), (text, style), (f" {option.aside}", pen.muted)]))
            indent = 2 + len(number)
            for part in shown_lines(option.note) if option.note else ():
                for piece in wrap(part, width - indent - 2):
                    self._lines.append((at, [(" " * indent, pen.plain), (piece, pen.muted)]))
        self.extend(len(self._lines))
        self._show_cursor()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        pen, width = self._session.pen, self.size.width
        at = y + int(self.scroll_offset.y)
        if not self.options:
            text = self._session.words(self._empty) if y == 0 else ""
            return line([(f"  {text}", pen.muted)], width).apply_style(self.ground)
        if at >= len(self._lines):
            return Strip.blank(width).apply_style(self.ground)
        option, spans = self._lines[at]
        chosen = option == self.cursor and not self.options[option].head
        return line([("▌" if chosen else " ", pen.accent), *spans], width, pen.cursor if chosen else None).apply_style(
            self.rich_style
        )

    def on_click(self, event: events.Click) -> None:
        """A click takes an option."""
        at = event.y + int(self.scroll_offset.y)
        if 0 <= at < len(self._lines):
            self.cursor = self._lines[at][0]
            self.refresh()
            if self.current is not None:
                self.post_message(self.Taken(self.current))
