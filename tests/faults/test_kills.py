"""Two writers are killed again and again: nothing that either acknowledged is lost, and the file is whole.

All of it runs in a process of its own, which forks the writers: a thousand starts of Python would take longer than the rest.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.store.support import run_python

ROUNDS = """
import json, os, random, signal, struct, sys, time
from pathlib import Path
from tests.faults.whole import events_in
from tests.store.support import STATE, event, open_store, record

wanted, chance = int(sys.argv[2]), random.Random(1000)
A_LEDGER = 20  # rounds: what is read again after every kill stays short


def write(database, stream, pipe):
    recorder = open_store(database)
    version = len(recorder.read_stream(stream))
    while True:
        burst = 1 if version % 7 else 30
        record(recorder, *(event(stream, version + more, state=STATE * (1 + version % 5)) for more in range(1, burst + 1)))
        version += burst
        os.write(pipe, struct.pack(">I", version))


def started(database, stream):
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        try:
            write(database, stream, into)
        finally:
            os._exit(1)
    os.close(into)
    return child, out


def heard(out):
    data = b""
    while chunk := os.read(out, 65536):
        data += chunk
    os.close(out)
    whole = len(data) // 4 * 4
    return struct.unpack(">I", data[whole - 4 : whole])[0] if whole else 0


kills = rounds = acknowledged = 0
while kills < wanted:
    folder = Path(sys.argv[1]) / str(rounds // A_LEDGER)
    folder.mkdir(exist_ok=True)
    database = folder / "ledger.db"
    last = {"a": 0, "b": 0} if rounds % A_LEDGER == 0 else last
    if rounds % A_LEDGER == 0:
        open_store(database).datastore.close()
    writers = {stream: started(database, stream) for stream in last}
    time.sleep(chance.uniform(0.02, 0.12))
    for child, _ in writers.values():
        os.kill(child, signal.SIGKILL)
        kills += 1
        time.sleep(chance.choice((0, 0, 0.01)))
    for stream, (child, out) in writers.items():
        last[stream] = max(last[stream], heard(out))
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"round {rounds}: a writer ended by itself"
    found = events_in(database)
    assert isinstance(found, int), (rounds, found)
    recorder = open_store(database)
    for stream, version in last.items():
        kept = len(recorder.read_stream(stream))
        assert kept >= version, (rounds, stream, kept, version)
        last[stream] = kept
    recorder.datastore.close()
    acknowledged += found
    rounds += 1
print(json.dumps({"kills": kills, "rounds": rounds, "lost": 0, "events looked at": acknowledged}))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor SIGKILL")
@pytest.mark.parametrize("kills", [20, pytest.param(1_000, marks=pytest.mark.torture)])
def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(__file__).resolve().parents[2]
    told = json.loads(run_python(ROUNDS, tmp_path, str(kills), cwd=root, timeout=3_600))
    with capsys.disabled():
        print(f"\nkills with two writers: {told}")
    assert told["kills"] >= kills
