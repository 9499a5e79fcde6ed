"""Owns the pass over the log stream by stream: bytes against leaves, versions, replay, rules, what events say of others.

Stream by stream, because a finding is then folded once and let go, and any number of processes can share the log. Must
not know in what order the log was written: that, and the tree over the leaves, is `spine`.
"""

from __future__ import annotations

from binascii import hexlify
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from msgspec import DecodeError, Struct
from msgspec.structs import fields

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.keys import KeyAdopted
from taizhang.ledger.domain.register import LedgerOpened, Register, evolve_register
from taizhang.ledger.domain.values import Evidence
from taizhang.ledger.store.contract import AuditLog, Part, StoredRow
from taizhang.ledger.store.recording import FORBIDDEN

from .legality import Legality, register_refusal_of
from .registers import Registers

LEAF = b"\0taizhang-leaf/v1\n%d\n%b\n%d\n%b\n%b\n%b\n"
"""What the leaf hash is the SHA-256 of: 00 and `seal.leaf.leaf_record`, from the bytes as they are stored."""

_FINDING = catalogue.FINDING_PREFIX.encode()
_WRONG = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, DecodeError, Refusal)
"""Whatever bytes that are not right can make a decoder or a fold say."""


class _Topic(NamedTuple):
    name: str
    decode: Callable[[bytes], Envelope[Any]]
    has_evidence: bool


_TOPICS: dict[bytes, _Topic] = {
    name.encode(): _Topic(name, catalogue.DECODE[name], any(field.name == "evidence" for field in fields(kind)))
    for kind, name in catalogue.TOPICS.items()
}


class _Days(dict[bytes, date]):
    """The day that a recorded time begins with; the last of all days where it is none, which `spine` blames."""

    def __missing__(self, text: bytes) -> date:
        try:
            day = date.fromisoformat(text.decode())
        except (ValueError, AttributeError):
            return date.max
        self[text] = day
        return day


class Wrong(Struct, frozen=True, order=True):
    """The first event that breaks one expectation, and what stood there."""

    index: int
    detail: str


class StreamReport(Struct):
    """What one part of the log showed.

    Args:
        rows: events that were read.
        wrong: by the code of the check.
        evidence: digest → the index of the first event that names it, and what it says of it.
        lacking: index and command id of events that no command id stands beside in the file.
        opened: what the ledger's first event says.
        keys: index and vkey of every key that was adopted.
    """

    rows: int = 0
    wrong: dict[str, Wrong] = {}
    evidence: dict[str, tuple[int, Evidence]] = {}
    lacking: list[tuple[int, str]] = []
    opened: LedgerOpened | None = None
    keys: list[tuple[int, str]] = []

    def blame(self, code: str, index: int, detail: str) -> None:
        """Remember the event, if it is the first that breaks this expectation."""
        known = self.wrong.get(code)
        if known is None or index < known.index:
            self.wrong[code] = Wrong(index, detail)

    def mention(self, index: int, piece: Evidence) -> None:
        """Remember the event, if it is the first that names this piece of evidence."""
        known = self.evidence.get(piece.sha256)
        if known is None or index < known[0]:
            self.evidence[piece.sha256] = (index, piece)

    def join(self, other: StreamReport) -> None:
        """Take what another part showed."""
        self.rows += other.rows
        for code, found in other.wrong.items():
            self.blame(code, found.index, found.detail)
        for mention in other.evidence.values():
            self.mention(*mention)
        self.lacking += other.lacking
        self.opened = self.opened or other.opened
        self.keys += other.keys


def read_part(log: AuditLog, *, part: Part, register: Sequence[StoredRow] = ()) -> StreamReport:
    """Return what a part of the log shows.

    Args:
        register: the stream of the register, by which the rules are judged.

    Raises:
        Unreachable: the file cannot be read.
    """
    reader = _Reader(Registers(register))
    for rows in log.by_stream(part):
        reader.read(rows)
    return reader.finished()


class _Reader:
    """One part of the log, read batch by batch."""

    def __init__(self, registers: Registers) -> None:
        self.report = StreamReport()
        self._registers = registers
        self._legality = Legality()
        self._days = _Days()
        self._stream: bytes = b""
        self._name = ""
        self._version = 0
        self._finding: Finding | None = None
        self._others: list[Entry[Any]] = []

    def read(self, rows: list[StoredRow]) -> None:
        """Check some events, the next of the same stream or the first of others."""
        report, others, topics, days = self.report, self._others, _TOPICS, self._days
        refusal_of, register, since, upto = self._legality.refusal_of, Register(), 0, -1
        current, name, last, finding = self._stream, self._name, self._version, self._finding
        is_finding = _is_finding(current)
        for stream, version, position, topic, recorded_at, command, state, salt, leaf in rows:
            index = position - 1
            if stream != current:
                current, last, finding = stream, 0, None
                name, is_finding = _text(stream), _is_finding(stream)
                if FORBIDDEN.search(name):  # a line end in it would make the lines of a leaf say two things
                    report.blame("replay", index, name)
            try:
                commitment = hexlify(sha256(salt + state).digest())
                if sha256(LEAF % (index, stream, version, topic, recorded_at, commitment)).digest() != leaf:
                    report.blame("leaves", index, _text(topic))
                last += 1
                if version != last:
                    report.blame("versions", index, f"{name} {version} ≠ {last}")
                    last = version
                kind, decode, has_evidence = topics[topic]
                envelope = decode(state)
                if command is None:
                    report.lacking.append((index, envelope.command))
                elif command != envelope.command.encode():
                    report.blame("commands", index, _text(command))
                if envelope.happened_on > days[recorded_at[:10]]:
                    self._check_day(index, envelope.happened_on, days[recorded_at[:10]])
                if envelope.clock and envelope.clock.encode() >= recorded_at:
                    report.blame("times", index, envelope.clock)
                entry: Entry[Any] = Entry(index, name, version, kind, recorded_at.decode(), envelope)
                if is_finding:
                    before, finding = finding, evolve(finding, entry)
                    if before is None and catalogue.stream_of_number(finding.number) != name:
                        report.blame("replay", index, f"{name} ≠ {finding.number}")
                    if not since <= index <= upto:
                        register, since, upto = self._registers.at(index)
                    refusal = refusal_of(entry, before, register)
                    if refusal is not None:
                        self._blame_rules(index, refusal)
                    if has_evidence and isinstance(piece := envelope.data.evidence, Evidence):
                        report.mention(index, piece)
                else:
                    others.append(entry)
            except _WRONG as error:
                row = (stream, version, position, topic, recorded_at, command, state, salt, leaf)
                self._explain(row, error)
        report.rows += len(rows)
        self._stream, self._name, self._version, self._finding = current, name, last, finding

    def _explain(self, row: StoredRow, error: Exception) -> None:
        """Blame an event whose bytes made something fail."""
        stream, version, position, topic, recorded_at, _, state, salt, leaf = row
        index = position - 1
        texts: tuple[Any, ...] = (stream, topic, recorded_at, state, salt, leaf)
        if not all(isinstance(text, bytes) for text in texts) or not isinstance(version, int):
            self.report.blame("leaves", index, _text(topic))
        said = f"{type(error).__name__} {error}" if not isinstance(error, ValueError) else str(error)
        self.report.blame("replay", index, f"{_text(stream)} {version}: {said}")

    def finished(self) -> StreamReport:
        """Return what was found, when every event has been read."""
        register = [entry for entry in self._others if entry.stream == catalogue.REGISTER_STREAM]
        if not _folds(register):
            at = next(at for at in range(len(register)) if not _folds(register[: at + 1]))
            self._blame_replay(register[at])
        for entry in self._others:
            refusal = register_refusal_of(entry, self._registers.before(entry.index))
            if refusal is not None:
                self._blame_rules(entry.index, refusal)
            match entry.data:
                case LedgerOpened() as opened if entry.stream == catalogue.LEDGER_STREAM and entry.version == 1:
                    self.report.opened = opened
                case KeyAdopted(vkey=vkey) if entry.stream == catalogue.LEDGER_STREAM:
                    self.report.keys.append((entry.index, vkey))
                case _ if entry.stream != catalogue.REGISTER_STREAM:
                    self._blame_replay(entry)
        return self.report

    def _check_day(self, index: int, happened_on: date, recorded: date) -> None:
        """Blame what happened after it was recorded; a day later it may be where the ledger is, by its own time zone."""
        if happened_on > recorded + timedelta(days=1):
            self.report.blame("rules", index, f"date.future {happened_on}")

    def _blame_rules(self, index: int, refusal: Rejected) -> None:
        self.report.blame("rules", index, f"{refusal.code} {refusal.params.get('person', '')}".strip())

    def _blame_replay(self, entry: Entry[Any]) -> None:
        self.report.blame("replay", entry.index, f"{entry.stream} {entry.version}: {entry.topic}")


def _is_finding(stream: object) -> bool:
    return isinstance(stream, bytes) and stream.startswith(_FINDING)


def _folds(entries: Iterable[Entry[Any]]) -> bool:
    try:
        evolve_register(Register(), (entry.envelope for entry in entries))
    except _WRONG:
        return False
    return True


def _text(value: object) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
