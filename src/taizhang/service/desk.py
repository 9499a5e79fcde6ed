"""Owns the Desk: everything that a front end can ask of a ledger, as a Protocol and plain values.

Terminal and command line speak to this and to nothing behind it. Knows no store, no SQL and no label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from taizhang.ledger.domain.commands import FindingCommand
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, Reason, Yardstick
from taizhang.ledger.domain.register import Register, RegisterCommand
from taizhang.ledger.domain.rules import Offer
from taizhang.ledger.domain.values import Evidence, FindingClass, Severity, State, Via
from taizhang.ledger.domain.verdict import Verdict
from taizhang.ledger.domain.worklist import Suggestion

from .blame import Blame
from .figures import Cell, Counts, Dimension, Figures, Rounds
from .moments import Moment
from .standings import Standing

if TYPE_CHECKING:  # what a list needs none of is loaded by whoever does
    from .cases import Cases
    from .imports import Imports
    from .proofs import Proofs
    from .receipts import BackupReceipt, CaseReceipt, CaseVerdict, ExportDifference, ExportVerdict, RestoreReceipt

# the values of neighbours that a front end meets through the desk
__all__ = [
    "BackupReceipt",
    "Blame",
    "CaseReceipt",
    "CaseVerdict",
    "Cell",
    "Counts",
    "Dimension",
    "ExportDifference",
    "ExportVerdict",
    "Figures",
    "Moment",
    "RestoreReceipt",
    "Rounds",
    "Standing",
]


class Order(Struct, frozen=True):
    """One command, with who gives it.

    Args:
        command: what is wished.
        actor: id of the person who acts.
        via: the door that it comes in by.
        happened_on: when it happened on site; None for today.
        why: an optional reason in the person's own words.
        command_id: the same id is recorded once; empty for a fresh one.
    """

    command: FindingCommand | RegisterCommand
    actor: str
    via: Via
    happened_on: date | None = None
    why: str = ""
    command_id: str = ""


class Receipt(Struct, frozen=True):
    """What was recorded. `repeated`: this command id had been recorded before, nothing was added."""

    stream: str
    version: int
    index: int
    topic: str
    number: str = ""
    repeated: bool = False


class Sort(StrEnum):
    """The orders of the problem list; a leading minus in a query turns one round."""

    LOGGED = "logged"
    NUMBER = "number"
    DUE = "due"
    CHANGED = "changed"
    UNIT = "unit"
    STATUS = "status"
    TITLE = "title"


class Query(Struct, frozen=True):
    """Which findings, in which order, and which part of them.

    Args:
        filter: the filter language (docs/guide.md, "The filter language"); empty for all.
        sort: the order.
        descending: the other way round.
        offset: how many to pass over.
        limit: how many at most; None for all.
        today: the day that colours and deadlines are judged by; None for today, or for the day of `when`.
        when: WHEN of the command line: the list as it stood then; empty for as it stands.
        cell: only what one count of the figures counts.
        uncounted: the rows alone are wanted, as soon as may be: see `Page.counted`.
    """

    filter: str = ""
    sort: Sort = Sort.LOGGED
    descending: bool = False
    offset: int = 0
    limit: int | None = None
    today: date | None = None
    when: str = ""
    cell: Cell | None = None
    uncounted: bool = False


class FindingRow(Struct, frozen=True, rename={"class_": "class"}):
    """One line of the problem list; also the JSON of a finding in lists.

    `unit` is the id of the lead unit and `unit_name` its name; both are empty before the finding is assigned.
    `missed`, `returns` and `extensions` are those of the current round.
    """

    number: str
    aliases: tuple[str, ...]
    title: str
    status: State
    round: int
    class_: FindingClass | None
    source: str
    category: str
    unit: str
    unit_name: str
    due: date | None
    original_due: date | None
    light: Light
    version: int
    logged_at: str
    closed_at: str | None
    severity: Severity | None = None
    found_on: date | None = None
    programme: str = ""
    responsible_person: str = ""
    missed: bool = False
    closed_late: bool = False
    returns: int = 0
    extensions: int = 0


class Page(Struct, frozen=True):
    """A part of a list. `total` counts the whole list, `index` is the last event that it knows.

    Where `counted` is false there are more than `total`: nobody has counted them.
    """

    rows: tuple[FindingRow, ...]
    total: int
    offset: int
    index: int
    counted: bool = True


class Change(Struct, frozen=True):
    """One field that a step changed. Values are the state's own (text, date, enum, tuple of Structs …)."""

    field: str
    old: Any
    new: Any


class Step(Struct, frozen=True):
    """One event of a finding's life, the finding after it, and what it changed."""

    entry: Entry[Any]
    finding: Finding
    changes: tuple[Change, ...]


class ListDiff(Struct, frozen=True):
    """What became of the list between two moments, each finding as it stood at the later one.

    Args:
        entered: logged or opened again since.
        left: no longer open.
        changed: something happened to them, but they neither entered nor left.
        newly_overdue: red at the later moment and not at the earlier one.
    """

    earlier: Moment
    later: Moment
    entered: tuple[FindingRow, ...]
    left: tuple[FindingRow, ...]
    changed: tuple[FindingRow, ...]
    newly_overdue: tuple[FindingRow, ...]


class TrailRow(Struct, frozen=True):
    """One line of the audit trail of the whole ledger.

    `number` is the finding's, `place` its place in the list in the order of logging, from 1; empty and 0 for an event of
    another stream.
    """

    index: int
    stream: str
    number: str
    version: int
    topic: str
    actor: str
    os_user: str
    host: str
    via: Via
    recorded_at: str
    happened_on: date
    same_account: bool = False
    place: int = 0


class Trail(Struct, frozen=True):
    """A part of the audit trail, newest first."""

    rows: tuple[TrailRow, ...]
    total: int
    index: int


class Completion(Struct, frozen=True):
    """What could be typed next in a filter: it stands in place of the characters from `start` to `end`.

    Args:
        text: as it is typed.
        note: what it is: its other name, or how many findings have it.
    """

    start: int
    end: int
    text: str
    note: str


class ExportKind(StrEnum):
    """Tables that can be handed in."""

    PROBLEMS = "problems"
    CLOSURE = "closure"
    HISTORY = "history"
    WEEKLY = "weekly"


class ExportOptions(Struct, frozen=True):
    """How a table is to be handed in.

    Args:
        masked: whether names of persons are masked.
        number: the finding whose history it is.
        template: a team's own Word or Excel file that is filled instead; its format is that of the export.
        most: how many rows at most, for a look before the whole; 0 for all. The weekly report is always whole.
    """

    masked: bool = False
    number: str = ""
    template: Path | None = None
    most: int = 0


class Desk(Protocol):
    """A ledger as a front end sees it. Every method may raise Rejected (a rule) or Unreachable (the ledger)."""

    @property
    def path(self) -> Path:
        """The ledger's folder."""

    @property
    def read_only(self) -> bool:
        """Whether the ledger can only be read."""

    def today(self) -> date:
        """Today, in the ledger's time zone."""

    def index(self) -> int:
        """The index of the last recorded event; -1 for none. Cheap enough to poll."""

    def wait(self, index: int, timeout: float) -> int:
        """Wait until an event after `index` is recorded, by any process, at most `timeout` seconds; return the last index."""

    def register(self) -> Register:
        """Units, people and programmes as they stand."""

    def moment(self, when: str) -> Moment:
        """The place in the log that WHEN of the command line means, and the day that it is judged by."""

    def yardstick(self, today: date | None = None, when: str = "") -> Yardstick:
        """What colours are judged by on a day (None: today, or the day of `when`), by the policy and calendar in force then."""

    def record(self, order: Order) -> Receipt:
        """Record a command, or refuse it."""

    def keep_evidence(self, source: Path, caption: str = "") -> Evidence:
        """Keep a copy of a file under its hash, so that it can be attached."""

    def offers(self, number: str | None, actor: str) -> tuple[Offer, ...]:
        """The steps that the table has for this finding (None: not yet logged), with what this actor would meet."""

    def resolve(self, reference: str) -> str:
        """The number of a finding from what people say: a number, an alias, or the ordinal where that is clear."""

    def findings(self, query: Query) -> Page:
        """A part of the problem list."""

    def count(
        self,
        filter: str,  # noqa: A002 - the word of the command line
        today: date | None = None,
        *,
        when: str = "",
        cell: Cell | None = None,
    ) -> int:
        """How many findings the filter lets through; see `Query`."""

    def finding(self, number: str, when: str = "") -> Finding:
        """One finding as it stands, or stood."""

    def why(self, number: str, when: str = "") -> tuple[Reason, ...]:
        """Why a finding has its colour, or had it then: the decisive reason first."""

    def worklist(self, actor: str = "") -> tuple[Suggestion, ...]:
        """What the policy calls for today, oldest first; for an actor only the steps that they may take."""

    def diff(self, number: str, earlier: str, later: str) -> tuple[Change, ...]:
        """What changed of one finding between two moments, field by field."""

    def diff_list(self, earlier: str, later: str, filter: str = "") -> ListDiff:  # noqa: A002
        """What became of the list between two moments; the filter is that of the later one."""

    def history(self, number: str) -> tuple[Entry[Any], ...]:
        """Every event of one finding, from the log itself."""

    def replay(self, number: str) -> tuple[Step, ...]:
        """Every event of one finding with the state after it and what it changed."""

    def event(self, index: int) -> Entry[Any]:
        """One event of the ledger, of whatever stream, from the log itself."""

    def blame(self, number: str, when: str = "") -> tuple[Blame, ...]:
        """Every value of a finding as it stands, or stood, with the event that set it."""

    def trail(self, *, offset: int = 0, limit: int = 100, actor: str = "", number: str = "", when: str = "") -> Trail:
        """The audit trail of the whole ledger, or as far as it reached then, newest first."""

    def completions(self, text: str, at: int, lang: str, *, at_once: bool = False) -> tuple[Completion, ...] | None:
        """What could be typed at a place of a filter, by characters or by their sound; the likeliest first.

        Args:
            at_once: return None where values would have to be counted first, which takes a while.
        """

    def sounds(self, texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """How each text can be typed in letters: syllables and initials of its Chinese characters."""

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

    def standing(self, index: int) -> Standing:
        """How the whole ledger stood after an event, in figures; quick enough to scrub along time."""

    def trend(self) -> tuple[Standing, ...]:
        """How the whole ledger stood at the end of each month, and stands."""

    def export(
        self,
        kind: ExportKind,
        format: str,  # noqa: A002 - the word of the command line
        target: Path,
        query: Query,
        lang: str,
        *,
        options: ExportOptions = ...,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write a table to `target`, whole or not at all; return how many rows it has.

        Args:
            format: ``xlsx``, ``docx``, ``pdf``, ``csv``, ``json`` or ``md``.
            progress: told how many rows of how many are done.
        """

    def cases(self) -> Cases:
        """What leaves the ledger with its proof: case files, and the check of exported tables."""

    def proofs(self) -> Proofs:
        """The seal of this ledger: checkpoints, proofs, witnesses, and the deep check in full."""

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verdict:
        """The deep check. `progress` is told how many events of how many are done."""

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Build the read models afresh beside the old ones and swap; return the last index in them."""

    def imports(self) -> Imports:
        """Imports of files into this ledger."""

    def close(self) -> None:
        """Give everything back."""
