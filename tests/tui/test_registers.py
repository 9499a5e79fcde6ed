"""The registers are changed by keys, by whoever may; what is refused is said before anything was typed for nothing."""

from __future__ import annotations

import pytest

from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import DayKind, Level
from taizhang.ledger.domain.values import FindingClass, Role
from taizhang.locale.words import Lang, words_for
from taizhang.tui.field import Kind
from taizhang.tui.registering import DEEDS, command_of, roles_of_steps
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.look import Person, terminal


def admin_desk(**settings: bool) -> FakeDesk:
    """The small ledger with somebody who keeps its registers."""
    desk = small_desk(**settings)
    desk.learn(r.AddPerson("guanli", "管理员壬", (Role.ADMIN,)))
    return desk


async def fill(person: Person, *texts: str) -> None:
    """Fill the fields, one after the other."""
    for at, text in enumerate(texts):
        if at:
            await person.press("tab")
        await person.type(text)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
@pytest.mark.parametrize("lang", Lang)
def test_every_field_and_every_step_is_named(deed, lang: Lang) -> None:  # type: ignore[no-untyped-def]
    words = words_for(lang)
    assert f"step.{deed.step}" in words
    for field in deed.fields:
        assert f"field.{field.name}" in words
        if field.kind in (Kind.MANY, Kind.CHOICE):
            assert all(f"{field.vocabulary}.{value}" in words for value in field.choices)


def test_every_command_of_the_registers_has_a_form() -> None:
    of_calendars = {"calendar-adopt", "calendar-correct"}  # rows of days come from a file, or by the dozen
    assert set(DEEDS) == {each.__struct_config__.tag for each in r.RegisterCommand.__args__} - of_calendars


async def test_a_unit_is_added_below_the_one_at_the_cursor_and_the_cursor_goes_there() -> None:
    desk = admin_desk()
    async with terminal(desk, actor="guanli", size=(100, 30)) as person:
        await person.press("u", "n")
        assert "登记单位" in person.text
        assert "市局" in person.text.split("上级单位")[1].splitlines()[0]
        await fill(person, "caiwu", "财务科")
        await person.press("ctrl+s")
        assert "已登记单位：财务科" in person.text
        await person.until(lambda: any(line.startswith("▌") and "财务科" in line for line in person.lines))
        assert desk.register().units["caiwu"].parent == "ju"


async def test_a_person_is_added_with_roles_that_are_chosen_and_then_changed() -> None:
    desk = admin_desk()
    async with terminal(desk, actor="guanli", size=(100, 30)) as person:
        await person.press("u", "tab", "n")
        await fill(person, "zhang", "张某")
        await person.press("tab", "3", "right", "space")
        assert "■ 单位经办人  ■‹单位负责人›" in person.text
        await person.press("ctrl+s")
        assert "必须属于某个单位" in person.text
        await person.press("tab")
        await person.type("人事")
        await person.press("enter", "ctrl+s")
        assert "已登记人员：张某" in person.text
        zhang = desk.register().people["zhang"]
        assert (zhang.roles, zhang.unit) == ({Role.UNIT_OFFICER, Role.UNIT_HEAD}, "renshi")
        await person.until(lambda: any(line.startswith("▌") and "张某" in line for line in person.lines))
        await person.press("e", "tab", "3")
        await person.press("ctrl+s")
        assert "已变更人员" in person.text
        assert desk.register().people["zhang"] == r.Person("zhang", "张某", frozenset({Role.UNIT_HEAD}), "renshi")


async def test_what_was_not_changed_is_refused_and_what_others_changed_stays() -> None:
    desk = admin_desk()
    async with terminal(desk, actor="guanli", size=(100, 30)) as person:
        await person.press("u", "j", "e", "ctrl+s")
        assert "没有可更正的内容" in person.text
        desk.record(_order(r.AmendUnit("jiwei", parent="")))
        await person.until(lambda: "他人刚刚作了变更" in person.text)
        assert "上级单位: 市局 → —" in person.text
        await person.type("（新）")
        await person.press("ctrl+s")
        assert desk.register().units["jiwei"] == r.Unit("jiwei", "局机关纪委（新）", None)


def _order(command: r.RegisterCommand):  # type: ignore[no-untyped-def]
    from taizhang.ledger.domain.values import Via
    from taizhang.service.desk import Order

    return Order(command, "guanli", Via.CLI)


async def test_a_programme_is_opened_and_closed_and_a_person_erased() -> None:
    desk = admin_desk()
    async with terminal(desk, actor="guanli", size=(100, 30)) as person:
        await person.press("u", "tab", "tab", "n")
        await fill(person, "XF-2023", "信访专项", "自查\n整改")
        await person.press("ctrl+s")
        assert desk.register().programmes["XF-2023"].phases == ("自查", "整改")
        await person.until(lambda: any(line.startswith("▌XF-2023") for line in person.lines))
        await person.press("e")
        assert "按 x 结束它" in person.text
        await person.press("x")
        assert "不能重新开启" in person.text
        await person.press("ctrl+s")
        assert desk.register().programmes["XF-2023"].closed_on is not None
        await person.press("shift+tab", "x")
        assert "不可恢复" in person.text
        await person.type("本人申请")
        await person.press("ctrl+s")
        assert "已擦除人员信息" in person.text


async def test_the_policy_is_set_field_by_field() -> None:
    desk = admin_desk()
    async with terminal(desk, actor="guanli", lang="en", size=(120, 40)) as person:
        await person.press("u", "shift+tab", "e")
        assert "Set the policy" in person.text or "set the policy" in person.text
        await person.press("tab", "2", "tab", *["backspace"] * 2)
        await person.type("many")
        await person.press("ctrl+s")
        assert "cannot be" in person.text or "between" in person.text
        await person.press(*["backspace"] * 4)
        await person.type("5")
        await person.press("tab", "1", "ctrl+s")
        assert "The policy is set" in person.text
    policy = desk.register().policy
    assert (policy.days, policy.due_soon, policy.single_signature) == (DayKind.CALENDAR, 5, (FindingClass.IMMEDIATE,))


async def test_who_may_not_learns_it_at_once_and_is_refused() -> None:
    desk = admin_desk()
    async with terminal(desk, size=(100, 30)) as person:
        await person.press("u", "n")
        assert "须具有以下角色之一：管理员" in person.text
        await fill(person, "caiwu", "财务科")
        await person.press("ctrl+s")
        assert "caiwu" not in desk.register().units


@pytest.mark.parametrize("key", ["n", "e"])
async def test_a_ledger_that_can_only_be_read_offers_no_form(key: str) -> None:
    async with terminal(admin_desk(read_only=True), actor="guanli") as person:
        await person.press("u", key)
        assert "不能入账" in person.text


async def test_what_a_part_does_not_have_is_said() -> None:
    async with terminal(admin_desk(), actor="guanli") as person:
        await person.press("u", "x")
        assert "单位不能删除；可以按 e 改名" in person.text
        await person.press("shift+tab", "n")
        assert "规则只有一套" in person.text


async def test_the_palette_offers_it_by_its_sound() -> None:
    async with terminal(admin_desk(), actor="guanli", size=(100, 30)) as person:
        await person.press("u", "colon")
        await person.type("xinzeng")
        await person.press("enter")
        assert "登记单位" in person.text


def test_the_cursor_stays_on_its_name_when_others_are_added() -> None:
    register = small_desk().register()
    texts = {"id": "x ", "name": "甲", "parent": "  "}
    assert command_of(DEEDS["unit-add"], "", texts, {}, register) == r.AddUnit("x", "甲")


def test_roles_of_steps_are_read_in_either_language() -> None:
    assert roles_of_steps("核查：核查人、督导办\n\nclose=approver") == {
        "verify": (Role.VERIFIER, Role.OFFICE),
        "close": (Role.APPROVER,),
    }
    with pytest.raises(Rejected) as refused:
        roles_of_steps("核查：没有")
    assert refused.value.code == "value.unknown"


def test_a_stage_that_is_emptied_is_suggested_no_more() -> None:
    register, deed = small_desk().register(), DEEDS["policy-set"]
    first = deed.begin(register, "")
    command = command_of(deed, "", first | {"stages.notice": "", "stages.order": "7"}, first, register)
    stages = {stage.level: stage.overdue for stage in command.policy.stages}  # type: ignore[union-attr]
    assert Level.NOTICE not in stages
    assert stages[Level.ORDER] == 7
