"""Taking back: said first, done by a further step, and honest where there is none; what is copied; what changed meanwhile."""

from __future__ import annotations

import base64
from datetime import date

import pytest

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.values import State
from taizhang.locale.words import Lang, words_for
from taizhang.tui.clipboard import likely
from taizhang.tui.forms import FORMS
from taizhang.tui.undo import WAYS
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


@pytest.mark.parametrize("lang", Lang)
def test_every_event_has_a_way_back_or_a_reason_why_not(lang: Lang) -> None:
    words = words_for(lang)
    happened = [topic.split(".")[1] for topic in catalogue.TOPICS.values() if topic.startswith("finding.")]
    for each in happened:
        if each in WAYS:
            assert WAYS[each] in FORMS
            assert words(f"tui.undo.way.{each}")
        elif each not in ("escalation-received", "carry-in-undone"):  # told in general
            assert words(f"tui.undo.not.{each}")
    assert set(WAYS) <= set(happened)


async def test_an_amendment_is_taken_back_with_the_value_from_before() -> None:
    desk = small_desk()
    desk.do("dudao", c.AmendFinding("JZ-2023-002", "title", "改错了的题目", "笔误"))
    async with terminal(desk, size=(100, 40)) as person:
        await person.press("j", "z")
        assert "最近一步：更正（督导组甲" in person.text
        assert "它不会从历史中消失" in person.text
        assert "再更正一次，填回原来的值。" in person.text
        assert person.widths == {100}
        assert desk.finding("JZ-2023-002").title == "改错了的题目"
        await person.press("enter")
        assert "编外人员违纪违法问题较为多发，屡禁不止" in person.text
        await person.type("恢复")
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-002").title == "编外人员违纪违法问题较为多发，屡禁不止"
        assert len(desk.history("JZ-2023-002")) == 6


async def test_progress_is_taken_back_with_what_was_reported_before() -> None:
    desk = small_desk()
    async with terminal(desk, actor="jingban", size=(100, 40)) as person:
        await person.press("j", "z", "enter")
        await person.type("报错了，实际没有完成")
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-002").measures[0].progress == "none"


async def test_whoever_may_not_take_it_back_learns_why_and_nothing_happens() -> None:
    desk = small_desk()
    async with terminal(desk, actor="jingban", lang="en", size=(100, 30)) as person:
        await person.press("j", "j", "enter", "z")  # closure requested: the verifier returns it
        assert "The verifier returns it" in person.text
        await person.press("enter")
        assert "Take back · JZ-2023-003" in person.text
        assert desk.finding("JZ-2023-003").state is State.AWAITING


async def test_what_cannot_be_taken_back_is_said() -> None:
    desk = small_desk()
    desk.do("dudao", c.CommentOnFinding("JZ-2023-001", "随手一写"))
    async with terminal(desk, size=(120, 30)) as person:
        await person.press("z")
        assert "批注不能撤回；可以再写一条批注更正。" in person.text
        await person.press("enter", "escape")
        assert "编号↑" in person.text


async def test_a_number_and_a_line_are_copied_and_it_is_said_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    async with terminal(small_desk()) as person:
        written: list[str] = []
        driver = person.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        await person.press("y")
        assert any(base64.b64encode(b"JZ-2023-001").decode() in text for text in written)
        assert "OSC 52" in person.text
        await person.press("j", "Y")
        assert person.app.clipboard.split("\t")[:2] == ["JZ-2023-002", "整改中"]
        assert "\n" not in person.app.clipboard


@pytest.mark.parametrize(
    ("environ", "said"),
    [({"TERM": "xterm"}, "sent"), ({"TERM": "tmux-256color", "TMUX": "/tmp/x"}, "tmux"), ({"TERM": "linux"}, "deaf"), ({"TERM_PROGRAM": "Apple_Terminal"}, "deaf")],
)  # fmt: skip
def test_what_can_be_known_of_the_clipboard(environ: dict[str, str], said: str) -> None:
    assert likely(environ) == said


async def test_a_form_shows_what_changed_before_it_records() -> None:
    desk = small_desk()
    async with terminal(desk, actor="bangongshi", size=(100, 40)) as person:
        await person.press("G")
        person.app.open_form("assign", desk.finding("JZ-2023-005"))
        await person.settle()
        desk.do("dudao", c.AmendFinding("JZ-2023-005", "found_on", "2023-04-19", "记错"))
        await person.until(lambda: "填写期间" in person.text)
        assert "2023-04-20 → 2023-04-19" in person.text
        assert desk.finding("JZ-2023-005").found_on == date(2023, 4, 19)
        assert person.widths == {100}
