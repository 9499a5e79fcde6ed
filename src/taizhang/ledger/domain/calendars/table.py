"""Owns the rows in which a calendar is written down, read and reviewed; it must not know a country or a file.

    calendar cn
    edition 2026.1
    weekend sat sun
    published 2007..2026
    2023 off 01-02 01-23..01-27 04-05
    2023 work 01-28..01-29 04-23

`off` is a public holiday, `work` a weekend day on which people work. Both ends of a range count; a weekend inside a range of
holidays stays what it is. ``published always`` is for a calendar that awaits no publication. Blank rows and those that begin
with ``#`` say nothing. A year may have rows without being published: then they are what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NoReturn

from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import checked_identifier

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HEADS = ("calendar", "edition", "weekend", "published")
_DAY = timedelta(days=1)
_YEARS = re.compile(r"([0-9]{4})(?:\.\.([0-9]{4}))?")
_SPAN = re.compile(r"([0-9]{2})-([0-9]{2})(?:\.\.([0-9]{2})-([0-9]{2}))?")


def calendar_from_rows(rows: Iterable[str]) -> Calendar:
    """Return the calendar that the rows describe.

    Raises:
        Rejected: ``calendar.malformed`` with the number of the row (from 1), ``calendar.incomplete`` with what is missing,
            ``text.identifier``.
    """
    heads: dict[str, list[str]] = {}
    days: list[tuple[int, str, str, frozenset[date]]] = []
    for number, row in enumerate(rows, 1):
        words = row.split()
        if not words or words[0].startswith("#"):
            continue
        key, values = words[0], words[1:]
        if key in HEADS and key not in heads and _fits(key, values):
            heads[key] = values
        elif _YEARS.fullmatch(key) and len(key) == 4 and len(values) > 1 and values[0] in ("off", "work"):
            spans = (_span(int(key), word) or _malformed(number, row) for word in values[1:])
            days.append((number, row, values[0], frozenset().union(*spans)))
        else:
            _malformed(number, row)
    if missing := [head for head in HEADS if head not in heads]:
        raise Rejected("calendar.incomplete", missing=missing)

    weekend = frozenset(WEEKDAYS.index(word) for word in heads["weekend"])
    for number, row, kind, named in days:
        if kind == "work" and any(day.weekday() not in weekend for day in named):
            _malformed(number, row)  # people work on that day anyway, so another day must be meant
    off, work = (frozenset().union(*(named for *_, of, named in days if of == kind)) for kind in ("off", "work"))
    return Calendar(
        id=checked_identifier("calendar", heads["calendar"][0]),
        edition=checked_identifier("edition", heads["edition"][0]),
        days_off=frozenset(day for day in off if day.weekday() not in weekend),
        make_up=work,
        published=None
        if heads["published"] == ["always"]
        else frozenset(year for word in heads["published"] for year in _years(word)),
        weekend=weekend,
    )


def rows_of(calendar: Calendar) -> list[str]:
    """Return the rows of a calendar: always the same ones for the same calendar, so that editions can be compared."""
    published = ["always"] if calendar.published is None else _year_spans(sorted(calendar.published))
    rows = [
        f"calendar {calendar.id}",
        f"edition {calendar.edition}",
        " ".join(["weekend", *(WEEKDAYS[weekday] for weekday in sorted(calendar.weekend))]),
        " ".join(["published", *published]),
    ]
    for year in sorted({day.year for day in calendar.days_off | calendar.make_up}):
        for kind, days in (("off", calendar.days_off), ("work", calendar.make_up)):
            if spans := list(_spans(calendar, sorted(day for day in days if day.year == year))):
                rows.append(" ".join([str(year), kind, *spans]))
    return rows


def _malformed(number: int, row: str) -> NoReturn:
    raise Rejected("calendar.malformed", line=number, value=row.strip()[:200])


def _fits(key: str, values: list[str]) -> bool:
    match key:
        case "weekend":
            return set(values) < set(WEEKDAYS)
        case "published":
            return values == ["always"] or all(_YEARS.fullmatch(word) and _years(word) for word in values)
        case _:
            return len(values) == 1


def _years(word: str) -> range:
    first, _, last = word.partition("..")
    return range(int(first), int(last or first) + 1)


def _span(year: int, word: str) -> frozenset[date] | None:
    """Return the days from ``01-23..01-27`` or ``01-23``; None if it is neither, or names no day."""
    if not (found := _SPAN.fullmatch(word)):
        return None
    try:
        first = date(year, int(found[1]), int(found[2]))
        last = date(year, int(found[3]), int(found[4])) if found[3] else first
    except ValueError:
        return None
    return frozenset(first + n * _DAY for n in range((last - first).days + 1)) or None


def _year_spans(years: list[int]) -> Iterator[str]:
    while years:
        first = last = years[0]
        while last + 1 in years:
            last += 1
        yield f"{first}..{last}" if last > first else str(first)
        years = [year for year in years if year > last]


def _spans(calendar: Calendar, days: list[date]) -> Iterator[str]:
    """Yield days as ranges: holidays over a weekend in between, unless somebody works on it."""
    while days:
        first, rest = days[0], days[1:]
        last = first
        while rest and _joined(calendar, last, rest[0]):
            last, rest = rest[0], rest[1:]
        yield f"{first:%m-%d}..{last:%m-%d}" if last > first else f"{first:%m-%d}"
        days = rest


def _joined(calendar: Calendar, one: date, next_one: date) -> bool:
    between = (one + n * _DAY for n in range(1, (next_one - one).days))
    free = one in calendar.days_off
    return all(free and day.weekday() in calendar.weekend and day not in calendar.make_up for day in between)
