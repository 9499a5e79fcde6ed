"""Owns the first and the last line of every screen. Knows the session and the keys, no screen."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from taizhang.tui.cells import shown
from taizhang.tui.draw import Span, between, line
from taizhang.tui.keys import BY_ID
from taizhang.tui.session import Session

ALWAYS = frozenset({"app.help", "list.quit"}) | {name for name in BY_ID if name.endswith((".back", ".leave"))}
"""Keys that the footer names at any width: whoever knows no other key yet needs these."""


class HeaderBar(Widget):
    """The product, the ledger, where one is, who one is, and up to which event the ledger stands.

    Args:
        session: what is shared.
        crumbs: gives the way that led here, the screen's own place last.
    """

    def __init__(self, session: Session, crumbs: Callable[[], list[str]]) -> None:
        super().__init__(classes="bar header")
        self._session = session
        self._crumbs = crumbs
        self.place = ""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        """Draw the bar."""
        session, pen, words = self._session, self._session.pen, self._session.words
        width = self.size.width
        name = session.desk.path.name
        left: list[Span] = [(f" {words('tui.product')} ", pen.title), (f" {name}", pen.strong)]
        right: list[Span] = []
        if session.when:
            past = words("tui.past", when=session.when, today=session.by.today.isoformat())
            right.append((f" {past} ", pen.chip))
        if session.lost is not None:
            right.append((f" {words('tui.lost')} ", pen.chip))
        if session.desk.read_only:
            right.append((f" {words('tui.read-only')} ", pen.chip))
        right.append((f"  {self._who()}", pen.plain))
        seal = words("tui.seal", index=session.index) if session.index >= 0 else ""
        right.append((f"  {seal} ", pen.accent))
        if sum(cell_len(shown(text)) for text, _ in (*left[:2], *right)) > width:
            right = [right[-1]]
        room = width - sum(cell_len(shown(text)) for text, _ in (*left, *right))
        left += [(text, pen.muted) for text in self._way(room)]
        return between(left, right, width).apply_style(self.rich_style)

    def _way(self, room: int) -> list[str]:
        """The way that led here; where room is short its beginning is left out, never its end."""
        crumbs = self._crumbs()
        whole = [f" › {crumb}" for crumb in crumbs]
        while len(whole) > 1 and sum(cell_len(shown(text)) for text in whole) > room:
            del whole[0]
            whole[0] = f" › … › {crumbs[len(crumbs) - len(whole)]}"
        return whole

    def _who(self) -> str:
        session, words = self._session, self._session.words
        person = session.register.people.get(session.actor)
        if person is None:
            return session.actor or (words("tui.nobody") if session.begun else "")
        if self.size.width < 100:
            return person.name
        return f"{person.name} ({words.joined(words.term('role', role) for role in sorted(person.roles))})"


class FooterBar(Widget):
    """The few keys that matter here; for a while, what has just happened instead.

    Args:
        session: what is shared.
        keys: ids of the keys, the most important first; what does not fit is left out whole.
    """

    SECONDS = 6.0

    def __init__(self, session: Session, keys: tuple[str, ...]) -> None:
        super().__init__(classes="bar footer")
        self._session = session
        self._keys = keys
        self._said: Span | None = None
        self._timer: Timer | None = None

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence for a while."""
        if self._timer:
            self._timer.stop()
        pen = self._session.pen
        self._said = (f" {'✗' if wrong else '✓'} {text}", pen.red if wrong else pen.come)
        self._timer = self.set_timer(self.SECONDS, self.hush)
        self.styles.height = min(3, len(self._lines()))
        self.refresh(layout=True)

    def hush(self) -> None:
        """Show the keys again."""
        self._said = None
        self.styles.height = 1
        self.refresh(layout=True)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Name other keys from now on."""
        self._keys = keys
        self.refresh()

    def _lines(self) -> list[str]:
        from taizhang.tui.cells import wrap

        return wrap(shown(self._said[0]), max(self.app.size.width - 2, 10)) if self._said else [""]

    def render_line(self, y: int) -> Strip:
        """Draw the bar."""
        width = self.size.width
        if self._said is not None:
            lines = self._lines()
            text = lines[y] if y < len(lines) else ""
            return line([(text if y == 0 else f" {text}", self._said[1])], width).apply_style(self.rich_style)
        pen, words = self._session.pen, self._session.words
        told = [
            (name, f" {cap}", f" {words(f'tui.key.{name}')}  ")
            for name in self._keys
            if (cap := self._session.keymap.cap(name))
        ]
        spans: list[Span] = []
        room = width - 1 - sum(cell_len(cap + label) for name, cap, label in told if name in ALWAYS)
        full = False
        for name, cap, label in told:
            cells = 0 if name in ALWAYS else cell_len(cap + label)
            full = full or cells > room  # the less important ones behind it do not step into its place
            if not full or name in ALWAYS:
                room -= cells
                spans += [(cap, pen.key), (label, pen.muted)]
        return line(spans, width).apply_style(self.rich_style)
