"""The audit screen: every event, newest first, of a person or a finding; what is recorded meanwhile moves nothing."""

from __future__ import annotations

from datetime import date

from taizhang.ledger.domain.commands import LogFinding
from tests.tui.fake_desk import small_desk
from tests.tui.look import Person, terminal


def indexes(person: Person) -> list[str]:
    return [line[1:].split()[0] for line in person.lines if line[1:].strip().startswith("#")]


async def test_every_event_newest_first() -> None:
    async with terminal(small_desk()) as person:
        await person.press("a")
        assert indexes(person) == [f"#{index}" for index in range(27, 7, -1)]
        assert "共 28 条事件" in person.lines[1]
        assert "申请销号" in person.lines[3]
        await person.press("end")
        assert indexes(person)[-1] == "#0"
        assert "开启专项" in person.text


async def test_enter_opens_the_finding_at_that_event_and_escape_comes_back() -> None:
    async with terminal(small_desk()) as person:
        await person.press("a", "j", "enter")
        assert "JZ-2023-003 › 回放" in person.lines[0]
        assert "第 5 / 6 步" in person.lines[1]
        await person.press("escape")
        assert person.lines[4].startswith("▌  #26")
        await person.press("end", "enter")
        assert "审计 › #0" in person.lines[0]
        assert "政法干警教育整顿督导" in person.text
        await person.press("escape", "escape")
        assert "共 5 条" in person.text


async def test_only_one_person_or_one_finding() -> None:
    async with terminal(small_desk()) as person:
        await person.press("a", "i")
        assert "编号 JZ-2023-003" in person.lines[1]
        assert "共 6 条事件" in person.lines[1]
        await person.press("o")
        assert "操作人 负责人丁" in person.lines[1]
        assert "共 1 条事件" in person.lines[1]
        await person.press("escape")
        assert "共 28 条事件" in person.lines[1]
        await person.press("slash")
        await person.type("督导办乙")
        await person.press("enter")
        assert "共 4 条事件" in person.lines[1]
        await person.press("slash")
        await person.type("没有这样的")
        await person.press("enter")
        assert "✗" in person.text
        assert "共 4 条事件" in person.lines[1]


async def test_what_is_recorded_moves_neither_cursor_nor_scroll() -> None:
    desk = small_desk()
    for at in range(60):
        desk.do("dudao", LogFinding("JZ-2023", f"第{at}条", "信访", date(2023, 7, 1)), at=desk.now)
    async with terminal(desk) as person:
        await person.press("a", "pagedown", "j")
        before = indexes(person)
        chosen = next(line for line in person.lines if line.startswith("▌"))
        for at in range(3):
            desk.do("dudao", LogFinding("JZ-2023", f"新{at}", "信访", date(2023, 7, 1)), at=desk.now)
        await person.until(lambda: "共 91 条事件" in person.text)
        await person.settle()
        assert indexes(person) == before
        assert next(line for line in person.lines if line.startswith("▌")) == chosen
        await person.press("home")
        assert indexes(person)[0] == "#90"


async def test_the_past_has_no_later_events() -> None:
    async with terminal(small_desk()) as person:
        await person.press("t")
        await person.type("#20")
        await person.press("enter", "a")
        assert indexes(person)[0] == "#20"
        assert "共 21 条事件" in person.lines[1]


async def test_a_wide_terminal_shows_the_event_in_full() -> None:
    async with terminal(small_desk(), size=(120, 40)) as person:
        await person.press("a")
        await person.until(lambda: "办法印发，谈话覆盖重点岗位" in person.text)
        assert person.widths == {120}
