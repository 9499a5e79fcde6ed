"""A finding from logging to closure, with keys alone, against a ledger on disk; and what others record meanwhile."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from taizhang.composition import init_ledger, open_desk
from taizhang.ledger.domain.register import AddPerson, AddUnit
from taizhang.ledger.domain.values import Role, State, Via
from taizhang.service.desk import Desk, Order
from tests.tui.look import Person, terminal

NUMBER = "JZ-001"
PEOPLE = (
    AddPerson("dudao", "督导组甲", (Role.INSPECTOR,)),
    AddPerson("bangongshi", "督导办乙", (Role.OFFICE,)),
    AddPerson("jingban", "经办人丙", (Role.UNIT_OFFICER,), unit="jiwei"),
    AddPerson("fuze", "负责人丁", (Role.UNIT_HEAD,), unit="jiwei"),
    AddPerson("hecha", "核查人戊", (Role.VERIFIER,)),
    AddPerson("shenpi", "审批人己", (Role.APPROVER, Role.VERIFIER)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with its units and people, without findings."""
    path = tmp_path / "ledger"
    init_ledger(path, programme="JZ", programme_name="教育整顿")
    desk = open_desk(path)
    for command in (AddUnit("ju", "市局"), AddUnit("jiwei", "局机关纪委", parent="ju"), *PEOPLE):
        desk.record(Order(command, "admin", Via.CLI))
    desk.close()
    return path


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """The desk of that ledger."""
    desk = open_desk(folder)
    yield desk
    desk.close()


async def become(person: Person, actor: str) -> None:
    """Choose who acts."""
    await person.press("p")
    await person.type(actor)
    await person.press("enter")


async def take(person: Person, step: str) -> None:
    """Open the menu of steps and take one by its place."""
    await person.press("space")
    line = next(
        line for line in person.lines if f" {step} " in f"{line} " and any(digit in line for digit in "123456789")
    )
    await person.press(next(char for char in line if char.isdigit()))


async def test_from_logging_to_closure(desk: Desk, tmp_path: Path) -> None:
    proof = tmp_path / "办法.txt"
    proof.write_text("印发", encoding="utf-8")
    due = (desk.today() + timedelta(days=30)).isoformat()
    async with terminal(desk, actor="dudao", size=(100, 30)) as person:
        assert "台账里还没有问题。" in person.text
        await person.press("n")
        await person.type("对干部“八小时以外”活动监督管理措施不够有力")
        await person.press("tab")
        await person.type("实地督导")
        await person.press("ctrl+s")
        assert f"{NUMBER} 已记录“登记”" in person.text
        await person.until(lambda: "▌JZ-001" in person.text)

        await become(person, "bangongshi")
        await person.press("enter")
        await take(person, "交办")
        await person.type("纪委")
        await person.press("enter", "2", "tab")
        await person.type(due)
        await person.press("tab")
        await person.type("办法印发；谈话覆盖重点岗位")
        await person.press("ctrl+s")
        assert desk.finding(NUMBER).state is State.ASSIGNED

        await become(person, "jingban")
        await take(person, "签收")
        await person.type("出台八小时外监督办法")
        await person.press("enter")
        await person.type("家访与谈心谈话记录")
        await person.press("ctrl+s")
        assert [measure.text for measure in desk.finding(NUMBER).measures] == [
            "出台八小时外监督办法",
            "家访与谈心谈话记录",
        ]

        for measure in ("1", "2"):
            await take(person, "反馈进展")
            await person.press(measure, "tab", "3", "tab")
            await person.type(f"第{measure}条已办结")
            await person.press("ctrl+s")
        await take(person, "附佐证材料")
        await person.type(str(proof))
        await person.press("ctrl+s")
        assert "办法.txt" in person.text

        await become(person, "fuze")
        await take(person, "申请销号")
        await person.type("办法已印发，谈话全覆盖")
        await person.press("ctrl+s")
        assert desk.finding(NUMBER).state is State.AWAITING

        await become(person, "hecha")
        await take(person, "核查")
        await person.press("1", "tab", "1", "tab")
        await person.type("现场看过")
        await person.press("ctrl+s")

        await become(person, "shenpi")
        await take(person, "销号")
        await person.press("ctrl+s")
        await person.until(lambda: "已销号" in person.text)
        assert desk.finding(NUMBER).state is State.CLOSED

        await person.press("r", "end")
        assert "第 9 / 9 步" in person.text
        assert any("待核查 → 已销号" in line for line in person.lines)
        await person.press("escape", "escape", "L")
        assert "closed" in person.lines[3]
    entries = desk.history(NUMBER)
    assert {entry.envelope.via for entry in entries} == {Via.TUI}
    assert [entry.envelope.actor for entry in entries][-1] == "shenpi"


async def test_who_verified_cannot_close(desk: Desk, tmp_path: Path) -> None:
    from taizhang.ledger.domain import commands as c
    from taizhang.ledger.domain.calendar import ByDate
    from taizhang.ledger.domain.values import Conclusion, FindingClass, Method

    proof = tmp_path / "a.txt"
    proof.write_text("x", encoding="utf-8")
    for actor, command in (
        ("dudao", c.LogFinding("JZ", "问题", "信访", desk.today())),
        ("bangongshi", c.AssignFinding(NUMBER, "jiwei", FindingClass.TIME_BOUND, "标准", ByDate(date(2099, 1, 1)))),
        ("jingban", c.AcknowledgeFinding(NUMBER, ("措施",))),
        ("jingban", c.AttachEvidence(NUMBER, desk.keep_evidence(proof))),
        ("fuze", c.RequestClosure(NUMBER, "办妥")),
        ("shenpi", c.VerifyFinding(NUMBER, Method.ON_SITE, Conclusion.EFFECTIVE)),
    ):
        desk.record(Order(command, actor, Via.CLI))
    async with terminal(desk, actor="shenpi", size=(120, 30)) as person:
        await person.press("space")
        assert "shenpi 是问题 JZ-001 的核查人，不能再审批销号；请换一名销号审批人。" in person.text
        await person.press("f2")
        await person.settle()
        assert "shenpi verified JZ-001 and cannot approve its closure as well; another approver must." in person.text


async def test_what_another_process_records_appears_by_itself(desk: Desk, folder: Path) -> None:
    async with terminal(desk, actor="dudao") as person:
        assert "台账里还没有问题。" in person.text
        other = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "taizhang", "--ledger", str(folder), "--actor", "dudao", "finding", "log"),
            *("--title", "另一个进程登记的问题", "--source", "信访", "--programme", "JZ"),
            stdout=asyncio.subprocess.DEVNULL,
        )
        await person.until(lambda: "另一个进程登记的问题" in person.text, seconds=30)
        assert await other.wait() == 0


async def test_the_filter_language_of_the_ledger(desk: Desk) -> None:
    from taizhang.ledger.domain.commands import LogFinding

    for title in ("财务管理不规范", "公车使用台账不全", "工作提示单未签收"):
        desk.record(Order(LogFinding("JZ", title, "信访", desk.today()), "dudao", Via.CLI))
    async with terminal(desk, actor="dudao", size=(100, 24)) as person:
        await person.press("slash")
        for text, found in (
            ("财务", "JZ-001"),
            ("gongche", "JZ-002"),
            ("gztsd", "JZ-003"),
        ):  # characters, pinyin, initials
            await person.type(text)
            assert "1 / 3 条" in person.text
            assert person.lines[3].startswith(f"▌{found}")
            await person.press(*["backspace"] * len(text))
        await person.type("状态:已登记 !财务")
        assert "2 / 3 条" in person.text
        await person.type(" 状态:没有")
        assert "没有“没有”这个值" in person.text
        assert "2 / 3 条" in person.text
        await person.press("enter")
        assert "/ 状态:已登记 !财务" in person.text
