"""Owns the small files that commands take and give: checkpoints, keys, requests, proofs. Must not know what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.outside import refuse_inside
from taizhang.service.proofs import File

LIMIT = 8 << 20
"""Bytes of a file that is read whole; none of these comes near."""


def read(name: str) -> File:
    """Return a file.

    Raises:
        Rejected: ``file.cannot-read``, ``file.too-large``.
    """
    try:
        with Path(name).expanduser().open("rb") as file:
            data = file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise Rejected("file.cannot-read", path=name, detail=_said(error)) from error
    if len(data) > LIMIT:
        raise Rejected("file.too-large", name=name, limit=LIMIT)
    return File(name, data)


def target(name: str) -> Path:
    """Return where a file is to be put; asked for before anything is signed for it.

    Raises:
        Rejected: as `outside.refuse_inside`.
    """
    path = Path(name).expanduser()
    refuse_inside(path)
    return path


def write(path: Path, data: bytes) -> None:
    """Put a file there, whole or not at all.

    Raises:
        Rejected: ``file.cannot-write``, ``file.is-a-folder``, and what `outside.refuse_inside` refuses.
    """
    refuse_inside(path)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_dir():
            raise Rejected("file.is-a-folder", path=str(path))
        try:
            scratch.write_bytes(data)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise Rejected("file.cannot-write", path=str(path), detail=_said(error)) from error


def folder(name: str) -> Path:
    """Return a folder, made where it is missing.

    Raises:
        Rejected: ``file.cannot-write``, and what `outside.refuse_inside` refuses.
    """
    path = target(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise Rejected("file.cannot-write", path=name, detail=_said(error)) from error
    return path


def key(text: str) -> str:
    """Return the public key that an option gives: in a file, or as it is.

    Raises:
        Rejected: ``file.cannot-read``, ``file.too-large``.
    """
    try:
        is_file = Path(text).expanduser().is_file()
    except (OSError, ValueError):  # no path at all, as a long key may be
        is_file = False
    if not is_file and "+" in text:
        return text.strip()
    lines = read(text).data.decode("utf-8", "replace").split()
    return lines[0] if lines else ""


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
