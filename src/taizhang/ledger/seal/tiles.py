"""The log as a folder of immutable files (C2SP tlog-tiles): paths, which exist, and what is in them.

Owns path and content of a tile. Must not know the disk or HTTP: hashes and leaves come from accessors, files go out as
pairs of path and bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

import msgspec

from .encoding import MAX_SIZE
from .errors import SealError
from .leaf import MAX_LEAF
from .tree import HASH_SIZE, Hashes

WIDTH = 256
"""Hashes in a full tile, and leaves in a full entry bundle."""
ENTRIES = -1
"""The `level` of an entry bundle."""
CHECKPOINT_PATH = "checkpoint"

Records = Callable[[int, int], Sequence[bytes]]
"""`records(start, stop)`: the leaves from index start to stop - 1, as they were hashed."""

_PATH = re.compile(
    r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


class Tile(msgspec.Struct, frozen=True, order=True):
    """One file of the folder: a hash tile of a level (0 to 63), or an entry bundle (`ENTRIES`).

    `index` counts the tiles of the level from 0; `width` is 256, or less in a partial tile at the right edge.

    Raises:
        SealError: `tile.malformed`.
    """

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not ENTRIES <= self.level <= 63 or not 0 <= self.index <= MAX_SIZE or not 1 <= self.width <= WIDTH:
            raise SealError("tile.malformed", found=f"{self.level}, {self.index}, {self.width}")

    @property
    def path(self) -> str:
        """The path below the log's prefix, for example tile/0/x001/x234/067.p/12."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        number = f"{self.index % 1000:03}"
        above = self.index // 1000
        while above:
            number = f"x{above % 1000:03}/{number}"
            above //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{number}{partial}"

    @property
    def start(self) -> int:
        """The number, within its level, of the first hash or leaf."""
        return self.index * WIDTH

    @property
    def stop(self) -> int:
        """The number, within its level, after the last hash or leaf."""
        return self.start + self.width


def parse_tile_path(path: str) -> Tile:
    """Return the tile at this path; a path that `Tile.path` would not write is refused.

    Raises:
        SealError: `tile.malformed`.
    """
    match = _PATH.fullmatch(path) if len(path) <= 64 else None
    if match is None:
        raise SealError("tile.malformed", found=path[:64])
    level, number, width = match.groups()
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        int(number.replace("x", "").replace("/", "")),
        int(width or WIDTH),
    )
    if tile.path != path:
        raise SealError("tile.malformed", found=path)
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Yield every tile of a log of `size` leaves that one of `since` leaves does not have already.

    Entry bundles first, then hash tiles from level 0 upwards; within a level in order, the partial tile last.

    Raises:
        SealError: `consistency.range` where since > size.
    """
    if not 0 <= since <= size:
        raise SealError("consistency.range", old=since, size=size)
    level = ENTRIES
    while (count := size >> 8 * max(level, 0)) > 0:
        before = since >> 8 * max(level, 0)
        for index in range(before // WIDTH, count // WIDTH):
            yield Tile(level, index)
        if count % WIDTH and count != before:
            yield Tile(level, count // WIDTH, count % WIDTH)
        level += 1


def tile_at(level: int, index: int, size: int) -> Tile:
    """Return the tile of that level and index in a log of `size` leaves, as wide as it is there.

    Raises:
        SealError: `tile.range` where it has none.
    """
    width = min(WIDTH, (size >> 8 * max(level, 0)) - index * WIDTH)
    if width < 1 or index < 0:
        raise SealError("tile.range", level=level, tile=index, size=size)
    return Tile(level, index, width)


def tile_bytes(tile: Tile, hashes: Hashes, records: Records) -> bytes:
    """Return the content of a tile, from the stored hashes or leaves.

    Raises:
        SealError: `hash.missing`, `hash.size`, `leaf.size`.
    """
    if tile.level == ENTRIES:
        return bundle(_all(records(tile.start, tile.stop), tile))
    found = _all(hashes(tile.level, tile.start, tile.stop), tile)
    for value in found:
        if len(value) != HASH_SIZE:
            raise SealError("hash.size", bytes=len(value))
    return b"".join(found)


def tile_files(size: int, hashes: Hashes, records: Records, since: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of everything in the folder but the checkpoint; see `tiles_of` for the order."""
    for tile in tiles_of(size, since):
        yield tile.path, tile_bytes(tile, hashes, records)


def bundle(records: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each leaf after its length as a big-endian u16.

    Raises:
        SealError: `leaf.size` for a leaf of more than 65,535 bytes.
    """
    parts = []
    for record in records:
        if len(record) > MAX_LEAF:
            raise SealError("leaf.size", bytes=len(record))
        parts += [len(record).to_bytes(2, "big"), record]
    return b"".join(parts)


def parse_bundle(data: bytes, width: int = WIDTH) -> list[bytes]:
    """Return the `width` leaves of an entry bundle.

    Raises:
        SealError: `tile.malformed` where the bytes hold more or fewer.
    """
    records = []
    place = 0
    while place < len(data):
        start = place + 2
        place = start + int.from_bytes(data[place:start], "big")
        records.append(data[start:place])
    if place != len(data) or len(records) != width:
        raise SealError("tile.malformed", found=f"{len(data)} bytes")
    return records


def parse_tile(data: bytes, width: int = WIDTH) -> list[bytes]:
    """Return the `width` hashes of a hash tile.

    Raises:
        SealError: `tile.malformed` where the bytes hold more or fewer.
    """
    if len(data) != width * HASH_SIZE:
        raise SealError("tile.malformed", found=f"{len(data)} bytes")
    return [data[place : place + HASH_SIZE] for place in range(0, len(data), HASH_SIZE)]


def stored_hashes(size: int, read: Callable[[str], bytes]) -> Hashes:
    """Return an accessor over a folder of tiles, so that whoever holds the folder can build any proof from it.

    Args:
        size: the number of leaves the folder was made for.
        read: gives the bytes at a tile's path.
    """

    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        found: list[bytes] = []
        for index in range(start // WIDTH, -(-stop // WIDTH)):
            tile = tile_at(level, index, size)
            tile_hashes = parse_tile(read(tile.path), tile.width)
            found += tile_hashes[max(start - tile.start, 0) : stop - tile.start]
        return found

    return hashes


def leaf_hashes(records: Sequence[bytes]) -> list[bytes]:
    """Return the leaf hashes of a bundle's leaves, to be compared with the tile of level 0."""
    return [sha256(b"\0" + record).digest() for record in records]


def _all(found: Sequence[bytes], tile: Tile) -> Sequence[bytes]:
    if len(found) != tile.width:
        raise SealError("hash.missing", level=tile.level, start=tile.start, stop=tile.stop, got=len(found))
    return found
