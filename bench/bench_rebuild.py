"""Rebuilding all read models: against a bare scan + decode + fold + executemany loop of the same rows, and its memory."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import corpus
from bench.measure import Report
from taizhang.composition import open_views
from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.store.sqlite.log import LogReader
from taizhang.projections import problems, registry, search

BATCH = 10_000


def main() -> None:
    """Each side runs in a process of its own, so that its memory is its own; in turn, twice."""
    if len(sys.argv) > 2:
        {"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))
        return
    report = Report()
    corpus()
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
    for _ in range(2):
        for side, runs in taken.items():
            with tempfile.TemporaryDirectory() as folder:
                runs.append(_measured(side, Path(folder)))
    ours_s, bare_s = min(run[0] for run in taken["ours"]), min(run[0] for run in taken["bare"])
    report.ratio("rebuild of all read models", ours_s, bare_s, "s", at_most=3)
    report.limit("its memory", max(run[1] for run in taken["ours"]), "MB", 400)
    report.note(f"the bare loop holds every state: {max(run[1] for run in taken['bare']):.0f} MB")
    report.close()


def _measured(side: str, folder: Path) -> tuple[float, float]:
    printed = subprocess.run(
        [sys.executable, __file__, side, str(folder)], check=True, capture_output=True, text=True
    ).stdout.split()
    return float(printed[-2]), float(printed[-1])


def _print(started: float) -> None:
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def ours(folder: Path) -> None:
    """What `taizhang ledger rebuild` does."""
    log = LogReader(corpus())
    views = open_views(folder, log)
    started = time.perf_counter()
    views.rebuild(log)
    _print(started)


def bare(folder: Path) -> None:
    """Scan, decode, fold in memory, write the same rows into the same tables in one go, index: nothing else.

    The rows come from a finished file, and the words of the full-text index are split beforehand, so that the loop pays
    for nothing but writing them.
    """
    finished = folder / "finished"
    subprocess.run([sys.executable, __file__, "ours", str(finished)], check=True, capture_output=True)
    (source,) = finished.glob("views-*.db")
    log = LogReader(corpus())
    read = log.connect(source, True)
    tables, indexes = _statements(read)
    rows = {name: read.execute(f"SELECT * FROM {name}").fetchall() for name in tables if name != "search"}
    register = registry.load(read)
    rows["search"] = [
        search.row(id_, problems.unpacked(state), register) for id_, state in read.execute("SELECT * FROM states")
    ]
    target = log.connect(folder / "bare.db", False)
    for setting in ("journal_mode = OFF", "synchronous = OFF"):
        target.execute(f"PRAGMA {setting}").fetchall()
    started = time.perf_counter()
    findings: dict[str, Finding] = {}
    index = -1
    while batch := log.after(index, BATCH):
        for columns in batch:
            if columns[1].startswith(catalogue.FINDING_PREFIX):
                entry: Entry[Any] = catalogue.entry(*columns)
                findings[entry.stream] = evolve(findings.get(entry.stream), entry)
        index = batch[-1][0]
    target.execute("BEGIN")
    for name, statement in tables.items():
        target.execute(statement)
        if rows[name]:
            places = ", ".join("?" * len(rows[name][0]))
            into = search.INSERT if name == "search" else f"INSERT INTO {name} VALUES ({places})"
            target.executemany(into, rows[name])
    for statement in indexes:
        target.execute(statement)
    target.execute("COMMIT")
    _print(started)
    shutil.rmtree(finished)


def _statements(connection: Any) -> tuple[dict[str, str], list[str]]:
    found = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    shadow = ("search_", "initials_", "sqlite_")
    tables = {name: sql for kind, name, sql in found if kind == "table" and not name.startswith(shadow)}
    return tables, [sql for kind, name, sql in found if kind == "index" and not name.startswith(shadow)]


if __name__ == "__main__":
    main()
