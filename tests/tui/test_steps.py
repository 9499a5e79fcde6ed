"""Forms: what the table offers, refusals in both languages without losing a word, and the pickers."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.ledger.domain.values import State
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "quanneng 经手过问题 JZ-2023-003 本轮的整改"),
        ("en", "quanneng belongs to jiwei, which leads or cooperates on JZ-2023-003"),
    ],
)
async def test_a_step_that_cannot_be_taken_says_why(lang: str, sentence: str) -> None:
    desk = small_desk()
    if lang == "zh":  # acted on it, from another unit
        from taizhang.ledger.domain.commands import ActOnMeasure, AssignFinding  # noqa: F401

        sentence = "quanneng 所在单位 jiwei 是问题 JZ-2023-003 的牵头或配合单位，不能自行核查"
    async with terminal(desk, actor="quanneng", lang=lang) as person:
        await person.press("j", "j", "space")
        seen = "".join(line.strip(" │╭╮╰╯─") for line in person.lines)
        assert sentence.replace(" ", "") in seen.replace(" ", "")
        before = desk.index()
        await person.press("k", "enter")  # what cannot be taken stands last
        assert desk.index() == before


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("zh", "“发生日期”2023-07-11 晚于今天（2023-07-10）"),
        ("en", "“happened on” 2023-07-11 lies after today (2023-07-10)"),
    ],
)
async def test_a_refusal_stands_in_the_form_and_nothing_typed_is_lost(lang: str, sentence: str) -> None:
    desk = small_desk()
    async with terminal(desk, lang=lang) as person:
        await person.press("j", "enter", "c")
        await person.type("说一句")
        await person.press("tab", "end", "backspace", "1", "ctrl+s")
        assert sentence in person.text
        assert "说一句" in person.text
        assert desk.finding("JZ-2023-002").comments == 0
        await person.press("end", "backspace", "0", "ctrl+s")
        assert desk.finding("JZ-2023-002").comments == 1


async def test_a_refusal_follows_the_language() -> None:
    async with terminal(small_desk()) as person:
        await person.press("j", "enter", "c", "ctrl+s")
        assert "“内容”不能为空。" in person.text
        await person.press("f2", "ctrl+s")
        assert "“text” must not be empty." in person.text


async def test_who_may_not_log_is_told_so() -> None:
    async with terminal(small_desk(), actor="lingdao") as person:
        await person.press("n")
        assert "✗ lingdao（领导）无权办理“登记”" in person.text


async def test_leaving_a_filled_form_asks_twice() -> None:
    async with terminal(small_desk()) as person:
        await person.press("j", "enter", "c")
        await person.type("说一句")
        await person.press("escape")
        assert "再按一次 Esc 放弃" in person.text
        await person.press("escape")
        assert "批注 · JZ-2023-002" not in person.text
        await person.press("c", "escape")
        assert "批注 · JZ-2023-002" not in person.text


async def test_units_are_found_by_name_or_id() -> None:
    desk = small_desk()
    async with terminal(desk, actor="bangongshi") as person:
        await person.press("end", "space", "1")
        await person.type("审理")
        assert "市局 / 局机关纪委" in person.text
        await person.press("enter")
        await person.press("2", "tab")
        await person.type("2023-12-18")
        await person.press("tab")
        await person.type("机构批复文件")
        await person.press("tab")
        await person.type("renshi")
        await person.press("enter")
        await person.type("、纪委")
        await person.press("down", "up", "enter", "ctrl+s")
        finding = desk.finding("JZ-2023-005")
        assert (finding.state, finding.lead_unit, finding.class_) == (State.ASSIGNED, "shenli", "time_bound")
        assert finding.cooperating_units[0] == "renshi"


async def test_a_file_is_found_in_its_folder_and_attached(tmp_path: Path) -> None:
    (tmp_path / "花名册.xlsx").write_bytes(b"rows")
    desk = small_desk()
    async with terminal(desk, actor="jingban") as person:
        await person.press("j", "space", "2")
        await person.type(f"{tmp_path}/")
        assert "花名册.xlsx" in person.text
        await person.press("enter", "ctrl+s")
        assert [piece.name for piece in desk.finding("JZ-2023-002").evidence] == ["花名册.xlsx"]


async def test_a_correction_begins_with_what_is_there_and_is_typed_in_its_own_way() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("j", "space", "1", "5")  # severity
        await person.press("tab", "right", "tab")
        await person.type("核实后认定")
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-002").severity == "low"
        await person.press("space", "1", "1")
        assert person.text.count("编外人员违纪违法问题较为多发，屡禁不止") == 2  # above the form, and to be corrected
        await person.press("shift+tab", "tab", "tab")


async def test_the_actor_is_chosen_by_typing() -> None:
    async with terminal(small_desk(), actor="") as person:
        assert "未选操作人" in person.text
        await person.press("p")
        await person.type("核查")
        await person.press("enter")
        assert "核查人戊" in person.lines[0]
        await person.press("p")
        await person.type("审批")
        await person.press("down", "up", "enter")
        assert "审批人己" in person.lines[0] or "全能辛" in person.lines[0]


async def test_a_record_is_sent_once_however_often_it_is_pressed() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("j", "enter", "c")
        await person.type("一次")
        await person.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await person.settle()
        assert desk.finding("JZ-2023-002").comments == 1


async def test_in_a_low_terminal_the_fields_scroll_and_what_is_refused_stays_in_sight() -> None:
    async with terminal(small_desk(), actor="bangongshi", size=(60, 16)) as person:
        await person.press("end", "space", "1", "ctrl+s")
        assert "✗ “责任单位”不能为空。" in person.text
        assert "^s 入账" in person.text
        await person.press("shift+tab")
        assert "发生日期" in person.text
        assert person.widths == {60}
