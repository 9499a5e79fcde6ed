"""Bad input gets one clear sentence and its exit code, and leaves the ledger as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.cli import main as entry
from taizhang.cli.main import main
from tests.cli.conftest import Configure, Ran, Runner

LOG = ("--actor", "ins", "finding", "log", "--source", "督查")
ASSIGN = ("--actor", "off", "finding", "assign", "1", "--unit", "fin", "--criteria", "x")

REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("an unknown number", ("finding", "show", "TZ-2026-999"), "finding.unknown"),
    ("a number that is none", ("finding", "history", "x\x1b[31m"), "finding.unknown"),
    ("a wrong state", ("--actor", "app", "finding", "close", "1"), "state.wrong"),
    ("no such role", ("--actor", "aud", *LOG[2:], "--title", "x"), "role.missing"),
    ("nobody of that id", ("--actor", "nobody", *LOG[2:], "--title", "x"), "person.unknown"),
    ("nobody said who", (*LOG[2:], "--title", "x"), "actor.missing"),
    ("an overlong title", (*LOG, "--title", "长" * 2_001), "text.too-long"),
    ("a control character", (*LOG, "--title", "a\x1b[2Jb"), "text.control"),
    ("an empty title", (*LOG, "--title", " \n "), "text.missing"),
    ("a future day", (*LOG, "--title", "x", "--found-on", "2999-01-01"), "date.future"),
    ("no such programme", (*LOG, "--title", "x", "--programme", "NONE"), "programme.unknown"),
    ("no such unit", (*ASSIGN[:6], "nowhere", *ASSIGN[7:], "--class", "sustained"), "unit.unknown"),
    ("no deadline", (*ASSIGN, "--class", "time_bound"), "assign.no-deadline"),
    ("a due date gone by", (*ASSIGN, "--class", "phased", "--due", "2020-01-01"), "assign.due-before"),
    ("review dates of what is not sustained", (*ASSIGN, "--class", "phased", "--due", "review:2999-01-01"), "due.reviews"),
    ("an extension before it was assigned", ("--actor", "officer", "finding", "extend", "1", "--due", "10wd", "--reason", "x"),
     "state.wrong"),
    ("a moment that is none", ("finding", "show", "1", "--as-of", "once"), "when.malformed"),
    ("a moment to come", ("finding", "list", "--as-of", "2999-01-01"), "when.future"),
    ("the last of all days", ("finding", "list", "--as-of", "9999-12-31"), "when.future"),
    ("figures since the last of all days", ("figures", "--since", "9999-12-31"), "when.future"),
    ("differences from the last of all days", ("finding", "diff", "--from", "9999-12-31"), "when.future"),
    ("the first of all moments", ("finding", "list", "--as-of", "0001-01-01T00:00"), "when.too-early"),
    ("a week before the first of all days",
     ("export", "weekly", "--format", "md", "-o", "{ledger}-x.md", "--as-of", "0001-01-01"), "when.too-early"),
    ("an event that is not there", ("figures", "--as-of", "#999999"), "when.no-event"),
    ("moments the wrong way round", ("finding", "diff", "1", "--from", "#6", "--to", "#5"), "when.order"),
    ("a version that is not there", ("finding", "diff", "1", "--from", "7"), "when.no-version"),
    ("a link to itself", ("--actor", "ins", "finding", "link", "1", "1"), "link.itself"),
    ("a policy without a change", ("--actor", "admin", "policy", "set"), "amend.no-change"),
    ("a policy with no such calendar", ("--actor", "admin", "policy", "set", "--calendar", "mars"), "policy.calendar"),
    ("a policy with too many days", ("--actor", "admin", "policy", "set", "--due-soon", "9999"), "policy.number"),
    ("a policy about no step", ("--actor", "admin", "policy", "set", "--roles", "dance=office"), "policy.command"),
    ("a calendar that is not there", ("--actor", "admin", "calendar", "correct", "mars", "--edition", "2"), "calendar.unknown"),
    ("a file that is not there", ("--actor", "admin", "calendar", "adopt", "{ledger}/none.txt"), "file.unreadable"),
    ("a file that is no calendar", ("--actor", "admin", "calendar", "adopt", "{ledger}/ledger.db"), "calendar.malformed"),
    ("a field that cannot be amended", ("--actor", "ins", "finding", "amend", "1", "--field", "status", "--value", "x",
                                        "--reason", "x"), "amend.unknown-field"),
    ("a duplicate of itself", ("--actor", "boss", "finding", "withdraw", "1", "--grounds", "x", "--duplicate-of", "1"),
     "duplicate.itself"),
    ("a unit that exists", ("--actor", "admin", "unit", "add", "--id", "fin", "--name", "x"), "unit.exists"),
    ("an id that is none", ("--actor", "admin", "unit", "add", "--id", "../x", "--name", "x"), "text.identifier"),
    ("no admin", ("--actor", "ins", "unit", "add", "--id", "new", "--name", "x"), "role.missing"),
    ("the last admin", ("--actor", "admin", "person", "amend", "--id", "admin", "--active", "no"), "person.last-admin"),
    ("a filter with no such field", ("finding", "list", "shape:1"), "filter.unknown-field"),
    ("a filter with no such value", ("figures", "状态:飞了"), "filter.unknown-value"),
    ("a filter that does not end", ("export", "closure", "--format", "csv", "-o", "x.csv", '"abc'), "filter.unclosed"),
    ("a ledger that exists", ("ledger", "init", "{ledger}"), "ledger.exists"),
    ("a table into nowhere", ("export", "closure", "--format", "csv", "-o", "{ledger}-no/where.csv"), "export.cannot-write"),
    ("a table over a folder", ("export", "problems", "--format", "xlsx", "-o", "/"), "export.not-a-file"),
]  # fmt: skip

MISUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("no such group", ("nothing",), "usage.unknown-command"),
    ("no such command", ("finding", "dance", "1"), "usage.unknown-command"),
    ("a group alone", ("ledger",), "usage.no-command"),
    ("nothing required", ("finding", "log"), "usage.required"),
    ("an option without its value", ("finding", "log", "--title"), "usage.no-value"),
    ("a flag with a value", ("finding", "list", "--json=yes"), "usage.no-value-wanted"),
    ("an unknown option", ("finding", "show", "1", "--at", "2020-01-01"), "usage.unrecognised"),
    ("a filter where one finding is meant", ("finding", "diff", "1", "--from", "1", "--filter", "x"), "usage.unrecognised"),
    ("a programme without a code", ("--actor", "admin", "programme", "open"), "usage.required"),
    ("a stage that is no pair", ("--actor", "admin", "policy", "set", "--stage", "notice"), "usage.pair"),
    ("no such level", ("finding", "remind", "1", "--level", "loud"), "usage.choice"),
    ("a shortened option", (*LOG, "--tit", "x"), "usage.required"),
    ("bytes that are no text", (*LOG, "--title", "a\udcff"), "usage.not-text"),
    ("a number of such bytes", ("finding", "show", "\udcff"), "usage.not-text"),
    ("a filter of such bytes", ("finding", "list", "x", "\udcff"), "usage.not-text"),
    ("a terminal where there is none", ("tui",), "usage.no-terminal"),
    ("no such language", ("--lang", "fr", "finding", "list"), "usage.language"),
    ("no such class", (*ASSIGN, "--class", "soon"), "usage.choice"),
    ("no such role", ("person", "add", "--id", "x", "--name", "x", "--role", "king"), "usage.choice"),
    ("no such order", ("finding", "list", "--sort", "beauty"), "usage.choice"),
    ("no such dimension", ("figures", "--by", "colour"), "usage.choice"),
    ("no such format", ("export", "closure", "--format", "odt", "-o", "x"), "usage.choice"),
    ("a day that is none", (*LOG, "--title", "x", "--found-on", "2026-02-30"), "usage.date"),
    ("a due date that is none", (*ASSIGN, "--class", "phased", "--due", "soon"), "due.malformed"),
    ("a day for --on that is none", (*LOG, "--title", "x", "--on", "yesterday"), "usage.date"),
    ("a measure that is no number", ("--actor", "officer", "finding", "act", "1", "--measure", "one", "--progress",
                                     "done", "--text", "x"), "usage.number"),
    ("a limit below nothing", ("finding", "list", "--limit=-3"), "usage.number"),
]  # fmt: skip

PARAMETERS = pytest.mark.parametrize(
    ("argv", "code", "expected"),
    [
        *(pytest.param(argv, code, 1, id=name) for name, argv, code in REFUSED),
        *(pytest.param(argv, code, 2, id=name) for name, argv, code in MISUSED),
    ],
)


@pytest.fixture
def logged(ledger: Runner) -> Runner:
    assert ledger.log() == ledger.ok("finding", "list", "--json").json[0]["number"]
    return ledger


@PARAMETERS
def test_one_sentence_its_exit_code_and_an_untouched_ledger(
    logged: Runner, argv: tuple[str, ...], code: str, expected: int
) -> None:
    argv = tuple(word.format(ledger=logged.path) if word.startswith("{") else word for word in argv)
    before = logged.size()
    told = logged("--json", *(word for word in argv if word != "--json=yes"), *[w for w in argv if w == "--json=yes"])
    assert told.code == expected, told
    error = told.json["error"]
    assert error["code"] == code
    assert set(error) == {"code", "message", "params"}
    assert told.err == ""

    for lang in ("zh", "en"):
        if code == "usage.language":
            break
        spoken = logged("--lang", lang, *argv)
        assert (spoken.code, spoken.out) == (expected, "")
        _is_one_sentence(spoken, "。" if lang == "zh" else ".")
    assert logged.size() == before
    assert logged.ok("finding", "list", "--json").json[0]["version"] == 1


def _is_one_sentence(ran: Ran, end: str) -> None:
    assert ran.err.endswith(f"{end}\n"), ran.err
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err


def no_ledger(path: Path) -> None:
    path.rmdir()


def an_empty_folder(path: Path) -> None:
    assert path.is_dir()


def a_file(path: Path) -> None:
    path.rmdir()
    path.write_text("x")


def not_a_database(path: Path) -> None:
    (path / "ledger.db").write_text("this is no database at all, and longer than a header would be" * 20)


def another_database(path: Path) -> None:
    from taizhang.ledger.store.sqlite.driver import choose_driver

    connection = choose_driver().connect(f"file:{path / 'ledger.db'}", 1.0)
    connection.execute("CREATE TABLE t (x)")
    connection.close()


@pytest.mark.parametrize("make", [no_ledger, an_empty_folder, a_file, not_a_database, another_database])
@pytest.mark.parametrize(
    "argv", [("finding", "list"), ("finding", "log", "--title", "x", "--source", "y"), ("ledger", "verify")]
)
def test_what_is_no_ledger_is_said_to_be_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: object, argv: tuple[str, ...]
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    make(place)  # type: ignore[operator]
    before = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    runner = Runner(place, capsys)
    ran = runner(*argv)
    assert (ran.code, ran.out) == (3, "")
    assert "不是台账" in ran.err
    _is_one_sentence(ran, "。")
    assert runner("--json", *argv).json["error"]["code"] == "store.not-a-ledger"
    assert (sorted(path.name for path in place.iterdir()) if place.is_dir() else []) == before


def test_the_default_ledger_is_named_where_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["finding", "list"]) == 3
    assert str(tmp_path / "data" / "taizhang" / "ledger") in capsys.readouterr().err


def test_init_refuses_a_folder_with_something_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    assert main(["--json", "ledger", "init", str(tmp_path / "full")]) == 1
    assert "ledger.not-empty" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("--origin", "has blank", "ledger.origin"), ("--origin", "台账", "ledger.origin"),
     ("--timezone", "Mars/Base", "ledger.timezone"), ("--timezone", "../../etc/passwd", "ledger.timezone")],
)  # fmt: skip
def test_init_refuses_a_name_or_zone_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, code: str
) -> None:
    ran = Runner(tmp_path / "x", capsys)("ledger", "init", str(tmp_path / "new"), option, value, "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == code
    assert not (tmp_path / "new").exists()


def test_a_file_that_cannot_be_attached(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.acknowledged()
    size = ledger.size()
    for source, code in ((tmp_path / "missing.txt", "evidence.no-file"), (tmp_path, "evidence.not-a-file")):
        ran = ledger("--actor", "officer", "--json", "finding", "attach", number, str(source))
        assert ran.code == 1
        assert ran.json["error"]["code"] == code
    assert ledger.size() == size


def test_a_broken_configuration_file_is_named(ledger: Runner, configure: Configure) -> None:
    path = configure("actor = [")
    ran = ledger("finding", "list")
    assert (ran.code, ran.out) == (2, "")
    assert str(path) in ran.err
    configure("actor = 3")
    ran = ledger("--json", *LOG[2:], "--title", "x")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "config.not-text"


def test_what_nobody_expected_is_one_sentence_too(ledger: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise ZeroDivisionError("x\x1b[2J")

    monkeypatch.setattr(entry, "_perform", burst)
    ran = ledger("finding", "list")
    assert (ran.code, ran.out) == (3, "")
    assert "ZeroDivisionError" in ran.err
    _is_one_sentence(ran, "。")
    monkeypatch.setenv("TAIZHANG_DEBUG", "1")
    assert "Traceback" in ledger("finding", "list").err


def test_an_interruption_has_its_own_code(ledger: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_perform", stop)
    assert ledger("finding", "list").code == 130
