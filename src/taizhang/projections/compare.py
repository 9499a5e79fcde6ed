"""Owns the question whether the read models are what the log gives: built afresh elsewhere and compared row by row.

Not the rows alone: an index that was edited hides rows from a list, a trigger waits for the next event, and what a search
finds stands in an index of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from .log import Connect, Connection, Log
from .runner import Views
from .schema import NAMES, is_of_this_version

_SCHEMA = "SELECT name, type, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
_PRIME = 2_147_483_647
_SIZES = "SELECT id, sz FROM search_docsize ORDER BY id"
_TERMS = "SELECT term, col, doc, cnt FROM temp.searched_terms"


def _places() -> str:
    """Return the query for where every term stands, folded into one number a term.

    To read every place takes minutes. So each is turned into a number, by factors that nobody knows before the check
    runs, and the cubes of these are added up, modulo a prime: other places give another sum.
    """
    by_doc, by_offset, by_column, shift = (secrets.randbelow(_PRIME - 1) + 1 for _ in range(4))
    place = f"((doc % {_PRIME}) * {by_doc} % {_PRIME} + offset * {by_offset} % {_PRIME} + unicode(col) * {by_column} + {shift}) % {_PRIME}"
    return (
        f"SELECT term, count(*), sum(place * place % {_PRIME} * place % {_PRIME}) FROM "
        f"(SELECT term, {place} AS place FROM temp.searched_places) GROUP BY term"
    )


def differences(views: Views, log: Log, connect: Connect, error: type[Exception], scratch: Path) -> list[str]:
    """Return the tables, indexes and triggers of `views` that a fresh build from the log does not give again.

    Args:
        views: the read models in force; they are brought up to the log first.
        log: the events.
        connect: opens an SQLite file.
        error: the base class of that driver's errors.
        scratch: an empty folder, for the fresh build.
    """
    fresh = Views(scratch, connect, error)
    try:
        fresh.rebuild(log)
        with views.reading() as ours, fresh.reading() as expected:
            # whoever follows the log would build afresh what is found here, and what an earlier program made
            strange = sorted(_schema(ours, expected)) if is_of_this_version(ours) else []
        if strange:
            return strange
        views.catch_up(log)
        with views.reading() as ours, fresh.reading() as expected:
            return sorted({*_rows_that_differ(ours, expected), *_damaged(ours)})
    except (error, UnicodeDecodeError) as wrong:  # so damaged, or so edited, that it cannot even be read
        return [str(wrong)]
    finally:
        fresh.close()


def _schema(ours: Connection, expected: Connection) -> Iterator[str]:
    """Yield the names of what one of the two files does not hold, or holds otherwise."""
    held, wanted = ({row[0]: row for row in connection.execute(_SCHEMA)} for connection in (ours, expected))
    yield from (name for name in held.keys() | wanted.keys() if held.get(name) != wanted.get(name))


def _rows_that_differ(ours: Connection, expected: Connection) -> Iterator[str]:
    found = expected.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    for table in sorted(name for (name,) in found if name in NAMES):
        if _differs(f"SELECT * FROM {table} ORDER BY 1, 2", ours, expected):
            yield table
    _let_search_be_read(ours, expected)
    if any(_differs(query, ours, expected) for query in (_SIZES, _TERMS, _places())):
        yield "search"


def _let_search_be_read(*connections: Connection) -> None:
    """Make visible what a search reads: the inner tables themselves depend on how the index was merged."""
    for connection in connections:
        for name, kind in (("terms", "col"), ("places", "instance")):
            connection.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.searched_{name} USING fts5vocab ('main', 'search', '{kind}')"
            )


def _damaged(connection: Connection) -> Iterator[str]:
    """Yield what SQLite's own check says of rows that an index does not lead to, and of the rest of the file."""
    yield from (line for (line,) in connection.execute("PRAGMA integrity_check(1)") if line != "ok")


def _differs(query: str, ours: Connection, expected: Connection) -> bool:
    return any(a != b for a, b in zip_longest(ours.execute(query), expected.execute(query)))
