"""Evidence files: kept under their hashes, whole or not at all, and checked again."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.store import evidence
from taizhang.ledger.store.evidence import EvidenceFile, EvidenceStore

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 20


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", limit=3 << 20)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "现场 照片;rm -rf.jpg"
    path.write_bytes(PHOTO)
    return path


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(Rejected) as caught:
        action()
    return caught.value.code


def kept(store: EvidenceStore) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash(store: EvidenceStore, photo: Path) -> None:
    digest = sha256(PHOTO).hexdigest()
    assert store.put(photo) == EvidenceFile(digest, len(PHOTO), photo.name)
    assert kept(store) == [store.folder / digest[:2] / digest]
    assert store.path(digest).stat().st_mode & 0o222 == 0
    with store.open(digest) as stream:
        assert stream.read() == PHOTO
    assert store.check(digest) == len(PHOTO)
    assert photo.read_bytes() == PHOTO


def test_the_same_bytes_are_kept_once(store: EvidenceStore, photo: Path, tmp_path: Path) -> None:
    first = store.put(photo)
    other = tmp_path / "other.bin"
    other.write_bytes(PHOTO)
    inode = store.path(first.sha256).stat().st_ino
    assert store.put(other) == EvidenceFile(first.sha256, len(PHOTO), "other.bin")
    assert store.path(first.sha256).stat().st_ino == inode
    assert len(kept(store)) == 1


def test_a_damaged_copy_is_found_and_mended_by_the_original(store: EvidenceStore, photo: Path) -> None:
    digest = store.put(photo).sha256
    copy = store.path(digest)
    copy.chmod(0o644)
    copy.write_bytes(PHOTO[:-1] + b"!")
    assert refused(lambda: store.check(digest)) == "evidence.changed"
    store.put(photo)
    assert store.check(digest) == len(PHOTO)


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_files_of_any_size_up_to_the_limit(store: EvidenceStore, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(size))
    assert store.check(store.put(path).sha256) == size


def test_a_file_over_the_limit_is_refused(store: EvidenceStore, tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as stream:
        stream.truncate((3 << 20) + 1)
    with pytest.raises(Rejected) as caught:
        store.put(path)
    assert (caught.value.code, caught.value.params) == ("evidence.too-large", {"name": "file", "limit": 3 << 20})
    assert not store.folder.exists()


def test_a_file_that_grows_while_it_is_read_is_refused(
    store: EvidenceStore, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "_read", lambda stream, name: b"x" * (1 << 20))
    assert refused(lambda: store.put(photo)) == "evidence.too-large"
    assert kept(store) == []


def test_what_is_no_regular_file_is_refused(store: EvidenceStore, tmp_path: Path) -> None:
    assert refused(lambda: store.put(tmp_path / "missing")) == "evidence.no-file"
    assert refused(lambda: store.put(tmp_path)) == "evidence.not-a-file"
    if os.name != "nt":
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        assert refused(lambda: store.put(pipe)) == "evidence.not-a-file"  # and does not wait for a writer
        assert refused(lambda: store.put(Path("/dev/zero"))) == "evidence.not-a-file"
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(tmp_path / "s"))
            assert refused(lambda: store.put(tmp_path / "s")) == "evidence.unreadable"
    assert not store.folder.exists()


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "\n", "é" * 64])
def test_only_a_hash_names_a_file(store: EvidenceStore, digest: str) -> None:
    assert refused(lambda: store.open(digest)) == "evidence.not-a-hash"
    assert refused(lambda: store.check(digest)) == "evidence.not-a-hash"


@given(st.text(max_size=80))
def test_no_text_leads_out_of_the_folder(digest: str) -> None:
    store = EvidenceStore(Path("/nowhere/evidence"))
    try:
        path = store.path(digest)
    except Rejected as refusal:
        code = refusal.code
    else:
        code = ""
        assert path.parent.parent == store.folder
    assert code in {"", "evidence.not-a-hash"}


def test_a_missing_file(store: EvidenceStore) -> None:
    assert refused(lambda: store.check("ab" * 32)) == "evidence.missing"


def test_a_failure_leaves_nothing_behind(store: EvidenceStore, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(copy: object, block: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence, "_write", fail)
    with pytest.raises(Unreachable) as caught:
        store.put(photo)
    assert caught.value.code == "store.disk-full"
    assert kept(store) == []


def test_a_ledger_folder_that_is_missing(tmp_path: Path, photo: Path) -> None:
    with pytest.raises(Unreachable) as caught:
        EvidenceStore(tmp_path / "missing" / "evidence").put(photo)
    assert caught.value.code == "store.not-a-ledger"


def test_bytes_and_names_are_durable_before_it_returns(
    store: EvidenceStore, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def sync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}")
        synced.append(str(name.readlink()) if name.exists() else "?")
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    digest = store.put(photo).sha256
    if Path("/proc/self/fd").exists():
        folder = str(store.folder)
        assert [Path(name).name.startswith(".new-") for name in synced].count(True) == 1
        assert synced.index(next(name for name in synced if ".new-" in name)) < len(synced) - 1
        assert {str(store.folder.parent), folder, f"{folder}/{digest[:2]}"} <= set(synced)
        assert synced[-1] == f"{folder}/{digest[:2]}"
