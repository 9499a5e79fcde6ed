"""No character of the data that steers a terminal or hides reaches a strip, on any screen; and data is never markup."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from msgspec.structs import replace

from taizhang.ledger.domain.finding import Finding, Measure
from taizhang.ledger.domain.values import Evidence
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.look import Person, terminal

HIDDEN = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")
]
STEERING = "\x1b[31m\x1b]0;gotcha\x07[bold red]![/] [@click=app.quit]x[/]"


def poisoned(text: str) -> FakeDesk:
    desk = small_desk()

    def change(finding: Finding) -> Finding:
        return replace(
            finding,
            title=text,
            source=text,
            category=text,
            criteria=text,
            closure_criteria=text,
            responsible_person=text,
            measures=(Measure(text, report=text),),
            evidence=(Evidence("0" * 64, 1, text, text),),
            missing=text,
            grounds=text,
        )

    desk.forge(change, "JZ-2023-003")
    return desk


def raw(person: Person) -> set[str]:
    return {char for char in person.text if char in set(HIDDEN) - {"\n"}}


@pytest.mark.parametrize("part", range(4))
async def test_no_hidden_character_reaches_the_screen(part: int) -> None:
    text = "问" + "".join(HIDDEN[part::4][:60]) + "题" + STEERING
    async with terminal(poisoned(text), actor="hecha", size=(120, 60)) as person:
        for keys in (("j", "j"), ("enter",), ("G",), ("escape", "r"), ("end",), ("escape", "space"), ("1",)):
            await person.press(*keys)
            assert raw(person) == set()
            assert person.widths == {120}
        assert "⟨U+001B⟩" in person.text or "⟨U+" in person.text


async def test_every_hidden_character_in_a_title() -> None:
    desk = small_desk()
    async with terminal(desk, size=(160, 20)) as person:
        for at in range(0, len(HIDDEN), 120):
            text = "".join(f"{char}问" for char in HIDDEN[at : at + 120])
            desk.forge(lambda finding, text=text: replace(finding, title=text), "JZ-2023-001")  # type: ignore[misc]
            screen = person.app.screen
            screen.table.reload()  # type: ignore[attr-defined]
            await person.settle()
            assert raw(person) == set()
            assert person.widths == {160}


async def test_what_is_typed_is_not_drawn_raw_either() -> None:
    async with terminal(small_desk()) as person:
        await person.press("slash")
        await person.type("a\x1b[31m\u202e\u200bb")
        assert raw(person) == set()
        assert person.widths == {80}
        await person.press("escape", "enter", "c")
        await person.type("a\x1b[31m\u202e\u200bb")
        assert raw(person) == set()
        assert person.widths == {80}
        await person.press("ctrl+s")
        assert "控制字符 U+001B" in person.text


async def test_markup_in_the_data_is_text() -> None:
    async with terminal(poisoned("[bold]粗[/bold] [@click=app.quit]点[/]"), size=(120, 40)) as person:
        await person.press("j", "j")
        await person.until(lambda: person.text.count("[bold]粗[/bold] [@click=app.quit]点[/]") > 1)
        await person.press("space")
        assert "JZ-2023-003" in person.text
