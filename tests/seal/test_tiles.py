"""The log as a folder: which files, under which paths, with which bytes, and that proofs can be built from them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.tiles import (
    ENTRIES,
    Tile,
    bundle,
    leaf_hashes,
    parse_bundle,
    parse_tile,
    parse_tile_path,
    stored_hashes,
    tile_at,
    tile_bytes,
    tile_files,
    tiles_of,
)
from taizhang.ledger.seal.tree import Tree, consistency_proof, inclusion_proof, root_at
from tests.seal.reference import Reference

LOG = Reference([b"leaf %d" % index for index in range(66_000)])


def records(start: int, stop: int) -> list[bytes]:
    return list(LOG.records[start:stop])


def paths(size: int, since: int = 0) -> list[str]:
    return [tile.path for tile in tiles_of(size, since)]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(4, 1_234_067), "tile/4/x001/x234/067"),
        (Tile(4, 1_234_067, 8), "tile/4/x001/x234/067.p/8"),
        (Tile(63, 1), "tile/63/001"),
        (Tile(ENTRIES, 1_234_067, 255), "tile/entries/x001/x234/067.p/255"),
        (Tile(0, 2**63 - 1), "tile/0/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_a_path_is_written_and_read(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/entry/000",
        "tile/0/1000",
        "tile/0/x000/000",
        "tile/0/x1/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/08",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/../000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/" + "x001/" * 1000 + "000",
    ],
)
def test_a_bad_path_is_refused(path: str) -> None:
    with pytest.raises(SealError, match=r"tile\.malformed"):
        parse_tile_path(path)


@given(st.integers(ENTRIES, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_path_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile


@given(st.text(max_size=40) | st.from_regex(r"tile/[0-9e]{1,2}/[x0-9/]{0,12}(\.p/[0-9]{0,3})?"))
def test_any_path_is_refused_or_written_again(path: str) -> None:
    try:
        assert parse_tile_path(path).path == path
    except SealError:
        return


def test_what_is_no_tile_is_not_made() -> None:
    for fields in ((0, 0, 0), (0, 0, 257), (0, -1, 1), (0, 2**63, 1), (64, 0, 1), (-2, 0, 1)):
        with pytest.raises(SealError, match=r"tile\.malformed"):
            Tile(*fields)


def test_the_example_of_c2sp_has_these_tiles() -> None:
    level_0 = [f"{index:03}" for index in range(273)] + ["273.p/112"]
    expected = {f"tile/{level}/{name}" for name in level_0 for level in ("entries", "0")}
    assert set(paths(70_000)) == expected | {"tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}
    assert paths(256) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert paths(0) == []


def test_new_tiles_are_those_that_the_old_log_lacks() -> None:
    for old, new in [
        (0, 1),
        (1, 2),
        (5, 5),
        (255, 256),
        (256, 257),
        (256, 511),
        (65_535, 65_536),
        (65_536, 66_000),
        (0, 66_000),
    ]:
        assert set(paths(new, old)) == set(paths(new)) - set(paths(old)), (old, new)
    with pytest.raises(SealError, match=r"consistency\.range"):
        paths(4, 5)


def test_a_folder_holds_the_whole_log_and_any_proof_can_be_built_from_it() -> None:
    for size in (1, 2, 255, 256, 257, 66_000):
        files = dict(tile_files(size, LOG.hashes, records))
        entries: list[bytes] = []
        for path, content in files.items():
            tile = parse_tile_path(path)
            if tile.level == ENTRIES:
                found = parse_bundle(content, tile.width)
                entries += found
                beside = Tile(0, tile.index, tile.width)
                assert leaf_hashes(found) == parse_tile(files[beside.path], tile.width)
        assert entries == records(0, size)
        hashes = stored_hashes(size, files.__getitem__)
        assert root_at(size, hashes) == LOG.root(size)
        for index in {0, size // 2, size - 1}:
            assert inclusion_proof(index, size, hashes) == LOG.path(index, size)
        assert consistency_proof(size // 2, size, hashes) == (LOG.proof(size // 2, size) if size > 1 else [])


def test_a_folder_of_pieces_is_the_folder_made_at_once() -> None:
    pieces: dict[str, bytes] = {}
    sizes = [0, 1, 200, 256, 300, 1000, 65_536, 66_000]
    for old, new in pairwise(sizes):
        pieces |= dict(tile_files(new, LOG.hashes, records, since=old))
    whole = dict(tile_files(66_000, LOG.hashes, records))
    assert {path: pieces[path] for path in whole} == whole


def test_hashes_are_read_across_tiles() -> None:
    files = dict(tile_files(66_000, LOG.hashes, records))
    hashes = stored_hashes(66_000, files.__getitem__)
    for level, start, stop in [(0, 0, 66_000), (0, 250, 520), (0, 5, 5), (1, 3, 257), (2, 0, 1)]:
        assert hashes(level, start, stop) == LOG.hashes(level, start, stop)
    with pytest.raises(SealError, match=r"tile\.range"):
        hashes(0, 65_900, 66_100)


def test_a_changed_tile_gives_another_root() -> None:
    files = dict(tile_files(300, LOG.hashes, records))
    for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"):
        changed = files | {path: bytes([files[path][0] ^ 1]) + files[path][1:]}
        tree = Tree(300, stored_hashes(300, changed.__getitem__))
        assert (tree.root() != LOG.root(300)) or tree.inclusion_proof(5) != LOG.path(5, 300)


def test_a_tile_is_as_wide_as_the_log_makes_it() -> None:
    assert tile_at(0, 257, 66_000) == Tile(0, 257, 208)
    assert tile_at(1, 1, 66_000) == Tile(1, 1, 1)
    assert tile_at(ENTRIES, 0, 66_000) == Tile(ENTRIES, 0)
    for level, index, size in [(0, 258, 66_000), (1, 2, 66_000), (3, 0, 66_000), (0, 0, 0), (0, -1, 66_000)]:
        with pytest.raises(SealError, match=r"tile\.range"):
            tile_at(level, index, size)


def test_a_store_that_lacks_what_a_tile_needs_is_refused() -> None:
    def short(*_: int) -> list[bytes]:
        return [bytes(32)]

    for tile in (Tile(0, 0, 2), Tile(ENTRIES, 0, 2)):
        with pytest.raises(SealError, match=r"hash\.missing"):
            tile_bytes(tile, short, short)
    with pytest.raises(SealError, match=r"hash\.size"):
        tile_bytes(Tile(0, 0, 1), lambda *_: [bytes(31)], short)


def test_a_leaf_that_no_bundle_can_hold_is_refused() -> None:
    assert parse_bundle(bundle([bytes(65_535), b""]), 2) == [bytes(65_535), b""]
    with pytest.raises(SealError, match=r"leaf\.size"):
        bundle([bytes(65_536)])


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_are_read_back_and_never_with_another_width(leaves: list[bytes]) -> None:
    data = bundle(leaves)
    assert parse_bundle(data, len(leaves)) == leaves
    for width in (len(leaves) + 1, len(leaves) - 1):
        with pytest.raises(SealError, match=r"tile\.malformed"):
            parse_bundle(data, width)
    for cut in (data[:-1], data + b"\0"):
        if cut != data:
            with pytest.raises(SealError, match=r"tile\.malformed"):
                parse_bundle(cut, len(leaves))


@given(st.binary(max_size=600), st.integers(1, 256))
def test_garbage_is_refused_or_read_whole(data: bytes, width: int) -> None:
    try:
        assert bundle(parse_bundle(data, width)) == data
    except SealError:
        pass
    try:
        assert b"".join(parse_tile(data, width)) == data
    except SealError:
        pass
