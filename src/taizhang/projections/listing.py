"""Owns lists that are not a filter's: the list behind a count, what became of the list between two moments, what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Yardstick
from taizhang.ledger.domain.register import Register

from . import cells, problems, spans
from .log import Connection
from .problems import Order, ProblemRow, Then, Where


class Cell(Protocol):
    """One count of the figures; see `service.figures.Cell`."""

    @property
    def by(self) -> str:
        """One of `cells.DIMENSIONS`."""

    @property
    def figure(self) -> str:
        """One of `cells.COUNTS`."""

    @property
    def key(self) -> str | None:
        """The group; None for the total."""

    @property
    def rounds(self) -> str:
        """One of `cells.Rounds`."""


def of_cell(where: Where, cell: Cell, register: Register, scale: cells.Scale) -> Where:
    """Return the condition of the findings that one count counts."""
    counted = Where(f"({cells.condition(cell.figure, scale)}) AND {cells.of_rounds(cells.Rounds(cell.rounds))}")
    if cell.key is not None:
        counted = cells.both(counted, cells.group(cell.by, cell.key, register))
    return cells.both(where, counted)


def difference(connection: Connection, where: Where, scale: cells.Scale) -> dict[str, list[ProblemRow]]:
    """Return what entered, left, changed or became overdue since the beginning of the scale's period.

    Every list shows the findings as they stand at the end of the period, in the order of the log.
    """
    since = scale.since
    if since is None:
        raise ValueError("a difference has a beginning")
    until = "" if scale.then is None else f"AND a.idx <= {scale.then.index}"
    open_then = f"""EXISTS (SELECT 1 FROM spans o WHERE o.id = p.id AND o.since <= {since.index}
      AND o.until > {since.index} AND o.stage < 4)"""
    new = cells.condition("new", scale)
    touched = f"p.id IN (SELECT a.problem FROM audit a WHERE a.idx > {since.index} {until})"
    conditions = {
        "entered": f"({new}) OR (p.stage < 4 AND {touched} AND NOT {open_then})",
        "left": f"p.stage >= 4 AND {touched} AND (({new}) OR {open_then})",
        "changed": f"NOT ({new}) AND {touched} AND (p.stage < 4) = {open_then}",
        "newly_overdue": cells.condition("newly_overdue", scale),
    }
    return {
        part: problems.page(connection, cells.both(where, Where(sql)), by=scale.by, then=scale.then)
        for part, sql in conditions.items()
    }


def numbers_then(
    connection: Connection, where: Where, then: Then, *, order: Order = Order.LOGGED, descending: bool = False
) -> Iterator[str]:
    """Yield the numbers of the findings that there were at a moment."""
    sql, parameters = problems.condition(where, then)
    ordered = problems.ordered_by(order, descending=descending)
    for (number,) in connection.execute(
        f"SELECT p.number FROM {spans.source(then.index)} WHERE {sql} ORDER BY {ordered}", parameters
    ):
        yield number


def waiting(connection: Connection, by: Yardstick) -> Iterator[Finding]:
    """Yield the findings that may call for something on the day: every one that does is among them."""
    today = by.today.isoformat()
    closed_by = (by.today - timedelta(days=by.policy.follow_up_after)).isoformat()
    sql = f"""p.stage IN (0, 1, 3) OR p.asks OR p.runs_to < '{today}' OR (p.stage = 2 AND p.class = 'sustained')
      OR (p.stage = 4 AND (p.followed = 'relapsed' OR (p.followed = '' AND p.closed_on <= '{closed_by}')))"""
    yield from problems.findings(connection, Where(sql))
