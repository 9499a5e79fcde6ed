"""Sending back for rework (退回): what is missing is mandatory."""

from __future__ import annotations

from taizhang.ledger.domain.events import FindingReturned
from taizhang.ledger.domain.values import State
from tests.domain.spec import AWAITING, act, close, given, request, requested, returned, send_back, verified, verify


def test_returned_with_what_is_missing() -> None:
    finding = given(*AWAITING).when(send_back(missing="缺谈话抽查佐证")).then(FindingReturned("缺谈话抽查佐证"))
    assert (finding.state, finding.missing, finding.returns) == (State.RECTIFYING, "缺谈话抽查佐证", 1)
    assert (finding.request, finding.verification) == (None, None)


def test_what_is_missing_must_be_said() -> None:
    given(*AWAITING).when(send_back(missing=" ")).rejected("text.missing", field="missing")


def test_before_or_after_a_verification() -> None:
    assert given(*AWAITING, verified()).when(send_back(by="feng")).allowed().verification is None


def test_work_goes_on_after_it() -> None:
    after = (*AWAITING, returned())
    kept = given(*after).stands
    assert (len(kept.measures), len(kept.evidence)) == (2, 1)
    assert given(*after).when(act()).allowed().state is State.RECTIFYING
    assert given(*after).when(request()).allowed().state is State.AWAITING


def test_returns_are_counted() -> None:
    assert given(*AWAITING, returned(), requested()).when(send_back()).allowed().returns == 2


def test_who_returned_it_may_verify_what_was_mended() -> None:
    finding = given(*AWAITING, returned(by="li"), requested()).when(verify(by="li")).allowed()
    assert finding.verification is not None


def test_an_earlier_verification_closes_nothing_after_a_return() -> None:
    given(*AWAITING, verified(), returned(), requested()).when(close()).rejected("close.not-verified")
