"""Owns the colour of a finding on a day, and why it has it: the one place that says whether it is overdue.

Pure. Policy and calendar are those in force at the moment that is looked at.
Source: docs/guide.md, "Deadlines, extensions, rounds".
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from .calendar import Calendar, ReviewDates, parse_due
from .finding import Finding
from .policy import DayKind, Policy
from .values import OPEN_STATES, FindingClass, State


class Light(StrEnum):
    """Red: overdue. Yellow: due soon, or missed and made up. Green: in time. Grey: ended."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"


class Yardstick(Struct, frozen=True):
    """What colours are judged by on one day.

    Args:
        today: the day.
        soon_until: the last due date that is "due soon" on that day.
        policy: the policy in force.
        calendar: the calendar in force.
    """

    today: date
    soon_until: date
    policy: Policy
    calendar: Calendar

    def days_between(self, start: date, end: date) -> int:
        """Return the days from one day to another, of the kind that the policy counts in; negative backwards."""
        if self.policy.days is DayKind.WORKING:
            return self.calendar.working_days_between(start, end)
        return (end - start).days


def yardstick(today: date, policy: Policy, calendar: Calendar) -> Yardstick:
    """Return what colours are judged by on `today`."""
    if policy.days is DayKind.WORKING:
        soon_until = calendar.add_working_days(today, policy.due_soon + 1) - timedelta(days=1)
    else:
        soon_until = today + timedelta(days=policy.due_soon)
    return Yardstick(today, soon_until, policy, calendar)


def light(finding: Finding, by: Yardstick) -> Light:
    """Return the colour of the finding; a sustained finding (长期坚持) is never overdue."""
    return light_of(finding.state, finding.class_, finding.due, by, missed=finding.missed)


def light_of(
    state: State, class_: FindingClass | None, due: date | None, by: Yardstick, *, missed: bool = False
) -> Light:
    """As `light`, from the facts that it rests on."""
    if state not in OPEN_STATES:
        return Light.GREY
    if due is None or class_ is FindingClass.SUSTAINED:
        return Light.GREEN
    if due < by.today:
        return Light.RED
    return Light.YELLOW if missed or due <= by.soon_until else Light.GREEN


class Reason(Struct, frozen=True):
    """One reason of a colour: a key of the catalogues (``why.…``) and what its sentence names."""

    code: str
    params: dict[str, Any] = {}


def why(finding: Finding, by: Yardstick) -> tuple[Reason, ...]:
    """Return why the finding has its colour: the decisive reason first, then deadline, rule, calendar, extensions."""
    return (_decisive(finding, by), *_deadline(finding))


def review_dates(f: Finding) -> tuple[date, ...]:
    """Return the review dates of a sustained finding, in order."""
    deadline = f.deadline
    if deadline is None:
        return ()
    if deadline.rule.startswith("review:"):
        rule = parse_due(deadline.rule)
        return rule.dates if isinstance(rule, ReviewDates) else ()
    return (deadline.due,) if deadline.due else ()


def _decisive(f: Finding, by: Yardstick) -> Reason:
    due = f.due
    if f.state not in OPEN_STATES:
        late = f.closed_late and f.state is State.CLOSED
        on = f.ended_on.isoformat() if f.ended_on else None
        return Reason("why.closed-late" if late else "why.ended", {"state": f.state, "on": on})
    if f.class_ is FindingClass.SUSTAINED:
        days = review_dates(f)
        coming = next((day for day in days if day >= by.today), None)
        if days and coming is None:
            return Reason("why.sustained-passed", {"review": days[-1].isoformat()})
        return Reason("why.sustained", {"review": coming.isoformat() if coming else None})
    if due is None:
        return Reason("why.no-deadline", {"state": f.state})
    kind = by.policy.days
    if due < by.today:
        return Reason("why.overdue", {"days": by.days_between(due, by.today), "kind": kind, "due": due.isoformat()})
    left = {"days": by.days_between(by.today, due), "kind": kind, "due": due.isoformat()}
    if due <= by.soon_until:
        return Reason("why.due-soon", {**left, "within": by.policy.due_soon})
    return Reason("why.missed", left) if f.missed else Reason("why.in-time", {**left, "within": by.policy.due_soon})


def _deadline(f: Finding) -> list[Reason]:
    found: list[Reason] = []
    deadline = f.deadline
    if deadline is None:
        return found
    if deadline.due is not None:
        start = deadline.start.isoformat() if deadline.start else None
        rule = {"rule": deadline.rule, "start": start, "due": deadline.due.isoformat(), "calendar": deadline.calendar}
        parsed = None if deadline.rule == "date" else parse_due(deadline.rule)
        if isinstance(parsed, ReviewDates):  # no calendar is asked, and nothing is counted
            found.append(Reason("why.by-reviews", {"days": [day.isoformat() for day in parsed.dates]}))
        else:
            found.append(Reason("why.by-date" if parsed is None else "why.by-rule", rule))
    if deadline.provisional:
        found.append(Reason("why.provisional", {"calendar": deadline.calendar}))
    original = f.original_deadline
    if original is not None and original.due is not None and original.due != deadline.due:
        found.append(Reason("why.original", {"due": original.due.isoformat()}))
    if f.extensions:
        found.append(Reason("why.extended", {"count": f.extensions}))
    if f.extension is not None and f.extension.deadline.due is not None:
        found.append(Reason("why.extension-waits", {"due": f.extension.deadline.due.isoformat()}))
    return found
