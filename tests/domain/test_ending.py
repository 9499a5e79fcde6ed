"""The other ends: withdrawn (撤销) and transferred (移交), by a leader from any open state."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from taizhang.ledger.domain.events import FindingTransferred, FindingWithdrawn
from taizhang.ledger.domain.values import OPEN_STATES, State
from tests.domain.spec import CLOSED, HISTORIES, LOGGED, NUMBER, OTHER_NUMBER, TODAY, Asked, given, transfer, withdraw

OPEN = sorted(OPEN_STATES)


@pytest.mark.parametrize("state", OPEN)
def test_withdrawn(state: State) -> None:
    finding = (
        given(*HISTORIES[state]).when(withdraw(grounds="查无此事", duplicate_of="")).then(FindingWithdrawn("查无此事"))
    )
    assert (finding.state, finding.grounds, finding.ended_on) == (State.WITHDRAWN, "查无此事", TODAY)
    assert (finding.duplicate_of, finding.closed_on, finding.closed_at) == ("", None, "")


def test_a_duplicate_names_what_it_repeats() -> None:
    finding = (
        given(LOGGED).when(withdraw(duplicate_of=OTHER_NUMBER)).then(FindingWithdrawn("与另一问题重复", OTHER_NUMBER))
    )
    assert finding.duplicate_of == OTHER_NUMBER


@pytest.mark.parametrize("number", [NUMBER, f" {NUMBER} "])
def test_a_finding_does_not_repeat_itself(number: str) -> None:
    given(LOGGED).when(withdraw(duplicate_of=number)).rejected("duplicate.itself", number=NUMBER)


@pytest.mark.parametrize("number", ["JYZD-2023-\x1b[2J", "JYZD\n-002", "JYZD-\ud800-002"])
def test_a_duplicate_is_named_in_plain_text(number: str) -> None:
    """It is stored: what cannot be stored or drawn must be refused here."""
    given(LOGGED).when(withdraw(duplicate_of=number)).rejected("text.control", field="duplicate_of")


def test_grounds_must_be_written() -> None:
    given(LOGGED).when(withdraw(grounds=" ")).rejected("text.missing", field="grounds")


@pytest.mark.parametrize("state", OPEN)
def test_transferred(state: State) -> None:
    finding = (
        given(*HISTORIES[state])
        .when(transfer(to="线索处置组", grounds="属线索"))
        .then(FindingTransferred("线索处置组", "属线索"))
    )
    assert (finding.state, finding.transferred_to, finding.grounds) == (State.TRANSFERRED, "线索处置组", "属线索")
    assert finding.ended_on == TODAY


def test_to_whom_must_be_said() -> None:
    given(LOGGED).when(transfer(to="")).rejected("text.missing", field="to")


@pytest.mark.parametrize("step", [withdraw, transfer])
def test_what_has_ended_does_not_end_again(step: Callable[..., Asked]) -> None:
    for history in (CLOSED, HISTORIES[State.WITHDRAWN], HISTORIES[State.TRANSFERRED]):
        given(*history).when(step()).rejected(
            "state.wrong", allowed_states=["assigned", "awaiting_verification", "logged", "rectifying"]
        )
