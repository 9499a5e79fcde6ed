"""Owns that `run.py` fills its environment once, and by the other road where one is closed; nothing here is fetched."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import run

Calls = list[tuple[str, ...]]


@pytest.fixture
def checkout(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the two files that run.py fills from; no environment is made in it."""
    for name in ("uv.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((repository / name).read_bytes())
    venv = tmp_path / ".venv"
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", venv)
    monkeypatch.setattr(run, "BIN", venv / "bin")
    monkeypatch.setattr(run, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(run, "STAMP", venv / "stamp")

    def create(place: Path, **_: object) -> None:
        (place / "bin").mkdir(parents=True, exist_ok=True)
        (place / "bin" / "python").touch()

    monkeypatch.setattr(run.venv, "create", create)
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Return the commands that run.py starts; all of them succeed."""
    seen: Calls = []
    monkeypatch.setattr(run, "attempt", lambda *command: seen.append(tuple(map(str, command))) or True)
    return seen


@pytest.mark.usefixtures("checkout")
def test_fills_once(calls: Calls) -> None:
    run.fill(dev=True)
    first = list(calls)
    run.fill(dev=True)
    run.fill(dev=False)  # what the tests need holds what the demo needs
    assert [command for command in first if "sync" in command]
    assert calls == first


@pytest.mark.usefixtures("checkout")
def test_the_demo_takes_no_development_packages_and_the_tests_add_them(calls: Calls) -> None:
    run.fill(dev=False)
    assert "--no-dev" in calls[-1]
    run.fill(dev=True)
    assert "sync" in calls[-1]
    assert "--no-dev" not in calls[-1]


@pytest.mark.parametrize("name", ["uv.lock", "pyproject.toml"])
def test_fills_again_after_a_change(name: str, checkout: Path, calls: Calls) -> None:
    run.fill(dev=True)
    before = len(calls)
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    run.fill(dev=True)
    assert len(calls) == 2 * before


@pytest.mark.usefixtures("checkout")
def test_falls_back_to_pip_at_the_locked_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Calls = []
    pins: list[str] = []

    def attempt(*command: str | Path) -> bool:
        words = tuple(map(str, command))
        seen.append(words)
        if "--constraint" in words:
            pins.extend(Path(words[-1]).read_text(encoding="utf-8").splitlines())
        return "sync" not in words

    monkeypatch.setattr(run, "attempt", attempt)
    run.fill(dev=True)
    assert "--constraint" in seen[-1]
    assert [word for word in seen[-1] if word.startswith("pytest>=")]
    assert [pin for pin in pins if pin.startswith("eventsourcing==9.5.")]
    assert not [pin for pin in pins if pin.startswith("taizhang==")]


@pytest.mark.usefixtures("checkout")
def test_a_failed_fill_is_said_and_tried_again(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(run, "attempt", lambda *_: False)
        with pytest.raises(SystemExit, match="neither uv nor pip"):
            run.fill(dev=True)
    run.fill(dev=True)
    assert calls


def test_needs_the_standard_library_alone(repository: Path) -> None:
    source = (repository / "run.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 120
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names | {"__future__"}


def test_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0
    assert "python3 run.py demo" in capsys.readouterr().out
    assert run.main([]) == 2
