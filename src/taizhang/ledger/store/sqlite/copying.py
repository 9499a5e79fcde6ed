"""Copying a ledger's database while it is in use, and knowing that nobody uses it.

Owns SQLite's backup API: copying the file alone would lose whatever is still in its log. Must not know what is in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.trouble import refusal_of

from .driver import Translating, choose_driver
from .location import DATABASE, Location
from .log import open_reader

PATIENCE_S = 60.0


def copy_database(folder: Path, target: Path) -> None:
    """Write a whole copy of the ledger's database to `target`, as of one moment, and to the disk.

    Writers are not kept waiting: the copy is made from one snapshot.

    Args:
        folder: the ledger's folder.
        target: a file that is not there yet.

    Raises:
        Unreachable: whatever keeps the one from being read or the other from being written.
    """
    location, driver = Location(str(folder / DATABASE)), choose_driver()
    errors, writing = Translating(driver, str(location)), Translating(driver, str(target))
    source, _ = open_reader(location, driver, errors, PATIENCE_S)
    try:
        with writing:
            copy = driver.connect(f"{target.absolute().as_uri()}?mode=rwc", PATIENCE_S)
        try:
            with writing:
                source.backup(copy)
        finally:
            copy.close()
    finally:
        source.close()
    try:
        with target.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        raise refusal_of(error, str(target)) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep everybody else out of a ledger's database for the block, or refuse where somebody has it open.

    Raises:
        Unreachable: ``store.busy``; what else keeps it from being opened.
    """
    location, driver = Location(str(folder / DATABASE)), choose_driver()
    errors = Translating(driver, str(location))
    with errors:
        raw = driver.connect(location.uri("mode=rw"), 0.0)
    try:
        with errors:
            # before the first look at the file: an exclusive connection of a WAL database takes the whole file or fails
            raw.execute("PRAGMA locking_mode=EXCLUSIVE")
            raw.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        raw.close()


def is_ledger(folder: Path) -> bool:
    """Say whether there is a ledger's database in a folder, sound or not."""
    try:
        return (folder / DATABASE).is_file()
    except OSError as error:
        raise Unreachable("store.cannot-open", ledger=str(folder), detail=error.strerror or str(error)) from error
