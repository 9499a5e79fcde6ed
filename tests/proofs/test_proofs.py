"""Proofs, tiles and consistency of a real ledger, held against the seal's own verification and the log's bytes."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.composition import open_desk
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.seal.checkpoint import open_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import VerifierKey, parse_vkey
from taizhang.ledger.seal.leaf import parse_leaf
from taizhang.ledger.seal.proof import verify_proof
from taizhang.ledger.seal.tiles import parse_bundle, stored_hashes, tile_files, tiles_of
from taizhang.ledger.seal.tree import leaf_hash, root_at, verify_consistency
from taizhang.ledger.seal.witness import parse_request
from taizhang.service.proofs import File, Signer
from tests.proofs.conftest import House
from tests.seal.keyring import flips


def key_of(house: House) -> VerifierKey:
    return parse_vkey(house.ok("ledger", "vkey").out.strip())


# -- proofs


@pytest.mark.parametrize("reference", ["0", "#0", "39", "#255", "256", "311"])
def test_a_proof_of_any_event(house: House, reference: str, tmp_path: Path) -> None:
    index = int(reference.removeprefix("#"))
    ran = house.ok("ledger", "proof", reference, "-o", str(tmp_path / "out" / "deeper"))
    leaf, proof = (tmp_path / "out" / "deeper" / f"{index}.{kind}" for kind in ("leaf", "tlog-proof"))
    assert ran.out.split("\n") == [str(leaf), str(proof), ""]
    found, head = verify_proof(proof.read_bytes(), leaf.read_bytes(), [key_of(house)])
    assert (found.index, head.checkpoint.size) == (index, 312)
    said = parse_leaf(leaf.read_bytes())
    ((stream, version, topic, recorded_at),) = house.rows(
        "SELECT stream, version, topic, recorded_at FROM events WHERE position = ?", index + 1
    )
    assert (said.index, said.stream.encode(), said.version) == (index, stream, version)
    assert (said.topic.encode(), said.recorded_at.encode()) == (topic, recorded_at)


def test_a_proof_of_every_event_of_a_finding(house: House, tmp_path: Path) -> None:
    document = house.ok("ledger", "proof", "JYZD-2026-001", "-o", str(tmp_path / "out"), "--json").json
    indexes = [
        row[0] - 1 for row in house.rows("SELECT position FROM events WHERE stream = ?", "finding/JYZD-2026/00000001")
    ]
    assert document["indexes"] == indexes
    assert len(indexes) == 4
    for index in indexes:
        leaf, proof = ((tmp_path / "out" / f"{index}.{kind}").read_bytes() for kind in ("leaf", "tlog-proof"))
        verify_proof(proof, leaf, [key_of(house)])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{index}.{kind}" for index in indexes for kind in ("leaf", "tlog-proof")
    )


def test_no_changed_bit_of_a_proof_or_a_leaf_passes(small: House, tmp_path: Path) -> None:
    small.ok("ledger", "proof", "7", "-o", str(tmp_path))
    leaf, proof = (tmp_path / "7.leaf").read_bytes(), (tmp_path / "7.tlog-proof").read_bytes()
    key = key_of(small)
    verify_proof(proof, leaf, [key])
    for changed in flips(proof)[::5]:
        with pytest.raises(SealError):
            verify_proof(changed, leaf, [key])
    for changed in flips(leaf)[::5]:
        with pytest.raises(SealError):
            verify_proof(proof, changed, [key])


def test_an_event_that_no_checkpoint_covers_is_signed_first(house: House, tmp_path: Path) -> None:
    number = house.log_unsealed()
    document = house.ok("ledger", "proof", number, "-o", str(tmp_path), "--json").json
    assert (document["indexes"], document["size"]) == ([312], 313)
    before = (house.path / "checkpoint").read_bytes()
    house.log_unsealed()
    assert house.ok("ledger", "proof", "5", "-o", str(tmp_path), "--json").json["size"] == 313
    assert (house.path / "checkpoint").read_bytes() == before


@pytest.mark.parametrize(
    ("reference", "code"),
    [("312", "event.unknown"), ("#99999999999999999999", "event.unknown"), ("JYZD-2026-999", "finding.unknown"),
     ("", "finding.unknown"), ("nothing", "finding.unknown")],
)  # fmt: skip
def test_what_is_not_there_is_not_proved(house: House, reference: str, code: str, tmp_path: Path) -> None:
    assert house.refused("ledger", "proof", reference, "-o", str(tmp_path / "out")) == code
    assert not (tmp_path / "out").exists()


def test_what_was_tampered_with_is_not_proved(house: House, tmp_path: Path) -> None:
    house.sql("UPDATE events SET state = replace(state, '问题', '成绩') WHERE position = 40")
    assert house.refused("ledger", "proof", "39", "-o", str(tmp_path / "out"), code=3) == "store.damaged"
    house.ok("ledger", "proof", "40", "-o", str(tmp_path / "out"))


def test_a_place_that_cannot_be_written(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert house.refused("ledger", "proof", "1", "-o", str(tmp_path / "file")) == "file.cannot-write"
    assert house.refused("ledger", "checkpoint", "-o", str(tmp_path)) == "file.is-a-folder"
    assert house.refused("ledger", "checkpoint", "-o", str(tmp_path / "no" / "such")) == "file.cannot-write"


# -- tiles


def test_the_folder_of_tiles_is_the_log(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    document = house.ok("ledger", "tiles", "-o", str(folder), "--json").json
    head = open_checkpoint((folder / "checkpoint").read_bytes(), [key_of(house)]).checkpoint
    assert (head.size, head.root.hex()) == (document["size"], document["root"])
    assert head.size == 312
    expected = {tile.path for tile in tiles_of(312)} | {"checkpoint"}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == expected
    assert document["files"] == len(expected)
    hashes = stored_hashes(312, lambda path: (folder / path).read_bytes())
    assert root_at(312, hashes) == head.root
    records = parse_bundle((folder / "tile/entries/000").read_bytes())
    records += parse_bundle((folder / "tile/entries/001.p/56").read_bytes(), 56)
    assert [leaf_hash(record) for record in records] == hashes(0, 0, 312)
    assert [parse_leaf(record).index for record in records] == list(range(312))


def test_the_folder_is_brought_up_to_date(house: House, tmp_path: Path) -> None:
    folder, fresh = tmp_path / "tiles", tmp_path / "fresh"
    house.ok("ledger", "tiles", "-o", str(folder))
    stamp = (folder / "tile/entries/000").stat().st_mtime_ns
    house.log()
    document = house.ok("ledger", "tiles", "-o", str(folder), "--json").json
    assert (document["since"], document["size"]) == (312, 313)
    assert document["files"] == 3, "a bundle, a tile and the checkpoint"
    house.ok("ledger", "tiles", "-o", str(fresh))
    for path in fresh.rglob("*"):
        if path.is_file():
            assert (folder / path.relative_to(fresh)).read_bytes() == path.read_bytes()
    assert (folder / "tile/entries/000").stat().st_mtime_ns == stamp, "what is there is not written again"


def test_a_run_that_was_broken_off_is_taken_up(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    house.ok("ledger", "tiles", "-o", str(folder))
    whole = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "checkpoint").unlink()
    (folder / "tile/0/000").unlink()
    house.ok("ledger", "tiles", "-o", str(folder))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == whole


def test_a_folder_of_something_else_is_left_alone(house: House, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x")
    assert house.refused("ledger", "tiles", "-o", str(tmp_path / "other")) == "tiles.not-ours"
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]
    assert house.refused("ledger", "tiles", "-o", str(tmp_path / "other" / "letter.txt")) == "file.cannot-write"


def test_tiles_of_another_history_are_left_alone(house: House, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(house.path, before)
    house.log("一种历史")
    house.ok("ledger", "tiles", "-o", str(tmp_path / "tiles"))
    shutil.rmtree(house.path)
    shutil.copytree(before, house.path)
    house.log("另一种历史")
    assert house.refused("ledger", "tiles", "-o", str(tmp_path / "tiles")) == "seal.not-ours"
    shutil.rmtree(house.path)
    shutil.copytree(before, house.path)
    assert house.refused("ledger", "tiles", "-o", str(tmp_path / "tiles")) == "seal.beyond"


def test_damaged_events_are_not_written_as_tiles(house: House, tmp_path: Path) -> None:
    house.sql("UPDATE events SET state = replace(state, '问题', '成绩') WHERE position = 300")
    assert house.refused("ledger", "tiles", "-o", str(tmp_path / "tiles"), code=3) == "store.damaged"
    assert not (tmp_path / "tiles" / "checkpoint").exists()


def test_tiles_of_an_old_state_are_what_they_were(house: House, sealed: Path, tmp_path: Path) -> None:
    """A reader may hold any size: the tiles of today contain those of then."""
    house.log()
    house.ok("ledger", "tiles", "-o", str(tmp_path / "tiles"))
    with closing(open_desk(house.path)) as desk:
        log = desk._log
        seals = desk.proofs()._seals()  # type: ignore[attr-defined]
        for path, content in tile_files(256, log.hashes, seals.records):  # type: ignore[attr-defined]
            assert (tmp_path / "tiles" / path).read_bytes() == content


# -- consistency


def test_consistency_between_any_two_checkpoints(house: House, sealed: Path, tmp_path: Path) -> None:
    house.log()
    house.ok("ledger", "checkpoint", "-o", str(tmp_path / "new"))
    ran = house.ok(
        "ledger", "consistency", "--from", str(sealed), "--to", str(tmp_path / "new"), "-o", str(tmp_path / "p")
    )
    assert ran.out.startswith("old 312\nsize 313\n")
    key = key_of(house)
    old, new = (open_checkpoint(path.read_bytes(), [key]).checkpoint for path in (sealed, tmp_path / "new"))
    request = parse_request((tmp_path / "p").read_bytes())
    verify_consistency(old.size, old.root, new.size, new.root, request.proof)
    assert request.checkpoint.encode() == (tmp_path / "new").read_bytes()
    document = house.ok("ledger", "consistency", "--from", str(sealed), "--json").json
    assert (document["old"], document["size"]) == (312, 313)
    assert house.ok("ledger", "consistency", "--from", str(sealed), "--to", str(sealed), "--json").json["hashes"] == []


def test_checkpoints_in_the_wrong_order(house: House, sealed: Path, tmp_path: Path) -> None:
    house.log()
    house.ok("ledger", "checkpoint", "-o", str(tmp_path / "new"))
    argv = ("ledger", "consistency", "--from", str(tmp_path / "new"), "--to", str(sealed))
    assert house.refused(*argv) == "seal.order"


def test_a_checkpoint_of_what_this_ledger_is_not(house: House, sealed: Path, tmp_path: Path) -> None:
    for data, code in (
        (b"", "seal.refused"),
        (sealed.read_bytes()[:-3], "seal.refused"),
        (sealed.read_bytes().replace(b"\n312\n", b"\n311\n"), "seal.refused"),
    ):
        (tmp_path / "given").write_bytes(data)
        assert house.refused("ledger", "consistency", "--from", str(tmp_path / "given")) == code
    assert house.refused("ledger", "consistency", "--from", str(tmp_path / "nothing")) == "file.cannot-read"


def test_a_proof_says_nothing_of_a_checkpoint_that_is_ahead(house: House, tmp_path: Path) -> None:
    with closing(open_desk(house.path)) as desk:
        proofs = desk.proofs()
        house.log()
        ahead = proofs.checkpoint(Signer())
        assert ahead.size == 313
    shutil.copy(house.path / "checkpoint", tmp_path / "ahead")
    house.sql("DELETE FROM events WHERE position = 313")
    (house.path / "checkpoint").unlink()
    with closing(open_desk(house.path)) as desk, pytest.raises((Rejected, Unreachable)) as refusal:
        desk.proofs().consistency(File("ahead", (tmp_path / "ahead").read_bytes()))
    assert refusal.value.code == "seal.beyond"
