"""A backup holds a whole ledger that was in use, and any other bytes are no backup."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taizhang import composition
from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.service import archive
from tests.backup.conftest import Keeper


def test_a_backup_restores_the_same_ledger_elsewhere(keeper: Keeper) -> None:
    made = keeper.backup()
    assert (made.origin, made.key, made.damaged) == ("ledger.example/duban", False, ())
    there = keeper.folder / "elsewhere" / "ledger"
    restored = keeper.restore(ledger=there)
    assert (restored.size, restored.root, restored.replaced, restored.lost) == (made.size, made.root, "", 0)
    assert restored.evidence
    assert keeper.titles(there) == keeper.titles()
    assert [path.name for path in (there / "evidence").rglob("*") if path.is_file()] == [
        path.name for path in (keeper.ledger / "evidence").rglob("*") if path.is_file()
    ]
    keeper.grow(ledger=there)  # it goes on living
    assert len(keeper.titles(there)) == 3


def test_a_backup_holds_what_is_still_in_the_write_ahead_log(keeper: Keeper) -> None:
    with composition.open_ledger(keeper.ledger) as held:  # somebody has it open: nobody checkpoints on closing
        assert held.store.count() > 0
        keeper.grow(5)
        assert (keeper.ledger / "ledger.db-wal").stat().st_size > 0
        made = keeper.backup()
        assert made.size == held.store.count()
    keeper.restore(ledger=keeper.folder / "copy")
    assert len(keeper.titles(keeper.folder / "copy")) == 7


def test_a_backup_while_somebody_writes_is_of_one_moment(keeper: Keeper) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            keeper.grow(3)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [keeper.backup(f"{at}.tar") for at in range(5)]
    finally:
        stop.set()
        writer.join()
    for at, receipt in enumerate(made):
        restored = keeper.restore(f"{at}.tar", keeper.folder / f"ledger-{at}")
        assert (restored.size, restored.root) == (receipt.size, receipt.root)


def test_any_tar_program_reads_it_and_sha256sum_checks_it(keeper: Keeper) -> None:
    keeper.backup()
    with tarfile.open(keeper.folder / "备份.tar") as tar:
        names = tar.getnames()
        tar.extractall(keeper.folder / "out", filter="data")
    assert names[:3] == ["manifest.json", "manifest.sha256", "ledger.db"]
    if shutil.which("sha256sum"):
        done = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=keeper.folder / "out", check=False)
        assert done.returncode == 0


def test_the_signing_key_stays_unless_it_is_asked_for(keeper: Keeper) -> None:
    (keeper.ledger / archive.KEY).write_text("PRIVATE+KEY+x\n")
    (keeper.ledger / archive.KEY).chmod(0o600)
    assert not keeper.backup().key
    assert b"PRIVATE+KEY" not in (keeper.folder / "备份.tar").read_bytes()
    assert keeper.backup(with_key=True).key
    keeper.restore(ledger=keeper.folder / "copy")
    kept = keeper.folder / "copy" / archive.KEY
    assert kept.read_text() == "PRIVATE+KEY+x\n"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_not_there_cannot_be_backed_up(keeper: Keeper) -> None:
    (keeper.ledger / archive.KEY).unlink(missing_ok=True)
    assert keeper.refused(lambda: keeper.backup(with_key=True)).code == "backup.no-key"


def test_a_backup_takes_the_place_of_an_older_file_only_when_it_is_whole(keeper: Keeper) -> None:
    target = keeper.folder / "备份.tar"
    target.write_bytes(b"old")
    missing = keeper.folder / "none"
    assert keeper.refused(lambda: keeper.backup(ledger=missing)).code == "store.not-a-ledger"
    keeper.backup()
    assert target.read_bytes()[:13] == b"manifest.json"


# -- what is no backup


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    keeper = Keeper(tmp_path_factory.mktemp("backup"))
    keeper.make()
    keeper.backup()
    return keeper.folder, (keeper.folder / "备份.tar").read_bytes()


def refusal(folder: Path, data: bytes) -> str:
    """Return the code by which such bytes are refused; nothing may be left lying about."""
    (folder / "changed.tar").write_bytes(data)
    try:
        composition.restore_ledger(folder / "changed.tar", folder / "target")
    except Refusal as refused:
        assert not list(folder.glob(".target*"))
        assert not (folder / "target").exists()
        return refused.code
    shutil.rmtree(folder / "target")
    return ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
@given(st.data())
def test_any_flipped_bit_is_refused(backup: tuple[Path, bytes], data: st.DataObject) -> None:
    folder, whole = backup
    at = data.draw(st.integers(0, 8 * len(whole) - 1) | st.integers(0, 8 * 6_000))
    assert refusal(folder, flipped(whole, at)).startswith("backup.")


def test_every_flipped_bit_of_head_and_manifest_is_refused(backup: tuple[Path, bytes], tmp_path: Path) -> None:
    head = backup[1][: backup[1].index(b"SQLite format 3")]
    for bit in range(0, 8 * len(head), 3):
        (tmp_path / "ledger.db").unlink(missing_ok=True)
        with pytest.raises(Rejected, match=r"backup\.(altered|malformed)"):
            archive.extract(io.BytesIO(flipped(head, bit)), tmp_path, "x")
    with pytest.raises(Rejected, match=r"backup\.truncated"):
        archive.extract(io.BytesIO(head), tmp_path, "x")


@pytest.mark.parametrize("part", [0.0, 0.01, 0.3, 0.9, 0.999999])
def test_a_truncated_backup_is_refused(backup: tuple[Path, bytes], part: float) -> None:
    folder, whole = backup
    assert refusal(folder, whole[: int(len(whole) * part)]) in ("backup.truncated", "backup.malformed")
    assert refusal(folder, whole[:-1]) == "backup.truncated"


def test_nothing_may_stand_around_a_backup(backup: tuple[Path, bytes]) -> None:
    folder, whole = backup
    assert refusal(folder, whole) == ""
    assert refusal(folder, whole + b"\0") == "backup.malformed"
    assert refusal(folder, whole[1:]) == "backup.malformed"
    assert refusal(folder, bytes(10_240)) == "backup.malformed"


def repacked(whole: bytes, scratch: Path, *, database: bytes | None = None, more: str = "") -> bytes:
    """Return a backup with another database, or one more file, and a manifest that fits: what tools could make."""
    scratch.mkdir()
    manifest = archive.extract(io.BytesIO(whole), scratch, "x")
    if database is not None:
        (scratch / archive.DATABASE).write_bytes(database)
    files = [archive.measured(scratch / entry.name, entry.name) for entry in manifest.files]
    if more:
        files.append(msgspec.structs.replace(files[0], name=more))
    out, changed = io.BytesIO(), msgspec.structs.replace(manifest, files=tuple(files))
    archive.write(out, changed, lambda name: scratch / (archive.DATABASE if name == more else name))
    return out.getvalue()


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "evidence/../../x", "views/x", "ledger.db"])
def test_a_file_that_does_not_belong_is_refused(backup: tuple[Path, bytes], tmp_path: Path, name: str) -> None:
    folder, whole = backup

    assert refusal(folder, repacked(whole, tmp_path / "scratch", more=name)) == "backup.malformed"


def test_a_database_that_was_altered_with_tools_is_unsound(backup: tuple[Path, bytes], tmp_path: Path) -> None:
    from pysqlite3 import dbapi2 as driver

    folder, whole = backup
    with tarfile.open(folder / "备份.tar") as tar:
        tar.extract("ledger.db", tmp_path, filter="data")
    database = tmp_path / "ledger.db"
    database.chmod(0o644)
    raw = driver.connect(str(database))
    raw.execute("DROP TRIGGER events_update")
    raw.execute("UPDATE events SET state = replace(state, '现场督导', '现场督察')")
    raw.commit()
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.close()
    altered = repacked(whole, tmp_path / "altered", database=database.read_bytes())
    (folder / "changed.tar").write_bytes(altered)
    with pytest.raises(Refusal) as refused:
        composition.restore_ledger(folder / "changed.tar", folder / "target")
    assert refused.value.code == "backup.unsound"
    assert "leaves" in refused.value.params["checks"]
    none = repacked(whole, tmp_path / "none", database=b"no database")
    assert refusal(folder, none) == "backup.unsound"


def test_evidence_that_was_spoilt_before_does_not_lose_the_log(keeper: Keeper) -> None:
    (photo,) = [path for path in (keeper.ledger / "evidence").rglob("*") if path.is_file()]
    photo.chmod(0o644)
    photo.write_bytes(b"spoilt")
    assert keeper.backup().damaged == (photo.name,)
    restored = keeper.restore(ledger=keeper.folder / "copy")
    assert not restored.evidence
    assert len(keeper.titles(keeper.folder / "copy")) == 2
