"""A new ledger is given its units, people and programme with keys alone; the first finding is logged by one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.composition import init_ledger, open_desk
from taizhang.ledger.domain.register import Person as Registered
from taizhang.ledger.domain.register import Unit
from taizhang.ledger.domain.values import Role, Via
from taizhang.service.desk import Desk
from tests.journeys.test_by_keys import become
from tests.tui.look import terminal


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A ledger as it is after `ledger init`: with its administrator alone."""
    init_ledger(tmp_path / "ledger")
    desk = open_desk(tmp_path / "ledger")
    yield desk
    desk.close()


async def test_a_ledger_is_set_up_with_keys_alone(desk: Desk) -> None:
    async with terminal(desk, actor="admin", size=(100, 30)) as person:
        assert "先按 u 登记单位和人员，再按 n 登记第一条问题。" in person.text
        await person.press("u", "n")
        await person.type("ju")
        await person.press("tab")
        await person.type("市局")
        await person.press("ctrl+s")
        await person.until(lambda: "▌市局" in person.text)
        await person.press("n")
        await person.type("caiwu")
        await person.press("tab")
        await person.type("财务科")
        await person.press("ctrl+s")
        await person.until(lambda: "▌└─ 财务科" in person.text or "▌ └─ 财务科" in person.text)

        await person.press("tab", "n")
        await person.type("zhang")
        await person.press("tab")
        await person.type("张某")
        await person.press("tab", "1", "2", "ctrl+s")
        await person.until(lambda: "▌张某 zhang" in person.text)
        await person.press("e", "tab", "2", "ctrl+s")
        await person.until(lambda: "已变更人员" in person.text)

        await person.press("tab", "n")
        await person.type("XF-2026")
        await person.press("tab")
        await person.type("信访专项")
        await person.press("ctrl+s")
        await person.until(lambda: "▌XF-2026" in person.text)

        await person.press("escape")
        await become(person, "zhang")
        await person.press("n")
        await person.type("来信未按期答复")
        await person.press("tab")
        await person.type("信访")
        await person.press("ctrl+s")
        await person.until(lambda: "XF-2026-001" in person.text)
    register = desk.register()
    assert register.units == {"ju": Unit("ju", "市局"), "caiwu": Unit("caiwu", "财务科", "ju")}
    assert register.people["zhang"] == Registered("zhang", "张某", frozenset({Role.INSPECTOR}))
    entries = [desk.event(index) for index in range(desk.index() + 1)]
    assert {entry.envelope.via for entry in entries if entry.envelope.actor != "admin"} == {Via.TUI}
