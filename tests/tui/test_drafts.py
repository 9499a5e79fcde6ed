"""Quick entry, and drafts: what was typed and not recorded is there again, whatever ended the terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from taizhang.tui import drafts
from taizhang.tui.drafts import Draft
from taizhang.tui.memory import Memory
from taizhang.tui.preferences import preferences
from tests.tui.fake_desk import small_desk
from tests.tui.look import Person, terminal


async def _pause(person: Person) -> None:
    await asyncio.sleep(0.6)
    await person.settle()


async def test_a_draft_survives_and_is_offered_until_it_is_recorded(tmp_path: Path) -> None:
    async with terminal(small_desk(), memory=Memory(tmp_path)) as person:
        await person.press("n")
        await person.type("写到一半的问题")
        await _pause(person)
        kept = drafts.load(Memory(tmp_path), "drafts/log")
        assert [draft.texts["title"] for draft in kept] == ["写到一半的问题"]  # on the disk while the form is open
        await person.press("tab")
        await person.type("抽查")
        await person.press("ctrl+q")  # no pause, no word: as good as a crash
    desk = small_desk()
    async with terminal(desk, memory=Memory(tmp_path)) as person:
        await person.press("n")
        assert "有没入账的草稿" in person.text
        assert "写到一半" not in person.text
        assert person.widths == {80}
        await person.press("ctrl+o")
        assert "写到一半的问题" in person.text
        assert "抽查" in person.text
        await person.press("ctrl+s")
        assert "已记录“登记”" in person.text
        assert desk.finding("JZ-2023-006").title == "写到一半的问题"
        await person.press("n")
        assert "草稿" not in person.text
    assert not list((tmp_path / "drafts").glob("*"))


async def test_what_is_given_up_is_gone_and_what_lies_there_from_before_stays(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    drafts.kept(memory, "drafts/log", Draft("old", "2023-07-01 08:00", {"title": "旧"}))
    async with terminal(small_desk(), memory=memory) as person:
        await person.press("n")
        await person.type("新")
        await _pause(person)
        assert [draft.texts["title"] for draft in drafts.load(memory, "drafts/log")] == ["旧", "新"]
        await person.press("escape", "escape")
        assert [draft.texts["title"] for draft in drafts.load(memory, "drafts/log")] == ["旧"]


async def test_a_draft_belongs_to_its_finding_and_step(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    async with terminal(small_desk(), memory=memory) as person:
        await person.press("enter", "c")
        await person.type("批注一半")
        await _pause(person)
    async with terminal(small_desk(), memory=memory) as person:
        await person.press("j", "enter", "c")
        assert "草稿" not in person.text
        await person.press("escape", "escape", "k", "enter", "c")
        assert "草稿" in person.text


async def test_an_amendment_comes_back_with_its_field(tmp_path: Path) -> None:
    memory = Memory(tmp_path)
    drafts.kept(
        memory,
        "drafts/amend-JZ-2023-001",
        Draft("x", "2023-07-01 08:00", {"field": "category", "value": "纪律", "reason": "错"}),
    )
    desk = small_desk()
    async with terminal(desk, memory=memory, size=(100, 40)) as person:
        person.app.open_form("amend", desk.finding("JZ-2023-001"))
        await person.settle()
        await person.press("ctrl+o", "ctrl+s")
        assert desk.finding("JZ-2023-001").category == "纪律"


async def test_quick_entry_takes_seven_keys_and_the_problem(tmp_path: Path) -> None:
    told, faults = preferences({"template": [{"name": "备用金", "source": "抽查", "category": "财务"}]})
    assert not faults
    desk = small_desk()
    async with terminal(desk, memory=Memory(tmp_path), preferences=told) as person:
        await person.press("N")
        await person.type("备用金自管自盘")
        await person.press("ctrl+s")
        logged = desk.finding("JZ-2023-006")
        assert (logged.title, logged.source, logged.category) == ("备用金自管自盘", "抽查", "财务")
        await person.press("N")
        assert "照上一条" in person.text
        await person.press("enter")
        assert "备用金自管自盘" not in person.text.split("╭")[1]
        await person.type("又一条")
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-007").category == "财务"


async def test_who_acts_is_asked_first_and_what_was_wanted_goes_on_without_losing_a_key() -> None:
    desk = small_desk()
    async with terminal(desk, actor="") as person:
        await person.press("n")
        await person.type("dudao")
        for key, character in (("enter", "\r"), ("甲", "甲"), ("乙", "乙")):  # in one burst, as a terminal sends them
            person.app.post_message(events.Key(key, character))
        await person.settle()
        await person.press("ctrl+s")
        assert "甲乙" in person.text


TEXTS = st.dictionaries(st.sampled_from(["title", "source"]), st.text(max_size=5), max_size=2)
STEPS = st.lists(st.tuples(st.sampled_from(["keep", "drop", "record"]), st.sampled_from("abcde"), TEXTS), max_size=12)


@settings(max_examples=60)
@given(STEPS)
def test_the_last_drafts_are_kept_and_none_after_a_record(steps: list[tuple[str, str, dict[str, str]]]) -> None:
    memory, expected = Memory(None), dict[str, dict[str, str]]()
    for what, id_, texts in steps:
        if what == "keep":
            drafts.kept(memory, "drafts/log", Draft(id_, "", texts))
            expected.pop(id_, None)
            expected[id_] = texts
            expected = dict(list(expected.items())[-drafts.MOST :])
        else:
            drafts.dropped(memory, "drafts/log", {id_} if what == "drop" else None)
            expected = {} if what == "record" else {key: held for key, held in expected.items() if key != id_}
        assert [(d.id, d.texts) for d in drafts.load(memory, "drafts/log")] == list(expected.items())


def test_names_are_safe_and_spoilt_drafts_are_none(tmp_path: Path) -> None:
    assert drafts.name_of("comment", "../x/1") == "drafts/comment-..%2Fx%2F1"
    memory = Memory(tmp_path)
    memory.keep("drafts/log", [{"id": 3}])
    assert drafts.newest(memory, "drafts/log") is None
