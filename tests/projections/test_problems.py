"""The list: every page of every order is a slice of the list sorted in plain Python; references are resolved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain import events as e
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain import values as v
from taizhang.ledger.domain.calendars import calendar_for
from taizhang.ledger.domain.catalogue import REGISTER_STREAM
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import light, yardstick
from taizhang.ledger.domain.policy import Policy
from taizhang.projections import problems, registry
from taizhang.projections.numbers import resolve
from taizhang.projections.problems import Order
from tests.projections.ledgers import Writer, built, followed, ledgers

TODAY = date(2023, 5, 10)
BY = yardstick(TODAY, Policy(), calendar_for("cn"))
STATES = list(v.State)

KEYS: dict[Order, Callable[[Finding], Any]] = {
    Order.LOGGED: lambda f: f.logged_at,
    Order.NUMBER: lambda f: (f.programme, int(f.number.rpartition("-")[2])),
    Order.CHANGED: lambda f: f.changed_at,
    Order.UNIT: lambda f: f.lead_unit,
    Order.STATUS: lambda f: STATES.index(f.state),
    Order.TITLE: lambda f: f.title[:8],
}


def plainly_sorted(findings: list[Finding], order: Order, *, descending: bool) -> list[Finding]:
    findings = sorted(findings, key=lambda f: f.logged_at, reverse=descending)
    if order is not Order.DUE:
        return sorted(findings, key=KEYS[order], reverse=descending)
    due = sorted((f for f in findings if f.due), key=lambda f: f.due or date.max, reverse=descending)
    return due + [f for f in findings if not f.due]


@given(ledgers(), st.sampled_from(Order), st.booleans(), st.integers(0, 12), st.none() | st.integers(0, 9))
def test_a_page_is_a_slice_of_the_sorted_list(
    writer: Writer, order: Order, descending: bool, offset: int, limit: int | None
) -> None:
    file = followed(writer.rows, range(0, len(writer.rows), 3))
    expected = plainly_sorted(list(writer.findings.values()), order, descending=descending)
    page = problems.page(file, order=order, descending=descending, offset=offset, limit=limit, by=BY)
    end = None if limit is None else offset + limit
    assert [row.number for row in page] == [f.number for f in expected[offset:end]]
    assert problems.count(file) == len(expected)
    wanted = {f.number: f for f in expected}
    register = registry.load(file)
    for row in page:
        f = wanted[row.number]
        assert (row.title, row.source, row.category, row.severity) == (f.title, f.source, f.category, f.severity)
        assert (row.status, row.class_, row.round, row.unit) == (f.state, f.class_, f.round, f.lead_unit)
        assert row.unit_name == (register.units[f.lead_unit].name if f.lead_unit else "")
        assert (row.due, row.original_due, row.found_on) == (f.due, f.original_due, f.found_on)
        assert (row.logged_at, row.closed_at, row.version) == (f.logged_at, f.closed_at or None, f.version)
        assert (row.responsible_person, row.programme) == (f.responsible_person, f.programme)
        assert row.light == light(f, BY)


def two_programmes() -> Writer:
    writer = Writer()
    writer.register()
    for _ in range(4):
        writer.log("JZ-2023")
    for _ in range(2):
        writer.log("XC-2024")
    return writer


def resolved(writer: Writer, reference: str) -> str:
    file = built(writer.rows)
    return resolve(file, reference, registry.load(file))


@pytest.mark.parametrize(
    ("reference", "number"),
    [("JZ-2023-004", "JZ-2023-004"), (" jz-2023-004 ", "JZ-2023-004"), ("4", "JZ-2023-004"), ("0003", "JZ-2023-003")],
)
def test_what_people_say_is_resolved(reference: str, number: str) -> None:
    assert resolved(two_programmes(), reference) == number


@pytest.mark.parametrize(
    "reference", ["JZ-2023-005", "5", "0", "", "甲", "-1", "²", "999999999", "JZ-2023-4", "x" * 500]
)
def test_what_nobody_logged_is_unknown(reference: str) -> None:
    with pytest.raises(Rejected) as refused:
        resolved(two_programmes(), reference)
    assert refused.value.code == "finding.unknown"


def test_an_ordinal_of_two_programmes_is_ambiguous_until_one_is_closed() -> None:
    writer = two_programmes()
    with pytest.raises(Rejected) as refused:
        resolved(writer, "2")
    assert (refused.value.code, refused.value.params["numbers"]) == (
        "finding.ambiguous",
        ["JZ-2023-002", "XC-2024-002"],
    )
    writer.put(REGISTER_STREAM, r.ProgrammeClosed("JZ-2023"))
    assert resolved(writer, "2") == "XC-2024-002"
    assert resolved(writer, "4") == "JZ-2023-004"


def test_days_are_those_of_the_ledgers_time_zone() -> None:
    day_of = problems.days_in("Asia/Shanghai")
    assert day_of("2023-04-30T15:59:59.999999Z") == "2023-04-30"
    assert day_of("2023-04-30T16:00:00.000000Z") == "2023-05-01"


def test_an_unknown_number_has_no_finding() -> None:
    assert problems.finding(built(two_programmes().rows), "JZ-2023-999") is None


def test_a_long_list_is_read_one_by_one() -> None:
    file = built(two_programmes().rows)
    rows = problems.rows(file, by=BY)
    assert next(rows).number == "JZ-2023-001"
    assert len(list(rows)) == 5


def test_a_sustained_finding_keeps_its_due_day_but_runs_to_none() -> None:
    writer = Writer()
    writer.register()
    stream = writer.log("JZ-2023")
    due = v.Deadline(date(2023, 1, 1))
    writer.put(stream, e.FindingAssigned("caizheng", v.FindingClass.SUSTAINED, due, "常态"))
    file = built(writer.rows)
    assert file.execute("SELECT due, runs_to FROM problems").fetchall() == [("2023-01-01", None)]
