"""Owns the Desk on a ledger in this process: commands go to the write side, questions to the read models.

The write side is opened with the first command that needs it. Which store and which read models these are is said by
the composition root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.rules import Context, Offer, offers
from taizhang.ledger.domain.values import Account, Evidence
from taizhang.ledger.domain.verdict import Verdict
from taizhang.projections import audit, problems, registry
from taizhang.projections.log import Connection, LogRow

from .desk import (
    Change,
    Counts,
    Dimension,
    ExportKind,
    Figures,
    FindingRow,
    Order,
    Page,
    Query,
    Receipt,
    Step,
    Trail,
    TrailRow,
)

if TYPE_CHECKING:
    from taizhang.ledger.ledger import Ledger
    from taizhang.projections.runner import Views

    from .casefile import Sealer
    from .cases import Cases
    from .proofs import Proofs, Signer


class ReadableLog(Protocol):
    """The log as the desk reads it."""

    def head(self) -> int:
        """Index of the last event."""

    def after(self, index: int, limit: int) -> list[LogRow]:
        """Events after an index."""

    def stream(self, stream: str, gt: int = 0) -> list[Any]:
        """The stored rows of a stream."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""

    def wait(self, index: int, timeout: float) -> int:
        """Wait for an event after an index."""

    def close(self) -> None:
        """Give it back."""


class EvidenceFiles(Protocol):
    """The evidence folder as the desk uses it."""

    def put(self, source: Path) -> Any:
        """Keep a copy of a file; gives sha256, size and name."""

    def open(self, digest: str) -> BinaryIO:
        """Open a kept file."""

    def check(self, digest: str) -> int:
        """Hash a kept file again."""


class LocalDesk:
    """The Desk of a ledger in a folder of this machine. Safe to share between threads.

    Args:
        path: the ledger's folder.
        log: the log, to read.
        views: the read models.
        open_ledger: opens the write side.
        evidence: the evidence files.
        open_views: opens other read models of the same log, in an empty folder.
        sealer: gives what signs case files, with the seal of the ledger and who lets it sign.
        compare: names the tables of the read models that the log does not give again.
        proofs: puts the seal together over the parts of this desk, and the lock that writing takes.
        clock: gives the time in UTC.
        read_only: whether the folder can only be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        log: ReadableLog,
        views: Views,
        open_ledger: Callable[[], Ledger],
        evidence: EvidenceFiles,
        open_views: Callable[[Path], Views],
        sealer: Callable[[Proofs, Signer], Sealer],
        compare: Callable[[Views], list[str]],
        proofs: Callable[[_Shared, threading.Lock], Proofs],
        clock: Callable[[], datetime],
        read_only: bool,
    ) -> None:
        self._path = path
        self._log = log
        self._views = views
        self._open_ledger = open_ledger
        self._evidence = evidence
        self._open_views = open_views
        self._sealer = sealer
        self._compare = compare
        self._proofs = proofs
        self._clock = clock
        self._read_only = read_only
        self._ledger: Ledger | None = None
        self._writing = threading.Lock()
        self._register: tuple[int, Register] = (-2, Register())

    @property
    def path(self) -> Path:
        """The ledger's folder."""
        return self._path

    @property
    def read_only(self) -> bool:
        """Whether the ledger can only be read."""
        return self._read_only

    def today(self) -> date:
        """Today, in the ledger's time zone."""
        return self._clock().astimezone(ZoneInfo(self.register().timezone)).date()

    def index(self) -> int:
        """The index of the last recorded event; -1 for none."""
        return self._log.head()

    def wait(self, index: int, timeout: float) -> int:
        """Wait until an event after `index` is recorded, at most `timeout` seconds; return the last index."""
        return self._log.wait(index, timeout)

    def register(self) -> Register:
        """Units, people and programmes as they stand."""
        head = self._log.head()
        if self._register[0] != head:
            self._register = (head, self._views.view(self._log, registry.load))
        return self._register[1]

    # -- writing

    def record(self, order: Order) -> Receipt:
        """Record a command, or refuse it."""
        from taizhang.ledger.ledger import Instruction

        if self._read_only:
            raise Unreachable("store.read-only", ledger=str(self._path), detail="")
        with self._writing:
            recorded = self._writer().record(
                Instruction(order.command, order.actor, order.via, order.happened_on, order.why, order.command_id)
            )
        return Receipt(**asdict(recorded))

    def keep_evidence(self, source: Path, caption: str = "") -> Evidence:
        """Keep a copy of a file under its hash, so that it can be attached."""
        kept = self._evidence.put(source)
        return Evidence(kept.sha256, kept.size, kept.name, caption)

    def offers(self, number: str | None, actor: str) -> tuple[Offer, ...]:
        """The steps that the table has for this finding, with what this actor would meet."""
        register, today = self.register(), self.today()
        nobody = Account("", "")  # the account marks an event, it never refuses one
        context = Context(register.person(actor), nobody, today, today, register)
        return offers(None if number is None else self.finding(number), context)

    def _writer(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._open_ledger()
        return self._ledger

    # -- the problem list

    def resolve(self, reference: str) -> str:
        """The number of a finding from what people say."""
        register = self.register()
        return self._views.view(self._log, lambda connection: problems.resolve(connection, reference, register))

    def findings(self, query: Query) -> Page:
        """A part of the problem list."""
        register, today = self.register(), query.today or self.today()

        def work(connection: Connection) -> Page:
            where = self._where(query.filter, register, today)
            rows = problems.page(
                connection,
                where,
                order=problems.Order(query.sort),
                descending=query.descending,
                limit=query.limit,
                offset=query.offset,
                today=today,
            )
            if query.limit is None or len(rows) < query.limit:  # the end of the list is in sight: no need to count
                total = query.offset + len(rows) if rows or not query.offset else problems.count(connection, where)
            else:
                total = problems.count(connection, where)
            return Page(tuple(map(_listed, rows)), total, query.offset, self._register[0])

        return self._views.view(self._log, work)

    def count(self, filter: str, today: date | None = None) -> int:  # noqa: A002 - the word of cli.md
        """How many findings the filter lets through."""
        where = self._where(filter, self.register(), today or self.today())
        return self._views.view(self._log, lambda connection: problems.count(connection, where))

    def finding(self, number: str) -> Finding:
        """One finding as it stands."""
        finding = self._views.view(self._log, lambda connection: problems.finding(connection, number))
        if finding is None:
            raise Rejected("finding.unknown", number=number)
        return finding

    def _where(self, text: str, register: Register, today: date) -> problems.Where:
        if not text.strip():
            return problems.EVERYTHING
        from taizhang.projections import filter as filters

        return filters.compiled(text, register, today)

    # -- history

    def history(self, number: str) -> tuple[Entry[Any], ...]:
        """Every event of one finding, from the log itself."""
        stream = catalogue.stream_of_number(number)
        rows = self._log.stream(stream) if stream else []
        if not rows:
            raise Rejected("finding.unknown", number=number)
        return tuple(
            catalogue.entry(row.position - 1, row.stream, row.version, row.topic, row.recorded_at, row.state)
            for row in rows
        )

    def replay(self, number: str) -> tuple[Step, ...]:
        """Every event of one finding with the state after it and what it changed."""
        steps: list[Step] = []
        finding: Finding | None = None
        for entry in self.history(number):
            before, finding = finding, evolve(finding, entry)
            steps.append(Step(entry, finding, _changes(before, finding)))
        return tuple(steps)

    def trail(self, *, offset: int = 0, limit: int = 100, actor: str = "", number: str = "") -> Trail:
        """The audit trail of the whole ledger, newest first."""

        def work(connection: Connection) -> Trail:
            rows = audit.trail(connection, offset=offset, limit=limit, actor=actor, number=number)
            total = audit.count(connection, actor=actor, number=number)
            return Trail(tuple(TrailRow(**asdict(row)) for row in rows), total, self._log.head())

        return self._views.view(self._log, work)

    # -- figures and tables

    def figures(self, by: Dimension, filter: str = "", today: date | None = None) -> Figures:  # noqa: A002
        """Closure figures."""
        from taizhang.projections import closure

        register, day = self.register(), today or self.today()
        where = self._where(filter, register, day)
        tally = self._views.view(self._log, lambda connection: closure.tally(connection, by, register, day, where))

        def counts(key: str, label: str, found: closure.Counts) -> Counts:
            return Counts(key, label, **asdict(found))

        groups = tuple(counts(group.key, _label(by, group.key, register), group.counts) for group in tally.groups)
        return Figures(by, groups, counts("", "", tally.total), self._log.head(), day)

    def export(self, kind: ExportKind, format: str, target: Path, query: Query, lang: str) -> int:  # noqa: A002
        """Write a table to `target`; return how many rows it has."""
        from .exporting import draw

        today, moment = query.today or self.today(), self._clock()

        def work(connection: Connection) -> int:
            return draw(
                connection,
                self._log,
                kind,
                format,
                target,
                filter=query.filter,
                sort=f"{'-' if query.descending else ''}{query.sort}",
                today=today,
                moment=moment,
                lang=lang,
                compiled=self._where,
            )

        return self._views.view(self._log, work)

    def cases(self) -> Cases:
        """What leaves the ledger with its proof: case files, and the check of exported tables."""
        from .cases import LocalCases

        return LocalCases(
            log=self._log,
            register=self.register,
            sealer=lambda by: self._sealer(self.proofs(), by),
            evidence=self._evidence,
            open_views=self._open_views,
            compiled=self._where,
        )

    # -- care

    def proofs(self) -> Proofs:
        """The seal of this ledger."""
        return self._proofs(_Shared(self), self._writing)

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verdict:
        """The deep check, against what lies beside the database."""

        def tell(phase: str, done: int, of: int) -> None:
            if progress and phase == "events":
                progress(done, of)

        return self.proofs().verify(progress=tell)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Build the read models afresh beside the old ones and swap; return the last index in them."""
        return self._views.rebuild(self._log, progress)

    def close(self) -> None:
        """Give everything back."""
        self._views.close()
        self._log.close()
        with self._writing:
            if self._ledger is not None:
                self._ledger.close()
                self._ledger = None


class _Shared:
    """The parts of a desk as its seal uses them: opened once, and closed with the desk."""

    def __init__(self, desk: LocalDesk) -> None:
        self._desk = desk

    def log(self) -> Any:
        return self._desk._log

    def writer(self) -> Ledger:
        return self._desk._writer()

    def resolve(self, reference: str) -> str:
        return self._desk.resolve(reference)

    def wrong_views(self) -> list[str]:
        return self._desk._compare(self._desk._views)

    def close(self) -> None:
        """Nothing was opened for the seal alone."""


def _listed(row: problems.ProblemRow) -> FindingRow:
    return FindingRow(
        number=row.number,
        aliases=(),
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
    )


def _label(by: Dimension, key: str, register: Register) -> str:
    """Return the name of a group as people know it; a word of a vocabulary stays for the catalogues."""
    if by is Dimension.UNIT and key in register.units:
        return register.units[key].name
    if by is Dimension.PROGRAMME and key in register.programmes:
        return register.programmes[key].name
    return key


_BOOKKEEPING = frozenset({"version", "changed_at", "hands"})
_EMPTY: tuple[Any, ...] = ("", None, (), 0)


def _changes(before: Finding | None, after: Finding) -> tuple[Change, ...]:
    """Return the fields that differ, the ledger's own bookkeeping aside."""
    fields = [field for field in Finding.__struct_fields__ if field not in _BOOKKEEPING]
    if before is None:
        return tuple(Change(field, None, value) for field in fields if (value := getattr(after, field)) not in _EMPTY)
    return tuple(
        Change(field, old, new) for field in fields if (old := getattr(before, field)) != (new := getattr(after, field))
    )
