"""Owns what the policy calls for on a day: suggestions. The ledger never acts; a person decides, and the deed is the event.

Pure. The stages and days are the policy's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from .finding import Finding
from .lights import Yardstick, review_dates
from .policy import Level
from .values import Conclusion, FindingClass, Result, State

_ORDER = list(Level)


class Suggestion(Struct, frozen=True):
    """One thing to do.

    Args:
        code: key of the catalogues (``todo.…``).
        number: the finding.
        step: the word of the command that would do it.
        since: the day since when it is called for.
        params: what the sentence names.
    """

    code: str
    number: str
    step: str
    since: date
    params: dict[str, Any] = {}


def suggestions(f: Finding, by: Yardstick) -> Iterator[Suggestion]:
    """Yield what the finding calls for on the day of the yardstick."""
    match f.state:
        case State.LOGGED:
            if since := f.found_on or (f.carried.on if f.carried else None):
                yield Suggestion("todo.assign", f.number, "assign", since)
        case State.ASSIGNED:
            if f.assigned_on:
                yield Suggestion("todo.acknowledge", f.number, "acknowledge", f.assigned_on)
        case State.AWAITING:
            yield from _awaiting(f)
        case State.CLOSED:
            yield from _closed(f, by)
        case _:
            pass
    if f.extension is not None:
        yield Suggestion("todo.extension", f.number, "grant", f.extension.on, {"due": _iso(f.extension.deadline.due)})
    if f.state in (State.ASSIGNED, State.RECTIFYING, State.AWAITING):
        yield from _overdue(f, by)
    if f.state is State.RECTIFYING:
        yield from _review(f, by)


def _awaiting(f: Finding) -> Iterator[Suggestion]:
    if f.verification is None:
        if since := f.request.on if f.request else (f.carried.on if f.carried else None):
            yield Suggestion("todo.verify", f.number, "verify", since)
    elif f.verification.conclusion is Conclusion.EFFECTIVE:
        yield Suggestion("todo.close", f.number, "close", f.verification.on)
    else:
        yield Suggestion("todo.return", f.number, "return", f.verification.on)


def _closed(f: Finding, by: Yardstick) -> Iterator[Suggestion]:
    if f.follow_up is not None:
        if f.follow_up.result is Result.RELAPSED:
            yield Suggestion("todo.reopen", f.number, "reopen", f.follow_up.on)
    elif f.closed_on is not None:
        since = f.closed_on + timedelta(days=by.policy.follow_up_after)
        if since <= by.today:
            yield Suggestion("todo.follow-up", f.number, "follow-up", since, {"closed_on": _iso(f.closed_on)})


def _overdue(f: Finding, by: Yardstick) -> Iterator[Suggestion]:
    """The sternest stage that the days overdue call for and that was not yet taken since the deadline passed."""
    due = f.due
    if due is None or f.class_ is FindingClass.SUSTAINED or due >= by.today:
        return
    days = by.days_between(due, by.today)
    reached = [stage for stage in by.policy.stages if days >= stage.overdue]
    if not reached:
        return
    called_for = max(reached, key=lambda stage: _ORDER.index(stage.level))
    taken = [_ORDER.index(step.level) for step in f.escalations if step.on > due]
    if max(taken, default=-1) < _ORDER.index(called_for.level):
        step = "list-publicly" if called_for.level is Level.LISTING else "remind"
        params = {"level": called_for.level, "days": days, "kind": by.policy.days}
        yield Suggestion("todo.escalate", f.number, step, due + timedelta(days=1), params)


def _review(f: Finding, by: Yardstick) -> Iterator[Suggestion]:
    """A sustained finding whose review date has come without a report since."""
    if f.class_ is not FindingClass.SUSTAINED or f.deadline is None:
        return
    last = max((measure.reported_on for measure in f.measures if measure.reported_on), default=date.min)
    come = [day for day in review_dates(f) if day <= by.today]
    if come and last < come[-1]:
        yield Suggestion("todo.review", f.number, "act", come[-1], {"on": come[-1].isoformat()})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
