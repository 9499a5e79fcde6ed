"""The colour of a finding, on the days where it turns, and why it has it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from taizhang.ledger.domain.calendars import calendar_for
from taizhang.ledger.domain.lights import Light, Yardstick, light, light_of, why, yardstick
from taizhang.ledger.domain.policy import DayKind, Policy
from taizhang.ledger.domain.values import Deadline, FindingClass, State
from tests.domain.spec import (
    DUE,
    HISTORIES,
    LATER,
    LOGGED,
    RECTIFYING,
    TODAY,
    acknowledged,
    assigned,
    extension_asked,
    extension_granted,
    given,
)

OPEN = [State.LOGGED, State.ASSIGNED, State.RECTIFYING, State.AWAITING]
ENDED = [State.CLOSED, State.WITHDRAWN, State.TRANSFERRED]
CN = calendar_for("cn")
WEEK = Policy(days=DayKind.CALENDAR, due_soon=7)


def on(today: date, policy: Policy = WEEK) -> Yardstick:
    return yardstick(today, policy, CN)


def left(days: int) -> Yardstick:
    return on(DUE - timedelta(days=days))


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("days_left", "colour"),
    [(-400, Light.RED), (-1, Light.RED), (0, Light.YELLOW), (1, Light.YELLOW), (7, Light.YELLOW), (8, Light.GREEN),
     (400, Light.GREEN)],
)  # fmt: skip
def test_the_days_on_which_it_turns(state: State, days_left: int, colour: Light) -> None:
    """On the day itself it is still in time; waiting for verification, too, it can be overdue."""
    assert light_of(state, FindingClass.TIME_BOUND, DUE, left(days_left)) is colour


def test_working_days_of_warning_pass_over_the_holidays() -> None:
    """From Thursday, 28 September 2023: eight days off, two make-up days; the fifth working day is 11 October."""
    by = on(date(2023, 9, 28), Policy(due_soon=5))
    assert by.soon_until == date(2023, 10, 11)
    assert light_of(State.ASSIGNED, FindingClass.PHASED, date(2023, 10, 11), by) is Light.YELLOW
    assert light_of(State.ASSIGNED, FindingClass.PHASED, date(2023, 10, 12), by) is Light.GREEN


@pytest.mark.parametrize("kind", DayKind)
@settings(max_examples=60)
@drawn(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-60, 60), st.integers(0, 40))
def test_yellow_is_no_more_days_left_than_the_policy_says(kind: DayKind, today: date, away: int, soon: int) -> None:
    by, due = on(today, Policy(days=kind, due_soon=soon)), today + timedelta(days=away)
    colour = light_of(State.ASSIGNED, FindingClass.PHASED, due, by)
    if away < 0:
        assert colour is Light.RED
    else:
        assert colour is (Light.YELLOW if by.days_between(today, due) <= soon else Light.GREEN)


def test_what_was_missed_and_made_up_stays_yellow_until_it_is_closed() -> None:
    assert light_of(State.RECTIFYING, FindingClass.PHASED, DUE, left(400), missed=True) is Light.YELLOW
    assert light_of(State.CLOSED, FindingClass.PHASED, DUE, left(400), missed=True) is Light.GREY


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("days_left", [-1, 0, 8])
def test_what_has_ended_is_grey(state: State, days_left: int) -> None:
    assert light_of(state, FindingClass.TIME_BOUND, DUE, left(days_left)) is Light.GREY


@pytest.mark.parametrize("state", OPEN)
def test_without_a_deadline_it_is_green(state: State) -> None:
    assert light_of(state, None, None, left(0)) is Light.GREEN


@pytest.mark.parametrize("days_left", [-400, -1, 0, 7, 8])
def test_what_is_kept_up_for_ever_is_never_overdue(days_left: int) -> None:
    assert light_of(State.RECTIFYING, FindingClass.SUSTAINED, DUE, left(days_left)) is Light.GREEN


@pytest.mark.parametrize("class_", [FindingClass.IMMEDIATE, FindingClass.TIME_BOUND, FindingClass.PHASED])
def test_every_other_class_can_be(class_: FindingClass) -> None:
    assert light_of(State.ASSIGNED, class_, DUE, left(-1)) is Light.RED


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("days_left", [-1, 0, 7, 8])
def test_of_a_finding_as_of_its_facts(state: State, days_left: int) -> None:
    finding, by = given(*HISTORIES[state]).stands, left(days_left)
    assert light(finding, by) is light_of(finding.state, finding.class_, finding.due, by, missed=finding.missed)


def test_a_finding_turns_with_its_deadline() -> None:
    finding = given(LOGGED, assigned(deadline=Deadline(date(2023, 7, 1)))).stands
    assert light(finding, on(date(2023, 7, 1))) is Light.YELLOW
    assert light(finding, on(date(2023, 7, 2))) is Light.RED


DECISIVE = {
    "why.overdue": Light.RED,
    "why.due-soon": Light.YELLOW,
    "why.missed": Light.YELLOW,
    "why.in-time": Light.GREEN,
    "why.sustained": Light.GREEN,
    "why.sustained-passed": Light.GREEN,
    "why.no-deadline": Light.GREEN,
    "why.ended": Light.GREY,
    "why.closed-late": Light.GREY,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("days_left", [-1, 0, 7, 8])
def test_the_first_reason_is_that_of_the_colour(state: State, days_left: int) -> None:
    finding, by = given(*HISTORIES[state]).stands, left(days_left)
    assert DECISIVE[why(finding, by)[0].code] is light(finding, by)


@pytest.mark.parametrize(
    ("today", "code", "review"),
    [
        (date(2023, 7, 20), "why.sustained", "2023-07-20"),
        (date(2023, 7, 21), "why.sustained", "2023-10-20"),
        (date(2023, 10, 21), "why.sustained-passed", "2023-10-20"),
    ],
)
def test_a_review_that_has_passed_is_not_called_the_next_one(today: date, code: str, review: str) -> None:
    rule = Deadline(date(2023, 7, 20), "review:2023-07-20,2023-10-20")
    finding = given(LOGGED, assigned(class_=FindingClass.SUSTAINED, deadline=rule)).stands
    reason = why(finding, on(today))[0]
    assert (reason.code, reason.params) == (code, {"review": review})


def test_reasons_name_days_rule_calendar_and_extensions() -> None:
    rule = Deadline(LATER, "90wd", DUE, "cn/2026.1", provisional=True)
    finding = given(*RECTIFYING, extension_asked(), extension_granted(deadline=rule), extension_asked()).stands
    found = {reason.code: reason.params for reason in why(finding, on(TODAY))}
    assert list(found) == [
        "why.in-time", "why.by-rule", "why.provisional", "why.original", "why.extended", "why.extension-waits",
    ]  # fmt: skip
    assert found["why.by-rule"] == {
        "rule": "90wd", "start": "2023-06-20", "due": "2023-09-20", "calendar": "cn/2026.1",
    }  # fmt: skip
    assert found["why.original"] == {"due": "2023-06-20"}
    assert found["why.extended"] == {"count": 1}


def test_overdue_days_are_of_the_kind_that_the_policy_counts() -> None:
    finding = given(LOGGED, assigned(), acknowledged()).stands
    day = date(2023, 6, 26)  # the dragon boat festival and a weekend that was worked lie between
    assert why(finding, on(day))[0].params["days"] == 6
    assert why(finding, on(day, Policy()))[0].params["days"] == CN.working_days_between(DUE, day) == 3


def test_review_dates_are_named_as_what_they_are() -> None:
    deadline = Deadline(LATER, "review:2023-09-20,2023-12-20", DUE)
    finding = given(*RECTIFYING, extension_asked(), extension_granted(deadline=deadline)).stands
    found = {reason.code: reason.params for reason in why(finding, on(TODAY))}
    assert found["why.by-reviews"] == {"days": ["2023-09-20", "2023-12-20"]}
    assert "why.by-rule" not in found
