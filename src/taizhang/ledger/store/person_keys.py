"""The keys under which people's own data is sealed: one small file a person, outside the database, gone when destroyed.

Owns the folder ``people/``. Must not know what is sealed, nor show a key.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from taizhang.ledger.domain.errors import Unreachable

from .trouble import refusal_of

FOLDER = "people"
SIZE = 32
_PRIVATE = 0o600


class PersonKeys:
    """The keys of one ledger's people.

    Args:
        folder: ``people`` in the ledger's folder; made with the first key.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, person: str) -> bytes | None:
        """Return a person's key; None where there is none, or none any more.

        Raises:
            Unreachable: it is there and cannot be read.
        """
        try:
            key = self._path(person).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refusal_of(error, str(self.folder.parent)) from error
        if len(key) != SIZE:
            raise Unreachable("store.damaged", ledger=str(self.folder.parent), detail=self._path(person).name)
        return key

    def make(self, person: str) -> bytes:
        """Return a person's key, made where there is none: durable before anything is sealed under it.

        Raises:
            Unreachable: ``store.disk-full``, ``store.read-only``, ``store.io``.
        """
        key = self.get(person)
        if key is None:
            key = os.urandom(SIZE)
            try:
                self.folder.mkdir(mode=0o700, exist_ok=True)
                path = self._path(person)
                scratch = path.with_name(f".{path.name}.{os.getpid()}")
                handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
                with os.fdopen(handle, "wb") as file:
                    file.write(key)
                    file.flush()
                    os.fsync(file.fileno())
                scratch.replace(path)
                self._sync()
            except OSError as error:
                raise refusal_of(error, str(self.folder.parent)) from error
        return key

    def destroy(self, person: str) -> None:
        """Destroy a person's key: overwritten, then removed. Nothing happens where there is none.

        Raises:
            Unreachable: it could not be destroyed.
        """
        path = self._path(person)
        if not path.exists():
            return
        try:
            with path.open("rb+") as file:
                file.write(os.urandom(SIZE))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            self._sync()
        except OSError as error:
            raise refusal_of(error, str(self.folder.parent)) from error

    def _path(self, person: str) -> Path:
        return self.folder / f"{sha256(person.encode()).hexdigest()[:32]}.key"

    def _sync(self) -> None:
        if os.name == "nt":
            return
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
