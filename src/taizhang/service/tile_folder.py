"""Owns writing a log as a folder of C2SP tlog-tiles: which files, in which order, and what must not be overwritten.

A tile never changes, so a folder of the same log is brought up to date by adding to it. The checkpoint is written last:
whoever reads the folder meanwhile sees the log before or after, never a checkpoint without its tiles.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.checkpoint import SignedCheckpoint
from taizhang.ledger.seal.tiles import CHECKPOINT_PATH, tile_files
from taizhang.ledger.seal.tree import Hashes

from .proofs import Progress, TilesReceipt

if TYPE_CHECKING:
    from taizhang.ledger.seals import Seals


def write_tiles(
    target: Path, checkpoint: SignedCheckpoint, hashes: Hashes, seals: Seals, progress: Progress | None
) -> TilesReceipt:
    """Write every tile of a log, its entry bundles and its checkpoint; only what the folder does not have yet.

    Args:
        target: an empty folder, one that is not yet there, or one with an earlier state of the same log.
        checkpoint: of the log; as many events are written as it covers.
        hashes: the log's stored hashes.
        seals: gives the leaves.
        progress: told the phase ``tiles`` with how many leaves are written.

    Raises:
        Rejected: ``tiles.altered`` (`path`, `name`) where a tile is there already with other bytes; ``tiles.not-ours``
            for a folder of something else, ``seal.not-ours`` and ``seal.beyond`` for one of another history of this
            log, ``file.cannot-write``.
    """
    head = checkpoint.checkpoint
    try:
        since = _already(target, seals)
        count = bundles = 0
        for path, content in tile_files(head.size, hashes, seals.records):
            place = target / path
            if since and place.is_file():  # of an earlier run, and not believed
                if place.read_bytes() != content:
                    raise Rejected("tiles.altered", path=str(target), name=path)
            else:
                _put(place, content)
                count += 1
            if path.startswith("tile/entries/"):
                bundles += 1
                if progress:
                    progress("tiles", min(head.size, bundles * 256), head.size)
        _put(target / CHECKPOINT_PATH, checkpoint.note.encode())
    except OSError as error:
        raise Rejected("file.cannot-write", path=str(target), detail=error.strerror or str(error)) from error
    return TilesReceipt(str(target), head.size, head.root.hex(), count + 1, since)


def _already(target: Path, seals: Seals) -> int:
    """Return how many events of this log a folder has."""
    target.mkdir(parents=True, exist_ok=True)
    known = target / CHECKPOINT_PATH
    if known.is_file():
        return seals.opened(known.read_bytes(), str(known)).checkpoint.size
    # tiles without a checkpoint are those of a run that was broken off: they are written over with the same bytes
    strange = [entry.name for entry in target.iterdir() if entry.name != "tile"]
    if strange:
        raise Rejected("tiles.not-ours", path=str(target), found=sorted(strange)[:5])
    return 0


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_bytes(content)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
