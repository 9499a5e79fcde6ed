"""Owns what the weekly report is drawn from: counts of seven days and of the seven before, and the lists behind them.

Every number is asked of the desk, with the filter and the cell that open its list. It must not know a sentence nor a format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.lights import Yardstick

from .desk import Cell, Counts, Dimension, Figures, FindingRow, Page, Query, Sort
from .reading import UNKNOWN_THEN

DAYS = 7
NAMED = 5
"""So many findings are named in a sentence; all of them stand in the list behind the text."""


class Asked(Protocol):
    """The questions of a `Desk` that the report asks."""

    def figures(
        self,
        by: Dimension,
        filter: str = "",  # noqa: A002 - the word of the command line
        today: date | None = None,
        *,
        when: str = "",
        since: str = "",
    ) -> Figures:
        """Closure figures."""

    def findings(self, query: Query) -> Page:
        """A part of the problem list."""

    def yardstick(self, today: date | None = None, when: str = "") -> Yardstick:
        """What colours are judged by."""


class Count(Struct, frozen=True):
    """A number of the report, with the question whose list it counts.

    Args:
        query: opens the list.
        count: how many there are.
        rows: the first of them, or all.
    """

    query: Query
    count: int
    rows: tuple[FindingRow, ...]


class Weekly(Struct, frozen=True):
    """The facts of the report.

    Args:
        first: the first of the seven days.
        last: the day that it is drawn as of, the last of the seven.
        by: what colours are judged by on that day.
        this: figures by unit, as of that day and of its seven days.
        before: the same of the seven days before, as of their end.
        open_by_category: figures by category.
        counts: the numbers that a list stands behind, by name.
    """

    first: date
    last: date
    by: Yardstick
    this: Figures
    before: Figures
    open_by_category: Figures
    counts: dict[str, Count]

    @property
    def next_first(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)

    @property
    def next_last(self) -> date:
        """The last of the next seven days."""
        return self.last + timedelta(days=DAYS)


IN_THE_WEEK = ("new", "progressed", "newly_closed", "newly_overdue", "returned", "extended", "newly_reopened")
"""What the seven days brought, by the names of the figures."""

STANDING = ("awaiting", "verified")
FILTERED = {
    "overdue": "status:overdue",
    "due_soon": "status:due_soon",
    "logged": "status:logged",
    "assigned": "status:assigned",
}
LISTED_WHOLE = frozenset({"new", "newly_closed", "overdue"})
"""Of these all findings stand behind the text."""


def weekly(
    desk: Asked,
    filter: str,  # noqa: A002 - the word of the command line
    when: str,
    last: date,
    told: Callable[[int, int], None] | None = None,
) -> Weekly:
    """Return the facts of the seven days that end with `last`.

    Args:
        desk: who is asked.
        filter: only of the findings that it lets through.
        when: the moment, as ``#INDEX`` or in any way that people say it; every question names it, so that all answers are of it.
        last: the day of that moment.
        told: told how many of the questions are answered.
    """
    since = (last - timedelta(days=DAYS)).isoformat()
    earlier = (last - timedelta(days=2 * DAYS)).isoformat()
    base = Query(filter=filter, when=when, today=last)
    questions = {name: replace(base, cell=Cell(Dimension.UNIT, name, since=since)) for name in IN_THE_WEEK}
    questions |= {name: replace(base, cell=Cell(Dimension.UNIT, name)) for name in STANDING}
    questions |= {name: replace(base, filter=_and(filter, term), sort=Sort.DUE) for name, term in FILTERED.items()}
    week = f"status:open !class:sustained due>{last} due<={last + timedelta(days=DAYS)}"
    questions["due_next"] = replace(base, filter=_and(filter, week), sort=Sort.DUE)
    return Weekly(
        last - timedelta(days=DAYS - 1),
        last,
        desk.yardstick(last, when),
        desk.figures(Dimension.UNIT, filter, last, when=when, since=since),
        _before(desk, filter, since, earlier),
        desk.figures(Dimension.CATEGORY, filter, last, when=when),
        dict(_counted(desk, questions, told)),
    )


def _before(desk: Asked, filter: str, when: str, since: str) -> Figures:  # noqa: A002 - the word of the command line
    """Return the figures of the week before; none where the filter names what the ledger did not know yet."""
    try:
        return desk.figures(Dimension.UNIT, filter, when=when, since=since)
    except Rejected as refusal:
        if refusal.code not in UNKNOWN_THEN:
            raise
        return Figures(Dimension.UNIT, (), Counts("", ""), -1, date.fromisoformat(when), when=when, since=since)


def _and(filter: str, term: str) -> str:  # noqa: A002 - the word of the command line
    return f"{filter} {term}".strip()


def _counted(
    desk: Asked, questions: dict[str, Query], told: Callable[[int, int], None] | None
) -> Iterator[tuple[str, Count]]:
    for done, (name, query) in enumerate(questions.items(), 1):
        page = desk.findings(query if name in LISTED_WHOLE else replace(query, limit=NAMED))
        yield name, Count(query, page.total, page.rows)
        if told:
            told(done, len(questions))
