"""Owns the closure figures: counts of the problem list by a dimension, as it stands or stood, and of a period.

They are drawn from the rows of the list itself, so that a figure cannot differ from its list; what each one means is
`cells`'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import FindingClass, State

from .cells import DIMENSIONS, PERIOD, Scale
from .cells import condition as figure_condition
from .log import Connection
from .problems import EVERYTHING, Where, condition
from .shape import Shape, unpacked_shape


class Counts(Struct):
    """How many findings of one group stand how; see `service.desk.Counts` for what each one is."""

    total: int = 0
    countable: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    awaiting: int = 0
    carried_closed: int = 0
    sustained: int = 0
    withdrawn: int = 0
    transferred: int = 0
    verified: int = 0
    to_rectify: int = 0
    rectified: int = 0
    due: int = 0
    on_time: int = 0
    reopened: int = 0
    returns: int = 0
    extensions: int = 0
    new: int = 0
    newly_closed: int = 0
    newly_overdue: int = 0
    returned: int = 0
    extended: int = 0
    newly_reopened: int = 0
    progressed: int = 0

    def add(self, alike: Alike) -> None:
        """Count findings that stand alike."""
        shape, count = alike.shape, alike.count
        self.total += count
        self.returns += shape.returns * count
        self.extensions += shape.extensions * count
        self.reopened += count if shape.later else 0
        if shape.state is State.WITHDRAWN:
            self.withdrawn += count
            return
        if shape.state is State.TRANSFERRED:
            self.transferred += count
            return
        if shape.carried:
            self.carried_closed += count
            return
        if shape.is_open:
            self.open += count
            self.awaiting += count if shape.state is State.AWAITING else 0
            self.verified += count if shape.verified else 0
        if shape.class_ is FindingClass.SUSTAINED:
            self.sustained += count
            return
        self.countable += count
        closed = shape.state is State.CLOSED
        self.closed += count if closed else 0
        self.to_rectify += count if shape.state is not State.LOGGED else 0
        self.rectified += count if closed or shape.verified else 0
        if shape.is_open:
            self.overdue += alike.before_today
            self.due_soon += (alike.dated if shape.missed else alike.by_soon) - alike.before_today
            self.due += alike.by_today
        else:
            self.due += alike.by_today - alike.by_since
            self.on_time += 0 if shape.late else alike.by_today - alike.by_since

    def include(self, other: Counts) -> None:
        """Count what the other counts, too."""
        for figure in Counts.__struct_fields__:
            if more := getattr(other, figure):
                setattr(self, figure, getattr(self, figure) + more)


class Alike(Struct, frozen=True):
    """So many findings of one shape in one group, and how many of them are due by when.

    Args:
        key: the group.
        dated: how many have a due date; of these, due before today, by today, soon, and by the beginning of the period.
    """

    key: str
    shape: Shape
    count: int
    dated: int
    before_today: int
    by_today: int
    by_soon: int
    by_since: int


class Group(Struct, frozen=True):
    """The figures of one group: its key (a unit's id, a category …; empty for "not yet given") and its counts.

    `direct` leaves out what lies below a unit; by anything else it is the same.
    """

    key: str
    counts: Counts
    direct: Counts


class Tally(Struct, frozen=True):
    """Figures by a dimension, of all findings, and of those in their first round and in a later one."""

    groups: tuple[Group, ...]
    total: Counts
    first: Counts
    later: Counts


def tally(connection: Connection, by: str, register: Register, scale: Scale, where: Where = EVERYTHING) -> Tally:
    """Return the figures of the findings that `where` lets through.

    Args:
        by: one of `cells.DIMENSIONS`. By unit, a unit counts what lies below it, too; units without findings are left out.
        register: for the tree of units, at the moment of the scale.
        scale: what they are judged by. Of the full text as of a moment, see `problems.page`.
    """
    own: dict[str, tuple[Counts, Counts]] = {}  # of each key itself: in the first round, in a later one
    for alike in _alike(connection, by, where, scale):
        _counts(own, alike.key, alike.shape.later).add(alike)
    for figure in PERIOD if scale.since else ():
        for key, later, count in _in_period(connection, figure, by, where, scale):
            counts = _counts(own, key, later)
            setattr(counts, figure, getattr(counts, figure) + count)
    first, others, total = Counts(), Counts(), Counts()
    direct: dict[str, Counts] = {}
    for key, rounds in own.items():
        first.include(rounds[0])
        others.include(rounds[1])
        direct[key] = Counts()
        for counts in rounds:
            direct[key].include(counts)
    for counts in (first, others):
        total.include(counts)
    groups = _rolled_up(direct, register) if by == "unit" else direct
    order = {unit: place for place, unit in enumerate(_in_tree_order(register))} if by == "unit" else {}
    keys = sorted(groups, key=lambda key: (key == "", order.get(key, 0), key))
    return Tally(tuple(Group(key, groups[key], direct.get(key, Counts())) for key in keys), total, first, others)


def _counts(own: dict[str, tuple[Counts, Counts]], key: str, later: bool) -> Counts:
    rounds = own.get(key)
    if rounds is None:
        rounds = own[key] = (Counts(), Counts())
    return rounds[later]


def _alike(connection: Connection, by: str, where: Where, scale: Scale) -> Iterator[Alike]:
    """Yield how many findings share group and shape.

    An index gives the groups in order and everything that is counted, so that nothing is sorted or looked up.
    """
    sql, parameters = condition(where, scale.then)
    today, soon = scale.by.today.isoformat(), scale.by.soon_until.isoformat()
    by_since = f"coalesce(sum(p.due <= '{scale.since.by.today.isoformat()}'), 0)" if scale.since else "0"
    query = f"""SELECT {DIMENSIONS[by]} AS key, p.shape, count(*), count(p.due),
        coalesce(sum(p.due < '{today}'), 0), coalesce(sum(p.due <= '{today}'), 0),
        coalesce(sum(p.due <= '{soon}'), 0), {by_since}
        FROM {scale.source} WHERE {sql} GROUP BY key, p.shape"""
    for key, shape, *numbers in connection.execute(query, parameters):
        yield Alike(key, unpacked_shape(shape), *numbers)


def _in_period(
    connection: Connection, figure: str, by: str, where: Where, scale: Scale
) -> Iterator[tuple[str, bool, int]]:
    """Yield how many findings of a group count in the period, in the first round and in later ones.

    They are few beside the whole list and are looked up by id: grouped here, so that no index is scanned for its order.
    """
    sql, parameters = condition(where, scale.then)
    query = f"""SELECT {DIMENSIONS[by]}, p.round > 1 FROM {scale.source}
        WHERE ({sql}) AND ({figure_condition(figure, scale)})"""
    for (key, later), count in Counter(connection.execute(query, parameters)).items():
        yield key, bool(later), count


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
