"""Owns what a desk on this machine reads: lists, figures and one finding, as they stand or stood, from the read models.

A moment is asked of the read models' kept intervals; what they do not keep is folded from the log.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Reason, Yardstick, why, yardstick
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.rules import Context
from taizhang.ledger.domain.values import Account
from taizhang.ledger.domain.worklist import Suggestion
from taizhang.projections import cells, listing, numbers, problems, registry
from taizhang.projections.log import Connection

from .desk import Cell, Change, Completion, Counts, Dimension, Figures, FindingRow, ListDiff, Moment, Page, Query
from .past import Past, ReadableLog, Scene

if TYPE_CHECKING:
    from taizhang.projections import closure
    from taizhang.projections.runner import Views

T = TypeVar("T")

UNKNOWN_THEN = ("filter.unknown-unit", "filter.unknown-programme")
"""The refusals of a filter that names what the register did not hold at a moment."""

NOBODY = Account("", "")
"""For questions: an account marks an event, it never refuses one."""

SECONDS_KEPT = 5.0
"""How long the values that are offered for a field may be behind: counting them reads every finding."""


class _MustBeCounted(Exception):
    """Values of a column are asked for that nobody has counted yet."""


class Reading:
    """The questions of `Desk` that read models answer.

    Args:
        log: the log, to read.
        views: the read models.
        clock: gives the time in UTC.
    """

    def __init__(self, *, log: ReadableLog, views: Views, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._views = views
        self._clock = clock
        self._register: tuple[int, Register] = (-2, Register())
        self._past = Past(log, clock)
        self._columns: dict[str, tuple[int, float, tuple[tuple[str, int], ...]]] = {}

    def today(self) -> date:
        """Today, in the ledger's time zone."""
        return self._clock().astimezone(ZoneInfo(self.register().timezone)).date()

    def register(self) -> Register:
        """Units, people and programmes as they stand."""
        head = self._log.head()
        if self._register[0] != head:
            self._register = (head, self._views.view(self._log, registry.load))
        return self._register[1]

    def moment(self, when: str) -> Moment:
        """The place in the log that WHEN of the command line means, and the day that it is judged by."""
        return self._past.moment(when, self.register().timezone)

    def yardstick(self, today: date | None = None, when: str = "") -> Yardstick:
        """What colours are judged by on a day (None: today, or the day of `when`), by the policy and calendar in force then."""
        if when.strip():
            return self._scene(when, today).by
        register = self.register()
        return yardstick(today or self.today(), register.policy, register.calendar())

    def _scene(self, when: str = "", today: date | None = None) -> Scene:
        if when.strip():
            return self._past.scene(when, self.register().timezone, today)
        by = self.yardstick(today)
        return Scene(*self._register, by, past=False)

    # -- the problem list

    def resolve(self, reference: str) -> str:
        """The number of a finding from what people say."""
        register = self.register()
        return self._views.view(self._log, lambda connection: numbers.resolve(connection, reference, register))

    def findings(self, query: Query) -> Page:
        """A part of the problem list."""
        scene = self._scene(query.when, query.today)

        asked: dict[str, Any] = {
            "order": problems.Order(query.sort),
            "descending": query.descending,
            "limit": query.limit,
            "offset": query.offset,
            "by": scene.by,
        }

        def work(connection: Connection, where: problems.Where, then: problems.Then | None) -> Page:
            if then is not None:
                rows, total = problems.page_then(connection, where, then=then, **asked)
                return Page(tuple(map(_listed, rows)), total, query.offset, scene.index)
            rows = problems.page(connection, where, **asked)
            total = query.offset + len(rows)
            in_sight = len(rows) != query.limit and bool(rows or not query.offset)  # the end of the list
            if not in_sight and not query.uncounted:
                total, in_sight = problems.count(connection, where), True
            return Page(tuple(map(_listed, rows)), total, query.offset, scene.index, in_sight)

        return self._asked(scene, query.filter, query.cell, work)

    def count(
        self,
        filter: str,  # noqa: A002 - the word of the command line
        today: date | None = None,
        *,
        when: str = "",
        cell: Cell | None = None,
    ) -> int:
        """How many findings the filter lets through."""
        return self._asked(self._scene(when, today), filter, cell, problems.count)

    def finding(self, number: str, when: str = "") -> Finding:
        """One finding as it stands, or stood."""
        if when.strip():
            finding = self._past.finding(number, self.moment(when).index)
        else:
            finding = self._views.view(self._log, lambda connection: problems.finding(connection, number))
        if finding is None:
            raise Rejected("finding.unknown", number=number)
        return finding

    def why(self, number: str, when: str = "") -> tuple[Reason, ...]:
        """Why a finding has its colour, or had it then: the decisive reason first."""
        return why(self.finding(number, when), self._scene(when).by)

    def worklist(self, actor: str = "") -> tuple[Suggestion, ...]:
        """What the policy calls for today, oldest first; for an actor only the steps that they may take."""
        from . import todo

        by, register = self.yardstick(), self.register()
        context = Context(register.person(actor), NOBODY, by.today, by.today, register) if actor else None
        return self._views.view(self._log, lambda connection: todo.worklist(connection, by, context))

    def _asked(
        self,
        scene: Scene,
        text: str,
        cell: Cell | None,
        work: Callable[[Connection, problems.Where, problems.Then | None], T],
    ) -> T:
        """Let `work` query what a filter and a cell let through, as of the scene."""
        where, then = self._condition(scene, text, cell), self._scale(scene, "").then
        return self._viewed(scene, where, lambda connection: work(connection, where, then))

    def _condition(self, scene: Scene, text: str, cell: Cell | None) -> problems.Where:
        where = self._where(text, scene)
        if cell is not None:
            where = listing.of_cell(where, cell, scene.register, self._scale(scene, cell.since))
        return where

    def _viewed(self, scene: Scene, where: problems.Where, work: Callable[[Connection], T]) -> T:
        """Let `work` query; for free text as of a moment the index is told what was said then."""
        if not scene.past or not (where.match or where.misses):
            return self._views.view(self._log, work)
        from taizhang.projections import search

        known, then = self.register().units, scene.register
        renamed = [unit.id for unit in then.units.values() if known[unit.id].name != unit.name]

        def told(connection: Connection) -> T:
            resaid = search.resaid(connection, scene.index, renamed)
            stood = ((id_, self._past.finding(number, scene.index)) for id_, number in resaid)
            search.stand_in(connection, ((id_, f) for id_, f in stood if f is not None), then)
            return work(connection)

        return self._views.view(self._log, told)

    def _scale(self, scene: Scene, since: str) -> cells.Scale:
        """Return what figures are judged by; a period ends with the scene."""
        then = None
        if scene.past:
            then = problems.Then(scene.index, {unit.id: unit.name for unit in scene.register.units.values()})
        if not since.strip():
            return cells.Scale(scene.by, then)
        began = self._past.scene(since, self.register().timezone)
        if began.index > scene.index:
            raise Rejected("when.order", earlier=since[:40], later=f"#{scene.index}")
        return cells.Scale(scene.by, then, cells.Since(began.index, began.by))

    def _where(self, text: str, scene: Scene) -> problems.Where:
        if not text.strip():
            return problems.EVERYTHING
        from taizhang.projections import filter as filters

        return filters.compiled(text, scene.register, scene.by, then=scene.past)

    def diff(self, number: str, earlier: str, later: str) -> tuple[Change, ...]:
        """What changed of one finding between two moments, field by field."""
        before, after = self.moment(earlier), self.moment(later)
        if before.index > after.index:
            raise Rejected("when.order", earlier=earlier[:40], later=later[:40])
        finding = self._past.finding(number, after.index)
        return () if finding is None else changes(self._past.finding(number, before.index), finding)

    def diff_list(self, earlier: str, later: str, filter: str = "") -> ListDiff:  # noqa: A002
        """What became of the list between two moments; the filter is that of the later one."""
        scene, parts = self._scene(later), {}
        scale = self._scale(scene, earlier)
        where = self._where(filter, scene)

        def work(connection: Connection) -> dict[str, tuple[FindingRow, ...]]:
            for part, found in listing.difference(connection, where, scale).items():
                parts[part] = tuple(map(_listed, found))
            return parts

        found = self._viewed(scene, where, work)
        return ListDiff(self.moment(earlier), self.moment(later), **found)

    # -- typing ahead

    def completions(self, text: str, at: int, lang: str, *, at_once: bool = False) -> tuple[Completion, ...] | None:
        """What could be typed at a place of a filter; None where that must be counted first and `at_once` forbids it."""
        from taizhang.projections import filter as filters

        def values(column: str) -> tuple[tuple[str, int], ...]:
            if at_once and self._known_values(column) is None:
                raise _MustBeCounted
            return self._values(column)

        try:
            found = filters.completions(text, at, self.register(), values, chinese=lang == "zh")
        except _MustBeCounted:
            return None
        return tuple(Completion(*each) for each in found)

    def _values(self, column: str) -> tuple[tuple[str, int], ...]:
        """The values of a column, the most frequent first; counted anew at most every few seconds."""
        known = self._known_values(column)
        if known is None:
            head, now = self._log.head(), time.monotonic()
            known = self._views.view(self._log, lambda connection: problems.values(connection, column))
            self._columns[column] = (head, now, known)
        return known

    def _known_values(self, column: str) -> tuple[tuple[str, int], ...] | None:
        """The values of a column as they were counted, where nothing has come since, or that is a few seconds ago."""
        known = self._columns.get(column)
        if known is None:
            return None
        head, counted_at, found = known
        return found if head == self._log.head() or time.monotonic() - counted_at <= SECONDS_KEPT else None

    def sounds(self, texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """How each text can be typed in letters."""
        from taizhang.projections import pinyin

        return tuple(pinyin.ways(text) for text in texts)

    # -- figures and tables

    def figures(
        self,
        by: Dimension,
        filter: str = "",  # noqa: A002
        today: date | None = None,
        *,
        when: str = "",
        since: str = "",
    ) -> Figures:
        """Closure figures, as they stand or stood; with `since`, those of a period, too."""
        from taizhang.projections import closure

        scene = self._scene(when, today)
        scale, register = self._scale(scene, since), scene.register
        where = self._where(filter, scene)
        tally = self._viewed(scene, where, lambda connection: closure.tally(connection, by, register, scale, where))

        def counts(key: str, label: str, found: closure.Counts) -> Counts:
            return Counts(key, label, **asdict(found))

        groups = tuple(counts(group.key, _label(by, group.key, register), group.counts) for group in tally.groups)
        return Figures(
            by,
            groups,
            counts("", "", tally.total),
            scene.index,
            scene.by.today,
            counts("", "", tally.first),
            counts("", "", tally.later),
            when.strip(),
            since.strip(),
            self._at_beginning(by, filter, since) if scale.since else None,
        )

    def _at_beginning(self, by: Dimension, filter: str, since: str) -> Figures:  # noqa: A002 - the word of the command line
        """Return the figures where a period begins; zeros where the filter names what the ledger did not know yet."""
        try:
            return self.figures(by, filter, when=since)
        except Rejected as refusal:
            if refusal.code not in UNKNOWN_THEN:
                raise
            moment, none = self.moment(since), Counts("", "")
            return Figures(by, (), none, moment.index, moment.today, none, none, since.strip())


def _listed(row: problems.ProblemRow) -> FindingRow:
    return FindingRow(
        number=row.number,
        aliases=(row.alias,) if row.alias else (),
        title=row.title,
        status=row.status,
        round=row.round,
        class_=row.class_,
        source=row.source,
        category=row.category,
        unit=row.unit,
        unit_name=row.unit_name,
        due=row.due,
        original_due=row.original_due,
        light=row.light,
        version=row.version,
        logged_at=row.logged_at,
        closed_at=row.closed_at,
        severity=row.severity,
        found_on=row.found_on,
        programme=row.programme,
        responsible_person=row.responsible_person,
        missed=row.missed,
        closed_late=row.closed_late,
        returns=row.returns,
        extensions=row.extensions,
    )


def _label(by: Dimension, key: str, register: Register) -> str:
    """Return the name of a group as people know it; a word of a vocabulary stays for the catalogues."""
    if by is Dimension.UNIT and key in register.units:
        return register.units[key].name
    if by is Dimension.PROGRAMME and key in register.programmes:
        return register.programmes[key].name
    return key


_BOOKKEEPING = frozenset({"version", "changed_at", "hands", "verifiers"})
_EMPTY: tuple[Any, ...] = ("", None, (), 0)


def changes(before: Finding | None, after: Finding) -> tuple[Change, ...]:
    """Return the fields that differ, the ledger's own bookkeeping aside."""
    fields = [field for field in Finding.__struct_fields__ if field not in _BOOKKEEPING]
    if before is None:
        return tuple(Change(field, None, value) for field in fields if (value := getattr(after, field)) not in _EMPTY)
    return tuple(
        Change(field, old, new) for field in fields if (old := getattr(before, field)) != (new := getattr(after, field))
    )
