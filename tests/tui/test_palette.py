"""The palette: every action by name, pinyin and English, findings by number."""

from __future__ import annotations

import pytest

from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


@pytest.mark.parametrize("typed", ["登记", "dengji", "dj", "log"])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_action_is_found_in_three_ways(typed: str, lang: str) -> None:
    async with terminal(small_desk(), lang=lang) as person:
        await person.press("ctrl+p")
        await person.type(typed)
        await person.press("enter")
        assert ("问题来源" if lang == "zh" else "source") in person.text


async def test_a_finding_is_opened_by_its_number() -> None:
    async with terminal(small_desk()) as person:
        await person.press("colon")
        await person.type("2023-003")
        assert "JZ-2023-003" in person.text
        await person.press("enter")
        assert "› JZ-2023-003" in person.lines[0]
        await person.press("escape")
        assert "编号↑" in person.text


async def test_what_the_list_can_do_is_done_on_the_list() -> None:
    async with terminal(small_desk()) as person:
        await person.press("enter", "ctrl+p")
        await person.type("倒序")
        assert "在问题清单" in person.text
        await person.press("enter")
        assert "由后到先" in person.text
        assert "编号↓" in person.text


async def test_what_is_no_filter_finds_no_finding_and_says_so() -> None:
    async with terminal(small_desk()) as person:
        await person.press("ctrl+p")
        await person.type("颜值:高")
        assert "没有可选项" in person.text
        await person.press("enter", "escape")
        assert "编号↑" in person.text


async def test_the_first_lines_are_the_actions_of_this_screen_with_their_keys() -> None:
    async with terminal(small_desk(), size=(120, 40)) as person:
        await person.press("j", "ctrl+p")
        assert any(
            line.split("│")[1].split() == ["▌打开", "↵", "打开光标所在的问题。"]
            for line in person.lines
            if "▌打开" in line
        )
        assert person.widths == {120}
        await person.press("enter")
        assert "› JZ-2023-002" in person.lines[0]
