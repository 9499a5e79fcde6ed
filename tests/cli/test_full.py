"""Output that a full disk does not take is told in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no such device here")
@pytest.mark.parametrize("command", [("unit", "list"), ("unit", "list", "--json"), ("nonsense", "--json"), ("--help",)])
@pytest.mark.parametrize(("lang", "start"), [("zh", "输出写不出去："), ("en", "The output could not be written: ")])
def test_a_full_disk_is_told(ledger: Runner, command: tuple[str, ...], lang: str, start: str) -> None:
    with FULL.open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "taizhang", "--ledger", str(ledger.path), "--lang", lang, *command],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
            check=False,
        )
    assert ran.returncode == 3
    assert ran.stderr.startswith(start)
    assert len(ran.stderr.splitlines()) == 1
