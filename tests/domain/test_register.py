"""The register: a tree that stays a tree, people with roles and units, programmes that open and close, and an admin left."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

import msgspec
import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import (
    AddPerson,
    AddUnit,
    AmendPerson,
    AmendUnit,
    CloseProgramme,
    LedgerOpened,
    OpenProgramme,
    Person,
    PersonAdded,
    PersonAmended,
    Programme,
    ProgrammeClosed,
    ProgrammeOpened,
    Register,
    RegisterCommand,
    RegisterEvent,
    Unit,
    UnitAdded,
    UnitAmended,
    decide_register,
    evolve_register,
    open_programme,
)
from taizhang.ledger.domain.values import Role, Via
from tests.domain.spec import REGISTER, TODAY

ADMIN = REGISTER.people["jiang"]


def after(register: Register, *events: RegisterEvent) -> Register:
    """Return the register after the events, each through its stored bytes."""
    envelopes = []
    for event in events:
        state = catalogue.encode(Envelope("jiang", "jiang", "pc-jiang", Via.CLI, "c", TODAY, event))
        envelopes.append(catalogue.DECODE[catalogue.TOPICS[type(event)]](state))
    return evolve_register(register, envelopes)


def asked(command: RegisterCommand, register: Register = REGISTER, by: Person = ADMIN) -> RegisterEvent:
    return decide_register(command, register, by)


def refused(
    command: RegisterCommand, code: str, register: Register = REGISTER, /, by: Person = ADMIN, **params: object
) -> None:
    with pytest.raises(Rejected) as refusal:
        decide_register(command, register, by)
    assert refusal.value.code == code
    assert {name: refusal.value.params.get(name) for name in params} == params
    msgspec.json.encode(refusal.value.params)


EVERY_COMMAND: list[RegisterCommand] = [
    AddUnit("north", "北区分局"),
    AmendUnit("east", "东区公安分局"),
    AddPerson("xu", "许*", (Role.INSPECTOR,)),
    AmendPerson("zhou", "周某"),
    OpenProgramme("JYZD-2024", "2024年教育整顿"),
    CloseProgramme("JYZD-2023"),
]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.__struct_config__.tag)
def test_admins_alone_keep_the_register(command: RegisterCommand) -> None:
    asked(command)
    for role in Role:
        if role is not Role.ADMIN:
            person = Person("p", "某*", frozenset({role}), "team")
            refused(
                command,
                "role.missing",
                by=person,
                command=command.__struct_config__.tag,
                person="p",
                needed=[Role.ADMIN],
                held=[role],
            )


# -- units


def test_a_unit_is_added_below_another_or_at_the_root() -> None:
    assert asked(AddUnit("north", " 北区分局 ", "city")) == UnitAdded("north", "北区分局", "city")
    assert asked(AddUnit("财政局", "财政局")) == UnitAdded("财政局", "财政局", None)
    register = after(REGISTER, UnitAdded("north", "北区分局", "city"))
    assert register.unit("north") == Unit("north", "北区分局", "city")


def test_a_unit_is_added_once_and_below_one_that_is_there() -> None:
    refused(AddUnit("east", "又一个"), "unit.exists", unit="east")
    refused(AddUnit("north", "北区分局", "nowhere"), "unit.unknown", unit="nowhere")
    refused(AddUnit("north", "北区分局", "north"), "unit.unknown", unit="north")
    refused(AddUnit("north", "北区分局", ""), "unit.unknown", unit="")


@pytest.mark.parametrize("identifier", ["", "no rth", "../north", "a/b", "-n", "n" * 65, "n\n", "n\u200b", "\ud800"])
def test_ids_are_plain(identifier: str) -> None:
    refused(AddUnit(identifier, "北区分局"), "text.identifier", field="id")
    refused(AddPerson(identifier, "许*", (Role.OFFICE,)), "text.identifier", field="id")
    refused(OpenProgramme(identifier, "教育整顿"), "text.identifier", field="code")


@pytest.mark.parametrize("name", ["", "  ", "北\n区", "北\x1b区", "北" * 101])
def test_names_are_one_short_line(name: str) -> None:
    for command in (
        AddUnit("north", name),
        AmendUnit("east", name),
        AddPerson("xu", name, (Role.OFFICE,)),
        AmendPerson("zhou", name),
        OpenProgramme("JYZD-2024", name),
    ):
        with pytest.raises(Rejected, match=r"text\.(missing|control|too-long)"):
            asked(command)


def test_a_unit_is_renamed_and_keeps_its_place() -> None:
    assert asked(AmendUnit("east-1", "东区第一派出所")) == UnitAmended("east-1", "东区第一派出所", "east")


def test_a_unit_is_moved_and_keeps_its_name() -> None:
    assert asked(AmendUnit("east-1", parent="west")) == UnitAmended("east-1", "东区一所", "west")
    assert asked(AmendUnit("east-1", parent="")) == UnitAmended("east-1", "东区一所", None)


@pytest.mark.parametrize("parent", ["city", "east", "east-1"])
def test_a_unit_is_not_moved_below_itself(parent: str) -> None:
    refused(AmendUnit("city", parent=parent), "unit.cycle", unit="city", parent=parent)


def test_a_unit_may_move_up_its_own_branch() -> None:
    assert asked(AmendUnit("east-1", parent="city")) == UnitAmended("east-1", "东区一所", "city")


def test_a_unit_that_is_not_there_is_not_amended() -> None:
    refused(AmendUnit("north", "北区分局"), "unit.unknown", unit="north")
    refused(AmendUnit("east", parent="nowhere"), "unit.unknown", unit="nowhere")


def test_an_amendment_that_changes_nothing() -> None:
    refused(AmendUnit("east"), "amend.no-change", target="east")
    refused(AmendUnit("east", "东区分局", "city"), "amend.no-change", target="east")
    refused(AmendUnit("city", parent=""), "amend.no-change", target="city")
    refused(AmendPerson("zhou"), "amend.no-change", target="zhou")
    refused(AmendPerson("zhou", "周*", (Role.INSPECTOR, Role.INSPECTOR), "team", True), "amend.no-change")


def test_above_and_below() -> None:
    assert list(REGISTER.lineage("east-1")) == ["east-1", "east", "city"]
    assert list(REGISTER.lineage(None)) == []
    assert REGISTER.below("city") == {"city", "east", "east-1", "east-2", "west", "west-1", "south"}
    assert REGISTER.below("east-1") == {"east-1"}


@pytest.mark.parametrize(
    ("unit", "units", "belongs"),
    [
        ("east-1", ["east"], True),
        ("east", ["east"], True),
        ("city", ["east"], False),
        ("west", ["east"], False),
        ("west-1", ["east", "west"], True),
        ("east-1", [], False),
        (None, ["east"], False),
        (None, [""], False),
    ],
)
def test_belonging_is_being_there_or_below(unit: str | None, units: list[str], belongs: bool) -> None:
    assert REGISTER.belongs(Person("p", "某*", frozenset({Role.OFFICE}), unit), units) is belongs


# -- people


def test_a_person_is_added_with_roles_in_their_order() -> None:
    event = asked(AddPerson("xu", " 许* ", (Role.VERIFIER, Role.APPROVER, Role.VERIFIER), "team"))
    assert event == PersonAdded("xu", "许*", (Role.APPROVER, Role.VERIFIER), "team")
    register = after(REGISTER, event)
    assert register.person("xu") == Person("xu", "许*", frozenset({Role.APPROVER, Role.VERIFIER}), "team")


def test_a_person_is_added_once_into_a_unit_that_is_there() -> None:
    refused(AddPerson("zhou", "周*", (Role.OFFICE,)), "person.exists", person="zhou")
    refused(AddPerson("xu", "许*", (Role.OFFICE,), "nowhere"), "unit.unknown", unit="nowhere")


def test_a_person_has_a_role() -> None:
    refused(AddPerson("xu", "许*", ()), "person.no-role", allowed=list(Role))
    refused(AmendPerson("zhou", roles=()), "person.no-role")


@pytest.mark.parametrize("role", Role)
def test_people_of_units_need_a_unit(role: Role) -> None:
    if role in (Role.UNIT_OFFICER, Role.UNIT_HEAD):
        refused(AddPerson("xu", "许*", (role,)), "person.role-needs-unit", role=role)
        refused(AddPerson("xu", "许*", (Role.OFFICE, role), ""), "person.role-needs-unit", role=role)
        refused(AmendPerson("wei", roles=(role,)), "person.role-needs-unit", role=role)
    else:
        assert asked(AddPerson("xu", "许*", (role,), "")) == PersonAdded("xu", "许*", (role,), None)


def test_who_leaves_every_unit_leaves_its_roles() -> None:
    refused(AmendPerson("zheng", unit=""), "person.role-needs-unit", role=Role.UNIT_OFFICER)
    event = asked(AmendPerson("zheng", unit="", roles=(Role.VERIFIER,)))
    assert event == PersonAmended("zheng", "郑*", (Role.VERIFIER,), None, True)


def test_what_is_not_named_stays() -> None:
    assert asked(AmendPerson("feng", name="冯某")) == PersonAmended(
        "feng", "冯某", (Role.APPROVER, Role.VERIFIER), "team", True
    )
    assert asked(AmendPerson("zhou", active=False)) == PersonAmended("zhou", "周*", (Role.INSPECTOR,), "team", False)


def test_who_is_inactive_gives_no_commands_and_may_come_back() -> None:
    with pytest.raises(Rejected, match=r"person\.inactive"):
        REGISTER.person("you")
    with pytest.raises(Rejected, match=r"person\.unknown"):
        REGISTER.person("nobody")
    register = after(REGISTER, asked(AmendPerson("you", active=True)))
    assert register.person("you").active


def test_a_person_who_is_not_there_is_not_amended() -> None:
    refused(AmendPerson("nobody", "某*"), "person.unknown", person="nobody")
    refused(AmendPerson("zhou", unit="nowhere"), "unit.unknown", unit="nowhere")


@pytest.mark.parametrize(
    "command",
    [AmendPerson("jiang", active=False), AmendPerson("jiang", roles=(Role.OFFICE,))],
    ids=["inactive", "other roles"],
)
def test_the_last_admin_stays(command: AmendPerson) -> None:
    refused(command, "person.last-admin", person="jiang")
    second = after(REGISTER, asked(AddPerson("xu", "许*", (Role.ADMIN,))))
    asked(command, second)
    second_inactive = after(second, asked(AmendPerson("xu", active=False), second))
    refused(command, "person.last-admin", second_inactive, person="jiang")


def test_the_last_admin_may_take_further_roles_and_another_name() -> None:
    asked(AmendPerson("jiang", "蒋某", (Role.ADMIN, Role.AUDITOR)))


def test_an_inactive_admin_may_lose_the_role() -> None:
    register = after(
        REGISTER, PersonAdded("xu", "许*", (Role.ADMIN,)), PersonAmended("xu", "许*", (Role.ADMIN,), None, False)
    )
    asked(AmendPerson("xu", roles=(Role.AUDITOR,)), register)


# -- programmes


def test_a_programme_is_opened_with_its_phases() -> None:
    event = asked(OpenProgramme("JYZD-2024", "2024年教育整顿", ("学习教育", " 检视整治 ")))
    assert event == ProgrammeOpened("JYZD-2024", "2024年教育整顿", ("学习教育", "检视整治"))
    register = after(REGISTER, event)
    assert register.programmes["JYZD-2024"] == Programme(
        "JYZD-2024", "2024年教育整顿", ("学习教育", "检视整治"), TODAY, None
    )
    assert [programme.code for programme in register.open_programmes()] == ["JYZD-2023", "JYZD-2024"]


def test_a_code_is_used_once_even_after_it_is_closed() -> None:
    refused(OpenProgramme("JYZD-2023", "又一个"), "programme.exists", programme="JYZD-2023")
    refused(OpenProgramme("JYZD-2022", "又一个"), "programme.exists", programme="JYZD-2022")


def test_a_phase_has_a_name() -> None:
    refused(OpenProgramme("JYZD-2024", "教育整顿", ("学习教育", " ")), "text.missing", field="phase")


def test_a_closed_programme_takes_nothing() -> None:
    register = after(REGISTER, asked(CloseProgramme("JYZD-2023")))
    assert register.programmes["JYZD-2023"].closed_on == TODAY
    assert register.open_programmes() == []
    with pytest.raises(Rejected) as refusal:
        open_programme(register, "JYZD-2023")
    assert refusal.value.code == "programme.closed"
    assert refusal.value.params == {"programme": "JYZD-2023", "on": "2023-05-10", "open": []}


def test_a_programme_is_closed_once() -> None:
    refused(CloseProgramme("JYZD-2022"), "programme.closed", programme="JYZD-2022", on="2022-12-30", open=["JYZD-2023"])
    refused(CloseProgramme("JYZD-2024"), "programme.unknown", programme="JYZD-2024", open=["JYZD-2023"])


# -- the fold


def test_the_ledgers_name_and_zone() -> None:
    register = after(Register(), LedgerOpened("ledger.example/jyzd", "Asia/Urumqi"))
    assert (register.origin, register.timezone, register.version) == ("ledger.example/jyzd", "Asia/Urumqi", 1)


def test_an_older_register_stays_true_to_its_moment() -> None:
    before = msgspec.json.encode(REGISTER)
    after(
        REGISTER,
        UnitAdded("north", "北区分局", "city"),
        UnitAmended("east", "改名", "west"),
        PersonAdded("xu", "许*", (Role.OFFICE,)),
        PersonAmended("zhou", "改名", (Role.OFFICE,), None, False),
        ProgrammeOpened("JYZD-2024", "2024年教育整顿"),
        ProgrammeClosed("JYZD-2023"),
    )
    assert msgspec.json.encode(REGISTER) == before


def test_many_at_once_or_one_by_one() -> None:
    events = (
        UnitAdded("a", "甲"),
        UnitAdded("b", "乙", "a"),
        PersonAdded("p", "某*", (Role.UNIT_HEAD,), "b"),
        UnitAmended("b", "乙", None),
        PersonAmended("p", "某*", (Role.VERIFIER,), None),
    )
    one_by_one = Register()
    for event in events:
        one_by_one = after(one_by_one, event)
    assert one_by_one == after(Register(), *events)
    assert one_by_one.version == len(events)


def test_a_register_knows_nothing_at_first() -> None:
    first = Register()
    first.units["leak"] = Unit("leak", "漏")
    assert Register().units == {}
    assert Register().open_programmes() == []


# -- any commands at all, in any order

IDS = st.sampled_from(["a", "b", "c", "d", "e"])
NAMES = st.sampled_from(["甲", "乙"])
ROLES = st.lists(st.sampled_from([Role.ADMIN, Role.UNIT_HEAD, Role.OFFICE]), max_size=2).map(tuple)
NO_UNIT = st.sampled_from([None, ""])
COMMANDS: st.SearchStrategy[RegisterCommand] = st.one_of(
    st.builds(AddUnit, IDS, NAMES, st.none() | IDS),
    st.builds(AmendUnit, IDS, st.none() | NAMES, NO_UNIT | IDS),
    st.builds(AddPerson, IDS, NAMES, ROLES, NO_UNIT | IDS),
    st.builds(
        AmendPerson,
        IDS | st.just("root"),
        st.none() | NAMES,
        st.none() | ROLES,
        NO_UNIT | IDS,
        st.sampled_from([None, True, False]),
    ),
    st.builds(OpenProgramme, IDS, NAMES),
    st.builds(CloseProgramme, IDS),
)


@given_any(st.lists(COMMANDS, max_size=40))
def test_whatever_is_asked_the_register_keeps_its_shape(commands: list[RegisterCommand]) -> None:
    register = after(Register(), PersonAdded("root", "管理员", (Role.ADMIN,)))
    for command in commands:
        admin = next(person for person in register.people.values() if person.active and Role.ADMIN in person.roles)
        with suppress(Rejected):
            register = after(register, decide_register(command, register, admin))
        for unit in register.units:
            above = list(islice(register.lineage(unit), len(register.units) + 1))
            assert len(set(above)) == len(above), "a unit stands below itself"
            assert register.units[above[-1]].parent is None
            assert unit in register.below(above[-1])
        for person in register.people.values():
            assert person.roles
            assert person.unit is None or person.unit in register.units
            assert person.unit is not None or Role.UNIT_HEAD not in person.roles
        assert any(person.active and Role.ADMIN in person.roles for person in register.people.values())
        assert [p.code for p in register.open_programmes()] == [
            code for code, programme in register.programmes.items() if programme.closed_on is None
        ]
