"""One gesture takes you from any number or name to what stands behind it, and Escape back: figures, registers, today, blame."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from taizhang.ledger.domain.commands import CommentOnFinding, LogFinding
from taizhang.service.desk import Cell, Dimension
from taizhang.tui.memory import Memory
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


async def test_a_figure_opens_its_list_and_escape_leads_back() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("f")
        assert "[总数 5]" in person.lines[1]
        assert "█" in person.text
        await person.press("right", "right", "enter")
        assert "统计 · 按责任单位 › 市局 · 逾期" in person.lines[0]
        assert desk.asked[-1].cell == Cell(Dimension.UNIT, "overdue", "ju")
        await person.press("enter")
        assert "› JZ-2023-00" in person.lines[0]
        await person.press("escape", "escape")
        assert "[● 逾期 1]" in person.lines[1]
        await person.press("escape")
        assert "共 5 条" in person.text


async def test_the_trend_opens_the_list_of_its_month_and_comes_back_to_the_present() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("f", "m")
        assert [line[1:8] for line in person.lines[4:6]] == ["2023-04", "2023-06"]
        await person.press("up", "enter")
        assert "过去 #25" in person.lines[0]
        assert desk.asked[-1].when == "#25"
        await person.press("escape")
        assert "过去" not in person.lines[0]
        assert "逐月走势" in person.lines[0]


async def test_units_stand_as_a_tree_and_open_their_findings() -> None:
    async with terminal(small_desk()) as person:
        await person.press("u")
        assert "├─ 局机关纪委" in person.text
        assert "│  └─ 案件审理科" in person.text
        await person.press("down", "enter")
        assert "登记簿 › 局机关纪委" in person.lines[0]
        await person.press("escape", "tab", "enter")
        assert "操作人" in person.lines[1]
        await person.press("escape", "tab")
        assert "JZ-2023 政法干警教育整顿督导" in person.text
        await person.press("tab")
        assert "临期天数" in person.text


async def test_every_value_says_which_event_set_it() -> None:
    async with terminal(small_desk()) as person:
        await person.press("j", "j", "enter", "b")
        assert "JZ-2023-003 › 每个值由谁定下" in person.lines[0]
        assert "督导组甲 2023-04-20 登记 #15" in person.text
        await person.press("enter")
        assert "第 1 / 6 步" in person.lines[1]
        await person.press("escape", "escape", "escape")
        assert "共 5 条" in person.text


async def test_today_tells_what_changed_since_this_person_last_looked() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("d")
        await person.press("escape")
        desk.do("dudao", LogFinding("JZ-2023", "刚登记的", "信访", date(2023, 7, 1)), at=desk.now)
        desk.do("bangongshi", CommentOnFinding("JZ-2023-004", "催一下"), at=desk.now)
        await person.until(lambda: "共 6 条" in person.text)
        await person.press("d", "up")
        await person.settle()
        assert "有变动 · ○ 已交办" in person.text
        assert "新进入 · ○ 已登记 · 刚登记的" in person.text
        await person.press("enter")
        assert "JZ-2023-004" in person.lines[0]
        await person.press("escape", "v", "up")
        assert "没有变动。" in person.text


async def test_what_was_seen_is_kept_for_the_next_run(tmp_path: Path) -> None:
    desk = small_desk()
    async with terminal(desk, memory=Memory(tmp_path)) as person:
        await person.press("d", "escape")
    desk.do("dudao", LogFinding("JZ-2023", "昨夜登记的", "信访", date(2023, 7, 1)), at=desk.now)
    async with terminal(desk, memory=Memory(tmp_path), size=(80, 40)) as person:
        await person.press("d")
        assert "新进入 · ○ 已登记 · 昨夜登记的" in person.text
        await person.press("p")
        await person.type("hecha")
        await person.press("enter")
        assert "第一次在这台电脑上查看" in person.text
