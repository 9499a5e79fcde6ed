"""Every cell of the table: each step in each state for each role, refusals included, against what is written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.ledger.domain.register import Person
from taizhang.ledger.domain.transitions import BY_COMMAND, TRANSITIONS
from taizhang.ledger.domain.values import OPEN_STATES, Role, State
from tests.domain.expected import FROM_WHERE, LEADS_TO, PLACES, WHO, Cell
from tests.domain.spec import (
    ASKS,
    CLOSED,
    HISTORIES,
    LEAD,
    RECTIFYING,
    assign,
    given,
    person_with,
    ready,
)

NAMES = [row.name for row in TRANSITIONS]
STATES: list[State | None] = [None, *State]
BEGINS = ("log", "carry-in")
OF_UNITS = {Role.UNIT_OFFICER, Role.UNIT_HEAD}


def code(command: str, state: State | None, role: Role) -> str:
    """Return the code that the cell is refused with; "" where it is allowed."""
    if role in WHO[Cell(command, state)]:
        return ""
    if command == "amend" and state is State.LOGGED and role in OF_UNITS:
        return "unit.not-yours"  # it is nobody's yet
    if state is None:
        return "role.missing" if command in BEGINS else "finding.unknown"
    if command in BEGINS:
        return "finding.exists"
    return "role.missing" if any(WHO[Cell(command, state)]) else "state.wrong"


def asker(role: Role) -> Person:
    """Return somebody who holds this role alone and stands where that role does its work."""
    return person_with(role, LEAD if role in OF_UNITS else "team")


def test_by_hand_and_by_table_name_the_same_steps() -> None:
    assert set(NAMES) == set(LEADS_TO) == set(ASKS) == {cell.command for cell in WHO}
    assert len(BY_COMMAND) == len(TRANSITIONS) == len(set(NAMES)), "a command has one row"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", NAMES)
def test_cell(command: str, state: State | None) -> None:
    """Nine roles meet what is written down: the event and where it leads, or the code of the refusal."""
    finding = given(*ready(command, state))
    # a field that people of the unit may correct too; others are in test_amending
    changes: dict[str, Any] = {"field": "responsible_person", "value": "庚*"} if command == "amend" else {}
    if command == "request-closure" and state is State.ASSIGNED:
        changes = {"measures": ("当场改正",)}
    for role in Role:
        outcome = finding.when(ASKS[command](by=asker(role), **changes))
        expected = code(command, state, role)
        if expected:
            outcome.rejected(expected)
        else:
            assert outcome.allowed().state is (LEADS_TO[command] or state), role


def test_a_step_in_the_wrong_state_names_what_is_possible() -> None:
    given(*RECTIFYING).when(assign()).rejected(
        "state.wrong",
        command="assign",
        number="JYZD-2023-001",
        state=State.RECTIFYING,
        allowed_states=["logged"],
        allowed_steps=[
            "act",
            "attach",
            "request-closure",
            "plan",
            "extend",
            "grant",
            "refuse",
            "remind",
            "list-publicly",
            "receive",
            "withdraw",
            "transfer",
            "amend",
            "link",
            "comment",
        ],
    )
    given(*CLOSED).when(assign()).rejected(
        "state.wrong", allowed_steps=["follow-up", "reopen", "amend", "link", "comment"]
    )


def test_a_missing_role_names_those_that_may() -> None:
    given(*HISTORIES[State.LOGGED]).when(assign(by="zheng")).rejected(
        "role.missing", command="assign", person="zheng", needed=["office"], held=["unit_officer"]
    )


def test_any_one_of_the_roles_is_enough() -> None:
    both = Person("both", "两*", frozenset({Role.AUDITOR, Role.OFFICE}), None)
    assert given(*HISTORIES[State.LOGGED]).when(assign(by=both)).allowed().state is State.ASSIGNED


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("command", [name for name in NAMES if name not in (*BEGINS, "amend")])
def test_place(command: str, place: str) -> None:
    """Somebody with every role but in another unit: whose unit counts, and for what."""
    everything = Person("everything", "全*", frozenset(Role), PLACES[place])
    for state in sorted({cell.state for cell, roles in WHO.items() if cell.command == command and roles}, key=str):
        straight = command == "request-closure" and state is State.ASSIGNED
        changes = {"measures": ("当场改正",)} if straight else {}
        outcome = given(*ready(command, state)).when(ASKS[command](by=everything, **changes))
        if FROM_WHERE[command, place]:
            outcome.allowed()
        else:
            outcome.rejected("unit.own-work" if command in ("verify", "return", "close") else "unit.not-yours")


def test_a_refused_place_names_the_units_that_may() -> None:
    stranger = person_with(Role.UNIT_OFFICER, "south", name="qin")
    given(*RECTIFYING).when(ASKS["act"](by=stranger)).rejected(
        "unit.not-yours", command="act", number="JYZD-2023-001", person="qin", unit="south", units=["east", "west"]
    )


def test_places_are_written_down_for_every_step_but_two() -> None:
    """Logging has no unit yet; who may amend hangs on the field (test_amending)."""
    assert {command for command, _ in FROM_WHERE} == set(NAMES) - {*BEGINS, "amend"}


@pytest.mark.parametrize("state", STATES)
def test_a_history_is_one_that_decide_would_have_given(state: State | None) -> None:
    """The short lives that the tests stand on: each event follows from its command, by the same person."""
    steps = HISTORIES[state]
    for at, happened in enumerate(steps):
        name = next(row.name for row in TRANSITIONS if row.event is type(happened.event))
        asked = ASKS[name](by=happened.by, on=happened.on, account=happened.account)
        given(*steps[:at]).when(asked).then(happened.event)
    finding = given(*steps).finding
    assert (finding.state if finding else None) is state


def test_open_states_are_those_that_can_still_end() -> None:
    assert {cell.state for cell, roles in WHO.items() if cell.command == "withdraw" and roles} == set(OPEN_STATES)
