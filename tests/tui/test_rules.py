"""Why a colour, what today calls for, figures that open their list, and the past, by keys alone."""

from __future__ import annotations

from datetime import date

import pytest

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate, WorkingDays
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import Level, Policy, SetPolicy
from taizhang.ledger.domain.values import Conclusion, LinkKind, Method, Result
from taizhang.tui.forms import FORMS, command_of
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.look import terminal

NUMBER = "JZ-2023-003"


def relapsed_desk() -> FakeDesk:
    """The third finding, closed after an extension, and open again in its second round, with all that comes beside."""
    desk = small_desk()
    desk.do("bangongshi", c.Remind(NUMBER, Level.NOTICE, text="请抓紧"))
    desk.do("fuze", c.ReceiveEscalation(NUMBER))
    desk.do("hecha", c.VerifyFinding(NUMBER, Method.ON_SITE, Conclusion.EFFECTIVE))
    desk.do("shenpi", c.CloseFinding(NUMBER))
    desk.do("dudao", c.FollowUp(NUMBER, Result.RELAPSED, "又有反映"))
    desk.do("shenpi", c.ReopenFinding(NUMBER, "反弹", WorkingDays(30)))
    desk.do("bangongshi", c.Remind(NUMBER, Level.ORDER, "督〔2023〕5号"))
    desk.do("jingban", c.RequestExtension(NUMBER, ByDate(date(2023, 10, 31)), "等待审计"))
    desk.do("dudao", c.LinkFinding(NUMBER, "JZ-2023-001", LinkKind.SUCCESSOR_OF))
    return desk


async def test_the_page_tells_the_later_life() -> None:
    async with terminal(relapsed_desk(), size=(120, 90)) as person:
        await person.press("j", "j", "enter")
        for part in ("第 2 轮", "待批延期", "2023-10-31", "等待审计", "督办单", "督〔2023〕5号", "承接自", "JZ-2023-001",
                     "第 1 轮：原定时限 2023-06-20", "30个工作日"):  # fmt: skip
            assert part in person.text, part


async def test_why_gives_every_reason_in_either_language() -> None:
    async with terminal(relapsed_desk()) as person:
        await person.press("j", "j", "w")
        assert "为什么亮这个灯" in person.text
        assert "30wd" in person.text
        assert "待督导办答复" in person.text
        await person.press("L")
        assert "Why it has this colour" in person.text
        await person.press("escape")
        assert "JZ-2023-005" in person.text


async def test_the_worklist_opens_the_finding_and_follows_who_acts() -> None:
    async with terminal(small_desk(), actor="hecha") as person:
        await person.press("d")
        assert "规则提示要办的事" in person.text
        assert "按规则应当“通报”" in person.text
        await person.press("m")
        assert "按规则应当" not in person.text
        assert "已申请销号，请核查" in person.text
        await person.press("enter")
        assert person.lines[1].startswith(f" {NUMBER}")
        await person.press("escape", "escape")
        assert "JZ-2023-005" in person.text


async def test_a_count_of_the_figures_opens_its_list() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("f", "right", "right")
        assert "[● 逾期 1]" in person.text
        await person.press("enter")
        cell = desk.asked[-1].cell
        assert cell is not None
        assert (cell.figure, cell.key) == ("overdue", "ju")
        await person.press("escape")
        assert "[● 逾期 1]" in person.text


async def test_the_past_is_marked_and_can_only_be_read() -> None:
    desk = small_desk()
    at = desk.history(NUMBER)[0].index
    async with terminal(desk) as person:
        await person.press("t")
        await person.type("2999-01-01")
        await person.press("enter")
        assert "还没有到" in person.text
        await person.press(*["backspace"] * 10)
        await person.type(f"#{at}")
        await person.press("enter")
        assert f"过去 #{at}" in person.lines[0]
        assert NUMBER in person.text
        assert "JZ-2023-004" not in person.text
        await person.press("G", "x")
        assert "现在显示的是过去" in person.text
        await person.press("enter")
        assert "已登记" in person.lines[1]
        assert "反馈进展" not in person.text
        await person.press("escape", "escape")
        assert "过去" not in person.lines[0]
        assert "JZ-2023-005" in person.text


async def test_a_rule_of_days_shows_the_day_that_it_gives() -> None:
    async with terminal(relapsed_desk(), actor="fuze") as person:
        person.app.open_form("extend", person.app.session.desk.finding(NUMBER))
        await person.settle()
        assert "已有一份延期" in person.text
    async with terminal(small_desk(), actor="fuze") as person:
        person.app.open_form("extend", person.app.session.desk.finding("JZ-2023-002"))
        await person.settle()
        await person.type("10wd")
        assert "→ 2023-07-24" in person.text


async def test_days_are_counted_as_the_policy_says() -> None:
    desk = small_desk()
    desk.learn(SetPolicy(Policy(days="calendar", due_soon=3)))  # type: ignore[arg-type]
    async with terminal(desk) as person:
        assert "逾期20天" in person.text
        assert "○ 整改中" in person.text, "four days left are more than three"


def read(step: str, **texts: str) -> c.FindingCommand:
    desk = small_desk()
    return command_of(FORMS[step], NUMBER, texts, desk, desk.register())


def test_forms_of_the_later_steps_are_commands() -> None:
    assert read("extend", due="10个工作日", reason="x") == c.RequestExtension(NUMBER, WorkingDays(10), "x")
    assert read("grant") == c.GrantExtension(NUMBER)
    assert read("remind", level="order") == c.Remind(NUMBER, Level.ORDER)
    assert read("follow-up", result="holds") == c.FollowUp(NUMBER, Result.HOLDS)
    assert read("reopen", reason="x", due="2023-12-31") == c.ReopenFinding(NUMBER, "x", ByDate(date(2023, 12, 31)))
    assert read("link", other="JZ-2023-001", kind="related") == c.LinkFinding(NUMBER, "JZ-2023-001")
    assert read("plan", measures="一\n二", reason="x") == c.RevisePlan(NUMBER, ("一", "二"), "x")
    with pytest.raises(Rejected) as refused:
        read("reopen", reason="x", due="soon")
    assert (refused.value.code, refused.value.params["field"]) == ("due.malformed", "due")
