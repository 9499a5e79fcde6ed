"""Extensions, escalation, follow-up and rounds, links, plans, policy and calendars: every rule and every refusal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from taizhang.ledger.domain.calendar import CalendarDays, ReviewDates, WorkingDays
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.events import EscalationReceived, ExtensionGranted, FindingClosed, FindingEscalated
from taizhang.ledger.domain.lights import yardstick
from taizhang.ledger.domain.policy import CorrectCalendar, DayKind, Level, Policy, SetPolicy, Stage
from taizhang.ledger.domain.register import Register, decide_register, evolve_register
from taizhang.ledger.domain.values import Deadline, FindingClass, LinkKind, Progress, Result, Role, State, Via
from taizhang.ledger.domain.worklist import suggestions
from tests.domain.spec import (
    AWAITING,
    CLAIM,
    CLOSED,
    DAY,
    DUE,
    LATER,
    LOGGED,
    NUMBER,
    OTHER_NUMBER,
    RECTIFYING,
    REGISTER,
    TODAY,
    acknowledged,
    acted,
    assign,
    assigned,
    attached,
    carried_in,
    close,
    closed,
    escalated,
    extend,
    extension_asked,
    extension_granted,
    extension_refused,
    follow_up,
    followed_up,
    given,
    grant,
    link,
    linked,
    list_publicly,
    objected,
    plan,
    receive,
    received,
    refuse,
    remind,
    reopen,
    reopened,
    requested,
    verified,
    verify,
    with_policy,
)

RELAPSED = (*CLOSED, followed_up())
SECOND = (*RELAPSED, reopened())


# -- extensions


def test_an_extension_moves_the_deadline_and_keeps_the_original_for_ever() -> None:
    asked = given(*RECTIFYING).when(extend()).allowed()
    assert asked.extension is not None
    assert (asked.due, asked.extension.deadline.due, asked.extension.by) == (DUE, LATER, "zheng")
    granted = given(*RECTIFYING, extension_asked()).when(grant()).allowed()
    assert (granted.due, granted.original_due, granted.extensions, granted.extension) == (LATER, DUE, 1, None)
    refused = given(*RECTIFYING, extension_asked()).when(refuse()).allowed()
    assert (refused.due, refused.extensions, refused.extension) == (DUE, 0, None)


def test_the_office_may_grant_another_day_than_the_one_asked_for() -> None:
    other = date(2023, 8, 1)
    given(*RECTIFYING, extension_asked()).when(grant(due=other, reason="")).then(
        ExtensionGranted(Deadline(other, start=TODAY))
    )


def test_it_is_asked_for_by_the_day_it_is_due() -> None:
    given(*RECTIFYING, today=DUE).when(extend(on=DUE)).allowed()
    day = DUE + timedelta(days=1)
    given(*RECTIFYING, today=day).when(extend(on=day)).rejected("extend.too-late", due="2023-06-20", on="2023-06-21")
    given(*RECTIFYING, today=day).when(extend(on=DUE)).allowed()  # said later, asked in time


def test_one_waits_at_a_time_and_the_policy_caps_them() -> None:
    given(*RECTIFYING, extension_asked()).when(extend()).rejected("extend.waiting", due="2023-09-20")
    once = (*RECTIFYING, extension_asked(), extension_granted())
    given(*once).when(extend(due=date(2023, 12, 1))).rejected("extend.cap", granted=1, cap=1)
    twice = given(*once, register=with_policy(extensions=2))
    assert twice.when(extend(due=date(2023, 12, 1))).allowed().extension is not None
    given(*RECTIFYING, register=with_policy(extensions=0)).when(extend()).rejected("extend.cap", cap=0)


def test_a_refused_one_does_not_count() -> None:
    given(*RECTIFYING, extension_asked(), extension_refused()).when(extend()).allowed()


def test_what_cannot_be_extended() -> None:
    given(*RECTIFYING).when(grant()).rejected("extend.none")
    given(*RECTIFYING).when(refuse()).rejected("extend.none")
    given(*RECTIFYING).when(extend(due=DUE)).rejected("extend.not-later", due="2023-06-20", current="2023-06-20")
    given(*RECTIFYING).when(extend(due=WorkingDays(1))).rejected("extend.not-later", current="2023-06-20")
    sustained = (LOGGED, assigned(class_=FindingClass.SUSTAINED), acknowledged())
    given(*sustained).when(extend()).rejected("extend.no-deadline")
    given(*RECTIFYING).when(extend(reason=" ")).rejected("text.missing", field="reason")
    given(*RECTIFYING, extension_asked()).when(refuse(reason="")).rejected("text.missing", field="reason")
    given(*RECTIFYING).when(extend(due=ReviewDates((LATER,)))).rejected("due.reviews")


def test_what_waits_ends_with_the_closure() -> None:
    finding = given(*AWAITING, extension_asked(), verified()).when(close()).allowed()
    assert finding.extension is None


# -- deadlines by rule


def test_a_rule_counts_from_the_day_of_assigning() -> None:
    finding = given(LOGGED).when(assign(on=DAY, due=WorkingDays(10))).allowed()
    # 29 April to 3 May are holidays, 23 April and 6 May are worked
    assert finding.deadline == Deadline(date(2023, 5, 8), "10wd", DAY, "cn/2026.1")
    finding = given(LOGGED).when(assign(on=DAY, due=CalendarDays(60))).allowed()
    assert finding.due == date(2023, 6, 20)


def test_review_dates_are_for_what_is_kept_up_for_ever() -> None:
    rule = ReviewDates((date(2023, 7, 20), date(2023, 10, 20)))
    finding = given(LOGGED).when(assign(class_=FindingClass.SUSTAINED, due=rule)).allowed()
    assert finding.deadline is not None
    assert (finding.due, finding.deadline.rule) == (date(2023, 7, 20), "review:2023-07-20,2023-10-20")
    given(LOGGED).when(assign(due=rule)).rejected("due.reviews", number=NUMBER)


# -- plans


def test_a_revised_plan_keeps_the_progress_of_what_stays() -> None:
    finding = given(*RECTIFYING, acted()).when(plan()).allowed()
    assert [(m.text, m.progress) for m in finding.measures] == [
        ("出台八小时外监督办法", Progress.DONE), ("回访抽查", Progress.NONE),
    ]  # fmt: skip
    same = ("出台八小时外监督办法", "家访与谈心谈话记录")
    given(*RECTIFYING).when(plan(measures=same)).rejected("amend.no-change", field="measures")
    given(*RECTIFYING).when(plan(measures=())).rejected("acknowledge.no-measure")
    given(*RECTIFYING).when(plan(reason="")).rejected("text.missing", field="reason")


def test_who_plans_has_a_hand_in_it() -> None:
    assert "wang" in {hand.person for hand in given(*RECTIFYING).when(plan(by="wang")).allowed().hands}


# -- escalation


def test_escalation_is_received_once() -> None:
    given(*RECTIFYING, escalated()).when(receive()).then(EscalationReceived("督函〔2023〕1号", "已收"))
    finding = given(*RECTIFYING, escalated(), received())
    step = finding.stands.escalations[0]
    assert (step.level, step.received_by, step.received_on) == (Level.NOTICE, "wang", DAY)
    finding.when(receive()).rejected("receive.none")
    given(*RECTIFYING).when(receive()).rejected("receive.none")
    given(*RECTIFYING, escalated()).when(receive(document="别的")).rejected(
        "receive.unknown", document="别的", allowed=["督函〔2023〕1号"]
    )


def test_a_document_number_is_dealt_and_given_once() -> None:
    given(*RECTIFYING, escalated()).when(remind(document="", level=Level.ORDER)).then(
        FindingEscalated(Level.ORDER, f"{NUMBER}-R1-2", "请抓紧")
    )
    given(*RECTIFYING, escalated()).when(remind()).rejected("escalate.document-taken", document="督函〔2023〕1号")
    assert given(*RECTIFYING).when(list_publicly()).allowed().escalations[0].level is Level.LISTING


# -- follow-up and rounds


def test_what_holds_stays_closed() -> None:
    finding = given(*CLOSED).when(follow_up(result=Result.HOLDS, text="")).allowed()
    assert finding.state is State.CLOSED
    given(*CLOSED, followed_up(result=Result.HOLDS)).when(reopen()).rejected("reopen.no-relapse")
    given(*CLOSED).when(reopen()).rejected("reopen.no-relapse")


def test_a_relapse_says_on_what_basis_and_somebody_else_reopens() -> None:
    given(*CLOSED).when(follow_up(text="")).rejected("text.missing", field="text")
    given(*CLOSED, followed_up(by="feng")).when(reopen(by="feng")).rejected("reopen.own-follow-up", person="feng")
    assert given(*RELAPSED).when(reopen(by="feng")).allowed().round == 2


def test_the_closed_round_is_frozen() -> None:
    before, after = given(*RELAPSED).stands, given(*SECOND).stands
    (first,) = after.rounds
    assert (first.round, first.closed_on, first.closed_by, first.closed_at) == (
        1, before.closed_on, before.closed_by, before.closed_at,
    )  # fmt: skip
    assert (first.measures, first.evidence, first.verification) == (
        before.measures, before.evidence, before.verification,
    )  # fmt: skip
    assert (first.original_deadline, first.deadline) == (before.original_deadline, before.deadline)
    assert (after.state, after.round, after.due, after.original_due) == (State.RECTIFYING, 2, LATER, LATER)
    assert [measure.progress for measure in after.measures] == [Progress.NONE, Progress.NONE]
    assert (after.evidence, after.hands, after.verification, after.closed_at, after.closed_on) == (
        (),
        (),
        None,
        "",
        None,
    )
    worked = given(*SECOND, acted(), attached(), requested(), verified(), closed()).stands
    assert worked.rounds == after.rounds, "nothing that happens later reaches back"
    again = (
        given(*SECOND, acted(), attached(), requested(), verified(), closed(), followed_up()).when(reopen()).allowed()
    )
    assert again.rounds[0] == first
    assert [one.round for one in again.rounds] == [1, 2]


def test_four_eyes_begin_afresh_with_each_round() -> None:
    """Who had a hand in the first round may verify the second, but not one in which they acted again."""
    register = with_policy()
    people = {**register.people, "li": replace(register.people["li"], roles=frozenset(Role), unit="team")}
    register = replace(register, people=people)
    first = (*AWAITING[:-1], requested(by="li"), verified(by="feng"), closed())
    given(*AWAITING[:-1], requested(by="li"), register=register).when(verify(by="li")).rejected("verify.own-work")
    second = (*first, followed_up(), reopened(), attached(), requested())
    given(*second, register=register).when(verify(by="li")).allowed()
    acted_again = (*first, followed_up(), reopened(), attached(by="li"), requested())
    given(*acted_again, register=register).when(verify(by="li")).rejected("verify.own-work")


def test_closed_late_is_said_of_what_was_missed_in_that_round() -> None:
    after = DUE + timedelta(days=1)
    assert given(*AWAITING, verified(), today=after).when(close(on=after)).allowed().closed_late
    assert not given(*AWAITING, verified(), today=DUE).when(close(on=DUE)).allowed().closed_late
    # granted after it had passed: missed, whatever the new day is
    asked = (*AWAITING[:-1], extension_asked())
    made_up = given(*asked, today=after).when(grant(on=after)).allowed()
    assert (made_up.missed, made_up.due) == (True, LATER)


# -- links


def test_links_are_kept_once_a_kind() -> None:
    given(LOGGED, linked()).when(link()).rejected("link.known", other=OTHER_NUMBER, kind=LinkKind.SUCCESSOR_OF)
    assert len(given(LOGGED, linked()).when(link(kind=LinkKind.RELATED)).allowed().links) == 2
    given(LOGGED).when(link(other=NUMBER)).rejected("link.itself")


# -- policy


def test_one_signature_where_the_policy_says_so() -> None:
    both = (*AWAITING, verified(by="feng"))
    given(*both).when(close(by="feng")).rejected("close.own-verification")
    register = with_policy(single_signature=(FindingClass.TIME_BOUND,))
    given(*both, register=register).when(close(by="feng")).then(FindingClosed(same_account=True, signatures=1))
    given(*both, register=with_policy(single_signature=(FindingClass.PHASED,))).when(close(by="feng")).rejected(
        "close.own-verification"
    )


def test_one_signature_is_still_not_that_of_who_acted() -> None:
    register = with_policy(single_signature=tuple(FindingClass))
    given(*AWAITING[:-1], requested(by="feng"), verified(), register=register).when(close(by="feng")).rejected(
        "close.own-work"
    )


def test_the_policy_says_who_may_instead_of_the_table() -> None:
    register = with_policy(roles={"grant": (Role.LEADER,)})
    asked = given(*RECTIFYING, extension_asked(), register=register)
    asked.when(grant()).rejected("role.missing", needed=["leader"], held=["office"])
    asked.when(grant(by="chu")).allowed()


def set_policy(policy: Policy) -> Register:
    event = decide_register(SetPolicy(policy), REGISTER, REGISTER.people["jiang"])
    return evolve_register(REGISTER, [Envelope("jiang", "jiang", "pc", Via.CLI, "c", TODAY, event)])


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (Policy(), "amend.no-change"),
        (Policy(calendar="mars"), "policy.calendar"),
        (Policy(due_soon=-1), "policy.number"),
        (Policy(extensions=4000), "policy.number"),
        (Policy(stages=(Stage(Level.NOTICE, -1),)), "policy.number"),
        (Policy(roles={"dance": (Role.OFFICE,)}), "policy.command"),
        (Policy(roles={"grant": ()}), "policy.no-role"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(policy: Policy, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        set_policy(policy)
    assert refused.value.code == code


def test_a_policy_holds_from_then_on() -> None:
    assert set_policy(Policy(due_soon=3)).policy.due_soon == 3
    assert REGISTER.policy.due_soon == 15


# -- calendars


def test_a_correction_changes_no_past_deadline() -> None:
    before = given(LOGGED).when(assign(on=DAY, due=WorkingDays(10))).allowed()
    command = CorrectCalendar("cn", "2023.x", off=(date(2023, 4, 24), date(2023, 4, 25)))
    event = decide_register(command, REGISTER, REGISTER.people["jiang"])
    corrected = evolve_register(REGISTER, [Envelope("jiang", "jiang", "pc", Via.CLI, "c", TODAY, event)])
    after = given(LOGGED, register=corrected).when(assign(on=DAY, due=WorkingDays(10))).allowed()
    assert (before.due, after.due) == (date(2023, 5, 8), date(2023, 5, 10))
    assert after.deadline is not None
    assert after.deadline.calendar == "cn/2023.x"
    assert given(LOGGED, assigned(deadline=before.deadline), register=corrected).stands.due == before.due


# -- suggestions


def todos(*history: object, today: date = TODAY, policy: Policy | None = None) -> list[tuple[str, str]]:
    finding = given(*history, today=today).stands  # type: ignore[arg-type]
    by = yardstick(today, policy or Policy(), REGISTER.calendar())
    return [(todo.code, todo.step) for todo in suggestions(finding, by)]


def test_what_each_state_calls_for() -> None:
    assert todos(LOGGED) == [("todo.assign", "assign")]
    assert todos(LOGGED, assigned()) == [("todo.acknowledge", "acknowledge")]
    assert todos(*RECTIFYING) == []
    assert todos(*AWAITING) == [("todo.verify", "verify")]
    assert todos(*AWAITING, verified()) == [("todo.close", "close")]
    assert todos(*RECTIFYING, extension_asked()) == [("todo.extension", "grant")]
    assert todos(*RELAPSED) == [("todo.reopen", "reopen")]
    due = DAY + timedelta(days=90)
    assert todos(*CLOSED, today=due - timedelta(days=1)) == []
    assert todos(*CLOSED, today=due) == [("todo.follow-up", "follow-up")]


def test_each_stage_is_called_for_until_it_is_taken() -> None:
    calendar_days = Policy(days=DayKind.CALENDAR)
    for late, level in ((1, "remind"), (20, "list-publicly")):
        today = DUE + timedelta(days=late)
        assert todos(*RECTIFYING, today=today, policy=calendar_days) == [("todo.escalate", level)]
    day = DUE + timedelta(days=1)
    taken = (*RECTIFYING, escalated(on=day))
    assert todos(*taken, today=day, policy=calendar_days) == []
    assert todos(*taken, today=DUE + timedelta(days=3), policy=calendar_days) == [("todo.escalate", "remind")]
    assert todos(*RECTIFYING, escalated(), today=day, policy=calendar_days), "a reminder before it was due is none"


def test_a_review_whose_day_has_come_asks_for_a_report() -> None:
    rule = Deadline(date(2023, 5, 2), "review:2023-05-02,2023-11-01", DAY)
    life = (LOGGED, assigned(class_=FindingClass.SUSTAINED, deadline=rule), acknowledged())
    assert todos(*life) == [("todo.review", "act")]
    assert todos(*life, acted(on=date(2023, 5, 3))) == []
    assert todos(*life, acted(on=date(2023, 5, 3)), today=date(2023, 11, 2)) == [("todo.review", "act")]


def test_a_request_for_more_time_ends_with_the_task_that_it_was_for() -> None:
    given(LOGGED, assigned(), extension_asked(), objected(), assigned()).when(grant()).rejected("extend.none")


def test_what_is_granted_lies_after_the_deadline_in_force() -> None:
    asked = extension_asked(deadline=Deadline(DUE - timedelta(days=1), start=DAY))
    given(*RECTIFYING, asked).when(grant()).rejected("extend.not-later", current=DUE.isoformat())


def test_whoever_ever_found_the_relapse_does_not_reopen_it() -> None:
    twice = (*CLOSED, followed_up(by="feng"), followed_up())
    given(*twice).when(reopen(by="feng")).rejected("reopen.own-follow-up", person="feng")
    given(*twice).when(reopen()).allowed()


def test_what_came_in_closed_and_without_a_unit_is_not_reopened() -> None:
    claim = replace(CLAIM, state=State.CLOSED, lead_unit="", closed_on=DAY)
    given(carried_in(claim=claim), followed_up()).when(reopen()).rejected("reopen.no-unit")
