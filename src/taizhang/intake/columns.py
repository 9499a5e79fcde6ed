"""Owns what a column of a table is: by its heading, by what its rivals are called, and where that is not enough by what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from .cells import Row, squeezed, text_of
from .mapping import Mapping
from .names import MANY, SURE, Field, Guess, recognised
from .values import status_of

LOOKED_DOWN = 50
"""So many rows below it, for what a column holds."""

_EITHER = frozenset({"完成时间", "完成日期", "整改完成时间", "整改完成日期", "completiondate"})


class Column(Struct, frozen=True):
    """One column of a table.

    Args:
        index: its place, from 0.
        heading: its heading as it stands, group and heading of two rows together.
        field: what it is taken as; None where it is not.
        confidence: how surely, up to 1; 1 for what was mapped by hand.
        by_hand: whether a mapping file said it.
    """

    index: int
    heading: str
    field: Field | None
    confidence: float
    by_hand: bool = False


def column_of(index: int, texts: tuple[str, ...], mapping: Mapping) -> Column:
    heading = texts[-1] if texts else ""
    said = mapping.field_of(index, texts)
    if said is not None:
        return Column(index, heading, said, 1.0, by_hand=True)
    guesses = [guess for text in texts if (guess := recognised(text)) is not None]
    best = max(guesses, key=lambda guess: guess.confidence, default=None)
    if best is not None and (better := _in_its_group(texts, best)) is not None:
        best = better
    if best is None:
        return Column(index, heading, None, 0.0)
    return Column(index, heading, best.field, best.confidence)


def _in_its_group(texts: tuple[str, ...], guess: Guess) -> Guess | None:
    """Let the group say what a general word means: 责任单位 · 名称, 整改措施 · 内容."""
    if len(texts) < 2 or guess.confidence >= 0.9:
        return None
    group = recognised(texts[1][: len(texts[1]) - len(texts[0])])
    return Guess(group.field, 0.7) if group is not None and squeezed(texts[0]) in ("名称", "内容", "name") else None


def without_rivals(columns: list[Column]) -> list[Column]:
    """Leave each field its surest column; the others are shown, and taken as nothing."""
    taken: dict[Field, Column] = {}
    for column in sorted(columns, key=_surest_first):
        if column.field is None or column.confidence < SURE:
            continue
        if column.field in MANY:
            continue
        taken.setdefault(column.field, column)
    kept = []
    for column in columns:
        field = column.field
        rival = field is not None and field not in MANY and taken.get(field) is not column
        if rival and field in _BESIDE and column.confidence >= PLAIN:
            other = _otherwise(column, taken[field], taken)
            if other not in MANY:
                taken[other] = column
            kept.append(replace(column, field=other, confidence=min(column.confidence, 0.7)))
        else:
            kept.append(replace(column, field=None) if rival or column.confidence < SURE else column)
    return kept


PLAIN = 0.9
"""From this confidence on a rival is a column of its own kind, and not a sentence that happens to end in its name."""

_BESIDE = frozenset({Field.TITLE, Field.LEAD_UNIT, Field.MEASURES, Field.PROGRESS, Field.STATUS})
_LEADS = re.compile("牵头|主责|主办")
_STRIKES_OFF = re.compile("销号|办结|闭环|结案|closed")


def _otherwise(column: Column, surer: Column, taken: dict[Field, Column]) -> Field:
    """Return what a column is, where a surer one of its kind stands beside it."""
    if column.field is Field.LEAD_UNIT and _LEADS.search(surer.heading) and Field.COOPERATING not in taken:
        return Field.COOPERATING
    if column.field is Field.STATUS and _STRIKES_OFF.search(squeezed(column.heading)) and Field.CLOSED not in taken:
        return Field.CLOSED
    return Field.DETAIL


def _surest_first(column: Column) -> tuple[bool, float, int, int]:
    """Return what columns of one field are ordered by: by hand, surely, the word that says most, from the left."""
    plain = squeezed(column.heading)
    words = _SAYS_MOST.get(column.field, ()) if column.field else ()
    rank = next((at for at, word in enumerate(words) if word in plain), len(words))
    return not column.by_hand, -column.confidence, rank, column.index


_SAYS_MOST = {
    Field.TITLE: ("具体", "描述", "表述", "内容", "表现"),
    Field.LEAD_UNIT: ("牵头", "主责", "主办", "承办", "责任", "整改"),
}


def by_content(rows: Sequence[Row], start: int, end: int, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Let what is there decide where a name alone does not.

    完成时间 is the deadline where no other column is; the column of progress is the status where there is no other and it
    holds the words of one.
    """
    fields = {column.field for column in columns}
    if not fields & {Field.DEADLINE, Field.REVISED, Field.ORIGINAL}:
        columns = tuple(
            replace(column, field=Field.DEADLINE, confidence=0.7)
            if column.field is Field.CLOSED_ON and not column.by_hand and squeezed(column.heading) in _EITHER
            else column
            for column in columns
        )
    if fields & {Field.STATUS, Field.CLOSED, Field.DONE} or Field.PROGRESS not in fields:
        return columns
    at = next(column.index for column in columns if column.field is Field.PROGRESS)
    texts = [text_of(row[at]) for row in rows[start : min(end, start + LOOKED_DOWN)] if at < len(row)]
    texts = [text for text in texts if text]
    known = sum(status_of(text) is not None for text in texts)
    if not texts or known < 0.8 * len(texts):
        return columns
    return tuple(
        replace(column, field=Field.STATUS, confidence=0.7) if column.field is Field.PROGRESS else column
        for column in columns
    )
