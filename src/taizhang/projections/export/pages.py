"""Owns how a table becomes a page: title, reporting line, headings, rows, signatures, and as of what it was drawn.

It must not know a file format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from taizhang.ledger.domain.finding import Finding

from .labels import Labels
from .page import Grid, Head, Page, Paper, Row
from .provenance import Provenance, token
from .tables import Column, Kind, Stamp, names_of

ORDINAL_WIDTH = 5
PAPER = {Kind.CLOSURE: Paper.A3}


def masked_stamp(stamp: Stamp, labels: Labels) -> Stamp:
    """Return the stamp as the file may say it: where names are masked, a filter that asks for one says it masked."""
    return replace(stamp, filter=str(labels.free(stamp.filter))) if labels.masked else stamp


def drawn(kind: Kind, labels: Labels, stamp: Stamp) -> str:
    """Return the line for `verify-export`; empty where it would name a person whose name is masked."""
    if masked_stamp(stamp, labels) != stamp:
        return ""
    return token(Provenance(kind, labels.words.lang, labels.register.origin, stamp))


def foot(labels: Labels, stamp: Stamp) -> tuple[str, ...]:
    """Return as of what it was drawn, in words."""
    words = labels.words
    lines = [
        words(
            "export.as-of",
            origin=labels.register.origin,
            index=stamp.index,
            moment=labels.local(stamp.moment),
            root=stamp.root,
        )
    ]
    if stamp.filter:
        lines.append(words("export.filter", filter=masked_stamp(stamp, labels).filter))
    if stamp.masked:
        lines.append(words("export.masked"))
    return tuple(lines)


def reporting(labels: Labels, stamp: Stamp) -> tuple[str, str]:
    """Return the line under the title: who reports (to be filled in where no one unit stands above all), as on which day."""
    words = labels.words
    roots = [unit.name for unit in labels.register.units.values() if unit.parent is None]
    return (
        words("export.reporting-unit", unit=roots[0] if len(roots) == 1 else words("export.to-fill-in")),
        words("export.cut-off", day=stamp.today.isoformat()),
    )


def page_of(
    kind: Kind,
    columns: tuple[Column, ...],
    rows: Iterable[Any],
    labels: Labels,
    stamp: Stamp,
    *,
    title: str = "",
) -> Page:
    """Return the page of a table.

    Args:
        kind: which table.
        columns: its columns; a serial number stands before them.
        rows: what the columns are drawn from; read once.
        title: its title; empty for that of the kind.
    """
    words = labels.words
    title = title or words(f"export.title.{kind}")
    return Page(
        title,
        words.lang,
        (grid_of(title, columns, rows, labels, grouped=kind is Kind.CLOSURE),),
        reporting(labels, stamp),
        words("export.signatures"),
        foot(labels, stamp),
        drawn(kind, labels, stamp),
        stamp.moment,
        PAPER.get(kind, Paper.A4),
    )


def grid_of(
    caption: str, columns: tuple[Column, ...], rows: Iterable[Any], labels: Labels, *, grouped: bool = False
) -> Grid:
    """Return the table of rows under columns; `grouped`: with the headings above the headings."""
    words = labels.words
    heads = (
        Head("ordinal", words("export.column.ordinal"), ORDINAL_WIDTH),
        *(
            Head(
                column.key,
                words(f"export.column.{column.key}"),
                column.width,
                words(f"export.group.{column.group}") if grouped and column.group else "",
            )
            for column in columns
        ),
    )
    tinted = next((at for at, column in enumerate(columns, 1) if column.tint), None)
    return Grid(caption, heads, _cells(columns, rows, labels), tinted)


def _cells(columns: tuple[Column, ...], rows: Iterable[Any], labels: Labels) -> Iterator[Row]:
    tint = next((column.tint for column in columns if column.tint), None)
    if labels.masked:
        for ordinal, row in enumerate(rows, 1):
            names = names_of(row) if isinstance(row, Finding) else ()
            texts = (column.text(row, labels, names) for column in columns)
            yield [ordinal, *texts], tint(row, labels) if tint else None
        return
    readers: list[Callable[[Any, Labels], Any]] = [column.shown or column.value for column in columns]
    for ordinal, row in enumerate(rows, 1):
        yield [ordinal, *[read(row, labels) for read in readers]], tint(row, labels) if tint else None
