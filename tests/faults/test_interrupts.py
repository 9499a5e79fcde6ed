"""Imports and exports are interrupted (Ctrl-C) at random moments: either all of it is there, or nothing, and nothing is left over."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from taizhang.composition import init_ledger, open_desk
from taizhang.service.imports import Outcome, Wish

FINDINGS = 800
OLD = b"what was there before"
TIMES = [
    pytest.param(2, id="2 times"),
    pytest.param(20, id="20 times", marks=pytest.mark.torture),
]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "many.csv"
    rows = "\n".join(f"{at},问题{at},财政局,2023-06-20,整改中" for at in range(1, FINDINGS + 1))
    path.write_text(f"编号,具体问题,责任单位,整改时限,完成情况\n{rows}\n", encoding="utf-8")
    return path


def command(ledger: Path, *argv: str) -> tuple[list[str], dict[str, str]]:
    """Return what runs a command on a ledger, and its environment."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return [sys.executable, "-m", "taizhang", "--ledger", str(ledger), "--actor", "admin", *argv], environment


def run_whole(ledger: Path, *argv: str) -> None:
    """Run a command to its end."""
    line, environment = command(ledger, *argv)
    subprocess.run(line, env=environment, check=True, capture_output=True)


def interrupted(ledger: Path, after: float, *argv: str) -> int:
    """Run a command, interrupt it after so many seconds, and return its exit code; no traceback may be seen."""
    line, environment = command(ledger, *argv)
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, talk = process.communicate(timeout=120)
    # Python itself says so while it starts, and until `__main__` has its turn
    assert b"Traceback" not in talk or b"cli" + os.sep.encode() not in talk, talk.decode()
    return process.returncode


STARTED = 0.05


def moments(times: int, whole: float) -> list[float]:
    """Return when to interrupt, from the beginning to a little beyond the end."""
    chance = random.Random(20261122)
    return [chance.uniform(STARTED, whole * 1.1) for _ in range(times)]


def timed(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


@pytest.mark.parametrize("times", TIMES)
def test_an_interrupted_import_is_whole_or_nothing(tmp_path: Path, sheet: Path, times: int) -> None:
    empty = tmp_path / "empty"
    init_ledger(empty, programme="T-2026")
    ledger = Path(shutil.copytree(empty, tmp_path / "whole"))
    whole = timed(lambda: run_whole(ledger, "import", str(sheet)))
    for at, after in enumerate(moments(times, whole)):
        ledger = Path(shutil.copytree(empty, tmp_path / f"ledger{at}"))
        code = interrupted(ledger, after, "import", str(sheet))
        assert code in (0, 130, -signal.SIGINT)
        desk = open_desk(ledger)
        try:
            taken = [(one.rows, one.standing) for one in desk.imports().earlier()]
            assert taken in ([], [(FINDINGS, FINDINGS)]), "all of it, or nothing"
            assert (code != 0) or taken, "what said that it was done is there"
            plan = desk.imports().plan(Wish(sheet, actor="admin"))
            assert plan.count(Outcome.SAME if taken else Outcome.NEW) == FINDINGS
            assert desk.verify().ok
        finally:
            desk.close()
        shutil.rmtree(ledger)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
@pytest.mark.parametrize("times", TIMES)
def test_an_interrupted_export_leaves_what_was_there(tmp_path: Path, sheet: Path, times: int, form: str) -> None:
    ledger = tmp_path / "ledger"
    init_ledger(ledger, programme="T-2026")
    desk = open_desk(ledger)
    desk.imports().record(desk.imports().plan(Wish(sheet, actor="admin")))
    desk.close()
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / f"t.{form}"
    argv = ("export", "closure", "--format", form, "-o", str(target))
    whole = timed(lambda: run_whole(ledger, *argv))
    for after in moments(times, whole):
        target.write_bytes(OLD)
        code = interrupted(ledger, after, *argv)
        assert code in (0, 130, -signal.SIGINT)
        assert [path.name for path in folder.iterdir()] == [target.name], "no part of a file is left"
        if code == 0 or target.read_bytes() != OLD:
            assert zipfile.ZipFile(target).testzip() is None, "the old file, or the whole new one"
