"""Saved views: a filter and an order under a name, in the next run too."""

from __future__ import annotations

from pathlib import Path

from taizhang.tui import views
from taizhang.tui.memory import Memory
from taizhang.tui.views import View
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


async def test_a_view_is_saved_and_chosen_in_the_next_run(tmp_path: Path) -> None:
    async with terminal(small_desk(), memory=Memory(tmp_path)) as person:
        await person.press("slash")
        await person.type("干部")
        await person.press("enter", "s", "S", "O")
        assert "干部 · 整改时限 由后到先" in person.text
        await person.press("ctrl+u")
        await person.type("常看的")
        await person.press("enter")
        assert "已存成视图“常看的”，用 o 选用。" in person.text
    async with terminal(small_desk(), memory=Memory(tmp_path)) as person:
        await person.press("o", "enter")
        assert "2 / 5 条，筛去 3" in person.lines[1]
        assert "期限↓" in person.lines[2]
        await person.press("escape", "ctrl+p")
        await person.type("常看")
        assert "视图 " in person.text
        await person.press("enter")
        assert "2 / 5 条，筛去 3" in person.lines[1]


async def test_a_name_that_is_given_is_asked_for_twice_and_a_view_can_go(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    views.saved(memory, View("甲", "旧"))
    async with terminal(small_desk(), memory=memory, lang="en") as person:
        await person.press("O")
        await person.press("enter")
        assert "A view needs a name." in person.text
        await person.type("甲")
        await person.press("enter")
        assert "press once more to replace it" in person.text
        assert person.widths == {80}
        await person.press("enter")
        assert [view.filter for view in views.load(memory)] == [""]
        await person.press("o", "ctrl+d")
        assert "No view is saved yet" in person.text
        assert views.load(memory) == ()


def test_what_is_no_view_is_left_out(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    memory.keep(
        "views", [{"name": 3}, "x", {"name": "好", "sort": "nowhere"}, {"name": "对", "filter": "a", "more": 1}]
    )
    assert [view.name for view in views.load(memory)] == ["对"]
