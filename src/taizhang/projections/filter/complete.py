"""Owns what could be typed next in a filter: names of fields, their values, by characters or by their sound.

Like the parser it reads left to right, and unlike it refuses nothing: what is being typed is rarely a filter yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from taizhang.ledger.domain.register import Register
from taizhang.projections import pinyin

from .fields import BY_NAME, FIELDS, Field, Kind
from .parser import COMMAS, ESCAPE, NOT, OPERATORS, QUOTES
from .writer import quoted

MOST = 30
_DATES = {True: ("今天", "7天", "5个工作日", "30天"), False: ("today", "7d", "5wd", "30d")}


class Completion(NamedTuple):
    """What could stand in place of the characters from `start` to `end`, and what it is."""

    start: int
    end: int
    text: str
    note: str


class Word(NamedTuple):
    """The part of a filter that is being typed.

    Args:
        field: the field whose value it is; None for the beginning of a term.
        start: its first character.
        text: what is typed of it, without quotes.
    """

    field: Field | None
    start: int
    text: str


def completions(
    text: str, at: int, register: Register, values: Callable[[str], Iterable[tuple[str, int]]], *, chinese: bool
) -> list[Completion]:
    """Return what could be meant, the likeliest first.

    Args:
        at: how many characters stand before the cursor.
        values: the values of a column of the list with how often each occurs, the most frequent first.
        chinese: whether fields and words are offered in Chinese.
    """
    word = word_at(text[:at])
    if word is None:
        return []
    found: list[Completion] = []
    if word.field is None:
        offered: Iterator[tuple[str, str, str]] = _fields(chinese)
    else:
        offered = _values(word.field, register, values, chinese)
    for said, also, note in offered:
        if word.text and not _meant(word.text, said, also):
            continue
        insert = said if word.field is None else _quoted(said)
        if insert == text[word.start : at]:
            continue  # it stands there already
        found.append(Completion(word.start, at, insert, note))
    folded = _folded(word.text)
    found.sort(key=lambda each: not _folded(each.text).startswith(folded))
    return found[:MOST]


def word_at(text: str) -> Word | None:
    """Return the word at the end of a text; None inside quotes that begin a term, which is free text."""
    start, field, quote, escaped = 0, None, "", False
    for at, character in enumerate(text):
        if quote:
            if escaped:
                escaped = False
            elif character == ESCAPE:
                escaped = True
            elif character == quote:
                quote = ""
            continue
        if character.isspace():
            if field is not None and text[start:at].strip() == "":
                start = at + 1  # blanks before a value
            else:
                start, field = at + 1, None
        elif character in QUOTES and at == start:
            quote = QUOTES[character]
        elif field is None and character in NOT and at == start and (at == 0 or text[at - 1] not in NOT):
            start = at + 1
        elif field is None and character in OPERATORS:
            field = BY_NAME.get(_folded(text[start:at].rstrip("".join(NOT))))
            start = at + 1
        elif field is not None and (character in COMMAS or (character in OPERATORS and at == start)):
            start = at + 1
    typed = text[start:]
    if quote:
        return Word(field, start, typed[1:]) if field is not None else None
    return Word(field, start, typed)


def _fields(chinese: bool) -> Iterator[tuple[str, str, str]]:
    for field in FIELDS:
        ordered = field.kind in (Kind.NUMBER, Kind.DATE)
        mark = ("<" if field.kind is Kind.DATE else ">") if ordered else ":"
        mine, other = (field.chinese, field.english) if chinese else (field.english, field.chinese)
        yield f"{mine[0]}{mark}", " ".join((*mine, *other)), other[0]


def _values(
    field: Field, register: Register, values: Callable[[str], Iterable[tuple[str, int]]], chinese: bool
) -> Iterator[tuple[str, str, str]]:
    match field.kind:
        case Kind.CHOICE:
            for value, words in field.choices.items():
                all_words = (value, *words)
                mine = [word for word in all_words if word.isascii() is not chinese]
                plain = [word for word in mine if "_" not in word]
                other = next((word for word in all_words if word.isascii() is chinese), "")
                yield (plain or mine or [value])[0], " ".join(all_words), other
        case Kind.UNIT:
            for unit in register.units.values():
                yield unit.name, unit.id, unit.id
        case Kind.PROGRAMME:
            for programme in register.programmes.values():
                yield programme.code, programme.name, programme.name
        case Kind.DATE:
            for day in _DATES[chinese]:
                yield day, "", ""
        case Kind.TEXT if field.key in ("category", "source", "person"):
            for said, count in values(field.column):
                yield said, "", str(count)
        case _:
            return


def _folded(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _meant(typed: str, said: str, also: str) -> bool:
    wanted, offered = _folded(typed), _folded(f"{said} {also}")
    return wanted in offered or (wanted.isascii() and wanted.isalpha() and pinyin.sounds_in(f"{said} {also}", wanted))


def _quoted(text: str) -> str:
    plain = text and text[0] not in QUOTES and not any(c.isspace() or c in COMMAS for c in text)
    return text if plain else quoted(text)
