"""The colour of a finding, on the days where it turns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taizhang.ledger.domain.lights import DUE_SOON_DAYS, Light, light, light_of
from taizhang.ledger.domain.values import Deadline, FindingClass, State
from tests.domain.spec import DUE, HISTORIES, LOGGED, assigned, given

OPEN = [State.LOGGED, State.ASSIGNED, State.RECTIFYING, State.AWAITING]
ENDED = [State.CLOSED, State.WITHDRAWN, State.TRANSFERRED]


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize(
    ("days_left", "colour"),
    [
        (-400, Light.RED),
        (-1, Light.RED),
        (0, Light.YELLOW),
        (1, Light.YELLOW),
        (7, Light.YELLOW),
        (8, Light.GREEN),
        (400, Light.GREEN),
    ],
)
def test_the_days_on_which_it_turns(state: State, days_left: int, colour: Light) -> None:
    """On the day itself it is still in time; waiting for verification, too, it can be overdue."""
    assert light_of(state, FindingClass.TIME_BOUND, DUE, DUE - timedelta(days=days_left)) is colour


def test_due_soon_begins_a_week_before() -> None:
    assert DUE_SOON_DAYS == 7


@pytest.mark.parametrize("state", ENDED)
@pytest.mark.parametrize("days_left", [-1, 0, 8])
def test_what_has_ended_is_grey(state: State, days_left: int) -> None:
    assert light_of(state, FindingClass.TIME_BOUND, DUE, DUE - timedelta(days=days_left)) is Light.GREY


@pytest.mark.parametrize("state", OPEN)
def test_without_a_deadline_it_is_green(state: State) -> None:
    assert light_of(state, None, None, DUE) is Light.GREEN


@pytest.mark.parametrize("days_left", [-400, -1, 0, 7, 8])
def test_what_is_kept_up_for_ever_is_never_overdue(days_left: int) -> None:
    assert light_of(State.RECTIFYING, FindingClass.SUSTAINED, DUE, DUE - timedelta(days=days_left)) is Light.GREEN


@pytest.mark.parametrize("class_", [FindingClass.IMMEDIATE, FindingClass.TIME_BOUND, FindingClass.PHASED])
def test_every_other_class_can_be(class_: FindingClass) -> None:
    assert light_of(State.ASSIGNED, class_, DUE, DUE + timedelta(days=1)) is Light.RED


def test_over_the_ends_of_months_and_years() -> None:
    due = date(2024, 3, 1)  # a leap year: 29 days in February
    assert light_of(State.ASSIGNED, FindingClass.PHASED, due, date(2024, 2, 23)) is Light.YELLOW
    assert light_of(State.ASSIGNED, FindingClass.PHASED, due, date(2024, 2, 22)) is Light.GREEN
    assert light_of(State.ASSIGNED, FindingClass.PHASED, date(2023, 12, 31), date(2024, 1, 1)) is Light.RED


@pytest.mark.parametrize("today", [date.min, date.max])
@pytest.mark.parametrize("due", [date.min, date.max])
def test_at_the_ends_of_the_calendar(due: date, today: date) -> None:
    assert light_of(State.ASSIGNED, FindingClass.PHASED, due, today) in Light


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("days_left", [-1, 0, 7, 8])
def test_of_a_finding_as_of_its_facts(state: State, days_left: int) -> None:
    finding, today = given(*HISTORIES[state]).stands, DUE - timedelta(days=days_left)
    assert light(finding, today) is light_of(finding.state, finding.class_, finding.due, today)


def test_a_finding_turns_with_its_deadline() -> None:
    finding = given(LOGGED, assigned(deadline=Deadline(date(2023, 7, 1)))).stands
    assert light(finding, date(2023, 7, 1)) is Light.YELLOW
    assert light(finding, date(2023, 7, 2)) is Light.RED
