"""Owns the closure figures as front ends see them: counts, rates, and which list stands behind a count.

Values alone.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Dimension(StrEnum):
    """By what figures are grouped."""

    UNIT = "unit"
    CATEGORY = "category"
    SOURCE = "source"
    CLASS = "class"
    MONTH = "month"
    PROGRAMME = "programme"


class Rounds(StrEnum):
    """Which rounds are counted."""

    ALL = ""
    FIRST = "first"
    LATER = "later"


class Cell(Struct, frozen=True):
    """One count of the figures, so that the list behind it can be opened (`Query.cell`).

    Args:
        by: how the figures were grouped.
        figure: the name of a count in `Counts` (not `returns` and `extensions`, which are sums).
        key: the group; None for the total.
        rounds: of the first round alone, or of later ones.
        since: the beginning of the period, as it was given for the figures.
    """

    by: Dimension
    figure: str
    key: str | None = None
    rounds: Rounds = Rounds.ALL
    since: str = ""


class Counts(Struct, frozen=True):
    """Closure figures of one group. Each count equals the list that its cell opens.

    Args:
        key: the group (unit id, category …; empty for "not yet given" and for the total).
        label: the group's name as people know it.
        total: findings in the group.
        countable: total less sustained, withdrawn, transferred and carried_closed: the denominator of the closure rate.
        closed: closed, out of `countable`: its numerator.
        open: not ended.
        overdue: red on the day.
        due_soon: yellow on the day.
        awaiting: waiting for verification or, after it, for the approval.
        carried_closed: 期初转入: closed by the word of a sheet alone, which this ledger did not witness; in no rate.
        sustained: 长期坚持, never in a rate.
        withdrawn: withdrawn.
        transferred: transferred.
        verified: 验收: found effective, not yet struck off.
        to_rectify: 应整改: handed to a unit, out of `countable`: the denominator of the rectification rate.
        rectified: closed or verified, out of `to_rectify`: its numerator.
        due: due by the day (of a period: in it, or still open and overdue), out of `countable`.
        on_time: closed by its deadline, out of `due`.
        reopened: in their second round or a later one.
        returns: how often they were sent back, in all rounds: a sum.
        extensions: how many extensions they were granted, in all rounds: a sum.
        new: logged in the period.
        newly_closed: closed in the period.
        newly_overdue: red on the day, and not at the beginning of the period.
        returned: sent back in the period.
        extended: granted an extension in the period.
        newly_reopened: opened again in the period.
        progressed: there before the period and still open, with a step in it (comments, links and corrections aside).
    """

    key: str
    label: str
    total: int = 0
    countable: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    awaiting: int = 0
    carried_closed: int = 0
    sustained: int = 0
    withdrawn: int = 0
    transferred: int = 0
    verified: int = 0
    to_rectify: int = 0
    rectified: int = 0
    due: int = 0
    on_time: int = 0
    reopened: int = 0
    returns: int = 0
    extensions: int = 0
    new: int = 0
    newly_closed: int = 0
    newly_overdue: int = 0
    returned: int = 0
    extended: int = 0
    newly_reopened: int = 0
    progressed: int = 0

    @property
    def rate(self) -> int | None:
        """Closure rate (销号率) in whole percent, cut and not rounded; None where nothing can be counted."""
        return _percent(self.closed, self.countable)

    @property
    def rectification_rate(self) -> int | None:
        """Rectification rate (整改率), likewise."""
        return _percent(self.rectified, self.to_rectify)

    @property
    def on_time_rate(self) -> int | None:
        """On-time rate (按期完成率), likewise."""
        return _percent(self.on_time, self.due)

    @property
    def returns_each(self) -> float | None:
        """Average returns a finding, cut after two decimals; None where there is none."""
        return self.returns * 100 // self.total / 100 if self.total else None

    @property
    def extensions_each(self) -> float | None:
        """Average extensions a finding, likewise."""
        return self.extensions * 100 // self.total / 100 if self.total else None


class Figures(Struct, frozen=True):
    """Closure figures by a dimension, with their total, as of an event and a day.

    Args:
        by: how they are grouped.
        groups: one each.
        total: of all.
        index: the last event that they know.
        today: the day that they are judged by.
        first: of all in their first round.
        later: of all in a later round.
        when: the moment that was asked for; empty for as it stands.
        since: the beginning of the period; empty for none.
        before: the figures as they stood at the beginning of the period; None for none.
    """

    by: Dimension
    groups: tuple[Counts, ...]
    total: Counts
    index: int
    today: date
    first: Counts = Counts("", "")
    later: Counts = Counts("", "")
    when: str = ""
    since: str = ""
    before: Figures | None = None


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None
