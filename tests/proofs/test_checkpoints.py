"""Keys and checkpoints: made with the ledger, signed over what is committed, kept, rotated, and never over another past."""

from __future__ import annotations

import base64
import os
import stat
import sys
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from taizhang import wiring
from taizhang.composition import init_ledger, make_demo, open_desk, open_ledger
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.checkpoint import open_checkpoint
from taizhang.ledger.seal.keys import SignerKey, parse_skey, parse_vkey
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.seals import Seals
from taizhang.ledger.store.contract import NewEvent, Row
from taizhang.ledger.store.seal_files import SealFiles
from taizhang.service.proofs import Signer
from tests.proofs.conftest import ORIGIN, House


def opened(house: House, data: bytes | None = None) -> tuple[int, bytes]:
    """Return size and root of a checkpoint that the ledger's key in force has signed."""
    key = parse_vkey(house.ok("ledger", "vkey").out.strip())
    head = open_checkpoint(data or (house.path / "checkpoint").read_bytes(), [key]).checkpoint
    assert head.origin == ORIGIN
    return head.size, head.root


def test_a_ledger_is_made_with_its_key_and_its_first_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    init_ledger(path, origin=ORIGIN)
    key = parse_skey((path / "signing.key").read_text().strip())
    assert key.name == ORIGIN
    if sys.platform != "win32":
        assert stat.S_IMODE((path / "signing.key").stat().st_mode) == 0o600
    assert open_checkpoint((path / "checkpoint").read_bytes(), [key.verifier]).checkpoint.size == 4
    with closing(open_desk(path)) as desk:
        (trail,) = [row for row in desk.trail().rows if row.stream == "ledger" and row.version == 2]
        assert (trail.topic, trail.actor, trail.index) == ("ledger.key-adopted.v1", "admin", 3)
        assert desk.proofs().keys()[0].vkey == key.verifier.vkey


def test_the_secret_key_is_in_its_file_alone(small: House) -> None:
    small.log()
    small.ok("--actor", "admin", "ledger", "rotate-key")
    skey = (small.path / "signing.key").read_text().strip()
    secret = base64.b64decode(skey.split("+", 4)[4])[1:]
    for path in small.path.rglob("*"):
        if path.is_file() and path.name != "signing.key":
            data = path.read_bytes()
            assert secret not in data
            assert skey.encode() not in data
            assert base64.b64encode(secret)[:-2] not in data


def test_checkpoint_prints_the_signed_note(small: House) -> None:
    ran = small.ok("ledger", "checkpoint")
    assert ran.out.encode() == (small.path / "checkpoint").read_bytes()
    with small.open() as ledger:
        assert opened(small) == (17, ledger.root(17))
    assert "#16" in ran.err


def test_checkpoint_writes_a_file(small: House, tmp_path: Path) -> None:
    ran = small.ok("ledger", "checkpoint", "-o", str(tmp_path / "out"))
    assert ran.out == ""
    assert (tmp_path / "out").read_bytes() == (small.path / "checkpoint").read_bytes()


def test_checkpoint_as_json(small: House) -> None:
    document = small.ok("ledger", "checkpoint", "--json").json
    assert document["note"].encode() == (small.path / "checkpoint").read_bytes()
    assert (document["origin"], document["size"], document["cosigned"]) == (ORIGIN, 17, [])
    assert opened(small) == (17, bytes.fromhex(document["root"]))


def test_nothing_new_is_not_signed_again(small: House) -> None:
    first = small.ok("ledger", "checkpoint").out
    (small.path / "signing.key").rename(small.path / "aside")
    assert small.refused("ledger", "checkpoint") == "key.missing"
    (small.path / "aside").rename(small.path / "signing.key")
    assert small.ok("ledger", "checkpoint").out == first


def test_the_demo_is_sealed_to_its_end(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo")
    with closing(open_desk(tmp_path / "demo")) as desk:
        state = desk.proofs().state()
        assert state.last is not None
        assert state.last.size == state.size == desk.index() + 1
        assert desk.verify().ok


def test_state_says_how_far_the_ledger_is_sealed(small: House) -> None:
    with closing(open_desk(small.path)) as desk:
        state = desk.proofs().state()
        assert (state.size, state.last and state.last.size, state.cosigned) == (17, 4, None)
        desk.proofs().checkpoint(Signer())
        state = desk.proofs().state()
        assert state.last is not None
        assert (state.last.size, state.vkey) == (17, desk.proofs().keys()[-1].vkey)


def test_vkey(small: House) -> None:
    key = small.ok("ledger", "vkey").out.strip()
    assert parse_vkey(key).name == ORIGIN
    assert small.ok("ledger", "vkey", "--json").json == {"vkey": key, "keys": [{"index": 3, "vkey": key}]}
    assert small.ok("ledger", "vkey", "--all").out == f"#3 {key}\n"


def test_a_key_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "safe" / "ledger.skey"
    monkeypatch.setenv("TAIZHANG_SIGNING_KEY", str(place))
    init_ledger(tmp_path / "ledger", origin=ORIGIN)
    assert not (tmp_path / "ledger" / "signing.key").exists()
    assert parse_skey(place.read_text().strip()).name == ORIGIN
    monkeypatch.delenv("TAIZHANG_SIGNING_KEY")
    with closing(open_desk(tmp_path / "ledger")) as desk:
        assert desk.proofs().verify().ok, "a key that is not here is nothing wrong"
        with pytest.raises(Rejected, match=r"key\.missing"):
            desk.proofs().rotate_key(Signer("admin"))


def test_a_key_of_another_name_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "other.skey"
    place.write_text(SignerKey("other.example/log", bytes(32)).skey)
    monkeypatch.setenv("TAIZHANG_SIGNING_KEY", str(place))
    with pytest.raises(Rejected) as refusal:
        init_ledger(tmp_path / "ledger", origin=ORIGIN)
    assert refusal.value.code == "key.other-name"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "key.unreadable"), ("PRIVATE+KEY+x+00000000+AAAA", "key.unreadable"),
     (SignerKey(ORIGIN, bytes(32)).skey, "key.not-adopted")],
)  # fmt: skip
def test_a_key_that_is_not_the_ledgers_does_not_sign(small: House, text: str, code: str) -> None:
    (small.path / "signing.key").write_text(text)
    before = (small.path / "checkpoint").read_bytes()
    assert small.refused("ledger", "checkpoint") == code
    assert (small.path / "checkpoint").read_bytes() == before
    if "+" in text:
        secret = text.rsplit("+", 1)[1]
        ran = small("ledger", "checkpoint")
        assert secret not in ran.out + ran.err


def test_a_read_only_ledger_is_not_signed(small: House) -> None:
    if sys.platform == "win32" or os.geteuid() == 0:
        with closing(open_desk(small.path)) as desk:
            proofs = desk.proofs()
            proofs._read_only = True  # type: ignore[attr-defined] # root may write everywhere
            with pytest.raises(Exception, match=r"store\.read-only"):
                proofs.checkpoint(Signer())
            with pytest.raises(Rejected, match=r"proof\.uncovered"):
                proofs.prove("16", Signer())
            assert proofs.prove("3", Signer())[0].size == 4
    else:
        small.path.chmod(0o555)
        assert small.refused("ledger", "checkpoint", code=3) == "store.read-only"
        small.path.chmod(0o755)


# -- rotation


def test_rotation(small: House) -> None:
    old = parse_vkey(small.ok("ledger", "vkey").out.strip())
    ran = small.ok("--actor", "admin", "ledger", "rotate-key", "--why", "管理员交接")
    new = parse_vkey(ran.out.strip())
    assert new != old
    checkpoint = (small.path / "checkpoint").read_bytes()
    for key in (old, new):
        assert open_checkpoint(checkpoint, [key]).checkpoint.size == 18
    assert len(parse_note(checkpoint).signatures) == 2
    assert parse_skey((small.path / "signing.key").read_text().strip()).verifier == new
    assert not list(small.path.glob("signing.key.*"))
    small.log()
    after = small.ok("ledger", "checkpoint").out.encode()
    assert opened(small, after)[0] == 19
    assert len(parse_note(after).signatures) == 1
    keys = small.ok("ledger", "vkey", "--json").json["keys"]
    assert keys == [{"index": 3, "vkey": old.vkey}, {"index": 17, "vkey": new.vkey}]
    for key in (old, new):
        assert small("ledger", "verify", "--vkey", key.vkey).code == 0


def test_an_auditor_with_the_first_key_follows_every_handover_and_misses_none(small: House) -> None:
    first = small.ok("ledger", "vkey").out.strip()
    for _ in range(3):
        small.ok("--actor", "admin", "ledger", "rotate-key")
    assert small("ledger", "verify", "--vkey", first).code == 0
    handovers = sorted((small.path / "seal").glob("handover-*"))
    assert len(handovers) == 3
    handovers[1].unlink()
    verdict = small("ledger", "verify", "--vkey", first, "--json").json
    assert [(check["code"], check["why"]) for check in verdict["checks"] if not check["ok"]] == [
        ("vkey", "broken"),
        ("checkpoint", "untrusted"),
        ("checkpoint", "untrusted"),
    ]


def test_only_an_admin_rotates(small: House) -> None:
    assert small.refused("--actor", "inspector", "ledger", "rotate-key") == "role.missing"
    assert small.ok("ledger", "vkey", "--json").json["keys"][-1]["index"] == 3
    key = small.ok("ledger", "vkey").out.strip()
    small.ok("--actor", "admin", "ledger", "rotate-key")
    assert small.ok("ledger", "vkey").out.strip() != key


def test_a_lost_key_is_replaced_but_nothing_vouches_for_the_new_one(small: House) -> None:
    old = small.ok("ledger", "vkey").out.strip()
    (small.path / "signing.key").unlink()
    assert small.refused("--actor", "admin", "ledger", "rotate-key") == "key.missing"
    new = small.ok("--actor", "admin", "ledger", "rotate-key", "--lost").out.strip()
    assert new != old
    assert small("ledger", "verify").code == 0
    assert small("ledger", "verify", "--vkey", new).code == 0
    verdict = small("ledger", "verify", "--vkey", old, "--json").json
    assert ("vkey", "broken") in [(check["code"], check["why"]) for check in verdict["checks"] if not check["ok"]]


@pytest.mark.parametrize("step", ["make_next_key", "adopt", "keep_handover", "keep", "promote_next_key"])
def test_a_rotation_that_is_broken_off_anywhere_is_finished_by_the_next_command(
    small: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.ok("ledger", "checkpoint")
    old = small.ok("ledger", "vkey").out.strip()
    target, name = (Seals, "_adopt") if step == "adopt" else (SealFiles, step)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(target, name, broken)
        assert small("--actor", "admin", "ledger", "rotate-key").code == 130
    assert small("ledger", "verify").code == 0, "half a rotation is no wrong state"
    small.log()
    small.ok("ledger", "checkpoint")
    adopted = len(small.ok("ledger", "vkey", "--json").json["keys"])
    assert adopted == (1 if step in ("make_next_key", "adopt") else 2)
    assert small("ledger", "verify", "--vkey", old).code == 0
    if adopted == 1:
        small.ok("--actor", "admin", "ledger", "rotate-key")
    assert small("ledger", "verify", "--vkey", old).code == 0
    assert not list(small.path.glob("signing.key.*"))
    assert len(small.ok("ledger", "vkey", "--json").json["keys"]) == 2


# -- a ledger that was made before there were keys


def test_an_old_ledger_gets_its_key_with_its_first_checkpoint(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    keyless(small)
    assert small.refused("ledger", "vkey") == "key.none"
    assert small.refused("ledger", "checkpoint") == "key.nobody"
    assert small.refused("--actor", "inspector", "ledger", "checkpoint") == "role.missing"
    assert small("ledger", "verify").code == 0
    small.ok("--actor", "admin", "ledger", "checkpoint")
    assert opened(small)[0] == 17
    assert small.ok("ledger", "vkey", "--json").json["keys"][0]["index"] == 16
    assert small("ledger", "verify").code == 0


def keyless(house: House) -> None:
    """Write the events again without the one that adopts a key, as an earlier version would have recorded them."""
    rows = [row for row in _rows(house) if row.topic != "ledger.key-adopted.v1"]
    for path in (house.database, house.path / "checkpoint", house.path / "signing.key"):
        path.unlink()
    with open_ledger(house.path, create=True) as ledger, ledger.store.writing() as tx:
        tx.append([NewEvent(row.stream, row.version, row.topic, row.state, row.command) for row in rows])


def _rows(house: House) -> list[Row]:
    with house.open() as ledger:
        return list(ledger.store.scan())


def test_signing_waits_for_whoever_writes_and_covers_it(small: House) -> None:
    """While somebody's events are not committed, no checkpoint covers them; and none is signed beside them."""
    began, go = Event(), Event()

    def write() -> None:
        with small.open() as ledger, ledger.store.writing() as tx:
            first = next(iter(ledger.store.scan(after=12, upto=13)))
            tx.append([NewEvent("finding/JYZD-2026/00000099", 1, first.topic, first.state, None)])
            began.set()
            go.wait(10)

    writer = Thread(target=write)
    writer.start()
    assert began.wait(10)
    with closing(open_desk(small.path)) as desk:
        sizes: list[int] = []
        signer = Thread(target=lambda: sizes.append(desk.proofs().checkpoint(Signer()).size))
        signer.start()
        signer.join(0.2)
        assert sizes == []
        go.set()
        writer.join()
        signer.join(10)
        assert sizes == [18]


def test_an_older_checkpoint_never_takes_the_place_of_a_newer_one(small: House) -> None:
    """Two processes sign at once: whoever comes second sees what the first has signed."""
    with closing(open_desk(small.path)) as one, closing(open_desk(small.path)) as other:
        assert one.proofs().checkpoint(Signer()).size == 17
        small.log()
        assert other.proofs().checkpoint(Signer()).size == 18
        assert one.proofs().checkpoint(Signer()).size == 18
    assert opened(small)[0] == 18


def test_the_wiring_signs_for_nobody_only_where_there_is_a_key(small: House) -> None:
    keyless(small)
    with small.open() as ledger, pytest.raises(Rejected, match=r"key\.nobody"):
        wiring.sign(small.path, ledger)


def test_whoever_leaves_the_ledger_leaves_a_checkpoint_over_what_they_recorded(house: House) -> None:
    assert house.ok("ledger", "verify", "--json").json["size"] == 312
    house.log()
    verdict = house.ok("ledger", "verify", "--json").json
    assert [one["params"]["size"] for one in verdict["proved"] if one["code"] == "proved.sealed"] == [313]


def test_a_key_that_lies_elsewhere_keeps_nobody_from_recording(house: House, tmp_path: Path) -> None:
    (house.path / "signing.key").rename(tmp_path / "signing.key")
    house.log()
    assert (house.path / "checkpoint").read_text().splitlines()[1] == "312"
    assert house.size() == 313
