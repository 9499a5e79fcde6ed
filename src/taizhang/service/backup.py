"""Owns backups of a ledger: making one while the ledger is in use, and putting one in a ledger's place.

A restore verifies first, never puts an older log in the place of a newer one unless told, and destroys nothing: what it
replaces is set aside. Which store it is, is handed in.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Protocol

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.verdict import Verdict
from taizhang.ledger.seal.checkpoint import Checkpoint, parse_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.seal.tree import root_at
from taizhang.projections.export.target import whole

from . import archive
from .archive import CHECKPOINT, DATABASE, KEY, PEOPLE, SEALS, File, Manifest
from .receipts import BackupReceipt, RestoreReceipt

Progress = Callable[[int, int], None]


class HeldLog(Protocol):
    """A log as it is compared."""

    def head(self) -> int:
        """Index of the last event; -1 for none."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""

    def close(self) -> None:
        """Give it back."""


class Store(Protocol):
    """What a backup needs of the store."""

    def copy(self, folder: Path, target: Path) -> None:
        """Write a whole copy of a ledger's database, as of one moment."""

    def log(self, folder: Path) -> HeldLog:
        """Open the log in a ledger's folder, to read."""

    def origin(self, folder: Path) -> str:
        """The name of the ledger in a folder."""

    def alone(self, folder: Path) -> AbstractContextManager[None]:
        """Keep everybody else out of a ledger's database, or refuse where somebody has it open."""

    def verify(self, folder: Path) -> Verdict:
        """The deep check of the ledger in a folder, without its read models."""

    def evidence(self, folder: Path) -> Iterable[Path]:
        """The evidence files in a ledger's folder."""


def write_backup(
    folder: Path, target: Path, store: Store, *, clock: Callable[[], datetime], with_key: bool = False
) -> BackupReceipt:
    """Write a backup of a ledger that may be in use, whole or not at all.

    Args:
        folder: the ledger's folder.
        target: the file; one that is there is replaced when the new one is whole.
        with_key: whether the signing key goes in: then whoever has the backup can sign as the ledger.

    Raises:
        Rejected: ``export.cannot-write``, ``export.not-a-file``, ``backup.no-key``, ``backup.changing``.
        Unreachable: the ledger cannot be read.
    """
    with ExitStack() as stack:
        path = stack.enter_context(whole(target))
        scratch = Path(stack.enter_context(TemporaryDirectory(dir=path.parent, prefix=".backup-")))
        # checkpoints first and the evidence last: the copy between them holds what the ones cover, and names only files
        # that are there
        seals = [name for name in (CHECKPOINT, *_files(folder, SEALS)) if _kept(folder / name, scratch / name)]
        store.copy(folder, scratch / DATABASE)
        key = with_key and _kept(folder / KEY, scratch / KEY)
        if with_key and not key:
            raise Rejected("backup.no-key", ledger=str(folder))
        origin, size, root = _facts(scratch, store)
        places = {DATABASE: scratch / DATABASE}
        people = [name for name in _files(folder, PEOPLE) if _kept(folder / name, scratch / name)]
        places |= {name: scratch / name for name in (*seals, *people, *([KEY] if key else []))}
        places |= {f"evidence/{path.parent.name}/{path.name}": path for path in sorted(store.evidence(folder))}
        files = tuple(archive.measured(place, name) for name, place in places.items())
        manifest = Manifest(archive.FORMAT, origin, size, root.hex(), _moment(clock()), files)
        with path.open("wb") as out:
            archive.write(out, manifest, places.__getitem__)
        return BackupReceipt(
            str(target), origin, size, root.hex(), len(files), path.stat().st_size, bool(key), tuple(_damaged(files))
        )


def restore(
    source: Path,
    folder: Path,
    store: Store,
    *,
    clock: Callable[[], datetime],
    older: bool = False,
    progress: Progress | None = None,
) -> RestoreReceipt:
    """Put the ledger of a backup into a folder, if it holds; a ledger that is there is set aside beside it.

    Args:
        source: the backup.
        folder: the ledger's folder; missing, empty, or one with a ledger.
        older: whether the backup may replace a log that has more events, or one that can no longer be read.
        progress: told how many files of how many are unpacked.

    Raises:
        Rejected: ``backup.malformed``, ``backup.truncated``, ``backup.altered``, ``backup.unreadable``; ``backup.unsound``
            (`checks`) for a ledger that the deep check refuses; ``restore.older`` (`size`, `known`), ``restore.forked``
            (`index`), ``restore.foreign`` (`origin`, `found`), ``restore.unreadable``; ``ledger.not-empty``.
        Unreachable: the folder cannot be written, or somebody has the ledger in it open (``store.busy``).
    """
    folder = folder.absolute()
    occupied = (folder / DATABASE).exists()
    if not occupied and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Rejected("ledger.not-empty", path=str(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(mkdtemp(prefix=f".{folder.name}.restoring-", dir=folder.parent))
    except OSError as error:
        raise Unreachable("store.cannot-make", ledger=str(folder), detail=error.strerror or str(error)) from error
    try:
        manifest, verdict = _unpacked(source, fresh, store, progress)
        lost = _beyond(fresh, folder, manifest, store, older=older) if occupied else 0
        replaced = _put(fresh, folder, store, clock, occupied=occupied)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    sound = all(check.ok for check in verdict.checks)
    return RestoreReceipt(
        str(folder), manifest.origin, manifest.size, manifest.root, manifest.made_at, replaced, lost, sound
    )


def _unpacked(source: Path, fresh: Path, store: Store, progress: Progress | None) -> tuple[Manifest, Verdict]:
    """Unpack a backup and check that it is the ledger that its manifest says; wrong evidence alone refuses nothing.

    Losing the log over a photograph that was spoilt before the backup was made would help nobody.
    """
    try:
        with source.open("rb") as file:
            manifest = archive.extract(file, fresh, str(source), progress)
        archive.sync(fresh, [entry.name for entry in manifest.files])
    except OSError as error:
        raise Rejected("backup.unreadable", path=str(source), detail=error.strerror or str(error)) from error
    try:
        verdict = store.verify(fresh)
    except Unreachable as error:  # no ledger at all
        raise Rejected("backup.unsound", path=str(source), checks=["database"]) from error
    wrong = [check.code for check in verdict.checks if not check.ok and check.code != "evidence"]
    if not wrong and (manifest.origin, manifest.size, manifest.root) != (
        store.origin(fresh),
        verdict.size,
        verdict.root,
    ):
        wrong = ["manifest"]
    if not wrong and not _covers(fresh, store):
        wrong = ["kept-checkpoint"]
    if wrong:
        raise Rejected("backup.unsound", path=str(source), checks=wrong)
    return manifest, verdict


def _covers(folder: Path, store: Store) -> bool:
    """Say whether the log in a folder extends the last checkpoint that is kept beside it."""
    checkpoint = _checkpoint(folder)
    if checkpoint is None:
        return True
    log = store.log(folder)
    try:
        return checkpoint.size <= log.head() + 1 and root_at(checkpoint.size, log.hashes) == checkpoint.root
    finally:
        log.close()


def _beyond(fresh: Path, folder: Path, manifest: Manifest, store: Store, *, older: bool) -> int:
    """Return how many events the ledger in the folder has beyond the backup; refuse another ledger or another history."""
    try:
        origin, checkpoint = store.origin(folder), _checkpoint(folder)
        log = store.log(folder)
    except (Unreachable, SealError) as error:
        if older:
            return 0
        raise Rejected(
            "restore.unreadable", path=str(folder), detail=str(error.params.get("detail", error.code))
        ) from error
    try:
        if origin != manifest.origin:
            raise Rejected("restore.foreign", path=str(folder), origin=origin, found=manifest.origin)
        there = log.head() + 1
        ours = store.log(fresh)
        try:
            common = min(there, manifest.size)
            if root_at(common, log.hashes) != root_at(common, ours.hashes):
                raise Rejected("restore.forked", path=str(folder), index=_first_difference(log, ours, common))
            if (
                checkpoint
                and checkpoint.size <= manifest.size
                and root_at(checkpoint.size, ours.hashes) != checkpoint.root
            ):
                raise Rejected("restore.forked", path=str(folder), index=checkpoint.size - 1)
        finally:
            ours.close()
    finally:
        log.close()
    known = max(there, checkpoint.size if checkpoint else 0)
    if known > manifest.size and not older:
        raise Rejected("restore.older", path=str(folder), size=manifest.size, known=known)
    return max(0, known - manifest.size)


def _first_difference(one: HeldLog, other: HeldLog, size: int) -> int:
    """Return the index of the first event that two logs do not share, of the first `size`."""
    same, different = 0, size
    while different - same > 1:
        middle = (same + different) // 2
        if root_at(middle, one.hashes) == root_at(middle, other.hashes):
            same = middle
        else:
            different = middle
    return different - 1


def _put(fresh: Path, folder: Path, store: Store, clock: Callable[[], datetime], *, occupied: bool) -> str:
    """Put the fresh folder in the place of the other, which is set aside; return where, or an empty text."""
    try:
        if not occupied:
            if folder.exists():
                folder.rmdir()
            fresh.replace(folder)
            archive.sync(folder.parent)
            return ""
        if not (fresh / KEY).exists() and _kept(folder / KEY, fresh / KEY):  # the ledger goes on signing as before
            (fresh / KEY).chmod(0o600)
        aside = _aside(folder, clock)
        with _alone(folder, store):
            folder.replace(aside)
            try:
                fresh.replace(folder)
            except OSError:
                aside.replace(folder)
                raise
        archive.sync(folder.parent)
    except OSError as error:
        raise Unreachable("store.cannot-make", ledger=str(folder), detail=error.strerror or str(error)) from error
    return str(aside)


@contextmanager
def _alone(folder: Path, store: Store) -> Iterator[None]:
    """Keep others out of the ledger that is replaced; nobody can be in one that cannot even be opened."""
    with ExitStack() as stack:
        try:
            stack.enter_context(store.alone(folder))
        except Unreachable as error:
            if error.code not in ("store.damaged", "store.not-a-ledger"):
                raise
        yield


def _aside(folder: Path, clock: Callable[[], datetime]) -> Path:
    name = f"{folder.name}.replaced-{clock().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    place, again = folder.with_name(name), 1
    while place.exists():
        again += 1
        place = folder.with_name(f"{name}-{again}")
    return place


def _files(folder: Path, below: str) -> Iterator[str]:
    """Yield the files of a ledger's subfolder that backups take: what witnesses and old keys signed, people's keys."""
    if (folder / below).is_dir():
        yield from (
            f"{below}/{path.name}" for path in sorted((folder / below).iterdir()) if archive.belongs(path, below)
        )


def _checkpoint(folder: Path) -> Checkpoint | None:
    """Return the last checkpoint that is kept beside a database."""
    try:
        data = (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None
    return parse_checkpoint(parse_note(data).text)


def _facts(folder: Path, store: Store) -> tuple[str, int, bytes]:
    """Return name, size and root hash of the ledger in a folder."""
    log = store.log(folder)
    try:
        size = log.head() + 1
        return store.origin(folder), size, root_at(size, log.hashes)
    finally:
        log.close()


def _kept(source: Path, target: Path) -> bool:
    """Copy a small file where it is there; say whether it was."""
    try:
        data = source.read_bytes()
    except FileNotFoundError:
        return False
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    return True


def _damaged(files: Iterable[File]) -> Iterable[str]:
    return (file.name[-64:] for file in files if file.name.startswith("evidence/") and file.name[-64:] != file.sha256)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
