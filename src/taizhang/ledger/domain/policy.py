"""Owns the policy: how strict the rules are and when the ledger suggests what. It is an event each time it changes.

Pure values. A finding is judged by the policy in force at that moment, also when it is replayed years later.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct

from .errors import Rejected
from .values import FindingClass, Role


class DayKind(StrEnum):
    """Whether days left and days overdue are counted in working days or calendar days: one kind in every place."""

    WORKING = "working"
    CALENDAR = "calendar"


class Level(StrEnum):
    """The steps of escalation, mildest first: 提示函, 督办单, 约谈, 通报, 挂牌督办."""

    NOTICE = "notice"
    ORDER = "order"
    INTERVIEW = "interview"
    CIRCULAR = "circular"
    LISTING = "listing"


class Stage(Struct, frozen=True):
    """From how many days overdue the policy calls for a step of escalation."""

    level: Level
    overdue: int


class Policy(Struct, frozen=True, omit_defaults=True):
    """What a team decided.

    Args:
        calendar: which calendar gives working days (`calendars`).
        days: what days left and overdue are counted in.
        due_soon: a finding is yellow with so many days left, or fewer.
        single_signature: classes that the verifier's effective verification is enough for; the same person may close.
        extensions: how many extensions a round may be granted.
        stages: when escalation is suggested.
        follow_up_after: calendar days from closure to the follow-up (回头看) that is suggested.
        roles: for a command, the roles that may give it instead of those of the table.
    """

    calendar: str = "cn"
    days: DayKind = DayKind.WORKING
    due_soon: int = 15
    single_signature: tuple[FindingClass, ...] = ()
    extensions: int = 1
    stages: tuple[Stage, ...] = (
        Stage(Level.NOTICE, 1),
        Stage(Level.ORDER, 3),
        Stage(Level.INTERVIEW, 5),
        Stage(Level.CIRCULAR, 10),
        Stage(Level.LISTING, 20),
    )
    follow_up_after: int = 90
    roles: dict[str, tuple[Role, ...]] = {}


class PolicySet(Struct, frozen=True, omit_defaults=True):
    """The policy from now on; holds all of it."""

    policy: Policy


class CalendarAdopted(Struct, frozen=True, omit_defaults=True):
    """A calendar was brought in, or a new edition of one: it changes no deadline that an older one gave.

    `rows`: the whole of it, as `calendars.table` writes them.
    """

    rows: tuple[str, ...]


class SetPolicy(Struct, frozen=True, tag="policy-set"):
    """Set the policy, all of it."""

    policy: Policy


class AdoptCalendar(Struct, frozen=True, tag="calendar-adopt"):
    """Bring in a calendar, or a new edition, whole."""

    rows: tuple[str, ...]


class CorrectCalendar(Struct, frozen=True, tag="calendar-correct"):
    """Make a new edition of a calendar that is known.

    Args:
        id: the calendar.
        edition: the name of the new edition.
        off: days on which nobody works from now on.
        working: days on which people work from now on.
        published: years that are officially known now.
    """

    id: str
    edition: str
    off: tuple[date, ...] = ()
    working: tuple[date, ...] = ()
    published: tuple[int, ...] = ()


def checked_policy(policy: Policy, calendars: frozenset[str], commands: frozenset[str]) -> Policy:
    """Return the policy if it can be followed.

    Args:
        calendars: the calendars that are known.
        commands: the commands whose roles can be said otherwise.

    Raises:
        Rejected: ``policy.calendar``, ``policy.number``, ``policy.command``, ``policy.no-role``.
    """
    if policy.calendar not in calendars:
        raise Rejected("policy.calendar", calendar=policy.calendar, allowed=sorted(calendars))
    numbers = {"due_soon": policy.due_soon, "extensions": policy.extensions, "follow_up_after": policy.follow_up_after}
    numbers |= {f"stages.{stage.level}": stage.overdue for stage in policy.stages}
    for field, number in numbers.items():
        if not 0 <= number <= 3650:
            raise Rejected("policy.number", field=field, value=number, least=0, most=3650)
    for command, roles in policy.roles.items():
        if command not in commands:
            raise Rejected("policy.command", command=command, allowed=sorted(commands))
        if not roles:
            raise Rejected("policy.no-role", command=command, allowed=list(Role))
    return policy
