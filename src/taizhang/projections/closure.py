"""Owns the closure figures: counts of the problem list by a dimension. Every count is one that a filter opens.

They are drawn from the rows of the list itself, so that a figure cannot differ from its list. Source: domain.md, "Figures".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from taizhang.ledger.domain.lights import DUE_SOON_DAYS, Light, light_of
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import OPEN_STATES, FindingClass, State

from .filter import tree, written
from .log import Connection
from .problems import BY_STAGE, EVERYTHING, Where, condition
from .search import normal

DIMENSIONS = {
    "unit": "p.lead_unit",
    "category": "p.category",
    "source": "p.source",
    "class": "p.class",
    "month": "substr(p.logged_on, 1, 7)",
    "programme": "p.programme",
}
"""By what figures can be grouped, and the column that says it."""


class Counts(Struct):
    """How many findings of one group stand how; see `service.desk.Counts` for what each one is."""

    total: int = 0
    countable: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    awaiting: int = 0
    sustained: int = 0
    withdrawn: int = 0
    transferred: int = 0

    def add(self, status: State, class_: FindingClass | None, light: Light, count: int) -> None:
        """Count so many findings that stand alike."""
        self.total += count
        is_open = status in OPEN_STATES
        if is_open:
            self.open += count
            self.overdue += count if light is Light.RED else 0
            self.due_soon += count if light is Light.YELLOW else 0
            self.awaiting += count if status is State.AWAITING else 0
        if status is State.WITHDRAWN:
            self.withdrawn += count
        elif status is State.TRANSFERRED:
            self.transferred += count
        elif class_ is FindingClass.SUSTAINED:
            self.sustained += count
        else:
            self.countable += count
            self.closed += count if status is State.CLOSED else 0

    def include(self, other: Counts) -> None:
        """Count everything that another counted."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Group(Struct, frozen=True):
    """The figures of one group: its key (a unit's id, a category …; empty for "not yet given") and its counts.

    `direct` leaves out what lies below a unit; by anything else it is the same.
    """

    key: str
    counts: Counts
    direct: Counts


class Tally(Struct, frozen=True):
    """Figures by a dimension, and of all findings."""

    groups: tuple[Group, ...]
    total: Counts


def tally(connection: Connection, by: str, register: Register, today: date, where: Where = EVERYTHING) -> Tally:
    """Return the figures of the findings that `where` lets through.

    Args:
        by: one of `DIMENSIONS`. By unit, a unit counts what lies below it, too; units without findings are left out.
        register: for the tree of units.
        today: the day that colours are judged by.
    """
    direct: dict[str, Counts] = {}
    total = Counts()
    for key, state, of_class, light, count in _alike(connection, by, where, today):
        direct.setdefault(key, Counts()).add(state, of_class, light, count)
    for counts in direct.values():
        total.include(counts)
    groups = _rolled_up(direct, register) if by == "unit" else direct
    order = {unit: place for place, unit in enumerate(_in_tree_order(register))} if by == "unit" else {}
    keys = sorted(groups, key=lambda key: (key == "", order.get(key, 0), key))
    return Tally(tuple(Group(key, groups[key], direct.get(key, Counts())) for key in keys), total)


def filter_of(
    by: str, key: str | None, count: str, register: Register, *, below: bool = True, chinese: bool = False
) -> str:
    """Return the filter that opens exactly the list behind one count; empty for the count of everything.

    Args:
        by: one of `DIMENSIONS`.
        key: the group's key; None for the total.
        count: a field of `Counts`.
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
"""The terms of the list behind each count."""


def _group(by: str, key: str, register: Register, below: bool) -> tree.Node:
    match by:
        case "class":
            return tree.Choice("class", (key or "none",))
        case "month":
            return tree.Compare("logged", "=", (tree.month(int(key[:4]), int(key[5:])),))
        case "unit":
            return tree.Text("unit", not below, (_unit_word(key, register) if key else None,))
        case _:
            return tree.Text(by, True, (key or None,))


def _unit_word(unit_id: str, register: Register) -> str:
    """Return the unit's name where it means this unit alone, otherwise its id."""
    unit = register.units[unit_id]
    words = [normal(word) for other in register.units.values() for word in (other.id, other.name) if other is not unit]
    return unit_id if normal(unit.name) in words else unit.name


def _alike(
    connection: Connection, by: str, where: Where, today: date
) -> Iterator[tuple[str, State, FindingClass | None, Light, int]]:
    """Yield how many findings share group, status, class and colour.

    An index gives the groups in order and everything that is counted, so that nothing is sorted or looked up.
    """
    sql, parameters = condition(where)
    soon = today + timedelta(days=DUE_SOON_DAYS)
    alike = ", ".join(dict.fromkeys((DIMENSIONS[by], "p.stage", "p.class")))
    query = f"""SELECT {DIMENSIONS[by]}, p.stage, p.class, count(*),
        coalesce(sum(p.runs_to < ?), 0), coalesce(sum(p.runs_to <= ?), 0)
        FROM problems p WHERE {sql} GROUP BY {alike}"""
    rows = connection.execute(query, (today.isoformat(), soon.isoformat(), *parameters))
    for key, stage, class_, count, red, red_or_yellow in rows:
        state, of_class = BY_STAGE[stage], FindingClass(class_) if class_ else None
        coloured = {Light.RED: red, Light.YELLOW: red_or_yellow - red}
        rest = light_of(state, of_class, None, today)  # no deadline runs, or it is far
        coloured[rest] = count - red_or_yellow
        for light, of_colour in coloured.items():
            if of_colour:
                yield key, state, of_class, light, of_colour


def _rolled_up(direct: dict[str, Counts], register: Register) -> dict[str, Counts]:
    """Return the counts of every unit with what lies below it; "" (not yet assigned) stays alone."""
    groups: dict[str, Counts] = {}
    for key, counts in direct.items():
        for unit in register.lineage(key) if key else (key,):
            groups.setdefault(unit, Counts()).include(counts)
    return groups


def _in_tree_order(register: Register) -> Iterator[str]:
    """Yield the units from the roots down, every unit before those below it."""
    children: dict[str | None, list[str]] = {}
    for unit in register.units.values():
        children.setdefault(unit.parent, []).append(unit.id)
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        unit_id = waiting.pop()
        yield unit_id
        waiting.extend(reversed(children.get(unit_id, [])))
