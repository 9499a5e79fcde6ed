"""Verification (核查) and four eyes: nobody judges their own work, no unit its own, and one computer is marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from taizhang.ledger.domain.events import FindingClosed, FindingReturned, FindingVerified
from taizhang.ledger.domain.finding import Verification
from taizhang.ledger.domain.register import Person
from taizhang.ledger.domain.values import Account, Conclusion, Method, Role, State
from tests.domain.spec import (
    AWAITING,
    LOGGED,
    REGISTER,
    TODAY,
    Asked,
    Happened,
    account_of,
    acknowledged,
    acted,
    assigned,
    attached,
    close,
    evidence,
    given,
    moved,
    requested,
    returned,
    send_back,
    verified,
    verify,
)

SHARED = Account("office", "pc-01")


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("conclusion", Conclusion)
def test_verified(method: Method, conclusion: Conclusion) -> None:
    finding = (
        given(*AWAITING)
        .when(verify(method=method, conclusion=conclusion, text="抽查二十人"))
        .then(FindingVerified(method, conclusion, "抽查二十人"))
    )
    assert finding.state is State.AWAITING, "the verifier is satisfied; the approver strikes it off"
    assert finding.verification == Verification(method, conclusion, "li", account_of("li"), TODAY, "抽查二十人")


def test_a_verification_needs_no_words() -> None:
    assert given(*AWAITING).when(verify(text="")).allowed().verification is not None


def test_the_latest_verification_stands() -> None:
    history = (*AWAITING, verified(conclusion=Conclusion.INEFFECTIVE))
    finding = given(*history).when(verify(by="feng")).allowed()
    assert finding.verification is not None
    assert (finding.verification.by, finding.verification.conclusion) == ("feng", Conclusion.EFFECTIVE)


# -- the same person


def life(**by: str) -> tuple[Happened, ...]:
    """Return a life that waits for its verification, each part done by the named person."""
    return (
        LOGGED,
        assigned(),
        acknowledged(by=by.get("planned", "zheng")),
        acted(by=by.get("acted", "zheng")),
        attached(by=by.get("attached", "zheng")),
        requested(by=by.get("requested", "wang")),
    )


@pytest.mark.parametrize("part", ["planned", "acted", "attached", "requested"])
@pytest.mark.parametrize("step", [verify, send_back])
def test_who_had_a_hand_in_it_does_not_verify(part: str, step: Callable[..., Asked]) -> None:
    """However that came about: people change units and roles, hands stay."""
    given(*life(**{part: "li"})).when(step(by="li")).rejected("verify.own-work", number="JYZD-2023-001", person="li")


def test_another_computer_makes_nobody_another_person() -> None:
    given(*life(acted="li")).when(verify(by="li", account=SHARED)).rejected("verify.own-work")


def test_a_return_wipes_nobodys_hands() -> None:
    history = (*life(planned="li"), returned(by="feng"), requested())
    given(*history).when(verify(by="li")).rejected("verify.own-work")


def test_who_moved_out_of_the_unit_takes_their_hands_along() -> None:
    everything = Person("zheng", "郑*", frozenset(Role), "east")
    register = moved("zheng", "team")
    finding = given(*AWAITING, register=register)
    finding.when(verify(by=Person("zheng", "郑*", frozenset(Role), "team"))).rejected("verify.own-work")
    finding.when(verify(by=everything)).rejected("unit.own-work")


@pytest.mark.parametrize("part", ["planned", "acted", "attached", "requested"])
def test_who_had_a_hand_in_it_does_not_close(part: str) -> None:
    given(*life(**{part: "chen"}), verified()).when(close(by="chen")).rejected("close.own-work", person="chen")


def test_the_verifier_does_not_close() -> None:
    given(*AWAITING, verified(by="feng")).when(close(by="feng")).rejected("close.own-verification", person="feng")


def test_who_verifies_may_close_what_another_verified() -> None:
    given(*AWAITING, verified(by="li")).when(close(by="feng")).then(FindingClosed())


def test_who_logged_or_assigned_it_may_verify() -> None:
    """Four eyes are on the rectification; that the team looks after its own findings is its work."""
    given(*AWAITING).when(verify(by=Person("zhou", "周*", frozenset({Role.VERIFIER}), "team"))).allowed()
    given(*AWAITING).when(verify(by=Person("wu", "吴*", frozenset({Role.VERIFIER}), "team"))).allowed()


# -- the same unit


@pytest.mark.parametrize("unit", ["east", "east-1", "west", "west-1"])
@pytest.mark.parametrize("step", [verify, send_back])
def test_a_unit_does_not_verify_itself(unit: str, step: Callable[..., Asked]) -> None:
    colleague = Person("colleague", "同*", frozenset({Role.VERIFIER}), unit)
    given(*AWAITING).when(step(by=colleague)).rejected("unit.own-work", person="colleague", unit=unit)


def test_a_unit_that_moved_below_the_lead_does_not_verify_it() -> None:
    """The tree counts as it stands when the verifier acts."""
    south = Person("south", "南*", frozenset({Role.VERIFIER}), "south")
    given(*AWAITING).when(verify(by=south)).allowed()
    units = {**REGISTER.units, "south": type(REGISTER.units["south"])("south", "南区分局", "east")}
    register = type(REGISTER)(units=units, people=REGISTER.people, programmes=REGISTER.programmes)
    given(*AWAITING, register=register).when(verify(by=south)).rejected("unit.own-work", unit="south")


# -- another person, the same computer account


@pytest.mark.parametrize("part", [acknowledged, acted, attached, requested])
def test_another_person_on_the_same_account_is_marked(part: Callable[..., Happened]) -> None:
    history = tuple(
        part(account=SHARED) if type(happened.event) is type(part().event) else happened for happened in AWAITING
    )
    given(*history).when(verify(account=SHARED)).then(
        FindingVerified(Method.ON_SITE, Conclusion.EFFECTIVE, "抽查二十人，均有记录", same_account=True)
    )
    given(*history, verified()).when(close(account=SHARED)).then(FindingClosed(same_account=True))


def test_the_approver_on_the_verifiers_account_is_marked() -> None:
    given(*AWAITING, verified(account=SHARED)).when(close(account=SHARED)).then(FindingClosed(same_account=True))


def test_accounts_of_their_own_are_not_marked() -> None:
    given(*AWAITING).when(verify()).then(
        FindingVerified(Method.ON_SITE, Conclusion.EFFECTIVE, "抽查二十人，均有记录", same_account=False)
    )
    given(*AWAITING, verified()).when(close()).then(FindingClosed(same_account=False))


@pytest.mark.parametrize("other", [Account("office", "pc-02"), Account("admin", "pc-01")])
def test_an_account_is_a_user_on_a_host(other: Account) -> None:
    history = (*AWAITING[:-1], requested(account=SHARED))
    given(*history, verified()).when(close(account=other)).then(FindingClosed(same_account=False))


def test_a_return_is_no_favour_and_is_not_marked() -> None:
    history = (*AWAITING[:-1], requested(account=SHARED))
    given(*history).when(send_back(account=SHARED)).then(FindingReturned("仅有会议记录，无谈话抽查佐证"))


def test_the_mark_of_a_second_piece_of_evidence_counts_too() -> None:
    history = (*AWAITING[:-1], attached(evidence=evidence("照片.jpg"), account=SHARED), requested())
    assert given(*history).when(verify(account=SHARED)).event == FindingVerified(
        Method.ON_SITE, Conclusion.EFFECTIVE, "抽查二十人，均有记录", same_account=True
    )
