"""Owns the columns of the problem list: which are shown at a width, how wide, and what stands in them. Pure."""

from __future__ import annotations

from msgspec import Struct
from rich.cells import cell_len
from rich.style import Style

from taizhang.locale.words import Lang
from taizhang.service.desk import FindingRow, Sort

from . import told
from .cells import fit, shown
from .pen import SIGNS
from .session import Session


class Column(Struct, frozen=True):
    """One column: its name and its cells, without the blank that parts it from the next."""

    name: str
    width: int


SORTED_BY: dict[Sort, str] = {
    Sort.LOGGED: "number",
    Sort.NUMBER: "number",
    Sort.STATUS: "status",
    Sort.TITLE: "title",
    Sort.UNIT: "unit",
    Sort.DUE: "due",
    Sort.CHANGED: "title",
}
"""Over which column an order shows its arrow."""

_WIDTHS: dict[Lang, dict[str, int]] = {
    Lang.ZH: {"status": 6, "due": 11, "unit": 14, "class": 10, "category": 14, "date": 10, "severity": 4, "light": 4},
    Lang.EN: {"status": 11, "due": 10, "unit": 14, "class": 10, "category": 14, "date": 10, "severity": 8, "light": 8},
}
_OPTIONAL: tuple[tuple[int, str], ...] = (
    (62, "unit"),
    (92, "date"),
    (106, "class"),
    (124, "category"),
    (150, "severity"),
)
_ORDER = ("number", "light", "status", "title", "unit", "category", "class", "severity", "date", "due")
_TITLE_LEAST = 16


def columns(width: int, lang: Lang, number: int, rows: tuple[FindingRow, ...] = ()) -> tuple[Column, ...]:
    """Return the columns that suit a width.

    Args:
        width: cells of the whole list.
        lang: the language, whose words need more room or less.
        number: cells of the longest number.
        rows: some rows of the list; a column need not be wider than what stands in it.
    """
    widths = _WIDTHS[lang]
    names = {"number", "light", "status", "title", "due"} | {name for least, name in _OPTIONAL if width >= least}
    sizes = {name: widths.get(name, 0) for name in names}
    sizes["number"] = max(6, min(number, 20))
    sizes["light"] = widths["light"] if width >= 92 else 1
    for name, least, most in (("unit", 4, 14 if width < 110 else 24), ("category", 8, 18)):
        if name in names and rows:
            longest = max(cell_len(shown(row.unit_name if name == "unit" else row.category)) for row in rows)
            sizes[name] = max(least, cell_len("责任单位") if name == "unit" else 0, min(longest, most))
    used = sum(sizes[name] + 1 for name in names if name != "title") + 2
    sizes["title"] = max(_TITLE_LEAST, width - used)
    return tuple(Column(name, sizes[name]) for name in _ORDER if name in names)


def cell(column: Column, row: FindingRow, session: Session) -> tuple[str, Style]:
    """Return the text of one cell, exactly as wide as its column, and its style."""
    pen, words = session.pen, session.words
    match column.name:
        case "number":
            text, style = row.number, pen.muted
        case "light":
            sign = SIGNS[row.light]
            text = sign if column.width == 1 else f"{sign} {words(f'tui.light.{row.light}')}"
            style = pen.light(row.light)
        case "status":
            text, style = words(f"tui.state.{row.status}"), pen.plain
        case "title":
            text, style = row.title, pen.strong if row.light == "red" else pen.plain
        case "unit":
            text, style = row.unit_name or "—", pen.plain if row.unit_name else pen.faint
        case "category":
            text, style = row.category or "—", pen.muted if row.category else pen.faint
        case "class":
            text, style = words.term("class", row.class_), pen.muted if row.class_ else pen.faint
        case "severity":
            text, style = words.term("severity", row.severity), pen.muted if row.severity else pen.faint
        case "date":
            text, style = row.due.isoformat() if row.due else "—", pen.muted if row.due else pen.faint
        case _:
            text = told.row_due(session, row)
            style = pen.faint if text == "—" else pen.light(row.light) if row.light != "green" else pen.muted
    return fit(shown(text), column.width, right=column.name == "due"), style


def heading(column: Column, sort: Sort, descending: bool, session: Session) -> str:
    """Return the heading of a column, with an arrow where the list is ordered by it."""
    name = session.words(f"tui.column.{column.name}") if column.width > 1 else ""
    arrow = ("↓" if descending else "↑") if SORTED_BY[sort] == column.name else ""
    return fit(f"{name}{arrow}", column.width, right=column.name == "due")
