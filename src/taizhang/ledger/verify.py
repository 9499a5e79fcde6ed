"""Owns the deep check of the log (`ledger verify`): does what is stored still prove itself?

Works from the file and the public key alone. Knows no read model (the desk compares those) and mends nothing: it names
the first event that is wrong and what it was checked against, and says what is proved and what is not. Source: docs/proof.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from taizhang.ledger.checks.seals import Material, Sealed, check_seals
from taizhang.ledger.checks.spine import Spine, events_below, read_spine
from taizhang.ledger.checks.streams import StreamReport, read_part
from taizhang.ledger.checks.workers import Task, processes_for, share
from taizhang.ledger.domain.catalogue import REGISTER_STREAM
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.values import Evidence
from taizhang.ledger.domain.verdict import Check, Statement, Verdict
from taizhang.ledger.store.contract import AuditLog, Extent, OpenAudit

__all__ = ["EvidenceFiles", "OpenAudit", "Progress", "verify_log"]

Progress = Callable[[str, int, int], None]
"""Told a phase (``events``, ``evidence``, ``views``), how much of it is done, and how much there is."""

PART_EVENTS = 12_500
"""About so many events are in one part of the log; the progress moves part by part."""

MOST_PARTS = 512
"""A forged position may be any number: it must not make the check look at as many parts."""

HASHERS = 4
SHOWN = 5
_DAMAGE = frozenset({"store.damaged", "store.io", "store.cannot-open"})
_STREAM_CHECKS = ("leaves", "versions", "times", "commands", "replay", "rules")


class EvidenceFiles(Protocol):
    """What the check reads of the evidence folder."""

    def check(self, digest: str) -> int:
        """Hash a kept file again and return its size; refuses a file that is missing or changed."""


def verify_log(
    open_log: OpenAudit,
    evidence: EvidenceFiles | None,
    progress: Progress | None = None,
    *,
    material: Material | None = None,
    processes: int | None = None,
) -> Verdict:
    """Check everything that the log alone can prove.

    Args:
        open_log: opens the stored log; it can be pickled.
        evidence: the evidence files; None where they are not to be looked at.
        progress: told how far it is.
        material: keys and checkpoints to hold the log against; None for none at all.
        processes: how many others share the work; None for what is worth while.

    Returns:
        Every check in order; the first wrong event is the smallest index that any of them names.

    Raises:
        Unreachable: the ledger is held by somebody else, or this machine could not finish the check. A damaged file is
            a finding of the check, not a failure of it.
    """
    return _Examination(open_log, evidence, progress or (lambda *_: None), material, processes).verdict()


class _Examination:
    """One deep check."""

    def __init__(
        self,
        open_log: OpenAudit,
        evidence: EvidenceFiles | None,
        progress: Progress,
        material: Material | None,
        processes: int | None,
    ) -> None:
        self._open_log = open_log
        self._evidence = evidence
        self._progress = progress
        self._material = material
        self._processes = processes
        self._damage: list[str] = []
        self._streams = StreamReport()
        self._spine = Spine()
        self._schema: list[str] = []
        self._extent = Extent(0, 0)

    def verdict(self) -> Verdict:
        """Read everything once, then say what was found."""
        with ThreadPoolExecutor(1) as beside:
            integrity = beside.submit(self._integrity)
            self._read()
            self._damage += integrity.result()
        checks = [*self._checks()]
        sealed: list[Sealed] = []
        if self._material is not None:
            opened = self._streams.opened
            found = check_seals(
                self._material,
                opened.origin if opened else "",
                self._streams.keys,
                self._spine.roots,
                self._spine.size,
            )
            checks += found.checks
            sealed = found.sealed
        if self._evidence is not None:
            checks.append(self._evidence_check(self._evidence))
        first, against = _first_wrong(checks)
        proved = () if self._material is None else tuple(_proved(checks, self._spine.size, sealed))
        unproved = () if self._material is None else tuple(self._unproved(sealed, self._material))
        root = self._spine.root.hex()
        return Verdict(tuple(checks), self._spine.size, root, first, against, proved, unproved)

    # -- reading

    def _integrity(self) -> list[str]:
        """Have the store check itself, beside everything else: it needs no interpreter, only the disk."""
        found: list[str] = self._with_log(lambda log: log.damage(), [])
        return found

    def _read(self) -> None:
        self._schema = self._with_log(lambda log: log.schema_differences(), [])
        self._extent = extent = self._with_log(lambda log: log.extent(), Extent(0, 0))
        count = max(1, min(extent.last // PART_EVENTS, MOST_PARTS))
        parts = self._with_log(lambda log: log.parts(count, extent.last), [])
        register = self._with_log(lambda log: log.stream(REGISTER_STREAM.encode(), extent.last), [])
        sizes = self._material.sizes() if self._material else frozenset()
        spine = partial(read_spine, last=extent.last, sizes=sizes)
        tasks: list[Task] = [spine, *(partial(read_part, part=part, register=register) for part in parts)]
        processes = processes_for(extent.last) if self._processes is None else self._processes
        self._guarded(lambda: share(self._open_log, tasks, processes, self._take))
        for index, command in sorted(self._streams.lacking):
            if self._with_log(lambda log, command=command: log.lacks_command(command), False):  # type: ignore[misc]
                self._streams.blame("commands", index, command)
                break
        self._progress("events", extent.last, extent.last)

    def _take(self, answer: StreamReport | Spine) -> None:
        if isinstance(answer, Spine):
            self._spine = answer
        else:
            self._streams.join(answer)
            self._progress("events", min(self._streams.rows, self._extent.last - 1), self._extent.last)

    def _with_log(self, work: Callable[[AuditLog], Any], otherwise: Any) -> Any:
        """Return what `work` makes of the log; what cannot be read is damage."""

        def opened() -> Any:
            log = self._open_log(False)
            try:
                return work(log)
            finally:
                log.close()

        return self._guarded(opened, otherwise)

    def _guarded(self, work: Callable[[], Any], otherwise: Any = None) -> Any:
        try:
            return work()
        except Unreachable as unreadable:
            if unreadable.code not in _DAMAGE:
                raise
            detail = str(unreadable.params.get("detail", unreadable.code))
            if detail not in self._damage:
                self._damage.append(detail)
            return otherwise

    # -- what it comes to

    def _checks(self) -> Iterator[Check]:
        streams, spine = self._streams, self._spine
        problems = list(dict.fromkeys(self._damage))
        if not problems and streams.rows != spine.size:
            problems = [f"{streams.rows} ≠ {spine.size}"]
        yield Check("database", not problems, {"problems": problems[:SHOWN]})
        yield Check("schema", not self._schema, {"differences": self._schema})
        wrong = {**spine.wrong}
        for code, found in streams.wrong.items():
            wrong[code] = min(found, wrong.get(code, found))
        yield self._sequence_check()
        for code in _STREAM_CHECKS:
            first = wrong.get(code)
            yield Check(code, first is None, {"index": first.index, "detail": first.detail} if first else {})
        yield self._nodes_check()

    def _sequence_check(self) -> Check:
        found = self._spine.wrong.get("sequence")
        if found is not None:
            return Check("sequence", False, {"index": found.index, "detail": found.detail})
        extent = self._extent
        if extent.dealt < 0:
            return Check("sequence", False, {}, "no-counter")
        if extent.dealt != extent.last:
            return Check("sequence", False, {"last": extent.last - 1, "dealt": extent.dealt - 1}, "counter")
        return Check("sequence", True)

    def _nodes_check(self) -> Check:
        nodes = self._spine.nodes
        if not nodes:
            return Check("nodes", True)
        first, last = min(events_below(*node) for node in nodes)
        names = [f"{level}/{index}" for level, index in nodes[:SHOWN]]
        return Check("nodes", False, {"nodes": names, "first": first, "last": last})

    def _evidence_check(self, files: EvidenceFiles) -> Check:
        """Hash every piece of evidence again, several at once: hashing lets go of the interpreter."""
        mentions = sorted(self._streams.evidence.values(), key=lambda mention: mention[0])
        bad: list[tuple[int, Evidence]] = []
        with ThreadPoolExecutor(HASHERS) as pool:
            for done, (mention, whole) in enumerate(
                zip(mentions, pool.map(lambda mention: _kept(files, mention[1]), mentions), strict=True), 1
            ):
                self._progress("evidence", done, len(mentions))
                if not whole:
                    bad.append(mention)
        if not bad:
            return Check("evidence", True, {"count": len(mentions)})
        index, piece = bad[0]
        params = {"index": index, "name": piece.name, "sha256": piece.sha256, "count": len(bad)}
        return Check("evidence", False, params)

    def _unproved(self, sealed: list[Sealed], material: Material) -> Iterator[Statement]:
        size = self._spine.size
        covered = max((head.size for head in sealed), default=0)
        outside = max((head.size for head in sealed if head.given or head.witnesses), default=0)
        if not sealed:
            yield Statement("unproved.no-checkpoint")
        elif covered < size:
            yield Statement("unproved.tail", {"first": covered, "last": size - 1})
        if sealed and material.vkey is None:
            yield Statement("unproved.no-vkey")
        if sealed and outside < covered:
            yield Statement("unproved.no-outsider", {"first": outside, "last": covered - 1})
        if self._evidence is None:
            yield Statement("unproved.log-only")
        yield Statement("unproved.truth")


def _proved(checks: list[Check], size: int, sealed: list[Sealed]) -> Iterator[Statement]:
    if not all(check.ok for check in checks):
        return
    yield Statement("proved.events", {"size": size})
    for head in sorted(sealed, key=lambda head: head.size):
        if head.size:
            yield Statement(
                "proved.sealed",
                {"name": head.name, "size": head.size, "last": head.size - 1, "key": head.key.vkey},
            )
        for witness, time in head.witnesses:
            moment = datetime.fromtimestamp(time, UTC).isoformat()
            yield Statement("proved.witnessed", {"witness": witness, "size": head.size, "time": moment})


def _first_wrong(checks: list[Check]) -> tuple[int | None, str]:
    """Return the smallest index that a check blames, and the code of that check."""
    blamed = [
        (check.params["index"], at) for at, check in enumerate(checks) if not check.ok and "index" in check.params
    ]
    if not blamed:
        return None, ""
    index, at = min(blamed)
    return index, checks[at].code


def _kept(evidence: EvidenceFiles, piece: Evidence) -> bool:
    try:
        return evidence.check(piece.sha256) == piece.size
    except Rejected:  # missing, unreadable or changed: all of them are what this check is for
        return False
