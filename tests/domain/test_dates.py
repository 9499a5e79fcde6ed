"""Two times: when it happened, as people say, is never after today; when it was recorded is the log's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.rules import refuse_future
from taizhang.ledger.domain.values import State
from tests.domain.spec import (
    ASKS,
    AWAITING,
    CLAIM,
    DAY,
    LOGGED,
    NUMBER,
    TODAY,
    acknowledged,
    acted,
    amend,
    assigned,
    attach,
    attached,
    carried_in,
    close,
    closed,
    extend,
    followed_up,
    given,
    log,
    logged,
    reopened,
    request,
    verified,
    verify,
    withdraw,
)

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize("command", ASKS)
@pytest.mark.parametrize("day", [TOMORROW, date.max])
def test_nothing_happened_after_today(command: str, day: date) -> None:
    """Before anything else: it holds for every step, in every state, whoever asks."""
    for history in ((), (LOGGED,), AWAITING):
        given(*history).when(ASKS[command](on=day)).rejected(
            "date.future", field="happened_on", date=day.isoformat(), today="2023-05-10"
        )


def test_today_is_no_future() -> None:
    given().when(log(on=TODAY)).allowed()


def test_the_same_check_stands_alone_for_the_register() -> None:
    on_time, late = log(on=TODAY), log(on=TOMORROW)
    refuse_future(given().context(on_time))
    with pytest.raises(Rejected) as refused:
        refuse_future(given().context(late))
    assert refused.value.code == "date.future"


def test_nothing_was_found_after_today() -> None:
    given().when(log(found_on=TOMORROW)).rejected("date.future", field="found_on", date="2023-05-11")
    given(LOGGED).when(amend(field="found_on", value="2023-05-11")).rejected("date.future", field="found_on")


def test_a_find_is_held_against_today_not_against_the_day_of_logging() -> None:
    assert given().when(log(on=DAY, found_on=TODAY)).allowed().found_on == TODAY


def test_the_day_that_people_say_is_kept() -> None:
    finding = given(*AWAITING, verified()).when(close(on=DAY)).allowed()
    assert (finding.closed_on, finding.ended_on) == (DAY, DAY)
    assert given(LOGGED).when(withdraw(on=DAY)).allowed().ended_on == DAY


def test_what_the_log_recorded_is_kept_beside_it() -> None:
    finding = given(logged(on=DAY)).stands
    assert finding.logged_at == "2023-04-21T08:00:00.000000Z"
    assert finding.found_on == date(2023, 4, 18)


def test_a_finding_that_is_not_there_is_said_before_anything_about_it() -> None:
    given().when(close()).rejected("finding.unknown", number=NUMBER)


def test_a_finding_that_came_in_from_a_sheet_has_a_beginning_too() -> None:
    """The sheet names no request, so the day of assignment, or what else it says, bounds what follows."""
    came = (carried_in(claim=replace(CLAIM, state=State.AWAITING)),)
    given(*came).when(verify(on=date(1999, 1, 1))).rejected("date.before-step", earliest=DAY.isoformat())
    given(*came).when(verify(on=DAY)).allowed()
    without = (carried_in(claim=replace(CLAIM, state=State.AWAITING, assigned_on=None)),)
    given(*without).when(verify(on=DAY - timedelta(days=1))).rejected("date.before-step", earliest=DAY.isoformat())


def test_a_second_round_begins_when_it_was_reopened() -> None:
    second = (*AWAITING, verified(), closed(), followed_up(), reopened())
    for step in (attach(on=DAY), extend(on=DAY)):
        given(*second).when(step).rejected("date.before-step", earliest=TODAY.isoformat())
    given(*second).when(attach(on=TODAY)).allowed()


def test_closure_is_not_asked_for_before_the_last_report() -> None:
    later = DAY + timedelta(days=2)
    worked = (LOGGED, assigned(), acknowledged(), acted(on=later), attached(on=later))
    given(*worked).when(request(on=DAY)).rejected("date.before-step", earliest=later.isoformat())
    given(*worked).when(request(on=later)).allowed()
