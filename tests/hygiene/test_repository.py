"""Owns that the repository speaks of the software alone: no place on one machine, no package index but the public one."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

LOCK = "uv.lock"
PUBLIC = {"pypi" + ".org", "files.python" + "hosted.org"}
# Written in two parts, so that this file does not find itself.
MACHINE = re.compile("(?<![\\w.])/" + r"(?:work|root|opt|tmp/venv|home/[a-z]+)/")
INDEX = re.compile(
    r"pypi" + r"\.org|python" + r"hosted\.org|https?://[^\s\"'`]+/simp" + "le\\b|npmjs" + r"\.(?:org|com)"
)
SKIPPED = {
    ".git",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Return every text file of the repository by its path: what git tracks, or all there is where git cannot say."""
    root = Path(__file__).resolve().parents[2]
    if (root / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True)
        paths = [root / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in root.rglob("*") if SKIPPED.isdisjoint(path.relative_to(root).parts)]
    found = {}
    for path in paths:
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data and "gb18030" not in path.name:
            found[path.relative_to(root).as_posix()] = data.decode("utf-8")
    return found


def lines(texts: dict[str, str], pattern: re.Pattern[str]) -> list[str]:
    """Return `file:line: text` for every line in which the pattern is found."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if name != LOCK and pattern.search(line)
    ]


def test_no_file_names_a_place_on_one_machine(texts: dict[str, str]) -> None:
    assert "pyproject.toml" in texts
    assert lines(texts, MACHINE) == []


def test_no_file_but_the_lock_names_a_package_index(texts: dict[str, str]) -> None:
    assert lines(texts, INDEX) == []


def test_the_lock_names_the_public_index_alone(texts: dict[str, str]) -> None:
    assert set(re.findall(r"https?://([^/\"\s]+)", texts[LOCK])) == PUBLIC
    sources = [package["source"] for package in tomllib.loads(texts[LOCK])["package"]]
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]


def test_the_lock_knows_every_requirement(texts: dict[str, str]) -> None:
    project = tomllib.loads(texts["pyproject.toml"])
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[^\w-]", requirement)[0].lower() for requirement in wanted}
    locked = {package["name"] for package in tomllib.loads(texts[LOCK])["package"]}
    assert names - locked == set(), "run `just lock`"


def test_every_file_ends_in_one_newline(texts: dict[str, str]) -> None:
    golden = re.compile(r"/golden/|__snapshots__/")
    ragged = [
        name
        for name, text in texts.items()
        if text and not golden.search(name) and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]
    assert ragged == []
