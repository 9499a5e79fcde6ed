"""The right edge of the growing tree: what must be kept to append leaves and to know the root.

Owns appending. Must not know where the completed subtrees are kept: it hands them back to whoever appends.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Self

from .tree import EMPTY_ROOT, Hashes, Tree, node_hash, pair_up

Completed = tuple[int, int, bytes]
"""(level, index, hash) of a complete subtree of 256**level leaves, level >= 1: a row of the store's `nodes`."""


class Frontier:
    """A compact range: the hash of one complete subtree for every bit that is set in `size`, greatest first.

    It changes in place; take a `copy()` where a transaction may be rolled back.
    """

    __slots__ = ("_stack", "size")

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> Self:
        """Return the frontier over these leaf hashes."""
        frontier = cls()
        frontier.extend(leaves)
        return frontier

    @classmethod
    def at(cls, size: int, hashes: Hashes) -> Self:
        """Return the frontier of the first `size` leaves from stored hashes, reading at most 255 a level.

        Raises:
            SealError: `hash.missing` or `hash.size` where the store does not hold them.
        """
        frontier = cls()
        tree = Tree(size, hashes)
        start = 0
        for height in range(size.bit_length() - 1, -1, -1):
            if size >> height & 1:
                frontier._stack.append(tree.node(height, start >> height))
                start += 1 << height
        frontier.size = size
        return frontier

    def copy(self) -> Self:
        """Return an independent frontier at the same leaf."""
        twin = type(self)()
        twin.size = self.size
        twin._stack = self._stack.copy()
        return twin

    def append(self, leaf: bytes) -> list[Completed]:
        """Append one leaf hash; return the subtrees of 256**level leaves that it completes, lowest first."""
        size, stack = self.size, self._stack
        completed: list[Completed] = []
        height = 0
        while size >> height & 1:
            leaf = sha256(b"\1" + stack.pop() + leaf).digest()
            height += 1
            if not height & 7:
                completed.append((height >> 3, size >> height, leaf))
        stack.append(leaf)
        self.size = size + 1
        return completed

    def extend(self, hashes: Iterable[bytes], height: int = 0) -> list[Completed]:
        """Append leaf hashes in bulk; return the subtrees of 256**level leaves that they complete, lowest level first.

        Hashes row by row, which costs little more than the hashing itself; memory is that of the hashes given.

        Args:
            hashes: leaf hashes, or the hashes of complete subtrees of 2**height leaves, which other processes made.
            height: of those subtrees; they are not themselves among what is returned.

        Raises:
            ValueError: the size is no multiple of 2**height, so that such subtrees cannot follow.
        """
        size, stack = self.size, self._stack
        if size & ((1 << height) - 1):
            raise ValueError(f"a subtree of 2**{height} leaves cannot follow leaf {size}")
        row = list(hashes)
        self.size += len(row) << height
        completed: list[Completed] = []
        left_over: list[bytes] = []
        while row:
            if size >> height & 1:
                row.insert(0, stack.pop())
            if len(row) & 1:
                left_over.append(row.pop())
            row = pair_up(row)
            height += 1
            if not height & 7:
                level, first = height >> 3, size >> height
                completed.extend((level, index, node) for index, node in enumerate(row, first))
        stack.extend(reversed(left_over))
        return completed

    def root(self) -> bytes:
        """Return the root of all leaves so far (RFC 6962, section 2.1)."""
        if not self._stack:
            return EMPTY_ROOT
        node = self._stack[-1]
        for left in self._stack[-2::-1]:
            node = node_hash(left, node)
        return node
