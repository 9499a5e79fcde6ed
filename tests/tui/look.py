"""How tests look at the terminal: the screen as plain lines, cell by cell as a terminal would show them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from taizhang.locale.words import words_for
from taizhang.service.desk import Desk
from taizhang.tui.app import TaizhangApp
from taizhang.tui.memory import Memory
from taizhang.tui.preferences import Preferences


class Person:
    """Somebody before the terminal: presses keys and reads."""

    def __init__(self, app: TaizhangApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line, blanks at the end dropped."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def widths(self) -> set[int]:
        """The widths of the lines in cells: one width alone, or something is squeezed."""
        strips = self.app.screen._compositor.render_strips()
        return {sum(cell_len(segment.text) for segment in strip) for strip in strips}

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until what they began is drawn."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text into the field that has the keys, as an input method commits it: whole."""
        focused = self.app.focused
        if isinstance(focused, Input):
            focused.insert_text_at_cursor(text)
        else:
            assert focused is not None
            focused.insert(text)  # type: ignore[attr-defined]
        await self.settle()

    async def settle(self) -> None:
        """Wait until no errand is under way and everything is drawn."""
        quiet = 0
        while quiet < 3:  # an answer is a message, and may lead to another question
            await self.pilot.pause()
            quiet = 0 if self.app.session.busy else quiet + 1
            if not quiet:
                await asyncio.sleep(0.002)

    async def until(self, seen: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until something is seen."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not seen():
            assert loop.time() < end, f"not seen within {seconds} s:\n{self.text}"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def terminal(
    desk: Desk,
    actor: str = "dudao",
    lang: str = "zh",
    size: tuple[int, int] = (80, 24),
    *,
    wait: bool = True,
    preferences: Preferences | None = None,
    memory: Memory | None = None,
) -> AsyncIterator[Person]:
    """Run the terminal without a terminal."""
    app = TaizhangApp(desk, words_for(lang), actor, preferences, memory)
    async with app.run_test(size=size) as pilot:
        person = Person(app, pilot)
        if wait:
            await person.settle()
        yield person
