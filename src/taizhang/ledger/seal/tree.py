"""The RFC 6962 Merkle tree: its two hashes.

Owns how a leaf and a node are hashed. Must not know what a leaf says or where hashes are kept.
"""

from __future__ import annotations

from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(record: bytes) -> bytes:
    """Return the 32-byte hash of a leaf, SHA256(00 || record) (RFC 6962, section 2.1)."""
    return sha256(b"\0" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of a node, SHA256(01 || left || right) (RFC 6962, section 2.1)."""
    return sha256(b"\1" + left + right).digest()
