"""Owns what a front end can ask of the import of a file: a Protocol and plain values. Beside `desk`, the second door.

Knows no file format, no store and no label.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from taizhang.ledger.domain.carrying import Claim
from taizhang.ledger.domain.values import plain_members

Progress = Callable[[str, int, int], None]
"""Told what is being done (``reading``, ``recording``), how far, of how much."""


@plain_members
class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REFUSED = "refused"
    JOINED = "joined"
    SKIPPED = "skipped"


class Changes(StrEnum):
    """What to do with rows that the ledger holds otherwise."""

    ASK = "ask"
    APPLY = "apply"
    KEEP = "keep"


class Wish(Struct, frozen=True):
    """Which file is to be imported, and how.

    Args:
        path: the file.
        actor: id of who imports; empty while only looking.
        programme: code of the programme; empty for the one that is open.
        mapping: a mapping file (TOML or JSON); None for what the headings say alone.
        columns: what was said by hand of columns (heading or letter → field), over the mapping file.
        changes: what to do with rows that the ledger holds otherwise.
        why: an optional reason, kept with every event.
    """

    path: Path
    actor: str = ""
    programme: str = ""
    mapping: Path | None = None
    columns: dict[str, str] = {}
    changes: Changes = Changes.ASK
    why: str = ""


class Doubt(Struct, frozen=True):
    """Something to know of a row: key of the catalogues, the cell that it is about, what its sentence names."""

    code: str
    cell: str = ""
    params: dict[str, Any] = {}


class Difference(Struct, frozen=True):
    """One field that a row says otherwise than the ledger. `amendable`: an amendment can take it over."""

    field: str
    old: Any
    new: Any
    amendable: bool


class ColumnSeen(Struct, frozen=True):
    """One column, and what it is taken as (``column.…``; empty where as nothing), how surely, up to 1."""

    letter: str
    heading: str
    field: str
    confidence: float
    by_hand: bool = False


class TableSeen(Struct, frozen=True):
    """One table that was found. `header`: its rows, from 1; `year`: of days without one."""

    sheet: str
    header: tuple[int, ...]
    columns: tuple[ColumnSeen, ...]
    sideways: bool = False
    year: int | None = None


class RowSeen(Struct, frozen=True):
    """One row of the file, and what becomes of it.

    Args:
        sheet: the sheet.
        row: the row, from 1.
        outcome: what becomes of it.
        title: the beginning of the problem, or of what stands there.
        doubts: why it is refused or passed over, or how it was understood.
        number: the finding that it became, or is.
        differences: what it says otherwise than the ledger.
        claim: what it claims, where it is taken.
    """

    sheet: str
    row: int
    outcome: Outcome
    title: str = ""
    doubts: tuple[Doubt, ...] = ()
    number: str = ""
    differences: tuple[Difference, ...] = ()
    claim: Claim | None = None


class NewUnit(Struct, frozen=True):
    """A unit that the file names and the register does not know; it is registered with the import."""

    id: str
    name: str


class Plan(Struct, frozen=True):
    """What an import would do; nothing is written yet.

    Args:
        wish: what was asked for.
        file: the file's name.
        sha256: hash of its bytes.
        programme: the programme that it goes to.
        tables: the tables that were found, with their columns.
        passed: the sheets that were passed over, and why.
        rows: every row.
        units: units that would be registered.
        work: what `record` needs; nothing for a front end.
    """

    wish: Wish
    file: str
    sha256: str
    programme: str
    tables: tuple[TableSeen, ...]
    passed: tuple[tuple[str, str], ...]
    rows: tuple[RowSeen, ...]
    units: tuple[NewUnit, ...]
    work: Any = None

    def count(self, outcome: Outcome) -> int:
        """How many rows come to this."""
        return sum(row.outcome is outcome for row in self.rows)


class Done(Struct, frozen=True):
    """What an import recorded: its id, and every row with the number that its finding was given."""

    batch: str
    rows: tuple[RowSeen, ...]
    recorded: int
    amended: int
    units: tuple[NewUnit, ...]


class Imported(Struct, frozen=True):
    """One import that was recorded earlier. `standing`: how many of its findings were not taken back."""

    batch: str
    file: str
    sha256: str
    programme: str
    actor: str
    recorded_at: str
    rows: int
    standing: int


FIELDS = (
    "ordinal", "number", "source", "category", "title", "criteria", "severity", "team", "found_on", "lead_unit",
    "cooperating_units", "accountable_leader", "responsible_person", "class", "assigned_on", "deadline",
    "revised_deadline", "original_deadline", "measures", "progress", "closure_criteria", "status", "is_closed", "is_done",
    "closed_on", "closed_by", "round", "extensions", "follow_up", "light", "notes", "detail", "ignore",
)  # fmt: skip
"""What a column can be taken as (``column.…``), as mapping files and `Wish.columns` name it."""


class Imports(Protocol):
    """Imports of a ledger as a front end sees them. Every method may raise Rejected or Unreachable."""

    def plan(self, wish: Wish, progress: Progress | None = None) -> Plan:
        """Read a file and say what its import would do. Writes nothing."""

    def record(self, plan: Plan, progress: Progress | None = None) -> Done:
        """Do what the plan says, all of it or nothing."""

    def earlier(self) -> tuple[Imported, ...]:
        """The imports that were recorded, the latest first."""

    def undoing(self, batch: str) -> tuple[str, ...]:
        """The numbers of the findings that `undo` would withdraw now; refuses as it does. Writes nothing."""

    def undo(self, batch: str, actor: str, grounds: str, progress: Progress | None = None) -> tuple[str, ...]:
        """Take back a whole import; return the numbers of its findings, which are withdrawn.

        `batch`: the import's id, or the path of the file that was imported.
        """
