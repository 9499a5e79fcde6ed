"""Owns the fields that forms are made of. Each gives and takes text; what the text means is the form's table to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import TextArea

from taizhang.tui.cells import cut, shown, stand_in
from taizhang.tui.draw import Span, line
from taizhang.tui.keys import bindings
from taizhang.tui.session import Session
from taizhang.tui.widgets.options import Option, Options
from taizhang.tui.widgets.search import SafeInput

Suggest = Callable[[str], Sequence[Option]]
Take = Callable[[str, Option], str]


class FieldDone(Message):
    """This field is filled: on to the next; -1 for back."""

    def __init__(self, step: int = 1) -> None:
        super().__init__()
        self.step = step


class FieldChanged(Message):
    """What stands in a field has changed."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.name = name
        self.text = text


class LineField(SafeInput):
    """One line of text."""

    BINDINGS = bindings("field")

    def action_next(self) -> None:
        """On to the next field."""
        self.post_message(FieldDone())

    def action_move(self, step: int) -> None:
        """On or back by the arrow keys."""
        self.post_message(FieldDone(step))


class TextField(TextArea):
    """Several lines of text."""

    def __init__(self, text: str, *, rows: int, placeholder: str = "") -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False,
                         placeholder=placeholder)  # fmt: skip
        self.cursor_blink = False
        self.styles.height = rows

    def get_line(self, line_index: int) -> Text:
        """Return a line with stand-ins for what must not be drawn."""
        return Text(stand_in(self.document.get_line(line_index)), end="", no_wrap=True)


class PickField(Vertical):
    """One line with suggestions below it while it has the keys.

    Args:
        session: what is shared.
        text: what stands in it at first.
        suggest: what could be meant by a text.
        take: the text after a suggestion was taken.
    """

    def __init__(self, session: Session, text: str, suggest: Suggest, take: Take, *, placeholder: str = "") -> None:
        super().__init__(classes="pick")
        self._suggest, self._take = suggest, take
        self.input = _PickInput(text, placeholder=placeholder)
        self._options = Options(session, column=28)
        self._options.can_focus = False
        self._options.display = False

    def compose(self) -> ComposeResult:
        """Lay out line and suggestions."""
        yield self.input
        yield self._options

    def focus(self, scroll_visible: bool = True) -> PickField:
        """Give the line the keys."""
        self.input.focus(scroll_visible)
        return self

    def on_input_changed(self) -> None:
        """Suggest anew."""
        if self.input.has_focus:
            self._offer()

    def on_descendant_focus(self) -> None:
        """Suggest as soon as one stands here."""
        self._offer()

    def on_descendant_blur(self) -> None:
        """Where only one thing can be meant, it is meant."""
        text = self.input.value.strip()
        if text and len(self._options.options) == 1 and not self._exact():
            self.input.value = self._take(text, self._options.options[0])
        self._options.display = False

    def _offer(self) -> None:
        text = self.input.value
        found = self._suggest(text)
        if text and not text.endswith("/") and any(self._take(text, option) == text for option in found):
            found = []  # it stands here already
        self._options.offer(found)
        self._options.display = bool(found)
        self._options.styles.height = min(len(found), 5)

    def _exact(self) -> bool:
        text = self.input.value
        return any(self._take(text, option) == text for option in self._options.options)

    def moved(self, step: int) -> None:
        """Move in the suggestions; where there are none, on to another field."""
        if self._options.display:
            self._options.move(step)
        else:
            self.post_message(FieldDone(step))

    def taken(self) -> None:
        """Take the suggestion, and go on unless it leads further."""
        option = self._options.current
        if self._options.display and option is not None and (self.input.value or self._options.cursor):
            self._put(option)
        else:
            self.post_message(FieldDone())

    def _put(self, option: Option) -> None:
        self.input.value = self._take(self.input.value, option)
        self.input.cursor_position = len(self.input.value)
        self._offer()
        if not self._options.display:
            self.post_message(FieldDone())

    def on_options_taken(self, message: Options.Taken) -> None:
        """A suggestion was clicked."""
        message.stop()
        self._put(message.option)
        self.input.focus()


class _PickInput(SafeInput):
    BINDINGS = bindings("field")

    def action_next(self) -> None:
        self._field().taken()

    def action_move(self, step: int) -> None:
        self._field().moved(step)

    def _field(self) -> PickField:
        assert isinstance(self.parent, PickField)
        return self.parent


class ChoiceField(Widget, can_focus=True):
    """One of a few values, all of them in sight.

    Args:
        session: what is shared.
        name: the field.
        values: what can be chosen.
        told: the word for a value in the present language.
        value: what is chosen at first; empty for nothing.
        optional: whether nothing can be chosen.
        upright: one below the other instead of side by side.
    """

    BINDINGS = bindings("option")

    def __init__(
        self,
        session: Session,
        name: str,
        values: Sequence[str],
        told: Callable[[str], str],
        value: str = "",
        *,
        optional: bool = False,
        upright: bool = False,
    ) -> None:
        super().__init__(classes="choice")
        self._session = session
        self._field = name
        self._values = (*([""] if optional else []), *values)
        self._told = told
        self._upright = upright
        self.value = value

    def on_mount(self) -> None:
        """Take the room that the values need."""
        self._grow()

    def on_resize(self) -> None:
        """Another width needs other lines."""
        self._grow()

    def relabel(self) -> None:
        """Another language needs other room."""
        self._grow()
        self.refresh()

    def _grow(self) -> None:
        if not self.size.width and not self._upright:
            return
        self.styles.height = max(len(self._laid_out()), 1)

    def _laid_out(self) -> list[list[str]]:
        width = max(self.size.width, 10)
        if self._upright:
            return [[value] for value in self._values]
        lines: list[list[str]] = [[]]
        used = 0
        for value in self._values:
            cells = cell_len(shown(self._word(value))) + 4
            if lines[-1] and used + cells > width:
                lines.append([])
                used = 0
            lines[-1].append(value)
            used += cells
        return lines

    def _word(self, value: str) -> str:
        return self._told(value) if value else self._session.words("tui.choice.none")

    def render_line(self, y: int) -> Strip:
        """Draw one line of the values."""
        pen, width = self._session.pen, self.size.width
        lines = self._laid_out()
        spans: list[Span] = []
        for value in lines[y] if y < len(lines) else ():
            chosen = value == self.value and (bool(self.value) or value in self._values)
            word = cut(shown(self._word(value)), max(width - 4, 4))
            spans += [("● " if chosen else "○ ", pen.accent if chosen else pen.faint)]
            spans += [(word, pen.strong if chosen else pen.muted), ("  ", pen.plain)]
        return line(spans, width).apply_style(self.rich_style)

    def action_move(self, step: int) -> None:
        """Choose the next value."""
        if self.value in self._values:
            at = (self._values.index(self.value) + step) % len(self._values)
        else:
            at = 0 if step > 0 else len(self._values) - 1
        self._choose(self._values[at])

    def put(self, value: str) -> None:
        """Choose a value without a word about it; one that there is not is passed over."""
        if value in self._values:
            self.value = value
            self.refresh()

    def _choose(self, value: str) -> None:
        self.value = value
        self.refresh()
        self.post_message(FieldChanged(self._field, value))

    def on_key(self, event: events.Key) -> None:
        """A digit chooses by place; Enter goes on."""
        if event.key == "enter":
            event.stop()
            self.post_message(FieldDone())
        elif event.character and event.character.isdigit() and 1 <= int(event.character) <= len(self._values):
            event.stop()
            self._choose(self._values[int(event.character) - 1])

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        lines = self._laid_out()
        at = 0
        for value in lines[event.y] if event.y < len(lines) else ():
            at += cell_len(shown(self._word(value))) + 4
            if event.x < at:
                self._choose(value)
                return


class DateHint(Widget):
    """What a typed date is: its weekday, and how far away."""

    FORM = "tui.date.form"

    def __init__(self, session: Session, text: str) -> None:
        super().__init__(classes="hint")
        self._session = session
        self.text = text

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the hint."""
        words, pen = self._session.words, self._session.pen
        day = self.day()
        if day is None:
            hint = words(self.FORM)
        else:
            days = (day - self._session.today).days
            away = (
                words("tui.date.today")
                if not days
                else words("tui.date.ahead" if days > 0 else "tui.date.ago", days=abs(days))
            )
            hint = f"{self.lead(day)}{words(f'tui.weekday.{day.weekday()}')} · {away}"
        return line([(f"  {hint}", pen.muted)], self.size.width).apply_style(self.rich_style)

    def day(self) -> date | None:
        """The day that was typed; None as long as it is none."""
        from taizhang.ledger.domain.calendar import typed_day

        return typed_day(self.text)

    def lead(self, day: date) -> str:  # noqa: ARG002 - for those who know more
        """What comes before the weekday."""
        return ""


class DueHint(DateHint):
    """What a typed deadline comes to from today; the ledger counts from the day on which the step is taken."""

    FORM = "tui.due.form"

    def day(self) -> date | None:
        """The due date that the rule gives; None as long as there is none."""
        from taizhang.ledger.domain.calendar import parse_due, resolve
        from taizhang.ledger.domain.errors import Rejected

        session = self._session
        try:
            return resolve(parse_due(self.text), session.today, session.by.calendar).due if self.text.strip() else None
        except Rejected:
            return None

    def lead(self, day: date) -> str:
        """The day itself, which nobody typed."""
        return f"→ {day} "
