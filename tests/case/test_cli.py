"""Case files by the command line: written, verified, refused, in both languages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from taizhang.cli.main import main
from tests.case import cases
from tests.case.cases import KEY, NUMBER, OTHER

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(ledger: Path, tmp_path: Path) -> Path:
    """Return a copy of the ledger that has its signing key."""
    folder = tmp_path / "ledger"
    shutil.copytree(ledger, folder)
    (folder / "signing.key").write_text(KEY.skey + "\n")
    return folder


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on it: exit code, output, talk."""

    def run(*argv: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--ledger", str(folder), *map(str, argv)])
        return (code, *capsys.readouterr())

    return run


def test_a_case_is_written_and_verified(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    code, out, err = run("casefile", "1", "-o", target, "--lang", "en")
    assert (code, out) == (0, f"{target}\n")
    assert f"finding {NUMBER} is written: 4 events, 1 pieces of evidence" in err
    code, out, _ = run("verify-case", target, "--vkey", KEY.verifier.vkey, "--lang", "en")
    assert code == 0
    assert out.startswith(f"Proved: these 4 events of finding {NUMBER}")
    assert "the file's own" not in out
    code, out, _ = run("verify-case", target)
    assert code == 0
    assert out.startswith("已证明")
    assert "这里用的是案卷自带的公钥" in out


def test_in_json(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    _, out, _ = run("casefile", NUMBER, "-o", target, "--no-evidence", "--json")
    written = json.loads(out)
    assert (written["events"], written["evidence"]) == (4, 0)
    _, out, _ = run("verify-case", target, "--json", "--lang", "en")
    verdict = json.loads(out)
    assert (verdict["ok"], verdict["number"], verdict["own_key"]) == (True, NUMBER, True)
    assert (verdict["size"], verdict["root"]) == (written["size"], written["root"])


def test_verifying_needs_no_ledger(ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases.write(ledger, tmp_path / "case.zip")
    assert main(["--ledger", str(tmp_path / "nowhere"), "verify-case", str(tmp_path / "case.zip"), "--lang", "en"]) == 0
    assert "Proved" in capsys.readouterr().out


@pytest.mark.parametrize(("lang", "begin"), [("zh", "案卷"), ("en", "The case file")])
def test_what_does_not_hold_is_refused_in_a_sentence(
    run: Run, case: bytes, tmp_path: Path, lang: str, begin: str
) -> None:
    target = tmp_path / "case.zip"
    target.write_bytes(case[:-500] + bytes([case[-500] ^ 1]) + case[-499:])
    code, out, err = run("verify-case", target, "--lang", lang)
    assert (code, out) == (1, "")
    assert err.startswith(begin)
    assert str(target) in err
    assert err.count("\n") == 1
    code, out, _ = run("verify-case", target, "--lang", lang, "--json")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "case.refused"
    assert json.loads(out)["error"]["params"]["check"].startswith("zip.")


def test_what_cannot_be_done_is_refused(run: Run, folder: Path, case: bytes, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    target.write_bytes(case)

    def code(*argv: str | Path) -> tuple[int, str]:
        status, out, _ = run(*argv, "--json")
        return status, json.loads(out)["error"]["code"]

    assert code("verify-case", target, "--vkey", OTHER.verifier.vkey) == (1, "case.refused")
    assert code("verify-case", target, "--vkey", "nonsense") == (1, "case.refused")
    assert code("verify-case", tmp_path / "none.zip") == (1, "case.unreadable")
    assert code("verify-case") == (2, "usage.required")
    assert code("casefile", "99", "-o", tmp_path / "x.zip") == (1, "finding.unknown")
    assert code("casefile", "1", "-o", tmp_path / "none" / "x.zip") == (1, "export.cannot-write")
    assert code("casefile", "1") == (2, "usage.required")
    (folder / "signing.key").unlink()
    assert code("casefile", "1", "-o", tmp_path / "x.zip") == (1, "case.no-key")
    assert not (tmp_path / "x.zip").exists()


def test_a_ledger_that_was_tampered_with_gives_no_case(run: Run, folder: Path, tmp_path: Path) -> None:
    from pysqlite3 import dbapi2 as driver

    raw = driver.connect(str(folder / "ledger.db"))
    raw.execute("DROP TRIGGER events_update")
    raw.execute("UPDATE events SET state = replace(state, '现场督导', '现场督察')")
    raw.commit()
    raw.close()
    code, _, err = run("casefile", "1", "-o", tmp_path / "case.zip", "--lang", "en")
    assert code == 1
    assert "are not what the ledger sealed (inclusion.wrong)" in err
    assert not (tmp_path / "case.zip").exists()


def test_evidence_that_was_changed_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    (photo,) = [path for path in (folder / "evidence").rglob("*") if path.is_file()]
    photo.chmod(0o644)
    photo.write_bytes(b"another")
    code, out, _ = run("casefile", "1", "-o", tmp_path / "case.zip", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "evidence.changed")
    assert run("casefile", "1", "-o", tmp_path / "case.zip", "--no-evidence")[0] == 0
    photo.unlink()
    code, out, _ = run("casefile", "1", "-o", tmp_path / "again.zip", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "evidence.missing")
    assert not (tmp_path / "again.zip").exists()
