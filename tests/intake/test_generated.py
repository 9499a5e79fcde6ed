"""Generated sheets: whatever a ledger is called, ordered, dressed and damaged like, no row comes in wrong without a word.

The model knows what each cell was meant to say. A row that is taken says the same, or a doubt names the cell; a row that
was damaged beyond that is refused.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from taizhang.intake.book import book
from taizhang.intake.cells import Cell, cell_name
from taizhang.intake.lines import Kind, Line
from taizhang.intake.mapping import NOTHING_SAID
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import FindingClass, State
from tests.intake.sheets import TODAY, ByName, read

HEADINGS: dict[str, tuple[str, ...]] = {
    "ordinal": ("序号", " 序 号", "No.", "序号\nNo."),
    "alias": ("编号", "问题编号", "Finding No.", "编号 No."),
    "title": ("具体问题", "问题描述", "存在问题", "Finding", "具体问题\n(必填)", "问题 Issue", "发现的问题"),
    "source": ("问题来源", "来源", "Source"),
    "category": ("问题类别", "类别", "Category", "问题分类"),
    "lead_unit": ("责任单位", "牵头单位", "整改责任单位", "Responsible unit", "责任部门"),
    "responsible_person": ("责任人", "整改责任人", "Action owner"),
    "class": ("整改类别", "整改类型"),
    "deadline": ("整改时限", "完成时限", "整改期限", "Due date", "时限 Deadline"),
    "status": ("完成情况", "整改状态", "状态", "Status", "销号情况"),
    "measures": ("整改措施", "具体措施", "Agreed action"),
    "notes": ("备注", "Remarks"),
    "odd": ("附件页码", "电子邮箱", "K"),
}
STATUSES = {
    State.CLOSED: ("已销号", "办结", "Closed", "已 销 号", "已闭环"),
    State.AWAITING: ("待核查", "已完成", "整改完成", "completed"),
    State.RECTIFYING: ("整改中", "正在推进", "基本完成", "In progress"),
}
CLASSES = {
    FindingClass.IMMEDIATE: ("立行立改", "即知即改"),
    FindingClass.TIME_BOUND: ("限期整改", "限期"),
    FindingClass.PHASED: ("分阶段整改", "分阶段"),
}
DAMAGE = (
    "2023-06-31",
    "2023/13/45",
    "差不多了",
    "？？",
    "##",
    "45",
    "\x07",
    "x月x日",
    "长期",
    "无",
    3.7,
    True,
    "6.31",
    "见附件",
)
WORDS = st.text("督导整改台账登记不全落实责任安全隐患资金拨付滞后abcXYZ（），、", min_size=2, max_size=24).filter(
    lambda text: sum("\u4e00" <= c <= "\u9fff" for c in text) > 1 and text.strip() == text
)
NAMES = st.sampled_from(["财政局", "办公室", "第一支部", "案件审理科", "IT Operations", "某街道办事处"])
DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))


class Meant(Struct):
    """What one row was meant to say, and which of its cells were damaged."""

    title: str
    lead_unit: str
    status: State
    due: date
    class_: FindingClass
    row: int
    damaged: set[str]


def dressed(draw: st.DrawFn, day: date) -> Cell:
    """Return a day as one of the many forms that people write it in."""
    forms: tuple[Any, ...] = (
        [day.isoformat()],
        [f"{day.isoformat()}T00:00:00"],
        float((day - date(1899, 12, 30)).days),
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{day.year}.{day.month}.{day.day}"),
    )
    return draw(st.sampled_from(forms))  # type: ignore[no-any-return]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[list[Cell]], list[Meant], list[str]]:
    """Return the rows of a sheet, what was meant, and which field each column holds."""
    fields = ["title", *draw(st.permutations([f for f in HEADINGS if f != "title"]))[: draw(st.integers(4, 12))]]
    fields = draw(st.permutations(fields))
    for needed in ("lead_unit", "status", "deadline"):
        if needed not in fields:
            fields = [*fields, needed]
    heads: list[Cell] = [draw(st.sampled_from(HEADINGS[field])) for field in fields]
    rows: list[list[Cell]] = [["问题整改台账"], ["填报单位：督导办"], []][: draw(st.integers(0, 3))]
    rows.append(heads)
    meant: list[Meant] = []
    for at in range(draw(st.integers(1, 6))):
        if draw(st.integers(0, 7)) == 0:
            rows.append(draw(st.sampled_from([[], ["小计", None, 3.0], ["", " "], ["注：以上为截至目前情况"]])))
        state = draw(st.sampled_from(list(STATUSES)))
        class_ = draw(st.sampled_from(list(CLASSES)))
        one = Meant(draw(WORDS), draw(NAMES), state, draw(DAYS), class_, len(rows), set())
        one.title = f"{one.title}{at}"
        cells: dict[str, Cell] = {
            "ordinal": draw(st.sampled_from([float(at + 1), str(at + 1), chr(0xFF11 + at)])),
            "alias": f"JZ-{at + 1:03d}",
            "title": draw(st.sampled_from([one.title, f" {one.title} ", f"{one.title}\n"])),
            "source": "自查自纠",
            "category": "主体责任",
            "lead_unit": one.lead_unit,
            "responsible_person": "某某",
            "class": draw(st.sampled_from(CLASSES[class_])),
            "deadline": dressed(draw, one.due),
            "status": draw(st.sampled_from(STATUSES[state])),
            "measures": draw(st.sampled_from(["补学", "1.建账\n2.核对", None])),
            "notes": None,
            "odd": draw(st.sampled_from([None, "12"])),
        }
        for field in draw(st.lists(st.sampled_from(fields), max_size=2)) if draw(st.booleans()) else ():
            cells[field] = draw(st.sampled_from([None, *DAMAGE]))
            one.damaged.add(field)
        rows.append([cells[field] for field in fields])
        meant.append(one)
    return rows, meant, fields


def judge(lines: list[Line], meant: list[Meant], fields: list[str]) -> None:
    """Hold every row against what was meant."""
    by_row = {line.row: line for line in lines}
    for one in meant:
        line = by_row[one.row + 1]
        told = {doubt.cell for doubt in line.doubts}

        def says(
            field: str, held: Any, wanted: Any, line: Line = line, one: Meant = one, told: set[str] = told
        ) -> None:
            if held == wanted or field in one.damaged:
                return
            cell = cell_name(one.row, fields.index(field)) if field in fields else ""
            assert cell in told, f"{field}: {held!r} for {wanted!r} without a word: {line}"

        if line.claim is None:
            assert one.damaged, f"a sound row was not taken: {line}"
            assert line.kind in (Kind.REFUSED, Kind.SKIPPED, Kind.JOINED)
            assert line.doubts
            continue
        claim = line.claim
        says("title", claim.title, one.title)
        says("lead_unit", claim.lead_unit, one.lead_unit)
        if not one.damaged & {"lead_unit", "status"}:
            says("status", claim.state, one.status)
        if "deadline" in one.damaged:
            continue
        says("deadline", claim.deadline.due if claim.deadline else None, one.due)
        if "class" in fields and "class" not in one.damaged and "status" not in one.damaged:
            says("class", claim.class_, one.class_)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(ledgers())
def test_no_row_comes_in_wrong_without_a_word(made: tuple[list[list[Cell]], list[Meant], list[str]]) -> None:
    rows, meant, fields = made
    judge(read(rows, name="Sheet1"), meant, fields)


@settings(max_examples=8, deadline=None)
@given(ledgers())
def test_the_same_through_a_real_workbook(made: tuple[list[list[Cell]], list[Meant], list[str]]) -> None:
    rows, meant, fields = made
    made_book = openpyxl.Workbook()
    for at, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if cell is not None:
                value = date.fromisoformat(cell[0][:10]) if isinstance(cell, list) else cell
                if isinstance(value, str) and not value.isprintable() and "\x07" in value:
                    continue  # no workbook can hold it
                made_book.active.cell(at, column, value)
    target = io.BytesIO()
    made_book.save(target)
    found = book(target.getvalue(), "台账.xlsx")
    judge(list(found.lines(NOTHING_SAID, ByName(), TODAY)), meant, fields)


@pytest.mark.parametrize("seed", ["csv", "xlsx", "random"])
def test_damaged_bytes_never_crash(seed: str) -> None:
    from tests.intake.test_bad_files import STANDARD

    source = {
        "csv": "编号,问题,状态\n1,甲乙,整改中\n".encode("gb18030"),
        "xlsx": STANDARD,
        "random": bytes(range(255, 0, -1)),
    }[seed]

    @settings(max_examples=12 if seed == "xlsx" else 60, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, len(source) - 1), st.integers(0, 255)), min_size=1, max_size=6))
    def damaged(changes: list[tuple[int, int]]) -> None:
        data = bytearray(source)
        for at, value in changes:
            data[at] = value
        try:
            found = book(bytes(data), "台账")
            assert list(found.lines(NOTHING_SAID, ByName(), TODAY + timedelta(days=1)))
        except Rejected as refusal:
            assert refusal.code.startswith("intake.")  # noqa: PT017 - either it is read, or refused by its own code

    damaged()
