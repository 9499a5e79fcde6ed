"""The end of the ledger and the right edge of its tree, as one process keeps them between transactions.

Owns growing the edge. Must not know SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.frontier import Completed, Frontier
from taizhang.ledger.seal.tree import Hashes

BLOCK = 256
"""Leaves are hashed together when so many have come; until then they only wait in `tail`."""


class Edge:
    """Where the ledger ends: what is committed. A transaction keeps what it adds beside it until then.

    Args:
        position: of the last event; 0 for an empty ledger.
        recorded_at: its time.
        leaf: its leaf hash.
        frontier: of the leaves in whole blocks.
        tail: the leaves since, fewer than a block.
    """

    __slots__ = ("frontier", "leaf", "position", "recorded_at", "tail")

    def __init__(self, position: int, recorded_at: str, leaf: bytes, frontier: Frontier, tail: list[bytes]) -> None:
        self.position = position
        self.recorded_at = recorded_at
        self.leaf = leaf
        self.frontier = frontier
        self.tail = tail

    @classmethod
    def empty(cls) -> Self:
        """Return the edge of an empty ledger."""
        return cls(0, "", b"", Frontier(), [])

    @classmethod
    def at(cls, position: int, recorded_at: str, leaf: bytes, hashes: Hashes) -> Self:
        """Return the edge behind the event at `position`, from stored hashes.

        Raises:
            SealError: ``hash.missing`` or ``hash.size`` where the store does not hold them.
        """
        whole = position - position % BLOCK
        tail = list(hashes(0, whole, position))
        if len(tail) != position - whole:
            raise SealError("hash.missing", level=0, start=whole, stop=position, got=len(tail))
        return cls(position, recorded_at, leaf, Frontier.at(whole, hashes), tail)

    def fold(self, leaves: Sequence[bytes]) -> tuple[Frontier, list[bytes], list[Completed]]:
        """Return frontier and tail behind further leaves, and the subtrees of 256**level leaves that they complete.

        The edge itself stays: the leaves may yet be rolled back.
        """
        tail = [*self.tail, *leaves]
        whole = len(tail) - len(tail) % BLOCK
        frontier = self.frontier.copy()
        return frontier, tail[whole:], frontier.extend(tail[:whole])
