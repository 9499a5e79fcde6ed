"""Owns "as it stood then": how WHEN of the command line becomes a place in the log, and the day that it is judged by.

Knows the log only by what it must look up there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected


class Moment(Struct, frozen=True):
    """A place in the log and the day that colours are judged by there.

    Args:
        index: the last event that counts; -1 where there was none yet.
        today: that day, in the ledger's time zone.
    """

    index: int
    today: date


ALLOWED = ["2026-06-30", "2026-06-30T17:30", "#120"]
_INDEX = re.compile(r"[#＃]([0-9]{1,18})")


def moment_of(text: str, *, head: int, timezone: str, now: datetime, recorded_at: Callable[[int], str]) -> Moment:
    """Return the moment that people mean.

    Args:
        text: a day (to its end), a day and time (in the ledger's zone unless it names one), or ``#INDEX``.
        head: the index of the last event.
        timezone: the ledger's.
        now: the present moment.
        recorded_at: gives the recorded time of an event by its index.

    Raises:
        Rejected: ``when.malformed``, ``when.future``, ``when.no-event``.
    """
    zone, text = ZoneInfo(timezone), text.strip()
    if found := _INDEX.fullmatch(text):
        index = int(found[1])
        if index > head:
            raise Rejected("when.no-event", index=index, last=head)
        return Moment(index, datetime.fromisoformat(recorded_at(index)).astimezone(zone).date())
    try:
        if len(text) <= 10:
            day = date.fromisoformat(text)
            end = datetime.combine(day, time(), zone) + timedelta(days=1)
            if datetime.combine(day, time(), zone) > now:
                raise Rejected("when.future", value=text[:40])
            return Moment(_last_before(end, head, recorded_at), day)
        then = datetime.fromisoformat(text)
    except ValueError:
        raise Rejected("when.malformed", value=text[:40], allowed=ALLOWED) from None
    then = then if then.tzinfo else then.replace(tzinfo=zone)
    if then > now:
        raise Rejected("when.future", value=text[:40])
    return Moment(_last_before(then + timedelta(microseconds=1), head, recorded_at), then.astimezone(zone).date())


def _last_before(end: datetime, head: int, recorded_at: Callable[[int], str]) -> int:
    """Return the index of the last event recorded before `end`; recorded times never go back, so halving finds it."""
    limit = end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    low, high = -1, head
    while low < high:
        middle = (low + high + 1) // 2
        if recorded_at(middle) < limit:
            low = middle
        else:
            high = middle - 1
    return low
