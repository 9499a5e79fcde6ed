"""The filter follows every key, says what is wrong in place, and never loses the last good list."""

from __future__ import annotations

from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


async def test_the_list_follows_what_is_typed() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("干部")
        assert "2 / 5 条" in person.text
        await person.type("监督")
        assert "1 / 5 条" in person.text
        assert person.lines[3].startswith("▌JZ-2023-003")


async def test_a_filter_that_cannot_be_read_is_told_in_place_and_the_last_list_stays() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("状态:逾期")
        assert "1 / 5 条" in person.text
        await person.type("了")
        assert "! “状态”没有“逾期了”这个值" in person.text
        assert "JZ-2023-003" in person.text
        await person.press("backspace")
        assert "没有“逾期了”" not in person.text


async def test_escape_brings_back_what_was_there_before() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("干部")
        await person.press("enter", "slash")
        await person.type("监督")
        await person.press("escape")
        assert "2 / 5 条" in person.text
        await person.press("escape")
        assert "共 5 条" in person.text


async def test_typing_goes_on_while_the_desk_is_slow_and_old_answers_are_dropped() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        desk.delay = 0.2
        desk.asked.clear()
        await person.press("slash")
        for key in "JZ-2023-004":
            await person.pilot.press("minus" if key == "-" else key)
        await person.settle()
        asked = [query.filter for query in desk.asked]
        assert asked[-1] == "JZ-2023-004"
        assert len(asked) < len("JZ-2023-004")
        assert "1 / 5 条" in person.text


async def test_a_long_text_committed_at_once_is_scrolled_to_its_end() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("严管严治的压力没有完全传导到一线" * 3 + "末尾")
        assert "末尾" in person.lines[1]
        await person.press("home")
        assert person.lines[1].startswith(" / 严管严治")
