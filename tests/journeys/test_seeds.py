"""The twelve sample findings, lived through as their 整改历程 tell: every date, every deadline, and the stated 当前状态."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.composition import make_demo, open_desk
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light
from taizhang.ledger.domain.values import FindingClass, State
from taizhang.service.desk import Cell, Desk, Dimension, Query

SEEDS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "seeds.json").read_text("utf-8"))
CLASSES = {
    "立行立改": FindingClass.IMMEDIATE,
    "限期整改": FindingClass.TIME_BOUND,
    "分阶段整改": FindingClass.PHASED,
    "长期坚持": FindingClass.SUSTAINED,
}
SEED = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["编号"])
DAY = re.compile(r"(?:(20[0-9]{2})-)?([01][0-9])-([0-3][0-9])")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("seeds") / "demo"
    make_demo(path)
    opened = open_desk(path)
    yield opened
    opened.close()


def days(text: str, year: int) -> list[date]:
    """Return the days that a line of the history names; without a year, they are of the year of the one before."""
    return [date(int(found[1] or year), int(found[2]), int(found[3])) for found in DAY.finditer(text)]


@SEED
def test_it_ends_as_the_sample_says(desk: Desk, seed: dict[str, Any]) -> None:
    finding, stated = desk.finding(seed["编号"]), seed["当前状态"]
    if stated.startswith("已销号"):
        assert finding.state is State.CLOSED
        assert finding.closed_late is ("逾期" in stated)
        assert (finding.extensions > 0) is ("延期" in stated)
        assert finding.round == (2 if "第2轮" in stated else 1)
    elif stated.startswith("长期坚持"):
        assert finding.state is State.RECTIFYING
        assert finding.class_ is FindingClass.SUSTAINED
    else:
        assert finding.state is {"待核查": State.AWAITING, "整改中": State.RECTIFYING}[stated]


@SEED
def test_class_assignment_and_original_deadline_are_those_of_the_sample(desk: Desk, seed: dict[str, Any]) -> None:
    finding = desk.finding(seed["编号"])
    assert finding.class_ is CLASSES[seed["整改类别"].partition("(")[0]]
    assigned = next(entry for entry in desk.history(seed["编号"]) if entry.topic == "finding.assigned.v1")
    assert assigned.envelope.happened_on == date.fromisoformat(seed["交办日期"])
    first, *later = days(seed["整改时限"], 2023) or [None]
    if first is not None:
        assert first_round(finding) == first
        assert finding.extensions == len(later)
        if later:
            assert finding.due == later[0]


def first_round(finding: Finding) -> date | None:
    """Return the deadline that the first round began with."""
    deadline = finding.rounds[0].original_deadline if finding.rounds else finding.original_deadline
    return deadline.due if deadline else None


@SEED
def test_every_day_of_its_history_is_in_the_ledger(desk: Desk, seed: dict[str, Any]) -> None:
    """On each day something happened, unless the line only tells how the finding stood: then it stood so."""
    number = seed["编号"]
    happened = {entry.envelope.happened_on for entry in desk.history(number)}
    year = 2023
    for line in seed["整改历程"]:
        (day, *_) = days(line, year) or [None]
        if day is None:
            continue
        year, when = day.year, day.isoformat()
        if "亮" in line:
            colour = Light.RED if "亮红" in line else Light.YELLOW
            assert light(desk.finding(number, when), desk.yardstick(when=when)) is colour, line
        elif line.endswith("待核查"):
            assert desk.finding(number, when).state is State.AWAITING
        else:
            assert day in happened, line


def test_every_count_of_the_figures_is_that_of_its_list(desk: Desk) -> None:
    for by in Dimension:
        figures = desk.figures(by)
        for group, key in [*((group, group.key) for group in figures.groups), (figures.total, None)]:
            for name in ("total", "open", "overdue", "due_soon", "awaiting", "closed", "verified", "sustained"):
                assert desk.findings(Query(cell=Cell(by, name, key))).total == getattr(group, name), (by, key, name)


def test_red_in_one_place_is_red_in_all(desk: Desk) -> None:
    """List, page, reasons, and the list and the page of any moment agree on the colour."""
    for when in ("", "2023-06-25", "2023-09-25", "2024-01-05", f"#{desk.index() // 2}"):
        by = desk.yardstick(when=when)
        rows = desk.findings(Query(when=when)).rows
        for row in rows:
            finding = desk.finding(row.number, when)
            assert light(finding, by) is row.light, (when, row.number)
            assert (desk.why(row.number, when)[0].code == "why.overdue") is (row.light is Light.RED)
        assert desk.figures(Dimension.UNIT, when=when).total.overdue == sum(row.light is Light.RED for row in rows)


def test_what_need_not_be_counted_is_offered_at_once(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo")
    desk = open_desk(tmp_path / "demo")
    try:
        assert desk.completions("cate", 4, "en", at_once=True)
        assert desk.completions("category:", 9, "en", at_once=True) is None
        counted = desk.completions("category:", 9, "en")
        assert counted
        assert desk.completions("category:", 9, "en", at_once=True) == counted
    finally:
        desk.close()
