"""Owns the way from the text of a filter to its tree. Every refusal points at a character and says what may stand there."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import normalize

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected

from . import tree
from .fields import BY_NAME, FIELDS, NONE, Field, Kind, choice

LONGEST = 2_000
MOST_TERMS = 100

QUOTES = {'"': '"', "“": "”", "「": "」", "＂": "＂"}
COMMAS = ",，"
NOT = "!！"
OPERATORS = {":": ":", "：": ":", "=": "=", "＝": "=", "<": "<", "＜": "<", ">": ">", "＞": ">", "≤": "<=", "≥": ">="}
ESCAPE = "\\"

_DAYS = re.compile(r"(?P<count>[+-]?[0-9]{1,5})(?P<unit>wd|个工作日|工作日|d|天|日)")
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_RELATIVE = {"today": 0, "今天": 0, "今日": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1}


class _Value(Struct, frozen=True):
    text: str
    at: int
    quoted: bool

    @property
    def folded(self) -> str:
        return normalize("NFKC", self.text).casefold()

    @property
    def is_none(self) -> bool:
        return not self.quoted and self.folded in NONE


def parsed(text: str) -> tree.Filter:
    """Return the tree of a filter.

    Raises:
        Rejected: ``filter.…`` with `at`, the character (from 1) that it is about, and what would be allowed.
    """
    if len(text) > LONGEST:
        raise Rejected("filter.too-long", at=LONGEST + 1, length=len(text), limit=LONGEST)
    reader = _Reader(text)
    terms: list[tree.Term] = []
    while reader.skip_blanks():
        if len(terms) == MOST_TERMS:
            raise Rejected("filter.too-many", at=reader.place, limit=MOST_TERMS)
        terms.append(_term(reader))
    return tree.Filter(tuple(terms))


class _Reader:
    """A place in the text of a filter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    @property
    def place(self) -> int:
        """The character, from 1."""
        return self._at + 1

    @property
    def here(self) -> str:
        """The character at this place; empty at the end."""
        return self._text[self._at : self._at + 1]

    def skip_blanks(self) -> bool:
        """Pass over blanks; say whether anything is left."""
        while self.here.isspace():
            self._at += 1
        return bool(self.here)

    def take(self) -> str:
        """Return this character and step on."""
        character = self.here
        self._at += 1
        return character

    def operator(self) -> str:
        """Return the operator at this place, past which it steps; empty where there is none."""
        if self.here and self.here in NOT and OPERATORS.get(self._text[self._at + 1 : self._at + 2]) == "=":
            self._at += 2
            return "!="
        found = OPERATORS.get(self.here, "")
        if found:
            self._at += 1
            if found in "<>" and OPERATORS.get(self.here) == "=":
                self._at += 1
                found += "="
        return found

    def at_operator(self) -> bool:
        """Say whether an operator stands here."""
        before = self._at
        found = self.operator()
        self._at = before
        return bool(found)

    def quoted(self) -> str:
        """Return the text between this quote and the one that closes it."""
        place = self.place
        closing = QUOTES[self.take()]
        found: list[str] = []
        while self.here != closing:
            if not self.here:
                raise Rejected("filter.unclosed", at=place, closing=closing)
            character = self.take()
            found.append(self.take() if character == ESCAPE and self.here in (ESCAPE, closing) else character)
        self.take()
        return "".join(found)

    def run(self, until: str = "") -> str:
        """Return the characters up to a blank, or one of `until`."""
        start = self._at
        while self.here and not self.here.isspace() and self.here not in until:
            self._at += 1
        return self._text[start : self._at]

    def name(self) -> str:
        """Return the characters up to a blank or an operator."""
        start = self._at
        while self.here and not self.here.isspace() and not self.at_operator():
            self._at += 1
        return self._text[start : self._at]


def _term(reader: _Reader) -> tree.Term:
    start, negated = reader.place, False
    if reader.here in NOT:
        negated = True
        reader.take()
        if not reader.here or reader.here.isspace():
            raise Rejected("filter.nothing-negated", at=start)
    place = reader.place
    if reader.here in QUOTES:
        return tree.Term(tree.Words(reader.quoted()), negated, (place,))
    name = reader.name()
    operator = reader.operator()
    if not operator:
        return tree.Term(tree.Words(name), negated, (place,))
    field = BY_NAME.get(normalize("NFKC", name).casefold())
    if field is None:
        allowed = [field.key for field in FIELDS]
        if not name:
            raise Rejected("filter.no-field", at=place, allowed=allowed)
        raise Rejected("filter.unknown-field", at=place, field=name[:40], allowed=allowed)
    values = _values(reader, field)
    if operator == "!=":
        negated, operator = not negated, "="
    return tree.Term(_node(field, operator, values), negated, tuple(value.at for value in values))


def _values(reader: _Reader, field: Field) -> list[_Value]:
    values: list[_Value] = []
    while True:
        reader.skip_blanks()
        place = reader.place
        if reader.here in QUOTES:
            values.append(_Value(reader.quoted(), place, quoted=True))
        else:
            text = reader.run(until=COMMAS)
            if not text:
                raise Rejected("filter.no-value", at=place, field=field.key)
            values.append(_Value(text, place, quoted=False))
        if not reader.here or reader.here not in COMMAS:
            return values
        reader.take()


def _node(field: Field, operator: str, values: list[_Value]) -> tree.Node:
    if field.kind in (Kind.NUMBER, Kind.DATE):
        return _compare(field, "=" if operator == ":" else operator, values)
    if operator not in (":", "="):
        raise Rejected("filter.not-ordered", at=values[0].at, field=field.key, operator=operator)
    if field.kind is Kind.CHOICE:
        return tree.Choice(field.key, tuple(_chosen(field, value) for value in values))
    texts = tuple(None if value.is_none else value.text for value in values)
    return tree.Text(field.key, operator == "=", texts)


def _chosen(field: Field, value: _Value) -> str:
    found = choice(field, value.folded)
    if found is None:
        raise Rejected(
            "filter.unknown-value", at=value.at, field=field.key, value=value.text[:40], allowed=list(field.choices)
        )
    return found


def _compare(field: Field, operator: str, values: list[_Value]) -> tree.Compare:
    if operator != "=" and len(values) > 1:
        raise Rejected("filter.several-compared", at=values[1].at, field=field.key, operator=operator)
    scale = _number if field.kind is Kind.NUMBER else _day
    found = tuple(scale(field, value) for value in values)
    if operator != "=" and isinstance(found[0], tree.Nothing):
        raise Rejected("filter.not-ordered", at=values[0].at, field=field.key, operator=operator)
    return tree.Compare(field.key, operator, found)


def _number(field: Field, value: _Value) -> tree.Number:
    if not _NUMBER.fullmatch(value.folded):
        raise Rejected("filter.not-a-number", at=value.at, field=field.key, value=value.text[:40])
    return tree.Number(int(value.folded))


def _day(field: Field, value: _Value) -> tree.Scale:
    text = value.folded
    if value.is_none:
        return tree.Nothing()
    if text in _RELATIVE:
        return tree.Days(_RELATIVE[text])
    if days := _DAYS.fullmatch(text):
        return tree.Days(int(days["count"]), days["unit"] in ("wd", "个工作日", "工作日"))
    for mark in "/.年月":
        text = text.replace(mark, "-")
    if found := _DATE.fullmatch(text.removesuffix("日").removesuffix("-")):
        try:
            return _period(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0))
        except ValueError as error:  # the 30th of February: as much a date as "yesterdy"
            raise _no_date(field, value) from error
    raise _no_date(field, value)


def _no_date(field: Field, value: _Value) -> Rejected:
    return Rejected("filter.not-a-date", at=value.at, field=field.key, value=value.text[:40])


def _period(year: int, month: int, day: int) -> tree.Period:
    if day:
        return tree.Period(date(year, month, day), date(year, month, day))
    if month:
        return tree.month(year, month)
    return tree.Period(date(year, 1, 1), date(year, 12, 31))
