"""Owns the negotiation of an extension (延期): asked before it is due, granted or refused, never more than the policy says.

Pure. Source: docs/life.md.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from . import commands as c
from . import deadlines
from . import events as e
from .calendar import Calendar, DueRule
from .errors import Rejected
from .finding import Extension, Finding
from .policy import Policy
from .values import Deadline, FindingClass, checked_text

ExtensionCommand = c.RequestExtension | c.GrantExtension | c.RefuseExtension
ExtensionEvent = e.ExtensionRequested | e.ExtensionGranted | e.ExtensionRefused


def must_be_ready(command: type[c.FindingCommand], finding: Finding, on: date, policy: Policy) -> None:
    """Refuse what this finding is not ready for.

    Args:
        command: the kind of command; only those of an extension are looked at.
        on: the day on which it is asked.
        policy: says how many extensions a round may have.

    Raises:
        Rejected: ``extend.no-deadline``, ``extend.waiting``, ``extend.too-late``, ``extend.cap``, ``extend.none``.
    """
    number = finding.number
    if command in (c.GrantExtension, c.RefuseExtension) and finding.extension is None:
        raise Rejected("extend.none", number=number)
    if command is not c.RequestExtension:
        return
    if finding.due is None or finding.class_ is FindingClass.SUSTAINED:
        raise Rejected("extend.no-deadline", number=number)
    if finding.extension is not None:
        raise Rejected("extend.waiting", number=number, due=_iso(finding.extension.deadline.due))
    if on > finding.due:
        raise Rejected("extend.too-late", number=number, due=finding.due.isoformat(), on=on.isoformat())
    if finding.extensions >= policy.extensions:
        raise Rejected("extend.cap", number=number, granted=finding.extensions, cap=policy.extensions)


def decide(command: ExtensionCommand, finding: Finding, on: date, calendar: Calendar) -> ExtensionEvent:
    """Return what the command leads to; `must_be_ready` has been asked."""
    match command:
        case c.RequestExtension():
            deadline = _later(command.due, finding, on, calendar)
            reason = checked_text("reason", command.reason)
            return e.ExtensionRequested(deadline, reason, checked_text("progress", command.progress, required=False))
        case c.GrantExtension():
            asked = _waiting(finding).deadline
            deadline = asked if command.due is None else _later(command.due, finding, on, calendar)
            if asked.due is None or finding.due is None or deadline.due is None or deadline.due <= finding.due:
                raise Rejected(
                    "extend.not-later", number=finding.number, due=_iso(deadline.due), current=_iso(finding.due)
                )
            return e.ExtensionGranted(deadline, checked_text("reason", command.reason, required=False))
        case c.RefuseExtension():
            return e.ExtensionRefused(checked_text("reason", command.reason))
        case _:
            assert_never(command)


def _waiting(finding: Finding) -> Extension:
    if finding.extension is None:
        raise Rejected("extend.none", number=finding.number)
    return finding.extension


def _later(rule: DueRule, finding: Finding, on: date, calendar: Calendar) -> Deadline:
    """Return the new deadline: it must be later than the one in force. Days are counted from the day of asking."""
    deadline = deadlines.resolved(rule, on, calendar, finding)
    if deadline.due is None or finding.due is None or deadline.due <= finding.due:
        raise Rejected("extend.not-later", number=finding.number, due=_iso(deadline.due), current=_iso(finding.due))
    return deadline


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
