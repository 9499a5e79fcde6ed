"""The desk at any moment, on the demo ledger: lists, findings, figures, exports and reasons agree with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.composition import make_demo, open_desk
from taizhang.ledger.domain.commands import LinkFinding, WithdrawFinding
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.lights import Light, light
from taizhang.ledger.domain.values import LinkKind, Via
from taizhang.projections.cells import PERIOD
from taizhang.service.desk import Cell, Desk, Dimension, ExportKind, Order, Query, Rounds, Sort

LAST = 180


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("demo") / "ledger"
    make_demo(folder)
    desk = open_desk(folder)
    yield desk
    desk.close()


def test_a_day_a_time_and_an_event_are_places_in_the_log(desk: Desk) -> None:
    day = desk.moment("2023-06-21")
    assert day.today == date(2023, 6, 21)
    assert desk.moment("2023-06-21T23:59:59").index == day.index
    assert desk.moment(f"#{day.index}").index == day.index
    assert desk.moment(f"#{day.index + 1}").today > day.today
    assert desk.moment("0999-12-31").index == desk.moment("0001-01-01").index == -1  # three digits sort after 2026
    for text, code in (("2999-01-01", "when.future"), ("#9999", "when.no-event"), ("gestern", "when.malformed")):
        with pytest.raises(Rejected) as refused:
            desk.moment(text)
        assert refused.value.code == code


@settings(max_examples=25)
@given(st.integers(30, LAST))
def test_it_is_overdue_in_every_place_or_in_none(desk: Desk, tmp_path_factory: pytest.TempPathFactory, at: int) -> None:
    at = min(at, desk.index())
    when = f"#{at}"
    by = desk.yardstick(when=when)
    rows = desk.findings(Query(when=when)).rows
    red = [row.number for row in rows if row.light is Light.RED]
    assert [row.number for row in rows if light(desk.finding(row.number, when), by) is Light.RED] == red
    assert [row.number for row in rows if desk.why(row.number, when)[0].code == "why.overdue"] == red
    assert [row.number for row in desk.findings(Query("状态:逾期", when=when)).rows] == red
    assert [row.number for row in desk.findings(Query("light:red", when=when, limit=50)).rows] == red
    for dimension in Dimension:
        assert desk.figures(dimension, when=when).total.overdue == len(red)
    target = tmp_path_factory.mktemp("export") / "problems.json"
    assert desk.export(ExportKind.PROBLEMS, "json", target, Query(when=when), "en") == len(rows)
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["as_of"]["index"] == at
    assert [row["number"] for row in written["rows"] if row["light"] == "red"] == red


@pytest.mark.parametrize("when", ["", "2023-07-31"])
@pytest.mark.parametrize("sort", [Sort.DUE, Sort.UNIT, Sort.NUMBER])
@pytest.mark.parametrize("descending", [False, True])
def test_an_export_is_ordered_as_the_list_is(
    desk: Desk, tmp_path: Path, when: str, sort: Sort, descending: bool
) -> None:
    query = Query(sort=sort, descending=descending, when=when)
    told: list[tuple[int, int]] = []
    desk.export(ExportKind.PROBLEMS, "json", tmp_path / "t.json", query, "en", progress=lambda *at: told.append(at))
    document = json.loads((tmp_path / "t.json").read_bytes())
    assert [row["number"] for row in document["rows"]] == [row.number for row in desk.findings(query).rows]
    assert document["as_of"]["sort"] == f"{'-' if descending else ''}{sort}"
    assert told[-1] == (len(document["rows"]), len(document["rows"]))


def test_a_past_month_never_changes(desk: Desk) -> None:
    """The finding that was reopened later was closed then, and its light was grey."""
    reopened = [row.number for row in desk.findings(Query("轮次>1")).rows]
    assert reopened
    closed = desk.findings(Query("状态:已销号", when="2023-09-25"))
    assert set(reopened) <= {row.number for row in closed.rows}
    assert desk.finding(reopened[0], "2023-09-25").round == 1
    assert desk.figures(Dimension.UNIT).later.total == len(reopened)
    with pytest.raises(Rejected):
        desk.finding(reopened[0], "#10")


def test_a_period_tells_what_moved_and_every_count_opens_its_list(desk: Desk) -> None:
    since, when = "2023-05-31", "2023-07-31"
    figures = desk.figures(Dimension.UNIT, when=when, since=since)
    assert figures.before == desk.figures(Dimension.UNIT, when=since)
    assert figures.total.newly_closed == figures.total.closed - figures.before.total.closed > 0
    for group, key in ((figures.total, None), *((group, group.key) for group in figures.groups)):
        for figure in ("total", "open", "overdue", "due", "on_time", "rectified", *PERIOD):
            cell = Cell(Dimension.UNIT, figure, key, Rounds.ALL, since)
            page = desk.findings(Query(when=when, cell=cell))
            assert page.total == len(page.rows) == getattr(group, figure) == desk.count("", when=when, cell=cell)
    assert desk.figures(Dimension.UNIT, "状态:逾期", when="#0").total.rate is None
    with pytest.raises(Rejected) as refused:
        desk.figures(Dimension.UNIT, when=since, since=when)
    assert refused.value.code == "when.order"


def test_rates_are_cut() -> None:
    from taizhang.service.figures import Counts

    counts = Counts("", "", total=3, countable=817, closed=513, to_rectify=3, rectified=2, returns=2)
    assert (counts.rate, counts.rectification_rate, counts.on_time_rate, counts.returns_each) == (62, 66, None, 0.66)


def test_what_changed_between_two_moments(desk: Desk) -> None:
    diff = desk.diff_list("2023-05-31", "2023-07-31")
    assert diff.left
    assert diff.changed
    assert not diff.entered
    assert all(row.light is Light.GREY for row in diff.left)
    number = diff.left[0].number
    fields = {change.field: change.new for change in desk.diff(number, "2023-05-31", "2023-07-31")}
    assert fields["state"] == "closed"
    assert desk.diff(number, "2023-07-31", "2023-07-31") == ()


def test_free_text_is_that_of_the_moment(desk: Desk) -> None:
    """The lead unit's name is found from the event that assigned the finding on, and not before."""
    assigned = next(entry for entry in desk.history("JZ-2023-006") if entry.topic == "finding.assigned.v1")
    word = desk.register().units[assigned.data.lead_unit].name
    before, after = f"#{assigned.index - 1}", f"#{assigned.index}"
    assert "JZ-2023-006" not in {row.number for row in desk.findings(Query(word, when=before)).rows}
    assert "JZ-2023-006" in {row.number for row in desk.findings(Query(word, when=after)).rows}
    assert "JZ-2023-006" in {row.number for row in desk.findings(Query(f"!{word}", when=before)).rows}


def test_the_worklist_names_what_is_called_for_and_who_may(desk: Desk) -> None:
    everything = desk.worklist()
    assert everything == tuple(sorted(everything, key=lambda todo: (todo.since, todo.number, todo.step)))
    assert {todo.number for todo in everything if todo.code == "todo.escalate"} == {
        row.number for row in desk.findings(Query("状态:逾期")).rows
    }
    for person in desk.register().people:
        for todo in desk.worklist(person):
            allowed = {o.transition.name for o in desk.offers(todo.number, person) if o.refusal is None}
            assert todo.step in allowed
    with pytest.raises(Rejected):
        desk.worklist("nobody")


def test_another_finding_that_is_named_must_exist(tmp_path: Path) -> None:
    make_demo(tmp_path / "ledger")
    desk = open_desk(tmp_path / "ledger")
    number = desk.findings(Query("状态:在办", limit=1)).rows[0].number
    for actor, command in (
        ("inspector", LinkFinding(number, "JZ-2023-999", LinkKind.RELATED)),
        ("leader", WithdrawFinding(number, "重复", "JZ-2023-999")),
    ):
        with pytest.raises(Rejected) as refused:
            desk.record(Order(command, actor, Via.CLI))
        assert refused.value.code == "finding.unknown"
    desk.record(Order(LinkFinding(number, "JZ-2023-012", LinkKind.RELATED), "inspector", Via.CLI))
    assert desk.finding(number).links[-1].other == "JZ-2023-012"
    desk.close()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_table_of_any_moment_filter_order_and_count_is_given_again(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    index = data.draw(st.integers(30, desk.index()))
    when = data.draw(st.sampled_from(["", f"#{index}", "2023-07-15"]))
    kind = data.draw(st.sampled_from([ExportKind.PROBLEMS, ExportKind.CLOSURE]))
    asked = data.draw(st.sampled_from(["", "状态:逾期", "轮次>1", "食堂", "-食堂", "light:red", "类别:作风"]))
    sort, descending = data.draw(st.sampled_from(Sort)), data.draw(st.booleans())
    cell = data.draw(
        st.none()
        | st.builds(
            Cell,
            st.sampled_from(Dimension),
            st.sampled_from(["total", "closed", "open", "overdue", "due", "new", "newly_closed"]),
            st.none(),
            st.sampled_from(Rounds),
            st.sampled_from(["", "#20"]),
        )
    )
    form = data.draw(st.sampled_from(["csv", "json"]))
    target = tmp_path_factory.mktemp("again") / f"t.{form}"
    query = Query(asked, sort=sort, descending=descending, when=when, cell=cell)
    rows = desk.export(kind, form, target, query, "zh")
    found = desk.cases().verify_export(target)
    assert (found.ok, found.rows, found.differences) == (True, rows, ())
    listed = desk.findings(Query(asked, sort=sort, descending=descending, when=when, cell=cell, limit=1000))
    assert rows == listed.total
