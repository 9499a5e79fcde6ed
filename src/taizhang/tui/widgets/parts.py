"""Owns the line that names the parts of a page, of which one is shown. Knows no page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip
from textual.widget import Widget

from taizhang.tui.draw import Span, line
from taizhang.tui.session import Session


class Parts(Widget):
    """The names of the parts.

    Args:
        session: what is shared.
        names: gives the names in the present language.
    """

    def __init__(self, session: Session, names: Callable[[], Sequence[str]]) -> None:
        super().__init__(id="summary")
        self._session = session
        self._names = names
        self.chosen = 0

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the names."""
        pen = self._session.pen
        spans: list[Span] = [
            (f" [{name}]" if at == self.chosen else f"  {name} ", pen.title if at == self.chosen else pen.muted)
            for at, name in enumerate(self._names())
        ]
        return line(spans, self.size.width).apply_style(self.rich_style)
