"""Owns the Desk on a ledger in this process: commands go to the write side, questions to the read models.

The write side is opened with the first command that needs it. Which store and which read models these are is said by
the composition root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeVar

from msgspec.structs import asdict

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal, Rejected, Unreachable
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import ErasePerson
from taizhang.ledger.domain.rules import Context, Offer, offers
from taizhang.ledger.domain.values import Evidence
from taizhang.ledger.domain.verdict import Verdict
from taizhang.projections import audit, listing, problems
from taizhang.projections.log import Connection

from .blame import Blame, blame
from .desk import Dimension, ExportKind, ExportOptions, Order, Query, Receipt, Step, Trail, TrailRow
from .past import ReadableLog, Scene
from .reading import NOBODY, Reading, changes
from .standings import Standing, Standings

if TYPE_CHECKING:
    from taizhang.ledger.ledger import Instruction, Ledger, Recorded
    from taizhang.projections.runner import Views

    from .casefile import Sealer
    from .cases import Cases
    from .imports import Imports
    from .proofs import Proofs, Signer

T = TypeVar("T")
_NO_COUNTS = frozenset({"index", "today"})


class EvidenceFiles(Protocol):
    """The evidence folder as the desk uses it."""

    def put(self, source: Path) -> Any:
        """Keep a copy of a file; gives sha256, size and name."""

    def open(self, digest: str) -> BinaryIO:
        """Open a kept file."""

    def check(self, digest: str) -> int:
        """Hash a kept file again."""


class LocalDesk(Reading):
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
        super().__init__(log=log, views=views, clock=clock)
        self._path = path
        self._open_ledger = open_ledger
        self._evidence = evidence
        self._open_views = open_views
        self._sealer = sealer
        self._compare = compare
        self._proofs = proofs
        self._read_only = read_only
        self._ledger: Ledger | None = None
        self._recorded = False
        self._writing = threading.Lock()
        self._standings = Standings(self._past, lambda work: views.view(log, work), self._standing_counted)

    @property
    def path(self) -> Path:
        """The ledger's folder."""
        return self._path

    @property
    def read_only(self) -> bool:
        """Whether the ledger can only be read."""
        return self._read_only

    def index(self) -> int:
        """The index of the last recorded event; -1 for none."""
        return self._log.head()

    def wait(self, index: int, timeout: float) -> int:
        """Wait until an event after `index` is recorded, at most `timeout` seconds; return the last index."""
        return self._log.wait(index, timeout)

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
            self._recorded = True
        if isinstance(order.command, ErasePerson):
            self.rebuild()  # a name stays in the free pages of a file whose rows no longer hold it
        return Receipt(**asdict(recorded))

    def keep_evidence(self, source: Path, caption: str = "") -> Evidence:
        """Keep a copy of a file under its hash, so that it can be attached."""
        kept = self._evidence.put(source)
        return Evidence(kept.sha256, kept.size, kept.name, caption)

    def offers(self, number: str | None, actor: str) -> tuple[Offer, ...]:
        """The steps that the table has for this finding, with what this actor would meet."""
        register, today = self.register(), self.today()
        context = Context(register.person(actor), NOBODY, today, today, register)
        return offers(None if number is None else self.finding(number), context)

    def _writer(self) -> Ledger:
        if self._ledger is None:
            self._ledger = self._open_ledger()
        return self._ledger

    def imports(self) -> Imports:
        """Imports of files into this ledger."""
        from .importing import Importing

        return Importing(self)

    def viewed(self, work: Callable[[Connection], T]) -> T:
        """Let `work` query the read models, up to the end of the log."""
        return self._views.view(self._log, work)

    def record_all(
        self, instructions: list[Instruction], progress: Callable[[int, int], None] | None = None
    ) -> list[Recorded]:
        """Record commands in one transaction: all of them, or none."""
        if self._read_only:
            raise Unreachable("store.read-only", ledger=str(self._path), detail="")
        with self._writing:
            return self._writer().record_all(instructions, progress)

    # -- history

    def history(self, number: str) -> tuple[Entry[Any], ...]:
        """Every event of one finding, from the log itself."""
        return tuple(self._past.history(number))

    def replay(self, number: str) -> tuple[Step, ...]:
        """Every event of one finding with the state after it and what it changed."""
        steps: list[Step] = []
        finding: Finding | None = None
        for entry in self.history(number):
            before, finding = finding, evolve(finding, entry)
            steps.append(Step(entry, finding, changes(before, finding)))
        return tuple(steps)

    def blame(self, number: str, when: str = "") -> tuple[Blame, ...]:
        """Every value of a finding as it stands, or stood, with the event that set it."""
        last = self.moment(when).index if when.strip() else None
        return blame(
            (step.entry, step.finding) for step in self.replay(number) if last is None or step.entry.index <= last
        )

    def standing(self, index: int) -> Standing:
        """How the whole ledger stood after an event, in figures."""
        if not 0 <= index <= self._log.head():
            raise Rejected("when.no-event", index=index, last=self._log.head())
        return self._standings.at(index)

    def trend(self) -> tuple[Standing, ...]:
        """How the whole ledger stood at the end of each month, and stands."""
        return self._standings.trend()

    def _standing_counted(self, index: int) -> Standing:
        figures = self.figures(Dimension.UNIT, when=f"#{index}")
        counts = {name: getattr(figures.total, name) for name in Standing.__struct_fields__ if name not in _NO_COUNTS}
        return Standing(index, figures.today, **counts)

    def event(self, index: int) -> Entry[Any]:
        """One event of the ledger, of whatever stream, from the log itself."""
        return self._past.event(index)

    def trail(self, *, offset: int = 0, limit: int = 100, actor: str = "", number: str = "", when: str = "") -> Trail:
        """The audit trail of the whole ledger, or as far as it reached then, newest first."""
        from taizhang.projections.runner import position

        last = self.moment(when).index if when.strip() else None

        def work(connection: Connection) -> Trail:
            part = audit.Part(actor, number, last)
            rows = audit.trail(connection, part, offset=offset, limit=limit)
            total = audit.count(connection, part)
            return Trail(tuple(TrailRow(**asdict(row)) for row in rows), total, position(connection))

        return self._views.view(self._log, work)

    # -- tables

    def export(
        self,
        kind: ExportKind,
        format: str,  # noqa: A002 - the word of the command line
        target: Path,
        query: Query,
        lang: str,
        *,
        options: ExportOptions = ExportOptions(),  # noqa: B008 - a frozen value
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write a table to `target`, whole or not at all; return how many rows it has."""
        scene = self._scene(query.when, query.today)
        if kind in (ExportKind.HISTORY, ExportKind.WEEKLY):
            from . import reports
            from .exporting import root_of

            order = reports.Order(kind, format, target, query, lang, options, progress)
            root, now = root_of(self._log, scene.index + 1), self._clock()
            if kind is ExportKind.HISTORY:
                return reports.draw_history(order, scene, root, now, self._past.history(options.number))
            return reports.draw_weekly(order, scene, root, now, self)
        rows = self._export_table(kind, format, target, query, lang, scene, options, progress)
        if rows is None:
            scene = self._scene(f"#{scene.index}", scene.by.today)
            rows = self._export_table(kind, format, target, query, lang, scene, options, progress) or 0
        return rows

    def _export_table(
        self,
        kind: ExportKind,
        format: str,  # noqa: A002 - the word of the command line
        target: Path,
        query: Query,
        lang: str,
        scene: Scene,
        options: ExportOptions,
        progress: Callable[[int, int], None] | None,
    ) -> int | None:
        """As `export`, of findings; None where somebody has recorded something since the scene was set."""
        from taizhang.locale.words import words_for
        from taizhang.projections.export import Stamp, write_table
        from taizhang.projections.runner import position

        from .exporting import draw, order_of, root_of, spelt

        sort, root = f"{'-' if query.descending else ''}{query.sort}", root_of(self._log, scene.index + 1)
        stamp = Stamp(
            scene.index,
            self._clock(),
            scene.by.today,
            root,
            query.filter,
            sort,
            spelt(query.cell),
            options.masked,
        )

        def work(connection: Connection, where: problems.Where, then: problems.Then | None) -> int | None:
            total = problems.count(connection, where, then) if progress else 0
            told = (lambda done: progress(done, total)) if progress else None
            if then is not None:
                found = self._as_they_stood(connection, where, then, order_of(stamp), query.descending)
                return write_table(
                    kind,
                    format,
                    target,
                    found,
                    scene.register,
                    words_for(lang),
                    stamp,
                    template=options.template,
                    most=options.most,
                    told=told,
                )
            if position(connection) != scene.index:
                return None
            return draw(
                connection,
                where,
                kind,
                format,
                target,
                register=scene.register,
                lang=lang,
                stamp=stamp,
                template=options.template,
                most=options.most,
                told=told,
            )

        return self._asked(scene, query.filter, query.cell, work)

    def _as_they_stood(
        self,
        connection: Connection,
        where: problems.Where,
        then: problems.Then,
        order: problems.Order,
        descending: bool,
    ) -> Iterator[Finding]:
        for number in listing.numbers_then(connection, where, then, order=order, descending=descending):
            if (finding := self._past.finding(number, then.index)) is not None:
                yield finding

    def cases(self) -> Cases:
        """What leaves the ledger with its proof: case files, and the check of exported tables."""
        from .cases import LocalCases

        return LocalCases(
            log=self._log,
            register=self.register,
            sealer=lambda by: self._sealer(self.proofs(), by),
            evidence=self._evidence,
            open_views=self._open_views,
            compiled=self._condition,
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
        try:
            if self._recorded:
                self._seal()
        finally:
            self._views.close()
            self._log.close()
            with self._writing:
                if self._ledger is not None:
                    self._ledger.close()
                    self._ledger = None

    def _seal(self) -> None:
        """Have the kept checkpoint cover what was recorded here: the end of the log cannot be cut off unseen then."""
        from .proofs import Signer

        with suppress(Refusal):  # where the key is kept elsewhere, say: `verify` says what no checkpoint covers
            self.proofs().checkpoint(Signer())


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
