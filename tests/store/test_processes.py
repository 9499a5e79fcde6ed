"""Several processes at one ledger: a cold start, a crowd of writers, and processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.recorder import LedgerRecorder
from tests.store.support import rfc6962, start_python

WORK = """
import sys, time
from pathlib import Path
from tests.store.support import event, open_store, record

path, who, commands, mixed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4] == "mixed"
sys.stdin.readline()  # all start at once
recorder = open_store(path)
longest, version = 0.0, 0
for number in range(1, commands + 1):
    started = time.monotonic()
    if mixed and number % 20 == 0:
        with recorder.writing() as tx:  # numbers dealt out of what the others have recorded
            last = tx.last_stream("finding/A/")
            ordinal = int(last.rpartition("/")[2]) + 1 if last else 1
            tx.append([event(f"finding/A/{ordinal:08d}", command=f"{who}-{number}")])
    else:
        version += 1
        record(recorder, event(f"stream-{who}", version, command=f"{who}-{number}"))
    longest = max(longest, time.monotonic() - started)
recorder.datastore.close()
print(longest)
"""

KILLED = """
import sys
from pathlib import Path
from tests.store.support import event, open_store, record

recorder = open_store(Path(sys.argv[1]))
version = len(recorder.read_stream(sys.argv[2]))
while True:
    version += 1
    burst = 1 if version % 7 else 40
    record(recorder, *(event(sys.argv[2], version + more) for more in range(burst)))
    version += burst - 1
    print(version, flush=True)
"""


def check_whole(recorder: LedgerRecorder) -> None:
    """Check that positions and versions have no gaps, that the tree fits, and that SQLite finds the file whole."""
    rows = list(recorder.scan())
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
    versions: dict[str, int] = {}
    for row in rows:
        versions[row.stream] = versions.get(row.stream, 0) + 1
        assert row.version == versions[row.stream]
    assert recorder.root() == rfc6962([row.leaf for row in rows])
    assert recorder.schema_differences() == []
    with recorder.datastore.get_connection(commit=False) as connection:
        assert connection.raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def crowd(ledger: Path, repository: Path, processes: int, commands: int) -> list[float]:
    """Start processes that all record at once; return the longest wait of each, in seconds."""
    crowd = [
        start_python(WORK, ledger, who, commands, "mixed" if who % 2 else "plain", cwd=repository)
        for who in range(processes)
    ]
    time.sleep(0.5)
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    waits = []
    for process in crowd:
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err
        assert err == ""
        waits.append(float(out))
    return waits


@pytest.mark.parametrize(
    ("processes", "commands"), [(8, 60), pytest.param(8, 500, marks=pytest.mark.torture)], ids=["few", "many"]
)
def test_a_crowd_on_a_cold_start_loses_nothing(
    ledger: Path, repository: Path, reopen: Callable[[], LedgerRecorder], processes: int, commands: int
) -> None:
    waits = crowd(ledger, repository, processes, commands)
    recorder = reopen()
    assert recorder.count() == processes * commands
    assert len({row.command for row in recorder.scan()}) == processes * commands
    check_whole(recorder)
    assert max(waits) < 30


def kill_in_the_middle(process: subprocess.Popen[str], after: int) -> int:
    """Kill the process after so many acknowledgements; return the last version that it acknowledged."""
    assert process.stdout is not None
    acknowledged = 0
    for _ in range(after):
        acknowledged = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split("\n")[:-1]  # what was in the pipe; a line cut short acknowledges nothing
    process.wait(30)
    return int(rest[-1]) if rest else acknowledged


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.torture)], ids=["few", "many"])
def test_a_kill_loses_nothing_that_was_acknowledged(
    ledger: Path, repository: Path, reopen: Callable[[], LedgerRecorder], rounds: int
) -> None:
    acknowledged = {"a": 0, "b": 0}
    for number in range(rounds):
        writers = {stream: start_python(KILLED, ledger, stream, cwd=repository) for stream in acknowledged}
        for stream, process in writers.items():
            with process:
                acknowledged[stream] = kill_in_the_middle(process, 3 + number * 7 % 40)
        recorder = reopen()
        for stream, version in acknowledged.items():
            versions = [row.version for row in recorder.read_stream(stream)]
            assert versions == list(range(1, len(versions) + 1))
            assert len(versions) >= version
        check_whole(recorder)
        recorder.datastore.close()
