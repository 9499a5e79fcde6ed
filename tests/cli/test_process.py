"""The command line as a process: what the shell, a pipe and a terminal see; and what a start loads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from taizhang.cli.commands import runner
from taizhang.cli.output import width_of
from taizhang.cli.table import COMMANDS
from tests.cli.conftest import Runner

COMMAND = [sys.executable, "-m", "taizhang"]


def run(*argv: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *argv], capture_output=True, check=False, env={**os.environ, **more}, timeout=60)


def test_a_whole_process(ledger: Runner) -> None:
    number = ledger.log("甲乙")
    done = run("finding", "list", "--json", TAIZHANG_LEDGER=str(ledger.path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["number"] == number
    refused = run("--ledger", str(ledger.path), "--actor", "aud", "finding", "close", number)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode().count("\n") == 1


def test_bytes_that_are_no_text_are_refused_and_can_be_read(ledger: Runner) -> None:
    argv = [*map(os.fsencode, COMMAND), b"--ledger", os.fsencode(ledger.path), b"--json", b"--actor", b"ins",
            b"finding", b"log", b"--source", b"x", b"--title", b"a\xff"]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "usage.not-text"
    shown = subprocess.run([*argv[:5], b"finding", b"show", b"\xff\xfe"], capture_output=True, check=False, timeout=60)
    assert shown.returncode == 2
    assert shown.stderr.count(b"\n") == 1


def test_an_ascii_terminal_loses_no_run(ledger: Runner) -> None:
    ledger.log("甲乙")
    done = run("--ledger", str(ledger.path), "finding", "list", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"\\u7532" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close differently")
def test_a_reader_who_leaves_is_no_error(ledger: Runner) -> None:
    ledger.log()
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(
            [*COMMAND, "--ledger", str(ledger.path), "finding", "list"],
            stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_an_interruption(tmp_path: Path) -> None:
    code = "import os, signal; from taizhang.cli import main as m; m._perform = lambda *a: os.kill(os.getpid(), signal.SIGINT); raise SystemExit(m.main(['tui']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 130, done
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize(
    "argv", [("finding", "list"), ("finding", "show", "1"), ("finding", "history", "1"), ("figures",)]
)
def test_on_a_terminal_lines_fit_and_words_have_colours(ledger: Runner, argv: tuple[str, ...]) -> None:
    ledger.log("很长很长很长的问题描述文字" * 10)
    out = on_terminal(60, "--ledger", str(ledger.path), *argv)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    if argv != ("figures",):
        assert all(width_of(line) <= 60 for line in plain.splitlines()), plain
    if argv == ("finding", "list"):
        assert "\x1b[32m正常\x1b[0m" in out
    assert "\x1b" not in on_terminal(60, "--ledger", str(ledger.path), *argv, NO_COLOR="1")


def on_terminal(columns: int, *argv: str, **more: str) -> str:
    """Run a command on a pseudo-terminal and return what it drew."""
    import fcntl
    import pty
    import struct
    import termios

    inner, outer = pty.openpty()
    fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "", "COLUMNS": "", **more}
    with subprocess.Popen([*COMMAND, *argv], stdin=outer, stdout=outer, stderr=outer, env=environment) as process:
        os.close(outer)
        chunks = []
        try:
            while chunk := os.read(inner, 65_536):
                chunks.append(chunk)
        except OSError:  # what Linux says at the end of a terminal
            pass
        process.wait(60)
    os.close(inner)
    assert process.returncode == 0
    return b"".join(chunks).decode().replace("\r\n", "\n")


def loaded_by(*argv: str) -> set[str]:
    code = (
        "import sys; from taizhang.cli.main import main; code = main(sys.argv[1:]); "
        "print(code, *sorted({name for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, text=True, check=False, timeout=60)
    code_said, *names = done.stderr.splitlines()[-1].split()
    assert code_said == "0", done.stderr
    return set(names)


@pytest.mark.parametrize("argv", [("finding", "list"), ("finding", "show", "1"), ("finding", "list", "--json")])
def test_reading_loads_nothing_that_it_does_not_need(ledger: Runner, argv: tuple[str, ...]) -> None:
    ledger.log()
    names = loaded_by("--ledger", str(ledger.path), *argv)
    for name in ("eventsourcing", "textual", "xlsxwriter", "sqlite_utils", "tomllib",
                 "taizhang.ledger.ledger", "taizhang.locale.en"):  # fmt: skip
        assert name not in names, f"{' '.join(argv)} loads {name}"


def test_every_command_can_be_run() -> None:
    for command in (*COMMANDS, None):
        assert callable(runner(command))
        assert runner(command).__doc__, command
