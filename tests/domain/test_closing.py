"""Striking off the list (销号): the approver, after an effective verification of this request. Four eyes: test_verifying."""

from __future__ import annotations

import pytest

from taizhang.ledger.domain.events import FindingClosed
from taizhang.ledger.domain.values import Conclusion, State
from tests.domain.spec import AWAITING, CLOSED, TODAY, close, given, verified


def test_closed() -> None:
    finding = given(*AWAITING, verified()).when(close()).then(FindingClosed())
    assert finding.state is State.CLOSED
    assert (finding.closed_by, finding.closed_on, finding.ended_on) == ("chen", TODAY, TODAY)
    assert finding.closed_at == finding.changed_at


def test_what_led_to_it_stays() -> None:
    before, after = given(*CLOSED[:-1]).stands, given(*CLOSED).stands
    kept = ("request", "verification", "hands", "evidence", "measures", "deadline", "original_deadline", "round")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_not_before_a_verification() -> None:
    given(*AWAITING).when(close()).rejected("close.not-verified", number="JYZD-2023-001")


@pytest.mark.parametrize("conclusion", [Conclusion.INEFFECTIVE, Conclusion.INCONCLUSIVE])
def test_not_on_any_other_conclusion(conclusion: Conclusion) -> None:
    given(*AWAITING, verified(conclusion=conclusion)).when(close()).rejected(
        "close.not-effective", conclusion=conclusion
    )


def test_a_later_doubt_counts() -> None:
    history = (*AWAITING, verified(), verified(by="feng", conclusion=Conclusion.INCONCLUSIVE))
    given(*history).when(close()).rejected("close.not-effective")


def test_once() -> None:
    given(*CLOSED).when(close()).rejected("state.wrong", state=State.CLOSED)
