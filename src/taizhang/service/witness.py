"""Owns a witness in this process: it remembers each log's last tree head and cosigns only what extends it.

What to cosign is decided by `seal.witness`; here the head is on the disk before the answer leaves, and one request is
decided at a time, whichever process it came to. Knows no ledger: a witness needs none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.seal.checkpoint import Checkpoint, parse_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import COSIGNATURE, SignerKey, VerifierKey
from taizhang.ledger.seal.witness import Answer, add_checkpoint, known_size
from taizhang.ledger.sealing import public_key, secret_key

from .proofs import File, WitnessLog


class Files(Protocol):
    """The witness's folder."""

    @property
    def key_path(self) -> str:
        """Where the secret key lies, for refusals."""

    def key(self) -> str:
        """The text of the secret key."""

    def logs(self) -> list[str]:
        """The vkey of every key of a log that is served."""

    def keep_logs(self, vkeys: list[str]) -> None:
        """Keep the keys of the logs that are served."""

    def head(self, origin: str) -> bytes | None:
        """The last tree head of a log."""

    def keep_head(self, origin: str, text: bytes) -> None:
        """Keep the last tree head of a log."""

    def keep_evidence(self, request: bytes) -> None:
        """Keep a request that proves a fork."""

    def alone(self) -> AbstractContextManager[None]:
        """Let nobody else decide for the block."""


def _now() -> int:
    return int(time.time())


class LocalWitness:
    """The witness in a folder of this machine. Safe to share between threads and processes.

    Args:
        files: its folder.
        clock: gives the time in POSIX seconds.
    """

    def __init__(self, files: Files, clock: Callable[[], int] = _now) -> None:
        self._files = files
        self._clock = clock
        self._signer: SignerKey = secret_key(files.key(), files.key_path)
        if self._signer.kind != COSIGNATURE:
            raise Rejected("key.unreadable", path=files.key_path)

    def vkey(self) -> str:
        """Return its public key."""
        return self._signer.verifier.vkey

    def logs(self) -> tuple[WitnessLog, ...]:
        """Return the logs that it serves, in the order in which they were added."""
        return tuple(
            WitnessLog(origin, tuple(key.vkey for key in keys), self._known(origin).size if self._knows(origin) else 0)
            for origin, keys in self._served().items()
        )

    def add_log(self, vkey: str) -> WitnessLog:
        """Serve a log from now on, or take a further key of one that is served: its new one.

        Raises:
            Rejected: ``key.not-public``, ``key.not-a-log``.
        """
        key = public_key(vkey)
        with self._files.alone():
            known = self._files.logs()
            if key.vkey not in known:
                self._files.keep_logs([*known, key.vkey])
        return next(log for log in self.logs() if log.origin == key.name)

    def answer(self, request: bytes) -> Answer:
        """Decide one request, and keep what it changes before anybody hears of it."""
        with self._files.alone():
            served = self._served()
            heads = {origin: self._known(origin) for origin in served if self._knows(origin)}
            answer = add_checkpoint(request, served, heads, self._signer, self._clock())
            if answer.evidence:
                self._files.keep_evidence(request)
            if answer.keep is not None:
                self._files.keep_head(answer.keep.origin, answer.keep.text().encode())
        return answer

    def sign(self, request: File) -> bytes:
        """Answer a request that came in a file with signature lines.

        Raises:
            Rejected: ``witness.stale`` (`known`: the size that this witness knows), ``witness.fork``,
                ``witness.origin``, and ``seal.refused`` for what is no such request.
        """
        answer = self.answer(request.data)
        if answer.status == 200:
            return answer.body
        if answer.code == "witness.stale":
            raise Rejected("witness.stale", file=request.name, known=known_size(answer.body))
        if answer.evidence:
            raise Rejected("witness.fork", file=request.name)
        raise Rejected("seal.refused", file=request.name, reason=answer.code)

    def serve(self, host: str, port: int, ready: Callable[[str], None]) -> None:
        """Answer requests over HTTP until interrupted; raises as `witness_http.serve`."""
        from .witness_http import serve

        serve(self.answer, host, port, ready)

    def _served(self) -> dict[str, list[VerifierKey]]:
        served: dict[str, list[VerifierKey]] = {}
        for vkey in self._files.logs():
            key = public_key(vkey)
            served.setdefault(key.name, []).append(key)
        return served

    def _knows(self, origin: str) -> bool:
        return self._files.head(origin) is not None

    def _known(self, origin: str) -> Checkpoint:
        """Return the last head of a log. One that cannot be read is no reason to begin anew: that could be the attack."""
        try:
            head = parse_checkpoint((self._files.head(origin) or b"").decode("utf-8", "replace"))
        except SealError as error:
            raise Unreachable("seal.altered", file=f"heads ({origin})", detail=error.code) from error
        if head.origin != origin:
            raise Unreachable("seal.altered", file=f"heads ({origin})", detail=head.origin)
        return head
