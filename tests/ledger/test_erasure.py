"""A person's name is sealed in the log, and can be erased for good without any proof failing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang import composition
from taizhang.cli.main import main
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.register import AddPerson, AmendPerson, ErasePerson, PersonAdded
from taizhang.ledger.domain.values import Role, Via
from taizhang.ledger.ledger import Instruction
from taizhang.ledger.store.person_keys import PersonKeys
from taizhang.ledger.store.personal import opened, sealed
from tests.case import cases

NAME = "赵钱孙李"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a ledger with a person whose name is looked for."""
    folder = tmp_path / "ledger"
    cases.make_ledger(folder)
    give(folder, AddPerson("zhao", NAME, (Role.VERIFIER,)))
    return folder


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on it: exit code, output, talk."""

    def run(*argv: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--ledger", str(folder), "--actor", "admin", *map(str, argv)])
        return (code, *capsys.readouterr())

    return run


def give(folder: Path, command: object) -> None:
    with composition.open_ledger(folder) as ledger:
        ledger.record(Instruction(command, "admin", Via.CLI))  # type: ignore[arg-type]


def name_of(folder: Path, person: str) -> str:
    desk = composition.open_desk(folder)
    try:
        return desk.register().people[person].name
    finally:
        desk.close()


def holding(folder: Path, text: str) -> list[str]:
    """Return the files that hold a text, in the open or as JSON spells it."""
    needles = (text.encode(), json.dumps(text)[1:-1].encode())
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


def test_a_name_is_sealed_in_the_log_and_told_all_the_same(folder: Path) -> None:
    assert name_of(folder, "zhao") == NAME
    assert not [path for path in holding(folder, NAME) if path.startswith("ledger.db")]
    with composition.open_ledger(folder) as ledger:
        assert ledger.register().people["zhao"].name == NAME
    mode = {path.stat().st_mode & 0o777 for path in (folder / "people").iterdir()}
    assert mode == {0o600}


def test_erasing_leaves_no_name_and_breaks_no_proof(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("ledger", "checkpoint")[0] == 0
    before = shutil.copy(folder / "checkpoint", tmp_path / "before")
    assert run("casefile", "1", "-o", tmp_path / "case.zip")[0] == 0
    assert run("person", "list")[1].count(NAME) == 1
    code, _, err = run("person", "erase", "--id", "zhao", "--grounds", "本人申请")
    assert (code, "擦除人员信息" in err) == (0, True)
    assert holding(folder, NAME) == []
    assert name_of(folder, "zhao") == "zhao"
    assert run("ledger", "verify", "--checkpoint", before)[0] == 0
    assert run("verify-case", tmp_path / "case.zip")[0] == 0
    assert run("casefile", "1", "-o", tmp_path / "again.zip")[0] == 0
    assert run("ledger", "rebuild")[0] == 0
    assert name_of(folder, "zhao") == "zhao"


def test_the_log_says_who_erased_what_and_why(run: Run, folder: Path) -> None:
    run("person", "erase", "--id", "zhao", "--grounds", "本人申请")
    with composition.open_ledger(folder) as ledger:
        row = ledger.store.read_stream("register")[-1]
    state = json.loads(row.state)
    assert (row.topic, state["actor"], state["data"]) == (
        "person.erased.v1",
        "admin",
        {"id": "zhao", "grounds": "本人申请"},
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_may_not_be_erased_is_refused(run: Run, folder: Path, lang: str) -> None:
    def code(*argv: str) -> str:
        status, out, _ = run(*argv, "--lang", lang, "--json")
        assert status in (1, 2)
        return str(json.loads(out)["error"]["code"])

    erase = ("person", "erase", "--id")
    assert code(*erase, "zhao") == "usage.required"
    assert code(*erase, "zhao", "--grounds", " ") == "text.missing"
    assert code(*erase, "nobody", "--grounds", "x") == "person.unknown"
    assert code(*erase, "admin", "--grounds", "x") == "person.last-admin"
    assert code(*erase, "zhao", "--grounds", "x", "--actor", "li") == "role.missing"
    assert run(*erase, "zhao", "--grounds", "x")[0] == 0
    assert code(*erase, "zhao", "--grounds", "x") == "person.erased"
    assert code("person", "amend", "--id", "zhao", "--name", NAME) == "person.erased"
    assert code("person", "add", "--id", "zhao", "--name", NAME, "--role", "verifier") == "person.exists"
    assert code("finding", "comment", "1", "--text", "x", "--actor", "zhao") == "person.inactive"
    assert holding(folder, NAME) == []


def test_a_key_that_outlived_its_erasure_goes_with_the_next_command(folder: Path) -> None:
    keys = PersonKeys(folder / "people")
    kept = keys.get("zhao")
    give(folder, ErasePerson("zhao", "本人申请"))
    assert keys.get("zhao") is None
    (path,) = [folder / "people" / name for name in {keys._path("zhao").name}]
    path.write_bytes(kept or b"")  # as if the machine had died in between, or a backup brought it back
    give(folder, AddPerson("qian", "钱某", (Role.VERIFIER,)))
    assert keys.get("zhao") is None


def test_a_later_name_is_sealed_and_erased_too(folder: Path) -> None:
    give(folder, AmendPerson("zhao", "赵改名"))
    assert name_of(folder, "zhao") == "赵改名"
    give(folder, ErasePerson("zhao", "本人申请"))
    desk = composition.open_desk(folder)
    desk.rebuild()
    desk.close()
    assert holding(folder, "赵改名") == []
    assert holding(folder, NAME) == []


def test_a_backup_brings_the_names_along_and_the_erasure_too(folder: Path, tmp_path: Path) -> None:
    composition.backup_ledger(folder, tmp_path / "b.tar")
    composition.restore_ledger(tmp_path / "b.tar", tmp_path / "copy")
    assert name_of(tmp_path / "copy", "zhao") == NAME
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "copy" / "people").iterdir()} == {0o600}
    give(folder, ErasePerson("zhao", "本人申请"))
    composition.backup_ledger(folder, tmp_path / "c.tar")
    composition.restore_ledger(tmp_path / "c.tar", tmp_path / "erased")
    assert name_of(tmp_path / "erased", "zhao") == "zhao"


def test_a_copy_without_keys_tells_ids(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns("people", "views"))
    assert name_of(tmp_path / "copy", "zhao") == "zhao"


def test_the_same_command_twice_is_recorded_once(folder: Path) -> None:
    with composition.open_ledger(folder) as ledger:
        command = AddPerson("qian", "钱某", (Role.VERIFIER,))
        first, second = (ledger.record(Instruction(command, "admin", Via.CLI, command_id="c-1")) for _ in range(2))
    assert (first.index, second.repeated) == (second.index, True)


# -- the sealed text

KEYS = {"zhao": bytes(range(32)), "other": bytes(range(1, 33))}
PLACE = ("register", 7, "person.added.v1")


def state_of(event: object) -> bytes:
    import msgspec

    return msgspec.json.encode(event)


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_what_is_sealed_opens_where_it_stands(name: str) -> None:
    event = sealed(PersonAdded("zhao", name, (Role.VERIFIER,)), "name", KEYS.__getitem__, *PLACE)
    assert name not in event.name or name in "taizhang-sealed/v1 zhao" or len(name) < 3
    assert json.loads(opened(state_of(event), KEYS.get, *PLACE))["name"] == name


@pytest.mark.parametrize(
    "place",
    [("register", 8, "person.added.v1"), ("register", 7, "person.amended.v1"), ("finding/X/1", 7, "person.added.v1")],
)
def test_what_is_sealed_opens_nowhere_else(place: tuple[str, int, str]) -> None:
    state = state_of(sealed(PersonAdded("zhao", NAME, (Role.VERIFIER,)), "name", KEYS.__getitem__, *PLACE))
    assert json.loads(opened(state, KEYS.get, *place))["name"] == (
        "zhao" if place[0] == "register" else json.loads(state)["name"]
    )
    assert json.loads(opened(state, {"zhao": KEYS["other"]}.get, *PLACE))["name"] == "zhao"
    assert json.loads(opened(state, {}.get, *PLACE))["name"] == "zhao"


def test_two_seals_of_one_name_differ() -> None:
    event = PersonAdded("zhao", NAME, (Role.VERIFIER,))
    assert len({sealed(event, "name", KEYS.__getitem__, *PLACE).name for _ in range(20)}) == 20


def test_what_is_not_personal_stays_as_it_is() -> None:
    state = b'{"name":"taizhang-sealed/v1 is what it begins with"}'
    assert opened(state, KEYS.get, *PLACE) == state


@given(st.binary(max_size=120))
def test_a_text_that_only_looks_sealed_opens_to_an_id(data: bytes) -> None:
    from taizhang.ledger.seal.encoding import to_base64

    for spoiled in (to_base64(data), to_base64(data)[:-1], "A" * (36 + len(data))):
        state = json.dumps({"name": f"taizhang-sealed/v1 zhao {spoiled}"}).encode()
        assert json.loads(opened(state, KEYS.get, *PLACE))["name"] in ("zhao", json.loads(state)["name"])
    state = json.dumps({"name": f"taizhang-sealed/v1 zhao {to_base64(data)}"}).encode()
    assert opened(state, KEYS.get, "finding/X/1", 7, "finding.logged.v1") == state, "what somebody typed"
    assert json.loads(opened(state, KEYS.get, *PLACE))["name"] in ("zhao", json.loads(state)["name"])


def test_keys_are_made_once_and_destroyed_for_good(tmp_path: Path) -> None:
    keys = PersonKeys(tmp_path / "people")
    assert keys.get("zhao") is None
    made = keys.make("zhao")
    assert (len(made), keys.make("zhao"), keys.get("zhao")) == (32, made, made)
    assert keys.make("qian") != made
    keys.destroy("zhao")
    keys.destroy("zhao")
    assert keys.get("zhao") is None
    assert keys.make("zhao") != made
    (tmp_path / "people" / keys._path("zhao").name).write_bytes(b"short")
    with pytest.raises(Unreachable, match=r"store\.damaged"):
        keys.get("zhao")


def test_nobody_erases_the_person_twice_in_one_go(folder: Path) -> None:
    with composition.open_ledger(folder) as ledger, pytest.raises(Rejected, match=r"person\.erased"):
        ledger.record_all([Instruction(ErasePerson("zhao", "x"), "admin", Via.CLI) for _ in range(2)])
    assert name_of(folder, "zhao") == NAME, "all of them or none: the key is still there"


def test_whoever_enters_by_the_desk_erases_as_well(folder: Path) -> None:
    from taizhang.service.desk import Order

    assert name_of(folder, "zhao") == NAME  # the read models hold it now
    desk = composition.open_desk(folder)
    desk.record(Order(ErasePerson("zhao", "本人申请"), "admin", Via.TUI))
    assert desk.register().people["zhao"].name == "zhao"
    newest = desk.trail(limit=1).rows[0]
    assert (newest.topic, newest.actor) == ("person.erased.v1", "admin")
    desk.close()
    assert holding(folder, NAME) == []
    assert composition.open_proofs(folder).verify().ok
