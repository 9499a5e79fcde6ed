"""The steps that a front end may offer: what is offered can be taken, what is not says why, as `decide` would."""

from __future__ import annotations

from datetime import date

import pytest

from taizhang.ledger.domain.register import Person
from taizhang.ledger.domain.rules import Offer, offers
from taizhang.ledger.domain.values import FindingClass, Role, State
from tests.domain.expected import FIELDS, PLACES
from tests.domain.spec import (
    ASKS,
    AWAITING,
    CLOSED,
    HISTORIES,
    LOGGED,
    RECTIFYING,
    REGISTER,
    Asked,
    Given,
    Happened,
    amend,
    assigned,
    attach,
    attached,
    comment,
    escalated,
    evidence,
    extension_asked,
    followed_up,
    given,
    log,
    reopened,
    requested,
    verified,
)

LIVES: dict[str, tuple[Happened, ...]] = {
    **{str(state): history for state, history in HISTORIES.items()},
    "with evidence": AWAITING[:-1],
    "verified": (*AWAITING, verified(by="feng")),
    "handled by the team": (*AWAITING[:-1], requested(by="li")),
    "extension asked for": (*RECTIFYING, extension_asked()),
    "escalated": (*RECTIFYING, escalated(document="督函〔2023〕1号")),
    "relapsed": (*CLOSED, followed_up(by="feng")),
    "second round": (*CLOSED, followed_up(), reopened()),
    "straight": (LOGGED, assigned(class_=FindingClass.IMMEDIATE), attached()),
}
VALUE = {"severity": "low", "found_on": "2023-04-01", "cooperating_units": "south"}
PEOPLE: list[Person] = [
    *(person for person in REGISTER.people.values() if person.active),
    *(Person(f"all-{place}", "全*", frozenset(Role), unit) for place, unit in PLACES.items()),
]


def offered(finding: Given, person: Person) -> tuple[Offer, ...]:
    return offers(finding.finding, finding.context(comment(by=person)))


def tries(name: str, person: Person) -> list[Asked]:
    """Return well-worded commands for a step: for an amendment one a field."""
    if name == "amend":
        return [amend(by=person, field=field, value=VALUE.get(field, "另一个值")) for field in FIELDS]
    if name == "request-closure":
        return [ASKS[name](by=person), ASKS[name](by=person, measures=("当场改正",))]
    if name == "extend":
        return [ASKS[name](by=person, due=date(2023, 12, 29))]
    if name == "remind":
        return [ASKS[name](by=person, document="")]
    if name == "attach":
        return [attach(by=person, evidence=evidence("另一份.pdf"))]
    return [ASKS[name](by=person)]


@pytest.mark.parametrize("life", LIVES)
def test_what_is_offered_can_be_taken_and_what_is_not_says_why(life: str) -> None:
    finding = given(*LIVES[life])
    for person in PEOPLE:
        for offer in offered(finding, person):
            outcomes = [finding.when(asked) for asked in tries(offer.transition.name, person)]
            if offer.refusal is None:
                assert any(outcome.refusal is None for outcome in outcomes), (person.id, offer.transition.name)
            else:
                for outcome in outcomes:
                    outcome.rejected(offer.refusal.code, **offer.refusal.params)


def test_the_steps_are_those_of_the_state_in_the_order_of_the_table() -> None:
    office = REGISTER.people["wu"]
    names = [offer.transition.name for offer in offered(given(*RECTIFYING), office)]
    assert names == [
        "act", "attach", "request-closure", "plan", "extend", "grant", "refuse", "remind", "list-publicly", "receive",
        "withdraw", "transfer", "amend", "link", "comment",
    ]  # fmt: skip
    assert [offer.transition.name for offer in offered(given(), office)] == ["log"]


def test_an_offer_says_what_this_person_would_meet() -> None:
    met = {offer.transition.name: offer.refusal for offer in offered(given(*AWAITING), REGISTER.people["feng"])}
    codes = {name: refusal.code if refusal else "" for name, refusal in met.items()}
    assert codes == {
        "verify": "",
        "return": "",
        "close": "close.not-verified",
        "extend": "role.missing",
        "grant": "role.missing",
        "refuse": "role.missing",
        "remind": "role.missing",
        "list-publicly": "role.missing",
        "receive": "role.missing",
        "withdraw": "role.missing",
        "transfer": "role.missing",
        "amend": "role.missing",
        "link": "",
        "comment": "",
    }


def test_before_it_is_logged_the_inspector_logs() -> None:
    (offer,) = offers(None, given().context(log()))
    assert offer.refusal is None
    (offer,) = offers(None, given().context(log(by="wei")))
    assert offer.refusal is not None


def test_closure_is_asked_for_with_evidence() -> None:
    head = REGISTER.people["wang"]
    refusals = {offer.transition.name: offer.refusal for offer in offered(given(*RECTIFYING), head)}
    refusal = refusals["request-closure"]
    assert refusal is not None
    assert refusal.code == "request.no-evidence"


def test_who_may_amend_nothing_here_is_not_offered_it() -> None:
    for person, code in (("qin", "unit.not-yours"), ("li", "role.missing"), ("wei", "role.missing")):
        refusals = {o.transition.name: o.refusal for o in offered(given(*RECTIFYING), REGISTER.people[person])}
        refusal = refusals["amend"]
        assert refusal is not None, person
        assert refusal.code == code


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN, State.TRANSFERRED])
def test_what_has_ended_only_takes_corrections_links_and_comments(state: State) -> None:
    names = [offer.transition.name for offer in offered(given(*HISTORIES[state]), REGISTER.people["wu"])]
    looked_back = ["follow-up", "reopen"] if state is State.CLOSED else []
    assert names == [*looked_back, "amend", "link", "comment"]
