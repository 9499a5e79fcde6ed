"""The witness as a second party: on a stick and over HTTP, it cosigns what extends what it saw, and nothing else."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from taizhang.cli.main import main
from taizhang.composition import open_desk, open_witness
from taizhang.ledger.seal.checkpoint import open_checkpoint, parse_checkpoint
from taizhang.ledger.seal.keys import COSIGNATURE, parse_vkey
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.seal.witness import MAX_REQUEST, parse_request
from taizhang.service.proofs import Signer
from taizhang.service.witness import LocalWitness
from taizhang.service.witness_http import PATH, address_of, server
from tests.proofs.conftest import ORIGIN, House

NAME = "witness.example/w1"


@pytest.fixture
def witness(house: House, tmp_path: Path) -> Path:
    """Return the folder of a witness that serves the ledger."""
    path = tmp_path / "witness"
    house.ok("witness", "init", str(path), "--name", NAME)
    house.ok("witness", "add-log", str(path), "--vkey", house.ok("ledger", "vkey").out.strip())
    return path


def vkey_of(house: House, witness: Path) -> str:
    return house.ok("witness", "info", str(witness)).out.splitlines()[0]


def size_of(house: House, witness: Path) -> int:
    (log,) = house.ok("witness", "info", str(witness), "--json").json["logs"]
    assert log["origin"] == ORIGIN
    return int(log["size"])


def carry(house: House, witness: Path, folder: Path, *argv: str) -> dict[str, object]:
    """Carry a request to the witness and its answer back."""
    house.ok("ledger", "witness", "--write-request", str(folder / "request"))
    house.ok("witness", "sign", str(witness), "--request", str(folder / "request"), "-o", str(folder / "answer"))
    document: dict[str, object] = house.ok("ledger", "witness", "--take", str(folder / "answer"), *argv, "--json").json
    return document


@contextmanager
def serving(witness: Path) -> Iterator[str]:
    """Serve a witness in this process; give its address."""
    local = open_witness(witness)
    assert isinstance(local, LocalWitness)
    with server(local.answer, "127.0.0.1", 0) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield address_of(listening)
        finally:
            listening.shutdown()
            thread.join()


# -- a witness


def test_a_witness_is_made_with_a_key_of_its_own(witness: Path, house: House) -> None:
    key = parse_vkey(vkey_of(house, witness))
    assert (key.name, key.kind) == (NAME, COSIGNATURE)
    if sys.platform != "win32":
        assert stat.S_IMODE((witness / "witness.key").stat().st_mode) == 0o600
    document = house.ok("witness", "info", str(witness), "--json").json
    assert document["logs"] == [{"origin": ORIGIN, "vkeys": [house.ok("ledger", "vkey").out.strip()], "size": 0}]


def test_what_a_witness_refuses_of_whoever_runs_it(witness: Path, house: House, tmp_path: Path) -> None:
    assert house.refused("witness", "init", str(witness), "--name", NAME) == "witness.exists"
    assert house.refused("witness", "init", str(tmp_path), "--name", NAME) == "ledger.not-empty"
    assert house.refused("witness", "init", str(tmp_path / "new"), "--name", "a b") == "witness.name"
    assert house.refused("witness", "info", str(tmp_path / "none"), code=3) == "witness.none"
    assert house.refused("witness", "add-log", str(witness), "--vkey", "a+b+c") == "key.not-public"
    assert house.refused("witness", "add-log", str(witness), "--vkey", vkey_of(house, witness)) == "key.not-a-log"
    assert house.refused("witness", "add-log", str(witness), "--vkey", "/no/such") == "file.cannot-read"
    assert house.refused("witness", "serve", str(witness), "--port", "70000", code=3) == "witness.cannot-listen"


def test_a_key_may_come_in_a_file(witness: Path, house: House, tmp_path: Path) -> None:
    (tmp_path / "vkey").write_text(house.ok("ledger", "vkey").out)
    house.ok("witness", "add-log", str(witness), "--vkey", str(tmp_path / "vkey"))
    assert len(house.ok("witness", "info", str(witness), "--json").json["logs"]) == 1


# -- on a stick


def test_a_cosignature_shows_in_the_kept_checkpoint(witness: Path, house: House, tmp_path: Path) -> None:
    wanted = vkey_of(house, witness)
    document = carry(house, witness, tmp_path, "--witness-vkey", wanted)
    assert [one["witness"] for one in document["cosigned"]] == [NAME]  # type: ignore[attr-defined]
    kept = (house.path / "checkpoint").read_bytes()
    key = parse_vkey(house.ok("ledger", "vkey").out.strip())
    opened = open_checkpoint(kept, [key], [parse_vkey(wanted)], quorum=1)
    assert opened.checkpoint.size == 312
    assert size_of(house, witness) == 312
    assert house.ok("ledger", "checkpoint").out.encode() == kept, "what was cosigned is what is shown"
    said = house.ok("ledger", "checkpoint").err
    assert NAME in said


def test_a_proof_carries_the_cosignature_and_outlives_the_next_checkpoint(
    witness: Path, house: House, tmp_path: Path
) -> None:
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    house.log()
    house.ok("ledger", "checkpoint")
    assert len(parse_note((house.path / "checkpoint").read_bytes()).signatures) == 1
    house.ok("ledger", "proof", "7", "-o", str(tmp_path / "out"))
    note = parse_note((tmp_path / "out" / "7.tlog-proof").read_bytes().split(b"\n\n", 1)[1])
    assert [line.name for line in note.signatures] == [ORIGIN, NAME]
    with closing(open_desk(house.path)) as desk:
        state = desk.proofs().state()
        assert state.last is not None
        assert state.cosigned is not None
        assert (state.last.size, state.cosigned.size) == (313, 312)
    verdict = house.ok("ledger", "verify", "--witness-vkey", vkey_of(house, witness), "--json").json
    assert [one["params"]["witness"] for one in verdict["proved"] if one["code"] == "proved.witnessed"] == [NAME]


def test_the_next_request_begins_where_the_witness_stands(witness: Path, house: House, tmp_path: Path) -> None:
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    house.log()
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    assert parse_request((tmp_path / "request").read_bytes()).old == 312
    carry(house, witness, tmp_path)  # its key is known by now
    assert size_of(house, witness) == 313


def test_a_witness_that_is_ahead_says_by_how_much(witness: Path, house: House, tmp_path: Path) -> None:
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    house.log()
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"), "--old", "100")
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer2"))
    assert house.refused(*argv) == "witness.stale"
    assert "--old 312" in house(*argv).err
    assert not (tmp_path / "answer2").exists()
    assert house.refused("ledger", "witness", "--write-request", str(tmp_path / "r"), "--old", "400") == "seal.order"


def test_two_witnesses_cosign_one_checkpoint(witness: Path, house: House, tmp_path: Path) -> None:
    second = tmp_path / "second"
    house.ok("witness", "init", str(second), "--name", "witness.example/w2")
    house.ok("witness", "add-log", str(second), "--vkey", house.ok("ledger", "vkey").out.strip())
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"), "--old", "0")
    for at, path in enumerate((witness, second)):
        answer = tmp_path / f"answer{at}"
        house.ok("witness", "sign", str(path), "--request", str(tmp_path / "request"), "-o", str(answer))
        house.ok("ledger", "witness", "--take", str(answer), "--witness-vkey", vkey_of(house, path))
    cosigned = house.ok("ledger", "checkpoint", "--json").json["cosigned"]
    assert {one["witness"] for one in cosigned} == {NAME, "witness.example/w2"}


def test_an_answer_that_comes_late_is_kept_with_the_checkpoint_that_it_belongs_to(
    witness: Path, house: House, tmp_path: Path
) -> None:
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    house.ok("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer"))
    house.log()
    house.ok("ledger", "checkpoint")
    argv = (
        "ledger",
        "witness",
        "--take",
        str(tmp_path / "answer"),
        "--witness-vkey",
        vkey_of(house, witness),
        "--json",
    )
    document = house.ok(*argv).json
    assert document["size"] == 312
    assert parse_checkpoint(parse_note((house.path / "checkpoint").read_bytes()).text).size == 313
    assert parse_checkpoint(parse_note((house.path / "seal" / "cosigned").read_bytes()).text).size == 312
    assert house("ledger", "verify").code == 0


def test_what_is_not_taken(witness: Path, house: House, tmp_path: Path) -> None:
    take = ("ledger", "witness", "--take", str(tmp_path / "answer"))
    vkey = ("--witness-vkey", vkey_of(house, witness))
    (tmp_path / "answer").write_bytes(b"nothing of the kind\n")
    assert house.refused(*take, *vkey) == "seal.refused"
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    house.ok("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer"))
    assert house.refused(*take) == "seal.refused", "a witness that nobody knows"
    sound = (tmp_path / "answer").read_bytes()
    (tmp_path / "answer").write_bytes(sound.replace(b"A", b"B"))
    assert house.refused(*take, *vkey) == "seal.refused"
    assert house.refused(*take, "--witness-vkey", house.ok("ledger", "vkey").out.strip()) == "key.not-a-witness"
    assert not (house.path / "seal" / "witnesses").exists(), "a key that did not prove itself is not remembered"
    assert house.refused("ledger", "witness", code=2) == "usage.one-of"
    assert house.refused("ledger", "witness", "--take", "a", "--url", "b", code=2) == "usage.one-of"
    (tmp_path / "answer").write_bytes(sound)
    house.ok(*take, *vkey)


def test_a_request_that_is_none(witness: Path, house: House, tmp_path: Path) -> None:
    (tmp_path / "request").write_bytes(b"old x\n")
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer"))
    assert house.refused(*argv) == "seal.refused"


def test_a_log_that_is_not_served(house: House, tmp_path: Path) -> None:
    house.ok("witness", "init", str(tmp_path / "w"), "--name", NAME)
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    argv = (
        "witness",
        "sign",
        str(tmp_path / "w"),
        "--request",
        str(tmp_path / "request"),
        "-o",
        str(tmp_path / "answer"),
    )
    assert house.refused(*argv) == "seal.refused"


def test_a_rotated_key_is_added_and_both_are_taken(witness: Path, house: House, tmp_path: Path) -> None:
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    house.ok("--actor", "admin", "ledger", "rotate-key")
    carry(house, witness, tmp_path)  # both keys have signed this one
    house.log()
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer"))
    assert house.refused(*argv) == "seal.refused"
    house.ok("witness", "add-log", str(witness), "--vkey", house.ok("ledger", "vkey").out.strip())
    carry(house, witness, tmp_path)
    assert size_of(house, witness) == 314


def test_a_fork_is_not_cosigned_and_the_proof_of_it_is_kept(witness: Path, house: House, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(house.path, before)
    house.log("一种历史")
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    shutil.rmtree(house.path)
    shutil.copytree(before, house.path)
    for title in ("另一种历史", "再添一条"):
        house.log(title)
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"), "--old", "313")
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer2"))
    assert house.refused(*argv) == "witness.fork"
    assert size_of(house, witness) == 313
    (evidence,) = (witness / "evidence").iterdir()
    assert evidence.read_bytes() == (tmp_path / "request").read_bytes()
    with serving(witness) as url:
        argv = ("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness))
        assert house.refused(*argv) == "witness.forked"


def test_a_head_that_cannot_be_read_is_no_reason_to_begin_anew(witness: Path, house: House, tmp_path: Path) -> None:
    carry(house, witness, tmp_path, "--witness-vkey", vkey_of(house, witness))
    (head,) = (witness / "heads").iterdir()
    head.write_bytes(b"")
    house.log()
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer2"))
    assert house.refused(*argv, code=3) == "seal.altered"


def test_the_head_is_kept_before_the_answer_leaves(
    witness: Path, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.ledger.store.witness_files import WitnessFiles

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    argv = ("witness", "sign", str(witness), "--request", str(tmp_path / "request"), "-o", str(tmp_path / "answer"))
    with monkeypatch.context() as patch:
        patch.setattr("taizhang.ledger.store.witness_files.replace", full)
        assert house.refused(*argv, code=3) == "store.disk-full"
    assert not (tmp_path / "answer").exists()
    assert WitnessFiles(witness).head(ORIGIN) is None


# -- over HTTP


def test_over_http(witness: Path, house: House) -> None:
    with serving(witness) as url:
        document = house.ok("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness), "--json").json
        assert [one["witness"] for one in document["cosigned"]] == [NAME]
        house.log()
        assert house.ok("ledger", "witness", "--url", f"{url}/", "--json").json["size"] == 313
        assert house.ok("ledger", "witness", "--url", f"{url}{PATH}", "--json").json["size"] == 313
    assert size_of(house, witness) == 313
    assert house("ledger", "verify", "--witness-vkey", vkey_of(house, witness)).code == 0


def test_a_ledger_that_forgot_what_it_asked_learns_it_from_the_answer(witness: Path, house: House) -> None:
    with serving(witness) as url:
        house.ok("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness))
        shutil.rmtree(house.path / "seal")
        house.log()
        argv = ("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness), "--json")
        assert house.ok(*argv).json["size"] == 313


def test_a_restored_old_copy_is_told_by_the_witness(witness: Path, house: House, tmp_path: Path) -> None:
    """Even where the whole folder was put back, with its checkpoint: the witness remembers."""
    before = tmp_path / "before"
    shutil.copytree(house.path, before)
    with serving(witness) as url:
        house.log()
        house.ok("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness))
        shutil.rmtree(house.path)
        shutil.copytree(before, house.path)
        assert house("ledger", "verify").code == 0
        argv = ("ledger", "witness", "--url", url, "--witness-vkey", vkey_of(house, witness))
        assert house.refused(*argv) == "witness.ahead"


def test_what_can_go_wrong_over_http(house: House, tmp_path: Path) -> None:
    house.ok("witness", "init", str(tmp_path / "w"), "--name", NAME)
    vkey = ("--witness-vkey", vkey_of(house, tmp_path / "w"))
    ask = ("ledger", "witness", "--url")
    with serving(tmp_path / "w") as url:
        assert house.refused(*ask, url) == "witness.unknown-key"
        assert house.refused(*ask, url, *vkey) == "witness.does-not-serve"
        assert house.refused(*ask, f"{url}/elsewhere", *vkey) == "witness.does-not-serve"
    assert house.refused(*ask, url, *vkey, code=3) == "witness.unreachable"
    for wrong in ("ftp://example.org", "/tmp/x", "http://", "witness.example"):
        assert house.refused(*ask, wrong, *vkey) == "witness.bad-url"
    assert house.refused(*ask, url, "--witness-vkey", "x+y+z") == "key.not-public"


def raw(url: str, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers.get("Content-Type", ""), answer.read()
    connection.close()
    return found


def test_the_protocol_as_the_specification_has_it(witness: Path, house: House, tmp_path: Path) -> None:
    house.ok("ledger", "witness", "--write-request", str(tmp_path / "request"))
    request = (tmp_path / "request").read_bytes()
    with serving(witness) as url:
        assert raw(url, "GET", PATH)[0] == 405
        assert raw(url, "GET", "/")[0] == 404
        assert raw(url, "HEAD", PATH)[0] == 405
        assert raw(url, "POST", "/other", request)[0] == 404
        assert raw(url, "POST", PATH, b"")[0] == 400
        assert raw(url, "POST", PATH, b"old 0\n")[0] == 400
        assert raw(url, "POST", PATH, None, **{"Content-Length": str(MAX_REQUEST + 1)})[0] == 413
        assert raw(url, "POST", PATH, None, **{"Content-Length": "-1"})[0] == 411
        assert raw(url, "POST", PATH, request.replace(ORIGIN.encode(), b"other.example/log"))[0] == 404
        status, kind, body = raw(url, "POST", PATH, request)
        assert (status, kind.split(";")[0]) == (200, "text/plain")
        assert body.decode().startswith(f"— {NAME} ")
        assert raw(url, "POST", PATH, request)[:2] == (409, "text/x.tlog.size")
        assert raw(url, "POST", PATH, request)[2] == b"312\n"


def test_many_ask_at_once_and_one_history_is_cosigned(witness: Path, house: House, tmp_path: Path) -> None:
    """Two forks of one size come at the same time, many times over: at most one of them is ever cosigned."""
    before = tmp_path / "before"
    shutil.copytree(house.path, before)
    requests = []
    for title in ("甲", "乙"):
        shutil.rmtree(house.path)
        shutil.copytree(before, house.path)
        house.log(title)
        house.ok("ledger", "witness", "--write-request", str(tmp_path / title), "--old", "0")
        requests.append((tmp_path / title).read_bytes())
    found: list[tuple[int, int]] = []
    with serving(witness) as url:

        def ask(which: int) -> None:
            found.append((which, raw(url, "POST", PATH, requests[which])[0]))

        threads = [threading.Thread(target=ask, args=(at % 2,)) for at in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 16
    assert len([which for which, status in found if status == 200]) == 1


def test_serve_on_the_command_line(witness: Path, house: House) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "taizhang", "witness", "serve", str(witness), "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        assert address.startswith("http://127.0.0.1:"), "nobody else can reach it unless told"
        argv = ("ledger", "witness", "--url", address, "--witness-vkey", vkey_of(house, witness), "--json")
        assert house.ok(*argv).json["cosigned"]
    finally:
        process.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert "Traceback" not in err
    if sys.platform != "win32":
        assert process.returncode == 130


def test_the_desk_asks_too(witness: Path, house: House) -> None:
    with serving(witness) as url, closing(open_desk(house.path)) as desk:
        sealed = desk.proofs().ask_witness(url, Signer(), vkey_of(house, witness))
        assert [one.witness for one in sealed.cosigned] == [NAME]
        state = desk.proofs().state()
        assert state.cosigned == state.last == sealed


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("zh", "en"):
        assert main(["--lang", lang, "witness", "--help"]) == 0
        out = capsys.readouterr().out
        for word in ("init", "add-log", "serve", "sign", "info"):
            assert f"  {word} " in out
