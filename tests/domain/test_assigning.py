"""Handing a finding to a unit (交办): units, class, deadline, closure criteria."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taizhang.ledger.domain.events import FindingAssigned
from taizhang.ledger.domain.values import Deadline, FindingClass, State
from tests.domain.spec import DAY, DUE, LOGGED, TODAY, assign, assigned, given, objected


def test_assigned_with_everything_that_was_said() -> None:
    finding = (
        given(LOGGED)
        .when(assign(on=DAY))
        .then(
            FindingAssigned(
                lead_unit="east",
                class_=FindingClass.TIME_BOUND,
                deadline=Deadline(DUE, start=DAY),
                closure_criteria="办法印发；谈话覆盖重点岗位",
                cooperating_units=("west",),
                accountable_leader="丙*",
                responsible_person="丁*",
            )
        )
    )
    assert finding.state is State.ASSIGNED
    assert (finding.lead_unit, finding.cooperating_units) == ("east", ("west",))
    assert (finding.class_, finding.due, finding.original_due) == (FindingClass.TIME_BOUND, DUE, DUE)
    assert (finding.accountable_leader, finding.responsible_person) == ("丙*", "丁*")
    assert (finding.closure_criteria, finding.assigned_on) == ("办法印发；谈话覆盖重点岗位", DAY)
    assert finding.version == 2


def test_people_and_cooperating_units_may_be_left_out() -> None:
    outcome = given(LOGGED).when(assign(cooperating_units=(), accountable_leader="", responsible_person=""))
    outcome.then(
        FindingAssigned("east", FindingClass.TIME_BOUND, Deadline(DUE, start=TODAY), "办法印发；谈话覆盖重点岗位")
    )


def test_closure_criteria_must_be_said() -> None:
    given(LOGGED).when(assign(closure_criteria="")).rejected("text.missing", field="closure_criteria")


def test_units_must_be_registered() -> None:
    given(LOGGED).when(assign(lead_unit="north")).rejected("unit.unknown", unit="north")
    given(LOGGED).when(assign(lead_unit="")).rejected("unit.unknown", unit="")
    given(LOGGED).when(assign(cooperating_units=("west", "north"))).rejected("unit.unknown", unit="north")


def test_the_lead_unit_does_not_cooperate_with_itself() -> None:
    given(LOGGED).when(assign(cooperating_units=("west", "east"))).rejected("assign.lead-cooperates", unit="east")


def test_a_unit_above_or_below_the_lead_may_cooperate() -> None:
    finding = given(LOGGED).when(assign(cooperating_units=("city", "east-1"))).allowed()
    assert finding.cooperating_units == ("city", "east-1")


def test_a_cooperating_unit_named_twice_counts_once() -> None:
    finding = given(LOGGED).when(assign(cooperating_units=("west", "south", "west"))).allowed()
    assert finding.cooperating_units == ("west", "south")


@pytest.mark.parametrize("class_", [each for each in FindingClass if each is not FindingClass.SUSTAINED])
def test_a_deadline_must_be_given(class_: FindingClass) -> None:
    given(LOGGED).when(assign(class_=class_, due=None)).rejected("assign.no-deadline", finding_class=class_)


def test_what_is_kept_up_for_ever_may_have_no_deadline() -> None:
    finding = given(LOGGED).when(assign(class_=FindingClass.SUSTAINED, due=None)).allowed()
    assert (finding.deadline, finding.due, finding.original_due) == (Deadline(None), None, None)


def test_what_is_kept_up_for_ever_may_have_a_day_of_review() -> None:
    assert given(LOGGED).when(assign(class_=FindingClass.SUSTAINED)).allowed().due == DUE


def test_due_on_the_day_itself_but_not_before() -> None:
    assert given(LOGGED).when(assign(due=TODAY)).allowed().due == TODAY
    before = TODAY - timedelta(days=1)
    given(LOGGED).when(assign(due=before)).rejected("assign.due-before", due="2023-05-09", on="2023-05-10")


def test_what_was_assigned_earlier_may_be_due_before_today() -> None:
    """The due date is held against the day of assigning, not against the day on which somebody types it in."""
    due = DAY + timedelta(days=6)
    assert due < TODAY
    assert given(LOGGED).when(assign(on=DAY, due=due)).allowed().due == due


def test_assigned_once_until_the_unit_objects() -> None:
    given(LOGGED, assigned()).when(assign()).rejected("state.wrong", state=State.ASSIGNED)
    finding = given(LOGGED, assigned(), objected()).when(assign(lead_unit="south")).allowed()
    assert (finding.state, finding.lead_unit) == (State.ASSIGNED, "south")


def test_the_first_deadline_stays_when_another_is_given() -> None:
    finding = given(LOGGED, assigned(), objected()).when(assign(due=date(2023, 9, 1))).allowed()
    assert (finding.due, finding.original_due) == (date(2023, 9, 1), DUE)
