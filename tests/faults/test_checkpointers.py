"""Writers and three checkpointers in processes of their own: what corrupted SQLite before 3.51.3 leaves the file whole."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.ledger.store.sqlite.driver import choose_driver
from tests.store.support import open_store, start_python

WRITER = """
import sys
from pathlib import Path
from taizhang.ledger.domain.errors import Unreachable
from tests.store.support import event, open_store, record
recorder = open_store(Path(sys.argv[1]))
for version in range(1, int(sys.argv[3]) + 1):
    while True:
        try:
            record(recorder, event(sys.argv[2], version, state=b"{}"))
            break
        except Unreachable as refusal:  # a machine that is busy with something else for a minute
            if refusal.code != "store.busy":
                raise
recorder.datastore.close()
"""
CHECKPOINTER = """
import sys, time
from pathlib import Path
from taizhang.ledger.store.sqlite.driver import choose_driver
driver = choose_driver()
raw = driver.connect(Path(sys.argv[1]).as_uri() + "?mode=rw", 5.0)
done = 0
while not Path(sys.argv[3]).exists():
    try:
        raw.execute(f"PRAGMA wal_checkpoint({sys.argv[2]})").fetchall()
        done += 1
    except driver.error as error:
        if "locked" not in str(error):
            raise
    time.sleep(0.002)
print(done)
"""


@pytest.mark.parametrize("commits", [600, pytest.param(1_000_000, marks=pytest.mark.torture)])
def test_commits_and_checkpoints_at_once(tmp_path: Path, commits: int, capsys: pytest.CaptureFixture[str]) -> None:
    root, database, end = Path(__file__).resolve().parents[2], tmp_path / "ledger.db", tmp_path / "end"
    commits = int(os.environ.get("TORTURE_COMMITS", commits)) if commits > 600 else commits
    open_store(database).datastore.close()
    checkpointers = [
        start_python(CHECKPOINTER, database, mode, end, cwd=root) for mode in ("PASSIVE", "RESTART", "TRUNCATE")
    ]
    writers = [start_python(WRITER, database, who, str(commits // 2), cwd=root) for who in ("a", "b")]
    try:
        for writer in writers:
            assert _ended(writer) == ""
    finally:
        end.touch()
    checkpoints = [int(_ended(process)) for process in checkpointers]
    driver = choose_driver()
    with closing(driver.connect(f"{database.as_uri()}?mode=ro", 5.0)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = raw.execute("SELECT stream, count(*), max(version) FROM events GROUP BY stream").fetchall()
        last = raw.execute("SELECT max(position) FROM events").fetchone()[0]
    assert (found, last) == ([(who, commits // 2, commits // 2) for who in ("a", "b")], commits // 2 * 2)
    recorder = open_store(database)
    with closing(recorder.datastore):
        assert recorder.schema_differences() == []
        assert len(recorder.root()) == 32
    with capsys.disabled():
        print(f"\n{last} commits by two writers beside three checkpointers ({checkpoints} checkpoints): clean")


def _ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=24 * 3_600)
    assert (process.returncode, err) == (0, ""), err
    return out.strip()
