"""Owns the Desk on a ledger in this process: commands go to the write side, questions to the read models.

The write side is opened with the first command that needs it. Which store and which read models these are is said by
the composition root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from msgspec.structs import asdict

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.rules import Context, Offer, offers
from taizhang.ledger.domain.values import Evidence
from taizhang.ledger.domain.verdict import Check, Verdict
from taizhang.projections import audit
from taizhang.projections.log import Connection

from .desk import ExportKind, ExportOptions, Order, Query, Receipt, Step, Trail, TrailRow
from .past import ReadableLog
from .reading import NOBODY, Reading, changes

if TYPE_CHECKING:
    from taizhang.ledger.ledger import Ledger
    from taizhang.projections.runner import Views

T = TypeVar("T")


class EvidenceFiles(Protocol):
    """The evidence folder as the desk uses it."""

    def put(self, source: Path) -> Any:
        """Keep a copy of a file; gives sha256, size and name."""

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
        compare: names the tables of the read models that the log does not give again.
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
        compare: Callable[[Views], list[str]],
        clock: Callable[[], datetime],
        read_only: bool,
    ) -> None:
        super().__init__(log=log, views=views, clock=clock)
        self._path = path
        self._open_ledger = open_ledger
        self._evidence = evidence
        self._compare = compare
        self._read_only = read_only
        self._ledger: Ledger | None = None
        self._writing = threading.Lock()

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

    def trail(self, *, offset: int = 0, limit: int = 100, actor: str = "", number: str = "") -> Trail:
        """The audit trail of the whole ledger, newest first."""

        def work(connection: Connection) -> Trail:
            rows = audit.trail(connection, offset=offset, limit=limit, actor=actor, number=number)
            total = audit.count(connection, actor=actor, number=number)
            return Trail(tuple(TrailRow(**asdict(row)) for row in rows), total, self._log.head())

        return self._views.view(self._log, work)

    # -- tables

    def export(
        self,
        kind: ExportKind,
        format: str,  # noqa: A002 - the word of cli.md
        target: Path,
        query: Query,
        lang: str,
        *,
        options: ExportOptions = ExportOptions(),  # noqa: B008 - a frozen value
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Write a table to `target`; return how many rows it has."""
        from . import exporting

        order = exporting.Order(kind, format, target, query, lang, options, progress)
        scene = self._scene(query.when, query.today)
        with self._writing:
            root = self._writer().root(scene.index + 1).hex()
        now = self._clock()
        match kind:
            case ExportKind.HISTORY:
                return exporting.draw_history(order, scene, root, now, self._past.history(options.number))
            case ExportKind.WEEKLY:
                return exporting.draw_weekly(order, scene, root, now, self)
            case _:
                return exporting.draw_table(
                    order,
                    scene,
                    root,
                    now,
                    self._past,
                    lambda work: self._asked(scene, query.filter, query.cell, work),
                )

    # -- care

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verdict:
        """The deep check."""
        from taizhang.ledger.verify import verify_log

        with self._writing:
            verdict = verify_log(self._writer().store, self._evidence, progress)
        if verdict.ok:  # read models of a wrong log prove nothing
            wrong = self._compare(self._views)
            check = Check("views", not wrong, {"tables": wrong} if wrong else {})
            verdict = Verdict((*verdict.checks, check), verdict.size, verdict.root, verdict.first_wrong)
        return verdict

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
