"""The unit's head says that the closure criteria are met (申请销号)."""

from __future__ import annotations

from taizhang.ledger.domain.events import ClosureRequested
from taizhang.ledger.domain.finding import Hand, Request
from taizhang.ledger.domain.values import FindingClass, Progress, State
from tests.domain.spec import (
    AWAITING,
    LOGGED,
    RECTIFYING,
    TODAY,
    account_of,
    assigned,
    attach,
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


IMMEDIATE = (LOGGED, assigned(class_=FindingClass.IMMEDIATE))


def test_only_an_immediate_finding_goes_straight_from_assigned() -> None:
    for class_ in FindingClass:
        outcome = given(LOGGED, assigned(class_=class_), attached()).when(request(measures=("当场拆除",)))
        if class_ is FindingClass.IMMEDIATE:
            finding = outcome.allowed()
            assert finding.state is State.AWAITING
            assert [(m.text, m.progress, m.reported_on) for m in finding.measures] == [
                ("当场拆除", Progress.DONE, TODAY)
            ]
            assert [hand.person for hand in finding.hands] == ["zheng", "wang"]
        else:
            outcome.rejected("acknowledge.first", command="request-closure", finding_class=class_)


def test_straight_from_assigned_needs_measures_and_evidence() -> None:
    given(*IMMEDIATE).when(request(measures=("x",))).rejected("request.no-evidence")
    given(*IMMEDIATE, attached()).when(request()).rejected("acknowledge.no-measure")
    given(LOGGED, assigned()).when(attach()).rejected("acknowledge.first", command="attach")


def test_measures_that_were_planned_are_not_given_again() -> None:
    given(*RECTIFYING, attached()).when(request(measures=("x",))).rejected("request.measures-planned")
