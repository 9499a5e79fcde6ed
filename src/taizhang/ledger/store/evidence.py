"""Evidence files, each under the SHA-256 of its bytes.

Owns the folder ``evidence/``. Must not know a name that a user gave: it goes into an event, never into a path.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from taizhang.ledger.domain.errors import Rejected

from .durable import NO_WAIT, open_regular, sync_folder
from .trouble import refusal_of

FOLDER = "evidence"
LIMIT = 512 * 1024 * 1024
"""Bytes of one file."""

_BLOCK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class EvidenceFile(NamedTuple):
    """A file that is kept: its lowercase-hex SHA-256, its bytes in number, and the name that it had."""

    sha256: str
    size: int
    name: str


class EvidenceStore:
    """Keeps files for ever, under their hashes.

    Args:
        folder: the folder that holds them (``evidence`` in a ledger's); made with the first file.
        limit: bytes that one file may have.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder = folder
        self._limit = limit

    def put(self, source: Path) -> EvidenceFile:
        """Keep a copy of `source`, durably: after this returns a power cut does not lose it.

        A file that is kept already, and whole, is not written again.

        Raises:
            Rejected: ``evidence.no-file`` (`name`) for what is missing, ``evidence.not-a-file`` (`name`) for no regular
                file, ``evidence.unreadable`` (`name`, `detail`), ``evidence.too-large`` (`name`, `limit`).
            Unreachable: ``store.disk-full``, ``store.read-only``, ``store.io``.
        """
        with self._reading(source) as stream:
            try:
                digest, size = self._keep(stream, source.name)
            except OSError as error:
                raise refusal_of(error, str(self.folder)) from error
        return EvidenceFile(digest, size, source.name)

    def path(self, digest: str) -> Path:
        """Return where the file with this SHA-256 is kept.

        Raises:
            Rejected: ``evidence.not-a-hash`` (`sha256`).
        """
        if not _DIGEST.fullmatch(digest):
            raise Rejected("evidence.not-a-hash", sha256=digest[:80])
        return self.folder / digest[:2] / digest

    def open(self, digest: str) -> BinaryIO:
        """Open the file with this SHA-256 for reading.

        Raises:
            Rejected: ``evidence.not-a-hash``, ``evidence.missing`` (`sha256`).
        """
        try:
            return open_regular(self.path(digest))
        except OSError as error:
            raise Rejected("evidence.missing", sha256=digest) from error

    def check(self, digest: str) -> int:
        """Hash the file with this SHA-256 again; return its size in bytes.

        Raises:
            Rejected: ``evidence.not-a-hash``, ``evidence.missing``, ``evidence.unreadable``, ``evidence.changed``
                (`sha256`, `found`).
        """
        from hashlib import sha256  # what only lists needs none of this

        size, actual = 0, sha256()
        with self.open(digest) as stream:
            while block := _read(stream, digest):
                actual.update(block)
                size += len(block)
        if actual.hexdigest() != digest:
            raise Rejected("evidence.changed", sha256=digest, found=actual.hexdigest())
        return size

    def files(self) -> Iterator[Path]:
        """Yield every file that is kept, in the order of their hashes."""
        if self.folder.is_dir():
            for path in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
                if _DIGEST.fullmatch(path.name) and path.name.startswith(path.parent.name):
                    yield path

    @contextmanager
    def _reading(self, source: Path) -> Iterator[BinaryIO]:
        try:
            # without waiting: opening a pipe would, for somebody to write into it
            handle = os.open(source, os.O_RDONLY | NO_WAIT)
        except FileNotFoundError as error:
            raise Rejected("evidence.no-file", name=source.name) from error
        except OSError as error:
            raise Rejected("evidence.unreadable", name=source.name, detail=error.strerror or str(error)) from error
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise Rejected("evidence.not-a-file", name=source.name)
            if facts.st_size > self._limit:
                raise Rejected("evidence.too-large", name=source.name, limit=self._limit)
            with os.fdopen(handle, "rb", buffering=0, closefd=False) as stream:
                yield stream
        finally:
            os.close(handle)

    def _keep(self, stream: BinaryIO, name: str) -> tuple[str, int]:
        """Copy the stream under its hash: written whole, then renamed, then the folder."""
        self._make_folder(self.folder)
        import tempfile
        from hashlib import sha256

        handle, scratch = tempfile.mkstemp(prefix=".new-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb", buffering=0) as copy:
                size, digest = 0, sha256()
                while block := _read(stream, name):
                    size += len(block)
                    if size > self._limit:  # it has grown since it was opened
                        raise Rejected("evidence.too-large", name=name, limit=self._limit)
                    digest.update(block)
                    _write(copy, block)
                os.fsync(handle)
            Path(scratch).chmod(0o444)
            target = self.path(digest.hexdigest())
            self._make_folder(target.parent)
            if not self._is_whole(digest.hexdigest()):
                Path(scratch).replace(target)
            sync_folder(target.parent)
        finally:
            Path(scratch).unlink(missing_ok=True)
        return digest.hexdigest(), size

    def _is_whole(self, digest: str) -> bool:
        try:
            self.check(digest)
        except Rejected:
            return False
        return True

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)


def _read(stream: BinaryIO, name: str) -> bytes:
    try:
        return stream.read(_BLOCK)
    except OSError as error:
        raise Rejected("evidence.unreadable", name=name, detail=error.strerror or str(error)) from error


def _write(copy: BinaryIO, block: bytes) -> None:
    """Write all of a block: an unbuffered write may take less than it was given."""
    rest = memoryview(block)
    while rest:
        rest = rest[copy.write(rest) :]
