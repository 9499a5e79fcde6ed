"""Owns drawing what is handed in from read models and log: rows, register and stamp all of the same event.

It must not know a store, nor a file format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from taizhang.ledger.domain.finding import Finding
from taizhang.locale.words import words_for
from taizhang.projections import listing, problems
from taizhang.projections.export import Stamp, write_table
from taizhang.projections.log import Connection

from .desk import ExportOptions, Query
from .past import Past, Scene

Progress = Callable[[int, int], None]
T = TypeVar("T")
Work = Callable[[Connection, problems.Where, "problems.Then | None"], T]


class Order(Struct, frozen=True):
    """What is to be drawn, and into which file."""

    kind: str
    format: str
    target: Path
    query: Query
    lang: str
    options: ExportOptions
    progress: Progress | None = None


def draw_table(
    order: Order,
    scene: Scene,
    root: str,
    now: datetime,
    past: Past,
    asked: Callable[[Work[int]], int],
) -> int:
    """Write a table of findings as of a scene; return how many rows it has.

    Args:
        order: which table, and where to.
        scene: the moment.
        root: root hash of the ledger there, hexadecimal.
        now: when it is drawn, in UTC.
        past: gives findings as they stood.
        asked: lets a piece of work query what the order's filter lets through.
    """
    query = order.query
    sort = f"{'-' if query.descending else ''}{query.sort}"
    stamp = Stamp(scene.index, now, scene.by.today, root, query.filter, sort, order.options.masked)

    def work(connection: Connection, where: problems.Where, then: problems.Then | None) -> int:
        by = problems.Order(query.sort)
        total = problems.count(connection, where, then) if order.progress else 0
        if then is None:
            found = problems.findings(connection, where, order=by, descending=query.descending)
        else:
            numbers = listing.numbers_then(connection, where, then, order=by, descending=query.descending)
            found = _as_they_stood(past, numbers, then.index)
        return write_table(
            order.kind,
            order.format,
            order.target,
            found,
            scene.register,
            words_for(order.lang),
            stamp,
            told=_told(order.progress, total),
        )

    return asked(work)


def _as_they_stood(past: Past, numbers: Iterator[str], index: int) -> Iterator[Finding]:
    for number in numbers:
        if (finding := past.finding(number, index)) is not None:
            yield finding


def _told(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    return (lambda done: progress(done, total)) if progress else None
