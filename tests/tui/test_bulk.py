"""Marks, and one step for several findings: exactly those that are shown, one by one, each with what became of it."""

from __future__ import annotations

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.errors import Unreachable
from taizhang.tui.bulk import for_many
from taizhang.tui.forms import FORMS
from tests.tui.fake_desk import small_desk
from tests.tui.look import Person, terminal


async def _remind(person: Person) -> None:
    await person.press("x")
    await person.type("remind")
    await person.press("enter")
    await person.press("1", "ctrl+s")


async def test_a_step_for_all_marked_says_whom_it_touches_and_what_became_of_each() -> None:
    desk = small_desk()
    async with terminal(desk, actor="bangongshi", size=(100, 30)) as person:
        await person.press("M")
        assert "已标 5" in person.lines[1]
        assert all(line.startswith("✓JZ-2023-00") for line in person.lines[3:8])
        await _remind(person)
        assert "将对 4 条办理“督办”，1 条不能办" in person.text
        assert "→ JZ-2023-001" in person.text
        assert "— JZ-2023-005" in person.text
        assert desk.index() == 27  # nothing is recorded before one says so
        desk.do("bangongshi", c.CommentOnFinding("JZ-2023-002", "刚刚"))
        await person.press("ctrl+s")
        assert "已办 3 条，未办 2 条" in person.text
        assert "✗ JZ-2023-002" in person.text
        assert "在列出之后有了变动" in person.text
        assert "✓ JZ-2023-003" in person.text
        assert person.widths == {100}
        await person.press("escape")
        assert "已标 2" in person.lines[1]
        assert [number for number in ("001", "002", "003", "004", "005") if desk.finding(f"JZ-2023-{number}").escalations] == [
            "001", "003", "004",
        ]  # fmt: skip


async def test_what_a_filter_hides_is_never_touched() -> None:
    desk = small_desk()
    async with terminal(desk, actor="bangongshi", lang="en", size=(160, 24)) as person:
        await person.press("m", "j", "m", "slash")
        await person.type("状态:待核查")
        await person.press("enter")
        assert "2 marked" in person.lines[1]
        await _remind(person)
        assert "Another 1 marked are hidden by the filter" in person.text
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-001").escalations == ()
        assert len(desk.finding("JZ-2023-003").escalations) == 1


async def test_a_ledger_that_is_lost_on_the_way_fails_those_that_are_left() -> None:
    desk = small_desk()
    async with terminal(desk, actor="bangongshi") as person:
        await person.press("M")
        await _remind(person)
        desk.lost = Unreachable("store.not-a-ledger", ledger="demo")
        await person.press("ctrl+s")
        assert "已办 0 条，未办 5 条" in person.text
        desk.lost = None


async def test_marks_go_with_escape_and_a_form_that_cannot_be_read_is_refused_once() -> None:
    async with terminal(small_desk(), actor="bangongshi") as person:
        await person.press("m", "m", "escape")
        assert "已标" not in person.text
        await person.press("G", "m", "x")
        await person.type("assign")
        await person.press("enter", "ctrl+s")
        assert "✗" in person.text
        assert "责任单位" in person.text


async def test_a_label_is_a_jump() -> None:
    async with terminal(small_desk()) as person:
        await person.press("semicolon")
        assert [line[0] for line in person.lines[3:8]] == list("asdfg")
        await person.press("f")
        assert person.lines[6].startswith("▌JZ-2023-004")
        await person.press("semicolon", "escape")
        assert person.lines[6].startswith("▌JZ-2023-004")
        await person.press("k")
        assert person.lines[5].startswith("▌JZ-2023-003")


def test_forms_that_speak_of_one_finding_alone_are_not_for_many() -> None:
    assert {step for step, form in FORMS.items() if not for_many(form)} == {"act", "attach", "plan", "amend"}
