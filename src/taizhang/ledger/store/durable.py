"""Files that are there after a power cut. Owns how one is written, and replaced. Must not know what is in it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

PRIVATE, READABLE = 0o600, 0o644
NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


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


def read(path: Path) -> bytes:
    """Return a regular file's bytes. Anything else is refused at once: a pipe would wait for somebody to write into it.

    Raises:
        OSError: it is missing, no regular file, or cannot be read.
    """
    with open_regular(path) as file:
        return file.read()


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file to read; raises as `read`."""
    handle = os.open(path, os.O_RDONLY | NO_WAIT)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, f"{path.name} is no regular file", str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise
