"""Owns the colour of a finding on a day: the one place that says whether it is overdue.

Pure. Source: domain.md, "Deadlines".
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from .finding import Finding
from .values import OPEN_STATES, FindingClass, State

DUE_SOON_DAYS = 7


class Light(StrEnum):
    """Red: overdue. Yellow: due soon. Green: in time. Grey: ended."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"


def light(finding: Finding, today: date) -> Light:
    """Return the colour of the finding on `today`; a sustained finding (长期坚持) is never overdue."""
    return light_of(finding.state, finding.class_, finding.due, today)


def light_of(state: State, class_: FindingClass | None, due: date | None, today: date) -> Light:
    """As `light`, from the three facts that it rests on."""
    if state not in OPEN_STATES:
        return Light.GREY
    if due is None or class_ is FindingClass.SUSTAINED:
        return Light.GREEN
    if due < today:
        return Light.RED
    return Light.YELLOW if due - today <= timedelta(days=DUE_SOON_DAYS) else Light.GREEN
