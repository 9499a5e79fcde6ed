"""The terminal on 200,000 findings, in a real pseudo-terminal: start, key to repaint, search as you type, scrubbing the
whole ledger along time, memory; and what live updates leave behind (a minute of them; an hour with `--hour`).

What counts is what a person sees: the bytes are drawn by a terminal emulator, and a figure ends when the rows changed.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyte

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import corpus
from bench.measure import Report, percentile
from taizhang.composition import make_demo

COLUMNS, LINES = 120, 40
ROWS = range(4, 36)
LISTED = 60
STARTS = 7
BURST = 0.004
"""Seconds between two pieces of output that belong to one repaint."""
KEYS = 300
KEY_ROW = ("g", "j", "k", "j", "\x06", "\x06", "\x02", "j", "j", "j")
"""Down, page down, up …; every fortieth key goes to the end."""
WORDS = ("财政", "谈心谈话", "台账", "caizheng", "czj", "专项资金", "JYZD-2023-01", "采购程序", "anquan", "群众")
LIVE_S = 60
RATE = 50
WRITER = """
import sys, time
from pathlib import Path
from taizhang.composition import open_desk
from taizhang.ledger.domain.commands import CommentOnFinding
from taizhang.ledger.domain.values import Via
from taizhang.service.desk import Order
desk, seconds, rate = open_desk(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
began = time.perf_counter()
for at in range(seconds * rate):
    desk.record(Order(CommentOnFinding(f"JZ-2023-{at % 12 + 1:03d}", f"第{at}条"), "inspector", Via.CLI))
    time.sleep(max(0.0, began + (at + 1) / rate - time.perf_counter()))
"""
EMPTY = "from textual.app import App\nfrom textual.widgets import Static\nclass E(App):\n    def compose(self): yield Static('ready')\nE().run()"


class Terminal:
    """A program in a pseudo-terminal, and what stands on its screen."""

    def __init__(self, command: list[str]) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self.started = time.perf_counter()
        self._pid, self._file = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.execv(command[0], command)

    def rows(self) -> list[str]:
        """What stands where the list is, without its scroll bar."""
        return [self.line(at, LISTED) for at in ROWS]

    def screen(self) -> list[str]:
        """What stands on the whole screen."""
        return [self.line(at) for at in range(LINES)]

    def line(self, at: int, cells: int = COLUMNS) -> str:
        """What stands in the first cells of one line."""
        row = self._screen.buffer[at]
        return "".join(row[x].data for x in range(cells))

    def until(self, seen: Callable[[], bool], timeout: float = 20.0, quiet: float = 0.03) -> float | None:
        """Read until nothing has come for `quiet` seconds after `seen`; return when that burst ended, or None.

        The emulator is slow: everything is read and stamped as it comes, and drawn only when the program rests.
        """
        deadline = time.perf_counter() + timeout
        while (left := deadline - time.perf_counter()) > 0:
            chunks: list[tuple[float, bytes]] = []
            while select.select([self._file], [], [], quiet if chunks else left)[0]:
                chunks.append((0.0, os.read(self._file, 1 << 16)))
                chunks[-1] = (time.perf_counter(), chunks[-1][1])
            found: float | None = None
            for came, chunk in chunks:
                if found is not None and came - found > BURST:
                    self._stream.feed(b"".join(later for at, later in chunks if at >= came))
                    return found
                self._stream.feed(chunk)
                if found is not None or seen():
                    found = came
            if found is not None:
                return found
        return None

    def press(self, keys: str) -> float:
        """Type something; return when."""
        now = time.perf_counter()
        os.write(self._file, keys.encode())
        return now

    def memory(self) -> tuple[float, float]:
        """MiB that are this process's own, and MiB of files that it has mapped (programs and libraries)."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii")
        held = {
            line.split(":")[0]: int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("Rss")
        }
        return held["RssAnon"], held["RssFile"]

    def close(self) -> None:
        """End the program."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._file)


def main() -> None:
    report = Report()
    folder = str(corpus())
    ours = [sys.executable, "-m", "taizhang", "--ledger", folder, "tui"]
    _start(ours)  # the read models may have to be built first
    starts = [(_start(ours), _start([sys.executable, "-c", EMPTY])) for _ in range(STARTS)]
    list_s, empty_s = median(a for a, _ in starts), median(b for _, b in starts)
    report.limit("start to first full list, beyond an empty Textual app", list_s - empty_s, "s", 0.4)
    report.note(f"{list_s:.3f} s against {empty_s:.3f} s, medians of {STARTS}")
    terminal = Terminal(ours)
    terminal.until(lambda: _full(terminal))
    terminal.until(lambda: False, 1.0)
    _keys(report, terminal)
    _search(report, terminal)
    _scrub(report, terminal)
    own, mapped = terminal.memory()
    report.limit("memory after all that", (own + mapped) * 1.048576, "MB", 150)
    report.note(f"{own:.0f} MiB its own, {mapped:.0f} MiB of programs and libraries that are mapped")
    terminal.close()
    _live(report, 3600 if "--hour" in sys.argv else LIVE_S)
    report.close()


def _full(terminal: Terminal) -> bool:
    return all(row.strip() for row in terminal.rows()[:-2])


def _start(command: list[str]) -> float:
    terminal = Terminal(command)
    empty = command[1] == "-c"
    seen = terminal.until(lambda: "ready" in terminal.line(0) if empty else _full(terminal), 600.0)
    terminal.close()
    if seen is None:
        raise RuntimeError("nothing was drawn")
    return seen - terminal.started


def _keys(report: Report, terminal: Terminal) -> None:
    """Down, page down, end, home …, one at a time; each ends when the screen changed."""
    taken = []
    for turn in range(KEYS):
        before = terminal.screen()
        key = KEY_ROW[turn % 10] if turn % 40 else "G"
        pressed = terminal.press(key)
        seen = terminal.until(lambda before=before: terminal.screen() != before, 1.0)
        if seen is not None:
            taken.append(seen - pressed)
        terminal.until(lambda: False, 0.02)
    report.limit("key to repaint, 99 in 100", percentile(taken, 0.99) * 1e3, "ms", 33)
    report.note(f"median {median(taken) * 1e3:.1f} ms of {len(taken)} keys")


def _search(report: Report, terminal: Terminal) -> None:
    """Type words a character at a time; each ends when the rows changed."""
    taken = []
    for word in WORDS:
        terminal.press("/")
        terminal.until(lambda: False, 0.4)
        for character in word:
            before = terminal.rows()
            pressed = terminal.press(character)
            seen = terminal.until(lambda before=before: terminal.rows() != before, 0.5)
            if seen is not None:  # a letter that leaves the same first rows shows nothing to wait for
                taken.append(seen - pressed)
            terminal.until(lambda: False, 0.25)
        terminal.press("\x1b")
        terminal.until(lambda: False, 0.5)
    report.limit("search keystroke to changed rows, 99 in 100", percentile(taken, 0.99) * 1e3, "ms", 60)
    report.note(f"median {median(taken) * 1e3:.1f} ms of {len(taken)} keystrokes")


def _scrub(report: Report, terminal: Terminal) -> None:
    """Go along the whole ledger by month, by day and by event; a step ends when the list and the axis stand."""
    terminal.press("R")
    terminal.until(lambda: "…" not in terminal.line(3) and "/" in terminal.line(1), 60.0)
    terminal.until(lambda: False, 1.0)
    taken = []
    for stride, steps in (("event", 60), ("day", 60), ("month", 60)):
        if stride != "event":
            terminal.press("\t")
            terminal.until(lambda: False, 0.3)
        for turn in range(steps):
            before = terminal.line(1)
            key = "\x1b[D" if turn < steps // 2 else "\x1b[C"
            pressed = terminal.press(key)
            seen = terminal.until(lambda before=before: terminal.line(1) != before, 2.0)
            if seen is not None:
                taken.append(seen - pressed)
            terminal.until(lambda: False, 0.02)
    report.limit("a step of scrubbing the whole ledger, 99 in 100", percentile(taken, 0.99) * 1e3, "ms", 150)
    report.note(f"median {median(taken) * 1e3:.1f} ms of {len(taken)} steps by event, day and month")
    terminal.press("\x1b")
    terminal.until(lambda: False, 0.5)


def _live(report: Report, seconds: int) -> None:
    """Record events in another process while the terminal looks on; what it holds may not grow."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "live"
        make_demo(folder)
        terminal = Terminal([sys.executable, "-m", "taizhang", "--ledger", str(folder), "--actor", "office", "tui"])
        terminal.until(lambda: "JZ-2023-012" in "".join(terminal.screen()))
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), str(seconds), str(RATE)])
        began, held = time.perf_counter(), list[float]()
        while writer.poll() is None:
            terminal.until(lambda: False, 1.0)
            held.append(terminal.memory()[0])
        recorded = writer.returncode == 0 and RATE * seconds
        terminal.until(lambda: False, 1.0)
        third = max(len(held) // 3, 1)
        grown = max(held[-3:]) - max(held[third : third + 3])
        report.limit(f"memory that {recorded} events from elsewhere left behind", grown, "MiB", 4)
        rate = recorded / (time.perf_counter() - began)
        report.note(
            f"{rate:.0f} events a second for {seconds} s; {held[0]:.0f} MiB at first, {held[-1]:.0f} MiB at last"
        )
        terminal.close()


if __name__ == "__main__":
    main()
