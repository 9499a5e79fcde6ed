"""Owns how an import is told in lines: the columns with their confidence, what becomes of every row, the imports so far.

Knows no widget; reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.locale.telling import doubt_text, value_text
from taizhang.locale.words import Lang, Words
from taizhang.service.imports import (
    FIELDS,
    Changes,
    ColumnSeen,
    Difference,
    Done,
    Imported,
    Outcome,
    Plan,
    RowSeen,
)

from .cells import shown
from .session import Session
from .widgets.options import Option

MOST = 500
"""So many rows are listed; of more, those that need somebody, and it is said."""

SIGNS = {
    Outcome.NEW: "+",
    Outcome.SAME: "=",
    Outcome.CHANGED: "≠",
    Outcome.REFUSED: "✗",
    Outcome.JOINED: "└",
    Outcome.SKIPPED: "·",
}
_QUIET = frozenset({Outcome.SAME, Outcome.JOINED, Outcome.SKIPPED})
BLANK = "skip.blank"


def columns(session: Session, plan: Plan) -> list[Option]:
    """Return the columns of every table; the id of one is its table and its place there."""
    words, found = session.words, list[Option]()
    for at, table in enumerate(plan.tables):
        header = words.joined(str(row) for row in table.header)
        sheet = table.sheet or "—"
        told = (
            words("cli.import.table-sideways", sheet=sheet, header=header)
            if table.sideways
            else words("cli.import.table", sheet=sheet, header=header)
        )
        year = words("cli.import.year", year=table.year) if table.year else ""
        found.append(Option(f"table-{at}", told, aside=year, head=True))
        for place, column in enumerate(table.columns):
            if column.field:
                sure = words("cli.import.by-hand") if column.by_hand else f"{column.confidence:.0%}"
                aside = f"{words(f'column.{column.field}')} · {sure}"
            else:
                aside = words("cli.import.unmapped")
            sign = "→" if column.field else "?"
            found.append(Option(f"{at}:{place}", f"{column.letter:>3} {column.heading}", aside=f"{sign} {aside}"))
    for sheet, reason in plan.passed:
        text = words("cli.import.passed", sheet=sheet, reason=words(reason))
        found.append(Option("", text, barred=True))
    return found


def column_at(plan: Plan, place: str) -> ColumnSeen | None:
    """Return the column that an option of `columns` is; None for none."""
    table, colon, at = place.partition(":")
    return plan.tables[int(table)].columns[int(at)] if colon else None


def said_of(plan: Plan, column: ColumnSeen) -> str:
    """Return what a mapping by hand calls a column: its heading, or its letter where several are headed so."""
    same = [other for table in plan.tables for other in table.columns if other.heading == column.heading]
    sideways = any(table.sideways for table in plan.tables)
    alone = len({other.letter for other in same}) == 1
    return column.heading if alone or sideways else column.letter


def fields(session: Session) -> list[Option]:
    """Return what a column can be taken as; the first is whatever the heading says."""
    words = session.words
    return [
        Option("", words("tui.import.automatic")),
        *(Option(field, words(f"column.{field}"), aside=field) for field in FIELDS),
    ]


def rows(session: Session, seen: Sequence[RowSeen]) -> list[Option]:
    """Return what becomes of the rows; those that are blank are only counted."""
    words = session.words
    shown_rows = [row for row in seen if not _blank(row)]
    blank, total = len(seen) - len(shown_rows), len(shown_rows)
    several = len({row.sheet for row in shown_rows}) > 1
    if total > MOST:
        needed = [row for row in shown_rows if row.outcome in (Outcome.REFUSED, Outcome.CHANGED)]
        shown_rows = (needed or shown_rows)[:MOST]
    found = [_row(session, row, at, several=several) for at, row in enumerate(shown_rows)]
    if len(shown_rows) < total:
        text = words("tui.import.cut", shown=len(shown_rows), total=total)
        found.insert(0, Option("cut", text, head=True))
    if blank:
        found.append(Option("blank", words("cli.import.blank", count=blank), barred=True))
    return found


def _blank(row: RowSeen) -> bool:
    return row.outcome is Outcome.SKIPPED and bool(row.doubts) and row.doubts[0].code == BLANK


def _row(session: Session, row: RowSeen, at: int, *, several: bool) -> Option:
    words = session.words
    place = (
        words("cli.import.row-of", sheet=row.sheet, row=row.row) if several else words("cli.import.row", row=row.row)
    )
    told = [doubt_text(doubt.code, doubt.cell, doubt.params, words) for doubt in row.doubts]
    told += [difference(session, each) for each in row.differences]
    title = f"{row.number}  {row.title}" if row.number else row.title
    return Option(
        row.number or f"row {at}",
        f"{SIGNS[row.outcome]} {words(f'outcome.{row.outcome}')} {place}",
        aside=shown(title) or " ",
        note="\n".join(each.replace("\n", "⏎") for each in told),
        barred=row.outcome in _QUIET and not row.number,
    )


def difference(session: Session, found: Difference) -> str:
    """Return what a row says otherwise than the ledger."""
    words = session.words
    old, new = (value_text(found.field, value, words, session.register) or "—" for value in (found.old, found.new))
    field = words.term("field", found.field)
    if found.amendable:
        return words("cli.import.differs", field=field, old=old, new=new)
    return words("cli.import.differs-step", field=field, old=old, new=new)


def earlier(session: Session, imports: Sequence[Imported]) -> list[Option]:
    """Return the imports so far."""
    words = session.words
    return [
        Option(
            one.batch,
            one.batch,
            aside=one.file,
            note=words(
                "tui.import.past", when=session.moment(one.recorded_at), by=session.person(one.actor),
                programme=one.programme, rows=one.rows, standing=one.standing,
            ),
            barred=not one.standing,
        )
        for one in imports
    ]  # fmt: skip


def sentences(words: Words, told: Sequence[str]) -> str:
    """Return sentences one after the other: Chinese ones need no blank between them."""
    return ("" if words.lang is Lang.ZH else " ").join(told)


def counted(session: Session, plan: Plan) -> str:
    """Return where the file goes and how many rows come to what."""
    words = session.words
    count = plan.count
    counts = words(
        "cli.import.counts", new=count(Outcome.NEW), same=count(Outcome.SAME), changed=count(Outcome.CHANGED),
        refused=count(Outcome.REFUSED), joined=count(Outcome.JOINED), skipped=count(Outcome.SKIPPED),
    )  # fmt: skip
    told = [words("tui.import.goes", file=plan.file, programme=plan.programme), counts]
    if plan.units:
        units = [unit.name for unit in plan.units]
        told.append(words("tui.import.units", count=len(units), units=units))
    return sentences(words, told)


def ready(session: Session, plan: Plan, changes: Changes) -> str:
    """Return what can be done now."""
    words, cap = session.words, session.keymap.cap
    changed = plan.count(Outcome.CHANGED)
    if changed and changes is Changes.ASK:
        return words("tui.import.ask", count=changed, changes=cap("import.changes"))
    told = []
    if changed:
        told.append(
            words("tui.import.apply", count=changed)
            if changes is Changes.APPLY
            else words("tui.import.keep", count=changed)
        )
    if plan.count(Outcome.NEW) or (changed and changes is Changes.APPLY):
        told.append(words("tui.import.ready", record=cap("import.record")))
    else:
        told.append(words("tui.import.nothing"))
    return sentences(words, told)


def recorded(session: Session, plan: Plan, done: Done) -> str:
    """Return what an import recorded."""
    words = session.words
    if not done.batch:
        return words("cli.import.nothing")
    return words(
        "tui.import.done", file=plan.file, count=done.recorded, amended=done.amended, units=len(done.units),
        batch=done.batch,
    )  # fmt: skip
