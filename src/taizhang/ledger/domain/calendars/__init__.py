"""Owns which calendars the program brings along; any other comes in as rows (`table.calendar_from_rows`).

It must not know where a team keeps its own rows: whoever reads them hands the calendars in.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.errors import Rejected

WEEKENDS_ONLY = Calendar(id="none", edition="1", published=None)
SHIPPED = ("cn", WEEKENDS_ONLY.id)


def calendar_for(id: str, others: Iterable[Calendar] = ()) -> Calendar:  # noqa: A002  a calendar's id is called id
    """Return the calendar with this id: one of the `others`, or one that the program brings along.

    Args:
        id: ``cn`` for China, ``none`` for weekends alone, or the id of one of the others.
        others: calendars of the ledger; they go before those of the program, the last of them first.

    Raises:
        Rejected: ``calendar.unknown``, naming those that there are.
    """
    known = {calendar.id: calendar for calendar in others}
    if id in known:
        return known[id]
    if id in SHIPPED:
        return _shipped(id)
    raise Rejected("calendar.unknown", value=id, allowed=sorted({*known, *SHIPPED}))


@cache
def _shipped(id: str) -> Calendar:  # noqa: A002
    if id == WEEKENDS_ONLY.id:
        return WEEKENDS_ONLY
    # the tables are read when somebody asks for one: a start that counts no days does not pay for them
    from .cn import ROWS
    from .table import calendar_from_rows

    return calendar_from_rows(ROWS.splitlines())
