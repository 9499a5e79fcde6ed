"""The unit's answer: it signs for the finding with its measures (签收), or objects (异议)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from taizhang.ledger.domain.events import FindingAcknowledged, FindingObjected
from taizhang.ledger.domain.finding import Hand, Measure
from taizhang.ledger.domain.values import Progress, State
from tests.domain.spec import LOGGED, Asked, account_of, acknowledge, assigned, given, object_to, objected

ASSIGNED = (LOGGED, assigned())


def test_acknowledged_with_its_measures() -> None:
    finding = (
        given(*ASSIGNED)
        .when(acknowledge(measures=("印发办法", "开展谈话")))
        .then(FindingAcknowledged(("印发办法", "开展谈话")))
    )
    assert finding.state is State.RECTIFYING
    assert finding.measures == (Measure("印发办法", Progress.NONE), Measure("开展谈话", Progress.NONE))


def test_who_planned_has_a_hand_in_it() -> None:
    finding = given(*ASSIGNED).when(acknowledge(by="zheng")).allowed()
    assert finding.hands == (Hand("zheng", account_of("zheng")),)


def test_at_least_one_measure() -> None:
    given(*ASSIGNED).when(acknowledge(measures=())).rejected("acknowledge.no-measure", number="JYZD-2023-001")


def test_each_measure_says_something() -> None:
    given(*ASSIGNED).when(acknowledge(measures=("印发办法", " "))).rejected("text.missing", field="measure")


def test_objecting_returns_it_to_the_office() -> None:
    finding = given(*ASSIGNED).when(object_to(grounds="不属本单位管理")).then(FindingObjected("不属本单位管理"))
    assert (finding.state, finding.objections, finding.grounds) == (State.LOGGED, 1, "不属本单位管理")


def test_grounds_must_be_said() -> None:
    given(*ASSIGNED).when(object_to(grounds="")).rejected("text.missing", field="grounds")


def test_objections_are_counted() -> None:
    history = (LOGGED, assigned(), objected(), assigned(lead_unit="south"))
    assert given(*history).when(object_to(by="qin")).allowed().objections == 2


@pytest.mark.parametrize("answer", [acknowledge, object_to])
def test_after_an_objection_the_new_lead_unit_answers(answer: Callable[..., Asked]) -> None:
    history = (LOGGED, assigned(), objected(), assigned(lead_unit="south"))
    given(*history).when(answer(by="zheng")).rejected("unit.not-yours", units=["south"])
    given(*history).when(answer(by="qin")).allowed()
