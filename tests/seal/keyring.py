"""Keys and a small signed log that several tests share. The seeds are fixed, so every run signs the same bytes."""

from __future__ import annotations

from taizhang.ledger.seal.checkpoint import Checkpoint, sign_checkpoint
from taizhang.ledger.seal.keys import COSIGNATURE, SignerKey
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.note import Note, cosign, with_signatures
from tests.seal.reference import Reference

ORIGIN = "ledger.example/督查台账"
TIME = 1_767_225_600

LOG = SignerKey(ORIGIN, bytes(range(32)))
NEXT_LOG = SignerKey(ORIGIN, bytes(range(1, 33)))
OTHER_LOG = SignerKey("other.example/log", bytes(range(2, 34)))
WITNESS = SignerKey("witness.example/w1", bytes(range(3, 35)), COSIGNATURE)
WITNESS_2 = SignerKey("witness.example/w2", bytes(range(4, 36)), COSIGNATURE)


def record(index: int) -> bytes:
    """Return a leaf as the ledger writes it."""
    state = b'{"n":%d}' % index
    return leaf_record(
        index,
        f"finding/JYZD-2023/{index:08}",
        1,
        "finding.logged.v1",
        "2026-01-01T00:00:00.000000Z",
        commitment(b"0123456789abcdef", state),
    )


LEAVES = Reference([record(index) for index in range(300)])


def head(size: int, reference: Reference = LEAVES, origin: str = ORIGIN) -> Checkpoint:
    """Return the tree head of the first `size` leaves."""
    return Checkpoint(origin, size, reference.root(size))


def signed(size: int, reference: Reference = LEAVES) -> Note:
    """Return that tree head signed by the log."""
    return sign_checkpoint(head(size, reference), LOG)


def cosigned(size: int) -> Note:
    """Return that tree head signed by the log and cosigned by both witnesses."""
    note = signed(size)
    return with_signatures(note, [cosign(note.text, key, TIME) for key in (WITNESS, WITNESS_2)])


def flips(data: bytes) -> list[bytes]:
    """Return `data` with each of its bits flipped in turn."""
    return [
        data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]
        for place in range(len(data))
        for bit in range(8)
    ]
