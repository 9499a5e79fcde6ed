"""The deep check itself: what it is held against, what it says it proved, how far it is, and several processes alike."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from pickle import PicklingError

import pytest

from taizhang.cli.commands.verify import Bar
from taizhang.composition import open_desk, open_proofs
from taizhang.ledger.checks import workers
from taizhang.ledger.checks.seals import Material, Named
from taizhang.ledger.checks.spine import Spine, events_below, read_spine
from taizhang.ledger.checks.streams import LEAF, StreamReport, read_part
from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.verdict import Verdict
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.tree import leaf_hash
from taizhang.ledger.store.contract import AuditLog, Part
from taizhang.ledger.store.evidence import EvidenceStore
from taizhang.ledger.store.sqlite.audit import SqliteAudit
from taizhang.ledger.verify import verify_log
from taizhang.service.proofs import File
from tests.proofs.conftest import House


def codes(verdict: Verdict) -> set[str]:
    return {check.code for check in verdict.checks if not check.ok}


def audit(house: House) -> SqliteAudit:
    return SqliteAudit(house.database, False)


# -- against what


def test_from_the_file_and_the_public_key_alone(house: House, sealed: Path, tmp_path: Path) -> None:
    """An auditor has the database, the key and a checkpoint, and nothing else of the folder."""
    vkey = house.ok("ledger", "vkey").out.strip()
    (tmp_path / "key").write_text(f"{vkey}\n")
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "ledger.db").write_bytes(house.database.read_bytes())
    house.path = alone
    ran = house(
        "ledger", "verify", "--log-only", "--vkey", str(tmp_path / "key"), "--checkpoint", str(sealed), "--json"
    )
    assert ran.code == 0, ran
    assert {one["code"] for one in ran.json["proved"]} == {"proved.events", "proved.sealed"}
    assert {one["code"] for one in ran.json["unproved"]} == {"unproved.log-only", "unproved.truth"}
    assert house("ledger", "verify", "--vkey", vkey).code == 1, "the evidence is not here, and that is said"
    names = {path.name for path in alone.iterdir()}
    assert names - {"ledger.db-wal", "ledger.db-shm"} == {"ledger.db"}, "nothing is written beside it"


def test_what_is_proved_and_what_is_not(house: House, sealed: Path) -> None:
    house.log_unsealed()
    verdict = house.ok("ledger", "verify", "--json").json
    unproved = {one["code"]: one["params"] for one in verdict["unproved"]}
    assert unproved["unproved.tail"] == {"first": 312, "last": 312}
    assert unproved["unproved.no-outsider"] == {"first": 0, "last": 311}
    assert "unproved.no-vkey" in unproved
    vkey = house.ok("ledger", "vkey").out.strip()
    verdict = house.ok("ledger", "verify", "--vkey", vkey, "--checkpoint", str(sealed), "--json").json
    assert {one["code"] for one in verdict["unproved"]} == {"unproved.tail", "unproved.truth"}
    for lang, said in (("zh", "尚无签名可核对"), ("en", "no signature covers them yet")):
        out = house.ok("--lang", lang, "ledger", "verify").out
        assert said in out
        assert "{" not in out


def test_several_checkpoints_from_outside(house: House, sealed: Path, tmp_path: Path) -> None:
    house.log()
    house.ok("ledger", "checkpoint", "-o", str(tmp_path / "second"))
    ran = house("ledger", "verify", "--checkpoint", str(sealed), "--checkpoint", str(tmp_path / "second"), "--json")
    assert ran.code == 0
    assert [check["params"]["last"] for check in ran.json["checks"] if check["code"] == "checkpoint"] == [311, 312, 312]


def test_a_wrong_event_is_narrowed_down_between_two_checkpoints(house: House, sealed: Path, tmp_path: Path) -> None:
    for _ in range(5):
        house.log()
    house.ok("ledger", "checkpoint", "-o", str(tmp_path / "second"))
    house.sql("UPDATE events SET leaf = randomblob(32) WHERE position = 315")
    verdict = house("ledger", "verify", "--checkpoint", str(sealed), "--json").json
    (wrong,) = [check for check in verdict["checks"] if check["code"] == "checkpoint" and not check["ok"]]
    assert (wrong["params"]["first"], wrong["params"]["last"]) == (312, 316)
    assert verdict["first_wrong"] == 314


@pytest.mark.parametrize(
    ("argv", "code", "status"),
    [
        (("--checkpoint", "/no/such"), "file.cannot-read", 1),
        (("--vkey", "/no/such"), "file.cannot-read", 1),
        (("--vkey", "a+00000000+AAAA"), "key.not-public", 1),
        (("--witness-vkey", "a+00000000+AAAA"), "key.not-public", 1),
    ],
)
def test_what_somebody_brought_that_is_none(house: House, argv: tuple[str, ...], code: str, status: int) -> None:
    assert house.refused("ledger", "verify", *argv, code=status) == code


def test_a_key_of_the_wrong_kind(house: House, tmp_path: Path) -> None:
    witness = house.ok("witness", "init", str(tmp_path / "w"), "--name", "w.example/w").out.strip()
    assert house.refused("ledger", "verify", "--vkey", witness) == "key.not-a-log"
    vkey = house.ok("ledger", "vkey").out.strip()
    assert house.refused("ledger", "verify", "--witness-vkey", vkey) == "key.not-a-witness"


def test_a_checkpoint_that_is_none_is_a_finding(house: House, tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(b"nothing")
    ran = house("ledger", "verify", "--checkpoint", str(tmp_path / "given"), "--json")
    assert ran.code == 1
    assert [check["why"] for check in ran.json["checks"] if not check["ok"]] == ["malformed"]


def test_the_desk_checks_the_same(house: House) -> None:
    with closing(open_desk(house.path)) as desk:
        told: list[tuple[int, int]] = []
        verdict = desk.verify(lambda done, of: told.append((done, of)))
        assert verdict.ok
        assert told[-1] == (312, 312)
        assert {check.code for check in verdict.checks} >= {"checkpoint", "keys", "views", "evidence"}


def test_nothing_is_written_by_checking(house: House) -> None:
    def stamps() -> dict[str, tuple[int, int]]:
        return {
            path.relative_to(house.path).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in house.path.rglob("*")
            if path.is_file() and "views" not in path.parts and path.suffix != ".db-shm"  # SQLite's readers' own
        }

    before = stamps()
    house.ok("ledger", "verify")
    assert stamps() == before


def test_a_ledger_without_read_models_is_sound(small: House) -> None:
    assert not list((small.path / "views").glob("*")) if (small.path / "views").exists() else True
    small.ok("ledger", "verify")
    assert not list(small.path.glob("views/*.db")), "the check builds none"


def test_it_can_be_checked_while_others_record(house: House) -> None:
    with house.open() as ledger:
        store = ledger.store
        seen: list[int] = []

        def tell(phase: str, done: int, of: int) -> None:
            if not seen:
                house.log()
            seen.append(done)

        verdict = verify_log(store.auditor(), EvidenceStore(house.path / "evidence"), tell)
    assert verdict.ok
    assert verdict.size == 312, "what came meanwhile is left for the next time"


# -- how far it is


def test_the_phases_are_told(house: House) -> None:
    told: list[tuple[str, int, int]] = []
    with closing(open_proofs(house.path)) as proofs:
        assert proofs.verify(progress=lambda *at: told.append(at)).ok
    assert list(dict.fromkeys(phase for phase, _, _ in told)) == ["events", "evidence", "views"]
    assert [at for at in told if at[0] == "events"][-1] == ("events", 312, 312)


class Screen:
    """A console that somebody watches."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def progress(self, text: str) -> None:
        self.lines.append(text)


def test_the_bar_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.locale.words import words_for

    class App:
        console = Screen()
        words = words_for("en")

    now = 100.0
    monkeypatch.setattr("taizhang.cli.commands.verify.monotonic", lambda: now)
    bar = Bar(App())  # type: ignore[arg-type]
    for done in range(0, 1001, 10):
        bar("events", done, 1000)
        now += 0.02
    lines = App.console.lines
    assert 10 < len(lines) < 30, "at most ten times a second"
    assert lines[-1].startswith("events " + "█" * 30 + " 100%")
    assert "about 1 s left" in lines[len(lines) // 2]
    bar("views", 0, 1)
    assert "views" in lines[-1]
    assert "0%" in lines[-1]


def test_nothing_is_drawn_where_nobody_watches(house: House) -> None:
    assert "█" not in house.ok("ledger", "verify").err


# -- several processes


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even a small log into many parts."""
    monkeypatch.setattr("taizhang.ledger.verify.PART_EVENTS", 20)


@pytest.mark.usefixtures("many")
def test_processes_find_the_same(house: House) -> None:
    house.sql(
        "UPDATE events SET recorded_at = '2025-01-01T00:00:00.000000Z' WHERE position = 100",
        "UPDATE events SET state = '{' WHERE position = 60",
        "UPDATE events SET command = NULL WHERE position = 30",
        "DELETE FROM events WHERE position = 300",
    )
    material = Material(kept=(Named("checkpoint", (house.path / "checkpoint").read_bytes()),))
    opened = partial(SqliteAudit, house.database)
    alone, shared = (verify_log(opened, None, material=material, processes=count) for count in (0, 3))
    assert alone == shared
    assert codes(alone) == {"schema", "sequence", "leaves", "times", "replay", "rules", "commands", "checkpoint"}
    assert alone.first_wrong == 29
    assert {check.code: check.params.get("index") for check in alone.checks if not check.ok} == {
        "schema": None,
        "sequence": 299,
        "leaves": 59,
        "times": 99,
        "replay": 59,
        "rules": 99,
        "commands": 29,
        "checkpoint": None,
    }


@pytest.mark.usefixtures("many")
def test_a_sound_ledger_passes_in_processes_too(house: House) -> None:
    verdict = verify_log(partial(SqliteAudit, house.database), None, processes=2)
    assert verdict.ok
    assert verdict.size == 312


def end(log: AuditLog) -> None:
    os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)


def test_a_process_that_dies_gives_no_verdict(house: House) -> None:
    with pytest.raises(Unreachable) as refusal:
        workers.share(partial(SqliteAudit, house.database), [end, end, end], 2, lambda _: None)
    assert refusal.value.code == "verify.interrupted"


def refuse(log: AuditLog) -> None:
    raise Unreachable("store.busy", ledger="here")


def test_what_a_process_refuses_is_raised_here(house: House) -> None:
    for processes in (0, 2):
        with pytest.raises(Unreachable) as refusal:
            workers.share(partial(SqliteAudit, house.database), [refuse], processes, lambda _: None)
        assert (refusal.value.code, refusal.value.params) == ("store.busy", {"ledger": "here"})


def stumble(log: AuditLog) -> None:
    raise LookupError("a mistake of our own")


def test_a_mistake_in_a_process_is_told_here_and_what_cannot_be_sent_there_as_well(house: House) -> None:
    with pytest.raises(RuntimeError, match="a mistake of our own"):
        workers.share(partial(SqliteAudit, house.database), [stumble], 2, lambda _: None)
    with pytest.raises((AttributeError, PicklingError)):
        workers.share(partial(SqliteAudit, house.database), [lambda _: None], 2, lambda _: None)


def test_where_no_process_can_be_started_this_one_does_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    verdict = verify_log(partial(SqliteAudit, house.database), None, processes=2)
    assert verdict.ok


def test_an_interrupt_leaves_no_process(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    started: list[workers.Child] = []
    init = workers.Child.__init__

    def remembered(child: workers.Child) -> None:
        init(child)
        started.append(child)

    task = partial(read_part, part=Part(None, None, 312))
    monkeypatch.setattr(workers.Child, "__init__", remembered)
    with pytest.raises(KeyboardInterrupt):
        workers.share(partial(SqliteAudit, house.database), [task], 2, interrupted)
    assert len(started) == 2
    assert all(child.process.poll() is not None for child in started)


def test_small_ledgers_take_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers.processes_for(workers.MANY - 1) == 0
    assert 1 <= workers.processes_for(workers.MANY) <= workers.MOST
    monkeypatch.setattr(sys, "executable", "")
    assert workers.processes_for(1_000_000) == 0


# -- the fast against the obvious


def test_the_leaf_is_the_seals(house: House) -> None:
    """What the pass formats from stored bytes is byte for byte what `seal.leaf` writes."""
    rows = house.rows("SELECT position, stream, version, topic, recorded_at, salt, state, leaf FROM events")
    for position, stream, version, topic, recorded_at, salt, state, leaf in rows:
        committed = commitment(salt, state)
        record = leaf_record(position - 1, stream.decode(), version, topic.decode(), recorded_at.decode(), committed)
        formatted = LEAF % (position - 1, stream, version, topic, recorded_at, committed.hex().encode())
        assert formatted == b"\0" + record
        assert leaf_hash(record) == leaf


@pytest.mark.parametrize("count", [1, 2, 7, 100, 1000])
def test_parts_are_the_whole_log_once(house: House, count: int) -> None:
    with closing(audit(house)) as log:
        parts = log.parts(count, 312)
        assert 1 <= len(parts) <= count
        seen = [row[2] for part in parts for rows in log.by_stream(part) for row in rows]
        assert sorted(seen) == list(range(1, 313))
        assert log.parts(count, 0) == [Part(None, None, 0)]


def test_a_part_ends_at_its_position(house: House) -> None:
    with closing(audit(house)) as log:
        assert read_part(log, part=Part(None, None, 100)).rows == 100
        assert read_spine(log, last=100, sizes=()).size == 100


@pytest.mark.parametrize("sizes", [(), (0,), (1,), (312,), (0, 1, 255, 256, 257, 311, 312, 999), range(313)])
def test_the_roots_on_the_way(house: House, sizes: range) -> None:
    with closing(audit(house)) as log, house.open() as ledger:
        spine = read_spine(log, last=312, sizes=sizes)
        assert spine.roots == {size: ledger.root(size) for size in sizes if size <= 312}
        assert (spine.size, spine.root, spine.nodes) == (312, ledger.root(312), [])


def test_the_first_wrong_of_two_parts_is_the_smaller_index() -> None:
    one, other = StreamReport(), StreamReport()
    one.blame("leaves", 9, "b")
    one.blame("leaves", 12, "c")
    other.blame("leaves", 4, "a")
    one.join(other)
    assert (one.wrong["leaves"].index, one.wrong["leaves"].detail) == (4, "a")


def test_the_events_below_a_node() -> None:
    assert events_below(1, 0) == (0, 255)
    assert events_below(1, 3) == (768, 1023)
    assert events_below(2, 1) == (65_536, 131_071)
    assert Spine().size == 0


# -- files in any state


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET recorded_at = x'ff' WHERE position = 50",
        "UPDATE events SET stream = x'ff00' WHERE position = 50",
        "UPDATE events SET topic = x'ff' WHERE position = 50",
        "UPDATE events SET version = 'x' WHERE position = 50",
        "UPDATE events SET state = NULL WHERE position = 50",
        "UPDATE events SET salt = 7 WHERE position = 50",
        "UPDATE events SET leaf = 'x' WHERE position = 50",
        "UPDATE events SET leaf = NULL WHERE position = 50",
        "UPDATE events SET state = x'7b' WHERE position = 50",
        "UPDATE events SET position = -3 WHERE position = 50",
        "UPDATE events SET position = 5000000000 WHERE position = 312",
        "DELETE FROM events WHERE position > 2",
    ],
)
def test_columns_of_any_kind_are_findings(house: House, statement: str) -> None:
    """A table that was made again without its types can hold anything."""
    columns = "position, stream, version, topic, recorded_at, command, state, salt, leaf"
    house.sql(
        "ALTER TABLE events RENAME TO old_events",
        f"CREATE TABLE events ({columns}, PRIMARY KEY (position))",
        f"INSERT INTO events SELECT {columns} FROM old_events",
        "DROP TABLE old_events",
        statement,
    )
    ran = house("ledger", "verify", "--json")
    assert ran.code == 1, ran
    assert {check["code"] for check in ran.json["checks"] if not check["ok"]} >= {"schema"}
    assert len([check for check in ran.json["checks"] if not check["ok"]]) > 1


@pytest.mark.parametrize("table", ["events", "nodes"])
def test_a_table_that_is_missing(house: House, table: str) -> None:
    house.sql(f"ALTER TABLE {table} RENAME TO gone")
    ran = house("ledger", "verify", "--json")
    assert ran.code == 1
    failed = {check["code"]: check["params"] for check in ran.json["checks"] if not check["ok"]}
    assert "database" in failed
    assert f"missing table {table}" in failed["schema"]["differences"]


def test_an_event_of_a_later_version_is_named(house: House) -> None:
    house.sql("UPDATE events SET topic = 'finding.logged.v9' WHERE position = 50")
    verdict = house("ledger", "verify", "--json").json
    assert verdict["first_wrong"] == 49
    assert {"leaves", "replay"} <= {check["code"] for check in verdict["checks"] if not check["ok"]}


def test_an_event_of_the_register_that_cannot_follow(house: House) -> None:
    ((state,),) = house.rows("SELECT state FROM events WHERE position = 3")
    programme = json.loads(state)
    programme["data"] = {"code": "nothing"}
    text = json.dumps(programme, ensure_ascii=False, separators=(",", ":")).replace("'", "''")
    house.sql(f"UPDATE events SET topic = 'programme.closed.v1', state = '{text}' WHERE position = 5")
    verdict = house("ledger", "verify", "--json").json
    assert [check["params"]["index"] for check in verdict["checks"] if check["code"] == "replay"] == [4]


def test_a_key_that_is_none_in_the_log(small: House) -> None:
    small.sql(
        "UPDATE events SET state = replace(state, 'ledger.example/proofs+', 'ledger.example/other+') WHERE position = 4"
    )
    verdict = small("ledger", "verify", "--json").json
    (keys,) = [check for check in verdict["checks"] if check["code"] == "keys"]
    assert (keys["ok"], keys["why"], keys["params"]["index"]) == (False, "malformed", 3)


def test_given_files_are_named_as_they_were_given(house: House, sealed: Path) -> None:
    with closing(open_proofs(house.path)) as proofs:
        verdict = proofs.verify([File("from-the-auditor", sealed.read_bytes())])
    assert "from-the-auditor" in [check.params.get("name") for check in verdict.checks]
