"""Owns what a command-line start may load; it must not know what any command does."""

from __future__ import annotations

import subprocess
import sys

import pytest

COSTLY = {
    "docx": "0.1 s",
    "docxtpl": "0.2 s",
    "openpyxl": "0.2 s",
    "typst": "0.1 s",
    "eventsourcing": "the write side is loaded by the command that writes",
    "pypinyin": "0.5 s",
    "sqlite_utils": "0.3 s",
    "textual": "0.6 s",
    "xlsxwriter": "0.4 s",
}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Return the top-level modules that a fresh process holds after importing the command line."""
    code = "import sys, taizhang.cli.main; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("module", sorted(COSTLY))
def test_command_line_starts_without(module: str, loaded: set[str]) -> None:
    assert "taizhang" in loaded
    assert module not in loaded, f"imported at start: {COSTLY[module]}"
