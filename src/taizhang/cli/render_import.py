"""Owns how an import is drawn as text and as JSON: columns with their confidence, a line for every row, what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from taizhang.ledger.domain.errors import Refusal
from taizhang.locale.telling import value_text
from taizhang.service.imports import Changes, Difference, Done, Doubt, Imported, Outcome, Plan, RowSeen, TableSeen

from .app import App
from .output import Cell, Column, clipped, one_line, padded, table, width_of

SHOWN = 500
"""So many rows are shown to a person; of more, those that need one, and it is said."""

COLUMNS = (
    "ordinal", "number", "source", "category", "title", "criteria", "severity", "team", "found_on", "lead_unit",
    "cooperating_units", "accountable_leader", "responsible_person", "class", "assigned_on", "deadline",
    "revised_deadline", "original_deadline", "measures", "progress", "closure_criteria", "status", "is_closed", "is_done",
    "closed_on", "closed_by", "round", "extensions", "follow_up", "light", "notes", "detail", "ignore",
)  # fmt: skip
"""What a column can be, as mapping files and ``--column`` name it."""

_COLOURS = {
    Outcome.NEW: "green",
    Outcome.CHANGED: "yellow",
    Outcome.REFUSED: "red",
    Outcome.SAME: "grey",
    Outcome.JOINED: "grey",
    Outcome.SKIPPED: "grey",
}
_QUIET = frozenset({Outcome.SKIPPED, Outcome.JOINED})


def plan_lines(app: App, plan: Plan, done: Done | None) -> Iterator[str]:
    """Yield what was found and what comes of it."""
    words = app.words
    yield words("cli.import.file", file=one_line(plan.file), sha256=plan.sha256[:12], programme=plan.programme)
    for seen in plan.tables:
        yield ""
        yield from _table_lines(app, seen)
    for sheet, reason in plan.passed:
        yield words("cli.import.passed", sheet=one_line(sheet), reason=words(reason))
    rows = done.rows if done else plan.rows
    yield ""
    shown = [row for row in rows if row.outcome is not Outcome.SKIPPED or row.doubts[0].code != "skip.blank"]
    if len(shown) > SHOWN:
        shown = [row for row in shown if row.outcome in (Outcome.REFUSED, Outcome.CHANGED)][:SHOWN]
    yield from _row_lines(app, shown, several=len(plan.tables) > 1)
    blank = sum(row.outcome is Outcome.SKIPPED and row.doubts[0].code == "skip.blank" for row in rows)
    if blank:
        yield words("cli.import.blank", count=blank)
    if len(shown) + blank < len(rows):
        yield words("cli.import.cut", shown=len(shown), total=len(rows))
    if plan.units:
        yield ""
        yield words("cli.import.units", count=len(plan.units), units=[one_line(unit.name) for unit in plan.units])


def _table_lines(app: App, seen: TableSeen) -> Iterator[str]:
    words = app.words
    header = words.joined(str(row) for row in seen.header)
    key = "cli.import.table-sideways" if seen.sideways else "cli.import.table"
    yield words(key, sheet=one_line(seen.sheet) or "—", header=header)
    if seen.year:
        yield words("cli.import.year", year=seen.year)
    columns = [
        Column(words(f"cli.import.column.{name}"), flexible=name == "heading")
        for name in ("letter", "heading", "field", "sure")
    ]
    cells: list[list[str | Cell]] = []
    for column in seen.columns:
        if column.field:
            sure = words("cli.import.by-hand") if column.by_hand else f"{column.confidence:.0%}"
            cells.append([column.letter, one_line(column.heading), words(f"column.{column.field}"), sure])
        else:
            cells.append([column.letter, one_line(column.heading), Cell(words("cli.import.unmapped"), "yellow"), "—"])
    yield from table(columns, cells, width=app.console.width, coloured=app.console.coloured)


def _row_lines(app: App, rows: Sequence[RowSeen], *, several: bool) -> Iterator[str]:
    words, console = app.words, app.console
    wide = max(width_of(words(f"outcome.{outcome}")) for outcome in Outcome)
    for row in rows:
        place = (
            words("cli.import.row-of", sheet=one_line(row.sheet), row=row.row)
            if several
            else words("cli.import.row", row=row.row)
        )
        outcome = console.paint(padded(words(f"outcome.{row.outcome}"), wide), _COLOURS[row.outcome])
        told = [one_line(row.number)] if row.number else []
        if row.title and row.outcome not in _QUIET:
            told.append(clipped(row.title, 40))
        if row.outcome in _QUIET:
            told.append(" ".join([sentence(app, row.doubts[0]), clipped(row.title, 30)]).strip())
        yield "  ".join([place, outcome, *told]).rstrip()
        for doubt in row.doubts if row.outcome not in _QUIET else row.doubts[1:]:
            yield f"    {sentence(app, doubt)}"
        for difference in row.differences:
            yield f"    {_difference(app, difference)}"


def sentence(app: App, doubt: Doubt) -> str:
    """Return what a doubt says, its cell first."""
    params = dict(doubt.params)
    for name in ("field", "what"):
        if name in params:
            params[name] = app.words.term("field", params[name])
    said = app.words.refusal(Refusal(doubt.code, **params))
    return f"{doubt.cell}  {said}" if doubt.cell else said


def _difference(app: App, found: Difference) -> str:
    words = app.words
    field = words.term("field", found.field)
    old, new = (_said(found.field, value, app) or "—" for value in (found.old, found.new))
    return words("cli.import.differs" if found.amendable else "cli.import.differs-step", field=field, old=old, new=new)


def _said(field: str, value: Any, app: App) -> str:
    return one_line(value_text(field, value, app.words, app.register))


def closing_lines(app: App, plan: Plan, done: Done | None) -> Iterator[str]:
    """Yield the talk at the end: how many rows came to what, and what can be done now."""
    words = app.words
    counts = {outcome.value: plan.count(outcome) for outcome in Outcome}
    yield words("cli.import.counts", **counts)
    if done is None:
        if not (plan.wish.changes is Changes.ASK and counts["changed"]):
            yield words("cli.import.dry")
    elif done.batch:
        yield words(
            "cli.import.done", count=done.recorded, amended=done.amended, units=len(done.units), batch=done.batch
        )
    else:
        yield words("cli.import.nothing")
    unmapped = [column.heading for seen in plan.tables for column in seen.columns if not column.field]
    if unmapped:
        yield words("cli.import.unmapped-hint", headings=[one_line(heading) for heading in unmapped[:10]])
    if plan.wish.changes is Changes.KEEP and counts["changed"]:
        yield words("cli.import.kept", count=counts["changed"])


def earlier_lines(app: App, earlier: Iterable[Imported]) -> Iterator[str]:
    """Yield the imports that were recorded, as a table."""
    words = app.words
    names = ("batch", "when", "file", "programme", "rows", "standing", "by")
    columns = [
        Column(words(f"cli.import.list.{name}"), flexible=name == "file", right=name in ("rows", "standing"))
        for name in names
    ]
    cells = [
        (
            one.batch,
            app.moment(one.recorded_at),
            one_line(one.file),
            one.programme,
            str(one.rows),
            str(one.standing),
            one.actor,
        )
        for one in earlier
    ]
    yield from table(columns, cells, width=app.console.width, coloured=app.console.coloured)


def document(app: App, plan: Plan, done: Done | None) -> dict[str, Any]:
    """Return the JSON of an import or of a look at one: columns, counts, and every row."""
    rows = done.rows if done else plan.rows
    return {
        "file": plan.file,
        "sha256": plan.sha256,
        "programme": plan.programme,
        "dry_run": done is None,
        "batch": done.batch if done else "",
        "counts": {outcome.value: plan.count(outcome) for outcome in Outcome},
        "recorded": done.recorded if done else 0,
        "amended": done.amended if done else 0,
        "units": plan.units,
        "tables": plan.tables,
        "passed": [{"sheet": sheet, "reason": reason, "message": app.words(reason)} for sheet, reason in plan.passed],
        "rows": [_row_document(app, row) for row in rows],
    }


def _row_document(app: App, row: RowSeen) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "outcome": row.outcome,
        "title": row.title,
        "number": row.number,
        "doubts": [
            {"code": doubt.code, "cell": doubt.cell, "message": sentence(app, doubt), "params": doubt.params}
            for doubt in row.doubts
        ],
        "differences": row.differences,
        "claim": row.claim,
    }
