"""The obvious implementation of RFC 6962, section 2.1, word for word: what the fast code is checked against.

Owns nothing but the recursion of the RFC. Must not import the seal.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256


def split(n: int) -> int:
    """Return k, the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Reference:
    """The tree over these leaf records; a range's hash is remembered, the recursion is not cut short."""

    def __init__(self, records: Sequence[bytes]) -> None:
        self.records = records
        self.mth = cache(self._mth)

    def _mth(self, start: int, stop: int) -> bytes:
        n = stop - start
        if n == 0:
            return sha256(b"").digest()
        if n == 1:
            return sha256(b"\x00" + self.records[start]).digest()
        k = split(n)
        return sha256(b"\x01" + self.mth(start, start + k) + self.mth(start + k, stop)).digest()

    def root(self, n: int) -> bytes:
        """MTH(D[n])."""
        return self.mth(0, n)

    def path(self, m: int, n: int) -> list[bytes]:
        """PATH(m, D[n])."""
        return self._path(m, 0, n)

    def _path(self, m: int, start: int, stop: int) -> list[bytes]:
        n = stop - start
        if n == 1:
            return []
        k = split(n)
        if m < k:
            return [*self._path(m, start, start + k), self.mth(start + k, stop)]
        return [*self._path(m - k, start + k, stop), self.mth(start, start + k)]

    def proof(self, m: int, n: int) -> list[bytes]:
        """PROOF(m, D[n])."""
        return self._subproof(m, 0, n, True)

    def _subproof(self, m: int, start: int, stop: int, whole: bool) -> list[bytes]:
        n = stop - start
        if m == n:
            return [] if whole else [self.mth(start, stop)]
        k = split(n)
        if m <= k:
            return [*self._subproof(m, start, start + k, whole), self.mth(start + k, stop)]
        return [*self._subproof(m - k, start + k, stop, False), self.mth(start, start + k)]

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Answer as a store would: the hashes of complete subtrees of 256**level leaves."""
        width = 256**level
        return [self.mth(index * width, (index + 1) * width) for index in range(start, stop)]
