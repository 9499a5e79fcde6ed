"""Correcting a field (更正): each field, who may, and the old value that stays in the history."""

from __future__ import annotations

from datetime import date

import pytest

from taizhang.ledger.domain.calendar import typed_day
from taizhang.ledger.domain.events import FindingAmended
from taizhang.ledger.domain.register import Person
from taizhang.ledger.domain.transitions import AMENDABLE
from taizhang.ledger.domain.values import Role, Severity
from tests.domain.expected import FIELDS
from tests.domain.spec import (
    CLOSED,
    DUE,
    LOGGED,
    RECTIFYING,
    Happened,
    amend,
    amended,
    assigned,
    given,
    objected,
    person_with,
)

# field → what is typed, what the event keeps as old and as new
VALUES: dict[str, tuple[str, str | tuple[str, ...], str | tuple[str, ...]]] = {
    "title": ("谈话制度不落实\n台账缺失", "干部“八小时以外”活动监督管理措施不够有力，存在“老好人”心理", ""),
    "source": ("信访举报", "汇报自查", ""),
    "category": ("制度机制", "干部监督", ""),
    "criteria": ("《条例》第九条\n《办法》第二条", "《党内监督条例》", ""),
    "severity": ("high", "medium", ""),
    "found_on": ("2023-04-17", "2023-04-18", ""),
    "team": ("第二督导组", "第一督导组", ""),
    "closure_criteria": ("办法印发并公示", "办法印发；谈话覆盖重点岗位", ""),
    "cooperating_units": ("south, west-1", ("west",), ("south", "west-1")),
    "accountable_leader": ("戊*", "丙*", ""),
    "responsible_person": ("庚*", "丁*", ""),
}


def amender(role: Role) -> Person:
    """Return somebody who holds this role alone; people of units stand in the lead unit."""
    return person_with(role, "east" if role in (Role.UNIT_OFFICER, Role.UNIT_HEAD) else "team")


def test_the_fields_are_those_written_down() -> None:
    assert set(AMENDABLE) == set(FIELDS) == set(VALUES)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("field", FIELDS)
def test_who_may_amend_a_field(field: str, role: Role) -> None:
    typed, old, kept = VALUES[field]
    outcome = given(*RECTIFYING).when(amend(by=amender(role), field=field, value=typed, reason="归类有误"))
    if role in FIELDS[field]:
        outcome.then(FindingAmended(field, old, kept or typed, "归类有误"))
    elif role in frozenset().union(*FIELDS.values()):
        outcome.rejected("amend.role-missing", field=field, needed=sorted(FIELDS[field]), held=[role])
    else:
        outcome.rejected("role.missing", command="amend", needed=["inspector", "office", "unit_head", "unit_officer"])


TYPED = {
    "severity": Severity.HIGH,
    "found_on": date(2023, 4, 17),
    "cooperating_units": ("south", "west-1"),
}


@pytest.mark.parametrize("field", FIELDS)
def test_the_field_changes_and_nothing_else(field: str) -> None:
    before = given(*RECTIFYING)
    after = before.when(amend(by="wu", field=field, value=VALUES[field][0])).allowed()
    changed = {name for name in before.stands.__struct_fields__ if getattr(before.stands, name) != getattr(after, name)}
    assert changed == {field, "version", "changed_at"}
    assert getattr(after, field) == TYPED.get(field, VALUES[field][0])


@pytest.mark.parametrize("field", FIELDS)
def test_the_same_value_is_no_amendment(field: str) -> None:
    old = VALUES[field][1]
    typed = old if isinstance(old, str) else "、".join(old)
    given(*RECTIFYING).when(amend(by="wu", field=field, value=typed)).rejected("amend.no-change", field=field)


@pytest.mark.parametrize(
    "field",
    [
        "number",
        "state",
        "lead_unit",
        "deadline",
        "due",
        "class",
        "class_",
        "measures",
        "round",
        "hands",
        "logged_by",
        "",
    ],
)
def test_what_moves_by_its_own_step_cannot_be_amended(field: str) -> None:
    given(*RECTIFYING).when(amend(field=field)).rejected("amend.unknown-field", field=field, allowed=list(FIELDS))


def test_a_reason_must_be_said() -> None:
    given(*RECTIFYING).when(amend(reason=" ")).rejected("text.missing", field="reason")


@pytest.mark.parametrize("field", ["title", "source", "closure_criteria"])
def test_what_must_be_said_cannot_be_emptied(field: str) -> None:
    given(*RECTIFYING).when(amend(by="wu", field=field, value=" ")).rejected("text.missing", field=field)


@pytest.mark.parametrize(
    "field", ["category", "criteria", "severity", "team", "accountable_leader", "cooperating_units"]
)
def test_what_may_be_left_out_can_be_emptied(field: str) -> None:
    after = given(*RECTIFYING).when(amend(by="wu", field=field, value="")).allowed()
    assert not getattr(after, field)


def test_what_was_emptied_can_be_given_again() -> None:
    emptied = (*RECTIFYING, amended(field="severity", old="medium", new=""))
    given(*emptied).when(amend(field="severity", value="low")).then(FindingAmended("severity", "", "low", "归类有误"))


@pytest.mark.parametrize("value", ["grave", "HIGH", "高", "\ud800"])
def test_a_severity_is_one_of_three(value: str) -> None:
    given(*RECTIFYING).when(amend(field="severity", value=value)).rejected(
        "value.unknown", field="severity", allowed=["low", "medium", "high"]
    )


@pytest.mark.parametrize("value", ["2023-04-10", "2023年4月10日", "2023.4.10", "2023/04/10"])
def test_a_day_is_kept_as_iso_however_it_was_typed(value: str) -> None:
    assert typed_day(value) == date(2023, 4, 10)
    outcome = given(*RECTIFYING).when(amend(field="found_on", value=value, reason="归类有误"))
    outcome.then(FindingAmended("found_on", "2023-04-18", "2023-04-10", "归类有误"))


@pytest.mark.parametrize("value", ["", "2023", "18.4.2023", "2023-02-30", "２０２３-０４-１７", "\ud800", "0000-01-01"])
def test_a_day_is_a_day(value: str) -> None:
    given(*RECTIFYING).when(amend(field="found_on", value=value)).rejected("date.malformed", field="found_on")


def test_other_ways_to_write_a_day_are_kept_as_one() -> None:
    given(*RECTIFYING).when(amend(field="found_on", value="20230417")).then(
        FindingAmended("found_on", "2023-04-18", "2023-04-17", "归类有误")
    )


def test_the_lead_unit_cannot_be_made_to_cooperate_with_itself() -> None:
    """As when it was assigned; otherwise an amendment would do what the assignment refused."""
    given(*RECTIFYING).when(amend(by="wu", field="cooperating_units", value="west, east")).rejected(
        "assign.lead-cooperates", number="JYZD-2023-001", unit="east"
    )


@pytest.mark.parametrize("value", ["south,west-1", "south，west-1", "south、west-1", " south , west-1 ,south,"])
def test_several_units_with_commas_of_either_kind(value: str) -> None:
    after = given(*RECTIFYING).when(amend(by="wu", field="cooperating_units", value=value)).allowed()
    assert after.cooperating_units == ("south", "west-1")


def test_units_must_be_registered() -> None:
    given(*RECTIFYING).when(amend(by="wu", field="cooperating_units", value="west, north")).rejected(
        "unit.unknown", unit="north"
    )


@pytest.mark.parametrize("by", ["shen", "yang", "qin", "zhu"])
def test_people_of_other_units_do_not_amend(by: str) -> None:
    given(*RECTIFYING).when(amend(by=by, field="responsible_person", value="庚*")).rejected(
        "unit.not-yours", units=["east"]
    )


def test_people_below_the_lead_unit_do() -> None:
    given(*RECTIFYING).when(amend(by="han", field="responsible_person", value="庚*")).allowed()


def test_who_is_of_the_inspection_too_amends_from_any_unit() -> None:
    both = Person("both", "两*", frozenset({Role.OFFICE, Role.UNIT_HEAD}), "south")
    given(*RECTIFYING).when(amend(by=both, field="responsible_person", value="庚*")).allowed()


@pytest.mark.parametrize(
    "history", [(LOGGED,), CLOSED, (LOGGED, assigned(), objected())], ids=["new", "closed", "back"]
)
def test_in_every_state_the_office_amends(history: tuple[Happened, ...]) -> None:
    assert given(*history).when(amend(by="wu")).allowed().category == "制度机制"


def test_a_deadline_stays_as_it_is() -> None:
    finding = given(*RECTIFYING).when(amend(by="wu", field="closure_criteria", value="办法印发并公示")).allowed()
    assert (finding.due, finding.original_due) == (DUE, DUE)
