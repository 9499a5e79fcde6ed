"""Ledgers unlike the samples, as offices send them: read as a careful clerk would have typed them, or refused by the cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.intake.book import book
from taizhang.intake.lines import Kind
from taizhang.intake.mapping import NOTHING_SAID
from taizhang.intake.values import Day, day_of, status_of
from taizhang.ledger.domain.values import State
from tests.intake.offices import GOLDEN, OFFICES, told
from tests.intake.sheets import TODAY, ByName, read, read_file

DATA = Path(__file__).resolve().parents[1] / "data" / "offices"


@pytest.mark.parametrize("name", OFFICES)
def test_an_office_s_ledger_is_read_as_before(name: str) -> None:
    assert told(OFFICES[name]()) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_every_row_of_every_sheet_gets_one_line() -> None:
    for name, make in OFFICES.items():
        if name in ("a form for each finding", "side by side", "no ledger"):
            continue
        found = book(make(), "台账.xlsx")
        places = [(line.sheet, line.row) for line in found.lines(NOTHING_SAID, ByName(), TODAY)]
        assert len(places) == len(set(places)), name


def test_a_unit_merged_over_findings_is_each_one_s_and_its_cell_is_kept() -> None:
    lines = {line.row: line for line in book(OFFICES["merged downwards"](), "").lines(NOTHING_SAID, ByName(), TODAY)}
    assert [lines[row].claim.lead_unit for row in (2, 4, 5, 7)] == ["办公室", "办公室", "财务科", "财务科"]  # type: ignore[union-attr]
    assert lines[4].cells["B2"] == "办公室"
    assert "B4" not in lines[4].cells


@pytest.mark.parametrize("path", sorted(DATA.glob("merged.*")), ids=lambda path: path.name)
def test_merged_cells_of_every_format(path: Path) -> None:
    """An ods file says what is merged as well, though its reader does not."""
    _, lines = read_file(path)
    claims = [(line.row, line.more, line.claim.lead_unit) for line in lines if line.claim]
    assert claims == [(2, (3,), "办公室"), (4, (), "办公室"), (5, (6,), "财务科"), (7, (), "财务科")]


@pytest.mark.parametrize("path", sorted(DATA.glob("errors.*")), ids=lambda path: path.name)
def test_an_error_in_a_cell_is_not_taken_for_nothing(path: Path) -> None:
    _, lines = read_file(path)
    wrong = {line.row: {doubt.cell for doubt in line.doubts if doubt.code == "row.error-cell"} for line in lines}
    assert {row: cells for row, cells in wrong.items() if cells} == {3: {"B3", "D3"}, 4: {"C4"}, 5: {"E5"}}
    assert [line.row for line in lines if line.kind is Kind.REFUSED] == [3, 4, 5]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("已销号", State.CLOSED),
        ("同意销号", State.CLOSED),
        ("整改完毕", State.AWAITING),
        ("已全部整改到位", State.AWAITING),
        ("已完成，未销号", State.AWAITING),
        ("未销号（已完成）", State.AWAITING),
        ("100%", State.AWAITING),
        ("80%", State.RECTIFYING),
        ("完成80%", State.RECTIFYING),
        ("按计划推进", State.RECTIFYING),
        ("Closed 已关闭", State.CLOSED),
        ("In progress 整改中", State.RECTIFYING),
        ("未启动", State.ASSIGNED),
    ],
)
def test_what_a_status_means(words: str, wanted: State) -> None:
    found = status_of(words)
    assert found is not None
    assert found.state is wanted


@pytest.mark.parametrize("words", ["●红", "🔴", "红灯", "超期3天", "未完成整改", "0%", "已挂账"])
def test_a_status_that_only_says_not_finished(words: str) -> None:
    found = status_of(words)
    assert found is not None
    assert found.state is None


@pytest.mark.parametrize(
    "words",
    ["通过", "不通过", "不同意销号", "已整改3个，未整改2个", "已完成（部分）", "已整改（除第3项外）", "已销号（未完成）", "120%", "●",
     "Closed 整改中", "已完成（退回）"],
)  # fmt: skip
def test_a_status_that_is_not_understood(words: str) -> None:
    assert status_of(words) is None


def test_not_overdue_is_not_late() -> None:
    found = status_of("已销号（未逾期）")
    assert found is not None
    assert found.late is False


def test_yes_and_no_answer_what_the_heading_asks() -> None:
    def state(heading: str, answer: object) -> State | None:
        lines = read([["序号", "问题", "责任单位", heading], [1, "甲事", "甲处", answer]])  # type: ignore[list-item]
        return lines[-1].claim.state if lines[-1].claim else None

    assert state("完成情况", "√") is State.AWAITING
    assert state("销号情况", "√") is State.CLOSED
    assert state("整改状态", "×") is State.ASSIGNED
    assert state("状态", "√") is None  # it does not say what is ticked


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("2023/6/20 0:00:00", "2023-06-20"),
        ("2023/6/20 0:00", "2023-06-20"),
        ("2023-06-20 17:30", "2023-06-20"),
        ("2023—06—20", "2023-06-20"),
        ("2023、6、20", "2023-06-20"),
        ("二〇二三年六月二十日", "2023-06-20"),
        ("二○二三年十二月三十一日前", "2023-12-31"),
        ("23年6月20日", "2023-06-20"),
        ("2023年6月底前", "2023-06-30"),
        ("2023年2月底", "2023-02-28"),
        ("2024年底前完成", "2024-12-31"),
        ("6月底", "2023-06-30"),
        ("6.30", "2023-06-30"),
        ("2023年6月20日前完成", "2023-06-20"),
        ("2023年6月20日上午", "2023-06-20"),
    ],
)
def test_what_a_day_means(words: str, wanted: str) -> None:
    found = day_of(words, 2023)
    assert found.day is not None
    assert found.day.isoformat() == wanted


@pytest.mark.parametrize("words", ["6.3", "2023.06.31", "23.6.20", "2023-13-01", "2023/6/20 逾期", "2023年13月底前"])
def test_a_day_that_is_refused(words: str) -> None:
    assert day_of(words, 2023).wrong


@pytest.mark.parametrize("words", ["10个工作日内", "2023年6月", "x月x日", "6月中旬", "3个月内", "三季度末"])
def test_a_day_that_stays_unknown(words: str) -> None:
    found: Day = day_of(words, 2023)
    assert found.day is None
    assert found.words == words
