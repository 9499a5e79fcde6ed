"""How the whole ledger stood after any event is what the figures as of that event say, whatever the policy was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from taizhang.composition import make_demo, open_desk
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import DayKind, SetPolicy
from taizhang.ledger.domain.values import Via
from taizhang.service.desk import Desk, Dimension, Order, Standing

NAMES = ("total", "open", "overdue", "due_soon", "awaiting", "closed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "ledger"
    make_demo(folder)
    return folder


@pytest.fixture
def desk(folder: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(folder, tmp_path / "ledger")
    desk = open_desk(tmp_path / "ledger")
    yield desk
    desk.close()


def counted(desk: Desk, index: int) -> Standing:
    figures = desk.figures(Dimension.UNIT, when=f"#{index}")
    return Standing(index, figures.today, **{name: getattr(figures.total, name) for name in NAMES})


def test_every_standing_is_that_of_the_figures(desk: Desk) -> None:
    for index in range(desk.index() + 1):
        assert desk.standing(index) == counted(desk, index)


def test_what_was_recorded_since_counts_and_a_new_policy_colours(desk: Desk) -> None:
    desk.standing(0)
    for due_soon in (400, 3, 100):
        policy = replace(desk.register().policy, due_soon=due_soon, days=DayKind.CALENDAR)
        desk.record(Order(SetPolicy(policy), "admin", Via.CLI))
        assert desk.standing(desk.index()) == counted(desk, desk.index())
    fresh = open_desk(desk.path)
    try:
        for index in range(170, desk.index() + 1):
            assert fresh.standing(index) == counted(desk, index)
    finally:
        fresh.close()


def test_the_trend_is_the_end_of_each_month(desk: Desk) -> None:
    trend = desk.trend()
    assert len({(each.today.year, each.today.month) for each in trend}) == len(trend) > 3
    assert trend[-1] == counted(desk, desk.index())
    assert all(each == counted(desk, each.index) for each in trend)


def test_an_event_that_there_is_not_is_refused(desk: Desk) -> None:
    with pytest.raises(Rejected) as refused:
        desk.standing(desk.index() + 1)
    assert refused.value.code == "when.no-event"
