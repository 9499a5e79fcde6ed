"""Owns the deep check of the log (`ledger verify`): does what is stored still prove itself?

Works from the file alone. Knows no read model (the desk compares those) and mends nothing: it names the first event
that is wrong. Source: proof.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, Protocol

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal, Rejected, Unreachable
from taizhang.ledger.domain.events import EvidenceAttached
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import Register, evolve_register
from taizhang.ledger.domain.values import Evidence
from taizhang.ledger.domain.verdict import Check, Verdict
from taizhang.ledger.legality import refusal_of, register_refusal_of
from taizhang.ledger.seal.frontier import Frontier
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.tree import leaf_hash
from taizhang.ledger.store.contract import EventRecorder, Row

PROGRESS_EVERY = 2_000


class EvidenceFiles(Protocol):
    """What the check reads of the evidence folder."""

    def check(self, digest: str) -> int:
        """Hash a kept file again and return its size; refuses a file that is missing or changed."""


def verify_log(
    store: EventRecorder, evidence: EvidenceFiles, progress: Callable[[int, int], None] | None = None
) -> Verdict:
    """Check everything that the log alone can prove.

    Args:
        store: the stored log.
        evidence: the evidence files.
        progress: told how many events of how many are done.

    Returns:
        Every check in order; the first wrong event is the smallest index that any of them names.
    """
    reader = _Reader()
    broken: str | None = None
    damage = schema = None
    try:
        damage = store.damage()
        schema = store.schema_differences()
        total = store.count()
        for done, row in enumerate(store.scan(), 1):
            reader.read(row)
            if done % PROGRESS_EVERY == 0 and progress:
                progress(done, total)
        nodes = _wrong_nodes(store, reader)
        if progress:
            progress(total, total)
    except Unreachable as unreadable:  # a damaged file is a finding of this check, not a failure of it
        broken = str(unreadable.params.get("detail", unreadable.code))
        nodes = []
    checks = [
        _check("database", not damage and broken is None, problems=(damage or []) + ([broken] if broken else [])),
        _check("schema", not schema, differences=schema or []),
        *reader.checks(),
        _check("nodes", not nodes, nodes=nodes),
        *_evidence_checks(reader, evidence),
    ]
    return Verdict(tuple(checks), reader.size, reader.frontier.root().hex(), reader.first_wrong)


def _check(code: str, ok: bool, **params: Any) -> Check:
    return Check(code, ok, {} if ok else params)


class _Reader:
    """One pass over the log: what it expects next, and the first event that breaks each expectation."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.completed: list[tuple[int, int, bytes]] = []
        self.evidence: dict[str, tuple[int, Evidence]] = {}
        self.wrong: dict[str, tuple[int, str]] = {}
        self._versions: dict[str, int] = {}
        self._findings: dict[str, Finding] = {}
        self._register = Register()
        self._last_time = ""

    @property
    def size(self) -> int:
        return self.frontier.size

    @property
    def first_wrong(self) -> int | None:
        return min((index for index, _ in self.wrong.values()), default=None)

    def read(self, row: Row) -> None:
        index = self.frontier.size
        if row.position != index + 1:
            self._blame("sequence", index, f"#{row.position - 1}")
        record = leaf_record(
            index, row.stream, row.version, row.topic, row.recorded_at, commitment(row.salt, row.state)
        )
        leaf = leaf_hash(record)
        if leaf != row.leaf:
            self._blame("leaves", index, row.topic)
        self.completed += self.frontier.append(leaf)
        version = self._versions.get(row.stream, 0) + 1
        if row.version != version:
            self._blame("versions", index, f"{row.stream} {row.version} ≠ {version}")
        self._versions[row.stream] = row.version
        if row.recorded_at < self._last_time:
            self._blame("times", index, row.recorded_at)
        self._last_time = max(self._last_time, row.recorded_at)
        try:
            self._replay(index, row)
        except (ValueError, KeyError, IndexError, AssertionError, Refusal) as error:  # whatever a wrong event leads to
            self._blame("replay", index, f"{row.stream} {row.version}: {error}")

    def _replay(self, index: int, row: Row) -> None:
        entry: Entry[Any] = catalogue.entry(index, row.stream, row.version, row.topic, row.recorded_at, row.state)
        if row.command is not None and row.command != entry.envelope.command:
            self._blame("commands", index, row.command)
        if row.stream.startswith(catalogue.FINDING_PREFIX):
            before = self._findings.get(row.stream)
            self._findings[row.stream] = evolve(before, entry)
            self._judge(index, refusal_of(entry, before, self._register))
            if isinstance(entry.data, EvidenceAttached):
                self.evidence.setdefault(entry.data.evidence.sha256, (index, entry.data.evidence))
        elif row.stream in (catalogue.LEDGER_STREAM, catalogue.REGISTER_STREAM):
            self._judge(index, register_refusal_of(entry, self._register))
            self._register = evolve_register(self._register, (entry.envelope,))
        else:
            self._blame("replay", index, row.stream)

    def _judge(self, index: int, refusal: Rejected | None) -> None:
        if refusal is not None:
            self._blame("rules", index, f"{refusal.code} {refusal.params.get('person', '')}".strip())

    def _blame(self, code: str, index: int, detail: str) -> None:
        self.wrong.setdefault(code, (index, detail))

    def checks(self) -> Iterator[Check]:
        for code in ("sequence", "leaves", "versions", "times", "commands", "replay", "rules"):
            index, detail = self.wrong.get(code, (0, ""))
            yield _check(code, code not in self.wrong, index=index, detail=detail)


def _wrong_nodes(store: EventRecorder, reader: _Reader) -> list[str]:
    """Return the stored subtree hashes that the leaves do not give, and those that should not be there."""
    expected: dict[int, list[bytes]] = {1: []}
    for level, _, node in reader.completed:  # completed in the order of their numbers, level by level
        expected.setdefault(level, []).append(node)
    wrong = []
    for level in range(1, max(expected) + 2):
        hashes = expected.get(level, [])
        stored = store.hashes(level, 0, len(hashes) + 1)
        wrong += [f"{level}/{at}" for at, (a, b) in enumerate(zip_longest(hashes, stored)) if a != b]
    return wrong[:5]


def _evidence_checks(reader: _Reader, evidence: EvidenceFiles) -> Iterator[Check]:
    bad = []
    for index, piece in reader.evidence.values():
        if not _kept(evidence, piece):
            bad.append((index, piece))
    if bad:
        index, piece = min(bad, key=lambda pair: pair[0])
        reader.wrong.setdefault("evidence", (index, piece.name))
        yield _check("evidence", False, index=index, name=piece.name, sha256=piece.sha256, count=len(bad))
    else:
        yield _check("evidence", True)


def _kept(evidence: EvidenceFiles, piece: Evidence) -> bool:
    try:
        return evidence.check(piece.sha256) == piece.size
    except Rejected:  # missing, unreadable or changed: all of them are what this check is for
        return False
