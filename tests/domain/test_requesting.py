"""The unit's head says that the closure criteria are met (申请销号)."""

from __future__ import annotations

from taizhang.ledger.domain.events import ClosureRequested
from taizhang.ledger.domain.finding import Hand, Request
from taizhang.ledger.domain.values import State
from tests.domain.spec import (
    AWAITING,
    LOGGED,
    RECTIFYING,
    TODAY,
    account_of,
    assigned,
    attached,
    given,
    request,
    returned,
    verified,
)


def test_requested_with_what_was_done() -> None:
    finding = given(*RECTIFYING, attached()).when(request(text="办法已印发")).then(ClosureRequested("办法已印发"))
    assert finding.state is State.AWAITING
    assert finding.request == Request("办法已印发", "wang", TODAY)
    assert Hand("wang", account_of("wang")) in finding.hands


def test_at_least_one_piece_of_evidence() -> None:
    given(*RECTIFYING).when(request()).rejected("request.no-evidence", number="JYZD-2023-001")


def test_what_was_done_must_be_said() -> None:
    given(*RECTIFYING, attached()).when(request(text="\n")).rejected("text.missing", field="text")


def test_the_officer_does_not_ask_the_head_does() -> None:
    given(*RECTIFYING, attached()).when(request(by="zheng")).rejected("role.missing", needed=["unit_head"])


def test_a_cooperating_unit_does_not_ask() -> None:
    given(*RECTIFYING, attached()).when(request(by="shen")).rejected("unit.not-yours", units=["east"])


def test_measures_that_are_not_done_do_not_hold_it_up() -> None:
    """The closure criteria decide, and the verifier; progress is what the unit says of itself."""
    assert given(*RECTIFYING, attached()).when(request()).allowed().state is State.AWAITING


def test_asking_again_after_a_return_begins_afresh() -> None:
    finding = given(*AWAITING, verified(), returned(missing="谈话抽查记录")).when(request(text="已补")).allowed()
    assert (finding.missing, finding.verification) == ("", None)
    assert finding.request == Request("已补", "wang", TODAY)


def test_straight_from_assigned_is_not_yet_possible() -> None:
    given(LOGGED, assigned()).when(request()).rejected("state.wrong", state=State.ASSIGNED)
