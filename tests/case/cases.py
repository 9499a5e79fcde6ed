"""A small ledger, its key, and case files of it, for the tests of this folder."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from taizhang import composition
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.register import AddPerson, AddUnit
from taizhang.ledger.domain.values import Evidence, FindingClass, Role, Via
from taizhang.ledger.ledger import Instruction
from taizhang.ledger.seal.checkpoint import Checkpoint, sign_checkpoint
from taizhang.ledger.seal.keys import COSIGNATURE, SignerKey
from taizhang.ledger.seal.note import cosign, sign, with_signatures
from taizhang.ledger.seal.tree import root_at
from taizhang.ledger.store.evidence import EvidenceStore
from taizhang.ledger.store.sqlite.log import LogReader
from taizhang.service.casefile import CaseReceipt, write_case
from taizhang.service.data import verify_case as v

ORIGIN = "ledger.example/duban"
KEY = SignerKey(ORIGIN, bytes(range(32)))
OTHER = SignerKey(ORIGIN, bytes(range(1, 33)))
WITNESS = SignerKey("witness.example/w1", bytes(range(2, 34)), COSIGNATURE)
TIME = 1_767_225_600
NUMBER = "JZ-2026-001"


class Sealer:
    """Signs for the ledger, with a key made for the test."""

    def __init__(self, log: LogReader, key: SignerKey = KEY, witnesses: tuple[SignerKey, ...] = ()) -> None:
        self._log, self._key, self._witnesses = log, key, witnesses

    def checkpoint(self, last: int) -> bytes:
        size = self._log.head() + 1
        note = sign_checkpoint(Checkpoint(ORIGIN, size, root_at(size, self._log.hashes)), self._key)
        return with_signatures(note, [cosign(note.text, key, TIME) for key in self._witnesses]).encode()

    def vkey(self) -> str:
        return self._key.verifier.vkey

    def sign(self, text: str) -> bytes:
        return sign(text, self._key).encode()


def make_ledger(folder: Path) -> None:
    """Make a ledger with two findings whose events alternate, and one piece of evidence."""
    now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def clock() -> datetime:
        nonlocal now
        now += timedelta(minutes=7)
        return now

    composition.init_ledger(folder, origin=ORIGIN, programme="JZ-2026", programme_name="教育整顿", clock=clock)
    photo = folder.parent / "现场照片.txt"
    photo.write_bytes("整改后现场\n".encode())
    with composition.open_ledger(folder, clock=clock) as ledger:

        def give(command: object, actor: str = "admin") -> None:
            ledger.record(Instruction(command, actor, Via.CLI))  # type: ignore[arg-type]

        give(AddUnit("finance", "财政局"))
        give(AddPerson("li", "李某", (Role.INSPECTOR, Role.OFFICE)))
        give(AddPerson("wang", "王某 <b>&", (Role.UNIT_OFFICER, Role.UNIT_HEAD), "finance"))
        for title in ("台账底数不清\n<script>alert(1)</script>", "另一个问题"):
            give(c.LogFinding("JZ-2026", title, "现场督导", date(2026, 3, 1)), "li")
        for number in (NUMBER, "JZ-2026-002"):
            give(
                c.AssignFinding(number, "finance", FindingClass.TIME_BOUND, "账实相符", ByDate(date(2026, 6, 1))),
                "li",
            )
            give(c.AcknowledgeFinding(number, ("逐项核对\u202e", "建立台账")), "wang")
        kept = EvidenceStore(folder / "evidence").put(photo)
        give(c.AttachEvidence(NUMBER, Evidence(kept.sha256, kept.size, kept.name, "整改后")), "wang")


@contextmanager
def opened(folder: Path) -> Iterator[LogReader]:
    """Give the ledger's log, to read."""
    log = LogReader(folder)
    try:
        yield log
    finally:
        log.close()


def write(
    folder: Path,
    target: Path,
    *,
    number: str = NUMBER,
    key: SignerKey = KEY,
    witnesses: tuple[SignerKey, ...] = (),
    with_evidence: bool = True,
) -> CaseReceipt:
    """Write a case file of that ledger."""
    desk = composition.open_desk(folder)
    try:
        register = desk.register()
    finally:
        desk.close()
    with opened(folder) as log:
        return write_case(
            number,
            target,
            log=log,
            register=register,
            sealer=Sealer(log, key, witnesses),
            evidence=EvidenceStore(folder / "evidence"),
            with_evidence=with_evidence,
        )


class Parts:
    """A case file taken apart, to be put together again otherwise."""

    def __init__(self, entries: dict[str, bytes]) -> None:
        self.entries = entries

    @classmethod
    def of(cls, data: bytes) -> Parts:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def packed(self) -> bytes:
        """Return the container as the software writes it, whatever is in it."""
        placed, out = [], b""
        for name, content in self.entries.items():
            entry = v.Entry(
                name, zlib.crc32(content), len(content), len(out), hashlib.sha256(content).hexdigest(), None
            )
            placed.append(entry)
            out += v.local_header(name, entry.crc, entry.size) + content
        return out + v.directory(placed)

    def signed(self, key: SignerKey = KEY, origin: str = ORIGIN, number: str = NUMBER) -> bytes:
        """Return the container with a manifest that fits, signed: what whoever holds the key could make."""
        listed = [
            v.Entry(name, 0, len(content), 0, hashlib.sha256(content).hexdigest(), None)
            for name, content in self.entries.items()
            if name != "manifest"
        ]
        manifest = sign(v.manifest_text(origin, number, listed), key).encode()
        return Parts({**self.entries, "manifest": manifest}).packed()

    def but(self, changes: dict[str, bytes | None]) -> Parts:
        """Return the parts with some replaced, added or (None) left out."""
        entries = dict(self.entries)
        for name, content in changes.items():
            if content is None:
                entries.pop(name)
            else:
                entries[name] = content
        return Parts(entries)


def small(data: bytes) -> Parts:
    """Return the case with a page and a verifier of a few bytes, signed anew: every byte of it is looked at quickly."""
    parts = Parts.of(data)
    return Parts.of(Parts({**parts.entries, "index.html": b"<p>\n", "verify_case.py": b"#\n"}).signed())


def refusal(data: bytes, *vkeys: str) -> str:
    """Return the code by which a case file is refused, or an empty text where it holds."""
    try:
        v.verify(io.BytesIO(data), vkeys)
    except v.Refused as refused:
        return refused.code if all(map(refused.sentence, ("zh", "en"))) else "no sentence"
    return ""
