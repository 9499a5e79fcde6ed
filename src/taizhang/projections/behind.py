"""Owns the way from a count to the filter that opens its list, in the words that people would type."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import FindingClass, State

from .filter import tree, written
from .search import normal


def filter_of(
    by: str, key: str | None, count: str, register: Register, *, below: bool = True, chinese: bool = False
) -> str:
    """Return the filter that opens exactly the list behind one count; empty for the count of everything.

    Args:
        by: one of `cells.DIMENSIONS`.
        key: the group's key; None for the total.
        count: one of `BEHIND`.
        register: for the names of units, which people read more easily than ids.
        below: by unit, with what lies below it (`Group.counts`) or without (`Group.direct`).
        chinese: in Chinese words.
    """
    group = () if key is None else (tree.Term(_group(by, key, register, below)),)
    return written(tree.Filter((*group, *BEHIND[count])), chinese=chinese)


_ENDED_OTHERWISE = tree.Term(tree.Choice("status", (State.WITHDRAWN.value, State.TRANSFERRED.value)), negated=True)
_SUSTAINED = tree.Choice("class", (FindingClass.SUSTAINED.value,))


def _status(value: str) -> tree.Term:
    return tree.Term(tree.Choice("status", (value,)))


BEHIND: dict[str, tuple[tree.Term, ...]] = {
    "total": (),
    "countable": (_ENDED_OTHERWISE, tree.Term(_SUSTAINED, negated=True)),
    "closed": (_status(State.CLOSED.value), tree.Term(_SUSTAINED, negated=True)),
    "open": (_status("open"),),
    "overdue": (_status("overdue"),),
    "due_soon": (_status("due_soon"),),
    "awaiting": (_status(State.AWAITING.value),),
    "sustained": (_ENDED_OTHERWISE, tree.Term(_SUSTAINED)),
    "withdrawn": (_status(State.WITHDRAWN.value),),
    "transferred": (_status(State.TRANSFERRED.value),),
}
"""The terms of the list behind a count; of the counts that no filter can say, `cells.condition` draws the list."""


def _group(by: str, key: str, register: Register, below: bool) -> tree.Node:
    match by:
        case "class":
            return tree.Choice("class", (key or "none",))
        case "month":
            first = date.fromisoformat(f"{key}-01")
            return tree.Compare("logged", "=", (tree.Period(first, first.replace(day=monthrange(*_month(key))[1])),))
        case "unit":
            return tree.Text("unit", not below, (_unit_word(key, register) if key else None,))
        case _:
            return tree.Text(by, True, (key or None,))


def _month(key: str) -> tuple[int, int]:
    return int(key[:4]), int(key[5:])


def _unit_word(unit_id: str, register: Register) -> str:
    """Return the unit's name where it means this unit alone, otherwise its id."""
    unit = register.units[unit_id]
    words = [normal(word) for other in register.units.values() for word in (other.id, other.name) if other is not unit]
    return unit_id if normal(unit.name) in words else unit.name
