"""Owns drawing what is handed in from read models and log: rows, register and stamp all of the same event.

It must not know a store, nor a file format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.locale.words import words_for
from taizhang.projections import listing, problems
from taizhang.projections.export import Format, Kind, Stamp, write_table
from taizhang.projections.export.history import persons_in
from taizhang.projections.export.pages import drawn
from taizhang.projections.export.target import whole
from taizhang.projections.export.write import labels_of, write_page
from taizhang.projections.log import Connection

from . import briefing, weekly
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


def draw_history(order: Order, scene: Scene, root: str, now: datetime, entries: Iterable[Entry[Any]]) -> int:
    """Write the history of the finding that the order names; return how many events it has."""
    number, words = order.options.number, words_for(order.lang)
    stamp = Stamp(scene.index, now, scene.by.today, root, f"number={number}", masked=order.options.masked)
    until = [entry for entry in entries if entry.index <= scene.index]
    return write_table(
        order.kind,
        order.format,
        order.target,
        until,
        scene.register,
        words,
        stamp,
        title=words("export.title.history-of", number=number),
        names=persons_in(until),
        told=_told(order.progress, len(until)),
    )


def draw_weekly(order: Order, scene: Scene, root: str, now: datetime, desk: weekly.Asked) -> int:
    """Write the weekly report of the seven days that end with the scene; return how many findings it is about."""
    query = order.query
    stamp = Stamp(scene.index, now, scene.by.today, root, query.filter, masked=order.options.masked)
    labels = labels_of(scene.register, words_for(order.lang), stamp)
    facts = weekly.weekly(desk, query.filter, query.when or f"#{scene.index}", scene.by.today)
    with whole(order.target) as path:
        if Format(order.format) is Format.JSON:
            document = {"kind": Kind.WEEKLY, "as_of": stamp, "drawn": drawn(Kind.WEEKLY, labels, stamp)}
            path.write_bytes(msgspec.json.encode({**document, **briefing.document(facts, labels)}))
        else:
            write_page(Format(order.format), path, briefing.page_of(facts, labels, stamp))
    return facts.this.total.total


def _as_they_stood(past: Past, numbers: Iterator[str], index: int) -> Iterator[Finding]:
    for number in numbers:
        if (finding := past.finding(number, index)) is not None:
            yield finding


def _told(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    return (lambda done: progress(done, total)) if progress else None
