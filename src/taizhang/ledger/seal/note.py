"""Signed notes (C2SP signed-note): a text, and who signed it.

Owns the bytes of a note and which signatures count. Must not know what the text says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from .encoding import from_base64, to_base64, to_text
from .errors import SealError
from .keys import SignerKey, VerifierKey, is_name

MAX_NOTE = 1 << 20
"""The greatest length of a note in bytes."""
MAX_SIGNATURES = 100
"""The greatest number of signature lines, that of Go's sumdb/note; the specification asks for 16 at least."""


class Signature(msgspec.Struct, frozen=True):
    """One signature line. `key_id` is 4 bytes; `data` what follows it: 64 bytes of a log, 72 of a witness."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """Return the line with its LF."""
        return f"\u2014 {self.name} {to_base64(self.key_id + self.data)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text that ends in LF, and its signatures in their order. Nothing is verified by parsing."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the bytes of the note.

        Raises:
            SealError: `note.malformed` where the text or the number of signatures has no such form.
        """
        data = f"{self.text}\n{''.join(signature.line() for signature in self.signatures)}".encode(errors="replace")
        if parse_note(data) != self:
            raise SealError("note.malformed", found=self.text[-64:])
        return data


class Verified(msgspec.Struct, frozen=True):
    """A key that signed; `time` is that of a cosignature in POSIX seconds, else None."""

    key: VerifierKey
    time: int | None


def parse_note(data: bytes) -> Note:
    """Return the note in `data`; what `Note.encode` would not write again byte for byte is refused.

    Raises:
        SealError: `note.malformed`.
    """
    if len(data) > MAX_NOTE:
        raise SealError("note.malformed", found=f"{len(data)} bytes")
    text, blank, signatures = to_text(data, "note.malformed").rpartition("\n\n")
    if not blank:
        raise SealError("note.malformed", found=signatures[-64:])
    return Note(text + "\n", _signatures(signatures, "note.malformed"))


def parse_signatures(data: bytes, code: str = "note.malformed") -> tuple[Signature, ...]:
    """Return signature lines that stand alone: what a witness answers.

    Raises:
        SealError: `code` where they are not one to `MAX_SIGNATURES` such lines.
    """
    if len(data) > MAX_NOTE:
        raise SealError(code, found=f"{len(data)} bytes")
    return _signatures(to_text(data, code), code)


def sign(text: str, *signers: SignerKey) -> Note:
    """Return the note that these keys (of type 01) sign; Ed25519 gives the same bytes for the same text and key.

    Raises:
        SealError: `key.kind` for a witness's key.
    """
    return Note(text, tuple(_signature(signer, signer.sign(text)) for signer in signers))


def cosign(text: str, signer: SignerKey, time: int) -> Signature:
    """Return the cosignature/v1 of a witness over a note's text, at `time` in POSIX seconds.

    Raises:
        SealError: `key.kind` for a key that is not of type 04.
    """
    return _signature(signer, signer.sign(text, time))


def verify(note: Note, keys: Iterable[VerifierKey]) -> tuple[Verified, ...]:
    """Return the keys among `keys` that have signed, in the order of the note, each once.

    Signatures of other keys are passed over, as the specification demands; one of a known key that does not verify
    condemns the note.

    Raises:
        SealError: `note.signature`, `note.unverified` where none has signed, `key.ambiguous`.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise SealError("key.ambiguous", name=key.name)
    verified: dict[VerifierKey, Verified] = {}
    for signature in note.signatures:
        signed_by = known.get((signature.name, signature.key_id))
        if signed_by is not None:
            time = signed_by.verify(note.text, signature.data)
            verified.setdefault(signed_by, Verified(signed_by, time))
    if not verified:
        raise SealError("note.unverified")
    return tuple(verified.values())


def with_signatures(note: Note, signatures: Sequence[Signature]) -> Note:
    """Return the note with these signatures after its own; an older one of the same key gives way."""
    new = {(signature.name, signature.key_id) for signature in signatures}
    kept = (signature for signature in note.signatures if (signature.name, signature.key_id) not in new)
    return Note(note.text, (*kept, *signatures))


def _signature(signer: SignerKey, data: bytes) -> Signature:
    return Signature(signer.name, signer.verifier.id, data)


def _signatures(text: str, code: str) -> tuple[Signature, ...]:
    lines = text.split("\n")
    if lines.pop() or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise SealError(code, found=f"{len(lines)} lines")
    signatures = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not is_name(parts[1]):
            raise SealError(code, found=line[:64])
        data = from_base64(parts[2], code)
        if len(data) < 5:
            raise SealError(code, found=line[:64])
        signatures.append(Signature(parts[1], data[:4], data[4:]))
    return tuple(signatures)
