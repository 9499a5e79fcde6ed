"""A handful of findings in every state that a table shows differently, one of them hostile."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from taizhang.ledger.domain.finding import Finding, FollowedUp, Link, Measure, Round
from taizhang.ledger.domain.register import Person, Register, Unit
from taizhang.ledger.domain.values import Deadline, FindingClass, LinkKind, Progress, Result, Severity, State
from taizhang.projections.export import Stamp

TODAY = date(2026, 7, 1)
STAMP = Stamp(
    index=41, moment=datetime(2026, 7, 1, 1, 30, tzinfo=UTC), today=TODAY, root="ab" * 32, filter="单位:财政局"
)
REGISTER = Register(
    origin="jw.example",
    units={"fin": Unit("fin", "财政局"), "edu": Unit("edu", "教育局")},
    people={"app": Person("app", "审批己", frozenset())},
)


def _finding(number: str, title: str, state: State = State.LOGGED, **more: object) -> Finding:
    facts: dict[str, object] = {
        "number": number,
        "programme": "JY",
        "title": title,
        "source": "督查",
        "found_on": date(2026, 1, 5),
        "logged_at": "2026-01-05T01:00:00.000000Z",
        "logged_by": "ins",
        "state": state,
    }
    return Finding(**{**facts, **more})  # type: ignore[arg-type]


def _assigned(due: date | None, class_: FindingClass = FindingClass.TIME_BOUND) -> dict[str, object]:
    return {
        "lead_unit": "fin",
        "cooperating_units": ("edu", "gone"),
        "accountable_leader": "张局",
        "responsible_person": "李科",
        "class_": class_,
        "deadline": Deadline(due),
        "original_deadline": Deadline(due),
        "closure_criteria": "退赔到位",
        "assigned_on": date(2026, 1, 6),
        "category": "作风",
        "criteria": "八项规定",
        "severity": Severity.HIGH,
    }


MEASURES = (
    Measure("退赔", Progress.DONE, "已退赔", date(2026, 2, 1)),
    Measure("建章立制", Progress.NONE),
)

FINDINGS: tuple[Finding, ...] = (
    _finding("JY-001", "刚登记"),
    _finding("JY-002", "逾期", State.RECTIFYING, measures=MEASURES, returns=2, **_assigned(date(2026, 6, 30))),
    _finding("JY-003", "临期", State.AWAITING, measures=MEASURES, **_assigned(date(2026, 7, 22))),
    _finding("JY-004", "正常", State.ASSIGNED, **_assigned(date(2026, 7, 23))),
    _finding(
        "JY-005", "迟销", State.CLOSED, measures=MEASURES[:1], closed_at="2026-03-02T01:00:00.000000Z",
        closed_on=date(2026, 3, 2), closed_by="app", closed_late=True,
        follow_up=FollowedUp(Result.HOLDS, "未反弹", "ins", date(2026, 6, 1)), **_assigned(date(2026, 3, 1)),
    ),
    _finding("JY-006", "重复", State.WITHDRAWN, grounds="同一问题", duplicate_of="JY-001"),
    _finding("JY-007", "移交", State.TRANSFERRED, transferred_to="市纪委"),
    _finding(
        "JY-008", "=HYPERLINK(\"http://x\")", criteria="+1", category="-1", team="@SUM(A1)", source="＝1",
        responsible_person="正常\u202e文本", accountable_leader="a,\"b\"",
    ),
    _finding(
        "JY-009", "重开延期", State.RECTIFYING, round=2, extensions=1, missed=True, measures=MEASURES[1:],
        links=(Link("JY-001", LinkKind.SUCCESSOR_OF),),
        rounds=(
            Round(
                round=1, original_deadline=Deadline(date(2026, 3, 1)), deadline=Deadline(date(2026, 4, 1)),
                measures=MEASURES, evidence=(), verification=None, closed_at="2026-03-20T01:00:00.000000Z",
                closed_on=date(2026, 3, 20), closed_by="app", returns=1, extensions=1, late=False,
                reopened_on=date(2026, 5, 1),
            ),
        ),
        **{
            **_assigned(date(2026, 8, 31)),
            "deadline": Deadline(date(2027, 3, 31), "200d", date(2026, 5, 1), "cn/2026", provisional=True),
        },
    ),
)  # fmt: skip


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    return FINDINGS
