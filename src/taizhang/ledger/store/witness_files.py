"""The folder of a witness: its key, the logs that it serves, the last tree head of each, and what proves a fork.

Owns where they lie, and that one process at a time decides. Must not know what any of them says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from taizhang.ledger.domain.errors import Rejected, Unreachable

from .durable import PRIVATE, READABLE, replace, sync_folder
from .sqlite.writer_queue import WriterQueue
from .trouble import refusal_of

KEY = "witness.key"
LOGS = "logs"
HEADS = "heads"
EVIDENCE = "evidence"
LOCK, TURN = "witness.lock", "witness.turn"
TIMEOUT_S = 30.0


class WitnessFiles:
    """The files of one witness.

    Args:
        folder: where they lie.

    Raises:
        Unreachable: ``witness.none`` where there is no witness.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not (folder / KEY).is_file():
            raise Unreachable("witness.none", path=str(folder))
        self._queue = WriterQueue((folder / TURN, folder / LOCK))

    @classmethod
    def make(cls, folder: Path, key: str) -> WitnessFiles:
        """Make a witness in a folder that is empty or not yet there.

        Args:
            key: the text of its secret key.

        Raises:
            Rejected: ``witness.exists``, ``ledger.not-empty``.
            Unreachable: ``store.cannot-make``.
        """
        if (folder / KEY).exists():
            raise Rejected("witness.exists", path=str(folder))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise Rejected("ledger.not-empty", path=str(folder))
            for name in (HEADS, EVIDENCE):
                (folder / name).mkdir()
            replace(folder / KEY, f"{key}\n".encode(), PRIVATE)
        except OSError as error:
            raise Unreachable("store.cannot-make", ledger=str(folder), detail=error.strerror or str(error)) from error
        return cls(folder)

    @property
    def key_path(self) -> str:
        """Where the secret key lies, for refusals."""
        return str(self._folder / KEY)

    def key(self) -> str:
        """Return the text of the secret key."""
        with self._trouble():
            return (self._folder / KEY).read_text(encoding="utf-8", errors="replace").strip()

    def logs(self) -> list[str]:
        """Return the vkey of every key of a log that is served, in the order in which they were added."""
        text = self._read(LOGS) or b""
        return [line for line in text.decode("utf-8", "replace").splitlines() if line]

    def keep_logs(self, vkeys: list[str]) -> None:
        """Keep the keys of the logs that are served."""
        self._keep(LOGS, "".join(f"{vkey}\n" for vkey in vkeys).encode())

    def head(self, origin: str) -> bytes | None:
        """Return the last tree head of a log; None where none was cosigned."""
        return self._read(_head_of(origin))

    def keep_head(self, origin: str, text: bytes) -> None:
        """Keep the last tree head of a log."""
        self._keep(_head_of(origin), text)

    def keep_evidence(self, request: bytes) -> None:
        """Keep a request that proves that a log signed what cannot follow from what it signed before."""
        self._keep(f"{EVIDENCE}/{sha256(request).hexdigest()}", request)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else decide for the block, in this process or another.

        Raises:
            Unreachable: ``store.busy``.
        """
        with self._trouble():
            if not self._queue.acquire(TIMEOUT_S):
                raise Unreachable("store.busy", ledger=str(self._folder))
        try:
            yield
        finally:
            self._queue.release()

    def close(self) -> None:
        """Let go of the lock files."""
        self._queue.close()

    def _read(self, name: str) -> bytes | None:
        with self._trouble():
            try:
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def _keep(self, name: str, data: bytes) -> None:
        path = self._folder / name
        with self._trouble():
            if not path.parent.is_dir():
                path.parent.mkdir()
                sync_folder(self._folder)
            replace(path, data, READABLE)

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise refusal_of(error, str(self._folder)) from error


def _head_of(origin: str) -> str:
    return f"{HEADS}/{sha256(origin.encode()).hexdigest()[:32]}"
