"""The RFC 6962 Merkle tree: its two hashes, proofs out of stored hashes, and their verification.

Owns the shape of the tree. Must not know what a leaf says or where hashes are kept: proofs are built over an accessor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from .errors import SealError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""`hashes(level, start, stop)`: the hashes of the complete subtrees of 256**level leaves numbered start to stop - 1.

Level 0 holds the leaf hashes. Exactly stop - start hashes of 32 bytes are expected, in order.
"""


def leaf_hash(record: bytes) -> bytes:
    """Return the 32-byte hash of a leaf, SHA256(00 || record) (RFC 6962, section 2.1)."""
    return sha256(b"\0" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of a node, SHA256(01 || left || right) (RFC 6962, section 2.1)."""
    return sha256(b"\1" + left + right).digest()


def pair_up(row: Sequence[bytes]) -> list[bytes]:
    """Return the row of nodes above `row`; a last hash without a partner is left out."""
    hashes = iter(row)
    return [sha256(b"\1" + left + right).digest() for left, right in zip(hashes, hashes, strict=False)]


def root_at(size: int, hashes: Hashes) -> bytes:
    """Return the root of the first `size` leaves, read from the stored hashes."""
    return Tree(size, hashes).root()


def inclusion_proof(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """Return PATH(index, D[size]); see `Tree.inclusion_proof`."""
    return Tree(size, hashes).inclusion_proof(index)


def consistency_proof(old_size: int, size: int, hashes: Hashes) -> list[bytes]:
    """Return PROOF(old_size, D[size]); see `Tree.consistency_proof`."""
    return Tree(size, hashes).consistency_proof(old_size)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash `leaf` stands at `index` in the tree of `size` leaves with that root.

    RFC 9162, section 2.1.3.2.

    Raises:
        SealError: `inclusion.range`, `inclusion.length`, `inclusion.root`, `hash.size`.
    """
    if not 0 <= index < size:
        raise SealError("inclusion.range", index=index, size=size)
    _check_sizes((leaf, root, *proof))
    fn, sn, node = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise SealError("inclusion.length", index=index, size=size, hashes=len(proof))
        if fn & 1 or fn == sn:
            node = node_hash(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = node_hash(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise SealError("inclusion.length", index=index, size=size, hashes=len(proof))
    if node != root:
        raise SealError("inclusion.root", index=index, size=size)


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `size` leaves with that root begins with the tree of `old_size` leaves with the old root.

    RFC 9162, section 2.1.4.2. An empty old tree needs no hashes, and neither do equal sizes; there the roots are
    compared, and the root of an empty tree is known.

    Raises:
        SealError: `consistency.range`, `consistency.length`, `consistency.old-root`, `consistency.root`, `hash.size`.
    """
    if not 0 <= old_size <= size:
        raise SealError("consistency.range", old=old_size, size=size)
    _check_sizes((old_root, root, *proof))
    if old_size in (0, size):
        if proof:
            raise SealError("consistency.length", old=old_size, size=size, hashes=len(proof))
        if old_size == 0 and old_root != EMPTY_ROOT:
            raise SealError("consistency.old-root", old=old_size, size=size)
        if old_size == size and old_root != root:
            raise SealError("consistency.root", old=old_size, size=size)
        return
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else proof
    if not path:
        raise SealError("consistency.length", old=old_size, size=size, hashes=len(proof))
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise SealError("consistency.length", old=old_size, size=size, hashes=len(proof))
        if fn & 1 or fn == sn:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new_node = node_hash(new_node, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise SealError("consistency.length", old=old_size, size=size, hashes=len(proof))
    if old_node != old_root:
        raise SealError("consistency.old-root", old=old_size, size=size)
    if new_node != root:
        raise SealError("consistency.root", old=old_size, size=size)


class Tree:
    """The tree over the first `size` leaves, computed from stored hashes; each 256 of them are read once and kept.

    A subtree in it is named by its height and its index: it covers the leaves from index << height on.
    """

    def __init__(self, size: int, hashes: Hashes) -> None:
        self.size = size
        self._hashes = hashes
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def root(self) -> bytes:
        """Return the root."""
        return self.edge((self.size - 1).bit_length(), 0) if self.size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return PATH(index, D[size]) of RFC 6962, section 2.1.1: the sibling of the leaf first.

        Raises:
            SealError: `inclusion.range` where there is no such leaf in the tree; `hash.missing`, `hash.size`.
        """
        if not 0 <= index < self.size:
            raise SealError("inclusion.range", index=index, size=self.size)
        return self._siblings(0, index)

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Return PROOF(old_size, D[size]) of RFC 6962, section 2.1.2; empty where the old size is 0 or the same.

        Raises:
            SealError: `consistency.range` where old_size > size or is negative; `hash.missing`, `hash.size`.
        """
        if not 0 <= old_size <= self.size:
            raise SealError("consistency.range", old=old_size, size=self.size)
        if old_size in (0, self.size):
            return []
        height = (old_size & -old_size).bit_length() - 1
        last = (old_size - 1) >> height
        # The verifier knows the old root, so a complete old tree (last is then 0) is not repeated.
        start = [self.node(height, last)] if last else []
        return start + self._siblings(height, last)

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree of 2**height leaves."""
        level, up = divmod(height, 8)
        tile = index >> (8 - up)
        rows = self._tiles.get((level, tile))
        if rows is None:
            rows = self._tiles[level, tile] = [self._read(level, tile * 256)]
        while len(rows) <= up:
            rows.append(pair_up(rows[-1]))
        return rows[up][index - (tile << (8 - up))]

    def edge(self, height: int, index: int) -> bytes:
        """Return the hash of a subtree that the right edge of the tree may cut short."""
        size = self.size
        complete: list[bytes] = []
        while (index + 1) << height > size:
            height, index = height - 1, index << 1
            if (index + 1) << height < size:
                complete.append(self.node(height, index))
                index += 1
        node = self.node(height, index)
        for left in reversed(complete):
            node = node_hash(left, node)
        return node

    def _siblings(self, height: int, index: int) -> list[bytes]:
        """Return what a complete subtree needs beside it, level by level, to lead to the root."""
        path = []
        last = self.size - 1
        while last >> height:
            sibling = index ^ 1
            if sibling << height <= last:
                path.append(self.edge(height, sibling))
            height, index = height + 1, index >> 1
        return path

    def _read(self, level: int, start: int) -> list[bytes]:
        stop = min(start + 256, self.size >> (8 * level))
        hashes = list(self._hashes(level, start, stop))
        if len(hashes) != stop - start:
            raise SealError("hash.missing", level=level, start=start, stop=stop, got=len(hashes))
        _check_sizes(hashes)
        return hashes


def _check_sizes(hashes: Sequence[bytes]) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise SealError("hash.size", bytes=len(value))
