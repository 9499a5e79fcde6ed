"""Owns that days are counted exactly: the worked examples, an obvious loop, and the published tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taizhang.ledger.domain.calendar import (
    ALLOWED,
    ByDate,
    Calendar,
    CalendarDays,
    DueRule,
    Resolved,
    ReviewDates,
    WorkingDays,
    corrected,
    parse_due,
    resolve,
    rule_text,
)
from taizhang.ledger.domain.calendars import SHIPPED, WEEKENDS_ONLY, calendar_for
from taizhang.ledger.domain.calendars.cn import ROWS
from taizhang.ledger.domain.calendars.table import calendar_from_rows, rows_of
from taizhang.ledger.domain.errors import Rejected

DAY = timedelta(days=1)
CN = calendar_for("cn")
VECTORS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "workday_vectors.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


# The obvious way: one day after the other.


def onward(start: date) -> Iterator[date]:
    while True:
        start += DAY
        yield start


def walked(calendar: Calendar, start: date, n: int) -> date:
    for one in onward(start):
        n -= calendar.is_working(one)
        if n == 0:
            return one
    raise AssertionError


def counted(calendar: Calendar, start: date, end: date) -> int:
    if end < start:
        return -counted(calendar, end, start)
    return sum(calendar.is_working(start + n * DAY) for n in range(1, (end - start).days + 1))


# The worked examples.


def test_there_are_twelve_worked_examples() -> None:
    assert len(VECTORS) == 12


@pytest.mark.parametrize(("start", "n", "unit", "due", "weekday"), VECTORS, ids=lambda value: value)
def test_worked_example(start: str, n: str, unit: str, due: str, weekday: str) -> None:
    found = resolve(parse_due(f"{n}个{unit}"), day(start), CN)
    assert found.due == day(due)
    assert "一二三四五六日"[found.due.weekday()] == weekday
    assert (found.calendar, found.provisional) == (CN.name, False)


@pytest.mark.parametrize(
    ("due", "closed", "late"),
    [
        ("2023-06-20", "2023-06-30", 7),  # two holidays, and a Sunday on which people worked
        ("2023-06-20", "2023-07-05", 10),
        ("2023-05-08", "2023-05-09", 1),
        ("2023-06-20", "2023-06-20", 0),
        ("2023-06-20", "2023-06-19", -1),
        ("2026-02-13", "2026-02-14", 1),  # a Saturday on which people worked
        ("2026-02-14", "2026-02-23", 0),  # the Spring Festival
    ],
)
def test_working_days_between(due: str, closed: str, late: int) -> None:
    assert CN.working_days_between(day(due), day(closed)) == late
    assert CN.working_days_between(day(closed), day(due)) == -late


def test_calendar_days_end_on_the_next_working_day_but_stay_on_a_make_up_day() -> None:
    assert CN.add_calendar_days(day("2023-09-28"), 1) == day("2023-10-07")  # a Saturday on which people worked
    assert CN.add_calendar_days(day("2023-05-05"), 1) == day("2023-05-06")
    assert CN.add_calendar_days(day("2023-05-05"), 2) == day("2023-05-08")


# The obvious way says the same.

dates = st.dates(day("2020-01-01"), day("2024-12-31"))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=6))
    odd = draw(st.frozensets(dates, max_size=80))
    # long runs of odd days are what a count by weeks could trip over
    for start in draw(st.lists(dates, max_size=3)):
        odd |= {start + n * DAY for n in range(draw(st.integers(1, 30)))}
    return Calendar(
        id="any",
        edition="1",
        days_off=frozenset(one for one in odd if one.weekday() not in weekend),
        make_up=frozenset(one for one in odd if one.weekday() in weekend),
        weekend=weekend,
    )


@given(calendars(), dates, st.integers(1, 400))
def test_adding_working_days_is_walking(calendar: Calendar, start: date, n: int) -> None:
    assert calendar.add_working_days(start, n) == walked(calendar, start, n)


@given(st.dates(day("2005-01-01"), day("2028-12-31")), st.integers(1, 400))
def test_adding_working_days_in_china_is_walking(start: date, n: int) -> None:
    assert CN.add_working_days(start, n) == walked(CN, start, n)


@given(calendars(), dates, dates)
def test_working_days_between_is_counting(calendar: Calendar, start: date, end: date) -> None:
    assert calendar.working_days_between(start, end) == counted(calendar, start, end)


@given(calendars(), dates, st.integers(1, 400))
def test_adding_calendar_days_is_walking(calendar: Calendar, start: date, n: int) -> None:
    end = start + n * DAY
    assert calendar.add_calendar_days(start, n) == (end if calendar.is_working(end) else walked(calendar, end, 1))


def test_every_working_day_of_four_decades_in_one_walk() -> None:
    start = day("1995-06-15")
    working = [one for one, _ in zip(onward(start), range(40 * 366), strict=False) if CN.is_working(one)]
    assert [CN.add_working_days(start, n) for n in range(1, len(working) + 1)] == working
    assert [CN.working_days_between(start, one) for one in working] == list(range(1, len(working) + 1))


@given(calendars(), dates, st.integers(1, 400))
def test_adding_and_counting_are_each_other_s_inverse(calendar: Calendar, start: date, n: int) -> None:
    due = calendar.add_working_days(start, n)
    assert calendar.is_working(due)
    assert calendar.working_days_between(start, due) == n


@pytest.mark.parametrize("n", [0, -1])
def test_a_deadline_has_a_day(n: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        CN.add_working_days(day("2023-04-21"), n)
    with pytest.raises(ValueError, match="at least one day"):
        CN.add_calendar_days(day("2023-04-21"), n)


# Years that nobody has published.


@pytest.mark.parametrize(
    ("start", "rule", "provisional"),
    [
        ("2026-12-01", "20wd", False),
        ("2026-12-31", "1wd", True),  # the start is in a published year, the end is not
        ("2026-12-01", "60d", True),
        ("2027-03-01", "5wd", True),
        ("2006-12-29", "5wd", True),  # the end is in a published year, the start is not
        ("2026-12-01", "2027-06-30", False),  # nobody counted
    ],
)
def test_a_date_over_an_unpublished_year_is_provisional(start: str, rule: str, provisional: bool) -> None:
    assert resolve(parse_due(rule), day(start), CN).provisional is provisional


def test_unpublished_years_are_named_whichever_day_comes_first() -> None:
    assert CN.unpublished(day("2025-01-01"), day("2028-01-01")) == (2027, 2028)
    assert CN.unpublished(day("2028-01-01"), day("2025-01-01")) == (2027, 2028)
    assert CN.unpublished(day("2023-01-01"), day("2026-12-31")) == ()


def test_weekends_alone_await_no_publication() -> None:
    found = resolve(WorkingDays(10), day("2040-01-02"), WEEKENDS_ONLY)
    assert found == Resolved(day("2040-01-16"), day("2040-01-02"), "10wd", "none/1")


# The tables.


def test_china_is_published_from_2007_to_2026() -> None:
    assert CN.published == frozenset(range(2007, 2027))


@pytest.mark.parametrize(
    ("year", "make_up"),
    [
        (2023, ["01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"]),
        (2024, ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]),
        (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
        (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
    ],
)
def test_make_up_days_are_those_of_the_notices(year: int, make_up: list[str]) -> None:
    assert sorted(one for one in CN.make_up if one.year == year) == [day(f"{year}-{text}") for text in make_up]


def test_china_is_what_the_generator_draws() -> None:
    pytest.importorskip("holidays")
    from tools.calendar_table import calendar_of

    assert CN.published is not None
    assert "\n".join(rows_of(calendar_of("cn", years=CN.published, edition=CN.edition))) + "\n" == ROWS


def test_the_generator_draws_other_countries(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("holidays")
    from tools.calendar_table import main

    assert main(["ae", "--years", "2024..2025", "--edition", "a"]) == 0
    calendar = calendar_from_rows(capsys.readouterr().out.splitlines())
    assert (calendar.name, calendar.published) == ("ae/a", frozenset({2024, 2025}))
    assert day("2024-12-02") in calendar.days_off


@given(calendars(), st.none() | st.frozensets(st.integers(1990, 2040)))
@example(CN, CN.published)
@example(WEEKENDS_ONLY, None)
def test_rows_give_back_the_calendar(calendar: Calendar, published: frozenset[int] | None) -> None:
    calendar = msgspec.structs.replace(calendar, published=published)
    assert calendar_from_rows(rows_of(calendar)) == calendar


HEAD = ["calendar x", "edition 1", "weekend sat sun", "published 2023"]


def test_rows_may_be_written_by_hand() -> None:
    calendar = calendar_from_rows(["# ours", "", *HEAD, "2023 off 09-29..10-06  12-30", "2023 work 10-01"])
    assert calendar.days_off == days(
        "2023-09-29", "2023-10-02", "2023-10-03", "2023-10-04", "2023-10-05", "2023-10-06"
    )  # the weekends in the range, and the Saturday, were free already
    assert calendar.make_up == days("2023-10-01")


@pytest.mark.parametrize(
    "row",
    [
        "2023 off",
        "2023 free 01-02",
        "2023 off 02-30",
        "2023 off 01-05..01-02",
        "2023 off 1-2",
        "2023..2024 off 01-02",
        "2023 work 01-02",  # a Monday: another day must be meant
        "edition 2",
        "weekday mon",
        "202x off 01-02",
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_number(row: str) -> None:
    with pytest.raises(Rejected) as refused:
        calendar_from_rows([*HEAD, row])
    assert (refused.value.code, refused.value.params) == ("calendar.malformed", {"line": 5, "value": row})


@pytest.mark.parametrize(
    "row",
    [
        "weekend sat sunday",
        "weekend mon tue wed thu fri sat sun",
        "published 2026..2007",
        "published soon",
        "calendar a b",
    ],
)
def test_a_head_that_cannot_be_meant_is_refused(row: str) -> None:
    with pytest.raises(Rejected, match=r"calendar\.malformed"):
        calendar_from_rows([row])


def test_a_table_without_a_head_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        calendar_from_rows(["calendar x", "weekend sat"])
    assert (refused.value.code, refused.value.params) == ("calendar.incomplete", {"missing": ["edition", "published"]})


def test_calendars_are_found_by_id_those_of_the_ledger_first() -> None:
    own = calendar_from_rows(["calendar cn", *HEAD[1:]])
    assert [calendar_for(name).id for name in SHIPPED] == list(SHIPPED)
    assert calendar_for("cn", [own]) is own
    assert calendar_for("none", [own]) is WEEKENDS_ONLY
    with pytest.raises(Rejected) as refused:
        calendar_for("us", [msgspec.structs.replace(own, id="by")])
    assert (refused.value.code, refused.value.params) == (
        "calendar.unknown",
        {"value": "us", "allowed": ["by", "cn", "none"]},
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"weekend": frozenset(range(7))},
        {"weekend": frozenset({7})},
        {"days_off": days("2023-01-01")},
        {"make_up": days("2023-01-02")},
    ],
    ids=str,
)
def test_a_calendar_that_contradicts_itself_cannot_be(fields: dict[str, frozenset[int]]) -> None:
    with pytest.raises(ValueError, match="weekend"):
        Calendar("x", "1", **fields)  # type: ignore[arg-type]


# Corrections.


def test_a_correction_is_a_new_edition_and_changes_no_past_date() -> None:
    start, rule = day("2023-09-25"), WorkingDays(5)
    before = resolve(rule, start, CN)
    changed = corrected(CN, edition="2026.2", off=days("2023-10-08", "2023-10-09"), published=[2027])
    assert resolve(rule, start, CN) == before == Resolved(day("2023-10-08"), start, "5wd", "cn/2026.1")
    assert resolve(rule, start, changed) == Resolved(day("2023-10-10"), start, "5wd", "cn/2026.2")
    assert changed.published == frozenset(range(2007, 2028))
    assert corrected(changed, edition="3", working=days("2023-10-08", "2023-10-09")).days_off == CN.days_off


@given(calendars(), st.frozensets(dates, max_size=9), st.frozensets(dates, max_size=9))
def test_a_correction_holds_and_touches_no_other_day(
    calendar: Calendar, off: frozenset[date], working: frozenset[date]
) -> None:
    working -= off
    changed = corrected(calendar, edition="2", off=off, working=working)
    for one in calendar.days_off | calendar.make_up | off | working:
        assert changed.is_working(one) is (one in working or (one not in off and calendar.is_working(one)))


def test_a_correction_that_says_nothing_new_or_two_things_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        corrected(CN, edition=CN.edition)
    assert (refused.value.code, refused.value.params) == (
        "calendar.same-edition",
        {"calendar": "cn", "edition": CN.edition},
    )
    with pytest.raises(Rejected) as refused:
        corrected(CN, edition="2", off=days("2027-01-04", "2027-01-05"), working=days("2027-01-04"))
    assert (refused.value.code, refused.value.params) == (
        "calendar.contradiction",
        {"calendar": "cn", "days": ["2027-01-04"]},
    )


# Rules in words.


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("2026-12-31", ByDate(day("2026-12-31"))),
        (" 2026/1/5 ", ByDate(day("2026-01-05"))),
        ("2026.1.5", ByDate(day("2026-01-05"))),
        ("2026年1月5日", ByDate(day("2026-01-05"))),
        ("10wd", WorkingDays(10)),
        ("10 WD", WorkingDays(10)),
        ("10个工作日", WorkingDays(10)),
        ("１０ 个工作日内", WorkingDays(10)),
        ("10工作日", WorkingDays(10)),
        ("30d", CalendarDays(30)),
        ("30日", CalendarDays(30)),
        ("30天", CalendarDays(30)),
        ("30个自然日", CalendarDays(30)),
        ("3650d", CalendarDays(3650)),
        ("1wd", WorkingDays(1)),
        (
            "review:2026-12-31,2026-06-30，2026年6月30日",
            ReviewDates((day("2026-06-30"), day("2026-12-31"))),
        ),
    ],
)
def test_due_in_words(text: str, rule: DueRule) -> None:
    assert parse_due(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "10", "0wd", "0d", "-5d", "3651wd", "99999d", "010wd", "1.5d", "10w", "10 w d", "10小时", "wd", "d",
        "2026-02-30", "2026-12/31", "2026年12月31", "2026-12-31日", "26-12-31", "review:", "review:2026-06-30,30d",
        "十个工作日", "٣wd",
    ],
)  # fmt: skip
def test_due_that_cannot_be_read_says_what_could(text: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_due(text)
    assert refused.value.code == "due.malformed"
    assert refused.value.params == {"value": text, "allowed": list(ALLOWED), "least": 1, "most": 3650}


def test_what_is_allowed_is_allowed() -> None:
    assert [type(parse_due(text)) for text in ALLOWED] == [
        ByDate, WorkingDays, CalendarDays, WorkingDays, CalendarDays, ReviewDates,
    ]  # fmt: skip


@given(st.text() | st.text("0123456789-/.,: 年月日wd个工作自然天内review", max_size=16))
@example("9999-12-31")
@example("0000-01-01")
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    with suppress(Rejected):
        rule = parse_due(text)
        assert parse_due(rule_text(rule)) == rule


rules = st.one_of(
    st.builds(ByDate, st.dates()),
    st.builds(WorkingDays, st.integers(1, 3650)),
    st.builds(CalendarDays, st.integers(1, 3650)),
    st.builds(ReviewDates, st.frozensets(st.dates(), min_size=1, max_size=5).map(lambda found: tuple(sorted(found)))),
)


@given(rules)
def test_a_kept_rule_reads_back(rule: DueRule) -> None:
    assert parse_due(rule_text(rule)) == rule
    assert msgspec.json.decode(msgspec.json.encode(rule), type=DueRule) == rule


def test_of_review_dates_the_next_one_counts() -> None:
    rule = ReviewDates((day("2026-06-30"), day("2026-12-31")))
    text = "review:2026-06-30,2026-12-31"
    for start, due in [("2026-01-01", "2026-06-30"), ("2026-06-30", "2026-12-31"), ("2026-12-31", None)]:
        assert resolve(rule, day(start), CN) == Resolved(day(due) if due else None, day(start), text)
