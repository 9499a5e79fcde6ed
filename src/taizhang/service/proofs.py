"""Owns Proofs and Witness: what a front end can ask about the seal of a ledger, as Protocols and plain values.

Knows no store, no key file and no label. Bytes are those of the C2SP formats, ready to be written to a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from taizhang.ledger.domain.verdict import Verdict

Progress = Callable[[str, int, int], None]
"""Told a phase, how much of it is done, and how much there is."""


class Signer(Struct, frozen=True):
    """Who lets a checkpoint be signed: the person, and why; a rotation and a first key are events with their name."""

    actor: str = ""
    why: str = ""


class File(Struct, frozen=True):
    """A file that somebody brought: its name, for refusals, and its bytes."""

    name: str
    data: bytes


class Cosignature(Struct, frozen=True):
    """A witness that has cosigned, and when (UTC, ISO 8601)."""

    witness: str
    time: str


class SealedAt(Struct, frozen=True):
    """A checkpoint of the ledger.

    Args:
        origin: the ledger's name.
        size: how many events it covers: those up to #size-1.
        root: the root hash over them, hexadecimal.
        note: the signed note.
        cosigned: by which witnesses that the ledger knows.
    """

    origin: str
    size: int
    root: str
    note: str
    cosigned: tuple[Cosignature, ...] = ()


class SealState(Struct, frozen=True):
    """How far the ledger is sealed.

    Args:
        size: how many events there are.
        vkey: the public key in force; empty for a ledger without one.
        last: the last checkpoint.
        cosigned: the last checkpoint that a known witness cosigned.
    """

    size: int
    vkey: str
    last: SealedAt | None = None
    cosigned: SealedAt | None = None


class AdoptedKey(Struct, frozen=True):
    """A public key that signs from the event at `index` on."""

    index: int
    vkey: str


class EventProof(Struct, frozen=True):
    """One event's leaf, and the proof (tlog-proof@v1) that it stands in a tree of `size` events."""

    index: int
    size: int
    leaf: bytes
    proof: bytes


class Consistency(Struct, frozen=True):
    """Two checkpoints of one log, of which the second extends the first.

    Args:
        hashes: the consistency proof of RFC 6962, base64.
        request: the same with the new checkpoint, as a witness takes it (tlog-witness).
    """

    old: int
    size: int
    hashes: tuple[str, ...]
    request: bytes


class TilesReceipt(Struct, frozen=True):
    """A folder of tiles: for how many events, how many files were written, and how many events it had before."""

    path: str
    size: int
    root: str
    files: int
    since: int


class Proofs(Protocol):
    """The seal of one ledger. Every method may raise Rejected or Unreachable."""

    def state(self) -> SealState:
        """How far the ledger is sealed. Cheap enough to be drawn live."""

    def keys(self) -> tuple[AdoptedKey, ...]:
        """Every key that the ledger adopted, the one in force last."""

    def checkpoint(self, by: Signer) -> SealedAt:
        """Sign everything that is recorded now. `by` matters where the ledger has no key yet and adopts its first."""

    def rotate_key(self, by: Signer, *, lost: bool = False) -> SealedAt:
        """Let a new key take over; the old and the new one sign one checkpoint together. `lost`: the old one is gone."""

    def prove(self, reference: str, by: Signer) -> tuple[EventProof, ...]:
        """Prove one event (``17``, ``#17``) or every event of a finding (its number)."""

    def tiles(self, target: Path, by: Signer, progress: Progress | None = None) -> TilesReceipt:
        """Write the whole log as a folder of tiles, or bring such a folder up to date."""

    def consistency(self, old: File, new: File | None = None) -> Consistency:
        """Prove that a checkpoint extends another; `new` None for the last one."""

    def witness_request(self, by: Signer, old: int | None = None) -> bytes:
        """What a witness is asked on a stick. `old`: the size that it knows; None for what it cosigned last."""

    def take_cosignature(self, answer: File, vkey: str = "") -> SealedAt:
        """Put a witness's answer to the checkpoint. `vkey`: its public key, where it is not known yet."""

    def ask_witness(self, url: str, by: Signer, vkey: str = "") -> SealedAt:
        """Ask a witness over HTTP, and put its cosignature to the checkpoint."""

    def verify(
        self,
        checkpoints: Sequence[File] = (),
        vkey: str = "",
        witnesses: Sequence[str] = (),
        *,
        log_only: bool = False,
        progress: Progress | None = None,
    ) -> Verdict:
        """The deep check, against what lies beside the database and against what somebody brought from outside."""

    def close(self) -> None:
        """Give everything back."""


class WitnessLog(Struct, frozen=True):
    """A log that a witness serves: its keys, and the size that it cosigned last (0 for none yet)."""

    origin: str
    vkeys: tuple[str, ...]
    size: int


class Witness(Protocol):
    """A witness: a second party that remembers what it saw of each log and cosigns only what extends it."""

    def vkey(self) -> str:
        """Its public key."""

    def logs(self) -> tuple[WitnessLog, ...]:
        """The logs that it serves."""

    def add_log(self, vkey: str) -> WitnessLog:
        """Serve a log, or take a further key of one: its new one."""

    def sign(self, request: File) -> bytes:
        """Answer a request that came in a file with signature lines, or refuse it."""

    def serve(self, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Answer requests over HTTP until interrupted; `ready` is told the address."""
