"""The page of the seal, on a real ledger: what is signed, live, and the deep check by a key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.composition import make_demo, open_desk
from taizhang.ledger.domain.commands import CommentOnFinding
from taizhang.ledger.domain.values import Via
from taizhang.service.desk import Desk, Order
from tests.tui.look import terminal


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seal") / "ledger"
    make_demo(path)
    return path


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    with closing(open_desk(folder)) as desk:
        yield desk


async def test_the_seal_is_live_and_signed_by_a_key(desk: Desk) -> None:
    async with terminal(desk, size=(100, 40)) as person:
        await person.press("v")
        last = desk.index()
        assert f"已签署至 #{last}，无遗漏" in person.text
        assert "尚无见证方联署" in person.text
        number = desk.resolve("1")
        desk.record(Order(CommentOnFinding(number, "电话核实"), "admin", Via.TUI))
        await person.until(lambda: f"已签署至 #{last}；其后 1 条尚未签署" in person.text)
        await person.press("s")
        await person.until(lambda: f"已签署至 #{last + 1}，无遗漏" in person.text)
        await person.press("L")
        assert f"up to #{last + 1}: everything" in person.text
        await person.press("escape")
        assert number in person.text


async def test_the_deep_check_runs_beside_and_says_what_holds(desk: Desk) -> None:
    async with terminal(desk, lang="en", size=(100, 60)) as person:
        await person.press("v", "v")
        await person.until(lambda: "hold; root hash" in person.text, 30)
        assert "✓ every event was allowed by the rules at its moment" in person.text
        assert "✗" not in person.text
        assert "Not proved" in person.text
        assert person.widths == {100}


async def test_what_is_wrong_is_named(desk: Desk, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        (guard,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'events_update'").fetchone()
        connection.execute("DROP TRIGGER events_update")
        connection.execute(
            'UPDATE events SET state = replace(state, \'"via":"cli"\', \'"via":"tui"\') WHERE position = 21'
        )
        connection.execute(guard)
        connection.commit()
    async with terminal(desk, size=(100, 60)) as person:
        await person.press("v", "v")
        await person.until(lambda: "第一条有误的事件：#20" in person.text, 30)
        assert "✗" in person.text
