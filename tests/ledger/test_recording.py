"""The one door to the write side: numbers, command ids, all or nothing, two processes' views of one ledger."""

from __future__ import annotations

import json
from datetime import date

import pytest

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import AddPerson, OpenProgramme
from taizhang.ledger.domain.values import Account, Conclusion, Method, Role, State, Via
from taizhang.ledger.ledger import Instruction
from tests.ledger.conftest import House


def test_numbers_are_dealt_by_the_order_of_the_log_within_the_programme(house: House) -> None:
    house.give("admin", OpenProgramme("ZX-2026", "专项"))
    first, second = house.log("一"), house.log("二")
    other = house.give("inspector", c.LogFinding("ZX-2026", "三", "抽查", date(2026, 3, 1))).number
    assert (first, second, other) == ("JYZD-2026-001", "JYZD-2026-002", "ZX-2026-001")


def test_two_handles_on_one_ledger_see_each_other_and_never_deal_a_number_twice(house: House) -> None:
    other = house.open()
    try:
        log = c.LogFinding("JYZD-2026", "另一处的问题", "抽查", date(2026, 3, 1))
        numbers = []
        for _ in range(3):
            numbers.append(house.log())
            numbers.append(other.record(Instruction(log, "inspector", Via.TUI)).number)
        assert numbers == [f"JYZD-2026-{n:03d}" for n in range(1, 7)]
        house.give("inspector", c.CommentOnFinding(numbers[1], "收到"))
        assert other.finding(numbers[1]).comments == 1
    finally:
        other.close()


def test_the_same_command_id_is_recorded_once_even_where_the_rule_would_refuse_it_now(house: House) -> None:
    number = house.rectifying()
    request = c.RequestClosure(number, "已完成")
    first = house.give("head", request, command_id="from-the-queue-1")
    again = house.give("head", request, command_id="from-the-queue-1")
    assert (again.index, again.version, again.repeated) == (first.index, first.version, True)
    assert not first.repeated
    assert house.ledger.finding(number).version == first.version


def test_a_command_id_that_comes_twice_in_one_batch_is_recorded_once(house: House) -> None:
    log = c.LogFinding("JYZD-2026", "报销单无附件", "现场检查", date(2026, 3, 1))
    once = Instruction(log, "inspector", Via.IMPORT, command_id="row-1")
    comment = Instruction(c.CommentOnFinding("JYZD-2026-001", "收到"), "inspector", Via.IMPORT)
    first, again, said = house.ledger.record_all([once, once, comment])
    assert (first.repeated, again.repeated, again.index) == (False, True, first.index)
    assert (said.version, house.ledger.finding("JYZD-2026-001").comments) == (2, 1)
    other = Instruction(log, "office", Via.IMPORT, command_id="row-2")
    with pytest.raises(Rejected, match=r"command\.id-taken"):
        house.ledger.record_all([Instruction(log, "inspector", Via.IMPORT, command_id="row-2"), other])


def test_a_command_id_cannot_stand_for_another_command_or_another_finding(house: House) -> None:
    one, two = house.log("一"), house.log("二")
    house.give("inspector", c.CommentOnFinding(one, "收到"), command_id="id-1")
    for command in (c.CommentOnFinding(two, "收到"), c.AmendFinding(one, "title", "另一个", "笔误")):
        with pytest.raises(Rejected) as refused:
            house.give("inspector", command, command_id="id-1")
        assert refused.value.code == "command.id-taken"


def test_a_command_id_cannot_stand_for_other_words_or_another_person(house: House) -> None:
    number = house.log()
    house.give("inspector", c.CommentOnFinding(number, "收到"), command_id="id-1")
    again = house.give("inspector", c.CommentOnFinding(number, " 收到 "), command_id="id-1")
    assert again.repeated
    for actor, text in (("inspector", "没收到"), ("office", "收到")):
        with pytest.raises(Rejected) as refused:
            house.give(actor, c.CommentOnFinding(number, text), command_id="id-1")
        assert refused.value.code == "command.id-taken"


def test_who_verified_first_does_not_close_after_somebody_verified_again(house: House) -> None:
    number = house.rectifying()
    both = (Role.VERIFIER, Role.APPROVER)
    house.give("admin", AddPerson("he", "甲", both))
    house.give("admin", AddPerson("she", "乙", both))
    house.give("head", c.RequestClosure(number, "已完成"))
    for person in ("he", "she"):
        house.give(person, c.VerifyFinding(number, Method.ON_SITE, Conclusion.EFFECTIVE))
    for person in ("he", "she"):
        with pytest.raises(Rejected) as refused:
            house.give(person, c.CloseFinding(number))
        assert refused.value.code == "close.own-verification"
    house.give("approver", c.CloseFinding(number))


def test_nothing_happens_before_the_step_that_it_rests_on(house: House) -> None:
    number = house.rectifying()
    house.give("head", c.RequestClosure(number, "已完成"))
    verify = c.VerifyFinding(number, Method.ON_SITE, Conclusion.EFFECTIVE)
    with pytest.raises(Rejected) as refused:
        house.give("verifier", verify, happened_on=date(2026, 3, 1))
    assert refused.value.code == "date.before-step"
    house.give("verifier", verify)
    with pytest.raises(Rejected) as refused:
        house.give("approver", c.CloseFinding(number), happened_on=date(2026, 3, 1))
    assert refused.value.code == "date.before-step"


def test_a_batch_is_recorded_whole_or_not_at_all(house: House) -> None:
    before = house.ledger.store.count()
    good = Instruction(c.LogFinding("JYZD-2026", "好的", "抽查", date(2026, 3, 1)), "inspector", Via.IMPORT)
    bad = Instruction(c.LogFinding("JYZD-2026", "", "抽查", date(2026, 3, 1)), "inspector", Via.IMPORT)
    with pytest.raises(Rejected):
        house.ledger.record_all([good, bad])
    assert house.ledger.store.count() == before
    recorded = house.ledger.record_all([good, good])
    assert [r.number for r in recorded] == ["JYZD-2026-001", "JYZD-2026-002"]


def test_a_batch_sees_what_it_did_itself(house: House) -> None:
    log = c.LogFinding("JYZD-2026", "一", "抽查", date(2026, 3, 1))
    comment = c.CommentOnFinding("JYZD-2026-001", "收到")
    person = AddPerson("second", "第二名督导员", (Role.INSPECTOR,))
    house.ledger.record_all(
        [
            Instruction(person, "admin", Via.CLI),
            Instruction(log, "second", Via.CLI),
            Instruction(comment, "second", Via.CLI),
        ]
    )
    assert house.ledger.finding("JYZD-2026-001").comments == 1


def test_recorded_at_never_goes_back_though_the_clock_does(house: House) -> None:
    from datetime import timedelta

    house.log()
    last = house.ledger.store.head()
    house.now -= timedelta(days=3)
    house.log()
    rows = list(house.ledger.store.scan(after=last.position))
    assert rows[0].recorded_at == last.recorded_at
    said = json.loads(rows[0].state)["clock"]
    assert (said < rows[0].recorded_at, said[:10]) == (True, house.now.date().isoformat())


def test_four_eyes_compares_people_and_marks_a_shared_computer_account(house: House) -> None:
    number = house.rectifying()
    house.give("head", c.RequestClosure(number, "已完成"))
    verify = c.VerifyFinding(number, Method.ON_SITE, Conclusion.EFFECTIVE)
    house.give("verifier", verify, account=Account("he", "laptop"))
    house.give("approver", c.CloseFinding(number), account=Account("root", "server"))
    finding = house.ledger.finding(number)
    assert finding.state is State.CLOSED
    from taizhang.ledger.domain import catalogue

    stream = catalogue.stream_of_number(number)
    marks = [catalogue.DECODE[row.topic](row.state).data for row in house.ledger.store.read_stream(stream)][-2:]
    assert [mark.same_account for mark in marks] == [False, True]


def test_an_unknown_number_and_one_that_is_none_are_refused_alike(house: House) -> None:
    for number in ("JYZD-2026-999", "nonsense", "JYZD-2026-1", ""):
        with pytest.raises(Rejected) as refused:
            house.give("inspector", c.CommentOnFinding(number, "在吗"))
        assert refused.value.code == "finding.unknown"
        assert refused.value.params["number"] == number
