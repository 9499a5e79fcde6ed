"""Whatever screen somebody looks at: what another process records stands there within a quarter of a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from msgspec import Struct

from taizhang.composition import init_ledger, open_desk
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.policy import Policy, SetPolicy
from taizhang.ledger.domain.values import Role, Via
from taizhang.service.desk import Desk, ExportKind, ExportOptions, Order, Query
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.look import Person, terminal
from tests.tui.test_live import elsewhere

WITHIN = 0.25
THIRD = "JZ-2023-003"
NEW = c.LogFinding("JZ-2023", "别处登记的新问题", "信访", date(2023, 7, 1))
WORD = c.CommentOnFinding(THIRD, "别处的批注")
TITLE = c.AmendFinding(THIRD, "title", "别处更正的题目", "笔误")


class Live(Struct, frozen=True):
    """One screen.

    Args:
        keys: how to get there.
        record: what is recorded elsewhere.
        seen: what stands there then.
        actor: who records it.
        size: of the terminal.
    """

    keys: tuple[str, ...]
    record: object
    seen: str
    actor: str = "dudao"
    size: tuple[int, int] = (100, 40)


SCREENS = {
    "list": Live((), NEW, "别处登记的新问题"),
    "filtered": Live(("slash", "新", "enter"), NEW, "别处登记的新问题"),
    "preview": Live(("j", "j"), TITLE, "别处更正的题目", size=(160, 40)),
    "finding": Live(("j", "j", "enter"), TITLE, "别处更正的题目"),
    "timeline": Live(("j", "j", "enter"), WORD, "别处的批注", size=(100, 90)),
    "why": Live(("j", "j", "w"), TITLE, "别处更正的题目"),
    "blame": Live(("j", "j", "enter", "b"), TITLE, "别处更正的题目"),
    "replay": Live(("j", "j", "r"), WORD, "/ 7 步"),
    "steps": Live(("j", "j", "x"), c.ReturnFinding(THIRD, "缺佐证"), "整改中", actor="hecha"),
    "undo": Live(("j", "j", "z"), WORD, "批注"),
    "form": Live(("j", "j", "enter", "c"), WORD, "“批注”；请核对"),
    "bulk": Live(("M", "x", "escape"), TITLE, "别处更正的题目"),
    "today": Live(("d",), c.WithdrawFinding(THIRD, "重复"), "要办的事 3 项", actor="lingdao"),
    "figures": Live(("f",), NEW, "合计         6"),
    "trend": Live(("f", "m"), NEW, "6"),
    "behind": Live(("f", "enter"), TITLE, "别处更正的题目"),
    "audit": Live(("a",), WORD, "#28"),
    "theatre": Live(("R",), NEW, "别处登记的新问题"),
    "units": Live(("u",), r.AddUnit("caiwu", "别处的财务科"), "别处的财务科"),
    "people": Live(("u", "tab"), r.AddPerson("zhang", "别处的张某", (Role.AUDITOR,)), "别处的张某"),
    "programmes": Live(("u", "tab", "tab"), r.OpenProgramme("XF", "别处的专项"), "别处的专项"),
    "policy": Live(("u", "shift+tab"), SetPolicy(Policy(due_soon=77)), "77"),
    "amending": Live(("u", "j", "e"), r.AmendUnit("jiwei", "别处改的名"), "别处改的名"),
    "actor": Live(("p",), r.AddPerson("zhang", "别处的张某", (Role.AUDITOR,)), "别处的张某"),
    "palette": Live(("colon", "0", "0", "3"), TITLE, "别处更正的题目"),
    "seal": Live(("v",), WORD, "已签署至 #26"),
    "export": Live(("e",), NEW, "共 6 行"),
}


class CountingDesk(FakeDesk):
    """A desk whose exported table says how many findings there are."""

    def export(
        self,
        kind: ExportKind,
        format: str,  # noqa: A002
        target: Path,
        query: Query,
        lang: str,
        *,
        options: ExportOptions = ExportOptions(),  # noqa: B008
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        target.write_text(f"# 共 {len(self._findings)} 行\n", encoding="utf-8")
        return len(self._findings)


def a_desk() -> FakeDesk:
    plain = small_desk()
    desk = CountingDesk(plain.now)
    desk.__dict__.update(plain.__dict__)
    return desk


@pytest.mark.parametrize("name", SCREENS)
async def test_what_is_recorded_elsewhere_is_seen_at_once_on_every_screen(name: str) -> None:
    live = SCREENS[name]
    taken = []
    for _ in range(3):  # the best of three: the machine may be busy with something else
        desk = a_desk()
        if name in ("units", "people", "programmes", "policy", "amending", "actor"):
            desk.learn(r.AddPerson("guanli", "管理员壬", (Role.ADMIN,)))
        async with terminal(desk, size=live.size) as person:
            await person.press(*live.keys)
            assert live.seen not in person.text or name in ("trend", "steps"), person.text
            before = person.text
            actor = "guanli" if isinstance(live.record, r.RegisterCommand) else live.actor
            began = time.perf_counter()
            elsewhere(desk, live.record, actor=actor)
            await _seen(person, live.seen, before)
            taken.append(time.perf_counter() - began)
            if name == "palette":
                assert person.app.focused is not None
        if taken[-1] < WITHIN:
            return
    raise AssertionError(taken)


async def _seen(person: Person, text: str, before: str) -> None:
    await person.until(lambda: text in person.text and person.text != before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "ledger"
    init_ledger(path, programme="JZ", programme_name="教育整顿")
    with closing(open_desk(path)) as desk:
        desk.record(Order(r.AddPerson("dudao", "督导组甲", (Role.INSPECTOR,)), "admin", Via.CLI))
    return path


async def test_what_comes_through_the_file_is_as_quick(folder: Path) -> None:
    """Two desks that share nothing but the ledger's files, as two processes do."""

    def log(desk: Desk, title: str) -> None:
        command = c.LogFinding("JZ", title, "信访", desk.today())
        desk.record(Order(command, "dudao", Via.CLI))

    with closing(open_desk(folder)) as mine, closing(open_desk(folder)) as theirs:
        log(theirs, "先有的")
        async with terminal(mine, actor="dudao") as person:
            taken = []
            for at in range(4):
                began = time.perf_counter()
                log(theirs, f"别处第{at}条")
                await person.until(lambda at=at: f"别处第{at}条" in person.text)  # type: ignore[misc]
                taken.append(time.perf_counter() - began)
            assert min(taken) < WITHIN, taken
