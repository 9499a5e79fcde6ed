"""Backups by the command line, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from taizhang.cli.main import main
from tests.backup.conftest import Keeper


class Runner:
    """Runs commands on the keeper's ledger."""

    def __init__(self, ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._ledger, self._capsys = ledger, capsys

    def __call__(self, *argv: str | Path) -> tuple[int, str, str]:
        self._capsys.readouterr()
        code = main(["--ledger", str(self._ledger), *map(str, argv)])
        return (code, *self._capsys.readouterr())


@pytest.fixture
def run(keeper: Keeper, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return what runs a command."""
    return Runner(keeper.ledger, capsys)


def test_back_and_forth(keeper: Keeper, run: Runner) -> None:
    target, there = keeper.folder / "b.tar", keeper.folder / "there"
    code, out, err = run("ledger", "backup", "-o", target, "--lang", "en")
    assert (code, out) == (0, f"{target}\n")
    assert err.startswith("Backed up ")
    code, out, err = run("ledger", "restore", target, "--to", there, "--lang", "en")
    assert (code, out) == (0, f"{there}\n")
    assert "root hash" in err
    assert keeper.titles(there) == keeper.titles()
    code, out, _ = run("ledger", "restore", target, "--json")  # in its own place
    assert code == 0
    receipt = json.loads(out)
    assert (receipt["path"], receipt["lost"]) == (str(keeper.ledger), 0)
    assert Path(receipt["replaced"]).is_dir()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "--older（原台账会移到一旁"), ("en", "give --older (the ledger is set")]
)
def test_older_is_refused_in_a_sentence_and_done_when_told(keeper: Keeper, run: Runner, lang: str, words: str) -> None:
    target = keeper.folder / "b.tar"
    assert run("ledger", "backup", "-o", target)[0] == 0
    keeper.grow(2)
    code, out, err = run("ledger", "restore", target, "--lang", lang)
    assert (code, out) == (1, "")
    assert words in err
    assert len(keeper.titles()) == 4
    code, _, err = run("ledger", "restore", target, "--older", "--lang", lang)
    assert code == 0
    assert ".replaced-" in err
    assert len(keeper.titles()) == 2


def test_an_altered_backup_is_refused(keeper: Keeper, run: Runner) -> None:
    target = keeper.folder / "b.tar"
    run("ledger", "backup", "-o", target)
    data = target.read_bytes()
    middle = len(data) // 2
    target.write_bytes(data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :])
    for lang, word in (("zh", "被改动过"), ("en", "was altered")):
        code, _, err = run("ledger", "restore", target, "--to", keeper.folder / "x", "--lang", lang)
        assert (code, word in err) == (1, True)
    target.write_bytes(data[:-700])
    code, out, _ = run("ledger", "restore", target, "--to", keeper.folder / "x", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "backup.truncated")
    assert not (keeper.folder / "x").exists()


def test_what_cannot_be_reached_has_its_code(keeper: Keeper, run: Runner) -> None:
    def code(*argv: str | Path) -> tuple[int, str]:
        status, out, _ = run(*argv, "--json")
        return status, json.loads(out)["error"]["code"]

    assert code("ledger", "backup") == (2, "usage.required")
    assert code("ledger", "restore") == (2, "usage.required")
    assert code("ledger", "restore", keeper.folder / "none.tar") == (1, "backup.unreadable")
    assert code("ledger", "backup", "-o", keeper.folder / "none" / "b.tar") == (1, "export.cannot-write")
    assert code("ledger", "backup", "-o", keeper.folder / "b.tar", "--ledger", keeper.folder / "none") == (
        3,
        "store.not-a-ledger",
    )
    (keeper.folder / "text.tar").write_text("not a backup")
    assert code("ledger", "restore", keeper.folder / "text.tar") == (1, "backup.malformed")


def test_a_key_in_a_backup_is_pointed_out(keeper: Keeper, run: Runner) -> None:
    (keeper.ledger / "signing.key").write_text("PRIVATE+KEY+x\n")
    _, _, err = run("ledger", "backup", "-o", keeper.folder / "b.tar", "--with-key", "--lang", "en")
    assert "signing key is in the backup" in err
    _, _, err = run("ledger", "backup", "-o", keeper.folder / "b.tar", "--lang", "en")
    assert "signing key" not in err
