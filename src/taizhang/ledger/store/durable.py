"""Files that are there after a power cut. Owns how one is written, and replaced. Must not know what is in it."""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE, READABLE = 0o600, 0o644


def write(path: Path, data: bytes, mode: int) -> None:
    """Write a file whole and durably; the folder's entry for it is `sync_folder`'s.

    Raises:
        OSError: it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def replace(path: Path, data: bytes, mode: int = READABLE) -> None:
    """Put a file in place of the one before: a power cut leaves one or the other, whole.

    Raises:
        OSError: it cannot be written.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(scratch, data, mode)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable; Windows does so by itself.

    Raises:
        OSError: the folder cannot be synchronised.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
