"""Owns how a rule becomes the deadline that an event keeps.

Pure. The calendar comes in with the command; what it gave stays, whatever it says later.
"""

from __future__ import annotations

from datetime import date

from .calendar import Calendar, DueRule, ReviewDates, resolve
from .errors import Rejected
from .finding import Finding
from .values import Deadline


def resolved(rule: DueRule, start: date, calendar: Calendar, finding: Finding, *, reviews: bool = False) -> Deadline:
    """Return the deadline that a rule gives from a day.

    Args:
        rule: a day, N working days, N calendar days, or review dates.
        start: the day that the rule counts from, itself not counted.
        calendar: the edition in force.
        finding: for the refusal.
        reviews: whether review dates are allowed: of a sustained finding alone.

    Raises:
        Rejected: ``assign.due-before``, ``due.reviews``.
    """
    if isinstance(rule, ReviewDates) and not reviews:
        raise Rejected("due.reviews", number=finding.number)
    found = resolve(rule, start, calendar)
    if found.due is not None and found.due < start:
        raise Rejected("assign.due-before", number=finding.number, due=found.due.isoformat(), on=start.isoformat())
    rule_text = "date" if found.due is not None and found.rule == found.due.isoformat() else found.rule
    return Deadline(found.due, rule_text, found.start, found.calendar, found.provisional)
