"""Owns the bytes of a backup: a tar that can be spelled in one way only, with a manifest of SHA-256 hashes at its head.

Any tar program unpacks it, and `sha256sum -c manifest.sha256` checks the manifest. Must not know what a ledger is.
"""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec

from taizhang.ledger.domain.errors import Rejected

FORMAT = "taizhang-backup/v1"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
DATABASE, CHECKPOINT, SEALS, PEOPLE, KEY = "ledger.db", "checkpoint", "seal", "people", "signing.key"
_BLOCK = 1 << 20
_MAX_MANIFEST = 1 << 28
_NAME = re.compile(
    r"ledger\.db|checkpoint|seal/[a-z]{1,20}(-[0-9]{12,19})?|people/[0-9a-f]{32}\.key|signing\.key"
    r"|evidence/[0-9a-f]{2}/[0-9a-f]{64}",
    re.ASCII,
)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_END = bytes(1024)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds: the ledger's name, how many events it had, their root hash, when it was made, its files."""

    format: str
    origin: str
    size: int
    root: str
    made_at: str
    files: tuple[File, ...]

    def encode(self) -> bytes:
        """Return the bytes of the manifest."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def belongs(path: Path, folder: str) -> bool:
    """Say whether a file of a ledger's subfolder is one that backups take."""
    return path.is_file() and _NAME.fullmatch(f"{folder}/{path.name}") is not None


def _is_secret(name: str) -> bool:
    return name == KEY or name.startswith(f"{PEOPLE}/")


def measured(path: Path, name: str) -> File:
    """Return the entry of a file: its size and its hash.

    Raises:
        OSError: it cannot be read.
    """
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return File(name, size, digest.hexdigest())


def write(out: BinaryIO, manifest: Manifest, source: Callable[[str], Path]) -> None:
    """Write a backup.

    Args:
        source: gives the path of each file of the manifest.

    Raises:
        Rejected: ``backup.changing`` (`name`) for a file that is not what was measured.
        OSError: something cannot be read or written.
    """
    content = manifest.encode()
    heads = ((MANIFEST, content), (SEAL, _seal(content)))
    out.writelines(_header(name, len(data)) + data + _padding(len(data)) for name, data in heads)
    for entry in manifest.files:
        out.write(_header(entry.name, entry.size))
        digest, left = sha256(), entry.size
        with source(entry.name).open("rb") as file:
            while block := file.read(min(_BLOCK, left)):
                digest.update(block)
                left -= len(block)
                out.write(block)
        if left or digest.hexdigest() != entry.sha256:
            raise Rejected("backup.changing", name=entry.name)
        out.write(_padding(entry.size))
    out.write(_END)


def extract(
    archive: BinaryIO, folder: Path, named: str, progress: Callable[[int, int], None] | None = None
) -> Manifest:
    """Write the files of a backup into an empty folder, durably, checking every byte of it; return its manifest.

    Args:
        named: what a refusal calls the backup.
        progress: told how many files of how many are done.

    Raises:
        Rejected: ``backup.malformed`` (`path`, `at`), ``backup.truncated`` (`path`), ``backup.altered`` (`path`, `name`).
        OSError: something cannot be read or written.
    """
    manifest = _manifest(archive, named)
    for done, entry in enumerate(manifest.files, 1):
        _expect(archive, _header(entry.name, entry.size), named, entry.name)
        target = folder / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, left = sha256(), entry.size
        with target.open("xb") as file:
            target.chmod(0o600 if _is_secret(entry.name) else 0o444 if entry.name.startswith("evidence/") else 0o644)
            while left:
                block = _read(archive, min(_BLOCK, left), named)
                digest.update(block)
                left -= len(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != entry.sha256:
            raise Rejected("backup.altered", path=named, name=entry.name)
        _expect(archive, _padding(entry.size), named, entry.name)
        if progress:
            progress(done, len(manifest.files))
    _expect(archive, _END, named, manifest.files[-1].name)
    if archive.read(1):
        raise Rejected("backup.malformed", path=named, at=archive.tell() - 1)
    return manifest


def _manifest(archive: BinaryIO, named: str) -> Manifest:
    header = archive.read(tarfile.BLOCKSIZE)
    size = re.fullmatch(rb"([0-7]{11})\0", header[124:136])
    if size is None or header != _header(MANIFEST, int(size[1], 8)) or int(size[1], 8) > _MAX_MANIFEST:
        raise Rejected("backup.malformed", path=named, at=0)
    content = _read(archive, int(size[1], 8), named)
    seal = _seal(content)
    _expect(archive, _padding(len(content)) + _header(SEAL, len(seal)) + seal + _padding(len(seal)), named, MANIFEST)
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Rejected("backup.malformed", path=named, at=tarfile.BLOCKSIZE) from None
    names = [entry.name for entry in manifest.files]
    sound = (
        manifest.format == FORMAT
        and _MOMENT.fullmatch(manifest.made_at) is not None
        and names[:1] == [DATABASE]
        and len(set(names)) == len(names)
    )
    if not sound or not all(map(_NAME.fullmatch, names)) or any(entry.size < 0 for entry in manifest.files):
        raise Rejected("backup.malformed", path=named, at=tarfile.BLOCKSIZE)
    return manifest


def _expect(archive: BinaryIO, expected: bytes, named: str, name: str) -> None:
    """Read what must stand here."""
    if _read(archive, len(expected), named) != expected:
        raise Rejected("backup.altered", path=named, name=name)


def _read(archive: BinaryIO, size: int, named: str) -> bytes:
    data = archive.read(size)
    if len(data) != size:
        raise Rejected("backup.truncated", path=named)
    return data


def _header(name: str, size: int) -> bytes:
    """Return the one header that a file of this name and size has: no owner, no date, read-only."""
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600 if _is_secret(name) else 0o444
    return info.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _seal(content: bytes) -> bytes:
    """Return the hash of the manifest, as sha256sum writes it."""
    return f"{sha256(content).hexdigest()}  {MANIFEST}\n".encode()


def sync(folder: Path, files: Sequence[str] = ()) -> None:
    """Make the names in a folder durable, and in the folders of these files; Windows does so by itself."""
    if os.name == "nt":
        return
    for place in _folders(folder, files):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _folders(folder: Path, files: Sequence[str]) -> Iterator[Path]:
    places = {folder, *(parent for name in files for parent in (folder / name).parents if folder in parent.parents)}
    yield from sorted(places, key=lambda place: -len(place.parts))
