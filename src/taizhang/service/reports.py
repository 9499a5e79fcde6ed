"""Owns drawing what is no table of findings: the history of one, and the weekly report. Knows no store and no file format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from taizhang.ledger.domain.envelope import Entry
from taizhang.locale.words import words_for
from taizhang.projections.export import Format, Kind, Stamp, write_table
from taizhang.projections.export.history import persons_in
from taizhang.projections.export.pages import drawn, masked_stamp
from taizhang.projections.export.target import whole
from taizhang.projections.export.write import labels_of, write_page

from . import briefing, weekly
from .desk import ExportOptions, Query
from .past import Scene

NUMBER = "number="
"""Before the number of the finding, where the stamp of a list has its filter."""

Progress = Callable[[int, int], None]


class Order(Struct, frozen=True):
    """What is to be drawn, and into which file."""

    kind: str
    format: str
    target: Path
    query: Query
    lang: str
    options: ExportOptions
    progress: Progress | None = None


def draw_history(order: Order, scene: Scene, root: str, now: datetime, entries: Iterable[Entry[Any]]) -> int:
    """Write the history of the finding that the order names; return how many events it has."""
    number, words = order.options.number, words_for(order.lang)
    stamp = Stamp(scene.index, now, scene.by.today, root, f"{NUMBER}{number}", masked=order.options.masked)
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
        template=order.options.template,
        most=order.options.most,
        told=_told(order.progress, len(until)),
    )


def draw_weekly(order: Order, scene: Scene, root: str, now: datetime, desk: weekly.Asked) -> int:
    """Write the weekly report of the seven days that end with the scene; return how many findings it is about."""
    query = order.query
    stamp = Stamp(scene.index, now, scene.by.today, root, query.filter, masked=order.options.masked)
    labels = labels_of(scene.register, words_for(order.lang), stamp)
    facts = weekly.weekly(desk, query.filter, query.when or f"#{scene.index}", scene.by.today, order.progress)
    with whole(order.target) as path:
        if Format(order.format) is Format.JSON and order.options.template is None:
            document = {
                "kind": Kind.WEEKLY,
                "as_of": masked_stamp(stamp, labels),
                "drawn": drawn(Kind.WEEKLY, labels, stamp),
            }
            path.write_bytes(msgspec.json.encode({**document, **briefing.document(facts, labels)}))
        else:
            write_page(Format(order.format), path, briefing.page_of(facts, labels, stamp), order.options.template)
    return facts.this.total.total


def _told(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    return (lambda done: progress(done, total)) if progress else None
