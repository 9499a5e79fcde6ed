"""Owns what a page that is handed in consists of: texts and tables, with their widths, the same for every format.

It must not know a file format, nor where a row comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, islice
from math import ceil

from msgspec import Struct

from taizhang.ledger.domain.lights import Light
from taizhang.ledger.domain.values import visible
from taizhang.locale.words import Lang

from .labels import Shown

FILLS = {Light.RED: "FFC7CE", Light.YELLOW: "FFEB9C", Light.GREEN: "C6EFCE", Light.GREY: "D9D9D9"}
"""The colour of a cell that shows a light, as RRGGBB."""

SAMPLE = 200
"""By so many rows a table's columns are made as wide as their content."""

RIGID = 26
"""Numbers and dates are never broken into two lines up to this width."""


BROKEN_FROM = 8
"""A Chinese heading that is wider takes two lines."""


READABLE = 1.41
"""Millimetres of a half-width character of 8 points."""

NARROW = 12
"""A column of longer texts is not made narrower than this where the paper is."""


class Paper(StrEnum):
    """The sizes of paper."""

    A4 = "a4"
    A3 = "a3"


MILLIMETRES = {Paper.A4: (210, 297), Paper.A3: (297, 420)}
"""Width and height of the paper, upright."""


class Part(StrEnum):
    """What a text is in the page."""

    SUBTITLE = "subtitle"
    HEADING = "heading"
    BODY = "body"
    NOTE = "note"


class Text(Struct, frozen=True):
    """A paragraph.

    Args:
        part: what it is.
        text: what it says.
        lead: what stands before it in the same paragraph, as a heading that runs in.
    """

    part: Part
    text: str
    lead: str = ""


class Head(Struct, frozen=True):
    """The heading of a column.

    Args:
        key: its name in JSON.
        text: what people read.
        width: how wide the column may become, in half-width characters.
        group: the heading above it; empty for none.
    """

    key: str
    text: str
    width: int
    group: str = ""


Row = tuple[list[Shown], Light | None]
"""The cells of a row, and the colour of its light."""


class Grid(Struct):
    """A table.

    Args:
        caption: its name.
        heads: its columns; the first holds the serial number.
        rows: read once.
        tinted: the column that shows the light; None for none.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: Iterable[Row]
    tinted: int | None = None

    @property
    def grouped(self) -> bool:
        """Whether there are headings above the headings."""
        return any(head.group for head in self.heads)


class Page(Struct):
    """What is handed in.

    Args:
        title: its title.
        lang: its language.
        blocks: texts and tables, in their order.
        reporting: the line under the title: who reports, and as on which day; empty for none.
        signatures: the line that is signed; empty for none.
        foot: as of what it was drawn, in words.
        token: the same for `verify-export` (`provenance`); empty where it must not be said.
        moment: when it was drawn, in UTC.
        paper: the size of the paper of its tables.
    """

    title: str
    lang: Lang
    blocks: tuple[Text | Grid, ...]
    reporting: tuple[str, ...] = ()
    signatures: str = ""
    foot: tuple[str, ...] = ()
    token: str = ""
    moment: datetime = datetime.min  # noqa: DTZ901 - always said
    paper: Paper = Paper.A4

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Its tables."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @property
    def is_report(self) -> bool:
        """Whether it is a text with tables behind it, and not one table alone."""
        return any(isinstance(block, Text) for block in self.blocks)


def plain(value: Shown) -> str:
    """Return what a cell says as text: days in ISO form, nothing invisible."""
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case _:
            return visible(value, keep="\n")


def cells_of(text: str) -> int:
    """Return the width of one line in half-width characters; a Chinese character is two wide."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def fitted(grid: Grid, page: Page) -> tuple[list[int], Iterator[Row]]:
    """Return how wide each column is, by the first rows, the headings and the paper, and all rows again."""
    rows = iter(grid.rows)
    sample = list(islice(rows, SAMPLE))
    bounds = [_bounds(head, [cells[at] for cells, _ in sample]) for at, head in enumerate(grid.heads)]
    widths = _within(bounds, int(table_space(page) / READABLE))
    return widths, chain(sample, rows)


def table_space(page: Page) -> int:
    """Return the width that a table has on the paper, in millimetres: upright within a report, lying where it is the page."""
    return 156 if page.is_report else MILLIMETRES[page.paper][1] - 40


def _bounds(head: Head, values: list[Shown]) -> tuple[int, int]:
    """Return how wide a column is at least, and how wide it would be by its content."""
    least = max(4, *(_unbroken(cells_of(word), chinese=not word.isascii()) for word in head.text.split() or [""]))
    widest, rigid = 0, 0
    for value in values:
        text = plain(value)
        for line in text.split("\n"):
            wide = cells_of(line)
            widest = max(widest, wide)
            if line.isascii() and " " not in line and wide <= RIGID:
                rigid = max(rigid, wide)
    least = max(least, rigid)
    return least + 1, max(least, min(widest, head.width)) + 1


def _within(bounds: list[tuple[int, int]], room: int) -> list[int]:
    """Return widths that leave the text readable: wide columns give way, down to what they need at least."""
    widths = [wide for _, wide in bounds]
    floors = [max(least, min(wide, NARROW)) for least, wide in bounds]
    excess, spare = sum(widths) - room, sum(widths) - sum(floors)
    if excess <= 0 or not spare:
        return widths
    share = min(1.0, excess / spare)
    return [width - int((width - floor) * share) for width, floor in zip(widths, floors, strict=True)]


def _unbroken(width: int, *, chinese: bool) -> int:
    """Return how much of a word of a heading stays on one line: a long Chinese one breaks in the middle."""
    return ceil(width / 2) if chinese and width > BROKEN_FROM else width


def groups_of(heads: tuple[Head, ...]) -> Iterator[tuple[str, int, int]]:
    """Yield the headings above the headings: text, first column, how many columns; an empty text is each column's own."""
    at = 0
    while at < len(heads):
        count = 1
        if heads[at].group:
            while at + count < len(heads) and heads[at + count].group == heads[at].group:
                count += 1
        yield heads[at].group, at, count
        at += count


def lines_in(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of that width."""
    return sum(max(1, -(-cells_of(line) // max(1, width))) for line in text.split("\n"))
