"""The leaf record: the few lines about one event that the tree hashes.

Owns the bytes of a leaf. Must not know what a state means or where it is stored.
"""

from __future__ import annotations

import re
from hashlib import sha256

import msgspec

from .encoding import to_number, to_text
from .errors import SealError

MAX_LEAF = 65_535
"""The greatest length of a leaf in bytes: what the u16 of an entry bundle can say (C2SP tlog-tiles)."""

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Leaf(msgspec.Struct, frozen=True):
    """What a leaf record says. `index` is 0-based; `commitment` is the 32-byte SHA256(salt || state)."""

    index: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    commitment: bytes


def commitment(salt: bytes, state: bytes) -> bytes:
    """Return the 32-byte SHA256(salt || state): the leaf names the state by it, so state and salt can be erased."""
    return sha256(salt + state).digest()


def leaf_record(index: int, stream: str, version: int, topic: str, recorded_at: str, commitment: bytes) -> bytes:
    """Return the canonical bytes of one leaf: seven lines, UTF-8, each ended by LF.

    `stream`, `topic` and `recorded_at` must hold no control characters (the recorder refuses them before they come
    here), so that no two leaves share bytes. `index` is the 0-based leaf index, `commitment` the 32 bytes of
    `commitment()`. Nothing is checked here, because this runs once for every event of every verification.
    """
    return f"taizhang-leaf/v1\n{index}\n{stream}\n{version}\n{topic}\n{recorded_at}\n{commitment.hex()}\n".encode()


def parse_leaf(record: bytes) -> Leaf:
    """Return what a leaf record says; only what `leaf_record` can have written is taken.

    Raises:
        SealError: `leaf.size`, `leaf.malformed`.
    """
    if len(record) > MAX_LEAF:
        raise SealError("leaf.size", bytes=len(record))
    lines = to_text(record, "leaf.malformed").split("\n")
    if len(lines) != 8 or lines[0] != "taizhang-leaf/v1" or not _HASH.fullmatch(lines[6]):
        raise SealError("leaf.malformed", found=lines[0][:64])
    return Leaf(
        index=to_number(lines[1], "leaf.malformed"),
        stream=lines[2],
        version=to_number(lines[3], "leaf.malformed"),
        topic=lines[4],
        recorded_at=lines[5],
        commitment=bytes.fromhex(lines[6]),
    )
