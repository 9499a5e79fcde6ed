"""Checkpoints (C2SP tlog-checkpoint): the log's name, its size and its root, signed.

Owns the three lines and who must have signed them. Must not know how a log comes by its root.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .encoding import MAX_SIZE, from_base64_hash, to_base64, to_number
from .errors import SealError
from .keys import COSIGNATURE, ED25519, SignerKey, VerifierKey, is_own_name
from .note import Note, parse_note, sign, verify
from .tree import HASH_SIZE


class Checkpoint(msgspec.Struct, frozen=True):
    """A tree head: the log's `origin`, its `size` in leaves and its 32-byte `root`.

    Raises:
        SealError: `checkpoint.malformed`.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        # The origin is also the name of the log's key, so it obeys the rule for those.
        if not is_own_name(self.origin) or not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise SealError("checkpoint.malformed", found=f"{self.origin[:64]}, {self.size}")

    def text(self) -> str:
        """Return the three lines, each with its LF: the text that is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


class Cosigned(msgspec.Struct, frozen=True):
    """A witness that has cosigned, and when, in POSIX seconds."""

    name: str
    time: int


class SignedCheckpoint(msgspec.Struct, frozen=True):
    """A checkpoint whose signatures were verified: by the log, and by these witnesses."""

    checkpoint: Checkpoint
    note: Note
    cosigned: tuple[Cosigned, ...]


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text is. It proves nothing before the note is verified.

    Extension lines are refused: no part of the house writes them, and no monitor can audit them.

    Raises:
        SealError: `checkpoint.malformed`.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise SealError("checkpoint.malformed", found=text[-64:])
    return Checkpoint(
        origin=lines[0],
        size=to_number(lines[1], "checkpoint.malformed"),
        root=from_base64_hash(lines[2], "checkpoint.malformed"),
    )


def sign_checkpoint(checkpoint: Checkpoint, *signers: SignerKey) -> Note:
    """Return the checkpoint signed by the log's key, or by two of them while one takes over from the other.

    Raises:
        SealError: `checkpoint.origin` where a key has another name than the origin, `key.kind` for a witness's key.
    """
    for signer in signers:
        if signer.name != checkpoint.origin:
            raise SealError("checkpoint.origin", origin=checkpoint.origin, name=signer.name)
    return sign(checkpoint.text(), *signers)


def open_checkpoint(
    data: bytes, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey] = (), quorum: int = 0
) -> SignedCheckpoint:
    """Return the checkpoint in `data`, if the log signed it and at least `quorum` of the witnesses cosigned it.

    Args:
        log_keys: the log's key, or several over its life (type 01); one of them must have signed.
        witness_keys: the witnesses that count (type 04).
        quorum: how many different witnesses must have cosigned.

    Raises:
        SealError: `note.malformed`, `note.signature`, `key.kind`, `checkpoint.malformed`, `checkpoint.origin`,
            `checkpoint.unsigned`, `checkpoint.quorum`.
    """
    return open_note(parse_note(data), log_keys, witness_keys, quorum)


def open_note(
    note: Note, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey] = (), quorum: int = 0
) -> SignedCheckpoint:
    """Do the same as `open_checkpoint` for a note that is parsed already."""
    for keys, kind in ((log_keys, ED25519), (witness_keys, COSIGNATURE)):
        for key in keys:
            if key.kind != kind:
                raise SealError("key.kind", name=key.name)
    try:
        verified = verify(note, (*log_keys, *witness_keys))
    except SealError as error:
        if error.code != "note.unverified":
            raise
        raise SealError("checkpoint.unsigned") from error
    checkpoint = parse_checkpoint(note.text)
    by_log = [item.key for item in verified if item.key.kind == ED25519]
    if not by_log:
        raise SealError("checkpoint.unsigned")
    for key in by_log:
        if key.name != checkpoint.origin:
            raise SealError("checkpoint.origin", origin=checkpoint.origin, name=key.name)
    cosigned = tuple(Cosigned(item.key.name, item.time) for item in verified if item.time is not None)
    witnesses = {item.key.public for item in verified if item.time is not None}
    if len(witnesses) < quorum:
        raise SealError("checkpoint.quorum", have=len(witnesses), need=quorum)
    return SignedCheckpoint(checkpoint, note, cosigned)
