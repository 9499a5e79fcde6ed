"""Typing a filter: what is offered, what is remembered, what is hidden."""

from __future__ import annotations

from pathlib import Path

from textual import events

from taizhang.tui.memory import Memory
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


async def test_tab_completes_field_and_value_by_sound() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("zhuangt")
        assert "Tab" in person.text
        await person.press("tab")
        assert " / 状态:" in person.text
        await person.type("daih")
        await person.press("tab", "enter")
        assert " / 状态:待核查" in person.lines[1]
        assert "1 / 5 条，筛去 4" in person.lines[1]
        assert "JZ-2023-003" in person.lines[3]
        assert person.widths == {80}


async def test_arrows_choose_and_enter_takes_what_was_chosen() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("状态:")
        await person.press("down", "enter")
        assert person.app.focused is not None
        assert person.app.focused.id == "filter-field"
        assert " / 状态:已登记" in person.text
        await person.press("enter")
        assert "1 / 5 条，筛去 4" in person.lines[1]


async def test_a_filter_that_was_kept_is_offered_in_the_next_run(tmp_path: Path) -> None:
    async with terminal(small_desk(), memory=Memory(tmp_path)) as person:
        await person.press("slash")
        await person.type("监督")
        await person.press("enter")
        await person.press("slash")
        await person.type("颜值:高")  # no filter: not worth keeping
        await person.press("enter", "escape")
    async with terminal(small_desk(), memory=Memory(tmp_path), lang="en") as person:
        await person.press("slash")
        assert any("监督" in line and "used lately" in line for line in person.lines[2:4])
        assert "颜值" not in person.text
        await person.press("tab", "enter")
        assert "1 of 5, 4 hidden" in person.lines[1]


async def test_leaving_the_field_leaves_nothing_behind() -> None:
    async with terminal(small_desk()) as person:
        before = person.lines
        await person.press("slash")
        await person.type("状态:")
        await person.press("down", "escape")
        assert person.lines == before


async def test_what_is_typed_right_after_escape_is_for_the_list() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("状态:逾期")
        for key in ("escape", "j", "j"):  # in one burst, as a terminal sends them
            person.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await person.settle()
        assert "共 5 条" in person.lines[1]
        assert "✗" not in person.text
        assert "jj" not in person.text
