"""Owns `figures`: the closure figures, each rate with both counts beside it. It must not know how they are counted."""

from __future__ import annotations

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import choice
from taizhang.cli.output import Column, one_line, table
from taizhang.service.desk import Counts, Dimension

_COUNTS = ("total", "open", "overdue", "due_soon", "awaiting", "sustained", "withdrawn", "transferred")


def figures(app: App) -> int:
    """Print the closure figures by a dimension."""
    words = app.words
    by = choice(Dimension, "dimension", "--by", app.args.by or Dimension.UNIT, words)
    found = app.desk.figures(by, filter=" ".join(app.args.filter))
    if app.wants_json:
        app.data(json_out.figures(found))
        return 0
    columns = [
        Column(words.term("dimension", by), flexible=True),
        *(Column(words(f"figure.{name}"), right=True) for name in _COUNTS),
        Column(words("figure.closed"), right=True),
        Column(words("figure.rate"), right=True),
    ]
    rows = [_cells(group, _label(app, by, group)) for group in found.groups]
    rows.append(_cells(found.total, words("figure.sum")))
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    app.console.say(words("cli.figures-as-of", index=found.index, today=found.today))
    if by is Dimension.UNIT:
        app.console.say(words("cli.figures-units"))
    return 0


def _label(app: App, by: Dimension, group: Counts) -> str:
    if not group.key:
        return app.words("figure.none")
    return app.words.term("class", group.key) if by is Dimension.CLASS else one_line(group.label or group.key)


def _cells(counts: Counts, label: str) -> list[str]:
    rate = "—" if counts.rate is None else f"{counts.rate}%"
    numbers = [str(getattr(counts, name)) for name in _COUNTS]
    return [label, *numbers, f"{counts.closed}/{counts.countable}", rate]
