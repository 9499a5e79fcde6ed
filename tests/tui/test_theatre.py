"""The whole ledger along time: list and figures as they stood, what each step changed, by event, by day and by month."""

from __future__ import annotations

from datetime import date

from taizhang.ledger.domain.commands import LogFinding
from tests.tui.fake_desk import empty_desk, small_desk
from tests.tui.look import Person, terminal


def row(person: Person, number: str) -> str:
    return next(line for line in person.lines if number in line[:16])


async def test_back_by_event_shows_what_each_did() -> None:
    async with terminal(small_desk()) as person:
        await person.press("R")
        assert "#27 / #27" in person.lines[1]
        assert "~ JZ-2023-003" in row(person, "JZ-2023-003")
        assert "待核查" in row(person, "JZ-2023-003")
        await person.press("left")
        assert "#26 / #27" in person.lines[1]
        assert "整改中" in row(person, "JZ-2023-003")
        assert "附佐证材料" in person.text
        await person.press("right", "right", "right")
        assert "#27 / #27" in person.lines[1]
        await person.press("home")
        assert "#0 / #27" in person.lines[1]
        assert "此时台账里还没有问题。" in person.text


async def test_by_day_and_by_month() -> None:
    async with terminal(small_desk()) as person:
        await person.press("R", "tab", "left")
        assert "2023-06-01" in person.lines[1]
        await person.press("left", "left", "left", "left", "left")
        assert "2023-04-21" in person.lines[1]
        assert "这一步 4 条事件" in person.lines[2]
        for at in range(1, 5):
            assert f"~ JZ-2023-00{at}" in person.text
        assert row(person, "JZ-2023-005")[1:3] == "  "
        await person.press("left")
        assert "+ JZ-2023-001" in person.text
        await person.press("tab", "right")
        assert "2023-04-27" in person.lines[1]
        await person.press("home", "right")
        assert "总数 5 (+5)" in person.lines[3]


async def test_the_figures_and_the_days_left_are_those_of_then() -> None:
    async with terminal(small_desk(), size=(120, 30)) as person:
        await person.press("R", "tab", "left")
        assert "逾期 0" in person.lines[3]
        assert "剩13工作日" in row(person, "JZ-2023-003")
        assert person.widths == {120}


async def test_enter_opens_the_finding_then_and_escape_comes_back_to_the_moment() -> None:
    async with terminal(small_desk()) as person:
        await person.press("R", "left", "enter")
        assert "JZ-2023-003 › 回放" in person.lines[0]
        assert "第 5 / 6 步" in person.lines[1]
        await person.press("escape")
        assert "#26 / #27" in person.lines[1]
        await person.press("t")
        await person.settle()
        assert "过去 #26" in person.lines[0]
        assert "共 5 条" in person.text
        await person.press("escape")
        assert "过去" not in person.lines[0]


async def test_the_next_change_is_a_key_away() -> None:
    desk = empty_desk()
    for at in range(80):
        desk.do("dudao", LogFinding("JZ-2023", f"第{at}条", "信访", date(2023, 7, 1)), at=desk.now)
    async with terminal(desk) as person:
        await person.press("R", "tab", "pagedown", "n", "N")
        assert "▌+" in person.text
        await person.press(*["k"] * 40)
        assert "▌+ JZ-2023-0" in person.text


async def test_whoever_looks_at_the_past_is_not_moved() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("R", "left", "left")
        before = person.lines[4:20]
        desk.do("dudao", LogFinding("JZ-2023", "新的", "信访", date(2023, 7, 1)), at=desk.now)
        await person.until(lambda: "#25 / #28" in person.text)
        assert person.lines[4:20] == before
        await person.press("end")
        desk.do("dudao", LogFinding("JZ-2023", "又一条", "信访", date(2023, 7, 1)), at=desk.now)
        await person.until(lambda: "又一条" in person.text)
        assert "#29 / #29" in person.lines[1]
