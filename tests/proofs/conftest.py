"""A ledger that is long enough for a tree with nodes, sealed, with evidence and read models, to be copied and attacked."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from taizhang.cli.main import main
from taizhang.composition import init_ledger, open_desk, open_ledger
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.register import AddPerson, AddUnit
from taizhang.ledger.domain.values import Account, Evidence, FindingClass, Role, Via
from taizhang.ledger.ledger import Instruction, Ledger
from taizhang.ledger.store.evidence import EvidenceStore
from taizhang.service.desk import Query

ORIGIN = "ledger.example/proofs"
OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TRIGGERS = ("events_insert", "events_update", "events_delete", "nodes_insert", "nodes_update", "nodes_delete")


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The code of the refusal, of a run with --json."""
        return str(self.json["error"]["code"])


class House:
    """One ledger's folder, the command line on it, and plain SQL behind its back."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.database = path / "ledger.db"
        self._capsys = capsys

    def __call__(self, *argv: str) -> Ran:
        self._capsys.readouterr()
        code = main(["--ledger", str(self.path), *argv])
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def ok(self, *argv: str) -> Ran:
        ran = self(*argv)
        assert ran.code == 0, ran
        return ran

    def refused(self, *argv: str, code: int = 1) -> str:
        """Run a command that is refused: in both languages one sentence, and nothing on stdout. Return the code."""
        for lang, end in (("zh", "。"), ("en", ".")):
            ran = self("--lang", lang, *argv)
            assert (ran.code, ran.out) == (code, ""), ran
            assert ran.err.strip().endswith(end), ran.err
            assert len(ran.err.strip().splitlines()) == 1, ran.err
        return self("--json", *argv).refusal

    def log(self, title: str = "备用金由保管人自行盘点") -> str:
        ran = self.ok("--actor", "inspector", "finding", "log", "--title", title, "--source", "现场检查")
        return ran.out.strip()

    def log_unsealed(self, title: str = "备用金由保管人自行盘点") -> str:
        """Record as a process that ends before it has signed."""
        with self.open() as ledger:
            command = c.LogFinding("JYZD-2026", title, "现场检查", date(2026, 3, 1))
            return ledger.record(_instruction("inspector", command)).number

    def size(self) -> int:
        return int(self.ok("ledger", "info", "--json").json["events"])

    def open(self) -> Ledger:
        return open_ledger(self.path, account=Account("root", "server"))

    def sql(self, *statements: str, guarded: bool = False) -> None:
        """Do with another SQLite what the administrator of the machine could do: first of all, drop every trigger."""
        with closing(sqlite3.connect(self.database)) as connection:
            for trigger in () if guarded else TRIGGERS:
                connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.text_factory = bytes
            return connection.execute(query, parameters).fetchall()


def _instruction(actor: str, command: Any) -> Instruction:
    return Instruction(command, actor, Via.CLI)


def furnish(path: Path, findings: int = 300) -> None:
    """Make a ledger with units, people, one finding with evidence, and many others."""
    now = OPENED

    def clock() -> datetime:
        nonlocal now
        now += timedelta(seconds=1)
        return now

    init_ledger(path, origin=ORIGIN, programme="JYZD-2026", clock=clock, account=Account("root", "server"))
    source = path.parent / "盘点表.txt"
    source.write_text("库存现金盘点表", encoding="utf-8")
    kept = EvidenceStore(path / "evidence").put(source)
    with open_ledger(path, clock=clock, account=Account("root", "server")) as ledger:
        admin = [AddUnit("finance", "财政局")]
        admin += [
            AddPerson(person, person, (role,), unit)
            for person, role, unit in (
                ("inspector", Role.INSPECTOR, None),
                ("office", Role.OFFICE, None),
                ("officer", Role.UNIT_OFFICER, "finance"),
            )
        ]
        ledger.record_all([_instruction("admin", command) for command in admin])
        number = ledger.record(
            _instruction("inspector", c.LogFinding("JYZD-2026", "备用金未轮换盘点", "现场检查", date(2026, 3, 1)))
        ).number
        due = date(2026, 6, 30)
        for actor, command in (
            ("office", c.AssignFinding(number, "finance", FindingClass.TIME_BOUND, "两次突击盘点无差异", ByDate(due))),
            ("officer", c.AcknowledgeFinding(number, ("盘点人员轮换",))),
            ("officer", c.AttachEvidence(number, Evidence(kept.sha256, kept.size, kept.name))),
        ):
            ledger.record(_instruction(actor, command))
        for at in range(findings):
            ledger.record(
                _instruction("inspector", c.LogFinding("JYZD-2026", f"问题{at}", "现场检查", date(2026, 3, 1)))
            )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a sealed ledger of 312 events whose read models are built; it is copied, never changed."""
    path = tmp_path_factory.mktemp("template") / "ledger"
    furnish(path)
    assert main(["--ledger", str(path), "ledger", "checkpoint", "-o", str(path.parent / "sealed")]) == 0
    with closing(open_desk(path)) as desk:
        assert desk.findings(Query(limit=1)).total == 301
    return path


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a ledger of 17 events, which was sealed when it was made."""
    path = tmp_path_factory.mktemp("small") / "ledger"
    furnish(path, findings=5)
    return path


Copy = Callable[[Path], House]


@pytest.fixture
def copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Copy:
    """Return a way to copy a ledger's folder into this test's own."""

    def copy(source: Path) -> House:
        target = tmp_path / "ledger"
        shutil.copytree(source, target)
        return House(target, capsys)

    return copy


@pytest.fixture
def house(copied: Copy, template: Path) -> House:
    """Return a sealed ledger of 312 events of its own."""
    return copied(template)


@pytest.fixture
def small(copied: Copy, small_template: Path) -> House:
    """Return a ledger of 17 events of its own; its last checkpoint covers the first four."""
    return copied(small_template)


@pytest.fixture
def sealed(template: Path) -> Path:
    """Return the checkpoint over the 312 events, as somebody outside keeps it."""
    return template.parent / "sealed"


@pytest.fixture(autouse=True)
def _no_habits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what a person configured, and what a test configures, away from the others."""
    for name in ("TAIZHANG_LEDGER", "TAIZHANG_ACTOR", "TAIZHANG_LANG", "TAIZHANG_DEBUG", "TAIZHANG_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
