"""Figures by dimension: what plain Python counts, and units count what lies below them; test_figures has the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.calendars import calendar_for
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light, yardstick
from taizhang.ledger.domain.policy import Policy
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import OPEN_STATES, FindingClass, State
from taizhang.projections import problems, registry
from taizhang.projections.cells import DIMENSIONS, Scale
from taizhang.projections.closure import Counts, tally
from taizhang.projections.filter import compiled
from taizhang.projections.problems import EVERYTHING, Where
from tests.projections.ledgers import Writer, built, followed, ledgers

BY = yardstick(date(2023, 5, 10), Policy(), calendar_for("cn"))
FILTERS = ("", "状态:在办", "财政", "!类别:作风 round:1")


def counted(findings: list[Finding]) -> Counts:
    """Count in plain Python, one finding after another."""
    gone = (State.WITHDRAWN, State.TRANSFERRED)
    countable = [f for f in findings if f.state not in gone and f.class_ is not FindingClass.SUSTAINED]
    return Counts(
        total=len(findings),
        countable=len(countable),
        closed=sum(f.state is State.CLOSED for f in countable),
        open=sum(f.state in OPEN_STATES for f in findings),
        overdue=sum(light(f, BY) is Light.RED for f in findings),
        due_soon=sum(light(f, BY) is Light.YELLOW for f in findings),
        awaiting=sum(f.state is State.AWAITING for f in findings),
        sustained=sum(f.class_ is FindingClass.SUSTAINED and f.state not in gone for f in findings),
        withdrawn=sum(f.state is State.WITHDRAWN for f in findings),
        transferred=sum(f.state is State.TRANSFERRED for f in findings),
    )


STANDING = (
    "total", "countable", "closed", "open", "overdue", "due_soon", "awaiting", "sustained", "withdrawn", "transferred",
)  # fmt: skip


def plain(counts: Counts) -> Counts:
    """Leave the counts of where findings stand; test_figures has the others."""
    return Counts(**{name: getattr(counts, name) for name in STANDING})


def keys_of(by: str, f: Finding, register: Register, logged_on: str) -> Iterator[str]:
    match by:
        case "unit":
            yield from register.lineage(f.lead_unit or None) if f.lead_unit else [""]
        case "class":
            yield f.class_ or ""
        case "month":
            yield logged_on[:7]
        case _:
            yield getattr(f, by)


@given(ledgers(), st.sampled_from(FILTERS))
def test_figures_are_those_of_plain_python(writer: Writer, text: str) -> None:
    file = built(writer.rows)
    register = registry.load(file)
    where = compiled(text, register, BY)
    findings = list(problems.findings(file, where))
    day_of = problems.days_in("Asia/Shanghai")
    for by in DIMENSIONS:
        found = tally(file, by, register, Scale(BY), where)
        groups: dict[str, list[Finding]] = {}
        for f in findings:
            for key in keys_of(by, f, register, day_of(f.logged_at)):
                groups.setdefault(key, []).append(f)
        assert {group.key: plain(group.counts) for group in found.groups} == {
            k: counted(fs) for k, fs in groups.items()
        }
        assert plain(found.total) == counted(findings)
        if by == "unit":
            own = {key: [f for f in fs if (f.lead_unit or "") == key] for key, fs in groups.items()}
            assert {group.key: plain(group.direct) for group in found.groups} == {
                k: counted(fs) for k, fs in own.items()
            }


def test_units_come_in_the_order_of_the_tree_and_the_unassigned_last() -> None:
    from taizhang.ledger.domain import events as e
    from taizhang.ledger.domain.values import Deadline

    writer = Writer()
    writer.register()
    for unit in ("yusuan", "jiaoyu", "yinhang"):
        stream = writer.log("JZ-2023")
        writer.put(stream, e.FindingAssigned(unit, FindingClass.PHASED, Deadline(date(2023, 5, 1)), "清零"))
    writer.log("JZ-2023")
    file = followed(writer.rows)
    found = tally(file, "unit", registry.load(file), Scale(BY))
    assert [(group.key, group.counts.total, group.direct.total) for group in found.groups] == [
        ("root", 2, 0),
        ("caizheng", 1, 0),
        ("yusuan", 1, 1),
        ("jiaoyu", 1, 1),
        ("yinhang", 1, 1),
        ("", 1, 1),
    ]


@pytest.mark.parametrize("by", sorted(DIMENSIONS))
def test_figures_of_everything_are_read_from_an_index(by: str) -> None:
    """Along an index: nothing sorted, no row looked up but by month, which is an expression."""
    asked: list[str] = []

    class Spy:
        def __init__(self, file: Any) -> None:
            self.file = file

        def execute(self, sql: str, parameters: Any = ()) -> Any:
            plan = self.file.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
            asked.extend(step[3] for step in plan)
            return self.file.execute(sql, parameters)

    where: Where = EVERYTHING
    tally(Spy(built([])), by, Register(), Scale(BY), where)  # type: ignore[arg-type]
    assert len(asked) == 1
    assert f"INDEX figures_{by}" in asked[0]
