"""The leaf record: the few lines about one event that the tree hashes.

Owns the bytes of a leaf. Must not know what a state means or where it is stored.
"""

from __future__ import annotations

from hashlib import sha256

LEAF_FORMAT = "taizhang-leaf/v1"


def commitment(salt: bytes, state: bytes) -> bytes:
    """Return the 32-byte SHA256(salt || state): the leaf names the state by it, so state and salt can be erased."""
    return sha256(salt + state).digest()


def leaf_record(index: int, stream: str, version: int, topic: str, recorded_at: str, commitment: bytes) -> bytes:
    """Return the canonical bytes of one leaf: seven lines, UTF-8, each ended by LF.

    `stream`, `topic` and `recorded_at` must hold no control characters (the recorder refuses them before they come
    here), so that no two leaves share bytes. `index` is the 0-based leaf index, `commitment` the 32 bytes of
    `commitment()`.
    """
    return f"taizhang-leaf/v1\n{index}\n{stream}\n{version}\n{topic}\n{recorded_at}\n{commitment.hex()}\n".encode()
