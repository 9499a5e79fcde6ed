"""A disk of our own below SQLite (a VFS of apsw): it keeps a log of writes and fsyncs, or fails at a chosen call.

The real store runs on it through `disk_driver`; nothing of the store knows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import apsw

from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.store.sqlite.driver import _BY_CODE, Driver

SECTOR = 512
"""Bytes that a disk writes in one go: a write may be torn between any two of these."""


class Op(NamedTuple):
    """One call: ``write`` (offset, data), ``truncate`` (offset), ``sync``; or ``ack`` (offset: events so far)."""

    kind: str
    file: str
    offset: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """A disk.

    Args:
        name: of the VFS; one at a time in a process.
    """

    def __init__(self, name: str = "disk") -> None:
        self.name = name
        self.log: list[Op] = []
        self.before: Callable[[str], None] = lambda _: None
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> DiskFile:
        return DiskFile(self, name, flags)


class DiskFile(apsw.VFSFile):
    """A file on it."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.name = Path(path or "").name
        super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        self.disk.before("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.before("write")
        self.disk.log.append(Op("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self.disk.before("truncate")
        self.disk.log.append(Op("truncate", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        self.disk.before("sync")
        self.disk.log.append(Op("sync", self.name))
        super().xSync(flags)


class Connection(apsw.Connection):
    """With what the store uses of the DB-API."""

    def rollback(self) -> None:
        if self.in_transaction:
            self.execute("ROLLBACK")


class DiskDriver(Driver):
    """The store's driver on a disk of ours."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.version = apsw.sqlite_lib_version()
        self.error = apsw.Error
        self.errors = (apsw.Error, UnicodeDecodeError)
        self.named_row = None

    def connect(self, uri: str, timeout: float) -> Any:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        connection = Connection(uri, flags=flags, vfs=self._disk.name)
        connection.set_busy_timeout(int(timeout * 1000))
        return connection

    def trouble(self, error: Exception, ledger: str) -> Unreachable | None:
        # what a disk of ours raises comes through as it is, without a number
        result = getattr(error, "result", None) or {apsw.FullError: 13, apsw.IOError: 10}.get(type(error), 0)
        code = _BY_CODE.get(result & 0xFF)
        return None if code is None else Unreachable(code, ledger=ledger, detail=str(error))


class Files:
    """What a disk holds at a moment: what is durable, and what was done since each file's last fsync."""

    def __init__(self, folder: Path) -> None:
        self.durable = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
        self.pending: dict[str, list[Op]] = {}

    def do(self, op: Op) -> None:
        """Take one call."""
        if op.kind == "sync":
            self.durable[op.file] = applied(self.durable.get(op.file, b""), self.pending.pop(op.file, []))
        elif op.kind in ("write", "truncate"):
            self.pending.setdefault(op.file, []).append(op)

    def cut(self, chance: random.Random | None) -> dict[str, bytes]:
        """Return what is found after the power was cut here.

        Args:
            chance: chooses which sectors of what was not fsynced reached the disk, in which order; None for all of it.
        """
        found = {}
        for name in self.durable.keys() | self.pending.keys():
            pending = self.pending.get(name, [])
            if chance is not None:
                sectors = [sector for op in pending for sector in torn(op)]
                share = chance.choice((0.0, 0.1, 0.5, 0.9))
                pending = [sector for sector in sectors if chance.random() < share]
                if chance.random() < 0.5:
                    chance.shuffle(pending)
            found[name] = applied(self.durable.get(name, b""), pending)
        return found


def torn(op: Op) -> list[Op]:
    """Return a write sector by sector; a truncation as it is."""
    if op.kind != "write":
        return [op]
    parts, at = [], 0
    while at < len(op.data):
        step = SECTOR - (op.offset + at) % SECTOR
        parts.append(Op("write", op.file, op.offset + at, op.data[at : at + step]))
        at += step
    return parts


def applied(content: bytes, ops: list[Op]) -> bytes:
    """Return a file's bytes after calls on it."""
    if not ops:
        return content
    data = bytearray(content)
    for op in ops:
        if op.kind == "truncate":
            del data[op.offset :]
        else:
            if len(data) < op.offset:
                data.extend(bytes(op.offset - len(data)))
            data[op.offset : op.offset + len(op.data)] = op.data
    return bytes(data)
