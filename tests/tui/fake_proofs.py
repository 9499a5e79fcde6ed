"""The seal of a ledger in memory: signed up to the last but two, cosigned before; its deep check has found one thing wrong."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.ledger.domain.verdict import Check, Statement, Verdict
from taizhang.service.proofs import Cosignature, File, Progress, SealedAt, SealState, Signer

ORIGIN = "demo.taizhang.example"
VKEY = f"{ORIGIN}+7b5d3f19+Ab3ROnRoaXMga2V5IHNpZ25zIG5vdGhpbmcgYXQgYWxs"
ROOT = "5f" * 32


class FakeProofs:
    """As `service.proofs.Proofs`, as far as the terminal asks.

    Args:
        size: how many events there are.
    """

    def __init__(self, size: int) -> None:
        self._size = size

    def state(self) -> SealState:
        """All but the last two are signed, and all but the last four cosigned."""
        witness = Cosignature("witness.example/office", "2023-07-09T09:30:00Z")
        last = SealedAt(ORIGIN, max(self._size - 2, 0), ROOT, "")
        return SealState(self._size, VKEY, last, SealedAt(ORIGIN, max(self._size - 4, 0), ROOT, "", (witness,)))

    def checkpoint(self, by: Signer) -> SealedAt:
        """Sign everything."""
        return SealedAt(ORIGIN, self._size, ROOT, "")

    def verify(
        self,
        checkpoints: Sequence[File] = (),
        vkey: str = "",
        witnesses: Sequence[str] = (),
        *,
        log_only: bool = False,
        progress: Progress | None = None,
    ) -> Verdict:
        """Find one event changed."""
        if progress is not None:
            progress("events", self._size, self._size)
        checks = (
            Check("database", True),
            Check("schema", True),
            Check("leaves", False, {"index": 20, "detail": "finding/JZ-2023/3"}),
            Check("rules", True),
        )
        proved = (Statement("proved.events", {"size": self._size}),)
        return Verdict(checks, self._size, ROOT, 20, "leaves", proved, (Statement("unproved.truth"),))
