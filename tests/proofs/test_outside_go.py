"""A real ledger's checkpoints, tiles and proofs against Go's sumdb/note and sumdb/tlog, through tests/seal/outside.

Everything comes out of the command line and a witness that is a process of its own. Skipped with a reason where Go or its
module is missing (Debian: golang-go and golang-golang-x-mod-dev).
"""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taizhang.cli.main import main
from taizhang.composition import init_ledger, init_witness, open_desk, open_ledger
from taizhang.ledger.domain.commands import LogFinding
from taizhang.ledger.domain.register import AddPerson
from taizhang.ledger.domain.values import Role, Via
from taizhang.ledger.ledger import Instruction
from taizhang.service.proofs import File, Signer
from tests.seal.test_outside_go import checker as checker  # noqa: PLC0414  a fixture
from tests.seal.test_outside_go import pack

SIZES = (4, 5, 255, 256, 257, 300, 600)
"""How long the ledger is when it is sealed: as it is made, and about the edges of the tree."""


def run(*argv: str) -> None:
    assert main([*argv]) == 0


def grow(path: Path, size: int) -> None:
    """Record findings until the ledger has `size` events."""
    with open_ledger(path) as ledger:
        missing = size - ledger.store.count()
        if missing and ledger.store.count() == 4:
            ledger.record(Instruction(AddPerson("li", "督导员", (Role.INSPECTOR,)), "admin", Via.CLI))
            missing -= 1
        log = LogFinding("P-2026", "台账登记不全", "实地督导", date(2026, 1, 5))
        ledger.record_all([Instruction(log, "li", Via.CLI) for _ in range(missing)])


@pytest.fixture(scope="module")
def verdict(checker: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the Go program says of everything that the ledger gave away."""
    folder, work = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("real")
    path, witness = work / "ledger", work / "witness"
    init_ledger(path, origin="ledger.example/real", programme="P-2026")
    ledger = ("--ledger", str(path))
    run("witness", "init", str(witness), "--name", "witness.example/real")
    with closing(open_desk(path)) as desk:
        vkey = desk.proofs().keys()[-1].vkey
    run("witness", "add-log", str(witness), "--vkey", vkey)
    witness_vkey = _witness_vkey(witness)
    inclusion, consistency, seen = b"", b"", []
    for size in SIZES:
        grow(path, size)
        run(*ledger, "ledger", "witness", "--write-request", str(work / "request"))
        run("witness", "sign", str(witness), "--request", str(work / "request"), "-o", str(work / "answer"))
        run(*ledger, "ledger", "witness", "--take", str(work / "answer"), "--witness-vkey", witness_vkey)
        target = folder / str(size)
        run(*ledger, "ledger", "tiles", "-o", str(target))
        for index in {0, size // 2, size - 1}:
            run(*ledger, "ledger", "proof", str(index), "-o", str(target))
        seen.append((target / "checkpoint").read_bytes())
        with closing(open_desk(path)) as desk:
            for index in range(0, size, 7):
                (proof,) = desk.proofs().prove(str(index), Signer())
                inclusion += pack(index, size, _hashes(proof.proof.split(b"\n\n")[0].split(b"\n")[2:]))
            for old in seen:
                found = desk.proofs().consistency(File("old", old))
                consistency += pack(found.old, found.size, _hashes([text.encode() for text in found.hashes]))
    (folder / "vkey").write_text(vkey, encoding="utf-8")
    (folder / "witness-vkey").write_text(witness_vkey, encoding="utf-8")
    (folder / "sizes").write_text("\n".join(map(str, SIZES)), encoding="utf-8")
    (folder / "inclusion").write_bytes(inclusion)
    (folder / "consistency").write_bytes(consistency)
    done = subprocess.run([checker, folder], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _witness_vkey(witness: Path) -> str:
    from taizhang.composition import open_witness

    return open_witness(witness).vkey()


def _hashes(lines: list[bytes]) -> list[bytes]:
    return [base64.b64decode(line, validate=True) for line in lines]


def test_go_accepts_everything_that_a_ledger_gives_away(verdict: dict[str, Any]) -> None:
    counts = verdict["counts"]
    assert counts["checkpoints"] == len(SIZES)
    assert counts["proof files"] == 3 * len(SIZES)
    assert counts["inclusions"] == sum(len(range(0, size, 7)) for size in SIZES)
    assert counts["consistencies"] == len(SIZES) * (len(SIZES) + 1) // 2
    assert counts["bundles"] == sum(-(-size // 256) for size in SIZES)


@pytest.mark.slow
def test_go_accepts_a_real_ledger_of_every_size(checker: Path, tmp_path: Path) -> None:
    """From four events, which every ledger begins with, to 300, and at 66,000."""
    folder, path = tmp_path / "given", tmp_path / "ledger"
    folder.mkdir()
    init_ledger(path, origin="ledger.example/real", programme="P-2026")
    witness = init_witness(tmp_path / "witness", "witness.example/real")
    with closing(open_desk(path)) as desk:
        witness.add_log(desk.proofs().keys()[-1].vkey)
    inclusion, consistency, seen, pairs = b"", b"", [], 0
    sizes = [*range(4, 301), 66_000]
    for size in sizes:
        grow(path, size)
        with closing(open_desk(path)) as desk:
            proofs = desk.proofs()
            proofs.checkpoint(Signer())
            answer = witness.sign(File("request", proofs.witness_request(Signer())))
            note = proofs.take_cosignature(File("answer", answer), witness.vkey()).note.encode()
            proofs.tiles(folder / str(size), Signer())
            for index in {0, size // 2, size - 1}:
                (proof,) = proofs.prove(str(index), Signer())
                (folder / str(size) / f"{index}.tlog-proof").write_bytes(proof.proof)
                inclusion += pack(index, size, _hashes(proof.proof.split(b"\n\n")[0].split(b"\n")[2:]))
            seen.append(note)
            for old in seen[:: max(1, len(seen) // 5)]:
                found = proofs.consistency(File("old", old))
                consistency += pack(found.old, found.size, _hashes([text.encode() for text in found.hashes]))
                pairs += 1
            vkey = proofs.keys()[-1].vkey
    (folder / "vkey").write_text(vkey, encoding="utf-8")
    (folder / "witness-vkey").write_text(witness.vkey(), encoding="utf-8")
    (folder / "sizes").write_text("\n".join(map(str, sizes)), encoding="utf-8")
    (folder / "inclusion").write_bytes(inclusion)
    (folder / "consistency").write_bytes(consistency)
    done = subprocess.run([checker, folder], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)["counts"]
    assert (counts["checkpoints"], counts["proof files"]) == (len(sizes), 3 * len(sizes))
    assert counts["consistencies"] == pairs
