"""Owns the making of a case file: one finding with its proofs, as a zip that can be spelled in one way only.

The bytes of the container and of the manifest are `data.verify_case`'s, which every case file carries along. Must not
know a store, nor where a key is kept: both are handed in.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from msgspec import Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import Register
from taizhang.ledger.outside import refuse_inside
from taizhang.ledger.seal.checkpoint import parse_checkpoint
from taizhang.ledger.seal.leaf import leaf_record
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.seal.proof import TlogProof
from taizhang.ledger.seal.tree import Tree
from taizhang.projections.export.target import whole

from . import case_page
from .data import verify_case as container
from .receipts import CaseReceipt, CaseVerdict

_BLOCK = 1 << 20


class StoredRow(Protocol):
    """One event as the log keeps it."""

    @property
    def position(self) -> int:
        """Counts from 1."""

    @property
    def stream(self) -> str:
        """Its stream."""

    @property
    def version(self) -> int:
        """Its place in the stream, from 1."""

    @property
    def topic(self) -> str:
        """Its tag."""

    @property
    def recorded_at(self) -> str:
        """When it was recorded."""

    @property
    def state(self) -> bytes:
        """The bytes that were hashed."""

    @property
    def salt(self) -> bytes:
        """What was hashed before them."""


class ProvableLog(Protocol):
    """The log as a case file reads it."""

    def stream(self, stream: str, gt: int = 0) -> Sequence[StoredRow]:
        """The events of a stream."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


class Sealer(Protocol):
    """What signs for the ledger."""

    def checkpoint(self, last: int) -> bytes:
        """A signed checkpoint that covers the event `last`, with the cosignatures that there are."""

    def vkey(self) -> str:
        """The public key that it is signed by."""

    def sign(self, text: str) -> bytes:
        """The signed note of another text, by the same key."""


class KeptFiles(Protocol):
    """The evidence folder."""

    def open(self, digest: str) -> BinaryIO:
        """Open the file with this SHA-256."""


class _Part(Struct, frozen=True):
    """An entry to be written: its bytes, or the evidence that they are read from."""

    name: str
    content: bytes | None
    entry: container.Entry


def write_case(
    number: str,
    target: Path,
    *,
    log: ProvableLog,
    register: Register,
    sealer: Sealer,
    evidence: KeptFiles,
    with_evidence: bool = True,
) -> CaseReceipt:
    """Write the case file of one finding, whole or not at all. The same ledger and checkpoint give the same bytes.

    Args:
        number: the finding's number.
        target: the file; one that is there is replaced when the new one is whole.
        with_evidence: whether the files of evidence go in, or their hashes alone.

    Raises:
        Rejected: ``finding.unknown``, ``case.too-large`` (`number`), ``case.tampered`` (`number`, `check`), ``evidence.missing``, ``evidence.changed``,
            ``export.cannot-write``, ``export.not-a-file``.
    """
    refuse_inside(target)  # before anything is signed
    stream = catalogue.stream_of_number(number)
    rows = log.stream(stream) if stream else []
    if not rows:
        raise Rejected("finding.unknown", number=number)
    note = sealer.checkpoint(rows[-1].position - 1)
    head = parse_checkpoint(parse_note(note).text)
    tree = Tree(head.size, log.hashes)
    vkey = sealer.vkey()
    entries = [
        catalogue.entry(row.position - 1, row.stream, row.version, row.topic, row.recorded_at, row.state)
        for row in rows
    ]
    pieces = list(_digests(entries))
    page = case_page.render(
        number, entries, register, case_page.Facts(head.origin, head.size, head.root.hex(), vkey, with_evidence)
    )
    parts = [
        _part("index.html", page),
        _part("verify_case.py", files(container.__package__).joinpath("verify_case.py").read_bytes()),
        _part("vkey", f"{vkey}\n".encode()),
        _part("checkpoint", note),
        *(part for row in rows for part in _event(row, tree, note)),
        *(_evidence(digest, evidence) for digest in (pieces if with_evidence else ())),
    ]
    largest = max(part.entry.size for part in parts)
    if len(parts) >= container.MAX_ENTRIES or sum(part.entry.size for part in parts) + (1 << 24) > container.MAX_FILE:
        raise Rejected("case.too-large", number=number, bytes=largest)
    manifest = sealer.sign(container.manifest_text(head.origin, number, (part.entry for part in parts)))
    with whole(target) as path, path.open("wb") as file:
        _write(file, [_part("manifest", manifest), *parts], evidence)
        file.flush()
        try:
            check(path, (vkey,))
        except Rejected as refused:  # no case file, rather than one that fails before a stranger
            raise Rejected("case.tampered", number=number, check=refused.params.get("check", refused.code)) from refused
    return CaseReceipt(str(target), number, len(rows), len(pieces) if with_evidence else 0, head.size, head.root.hex())


def verdict(path: Path, vkeys: Sequence[str], lang: str) -> CaseVerdict:
    """Return what a case file proves, told in a language; raises as `check`."""
    report = check(path, vkeys, lang=lang)
    return CaseVerdict(
        report.number,
        report.origin,
        report.size,
        report.root,
        len(report.events),
        report.own_key,
        tuple(name for name, _ in report.cosigned),
        tuple(container.told(report, lang)),
    )


def check(path: Path, vkeys: Sequence[str], lang: str = "zh") -> container.Report:
    """Return what a case file proves.

    Args:
        path: the case file.
        vkeys: the ledger's public key, and those of witnesses that must have cosigned; none: the file's own key.
        lang: the language of the reason that a refusal gives.

    Raises:
        Rejected: ``case.refused`` (`path`, `check`: the verifier's own code, `reason`), ``case.unreadable``.
    """
    try:
        with path.open("rb") as file:
            return container.verify(file, vkeys)
    except container.Refused as refused:
        raise Rejected("case.refused", path=str(path), check=refused.code, reason=refused.sentence(lang)) from refused
    except OSError as error:
        raise Rejected("case.unreadable", path=str(path), detail=error.strerror or str(error)) from error


def _event(row: StoredRow, tree: Tree, note: bytes) -> Iterator[_Part]:
    """Yield what proves one event: its leaf record, its place in the tree, and what the leaf commits to."""
    index = row.position - 1
    commitment = sha256(row.salt + row.state).digest()
    yield _part(
        f"events/{index}.leaf",
        leaf_record(index, row.stream, row.version, row.topic, row.recorded_at, commitment),
    )
    yield _part(f"events/{index}.tlog-proof", TlogProof(index, tuple(tree.inclusion_proof(index)), note).encode())
    yield _part(f"events/{index}.salt", row.salt)
    yield _part(f"events/{index}.state.json", row.state)


def _digests(entries: Iterable[Entry[Any]]) -> Iterator[str]:
    """Yield the hashes of the evidence that was attached, each once, in order."""
    seen: set[str] = set()
    for entry in entries:
        for piece in case_page.evidence_of(entry):
            if piece.sha256 not in seen:
                seen.add(piece.sha256)
                yield piece.sha256


def _part(name: str, content: bytes) -> _Part:
    digest = sha256(content).hexdigest()
    return _Part(name, content, container.Entry(name, zlib.crc32(content), len(content), 0, digest, None))


def _evidence(digest: str, kept: KeptFiles) -> _Part:
    crc, size, actual = 0, 0, sha256()
    for block in _blocks(kept, digest):
        crc = zlib.crc32(block, crc)
        size += len(block)
        actual.update(block)
    if actual.hexdigest() != digest:
        raise Rejected("evidence.changed", sha256=digest, found=actual.hexdigest())
    name = f"evidence/{digest}"
    return _Part(name, None, container.Entry(name, crc, size, 0, digest, None))


def _blocks(kept: KeptFiles, digest: str) -> Iterator[bytes]:
    try:
        with closing(kept.open(digest)) as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:
        raise Rejected("evidence.unreadable", name=digest, detail=error.strerror or str(error)) from error


def _write(file: BinaryIO, parts: Sequence[_Part], kept: KeptFiles) -> None:
    """Write the container, its entries where the directory says that they are."""
    placed: list[container.Entry] = []
    for part in parts:
        entry = part.entry._replace(offset=file.tell())
        placed.append(entry)
        file.write(container.local_header(entry.name, entry.crc, entry.size))
        if part.content is not None:
            file.write(part.content)
            continue
        crc, size = 0, 0
        for block in _blocks(kept, entry.sha256):
            crc, size = zlib.crc32(block, crc), size + len(block)
            file.write(block)
        if (crc, size) != (entry.crc, entry.size):  # somebody wrote to it since it was hashed
            raise Rejected("evidence.changed", sha256=entry.sha256, found=f"{crc:08x}")
    file.write(container.directory(placed))
