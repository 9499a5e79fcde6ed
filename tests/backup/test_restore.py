"""A restore never puts an older or another log in the place of one that is there, unless told, and destroys nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from taizhang import composition
from taizhang.ledger.seal.checkpoint import Checkpoint, sign_checkpoint
from taizhang.ledger.seal.keys import SignerKey
from taizhang.ledger.seal.tree import root_at
from taizhang.ledger.store.sqlite.log import LogReader
from taizhang.service import archive
from tests.backup.conftest import Keeper


def test_a_newer_backup_takes_the_place_of_an_older_ledger(keeper: Keeper) -> None:
    shutil.copytree(keeper.ledger, keeper.folder / "old")
    keeper.grow(2)
    keeper.backup()
    restored = keeper.restore(ledger=keeper.folder / "old")
    assert restored.lost == 0
    assert len(keeper.titles(keeper.folder / "old")) == 4
    assert Path(restored.replaced).name == "old.replaced-20260401T080000Z"
    assert len(keeper.titles(Path(restored.replaced))) == 2


def test_the_same_events_are_no_loss(keeper: Keeper) -> None:
    keeper.backup()
    assert keeper.restore().lost == 0
    assert len(keeper.titles()) == 2


def test_an_older_backup_is_refused_unless_told(keeper: Keeper) -> None:
    keeper.backup()
    keeper.grow(3)
    refused = keeper.refused(keeper.restore)
    assert refused.code == "restore.older"
    assert refused.params["known"] - refused.params["size"] == 3
    assert len(keeper.titles()) == 5
    restored = keeper.restore(older=True)
    assert restored.lost == 3
    assert len(keeper.titles()) == 2
    assert len(keeper.titles(Path(restored.replaced))) == 5, "what was replaced is set aside, not destroyed"
    again = keeper.restore(older=True)
    assert again.replaced != restored.replaced


def test_a_backup_behind_the_last_checkpoint_is_older_too(keeper: Keeper) -> None:
    """The database alone was put back to an earlier state; the checkpoint beside it remembers."""
    keeper.backup()
    shutil.copy(keeper.ledger / "ledger.db", keeper.folder / "earlier.db")
    keeper.grow(2)
    log = LogReader(keeper.ledger)
    size = log.head() + 1
    head = Checkpoint("ledger.example/duban", size, root_at(size, log.hashes))
    log.close()
    (keeper.ledger / archive.CHECKPOINT).write_bytes(
        sign_checkpoint(head, SignerKey("ledger.example/duban", bytes(32))).encode()
    )
    for path in keeper.ledger.glob("ledger.db*"):
        path.unlink()
    shutil.copy(keeper.folder / "earlier.db", keeper.ledger / "ledger.db")
    refused = keeper.refused(keeper.restore)
    assert (refused.code, refused.params["known"]) == ("restore.older", size)


@pytest.mark.parametrize("older", [False, True])
def test_a_foreign_backup_is_refused_even_if_told(keeper: Keeper, older: bool) -> None:
    other = keeper.folder / "other"
    composition.init_ledger(other, origin="other.example")
    keeper.backup("other.tar", other)
    refused = keeper.refused(lambda: keeper.restore("other.tar", older=older))
    assert (refused.code, refused.params["found"]) == ("restore.foreign", "other.example")


@pytest.mark.parametrize("older", [False, True])
def test_a_fork_is_refused_even_if_told(keeper: Keeper, older: bool) -> None:
    fork = keeper.folder / "fork"
    shutil.copytree(keeper.ledger, fork)
    at = LogReader(fork)
    common = at.head() + 1
    at.close()
    keeper.grow(2, fork, "另一段历史")
    keeper.backup("fork.tar", fork)
    keeper.grow(1)
    refused = keeper.refused(lambda: keeper.restore("fork.tar", older=older))
    assert (refused.code, refused.params["index"]) == ("restore.forked", common)


def test_a_ledger_that_is_open_elsewhere_is_not_pulled_away(keeper: Keeper) -> None:
    keeper.backup()
    log = LogReader(keeper.ledger)
    assert log.head() > 0
    refused = keeper.refused(keeper.restore)
    assert refused.code == "store.busy"
    log.close()
    keeper.restore()


def test_a_ledger_that_can_no_longer_be_read_is_replaced_when_told(keeper: Keeper) -> None:
    keeper.backup()
    for path in keeper.ledger.glob("ledger.db*"):
        path.unlink()
    (keeper.ledger / "ledger.db").write_bytes(b"\0" * 8192)
    assert keeper.refused(keeper.restore).code == "restore.unreadable"
    restored = keeper.restore(older=True)
    assert (Path(restored.replaced) / "ledger.db").read_bytes() == b"\0" * 8192
    assert len(keeper.titles()) == 2


def test_a_folder_of_other_things_is_never_replaced(keeper: Keeper) -> None:
    keeper.backup()
    other = keeper.folder / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("kept")
    assert keeper.refused(lambda: keeper.restore(ledger=other, older=True)).code == "ledger.not-empty"
    empty = keeper.folder / "empty"
    empty.mkdir()
    keeper.restore(ledger=empty)
    assert len(keeper.titles(empty)) == 2


def test_the_ledger_keeps_its_key_through_a_restore(keeper: Keeper) -> None:
    (keeper.ledger / archive.KEY).write_text("PRIVATE+KEY+here\n")
    keeper.backup()
    keeper.restore()
    kept = keeper.ledger / archive.KEY
    assert kept.read_text() == "PRIVATE+KEY+here\n"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_witnesses_and_old_keys_signed_comes_along(keeper: Keeper) -> None:
    seal = keeper.ledger / "seal"
    seal.mkdir(exist_ok=True)
    names = {"cosigned", "witnesses", "handover-000000000012"}
    for name in names:
        (seal / name).write_text(f"{name}\n")
    (seal / "next.key").write_text("no business of a backup\n")
    keeper.backup()
    keeper.restore(ledger=keeper.folder / "copy")
    copied = {path.name: path.read_text() for path in (keeper.folder / "copy" / "seal").iterdir()}
    assert copied == {name: f"{name}\n" for name in names}


def test_a_file_that_is_missing_is_refused(keeper: Keeper) -> None:
    assert keeper.refused(lambda: keeper.restore("none.tar")).code == "backup.unreadable"


def test_read_models_are_built_anew_from_what_was_restored(keeper: Keeper) -> None:
    keeper.titles()
    keeper.backup()
    assert b"views" not in (keeper.folder / "备份.tar").read_bytes()[:4096]
    keeper.restore()
    assert not (keeper.ledger / "views").exists()
    assert keeper.titles() == ["台账底数不清\n<script>alert(1)</script>", "另一个问题"]
