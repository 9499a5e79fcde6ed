"""Owns where nothing may be written that people asked for: in a ledger's folder, or over a database or key kept elsewhere.

What a ledger writes into its own folder does not pass here. Must not know what is written, nor a store.
"""

from __future__ import annotations

import os
from pathlib import Path

from .domain.errors import Rejected

MARKS = ("ledger.db", "signing.key")
"""What makes a folder one of a ledger. Names alone: a damaged ledger is one, too."""
APPLICATION_ID = 0x545A4C47
"""'TZLG' in the file's header: this database is a Taizhang ledger."""
_HEAD = 72
_DATABASE, _SECRET = b"SQLite format 3\x00", b"PRIVATE+KEY+"


def refuse_inside(target: Path) -> None:
    """Refuse a place for a file or a folder that would be part of a ledger, or would take the place of a part of one.

    Args:
        target: the place, whether there is something or not; symbolic links are followed.

    Raises:
        Rejected: ``target.inside-ledger`` (`path`, `ledger`); ``target.is-ledger`` (`path`) for a ledger's database or a
            secret key under any name, as a hard link or what a link in the ledger's folder points to.
    """
    try:
        # a link that lies in the folder counts as well as what it points to
        places = (Path(os.path.realpath(target)), Path(os.path.realpath(target.parent)) / target.name)
    except (OSError, ValueError):  # no path at all: who writes says so
        return
    for place in places:
        for folder in (place, *place.parents):
            if any(os.path.lexists(folder / mark) for mark in MARKS):
                raise Rejected("target.inside-ledger", path=str(target), ledger=str(folder))
    if _is_part(places[0]):
        raise Rejected("target.is-ledger", path=str(target))


def _is_part(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:  # what cannot be read is refused, or not, by who writes
        return False
    is_database = head.startswith(_DATABASE) and head[68:72] == APPLICATION_ID.to_bytes(4, "big")
    return is_database or head.startswith(_SECRET)
