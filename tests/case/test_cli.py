"""Case files by the command line: written, verified, refused, in both languages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from taizhang import composition
from taizhang.cli.main import main
from taizhang.ledger.domain.register import AddUnit
from taizhang.ledger.domain.values import Via
from taizhang.ledger.ledger import Instruction
from taizhang.ledger.seal.keys import parse_skey
from taizhang.ledger.seal.note import cosign
from taizhang.service.proofs import File, Signer
from tests.case import cases
from tests.case.cases import NUMBER, OTHER

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(ledger: Path, tmp_path: Path) -> Path:
    """Return a copy of the ledger that has its signing key."""
    folder = tmp_path / "ledger"
    shutil.copytree(ledger, folder)
    return folder


@pytest.fixture
def vkey(folder: Path) -> str:
    """Return the ledger's public key."""
    return parse_skey((folder / "signing.key").read_text().strip()).verifier.vkey


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on it: exit code, output, talk."""

    def run(*argv: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--ledger", str(folder), *map(str, argv)])
        return (code, *capsys.readouterr())

    return run


def test_a_case_is_written_and_verified(run: Run, vkey: str, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    code, out, err = run("casefile", "1", "-o", target, "--lang", "en")
    assert (code, out) == (0, f"{target}\n")
    assert f"finding {NUMBER} is written: 4 events, 1 pieces of evidence" in err
    code, out, _ = run("verify-case", target, "--vkey", vkey, "--lang", "en")
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
    assert code("casefile", "1", "-o", tmp_path / "x.zip") == (1, "key.missing")
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


def cosigned(folder: Path) -> None:
    """Let the witness cosign what the ledger holds."""
    desk = composition.open_desk(folder)
    try:
        sealed = desk.proofs().checkpoint(Signer("admin"))
        desk.proofs().witness_request(Signer("admin"))
        line = cosign(sealed.note.rpartition("\n\n")[0] + "\n", cases.WITNESS, cases.TIME).line()
        desk.proofs().take_cosignature(File("answer", line.encode()), cases.WITNESS.verifier.vkey)
    finally:
        desk.close()


def grow(folder: Path) -> None:
    with composition.open_ledger(folder) as ledger:
        ledger.record(Instruction(AddUnit("later", "后来的单位"), "admin", Via.CLI))


def test_a_checkpoint_that_a_witness_cosigned_is_preferred(run: Run, folder: Path, vkey: str, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    cosigned(folder)
    size = json.loads(run("casefile", "1", "-o", target, "--json")[1])["size"]
    grow(folder)
    assert json.loads(run("casefile", "1", "-o", target, "--json")[1])["size"] == size
    code, out, _ = run("verify-case", target, "--vkey", vkey, "--vkey", cases.WITNESS.verifier.vkey, "--lang", "en")
    assert code == 0
    assert f"Cosigned by the witness {cases.WITNESS.name}" in out
    run("finding", "comment", "1", "--text", "补充", "--actor", "li")
    assert json.loads(run("casefile", "1", "-o", target, "--json")[1])["size"] == size + 2, "it has to cover the case"
    refused = json.loads(run("verify-case", target, "--vkey", cases.WITNESS.verifier.vkey, "--json")[1])["error"]
    assert refused["params"]["check"] == "witness.missing"


def test_after_a_new_key_the_case_is_signed_by_that_one(run: Run, folder: Path, vkey: str, tmp_path: Path) -> None:
    target = tmp_path / "case.zip"
    cosigned(folder)
    desk = composition.open_desk(folder)
    desk.proofs().rotate_key(Signer("admin"))
    desk.close()
    fresh = parse_skey((folder / "signing.key").read_text().strip()).verifier.vkey
    assert fresh != vkey
    assert run("casefile", "1", "-o", target)[0] == 0
    assert run("verify-case", target, "--vkey", fresh)[0] == 0
    grow(folder)
    assert run("casefile", "1", "-o", target)[0] == 0
    code, out, _ = run("verify-case", target, "--vkey", vkey, "--json")
    assert (code, json.loads(out)["error"]["params"]["check"]) == (1, "note.unsigned")
