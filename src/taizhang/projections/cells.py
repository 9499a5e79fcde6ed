"""Owns what each figure means, as a condition on the list: the list behind a count is drawn by it.

`closure` counts the same along an index; a property test holds the two together.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.lights import Yardstick
from taizhang.ledger.domain.register import Register

from . import spans
from .problems import Then, Where
from .shape import CARRIED, VERIFIED

DIMENSIONS = {
    "unit": "p.lead_unit",
    "category": "p.category",
    "source": "p.source",
    "class": "p.class",
    "month": "substr(p.logged_on, 1, 7)",
    "programme": "p.programme",
}
"""By what figures can be grouped, and the column that says it."""


class Since(Struct, frozen=True):
    """Where a period begins: after that event; `by` is what colours were judged by then."""

    index: int
    by: Yardstick


class Scale(Struct, frozen=True):
    """What figures are judged by.

    Args:
        by: for colours.
        then: the moment; None for as it stands.
        since: the beginning of the period; None for the whole time.
    """

    by: Yardstick
    then: Then | None = None
    since: Since | None = None

    @property
    def source(self) -> str:
        """The rows that are counted, as SQL; they are called `p`."""
        return "problems p" if self.then is None else spans.source(self.then.index)


class Rounds(StrEnum):
    """Which rounds are counted."""

    ALL = ""
    FIRST = "first"
    LATER = "later"


_WITNESSED = f"NOT p.shape & {CARRIED}"
"""Not closed by the word of a sheet alone (期初转入), which is counted apart."""

_COUNTABLE = f"p.stage <= 4 AND p.class <> 'sustained' AND {_WITNESSED}"
_TO_RECTIFY = f"{_COUNTABLE} AND p.stage >= 1"
_STANDING = {
    "total": "TRUE",
    "countable": _COUNTABLE,
    "closed": f"{_COUNTABLE} AND p.stage = 4",
    "open": "p.stage < 4",
    "awaiting": "p.stage = 3",
    "verified": f"p.shape & {VERIFIED}",
    "to_rectify": _TO_RECTIFY,
    "rectified": f"{_TO_RECTIFY} AND (p.stage = 4 OR p.shape & {VERIFIED})",
    "carried_closed": f"p.shape & {CARRIED}",
    "sustained": f"p.stage <= 4 AND p.class = 'sustained' AND {_WITNESSED}",
    "withdrawn": "p.stage = 5",
    "transferred": "p.stage = 6",
    "reopened": "p.round > 1",
}
_TOPICS = {
    "newly_closed": catalogue.TOPICS[e.FindingClosed],
    "returned": catalogue.TOPICS[e.FindingReturned],
    "extended": catalogue.TOPICS[e.ExtensionGranted],
    "newly_reopened": catalogue.TOPICS[e.FindingReopened],
}
_NO_PROGRESS = tuple(catalogue.TOPICS[event] for event in (e.FindingCommented, e.FindingLinked, e.FindingAmended))
PERIOD = ("new", "newly_closed", "newly_overdue", "returned", "extended", "newly_reopened", "progressed")
"""Figures that only a period has."""

COUNTS = (*_STANDING, "overdue", "due_soon", "due", "on_time", *PERIOD)
"""Every figure that a list stands behind."""


def condition(figure: str, scale: Scale) -> str:
    """Return the condition on `p` of one of `COUNTS`."""
    if figure in _STANDING:
        return _STANDING[figure]
    today, soon = scale.by.today.isoformat(), scale.by.soon_until.isoformat()
    match figure:
        case "overdue":
            return f"p.runs_to < '{today}'"
        case "due_soon":
            return f"p.runs_to >= '{today}' AND (p.runs_to <= '{soon}' OR p.missed)"
        case "due":
            after = f" AND (p.due > '{scale.since.by.today.isoformat()}' OR p.stage < 4)" if scale.since else ""
            return f"{_COUNTABLE} AND p.due <= '{today}'{after}"
        case "on_time":
            return f"{condition('due', scale)} AND p.stage = 4 AND NOT p.closed_late"
        case _:
            return _in_period(figure, scale) if scale.since else "FALSE"


def _in_period(figure: str, scale: Scale) -> str:
    since = scale.since
    if since is None:
        return "FALSE"
    until = "" if scale.then is None else f"AND a.idx <= {scale.then.index}"
    match figure:
        case "new":
            return f"""p.id > coalesce((SELECT problem FROM audit WHERE idx <= {since.index} AND version = 1
              AND problem IS NOT NULL ORDER BY idx DESC LIMIT 1), 0)"""
        case "progressed":
            other = ", ".join(f"'{topic}'" for topic in _NO_PROGRESS)
            return f"""p.stage < 4 AND NOT ({_in_period("new", scale)}) AND p.id IN (SELECT a.problem FROM audit a
              WHERE a.idx > {since.index} {until} AND a.problem IS NOT NULL
              AND a.topic NOT IN (SELECT id FROM terms WHERE text IN ({other})))"""
        case "newly_overdue":
            return f"""p.runs_to < '{scale.by.today.isoformat()}' AND NOT EXISTS (SELECT 1 FROM spans o
              WHERE o.id = p.id AND o.since <= {since.index} AND o.until > {since.index}
              AND o.runs_to < '{since.by.today.isoformat()}')"""
        case _:
            return f"""p.id IN (SELECT a.problem FROM audit a WHERE a.idx > {since.index} {until}
              AND a.topic = (SELECT id FROM terms WHERE text = '{_TOPICS[figure]}'))"""


def group(by: str, key: str, register: Register) -> Where:
    """Return the condition of one group; of a unit, with what lies below it."""
    keys = sorted(register.below(key)) if by == "unit" and key in register.units else [key]
    return Where(f"{DIMENSIONS[by]} IN ({', '.join('?' * len(keys))})", tuple(keys))


def both(one: Where, other: Where) -> Where:
    """Return what lets through what both let through; only the first may ask the full-text index."""
    parts = [f"({part.sql})" for part in (one, other) if part.sql]
    return Where(" AND ".join(parts), one.parameters + other.parameters, one.match, one.misses)


def of_rounds(rounds: Rounds) -> str:
    """Return the condition of the rounds."""
    return {Rounds.ALL: "TRUE", Rounds.FIRST: "p.round = 1", Rounds.LATER: "p.round > 1"}[rounds]
