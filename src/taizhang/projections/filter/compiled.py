"""Owns the way from a filter to a condition on the problem list. Colours are judged as `lights.light_of` judges them.

Every condition is true or false and never NULL, so that the negation of a term lets through exactly the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, assert_never

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.lights import DUE_SOON_DAYS, Light
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import OPEN_STATES, State
from taizhang.projections import pinyin, search
from taizhang.projections.problems import STAGES, Where

from . import tree
from .fields import BY_KEY, Kind
from .parser import parsed

WorkingDay = Callable[[date, int], date]
"""Gives the working day that lies so many working days after (or, below zero, before) a day."""

_Sql = tuple[str, tuple[Any, ...]]

_SEARCHED = frozenset({"title", "source", "category", "person"})
_IDEOGRAPHS = ("\u3400", "\u9fff")
"""Characters that no normal form changes, so that the search finds at least what `instr` does."""

_OPEN = tuple(sorted(STAGES[state] for state in OPEN_STATES))
_IS_OPEN = f"p.stage IN ({', '.join(map(str, _OPEN))})"


class _Asked(Struct, frozen=True):
    """By what a filter is judged."""

    register: Register
    today: date
    working_day: WorkingDay | None

    @property
    def soon(self) -> str:
        """The last day that is due soon."""
        return (self.today + timedelta(days=DUE_SOON_DAYS)).isoformat()


def compiled(text: str | tree.Filter, register: Register, today: date, working_day: WorkingDay | None = None) -> Where:
    """Return the condition that a filter stands for.

    Args:
        text: the filter, or its tree.
        register: for the names of units and programmes, and the tree of units.
        today: the day that colours and days left are judged by.
        working_day: counts working days; without it they are refused.

    Raises:
        Rejected: ``filter.…``, as `parsed`, and for a unit or programme that is not in the register.
    """
    asked = _Asked(register, today, working_day)
    matches: list[str] = []
    conditions: list[_Sql] = []
    for term in (parsed(text) if isinstance(text, str) else text).terms:
        if isinstance(term.node, tree.Words):
            match = search.expression(term.node.text)
            if match and not term.negated:
                matches.append(match)
            elif match:
                conditions.append(("p.id NOT IN (SELECT rowid FROM search WHERE search MATCH ?)", (match,)))
            continue
        sql, parameters = _condition(term, asked)
        conditions.append((f"NOT ({sql})" if term.negated else sql, parameters))
    return Where(
        " AND ".join(f"({sql})" for sql, _ in conditions),
        tuple(parameter for _, parameters in conditions for parameter in parameters),
        " AND ".join(matches),
    )


def _condition(term: tree.Term, asked: _Asked) -> _Sql:
    match term.node:
        case tree.Choice(field="status", values=values):
            return _any([_status(value, asked) for value in values])
        case tree.Choice(field="light", values=values):
            return _any([_light(Light(value), asked) for value in values])
        case tree.Choice(field=field, values=values):
            kept = ["" if value == "none" else value for value in values]
            return _one_of(BY_KEY[field].column, kept)
        case tree.Text(field=field, exact=exact, values=texts):
            kind = BY_KEY[field].kind
            of_kind = {Kind.UNIT: _units, Kind.PROGRAMME: _programmes}.get(kind)
            if of_kind is None:
                return _any([_text(BY_KEY[field].column, text, exact) for text in texts])
            keys = [
                key for text, at in zip(texts, _places(term), strict=True) for key in of_kind(text, exact, at, asked)
            ]
            return _one_of(BY_KEY[field].column, list(dict.fromkeys(keys)))
        case tree.Compare() as compare:
            return _any([_compared(compare, v, at, asked) for v, at in zip(compare.values, _places(term), strict=True)])
        case tree.Words():
            raise AssertionError("free text is for the search")
        case _:
            assert_never(term.node)


def _places(term: tree.Term) -> tuple[int, ...]:
    """Return where each value was written; a tree that was not parsed has no places."""
    node = term.node
    count = 1 if isinstance(node, tree.Words) else len(node.values)
    return term.at if len(term.at) == count else (0,) * count


def _any(conditions: list[_Sql]) -> _Sql:
    if len(conditions) == 1:
        return conditions[0]
    return " OR ".join(f"({sql})" for sql, _ in conditions), tuple(
        p for _, parameters in conditions for p in parameters
    )


def _one_of(column: str, keys: list[str]) -> _Sql:
    return f"p.{column} IN ({', '.join('?' * len(keys))})", tuple(keys)


def _status(value: str, asked: _Asked) -> _Sql:
    match value:
        case "open":
            return _IS_OPEN, ()
        case "ended":
            return f"NOT {_IS_OPEN}", ()
        case "overdue":
            return _light(Light.RED, asked)
        case "due_soon":
            return _light(Light.YELLOW, asked)
        case _:
            return "p.stage = ?", (STAGES[State(value)],)


def _light(light: Light, asked: _Asked) -> _Sql:
    today = asked.today.isoformat()
    match light:
        case Light.RED:
            return "p.runs_to IS NOT NULL AND p.runs_to < ?", (today,)
        case Light.YELLOW:
            return "p.runs_to IS NOT NULL AND p.runs_to BETWEEN ? AND ?", (today, asked.soon)
        case Light.GREEN:
            return f"{_IS_OPEN} AND (p.runs_to IS NULL OR p.runs_to > ?)", (asked.soon,)
        case Light.GREY:
            return f"NOT {_IS_OPEN}", ()
        case _:
            assert_never(light)


def _text(column: str, text: str | None, exact: bool) -> _Sql:
    if text is None:
        return f"p.{column} = ''", ()
    if exact:
        return f"p.{column} = ?", (text,)
    contains = f"instr(lower(p.{column}), ?) > 0"
    if text and column in _SEARCHED and all(_IDEOGRAPHS[0] <= c <= _IDEOGRAPHS[1] for c in text):
        # the search knows whose text has it in any field
        narrowed = "p.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
        return f"{narrowed} AND {contains}", (search.expression(text), text)
    return contains, (ascii_lower(text),)


def ascii_lower(text: str) -> str:
    """Return the text as SQLite's `lower` gives it: A to Z alone."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def _units(text: str | None, exact: bool, at: int, asked: _Asked) -> list[str]:
    """Return the ids of the units meant: by id or name, else by a part of the name or its sound; with those below."""
    if text is None:
        return [""]
    units = asked.register.units
    wanted = search.normal(text)
    found = [u.id for u in units.values() if wanted in (search.normal(u.id), search.normal(u.name))]
    found = [text] if text in units else found  # an id goes before another unit's name
    if not found and not exact:
        found = [u.id for u in units.values() if _named(u.name, wanted)]
    if not found:
        raise Rejected("filter.unknown-unit", at=at, value=text[:40])
    if exact:
        return found
    return sorted(set().union(*(asked.register.below(unit) for unit in found)))


def _programmes(text: str | None, exact: bool, at: int, asked: _Asked) -> list[str]:
    """Return the codes of the programmes meant: by code or name, else by a part of either."""
    if text is None:
        return [""]
    programmes = asked.register.programmes
    wanted = search.normal(text)
    found = [p.code for p in programmes.values() if wanted in (search.normal(p.code), search.normal(p.name))]
    found = [text] if text in programmes else found
    if not found and not exact:
        found = [p.code for p in programmes.values() if wanted in search.normal(p.code) or _named(p.name, wanted)]
    if not found:
        raise Rejected("filter.unknown-programme", at=at, value=text[:40], allowed=list(programmes)[:20])
    return found


def _named(name: str, wanted: str) -> bool:
    name = search.normal(name)
    return wanted in name or (wanted.isascii() and wanted.isalpha() and pinyin.sounds_in(name, wanted))


def _compared(node: tree.Compare, value: tree.Scale, at: int, asked: _Asked) -> _Sql:
    column = f"p.{BY_KEY[node.field].column}"
    match value:
        case tree.Nothing():
            return f"{column} IS NULL", ()
        case tree.Number():
            return f"{column} {node.operator} ?", (value.value,)
        case tree.Days():
            if node.field == "due":  # days are left only while the deadline runs
                column = "p.runs_to"
            first = last = _day_of(value, at, asked).isoformat()
        case tree.Period():
            first, last = value.first.isoformat(), value.last.isoformat()
        case _:
            assert_never(value)
    match node.operator:
        case "=":
            return f"{column} IS NOT NULL AND {column} BETWEEN ? AND ?", (first, last)
        case "<" | ">=":
            return f"{column} IS NOT NULL AND {column} {node.operator} ?", (first,)
        case _:
            return f"{column} IS NOT NULL AND {column} {node.operator} ?", (last,)


def _day_of(days: tree.Days, at: int, asked: _Asked) -> date:
    if days.working:
        if asked.working_day is None:
            raise Rejected("filter.working-days", at=at, days=days.count)
        return asked.working_day(asked.today, days.count)
    try:
        return asked.today + timedelta(days=days.count)
    except OverflowError:
        return date.max if days.count > 0 else date.min
