"""Owns `figures`: the closure figures, each rate with both counts beside it. It must not know how they are counted."""

from __future__ import annotations

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import choice
from taizhang.cli.output import Column, one_line, table
from taizhang.service.desk import Counts, Dimension, Figures

_COUNTS = (
    "total",
    "open",
    "overdue",
    "due_soon",
    "awaiting",
    "verified",
    "sustained",
    "withdrawn",
    "transferred",
)

_RATES = (
    ("rectification", "rectified", "to_rectify", "rectification_rate"),
    ("closure", "closed", "countable", "rate"),
    ("on_time", "on_time", "due", "on_time_rate"),
)
_PERIOD = ("new", "newly_closed", "newly_overdue", "returned", "extended")
_CHANGED = ("total", "open", "overdue", "closed")


def figures(app: App) -> int:
    """Print the closure figures by a dimension, as they stand or stood; with `--since` what the period brought, too."""
    words, args = app.words, app.args
    by = choice(Dimension, "dimension", "--by", args.by or Dimension.UNIT, words)
    found = app.desk.figures(by, filter=" ".join(args.filter), when=args.as_of or "", since=args.since or "")
    if app.wants_json:
        app.data(json_out.figures(found))
        return 0
    counts = (*_COUNTS, "carried_closed") if found.total.carried_closed else _COUNTS
    columns = [
        Column(words.term("dimension", by), flexible=True),
        *(Column(words(f"figure.{name}"), right=True) for name in counts),
        *(Column(words(f"figure.rate.{name}"), right=True) for name, *_ in _RATES),
    ]
    rows = [_cells(group, _label(app, by, group), counts) for group in found.groups]
    rows.append(_cells(found.total, words("figure.sum"), counts))
    if found.later.total:
        rows.append(_cells(found.first, words("figure.first"), counts))
        rows.append(_cells(found.later, words("figure.later"), counts))
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    if found.since:
        app.console.line()
        _print_period(app, by, found)
    app.console.say(words("cli.figures-as-of", index=found.index, today=found.today))
    if by is Dimension.UNIT:
        app.console.say(words("cli.figures-units"))
    total = found.total
    if total.carried_closed:
        app.console.say(words("cli.figures-carried", count=total.carried_closed))
    app.console.say(
        words("cli.figures-each", returns=_average(total.returns_each), extensions=_average(total.extensions_each))
    )
    return 0


def _print_period(app: App, by: Dimension, found: Figures) -> None:
    """Print what the period brought, and by how much the counts moved since it began."""
    words = app.words
    columns = [
        Column(words("figure.period", since=found.since), flexible=True),
        *(Column(words(f"figure.{name}"), right=True) for name in _PERIOD),
        *(Column(words("figure.moved", name=words(f"figure.moved.{name}")), right=True) for name in _CHANGED),
    ]
    before = {group.key: group for group in found.before.groups} if found.before else {}
    rows = [_moved(group, before.get(group.key), _label(app, by, group)) for group in found.groups]
    rows.append(_moved(found.total, found.before.total if found.before else None, words("figure.sum")))
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))


def _moved(now: Counts, then: Counts | None, label: str) -> list[str]:
    new = [str(getattr(now, name)) for name in _PERIOD]
    moved = [getattr(now, name) - (getattr(then, name) if then else 0) for name in _CHANGED]
    return [label, *new, *(f"{count:+d}" if count else "0" for count in moved)]


def _label(app: App, by: Dimension, group: Counts) -> str:
    if not group.key:
        return app.words("figure.none")
    return app.words.term("class", group.key) if by is Dimension.CLASS else one_line(group.label or group.key)


def _cells(counts: Counts, label: str, names: tuple[str, ...]) -> list[str]:
    numbers = [str(getattr(counts, name)) for name in names]
    return [label, *numbers, *(_rate(counts, part, whole, rate) for _, part, whole, rate in _RATES)]


def _rate(counts: Counts, part: str, whole: str, rate: str) -> str:
    percent = getattr(counts, rate)
    shown = "—" if percent is None else f"{percent}%"
    return f"{getattr(counts, part)}/{getattr(counts, whole)} {shown}"


def _average(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"
