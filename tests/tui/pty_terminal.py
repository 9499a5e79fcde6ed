"""A program in a real pseudo-terminal, drawn by a terminal emulator: what a person would see, cell by cell."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
from pyte.screens import wcwidth

ROOT = Path(__file__).resolve().parents[2]


class Pty:
    """A program and its screen.

    Args:
        command: the program.
        size: columns and lines.
        env: added to the environment.
    """

    def __init__(self, command: list[str], size: tuple[int, int], env: dict[str, str]) -> None:
        self.columns, self.height = size
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
                os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", PYTHONPATH=paths, **env)
                for name in ("NO_COLOR", "COLUMNS", "LINES"):
                    os.environ.pop(name, None)
                os.execve(command[0], command, dict(os.environ))  # readline sets COLUMNS behind the back of os.environ
            finally:
                os._exit(127)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen; a wide character takes two cells, the second of which is empty."""
        return ["".join(self.screen.buffer[y][x].data for x in range(self.columns)) for y in range(self.height)]

    @property
    def text(self) -> str:
        """The whole screen, blanks at the end of lines dropped."""
        return "\n".join(line.rstrip() for line in self.lines)

    def misplaced(self) -> list[tuple[int, int, str]]:
        """The cells in which a character does not take the room that its width asks for."""
        wrong = []
        for y in range(self.height):
            row, x = self.screen.buffer[y], 0
            while x < self.columns:
                data = row[x].data
                width = wcwidth(data[0]) if data else 0
                if width < 1 or (width == 2 and (x + 1 >= self.columns or row[x + 1].data)):
                    wrong.append((y, x, data))
                x += max(width, 1)
        return wrong

    def press(self, *keys: str, quiet: float = 0.06, most: float = 10.0) -> None:
        """Type, one after the other, and wait each time until the program rests, at most so many seconds."""
        for key in keys:
            os.write(self._file, key.encode())
            self.rest(
                max(quiet, 0.25) if key in ("\x1b", "/") else quiet, most
            )  # Escape and a key are one: Alt and that key

    def rest(self, quiet: float = 0.12, timeout: float = 10.0) -> None:
        """Read until nothing has come for a while."""
        end = time.monotonic() + timeout
        while time.monotonic() < end and select.select([self._file], [], [], quiet)[0]:
            self._read()

    def until(self, seen: Callable[[], object], timeout: float = 60.0) -> None:
        """Read until something is seen."""
        end = time.monotonic() + timeout
        while not seen():
            assert time.monotonic() < end, f"not seen within {timeout} s:\n{self.text}"
            if select.select([self._file], [], [], 0.05)[0]:
                self._read()

    def _read(self) -> None:
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:
            raise AssertionError(f"the program ended:\n{self.text}") from None
        self.raw += data
        self._stream.feed(data)

    def close(self) -> None:
        """End the program."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._file)


@contextmanager
def running(command: list[str], size: tuple[int, int] = (80, 24), **env: str) -> Iterator[Pty]:
    """Run a program in a pseudo-terminal."""
    terminal = Pty([sys.executable, *command], size, env)
    try:
        yield terminal
    finally:
        terminal.close()


@contextmanager
def on_a_desk(
    made: str, size: tuple[int, int], state: Path, lang: str = "zh", actor: str = "dudao", memory: str = "None"
) -> Iterator[Pty]:
    """Run the terminal on a desk in memory, which an expression makes."""
    here = state / "here"  # a folder without files: what a path is completed with is the same everywhere
    here.mkdir()
    program = (
        f"import os\nos.chdir({str(here)!r})\n"
        "from tests.tui.fake_desk import *\nfrom tests.tui.poison import PoisonedMemory, poisoned\n"
        "from taizhang.locale.words import words_for\nfrom taizhang.tui import run\n"
        f"run({made}, words_for({lang!r}), {actor!r}, memory={memory})"
    )
    with running(["-c", program], size, XDG_STATE_HOME=str(state)) as terminal:
        terminal.until(lambda: "JZ-2023-005" in terminal.text)
        terminal.rest(0.3, 1.0)
        yield terminal
