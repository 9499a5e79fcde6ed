"""Owns how text reaches a person or a pipe: widths of Chinese text, tables, colours, standard output and error.

It must not know what a finding is. Loads nothing but the standard library, since every start pays for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TextIO
from unicodedata import combining, east_asian_width

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.values import visible

GAP = "  "
LEAST = 8
_COLOURS = {"red": "31", "yellow": "33", "green": "32", "grey": "90", "bold": "1"}


class Cell(NamedTuple):
    """A text with a colour that never says anything alone: the word is always there."""

    text: str
    colour: str = ""


class Column(NamedTuple):
    """A column of a table.

    Args:
        heading: its title.
        right: set against the right edge, as numbers are.
        flexible: may be cut where a line is too narrow.
    """

    heading: str
    right: bool = False
    flexible: bool = False


def width_of(text: str) -> int:
    """Return how many terminal cells the text takes: 2 for a wide character, 0 for one that combines."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if character < "\u0300":
        return 1
    if combining(character) or "\ufe00" <= character <= "\ufe0f":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def clipped(text: str, width: int) -> str:
    """Return the text, cut to `width` cells with an ellipsis where it is longer."""
    if width_of(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _cells(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return the text filled up with blanks to `width` cells."""
    blanks = " " * max(0, width - width_of(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, width: int | None) -> list[str]:
    """Return the text in lines of at most `width` cells; Latin words stay whole. None: only its own line breaks."""
    if width is None:
        return text.split("\n")
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for word in _words(paragraph):
            cells = width_of(word)
            if used + cells > width and line:
                if line.strip():
                    lines.append(line.rstrip())
                line, used = "", 0
                word = word.lstrip()
                cells = width_of(word)
            while cells > width:
                at = _fitting(word, width)
                lines.append(word[:at])
                word = word[at:]
                cells = width_of(word)
            line, used = line + word, used + cells
        lines.append(line.rstrip())
    return lines


def _fitting(word: str, width: int) -> int:
    """Return how many characters of a word fit; one at least."""
    used = 0
    for at, character in enumerate(word):
        used += _cells(character)
        if used > width:
            return max(at, 1)
    return len(word)


def _words(paragraph: str) -> Iterator[str]:
    """Yield what may not be parted: a run of Latin text, a blank, or one wide character with what follows a line never."""
    word = ""
    for character in paragraph:
        if word and character in "，。；：！？、）”’》】…,.;:!?)":
            word += character
        elif character == " " or _cells(character) == 2:
            if word:
                yield word
            word = character
        elif word and (word[-1] == " " or _cells(word[-1]) == 2):
            yield word
            word = character
        else:
            word += character
    if word:
        yield word


def one_line(text: str) -> str:
    """Return data as one safe line: line breaks become blanks, control and bidi characters are written out."""
    return visible(text.replace("\n", " "))


def table(
    columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], *, width: int | None, coloured: bool
) -> Iterator[str]:
    """Yield the lines of a table that is aligned by cells.

    Args:
        columns: the columns.
        rows: the cells, already safe to show.
        width: cells of a line; None where nothing is cut.
        coloured: whether colours may be written.
    """
    body = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    widths = [
        max([width_of(column.heading), *(width_of(row[at].text) for row in body)]) for at, column in enumerate(columns)
    ]
    if width is not None:
        excess = sum(widths) + len(GAP) * (len(columns) - 1) - width
        flexible = [at for at, column in enumerate(columns) if column.flexible]
        for at in sorted(flexible, key=lambda at: -widths[at]):
            if excess > 0:
                least = max(LEAST, width_of(columns[at].heading))
                cut = min(excess, max(0, widths[at] - least))
                widths[at] -= cut
                excess -= cut
    heading = GAP.join(padded(c.heading, widths[at], right=c.right) for at, c in enumerate(columns)).rstrip()
    yield painted(heading, "bold") if coloured else heading
    last = len(columns) - 1
    for row in body:
        parts = []
        for at, cell in enumerate(row):
            text = clipped(cell.text, widths[at])
            if at != last or columns[at].right:
                text = padded(text, widths[at], right=columns[at].right)
            parts.append(painted(text, cell.colour) if coloured and cell.colour else text)
        yield GAP.join(parts).rstrip()


def painted(text: str, colour: str) -> str:
    """Return the text between the escape sequences of a colour."""
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


class Console:
    """Standard output (data) and standard error (talk) of one run.

    Args:
        out: where data goes.
        err: where talk goes.
    """

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        for stream in (self._out, self._err):
            # what a narrow encoding cannot say is written as an escape, which is right in JSON as well
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="backslashreplace")
        self.interactive = self._out.isatty()
        self.coloured = self.interactive and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int | None:
        """Cells of a line on a terminal; None where output goes to a file or a pipe and nothing is cut."""
        if not self.interactive:
            return None
        said = os.environ.get("COLUMNS", "")
        columns = int(said) if said.isdecimal() else os.get_terminal_size(self._out.fileno()).columns
        return max(columns, 40)

    def line(self, text: str = "") -> None:
        """Write one line of data."""
        with self._handing(self._out):
            self._out.write(text + "\n")

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines of data."""
        for text in lines:
            self.line(text)

    def raw(self, data: bytes) -> None:
        """Write bytes of data as they are, whatever the encoding and the line ends of standard output."""
        with self._handing(self._out):
            self._out.flush()
            buffer = getattr(self._out, "buffer", None)
            if buffer is None:
                self._out.write(data.decode())
            else:
                buffer.write(data)
                buffer.flush()

    def say(self, text: str) -> None:
        """Write one line of talk."""
        with self._handing(self._out):
            self._out.flush()
        with self._handing(self._err):
            self._err.write(text + "\n")
            self._err.flush()

    def progress(self, text: str) -> None:
        """Write a line that the next one replaces; only where somebody is watching."""
        if self._err.isatty():
            self._err.write(f"\r{text}\x1b[K")
            self._err.flush()

    def paint(self, text: str, colour: str) -> str:
        """Return the text in a colour where colours may be written."""
        return painted(text, colour) if self.coloured and colour else text

    def abandon(self) -> None:
        """Forget what could not be handed over, so that nothing complains when the process ends."""
        _forget(self._out)

    def flush(self) -> None:
        """Hand everything over, so that a closed pipe is noticed here and not at the very end."""
        for stream in (self._out, self._err):
            with self._handing(stream):
                stream.flush()

    @contextmanager
    def _handing(self, stream: TextIO) -> Iterator[None]:
        """Hand something over; what a full disk does not take is told once, and not tried again when the process ends."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            _forget(stream)
            raise Unreachable("output.cannot-write", detail=error.strerror or str(error)) from error


def _forget(stream: TextIO) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # not a real file, as under a test
        return
