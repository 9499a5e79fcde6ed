"""Owns working days: which days count, what N of them come to, and how a rule of a deadline becomes a due date.

Pure. It must not know where a calendar comes from, what today is, or what a finding does with its deadline. A calendar is a
value that comes in with the command; years that nobody has published yet are counted by weekends alone and said so.
Source: docs/guide.md, "Deadlines, extensions, rounds".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Annotated, NamedTuple, TypeAlias, assert_never

from msgspec import Meta, Struct

from .errors import Rejected
from .values import checked_identifier

SATURDAY_SUNDAY = frozenset({5, 6})
LEAST_DAYS, MOST_DAYS = 1, 3650


class Calendar(Struct, frozen=True, dict=True):
    """One edition of the working days of one country or office. A correction makes a new edition and leaves this one be.

    Sets have no order: an event that carries a calendar carries `calendars.table.rows_of` of it.

    Args:
        id: what a policy calls it, for example ``cn``.
        edition: which state of the publications it stands for, for example ``2026.1``.
        days_off: public holidays; none of them on a weekend.
        make_up: weekend days on which people work (调休); all of them on a weekend.
        published: the years whose holidays are officially known; None where there is nothing to publish.
        weekend: days of the week without work, 0 is Monday.

    Raises:
        ValueError: days of the wrong kind, or a week without a working day.
    """

    id: str
    edition: str
    days_off: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    published: frozenset[int] | None = frozenset()
    weekend: frozenset[int] = SATURDAY_SUNDAY

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise ValueError("a weekend is some of the days 0 to 6, and not all of them")
        if any(day.weekday() in self.weekend for day in self.days_off):
            raise ValueError("a day off lies on a weekend")
        if any(day.weekday() not in self.weekend for day in self.make_up):
            raise ValueError("a make-up working day lies outside the weekend")

    @property
    def name(self) -> str:
        """What a deadline keeps of it: ``cn/2026.1``."""
        return f"{self.id}/{self.edition}"

    def is_working(self, day: date) -> bool:
        """Tell whether people work on the day."""
        if day.weekday() in self.weekend:
            return day in self.make_up
        return day not in self.days_off

    def add_working_days(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`, which is not counted itself, working day or not.

        Raises:
            ValueError: n is less than 1, or the day lies beyond the year 9999.
        """
        if n < 1:
            raise ValueError("a deadline has at least one day")
        count = self._count
        return date.fromordinal(count.first(count.upto(start.toordinal()) + n))

    def add_calendar_days(self, start: date, n: int) -> date:
        """Return the day n days after `start`; the next working day if nobody works on it.

        Raises:
            ValueError: n is less than 1, or the day lies beyond the year 9999.
        """
        if n < 1:
            raise ValueError("a deadline has at least one day")
        end = date.fromordinal(start.toordinal() + n)
        return end if self.is_working(end) else self.add_working_days(end, 1)

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and including `end`; negative if `end` is the earlier day.

        From today to the due date these are the days left; from the due date to today or to the closure, the days late.
        It is 0 on a weekend after a due Friday: whether a finding is overdue is asked of the dates, not of this number.
        """
        count = self._count
        return count.upto(end.toordinal()) - count.upto(start.toordinal())

    def unpublished(self, start: date, end: date) -> tuple[int, ...]:
        """Return the years between two days, both counted, that are not published: a result over them is provisional."""
        if self.published is None:
            return ()
        first, last = sorted((start.year, end.year))
        return tuple(year for year in range(first, last + 1) if year not in self.published)

    @cached_property
    def _count(self) -> _Count:
        return _count_of(self)


class _Count(NamedTuple):
    """How many working days there are up to a day, as whole weeks and the days that differ. Days are ordinals."""

    in_week: int
    in_part: tuple[int, ...]  # working days among the first r days of a week, r from 0 to 6
    nth: tuple[int, ...]  # which day of the week the first, second, … working day is, Monday is 1
    odd: tuple[int, ...]  # the days that differ from their week, in order
    shift: tuple[int, ...]  # by how much the first i of them change the count
    at_odd: tuple[int, ...]  # the count up to and including each of them

    def upto(self, day: int) -> int:
        weeks, rest = divmod(day, 7)  # the ordinal 1 is a Monday
        return weeks * self.in_week + self.in_part[rest] + self.shift[bisect_right(self.odd, day)]

    def first(self, count: int) -> int:
        """Return the first day up to which there are `count` working days."""
        i = bisect_left(self.at_odd, count)  # the day lies after odd[i - 1], and is odd[i] at the latest
        weeks, rest = divmod(count - self.shift[i] - 1, self.in_week)
        day = weeks * 7 + self.nth[rest]
        return min(day, self.odd[i]) if i < len(self.odd) else day


def _count_of(calendar: Calendar) -> _Count:
    works = [int(weekday not in calendar.weekend) for weekday in range(7)]
    nth = tuple(weekday + 1 for weekday in range(7) if works[weekday])
    odd = tuple(sorted(day.toordinal() for day in calendar.days_off | calendar.make_up))
    make_up = {day.toordinal() for day in calendar.make_up}
    shift = tuple(accumulate((1 if day in make_up else -1 for day in odd), initial=0))
    plain = _Count(len(nth), tuple(accumulate(works[:6], initial=0)), nth, odd, shift, ())
    return plain._replace(at_odd=tuple(plain.upto(day) for day in odd))


def corrected(
    calendar: Calendar,
    *,
    edition: str,
    off: Iterable[date] = (),
    working: Iterable[date] = (),
    published: Iterable[int] = (),
) -> Calendar:
    """Return a new edition of a calendar; the old one, and every deadline that it gave, stay as they are.

    Args:
        edition: the name of the new edition.
        off: days on which nobody works from now on, a make-up day that was cancelled among them.
        working: days on which people work from now on, a holiday that was cancelled among them.
        published: years that are officially known now.

    Raises:
        Rejected: ``calendar.same-edition``, ``calendar.contradiction`` or ``text.identifier``.
    """
    if checked_identifier("edition", edition) == calendar.edition:
        raise Rejected("calendar.same-edition", calendar=calendar.id, edition=edition)
    off, working = frozenset(off), frozenset(working)
    if both := off & working:
        raise Rejected("calendar.contradiction", calendar=calendar.id, days=[day.isoformat() for day in sorted(both)])
    return Calendar(
        id=calendar.id,
        edition=edition,
        days_off=calendar.days_off - working | {day for day in off if day.weekday() not in calendar.weekend},
        make_up=calendar.make_up - off | {day for day in working if day.weekday() in calendar.weekend},
        published=None if calendar.published is None else calendar.published | frozenset(published),
        weekend=calendar.weekend,
    )


Days: TypeAlias = Annotated[int, Meta(ge=LEAST_DAYS, le=MOST_DAYS)]


class ByDate(Struct, frozen=True, tag_field="by", tag="date"):
    """Due on a day that somebody named, working day or not."""

    due: date


class WorkingDays(Struct, frozen=True, tag_field="by", tag="working_days"):
    """Due n working days (工作日) after the start."""

    n: Days


class CalendarDays(Struct, frozen=True, tag_field="by", tag="calendar_days"):
    """Due n calendar days (自然日) after the start, moved to the next working day."""

    n: Days


class ReviewDates(Struct, frozen=True, tag_field="by", tag="review_dates"):
    """Never due, looked at on these days (长期坚持): in order, each once."""

    dates: tuple[date, ...]


DueRule: TypeAlias = ByDate | WorkingDays | CalendarDays | ReviewDates


class Resolved(Struct, frozen=True, omit_defaults=True):
    """What a rule came to, with all that it rests on.

    Args:
        due: the last day on which it is on time; None where no review date is left.
        start: the day that the rule counts from, itself not counted.
        rule: `rule_text` of the rule.
        calendar: `Calendar.name` of the edition that gave the date; empty where no calendar was asked.
        provisional: a year from the start to the due date is not published, so a later edition may give another day.
    """

    due: date | None
    start: date
    rule: str
    calendar: str = ""
    provisional: bool = False


def resolve(rule: DueRule, start: date, calendar: Calendar) -> Resolved:
    """Return the due date of a rule from the start by this edition; of review dates the first after the start."""
    match rule:
        case ByDate(due=due):
            return Resolved(due, start, rule_text(rule))
        case ReviewDates(dates=dates):
            return Resolved(min((day for day in dates if day > start), default=None), start, rule_text(rule))
        case WorkingDays(n=n):
            due = calendar.add_working_days(start, n)
        case CalendarDays(n=n):
            due = calendar.add_calendar_days(start, n)
        case _:
            assert_never(rule)
    return Resolved(due, start, rule_text(rule), calendar.name, bool(calendar.unpublished(start, due)))


def rule_text(rule: DueRule) -> str:
    """Return the rule in the form that is kept, which `parse_due` reads back: ``2026-12-31``, ``10wd``, ``30d``, ``review:…``."""
    match rule:
        case ByDate(due=due):
            return due.isoformat()
        case WorkingDays(n=n):
            return f"{n}wd"
        case CalendarDays(n=n):
            return f"{n}d"
        case ReviewDates(dates=dates):
            return "review:" + ",".join(day.isoformat() for day in dates)
        case _:
            assert_never(rule)


ALLOWED = ("2026-12-31", "10wd", "30d", "10个工作日", "30日", "review:2026-06-30,2026-12-31")
_COUNT = re.compile(r"([1-9][0-9]{0,3}) ?(?:(wd|个? ?工作日)|d|日|天|个? ?(?:自然日|日历日|日历天))内?")
_DAY = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})(日?)")
_REVIEW = re.compile(r"(?:review|复查) ?: ?(.+)")
_DAY_MARKS = {"--", "//", "..", "年月日"}


def parse_due(text: str) -> DueRule:
    """Return the rule that a text stands for; full-width digits, capitals and blanks around do not matter.

    Raises:
        Rejected: ``due.malformed`` with what would be allowed; N counts 1 to 3650 days.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    if found := _COUNT.fullmatch(plain):
        n = int(found[1])
        if n <= MOST_DAYS:
            return WorkingDays(n) if found[2] else CalendarDays(n)
    elif found := _REVIEW.fullmatch(plain):
        dates = [_day(part.strip()) for part in re.split("[,、;]", found[1])]
        if None not in dates:
            return ReviewDates(tuple(sorted({day for day in dates if day is not None})))
    elif due := _day(plain):
        return ByDate(due)
    raise Rejected("due.malformed", value=text[:64], allowed=list(ALLOWED), least=LEAST_DAYS, most=MOST_DAYS)


def typed_day(text: str) -> date | None:
    """Return the day that a person typed, as ``2026-12-31``, ``2026年12月31日``, ``2026.12.31`` or ``2026/12/31``; None for none."""
    plain = text.strip()
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return _day(plain)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None or found[2] + found[4] + found[6] not in _DAY_MARKS:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[5]))
    except ValueError:  # the thirtieth of February
        return None
