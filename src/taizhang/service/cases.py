"""Owns what leaves the ledger with its proof, as the desk offers it: case files, and the check of exported tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from taizhang.ledger.domain.register import Register

from .proofs import Signer
from .receipts import CaseReceipt, ExportVerdict

if TYPE_CHECKING:
    from taizhang.projections.runner import Views

    from .casefile import KeptFiles, Sealer, StoredRow
    from .export_proof import ProvableLog
    from .exporting import Compile

Progress = Callable[[int, int], None]


class Cases(Protocol):
    """What a front end can ask."""

    def write(self, number: str, target: Path, by: Signer, *, with_evidence: bool = True) -> CaseReceipt:
        """Write the case file of one finding. `by` matters where the ledger has no key yet and adopts its first."""

    def verify_export(self, path: Path, progress: Progress | None = None) -> ExportVerdict:
        """Say whether this ledger would give the table in a file again, and what differs if not."""


class CaseLog(Protocol):
    """The log as case files and exports are proved from it."""

    def head(self) -> int:
        """Index of the last event."""

    def after(self, index: int, limit: int) -> list[tuple[int, str, int, str, str, bytes]]:
        """Events after an index."""

    def stream(self, stream: str, gt: int = 0) -> list[StoredRow]:
        """The stored rows of a stream."""

    def told(self, stream: str, gt: int = 0) -> list[StoredRow]:
        """The rows of a stream, what is sealed of a person opened."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


class LocalCases:
    """Case files and export checks of a ledger in this process.

    Args:
        log: the log, to read.
        register: gives the register as it stands.
        sealer: gives what signs for the ledger.
        evidence: the evidence files.
        open_views: opens read models in an empty folder.
        compiled: what a filter means.
    """

    def __init__(
        self,
        *,
        log: CaseLog,
        register: Callable[[], Register],
        sealer: Callable[[Signer], Sealer],
        evidence: KeptFiles,
        open_views: Callable[[Path], Views],
        compiled: Compile,
    ) -> None:
        self._log = log
        self._register = register
        self._sealer = sealer
        self._evidence = evidence
        self._open_views = open_views
        self._compiled = compiled

    def write(self, number: str, target: Path, by: Signer, *, with_evidence: bool = True) -> CaseReceipt:
        """Write the case file of one finding; raises as `casefile.write_case`."""
        from .casefile import write_case

        return write_case(
            number,
            target,
            log=self._log,
            register=self._register(),
            sealer=self._sealer(by),
            evidence=self._evidence,
            with_evidence=with_evidence,
        )

    def verify_export(self, path: Path, progress: Progress | None = None) -> ExportVerdict:
        """Say whether this ledger would give the table in a file again; raises as `export_proof.verify_export`."""
        from .export_proof import verify_export

        log: ProvableLog = self._log
        return verify_export(path, log=log, open_views=self._open_views, compiled=self._compiled, progress=progress)
