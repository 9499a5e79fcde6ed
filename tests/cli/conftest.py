"""What the tests of the command line stand on: a ledger with its people, and a way to run a command in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from taizhang.cli.main import main

UNITS = (("fin", "财政局", ""), ("fin.office", "财政局办公室", "fin"), ("team", "督导组", ""))
PEOPLE = (
    ("ins", "督导员甲", "team", ["inspector"]),
    ("off", "督导办乙", "", ["office"]),
    ("officer", "经办丙", "fin.office", ["unit_officer"]),
    ("head", "负责人丁", "fin", ["unit_head"]),
    ("both", "身兼两职", "", ["verifier", "approver"]),
    ("ver", "核查戊", "team", ["verifier"]),
    ("app", "审批己", "", ["approver"]),
    ("boss", "领导庚", "", ["leader"]),
    ("aud", "审计辛", "", ["auditor"]),
)


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Runner:
    """Runs commands on one ledger in this process."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
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

    def by(self, actor: str, *argv: str) -> Ran:
        return self.ok("--actor", actor, *argv)

    def size(self) -> int:
        events: int = self.ok("ledger", "info", "--json").json["events"]
        return events

    def log(self, title: str = "公车私用", *more: str) -> str:
        return self.by("ins", "finding", "log", "--title", title, "--source", "督查", *more).out.strip()

    def assigned(self, due: str = "2099-12-31") -> str:
        number = self.log()
        self.by(
            "off", "finding", "assign", number, "--unit", "fin", "--class", "time_bound", "--due", due,
            "--criteria", "退赔到位",
        )  # fmt: skip
        return number

    def acknowledged(self) -> str:
        number = self.assigned()
        self.by("officer", "finding", "acknowledge", number, "--measure", "退赔", "--measure", "建章立制")
        return number

    def requested(self, evidence: Path) -> str:
        number = self.acknowledged()
        evidence.write_text("收据", encoding="utf-8")
        self.by("officer", "finding", "act", number, "--measure", "1", "--progress", "done", "--text", "已退赔")
        self.by("officer", "finding", "attach", number, str(evidence), "--caption", "收据")
        self.by("head", "finding", "request-closure", number, "--text", "已全部退赔")
        return number


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a ledger that was just made."""
    runner = Runner(tmp_path / "台账", capsys)
    runner.ok("ledger", "init", str(runner.path))
    return runner


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a ledger with units and people, to be copied."""
    path = tmp_path_factory.mktemp("peopled") / "ledger"
    assert main(["ledger", "init", str(path)]) == 0
    common = ["--ledger", str(path)]
    for unit, name, parent in UNITS:
        extra = ["--parent", parent] if parent else []
        assert main([*common, "unit", "add", "--id", unit, "--name", name, *extra]) == 0
    for person, name, unit, roles in PEOPLE:
        extra = ["--unit", unit] if unit else []
        said = [word for role in roles for word in ("--role", role)]
        code = main([*common, "--actor", "admin", "person", "add", "--id", person, "--name", name, *said, *extra])
        assert code == 0
    return path


@pytest.fixture
def ledger(peopled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a ledger with units and people of its own."""
    import shutil

    shutil.copytree(peopled, tmp_path / "ledger")
    return Runner(tmp_path / "ledger", capsys)


@pytest.fixture(autouse=True)
def _no_habits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what a test configures to itself."""
    for name in ("TAIZHANG_LEDGER", "TAIZHANG_ACTOR", "TAIZHANG_LANG", "TAIZHANG_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


Configure = Callable[[str], Path]


@pytest.fixture
def configure(tmp_path: Path) -> Configure:
    """Return a way to write the user's configuration file."""

    def write(text: str) -> Path:
        path = tmp_path / "config" / "taizhang" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write
