"""Proofs that can be carried away (C2SP tlog-proof): one leaf's place in a signed tree, in one small file.

Owns the bytes of a .tlog-proof and its verification. Must not know what the leaf says.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .checkpoint import SignedCheckpoint, open_checkpoint, parse_checkpoint
from .encoding import MAX_SIZE, from_base64, from_base64_hash, to_base64, to_number, to_text
from .errors import SealError
from .keys import VerifierKey
from .note import MAX_NOTE, parse_note
from .tree import leaf_hash, verify_inclusion

PROOF_FORMAT = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
"""The greatest number of hashes: the height of a tree of 2**63 leaves."""
MAX_EXTRA = 1 << 16
"""The greatest length of the extra data in bytes; a limit of this implementation."""
_MAX_PROOF = MAX_NOTE + 2 * MAX_EXTRA + 100 * MAX_PATH


class TlogProof(msgspec.Struct, frozen=True):
    """A proof. Nothing is verified by parsing.

    `index` is 0-based; `hashes` the inclusion path, the leaf's sibling first; `checkpoint` the bytes of the signed
    note; `extra` is carried along and authenticated by nothing (empty: there is none).
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes of the file.

        Raises:
            SealError: `proof.malformed`, or the refusal of the checkpoint's note, where it has no such form.
        """
        extra = [f"extra {to_base64(self.extra)}"] if self.extra else []
        lines = [PROOF_FORMAT, *extra, f"index {self.index}", *map(to_base64, self.hashes), "", ""]
        data = "\n".join(lines).encode() + self.checkpoint
        if parse_proof(data) != self:
            raise SealError("proof.malformed", found=lines[1][:64])
        return data


def parse_proof(data: bytes) -> TlogProof:
    """Return the proof in `data`; what `TlogProof.encode` would not write again byte for byte is refused.

    Raises:
        SealError: `proof.malformed`, `note.malformed`, `checkpoint.malformed`.
    """
    if len(data) > _MAX_PROOF:
        raise SealError("proof.malformed", found=f"{len(data)} bytes")
    head, blank, checkpoint = to_text(data, "proof.malformed").partition("\n\n")
    first, *lines = head.split("\n")
    if not blank or first != PROOF_FORMAT:
        raise SealError("proof.malformed", found=first[:64])
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "), "proof.malformed")
        if not 0 < len(extra) <= MAX_EXTRA:
            raise SealError("proof.malformed", found=f"{len(extra)} bytes")
    if not lines or not lines[0].startswith("index ") or len(lines) > 1 + MAX_PATH:
        raise SealError("proof.malformed", found=f"{len(lines)} lines")
    index = to_number(lines.pop(0).removeprefix("index "), "proof.malformed")
    if index == MAX_SIZE:
        raise SealError("proof.malformed", found=str(index))
    hashes = tuple(from_base64_hash(line, "proof.malformed") for line in lines)
    note = checkpoint.encode()
    parse_checkpoint(parse_note(note).text)
    return TlogProof(index, hashes, note, extra)


def verify_proof(
    data: bytes,
    record: bytes,
    log_keys: Sequence[VerifierKey],
    witness_keys: Sequence[VerifierKey] = (),
    quorum: int = 0,
) -> tuple[TlogProof, SignedCheckpoint]:
    """Check that the leaf `record` stands in the signed tree where the proof says; return the proof and the tree head.

    Args:
        data: the bytes of a .tlog-proof.
        record: the bytes of the leaf (not its hash).
        log_keys, witness_keys, quorum: whose signatures are asked for, as in `open_checkpoint`.

    Raises:
        SealError: what parsing, `open_checkpoint` and `verify_inclusion` refuse.
    """
    proof = parse_proof(data)
    signed = open_checkpoint(proof.checkpoint, log_keys, witness_keys, quorum)
    head = signed.checkpoint
    verify_inclusion(leaf_hash(record), proof.index, head.size, proof.hashes, head.root)
    return proof, signed
