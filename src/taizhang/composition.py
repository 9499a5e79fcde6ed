"""The composition root: the one module that names concrete parts. It may know every room; only entry points know it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.values import Account, Evidence, Via

from .wiring import DATABASE, Late, audit_of, make_witness, proofs_of, seal_files, sealer_of, sign
from .wiring import open_witness as wired_witness

if TYPE_CHECKING:
    from taizhang.ledger.domain.verdict import Verdict
    from taizhang.ledger.ledger import Ledger
    from taizhang.ledger.store.sqlite.log import LogReader
    from taizhang.projections.runner import Views
    from taizhang.service.local import LocalDesk
    from taizhang.service.local_proofs import LocalProofs
    from taizhang.service.proofs import Witness
    from taizhang.service.receipts import BackupReceipt, CaseVerdict, RestoreReceipt

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


def open_desk(path: Path, *, clock: Clock = system_clock, mapped: bool = True) -> LocalDesk:
    """Open the ledger in a folder.

    The write side is loaded with the first command that writes, so that a reading command starts quickly.

    Args:
        mapped: whether the read models' file is read as memory: the past is looked at a quarter faster, but the system
            counts as this process's memory whatever of the file it has touched.

    Raises:
        Unreachable: ``store.not-a-ledger`` and whatever keeps it from being read.
    """
    from taizhang.ledger.store.evidence import EvidenceStore
    from taizhang.ledger.store.sqlite.log import LogReader
    from taizhang.service.local import LocalDesk

    path = path.absolute()
    log = LogReader(path)
    return LocalDesk(
        path,
        log=log,
        views=open_views(
            path / "views", log, fallback=None if os.access(path, os.W_OK) else _fallback(path), mapped=mapped
        ),
        open_ledger=lambda: open_ledger(path, clock=clock),
        evidence=EvidenceStore(path / "evidence"),
        open_views=lambda folder: open_views(folder, log),
        sealer=lambda proofs, by: sealer_of(path, proofs, by),
        compare=lambda views: _compared(views, log),
        proofs=lambda opened, writing: proofs_of(path, opened, writing),
        clock=clock,
        read_only=not os.access(path, os.W_OK),
    )


def open_views(folder: Path, log: LogReader, *, fallback: Path | None = None, mapped: bool = True) -> Views:
    """Open the read models in a folder, with the driver that reads the log."""
    from taizhang.projections.runner import Views

    return Views(folder, log.connect, log.error, fallback=fallback, mapped=mapped)


def _compared(views: Views, log: LogReader) -> list[str]:
    from tempfile import TemporaryDirectory

    from taizhang.projections.compare import differences

    if not any(views.folder.glob("*.current")):
        return []  # where none were built, none can be wrong
    with TemporaryDirectory() as folder:
        return differences(views, log, log.connect, log.error, Path(folder))


def open_ledger(
    path: Path, *, clock: Clock = system_clock, account: Account | None = None, create: bool = False
) -> Ledger:
    """Open the write side of the ledger in a folder.

    Args:
        create: make the database where there is none.

    Raises:
        Unreachable: what keeps it from being opened; ``seal.behind-checkpoint``, ``seal.forked``, ``seal.altered`` where
            the log does not extend the last checkpoint beside it.
    """
    from taizhang.ledger.ledger import Ledger
    from taizhang.ledger.store.person_keys import FOLDER, PersonKeys

    environment = {
        "PERSISTENCE_MODULE": "taizhang.ledger.store.sqlite.factory",
        "SQLITE_DBNAME": str(path / DATABASE),
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "yes" if create else "no",
    }
    ledger = Ledger(environment, clock=clock, account=account, people=PersonKeys(path / FOLDER))
    if not create:
        from taizhang.ledger.sealing import refuse_another_past

        try:
            refuse_another_past(str(path), seal_files(path), ledger.store)
        except BaseException:
            ledger.close()
            raise
    return ledger


def init_ledger(
    path: Path,
    *,
    origin: str = "",
    timezone: str = "Asia/Shanghai",
    admin: str = "admin",
    admin_name: str = "管理员",
    programme: str = "",
    programme_name: str = "日常督查",
    clock: Clock = system_clock,
    account: Account | None = None,
) -> None:
    """Make a ledger in a folder that is empty or not yet there.

    Args:
        origin: the ledger's name in checkpoints, like a URL without scheme; by default the folder's name.
        timezone: IANA name of the zone in which its days begin and end.
        admin: id of its first person.
        programme: code of its first programme; by default ``TZ-`` and the year.

    Raises:
        Rejected: ``ledger.exists``, ``ledger.not-empty``, ``ledger.origin``, ``ledger.timezone``.
        Unreachable: the folder cannot be written.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    path = path.absolute()
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Rejected("ledger.timezone", timezone=timezone) from None
    origin = origin or f"taizhang.local/{_origin_part(path.name)}"
    if not origin.isascii() or not origin.isprintable() or any(bad in origin for bad in " +") or len(origin) > 200:
        raise Rejected("ledger.origin", origin=origin[:200])
    _make_folder(path)
    from taizhang.ledger.sealing import first_key

    with open_ledger(path, clock=clock, account=account, create=True) as ledger:
        code = programme or f"TZ-{clock().astimezone(zone).year}"
        key = first_key(seal_files(path), origin)
        try:
            ledger.open(origin, timezone, admin, admin_name, code, programme_name, key.vkey)
        except Rejected as refusal:  # somebody else was quicker
            raise Rejected(refusal.code, path=str(path)) from refusal
        sign(path, ledger)


def make_demo(path: Path) -> None:
    """Make the demo ledger in a folder: the seed findings, lived through at their own dates.

    Raises:
        Rejected, Unreachable: as `init_ledger`.
    """
    import tempfile

    from taizhang.ledger.ledger import Instruction
    from taizhang.ledger.store.evidence import EvidenceStore
    from taizhang.service import demo

    now = demo.OPENED_AT
    init_ledger(
        path,
        origin=demo.ORIGIN,
        admin_name=demo.FIRST_PERSON_NAME,
        programme=demo.FIRST_PROGRAMME,
        programme_name=demo.FIRST_PROGRAMME_NAME,
        clock=lambda: now,
        account=demo.account_of("admin"),
    )
    files = EvidenceStore(path / "evidence")

    def keep(name: str, content: bytes) -> Evidence:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / name
            source.write_bytes(content)
            kept = files.put(source)
        return Evidence(kept.sha256, kept.size, name)

    with open_ledger(path, clock=lambda: now) as ledger:
        for moment, scenes in demo.by_moment(demo.scenes(keep)):
            now = moment
            ledger.record_all(
                [
                    Instruction(scene.command, scene.actor, Via.CLI, account=demo.account_of(scene.actor))
                    for scene in scenes
                ]
            )
        sign(path, ledger)


def terminal_settings(settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Rejected, ...]]:
    """Return what a configuration file says of the terminal (theme, templates, keys by action), and what is wrong with it."""
    from taizhang.tui.keymap import spelled
    from taizhang.tui.keys import KEYS
    from taizhang.tui.preferences import preferences

    found, faults = preferences(settings)
    keys = {key.id: tuple(map(spelled, found.keymap.keys(key.id))) for key in KEYS}
    return {"theme": found.theme, "templates": [each.name for each in found.templates], "keys": keys}, faults


def open_terminal(
    path: Path, *, actor: str, lang: str, settings: Mapping[str, Any] | None = None, state: Path | None = None
) -> int:
    """Open the terminal on the ledger in a folder and return the exit code.

    Args:
        actor: id of the person who acts; may be empty.
        lang: the language to begin with.
        settings: the user's configuration file; what is wrong in it is passed over.
        state: the folder in which the terminal may remember things; None where it may not.

    Raises:
        Unreachable: as `open_desk`.
    """
    from taizhang.locale.words import words_for
    from taizhang.tui import run
    from taizhang.tui.memory import Memory, place_of
    from taizhang.tui.preferences import preferences

    desk = open_desk(path, mapped=False)  # it stays open for days: it may not look as large as the ledger
    try:
        memory = Memory(state and state / place_of(path))
        return run(desk, words_for(lang), actor, preferences(settings or {})[0], memory)
    finally:
        desk.close()


def serve_terminal(path: Path, *, actor: str, lang: str, port: int, told: Callable[[str], object]) -> int:
    """Serve the terminal on the ledger in a folder to a browser on this computer, until it is interrupted.

    Raises:
        Unreachable: as `taizhang.tui.web.serve`.
    """
    from taizhang.tui.web import serve

    whose = ["--actor", actor] if actor else []
    command = [sys.executable, "-m", "taizhang", "--ledger", str(path.resolve()), "--lang", lang, *whose, "tui"]
    serve(command, port, f"台账 {path.name}", told)
    return 0


def backup_ledger(path: Path, target: Path, *, with_key: bool = False, clock: Clock = system_clock) -> BackupReceipt:
    """Write a backup of the ledger in a folder to a file; the ledger may be in use.

    Raises:
        Rejected, Unreachable: as `taizhang.service.backup.write_backup`.
    """
    from taizhang.service.backup import write_backup

    return write_backup(path.absolute(), target, _Store(), clock=clock, with_key=with_key)


def restore_ledger(
    source: Path,
    path: Path,
    *,
    older: bool = False,
    clock: Clock = system_clock,
    progress: Callable[[int, int], None] | None = None,
) -> RestoreReceipt:
    """Put the ledger of a backup into a folder; one that is there is set aside.

    Raises:
        Rejected, Unreachable: as `taizhang.service.backup.restore`.
    """
    from taizhang.service.backup import restore

    return restore(source, path, _Store(), clock=clock, older=older, progress=progress)


def verify_case(path: Path, vkeys: Sequence[str], lang: str) -> CaseVerdict:
    """Check a case file; no ledger is needed.

    Raises:
        Rejected: ``case.refused``, ``case.unreadable``.
    """
    from taizhang.service.casefile import verdict

    return verdict(path, vkeys, lang)


class _Store:
    """The store as backups use it."""

    def copy(self, folder: Path, target: Path) -> None:
        from taizhang.ledger.store.sqlite.copying import copy_database

        copy_database(folder, target)

    def log(self, folder: Path) -> LogReader:
        from taizhang.ledger.store.sqlite.log import LogReader

        return LogReader(folder)

    def origin(self, folder: Path) -> str:
        from taizhang.ledger.domain.catalogue import DECODE, LEDGER_STREAM
        from taizhang.ledger.domain.register import LedgerOpened

        log = self.log(folder)
        try:
            opened = (DECODE[row.topic](row.state).data for row in log.stream(LEDGER_STREAM))
            return next((event.origin for event in opened if isinstance(event, LedgerOpened)), "")
        finally:
            log.close()

    def alone(self, folder: Path) -> AbstractContextManager[None]:
        from taizhang.ledger.store.sqlite.copying import alone

        return alone(folder)

    def verify(self, folder: Path) -> Verdict:
        from taizhang.ledger.store.evidence import EvidenceStore
        from taizhang.ledger.verify import verify_log

        return verify_log(audit_of(folder), EvidenceStore(folder / "evidence"))

    def evidence(self, folder: Path) -> Iterable[Path]:
        from taizhang.ledger.store.evidence import EvidenceStore

        return EvidenceStore(folder / "evidence").files()


def open_proofs(path: Path, *, clock: Clock = system_clock) -> LocalProofs:
    """Open the seal of the ledger in a folder without reading the ledger: the deep check takes it in any state."""
    path = path.absolute()

    def resolve(reference: str) -> str:
        desk = open_desk(path, clock=clock)
        try:
            return desk.resolve(reference)
        finally:
            desk.close()

    def wrong_views(log: LogReader) -> list[str]:
        views = open_views(path / "views", log, fallback=_fallback(path))
        try:
            return _compared(views, log)
        finally:
            views.close()

    return proofs_of(path, Late(path, lambda: open_ledger(path, clock=clock), resolve, wrong_views))


def init_witness(path: Path, name: str) -> Witness:
    """Make a witness in a folder; raises as `wiring.make_witness`."""
    return make_witness(path, name)


def open_witness(path: Path) -> Witness:
    """Open the witness in a folder; raises as `wiring.open_witness`."""
    return wired_witness(path)


def _make_folder(path: Path) -> None:
    try:
        if (path / DATABASE).exists():
            raise Rejected("ledger.exists", path=str(path))
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise Rejected("ledger.not-empty", path=str(path))
    except OSError as error:
        raise Unreachable("store.cannot-make", ledger=str(path), detail=error.strerror or str(error)) from error


def _origin_part(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name).strip("-") or "ledger"


def _fallback(path: Path) -> Path:
    """Return where the read models of a ledger go whose folder cannot be written."""
    from hashlib import sha256

    from platformdirs import user_cache_path

    return user_cache_path("taizhang", appauthor=False) / "views" / sha256(str(path).encode()).hexdigest()[:16]
