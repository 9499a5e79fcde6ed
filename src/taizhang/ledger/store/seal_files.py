"""The files of the seal beside the database: the signing key, the last checkpoint, and what witnesses and old keys signed.

Owns where they lie and that a new one is durable before the old one is gone. Must not know what any of them says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taizhang.ledger.domain.errors import Unreachable

from .durable import PRIVATE, read, replace, sync_folder, write
from .trouble import refusal_of

KEY = "signing.key"
CHECKPOINT = "checkpoint"
FOLDER = "seal"
COSIGNED = f"{FOLDER}/cosigned"
REQUESTED = f"{FOLDER}/requested"
WITNESSES = f"{FOLDER}/witnesses"
HANDOVER = f"{FOLDER}/handover-"
WORKING = ("writer.lock", KEY, FOLDER, "people")
"""Only a folder that was written in has any of these: a copy of the database alone has not."""


class SealFiles:
    """The files of one ledger's seal.

    Args:
        folder: the ledger's folder.
        key: where the signing key lies; None for beside the database.
    """

    def __init__(self, folder: Path, key: Path | None = None) -> None:
        self._folder = folder
        self._key_path = key or folder / KEY

    @property
    def key_path(self) -> Path:
        """Where the signing key lies."""
        return self._key_path

    @property
    def is_working_folder(self) -> bool:
        """Whether the ledger is written here, so that its last checkpoint should lie here too."""
        return any((self._folder / name).exists() for name in WORKING)

    # -- notes

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes; None where there is none.

        Raises:
            Unreachable: it is there and cannot be read.
        """
        with self._trouble():
            try:
                return read(self._folder / name)
            except FileNotFoundError:
                return None

    def keep(self, name: str, data: bytes) -> None:
        """Put a file in place of the one before, durably: a power cut leaves one or the other, whole.

        Raises:
            Unreachable: ``store.read-only``, ``store.disk-full``, ``store.io``.
        """
        with self._trouble():
            path = self._folder / name
            if not path.parent.is_dir():
                path.parent.mkdir(exist_ok=True)
                sync_folder(path.parent.parent)
            replace(path, data)

    def kept(self) -> list[tuple[str, bytes]]:
        """Return name and bytes of the checkpoints that are kept: the last one, and the last one that was cosigned."""
        last, cosigned = self.read(CHECKPOINT), self.read(COSIGNED)
        found = [] if last is None else [(CHECKPOINT, last)]
        if cosigned is not None and cosigned != last:
            found.append((COSIGNED, cosigned))
        return found

    def handovers(self) -> list[tuple[str, bytes]]:
        """Return name and bytes of every checkpoint that two keys signed, in the order of their sizes."""
        with self._trouble():
            found = sorted((self._folder / FOLDER).glob(f"{Path(HANDOVER).name}*"))
            return [(f"{FOLDER}/{path.name}", read(path)) for path in found]

    def keep_handover(self, size: int, data: bytes) -> None:
        """Keep a checkpoint that two keys signed, for ever."""
        self.keep(f"{HANDOVER}{size:012d}", data)

    # -- the signing key

    def signing_key(self) -> str | None:
        """Return the signing key's text; None where there is none."""
        return self._read_key(self._key_path)

    def next_key(self) -> str | None:
        """Return the text of the key that is about to take over; None where none is."""
        return self._read_key(self._next_path)

    def make_signing_key(self, text: str) -> str:
        """Keep a new signing key where there is none yet; return the one that is kept afterwards."""
        return self._make_key(self._key_path, text)

    def make_next_key(self, text: str) -> str:
        """Keep the key that is about to take over, unless there is one; return the one that is kept afterwards."""
        return self._make_key(self._next_path, text)

    def promote_next_key(self) -> None:
        """Put the next key in place of the signing key, which is gone for good then."""
        with self._trouble():
            self._next_path.replace(self._key_path)
            sync_folder(self._key_path.parent)

    @property
    def _next_path(self) -> Path:
        return self._key_path.with_name(f"{self._key_path.name}.next")

    def _read_key(self, path: Path) -> str | None:
        with self._trouble():
            try:
                return read(path).decode("utf-8", "replace").strip()
            except FileNotFoundError:
                return None

    def _make_key(self, path: Path, text: str) -> str:
        with self._trouble():
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch = path.with_name(f".{path.name}.{os.getpid()}")
            write(scratch, f"{text}\n".encode(), PRIVATE)
            try:
                # unlike a rename it fails where another process was quicker
                os.link(scratch, path)
            except FileExistsError:
                return self._read_key(path) or ""
            except OSError:  # a file system without hard links
                if path.exists():
                    return self._read_key(path) or ""
                scratch.replace(path)
            finally:
                scratch.unlink(missing_ok=True)
            sync_folder(path.parent)
        return text

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise Unreachable("store.io", ledger=str(self._folder), detail=str(error)) from error
        except OSError as error:
            raise refusal_of(error, str(self._folder)) from error
