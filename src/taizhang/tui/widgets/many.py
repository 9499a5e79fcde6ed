"""Owns the field in which any of a few values are chosen. What they mean is the form's table to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip

from taizhang.tui.cells import cut, shown
from taizhang.tui.draw import Span, line
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.fields import ChoiceField, FieldChanged

COMMA = ","


class ManyField(ChoiceField, inherit_bindings=False):
    """Any of a few values, all of them in sight; what stands in it is the chosen ones with commas.

    Args:
        session: what is shared.
        name: the field.
        values: what can be chosen.
        told: the word for a value in the present language.
        value: what is chosen at first.
    """

    BINDINGS = bindings("many")

    def __init__(
        self, session: Session, name: str, values: Sequence[str], told: Callable[[str], str], value: str = ""
    ) -> None:
        super().__init__(session, name, values, told, value)
        self._at = 0

    @property
    def chosen(self) -> frozenset[str]:
        """What is chosen."""
        return frozenset(part for part in self.value.split(COMMA) if part)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the values; the one that the space bar would turn stands between brackets."""
        pen, width = self._session.pen, self.size.width
        lines, chosen = self._laid_out(), self.chosen
        spans: list[Span] = []
        for value in lines[y] if y < len(lines) else ():
            on, here = value in chosen, self.has_focus and value == self._values[self._at]
            word = cut(shown(self._word(value)), max(width - 4, 4))
            spans += [("■" if on else "□", pen.accent if on else pen.faint), ("‹" if here else " ", pen.accent)]
            spans += [(word, pen.strong if on or here else pen.muted), ("› " if here else "  ", pen.accent)]
        return line(spans, width).apply_style(self.rich_style)

    def action_move(self, step: int) -> None:
        """Stand on the next value."""
        self._at = (self._at + step) % len(self._values)
        self.refresh()

    def action_turn(self) -> None:
        """Choose the value, or no longer."""
        self._choose(self._values[self._at])

    def put(self, value: str) -> None:
        """Choose some values without a word about it; those that there are not are passed over."""
        wanted = value.split(COMMA)
        self.value = COMMA.join(each for each in self._values if each in wanted)
        self.refresh()

    def _choose(self, value: str) -> None:
        self._at = self._values.index(value)
        wanted = self.chosen ^ {value}
        self.value = COMMA.join(each for each in self._values if each in wanted)
        self.refresh()
        self.post_message(FieldChanged(self._field, self.value))
