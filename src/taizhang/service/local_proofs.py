"""Owns Proofs on a ledger in this process: references become events, and what `ledger.seals` gives becomes plain values.

Opens nothing before it is asked for, so that the deep check also works where the ledger itself could not be opened.
Which store and which files these are is said by the composition root.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.keys import AdoptKey
from taizhang.ledger.domain.values import Via
from taizhang.ledger.domain.verdict import Check, Statement, Verdict
from taizhang.ledger.outside import refuse_inside
from taizhang.ledger.seal.checkpoint import SignedCheckpoint
from taizhang.ledger.seal.encoding import to_base64
from taizhang.ledger.seal.keys import COSIGNATURE
from taizhang.ledger.sealing import public_key, secret_key

from .proofs import (
    AdoptedKey,
    Consistency,
    Cosignature,
    EventProof,
    File,
    Progress,
    SealedAt,
    SealState,
    Signer,
    TilesReceipt,
)

if TYPE_CHECKING:
    from taizhang.ledger.checks.seals import Material
    from taizhang.ledger.ledger import Instruction
    from taizhang.ledger.seals import SealedLog, Seals
    from taizhang.ledger.verify import EvidenceFiles, OpenAudit


class SealFiles(Protocol):
    """What lies beside the database, as the deep check reads it."""

    @property
    def is_working_folder(self) -> bool:
        """Whether the ledger is written here."""

    @property
    def key_path(self) -> Path:
        """Where the signing key lies."""

    def kept(self) -> list[tuple[str, bytes]]:
        """Name and bytes of the checkpoints that are kept: the last, and the last that was cosigned."""

    def handovers(self) -> list[tuple[str, bytes]]:
        """Name and bytes of every checkpoint that two keys signed."""

    def signing_key(self) -> str | None:
        """The text of the signing key."""

    def next_key(self) -> str | None:
        """The text of the key that is about to take over."""


class LocalProofs:
    """The seal of a ledger in a folder of this machine. Safe to share between threads.

    Args:
        log: gives the log, to read.
        seals: gives what signs and proves.
        files: what lies beside the database.
        open_audit: opens the log for the deep check.
        evidence: the evidence files.
        people: holds people's own keys against the log.
        wrong_views: names the tables of the read models that the log does not give again.
        resolve: the number of a finding from what people say.
        read_only: whether the folder can only be read.
        name: the ledger's place, for refusals.
        writing: held while something is recorded or signed.
        done: gives back what was opened for this alone.
    """

    def __init__(
        self,
        *,
        log: Callable[[], SealedLog],
        seals: Callable[[], Seals],
        files: SealFiles,
        open_audit: OpenAudit,
        evidence: EvidenceFiles,
        people: Callable[[], Check],
        wrong_views: Callable[[], list[str]],
        resolve: Callable[[str], str],
        read_only: bool,
        name: str,
        writing: threading.Lock,
        done: Callable[[], None],
    ) -> None:
        self._log = log
        self._seals = seals
        self._files = files
        self._open_audit = open_audit
        self._evidence = evidence
        self._people = people
        self._wrong_views = wrong_views
        self._resolve = resolve
        self._read_only = read_only
        self._name = name
        self._writing = writing
        self._done = done

    # -- what stands

    def state(self) -> SealState:
        """Return how far the ledger is sealed."""
        seals = self._seals()
        last, cosigned = seals.last(), seals.cosigned()
        keys = seals.standing().keys
        return SealState(
            self._log().head() + 1,
            keys[-1].key.vkey if keys else "",
            _sealed(last) if last else None,
            _sealed(cosigned) if cosigned else None,
        )

    def keys(self) -> tuple[AdoptedKey, ...]:
        """Return every key that the ledger adopted.

        Raises:
            Rejected: ``key.none``.
        """
        keys = self._seals().standing().keys
        if not keys:
            raise Rejected("key.none")
        return tuple(AdoptedKey(since, key.vkey) for since, key in keys)

    # -- signing

    def checkpoint(self, by: Signer) -> SealedAt:
        """Sign everything that is recorded now."""
        return _sealed(self._signed(by))

    def rotate_key(self, by: Signer, *, lost: bool = False) -> SealedAt:
        """Let a new key take over."""
        self._refuse_read_only()
        with self._writing:
            return _sealed(self._seals().rotate(_instructed(by), lost=lost))

    def _signed(self, by: Signer) -> SignedCheckpoint:
        self._refuse_read_only()
        with self._writing:
            return self._seals().sign(_instructed(by))

    def _newest(self, by: Signer) -> SignedCheckpoint:
        """Return a checkpoint over everything: the last one where it covers it, else a new one.

        Raises:
            Rejected: ``seal.none`` where there is none and the folder can only be read.
        """
        last, size = self._seals().last(), self._log().head() + 1
        if last is not None and (last.checkpoint.size == size or self._read_only):
            return last
        if self._read_only:
            raise Rejected("seal.none")
        return self._signed(by)

    def _refuse_read_only(self) -> None:
        if self._read_only:
            raise Unreachable("store.read-only", ledger=self._name, detail="")

    # -- proofs

    def prove(self, reference: str, by: Signer) -> tuple[EventProof, ...]:
        """Prove one event, or every event of a finding.

        Raises:
            Rejected: ``event.unknown``, ``finding.unknown``; ``proof.uncovered`` where no checkpoint covers the event
                and the folder can only be read.
        """
        indexes = self._indexes(reference)
        seals = self._seals()
        checkpoint = seals.covering(indexes[-1])
        if checkpoint is None:
            if self._read_only:
                raise Rejected("proof.uncovered", index=indexes[-1])
            checkpoint = self._signed(by)
        size = checkpoint.checkpoint.size
        return tuple(EventProof(index, size, *seals.prove(index, checkpoint)) for index in indexes)

    def _indexes(self, reference: str) -> list[int]:
        text = reference.strip().removeprefix("#")
        if text.isascii() and text.isdigit():
            index, head = int(text[:19]), self._log().head()
            if index > head:
                raise Rejected("event.unknown", index=index, last=head)
            return [index]
        number = self._resolve(reference)
        stream = catalogue.stream_of_number(number)
        rows = self._log().stream(stream) if stream else []
        if not rows:
            raise Rejected("finding.unknown", number=number)
        return [row.position - 1 for row in rows]

    def tiles(self, target: Path, by: Signer, progress: Progress | None = None) -> TilesReceipt:
        """Write the whole log as a folder of tiles; raises as `tile_folder.write_tiles`, and `outside.refuse_inside`."""
        from .tile_folder import write_tiles

        refuse_inside(target)  # before anything is signed
        return write_tiles(target, self._newest(by), self._log().hashes, self._seals(), progress)

    def consistency(self, old: File, new: File | None = None) -> Consistency:
        """Prove that a checkpoint extends another.

        Raises:
            Rejected: ``seal.refused``, ``seal.not-ours``, ``seal.beyond``, ``seal.order``, ``seal.none``.
        """
        seals = self._seals()
        first = seals.opened(old.data, old.name)
        second = seals.last() if new is None else seals.opened(new.data, new.name)
        if second is None:
            raise Rejected("seal.none")
        sizes = first.checkpoint.size, second.checkpoint.size
        if sizes[0] > sizes[1]:
            raise Rejected("seal.order", old=sizes[0], new=sizes[1])
        request = seals.extension(sizes[0], second)
        return Consistency(*sizes, tuple(map(to_base64, request.proof)), request.encode())

    # -- witnesses

    def witness_request(self, by: Signer, old: int | None = None) -> bytes:
        """Return what a witness is asked on a stick.

        Raises:
            Rejected: ``seal.order`` where the witness knows more than there is.
        """
        self._refuse_read_only()
        checkpoint = self._newest(by)
        seals = self._seals()
        if old is None:
            cosigned = seals.cosigned()
            old = cosigned.checkpoint.size if cosigned else 0
        size = checkpoint.checkpoint.size
        if old > size:
            raise Rejected("seal.order", old=old, new=size)
        request = seals.extension(old, checkpoint).encode()
        seals.requested(checkpoint)
        return request

    def take_cosignature(self, answer: File, vkey: str = "") -> SealedAt:
        """Put a witness's answer to the checkpoint."""
        self._refuse_read_only()
        with self._writing:
            return _sealed(self._seals().take(answer.data, answer.name, vkey))

    def ask_witness(self, url: str, by: Signer, vkey: str = "") -> SealedAt:
        """Ask a witness over HTTP; raises as `witness_errand.ask`."""
        from .witness_errand import ask

        if vkey:
            public_key(vkey, COSIGNATURE)  # a mistake in it is told before the witness is asked
        elif not self._seals().witnesses():
            raise Rejected("witness.unknown-key")
        cosigned, checkpoint = self._seals().cosigned(), self._newest(by)
        known = cosigned.checkpoint.size if cosigned else 0
        body = ask(
            url, checkpoint.checkpoint.size, known, lambda old: self._seals().extension(old, checkpoint).encode()
        )
        return self.take_cosignature(File(url, body), vkey)

    # -- the deep check

    def verify(
        self,
        checkpoints: Sequence[File] = (),
        vkey: str = "",
        witnesses: Sequence[str] = (),
        *,
        log_only: bool = False,
        progress: Progress | None = None,
    ) -> Verdict:
        """The deep check."""
        from taizhang.ledger.verify import verify_log

        tell = progress or (lambda *_: None)
        material = self._material(checkpoints, vkey, witnesses, log_only=log_only)
        evidence = None if log_only else self._evidence
        verdict = verify_log(self._open_audit, evidence, tell, material=material)
        if verdict.ok and not log_only:  # read models of a wrong log prove nothing
            tell("views", 0, 1)
            wrong = self._wrong_views()
            tell("views", 1, 1)
            verdict = _with(verdict, Check("views", not wrong, {"tables": wrong} if wrong else {}))
            if self._files.is_working_folder:  # a copy of the database alone has no names, and needs none
                verdict = _with(verdict, self._people())
        return verdict

    def _material(
        self, checkpoints: Sequence[File], vkey: str, witnesses: Sequence[str], *, log_only: bool
    ) -> Material:
        from taizhang.ledger.checks.seals import Material, Named

        files = self._files
        kept = [] if log_only else [Named(*note) for note in files.kept()]
        expected = not log_only and files.is_working_folder and not any(note.name == "checkpoint" for note in kept)
        return Material(
            kept=tuple(kept),
            handovers=() if log_only else tuple(Named(*note) for note in files.handovers()),
            key_files=() if log_only else self._key_files(),
            missing="checkpoint" if expected else "",
            given=tuple(Named(file.name, file.data) for file in checkpoints),
            vkey=public_key(vkey) if vkey else None,
            witnesses=tuple(public_key(text, COSIGNATURE) for text in witnesses),
        )

    def _key_files(self) -> tuple[str, ...]:
        """Return the public halves of the secret keys beside the database; a file that holds none has an empty one."""
        found = []
        for text in (self._files.signing_key(), self._files.next_key()):
            if text is not None:
                try:
                    found.append(secret_key(text, str(self._files.key_path)).verifier.vkey)
                except Rejected:
                    found.append("")
        return tuple(found)

    def close(self) -> None:
        """Give back what was opened for this alone."""
        self._done()


def _sealed(signed: SignedCheckpoint) -> SealedAt:
    head = signed.checkpoint
    cosigned = tuple(Cosignature(item.name, _moment(item.time)) for item in signed.cosigned)
    return SealedAt(head.origin, head.size, head.root.hex(), signed.note.encode().decode(), cosigned)


def _moment(time: int) -> str:
    return datetime.fromtimestamp(min(time, 253_402_300_799), UTC).isoformat()


def _instructed(by: Signer) -> Callable[[AdoptKey], Instruction]:
    def instruct(command: AdoptKey) -> Instruction:
        from taizhang.ledger.ledger import Instruction

        if not by.actor:
            raise Rejected("key.nobody")
        return Instruction(command, by.actor, Via.CLI, why=by.why)

    return instruct


def _with(verdict: Verdict, check: Check) -> Verdict:
    from msgspec.structs import replace

    first, against = verdict.first_wrong, verdict.against
    if not check.ok and first is None and "index" in check.params:
        first, against = check.params["index"], check.code
    proved: tuple[Statement, ...] = verdict.proved if check.ok else ()
    return replace(verdict, checks=(*verdict.checks, check), proved=proved, first_wrong=first, against=against)
