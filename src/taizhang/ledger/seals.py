"""Owns what signs the ledger and what can be proved from it: checkpoints, their keys, proofs, what witnesses cosigned.

Signs only what is committed, and only what extends everything that was signed before. Must not know a front end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from taizhang.ledger.checks.seals import Key, in_force, key_history
from taizhang.ledger.domain.catalogue import DECODE, LEDGER_STREAM
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.keys import AdoptKey, KeyAdopted
from taizhang.ledger.domain.register import LedgerOpened
from taizhang.ledger.seal.checkpoint import Checkpoint, SignedCheckpoint, open_note, sign_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import COSIGNATURE, SignerKey, VerifierKey, parse_vkey
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.note import Note, parse_note, with_signatures
from taizhang.ledger.seal.proof import TlogProof
from taizhang.ledger.seal.tree import Tree, leaf_hash, root_at, verify_inclusion
from taizhang.ledger.seal.witness import Request, take_cosignatures
from taizhang.ledger.store.contract import Row
from taizhang.ledger.store.seal_files import CHECKPOINT, COSIGNED, REQUESTED, WITNESSES, SealFiles

from .ledger import Instruction, Ledger
from .sealing import compare, first_key, fresh_key, public_key, refused, secret_key

Instruct = Callable[[AdoptKey], Instruction]
"""Puts who gives it, and through what, around the command that adopts a key."""


class SealedLog(Protocol):
    """The log as proofs are made from it."""

    def head(self) -> int:
        """Index of the last event; -1 for none."""

    def stream(self, stream: str, gt: int = 0) -> list[Row]:
        """The stored rows of a stream."""

    def rows(self, start: int, stop: int) -> list[Row]:
        """The stored rows from one index to before another."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves."""


class Standing(NamedTuple):
    """What the log says of itself: its name, and the keys that it adopted."""

    origin: str
    keys: list[Key]


class Seals:
    """The seal of one ledger.

    Args:
        name: the ledger's place, for refusals.
        log: the log, to read.
        files: the files of the seal.
        open_ledger: opens the write side, which signing needs: while it signs, nobody writes.
    """

    def __init__(self, name: str, log: SealedLog, files: SealFiles, open_ledger: Callable[[], Ledger]) -> None:
        self._name = name
        self._log = log
        self._files = files
        self._open_ledger = open_ledger

    # -- what stands

    def standing(self) -> Standing:
        """Return the log's name and the keys that it adopted.

        Raises:
            Unreachable: ``seal.bad-key`` where one of them is no key of this log.
        """
        origin, adopted = "", []
        for row in self._log.stream(LEDGER_STREAM):
            match DECODE[row.topic](row.state).data:
                case LedgerOpened(origin=name):
                    origin = name
                case KeyAdopted(vkey=vkey):
                    adopted.append((row.position - 1, vkey))
                case _:
                    continue  # a later version's event about the ledger itself: nothing of the seal
        try:
            return Standing(origin, key_history(origin, adopted))
        except SealError as error:
            raise Unreachable("seal.bad-key", ledger=self._name, detail=repr(error)) from error

    def last(self) -> SignedCheckpoint | None:
        """Return the last checkpoint, if there is one; it was held against keys and log.

        Raises:
            Unreachable: ``seal.altered``, ``seal.behind-checkpoint``, ``seal.forked``.
        """
        return self._kept(CHECKPOINT)

    def cosigned(self) -> SignedCheckpoint | None:
        """Return the last checkpoint that a known witness has cosigned; raises as `last`."""
        last = self._kept(CHECKPOINT)
        return last if last is not None and last.cosigned else self._kept(COSIGNED)

    def covering(self, index: int) -> SignedCheckpoint | None:
        """Return the best checkpoint there is that covers an event: one that a witness cosigned, else the last."""
        for checkpoint in (self.cosigned(), self.last()):
            if checkpoint is not None and checkpoint.checkpoint.size > index:
                return checkpoint
        return None

    def witnesses(self) -> list[VerifierKey]:
        """Return the witnesses whose cosignatures count here."""
        text = (self._files.read(WITNESSES) or b"").decode("utf-8", "replace")
        try:
            return [parse_vkey(line) for line in text.splitlines() if line]
        except SealError as error:
            raise Unreachable("seal.altered", file=WITNESSES, detail=error.code) from error

    def opened(self, data: bytes, file: str) -> SignedCheckpoint:
        """Return a checkpoint of this log that came in a file.

        Raises:
            Rejected: ``seal.refused`` where it is none, or signed by none of the log's keys; ``seal.not-ours`` where
                the log is not the one that was signed; ``seal.beyond`` where it is shorter.
        """
        origin, keys = self.standing()
        try:
            signed = open_note(parse_note(data), [key for _, key in keys], self.witnesses())
        except SealError as error:
            raise refused(error, file) from error
        head, size = signed.checkpoint, self._log.head() + 1
        if head.origin != origin or head.size > size:
            raise Rejected("seal.beyond", file=file, sealed=head.size, size=size)
        if self._root(head.size) != head.root:
            raise Rejected("seal.not-ours", file=file, sealed=head.size)
        return signed

    # -- signing

    def sign(self, instruct: Instruct) -> SignedCheckpoint:
        """Return the checkpoint over everything that is recorded now, signed; the last one where nothing is new.

        A ledger without a key makes and adopts one first.

        Raises:
            Rejected: ``key.missing``, ``key.not-adopted``, ``key.unreadable``, ``key.other-name``.
            Unreachable: as `last`; the folder cannot be written.
        """
        ledger = self._open_ledger()
        if not self.standing().keys:
            self._adopt(ledger, first_key(self._files, self.standing().origin), instruct)
        return self._sign_head(ledger)

    def rotate(self, instruct: Instruct, *, lost: bool = False) -> SignedCheckpoint:
        """Let a new key take over; return the checkpoint that the old and the new one sign together.

        The old key is destroyed when that checkpoint is on the disk.

        Args:
            lost: the old key is gone, so the new one signs alone, and nothing vouches for it to who knew the old one.

        Raises:
            Rejected, Unreachable: as `sign`.
        """
        ledger = self._open_ledger()
        origin, keys = self.standing()
        if not keys:
            return self.sign(instruct)
        if not lost:
            self._sign_head(ledger)  # refuses where the old key is not at hand, and ends a rotation that was broken off
        fresh = self._parsed(self._files.make_next_key(fresh_key(origin).skey))
        if fresh.verifier not in [key for _, key in keys]:
            self._adopt(ledger, fresh.verifier, instruct)
        return self._sign_head(ledger)

    def _adopt(self, ledger: Ledger, key: VerifierKey, instruct: Instruct) -> None:
        try:
            ledger.record(instruct(AdoptKey(key.vkey)))
        except Rejected as refusal:
            if refusal.code != "key.known":  # another process was quicker with the same one
                raise

    def _sign_head(self, ledger: Ledger) -> SignedCheckpoint:
        with ledger.store.writing() as tx:  # nothing is appended here: what is signed is committed
            size = tx.position
            origin, keys = self.standing()
            last = self.last()
            signers, is_pending = self._signers(keys)
            if last is not None and last.checkpoint.size == size and not is_pending:
                return last
            note = sign_checkpoint(Checkpoint(origin, size, self._root(size)), *signers)
            data = note.encode()
            if len(signers) > 1:
                self._files.keep_handover(size, data)
            self._files.keep(CHECKPOINT, data)
            if is_pending:
                self._files.promote_next_key()
        return open_note(note, [key for _, key in keys])

    def _signers(self, keys: list[Key]) -> tuple[list[SignerKey], bool]:
        """Return who signs, and whether a new key is taking over from the old one."""
        adopted = [key for _, key in keys]
        texts = (self._files.signing_key(), self._files.next_key())
        present, coming = (None if text is None else self._parsed(text) for text in texts)
        if present is not None and present.verifier == adopted[-1]:
            return [present], False
        if coming is not None and coming.verifier == adopted[-1]:
            return [key for key in (present, coming) if key is not None and key.verifier in adopted], True
        path = str(self._files.key_path)
        if present is None:
            raise Rejected("key.missing", path=path, vkey=adopted[-1].vkey)
        raise Rejected("key.not-adopted", path=path, vkey=adopted[-1].vkey, found=present.verifier.vkey)

    def _parsed(self, text: str) -> SignerKey:
        return secret_key(text, str(self._files.key_path))

    # -- proofs

    def records(self, start: int, stop: int) -> list[bytes]:
        """Return the leaves of the events from one index to before another.

        Raises:
            Unreachable: ``store.damaged`` where an event is not what its leaf says.
        """
        return [self._record(row) for row in self._log.rows(start, stop)]

    def prove(self, index: int, checkpoint: SignedCheckpoint) -> tuple[bytes, bytes]:
        """Return an event's leaf, and the tlog-proof that it stands in the tree of a checkpoint.

        Raises:
            Unreachable: ``store.damaged`` where stored hashes do not lead to the root that was signed.
        """
        head = checkpoint.checkpoint
        (record,) = self.records(index, index + 1)
        try:
            path = Tree(head.size, self._log.hashes).inclusion_proof(index)
            verify_inclusion(leaf_hash(record), index, head.size, path, head.root)
        except SealError as error:
            raise Unreachable("store.damaged", ledger=self._name, detail=repr(error)) from error
        return record, TlogProof(index, tuple(path), checkpoint.note.encode()).encode()

    def extension(self, old: int, checkpoint: SignedCheckpoint) -> Request:
        """Return the proof that the first `old` events are the beginning of a checkpoint, as a witness asks for it."""
        tree = Tree(checkpoint.checkpoint.size, self._log.hashes)
        return Request(old, tuple(tree.consistency_proof(old)), checkpoint.note)

    def _record(self, row: Row) -> bytes:
        index = row.position - 1
        record = leaf_record(
            index, row.stream, row.version, row.topic, row.recorded_at, commitment(row.salt, row.state)
        )
        if leaf_hash(record) != row.leaf:
            raise Unreachable("store.damaged", ledger=self._name, detail=f"#{index}")
        return record

    # -- witnesses

    def requested(self, checkpoint: SignedCheckpoint) -> None:
        """Remember which checkpoint a witness was asked to cosign: its answer comes without it."""
        self._files.keep(REQUESTED, checkpoint.note.encode())

    def take(self, answer: bytes, file: str, vkey: str = "") -> SignedCheckpoint:
        """Put a witness's cosignature to the checkpoint that it belongs to; return that one.

        Args:
            answer: signature lines.
            file: where they came from, for refusals.
            vkey: the witness's public key, which is remembered; empty for one that is known already.

        Raises:
            Rejected: ``seal.refused`` where the lines are none of a known witness, or fit no checkpoint that is kept.
        """
        known = self.witnesses()
        if vkey:
            key = public_key(vkey, COSIGNATURE)
            known = [*known, *([] if key in known else [key])]
        keys = [key for _, key in self.standing().keys]
        refusal = Rejected("witness.nothing-requested")
        for name in (CHECKPOINT, REQUESTED):
            data = self._files.read(name)
            if data is None:
                continue
            try:
                signed = take_cosignatures(parse_note(data), answer, keys, known)
            except SealError as error:
                refusal = refused(error, file)
                continue
            if vkey:
                self._files.keep(WITNESSES, "".join(f"{key.vkey}\n" for key in known).encode())
            return self._keep_cosigned(signed, name)
        raise refusal

    def _keep_cosigned(self, signed: SignedCheckpoint, name: str) -> SignedCheckpoint:
        """Keep a checkpoint with its cosignatures: as the last one if it is that, and as the last that has any."""
        with self._open_ledger().store.writing():
            last = self._kept(CHECKPOINT)
            if last is not None and last.note.text == signed.note.text:
                signed = self._joined(last.note, signed)
                self._files.keep(CHECKPOINT, signed.note.encode())
            elif name == CHECKPOINT:
                raise Rejected("witness.overtaken", size=signed.checkpoint.size)
            before = self._kept(COSIGNED)
            if before is not None and before.note.text == signed.note.text:
                signed = self._joined(before.note, signed)
            if before is None or before.checkpoint.size <= signed.checkpoint.size:
                self._files.keep(COSIGNED, signed.note.encode())
        return signed

    def _joined(self, before: Note, signed: SignedCheckpoint) -> SignedCheckpoint:
        note = with_signatures(before, [line for line in signed.note.signatures if line not in before.signatures])
        return open_note(note, [key for _, key in self.standing().keys], self.witnesses())

    # -- below

    def _kept(self, name: str) -> SignedCheckpoint | None:
        data = self._files.read(name)
        if data is None:
            return None
        keys = self.standing().keys
        try:
            signed = open_note(parse_note(data), [key for _, key in keys], self.witnesses())
            key = in_force(keys, signed.checkpoint.size)
            if key is None:
                raise SealError("checkpoint.unsigned")
            open_note(signed.note, [key])
        except SealError as error:
            raise Unreachable("seal.altered", file=name, detail=error.code) from error
        compare(self._name, signed.checkpoint, self._log.head() + 1, self._root)
        return signed

    def _root(self, size: int) -> bytes:
        try:
            return root_at(size, self._log.hashes)
        except SealError as error:
            raise Unreachable("store.damaged", ledger=self._name, detail=repr(error)) from error
