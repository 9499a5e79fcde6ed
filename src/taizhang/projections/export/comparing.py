"""Owns what differs between two tables: rows by the number of their finding, cells by their place. Knows no format's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice

from msgspec import Struct

from .reading import Cells
from .tables import Kind
from .write import Format

_KEYS = {Kind.HISTORY: "index", Kind.WEEKLY: "unit"}
"""By which field a row of JSON is known, where that is not the finding's number."""

HEADINGS = 3
"""So many lines at most are headings: groups, headings, and the rule of Markdown below them."""

LIMIT = 50
"""How many differences are told one by one."""


class Sort(StrEnum):
    """What differs."""

    CELL = "cell"
    MISSING = "missing"
    EXTRA = "extra"
    ORDER = "order"
    OUTSIDE = "outside"
    OTHER = "other"


class Difference(Struct, frozen=True):
    """One difference.

    Args:
        sort: a cell of a finding's row; a row that is missing from the file, or too much in it; the order of rows; a
            cell outside the rows of findings (title, headings, foot); something else in the file.
        place: where in the file: ``H7``, or ``rows[7].status`` in JSON; empty for a missing row.
        number: of the finding whose row it is; empty outside.
        column: the heading of the column; empty outside.
        found: what stands in the file.
        expected: what the ledger gives.
    """

    sort: Sort
    place: str = ""
    number: str = ""
    column: str = ""
    found: str = ""
    expected: str = ""


def compare(
    found: Cells, expected: Cells, ordinal: str, kind: Kind = Kind.PROBLEMS
) -> tuple[tuple[Difference, ...], int]:
    """Return the first differences, and how many there are.

    Args:
        found: the file.
        expected: the table as the ledger gives it, in the same format.
        ordinal: the heading of the first column, by which the headings are known.
        kind: which table; a report is compared place by place outside its first table, and in further sheets.
    """
    differences = _differences(found, expected, ordinal, kind)
    first = tuple(islice(differences, LIMIT))
    if not first and kind not in _KEYS:  # what stands behind a list follows from its rows: told where they agree
        differences = _in_other_sheets(found, expected)
        first = tuple(islice(differences, LIMIT))
    return first, len(first) + sum(1 for _ in differences)


class _Body:
    """The rows of findings: between the headings and the first row that bears no serial number."""

    def __init__(self, cells: Cells, top: int, keys: tuple[str, str]) -> None:
        first, second = keys
        self.rows: list[tuple[int, str]] = []
        at = next(
            (at for at in range(top + 1, top + 1 + HEADINGS) if cells.rows.get(at, {}).get(first, "").isdecimal()), 0
        )
        self.first = at
        while at and (row := cells.rows.get(at, {})).get(first, "").isdecimal():
            self.rows.append((at, row.get(second, "")))
            at += 1

    def numbers(self) -> list[str]:
        return [number for _, number in self.rows]


def _differences(found: Cells, expected: Cells, ordinal: str, kind: Kind) -> Iterator[Difference]:
    yield from (Difference(Sort.OTHER, found=name) for name in found.others if name not in expected.others)
    in_json = expected.format is Format.JSON
    keys = ("ordinal", _KEYS.get(kind, "number")) if in_json else ("A", "B")
    top = 0 if in_json else next((at for at, row in expected.rows.items() if row.get("A") == ordinal), None)
    if kind in _KEYS:
        yield from _in_other_sheets(found, expected)
    if top is None:  # nothing but text
        yield from _outside(found, expected, set(), set())
        return
    headings = dict(expected.rows[top])
    for at in range(top + 1, _Body(expected, top, keys).first):
        headings.update(expected.rows.get(at, {}))
    if in_json:
        headings = {name.removeprefix("columns."): text for name, text in headings.items()}
    ours, theirs = _Body(found, top, keys), _Body(expected, top, keys)
    if ours.numbers() == theirs.numbers():
        pairs = list(zip(ours.rows, theirs.rows, strict=True))
    else:
        pairs = []
        left = dict(reversed([(number, at) for at, number in ours.rows]))  # the first of two with the same number
        for at, number in theirs.rows:
            if number in left:
                pairs.append(((left.pop(number), number), (at, number)))
            else:
                yield Difference(Sort.MISSING, number=number)
        kept = {at for (at, _), _ in pairs}
        for at, number in ours.rows:
            if at not in kept:
                yield Difference(Sort.EXTRA, place=_place(in_json, keys[0], at), number=number)
        if [at for (at, _), _ in pairs] != sorted(kept):
            yield Difference(Sort.ORDER)
    for (at, number), (there, _) in pairs:
        yield from _cells(found, expected, at, there, number, headings, None if at == there else keys[0])
    yield from _outside(found, expected, {at for at, _ in ours.rows}, {at for at, _ in theirs.rows})


def _cells(
    found: Cells, expected: Cells, at: int, there: int, number: str, headings: dict[str, str], passed: str | None
) -> Iterator[Difference]:
    ours, theirs = found.rows[at], expected.rows[there]
    for column in {**theirs, **ours}:
        if ours.get(column, "") != theirs.get(column, "") and column != passed:
            place = _place(expected.format is Format.JSON, column, at)
            heading = headings.get(column, column)
            yield Difference(Sort.CELL, place, number, heading, ours.get(column, ""), theirs.get(column, ""))


def _in_other_sheets(found: Cells, expected: Cells) -> Iterator[Difference]:
    for name, rows in expected.others.items():
        held = found.others.get(name, {})
        sheet = name.removesuffix(" (visible)")
        for at in sorted({*rows, *held}):
            here, there = held.get(at, {}), rows.get(at, {})
            for column in {**there, **here}:
                if here.get(column, "") != there.get(column, ""):
                    yield Difference(
                        Sort.OUTSIDE, f"{sheet}!{column}{at}", "", "", here.get(column, ""), there.get(column, "")
                    )


def _outside(found: Cells, expected: Cells, ours: set[int], theirs: set[int]) -> Iterator[Difference]:
    """Compare what stands around the rows; the foot is aligned by its own first row, so that it may have moved."""
    moved = len(ours) - len(theirs)
    end = max(theirs, default=0)
    rows = {at if at <= end else at + moved: at for at in expected.rows if at not in theirs}
    for at in sorted({*rows, *(set(found.rows) - ours)}):
        here, there = found.rows.get(at, {}) if at not in ours else {}, expected.rows.get(rows.get(at, -1), {})
        for column in {**there, **here}:
            if here.get(column, "") != there.get(column, ""):
                place = _place(expected.format is Format.JSON, column, at)
                yield Difference(Sort.OUTSIDE, place, "", "", here.get(column, ""), there.get(column, ""))


def _place(in_json: bool, column: str, row: int) -> str:
    if not in_json:
        return f"{column}{row}"
    return f"rows[{row}].{column}" if row else column
