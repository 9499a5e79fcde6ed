"""Owns tables whose status is ticked (√) in one of several columns: which columns those are, and the word of each."""

from __future__ import annotations

from collections.abc import Sequence

from .cells import Row, squeezed, text_of
from .columns import LOOKED_DOWN, Column
from .filling import TICKS
from .names import Field, recognised
from .values import status_of


def tick_columns(rows: Sequence[Row], header: tuple[int, ...], columns: Sequence[Column]) -> dict[int, str]:
    """Return the columns that are ticked (√) under the words of a status, and their words; none where there are no such.

    They stand in the header itself, or in a row of words below the heading of the status.
    """
    last = header[-1]
    plain = {column.index: column for column in columns}
    taken = {column.field for column in columns}
    if not taken & {Field.STATUS, Field.CLOSED, Field.DONE}:
        found = {
            column.index: column.heading for column in columns if column.field is None and _is_state(column.heading)
        }
        return found if len(found) >= 2 and _any_tick(rows, last + 1, found) else {}
    at = next((column.index for column in columns if column.field is Field.STATUS), None)
    if at is None or last + 1 >= len(rows):
        return {}
    below = [text_of(cell) for cell in rows[last + 1]]
    found = {}
    for column in range(at, len(below)):
        if not below[column] or (column > at and column in plain):
            break
        found[column] = below[column]
    words = all(_is_state(word) for word in found.values())
    return found if len(found) >= 2 and words and len(set(found.values())) == len(found) else {}


def _is_state(word: str) -> bool:
    return status_of(word) is not None


def _any_tick(rows: Sequence[Row], start: int, columns: dict[int, str]) -> bool:
    below = rows[start : start + LOOKED_DOWN]
    texts = [squeezed(text_of(row[column])) for row in below for column in columns if column < len(row)]
    texts = [text for text in texts if text]
    return bool(texts) and sum(text in TICKS for text in texts) >= 0.8 * len(texts)


def are_ticked_words(row: Row, ticks: dict[int, str]) -> bool:
    held = {at: text for at, cell in enumerate(row) if (text := text_of(cell))}
    return {at: held.get(at, "") for at in ticks} == ticks and all(at in ticks or recognised(held[at]) for at in held)


def with_status(columns: tuple[Column, ...], status: int, heading: str) -> tuple[Column, ...]:
    others = tuple(column for column in columns if column.index != status)
    return tuple(sorted((*others, Column(status, heading, Field.STATUS, 0.9)), key=lambda column: column.index))
