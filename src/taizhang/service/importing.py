"""Owns the import of a file: what `intake` read is held against the ledger, and becomes commands that every rule judges.

One import is one transaction: all of it is recorded, or nothing. Knows no file format and no SQL.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from taizhang.intake.book import Book, book
from taizhang.intake.cells import column_name
from taizhang.intake.container import FILE_LIMIT
from taizhang.intake.lines import Kind, Line
from taizhang.intake.mapping import NOTHING_SAID, Mapping, mapping_from
from taizhang.intake.names import Field
from taizhang.intake.tables import Table
from taizhang.ledger.domain.carrying import Claim, Origin, happened_on
from taizhang.ledger.domain.commands import AmendFinding, CarryIn, UndoCarryIn
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import AddUnit, Register, open_programme
from taizhang.ledger.domain.rules import Context, guard
from taizhang.ledger.domain.transitions import BY_COMMAND
from taizhang.ledger.domain.values import Role, Via
from taizhang.ledger.ledger import Instruction, Recorded
from taizhang.projections import carried, problems
from taizhang.projections.log import Connection

from .imported_units import RegisterUnits
from .imports import (
    Changes,
    ColumnSeen,
    Difference,
    Done,
    Doubt,
    Imported,
    NewUnit,
    Outcome,
    Plan,
    Progress,
    RowSeen,
    TableSeen,
    Wish,
)
from .reading import NOBODY
from .rowdiff import differences

T = TypeVar("T")
P = ParamSpec("P")
_OUTCOMES = {Kind.JOINED: Outcome.JOINED, Kind.SKIPPED: Outcome.SKIPPED, Kind.REFUSED: Outcome.REFUSED}


def _without_search_for_garbage(work: Callable[P, T]) -> Callable[P, T]:
    """Let Python not look through a million cells, again and again, for cycles that are not there."""

    @wraps(work)
    def quick(*args: P.args, **kwargs: P.kwargs) -> T:
        was = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            if was:
                gc.enable()

    return quick


class Ledgerside(Protocol):
    """What an import needs of the ledger; the local desk is one."""

    def register(self) -> Register:
        """Units, people and programmes as they stand."""

    def today(self) -> date:
        """Today, in the ledger's time zone."""

    def viewed(self, work: Callable[[Connection], T]) -> T:
        """Let `work` query the read models, up to the end of the log."""

    def record_all(
        self, instructions: list[Instruction], progress: Callable[[int, int], None] | None
    ) -> list[Recorded]:
        """Record commands in one transaction."""


class _Work(Struct, frozen=True):
    """What is to be recorded for a plan: the new rows by their place in its rows, and the changes."""

    fresh: tuple[tuple[int, Line, str], ...]


class Importing:
    """Imports into one ledger.

    Args:
        ledger: where to.
    """

    def __init__(self, ledger: Ledgerside) -> None:
        self._ledger = ledger

    # -- looking

    @_without_search_for_garbage
    def plan(self, wish: Wish, progress: Progress | None = None) -> Plan:
        """Read a file and say what its import would do. Writes nothing."""
        data, mapping = _read(wish.path, FILE_LIMIT), _mapping(wish)
        register, today = self._ledger.register(), self._ledger.today()
        programme = open_programme(register, wish.programme or _only_programme(register)).code
        if wish.actor:
            guard(BY_COMMAND[CarryIn], None, Context(register.person(wish.actor), NOBODY, today, today, register))
        found = book(data, wish.path.name, mapping, _told(progress, "reading"))
        units = RegisterUnits(register)
        lines = list(found.lines(mapping, units, today))
        rows, fresh = self._held_against(lines, programme, _fields_of(found))
        return Plan(
            wish,
            wish.path.name,
            sha256(data).hexdigest(),
            programme,
            tuple(map(_seen, found.tables)),
            found.passed,
            tuple(rows),
            tuple(NewUnit(id_, name) for id_, name in units.fresh.items()),
            _Work(tuple(fresh)),
        )

    def _held_against(
        self, lines: list[Line], programme: str, fields: dict[str, frozenset[Field]]
    ) -> tuple[list[RowSeen], list[tuple[int, Line, str]]]:
        """Say of each line whether the ledger knows it; return the rows, and those that are new with their command id."""
        claims = [(at, line, line.claim) for at, line in enumerate(lines) if line.claim is not None]
        keys = {at: (carried.same(programme, claim), carried.content(claim)) for at, _, claim in claims}
        aliases = [claim.alias for _, _, claim in claims if claim.alias]

        def look(connection: Connection) -> tuple[dict[bytes, list[carried.Known]], frozenset[str]]:
            return carried.known(connection, [same for same, _ in keys.values()]), carried.numbers(connection, aliases)

        known, numbers = self._ledger.viewed(look)
        rows: list[RowSeen] = []
        fresh: list[tuple[int, Line, str]] = []
        seen: dict[bytes, tuple[int, bytes]] = {}
        for at, line in enumerate(lines):
            claim = line.claim
            if claim is None:
                rows.append(_row(line, _OUTCOMES[line.kind]))
                continue
            same, content = keys[at]
            before = known.get(same, ())
            standing = [one for one in before if not one.undone]
            number = claim.alias if claim.alias in numbers else ""
            again = seen.setdefault(same, (line.row, content))
            if again[0] != line.row and (again[1] == content or claim.alias):
                code = "row.repeats" if again[1] == content else "row.number-again"
                rows.append(_row(line, Outcome.REFUSED, Doubt(code, params={"row": again[0], "number": claim.alias})))
            elif any(one.content == content for one in standing):
                number = next(one.number for one in standing if one.content == content)
                rows.append(_row(line, Outcome.SAME, number=number))
            elif number or standing:
                rows.append(self._changed(line, claim, number or standing[-1].number, fields[line.sheet]))
            else:
                extra = () if again[0] == line.row else (Doubt("note.same-problem", params={"row": again[0]}),)
                command = f"import-{_digest(same, content)}-{len(before)}"
                fresh.append((len(rows), line, command))
                rows.append(_row(line, Outcome.NEW, *extra))
        return rows, fresh

    def _changed(self, line: Line, claim: Claim, number: str, fields: frozenset[Field]) -> RowSeen:
        finding = self._finding(number)
        found = differences(claim, finding, fields) if finding else ()
        outcome = Outcome.CHANGED if found else Outcome.SAME
        return replace(_row(line, outcome, number=number), differences=found)

    def _finding(self, number: str) -> Finding | None:
        return self._ledger.viewed(lambda connection: problems.finding(connection, number))

    # -- recording

    @_without_search_for_garbage
    def record(self, plan: Plan, progress: Progress | None = None) -> Done:
        """Do what the plan says, all of it or nothing.

        Raises:
            Rejected: ``import.changed`` where rows differ and nobody said what to do; ``import.units`` where units are
                to be registered by somebody who may not; ``import.nothing``; whatever a rule says of a row.
        """
        wish, changed = plan.wish, [row for row in plan.rows if row.outcome is Outcome.CHANGED]
        if changed and wish.changes is Changes.ASK:
            raise Rejected("import.changed", count=len(changed), rows=[_place(row) for row in changed[:10]])
        amendments = list(_amendments(changed, plan)) if wish.changes is Changes.APPLY else []
        fresh = plan.work.fresh
        if not fresh and not amendments:
            return Done("", plan.rows, 0, 0, ())
        register = self._ledger.register()
        units = [unit for unit in plan.units if unit.id not in register.units]
        if units and Role.ADMIN not in register.person(wish.actor).roles:
            raise Rejected(
                "import.units", count=len(units), units=[unit.name for unit in units[:20]], person=wish.actor
            )
        batch, today = self._batch(plan), self._ledger.today()
        instructions = [
            Instruction(AddUnit(unit.id, unit.name), wish.actor, Via.IMPORT, why=wish.why) for unit in units
        ]
        for _, line, command_id in fresh:
            origin = Origin(plan.file, plan.sha256, line.sheet, line.row, batch, line.more)
            command = CarryIn(plan.programme, line.claim, origin, line.cells)
            on = happened_on(line.claim, today)
            instructions.append(Instruction(command, wish.actor, Via.IMPORT, on, wish.why, command_id))
        instructions += [Instruction(command, wish.actor, Via.IMPORT, why=wish.why) for command in amendments]
        recorded = self._ledger.record_all(instructions, _told(progress, "recording"))
        numbers = {at: one.number for (at, _, _), one in zip(fresh, recorded[len(units) :], strict=False)}
        rows = tuple(replace(row, number=numbers[at]) if at in numbers else row for at, row in enumerate(plan.rows))
        return Done(batch, rows, len(fresh), len(amendments), tuple(units))

    def _batch(self, plan: Plan) -> str:
        """Return the id of a new import: the day, the beginning of the file's hash, and which time it is."""
        begun = f"{self._ledger.today():%Y%m%d}-{plan.sha256[:8]}"
        taken = {one.batch for one in self.earlier()}
        return next(batch for at in range(1, len(taken) + 2) if (batch := f"{begun}-{at}") not in taken)

    # -- earlier imports

    def earlier(self) -> tuple[Imported, ...]:
        """The imports that were recorded, the latest first."""
        return tuple(
            Imported(
                one.batch,
                one.file,
                one.sha256,
                one.programme,
                one.actor,
                one.recorded_at,
                one.rows,
                one.rows - one.undone,
            )
            for one in self._ledger.viewed(carried.imports)
        )

    def undo(self, batch: str, actor: str, grounds: str, progress: Progress | None = None) -> tuple[str, ...]:
        """Take back a whole import; return the numbers of its findings, which are withdrawn.

        Raises:
            Rejected: ``import.unknown``; ``import.moved-on`` where something has happened to a finding since;
                ``import.undone`` where nothing of it stands.
        """
        standing = self.undoing(batch)
        self._ledger.record_all(
            [Instruction(UndoCarryIn(number, grounds), actor, Via.IMPORT) for number in standing],
            _told(progress, "recording"),
        )
        return standing

    def undoing(self, batch: str) -> tuple[str, ...]:
        """The numbers of the findings that `undo` would withdraw now; refuses as it does. Writes nothing."""
        batch = self._batch_of(batch)
        members = self._ledger.viewed(lambda connection: carried.members(connection, batch))
        moved = [number for number, version, undone in members if version > 1 and not undone]
        if moved:
            raise Rejected("import.moved-on", batch=batch, count=len(moved), numbers=moved[:10])
        standing = tuple(number for number, _, undone in members if not undone)
        if not standing:
            raise Rejected("import.undone", batch=batch)
        return standing

    def _batch_of(self, said: str) -> str:
        earlier = self.earlier()
        if any(one.batch == said for one in earlier):
            return said
        path = Path(said).expanduser()
        if path.is_file():
            digest = sha256(_read(path, FILE_LIMIT)).hexdigest()
            of_file = [one for one in earlier if one.sha256 == digest]
            if of_file:
                return next((one for one in of_file if one.standing), of_file[0]).batch
        raise Rejected("import.unknown", batch=said[:100], known=[one.batch for one in earlier[:10]])


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Rejected("intake.no-file", path=str(path), detail=error.strerror or str(error)) from error
    if len(data) > limit:
        raise Rejected("intake.too-large", bytes=path.stat().st_size, limit=limit)
    return data


def _mapping(wish: Wish) -> Mapping:
    mapping = NOTHING_SAID
    if wish.mapping is not None:
        mapping = mapping_from(_read(wish.mapping, 1_000_001), wish.mapping.name)
    if wish.columns:
        by_hand = {heading: Field(field) for heading, field in wish.columns.items()}
        mapping = replace(mapping, columns={**mapping.columns, **by_hand})
    return mapping


def _only_programme(register: Register) -> str:
    codes = [programme.code for programme in register.open_programmes()]
    if len(codes) != 1:
        raise Rejected("programme.choose", open=codes)
    return codes[0]


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(what, done, total)


def _digest(same: bytes, content: bytes) -> str:
    return sha256(same + content).hexdigest()[:32]


def _row(line: Line, outcome: Outcome, *doubts: Doubt, number: str = "") -> RowSeen:
    told = (*[Doubt(doubt.code, doubt.cell, doubt.params) for doubt in line.doubts], *doubts)
    return RowSeen(line.sheet, line.row, outcome, line.title, told, number, (), line.claim)


def _seen(table: Table) -> TableSeen:
    columns = tuple(
        ColumnSeen(
            str(column.index + 1) if table.sideways else column_name(column.index),
            column.heading,
            column.field.value if column.field else "",
            column.confidence,
            column.by_hand,
        )
        for column in table.columns
    )
    return TableSeen(table.sheet, tuple(row + 1 for row in table.header), columns, table.sideways, table.year)


def _fields_of(found: Book) -> dict[str, frozenset[Field]]:
    """Return of each sheet which fields its tables have."""
    fields: dict[str, frozenset[Field]] = {}
    for table in found.tables:
        here = frozenset(column.field for column in table.columns if column.field is not None)
        fields[table.sheet] = fields.get(table.sheet, frozenset()) | here
    return fields


def _place(row: RowSeen) -> str:
    return f"{row.sheet}!{row.row}" if row.sheet else str(row.row)


def _amendments(changed: list[RowSeen], plan: Plan) -> Iterator[AmendFinding]:
    """Yield the amendments that take over what a row says otherwise, as far as amendments can."""
    for row in changed:
        for difference in row.differences:
            if difference.amendable:
                reason = f"{plan.file} {_place(row)}"
                yield AmendFinding(row.number, difference.field, _text(difference), reason)


def _text(difference: Difference) -> str:
    value: Any = difference.new
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")
