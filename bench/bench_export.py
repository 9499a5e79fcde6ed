"""Exports: 50,000 findings as a workbook, and a Word document of 200 pages.

The workbook is held against a bare xlsxwriter loop (constant memory) over the very same cells and formats, which are in memory
before it starts; ours also reads the findings, puts them into words and finds out how high each row is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("TAIZHANG_BENCH_FINDINGS", "50000")  # a ledger of its own, before `corpus` asks

from bench.corpus import FINDINGS, corpus
from bench.measure import Report, in_turn, seconds
from taizhang.composition import open_desk
from taizhang.locale.words import words_for
from taizhang.projections import problems, registry
from taizhang.projections.export.labels import Labels
from taizhang.projections.export.pages import grid_of
from taizhang.projections.export.tables import TABLES, Kind
from taizhang.service.desk import Desk, ExportKind, ExportOptions, Query

ROUNDS = 3
MEMORY = 200
PAGES, LONG = 200, 4_500
"""LibreOffice makes 48 pages of the first thousand findings of this ledger's closure table, so of these more than 200."""

SECONDS_FOR_PAGES = 1_200


def cells_of(desk: Any, kind: Kind) -> list[list[Any]]:
    """Return every cell of the table, as the writer is given them."""
    by, words = desk.yardstick(), words_for("zh")

    def work(connection: Any) -> list[list[Any]]:
        labels = Labels(registry.load(connection), words, by)
        grid = grid_of("", TABLES[kind], problems.findings(connection), labels)
        return [cells for cells, _ in grid.rows]

    return desk._views.view(desk._log, work)


def bare(target: Path, rows: list[list[Any]]) -> None:
    """Write the cells, and nothing else."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    style = book.add_format({"border": 1, "text_wrap": True})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                sheet.write_string(at, column, value, style)
            elif value is None or value == "":
                sheet.write_blank(at, column, None, style)
            elif isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write_number(at, column, value, style)
    book.close()


def memory(kind: ExportKind, target: Path) -> float:
    """Return the peak resident memory, in MB, of a process that does nothing but this export."""
    done = subprocess.run(
        [sys.executable, __file__, "--once", kind, str(target)], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def once(kind: str, target: str) -> None:
    """Export once and print the peak memory: that of this program alone (`ru_maxrss` would count whom it was forked from)."""
    desk = open_desk(corpus())
    desk.export(ExportKind(kind), "xlsx", Path(target), Query(), "zh")
    desk.close()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def pages(desk: Desk, report: Report, folder: Path) -> None:
    """Measure a closure table of 200 pages and more as a Word document; they are counted where TAIZHANG_BENCH_PAGES is set."""
    target = folder / "t.docx"
    options = ExportOptions(most=LONG)
    assert desk.count("") >= LONG
    took = seconds(lambda: desk.export(ExportKind.CLOSURE, "docx", target, Query(), "zh", options=options))
    report.limit(f"a Word document of {LONG} findings, more than {PAGES} pages", took, "s", 20.0)
    if os.environ.get("TAIZHANG_BENCH_PAGES"):
        count = counted(target)
        report.note(f"LibreOffice makes {count} pages of it")
        assert count >= PAGES


def counted(document: Path) -> int:
    """Return how many pages LibreOffice makes of a document; it takes minutes."""
    office = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(document.parent), str(document)]
    subprocess.run(office, check=True, capture_output=True, timeout=SECONDS_FOR_PAGES)
    done = subprocess.run(["pdfinfo", document.with_suffix(".pdf")], check=True, capture_output=True, text=True)
    return int(done.stdout.split("Pages:")[1].split()[0])


def main() -> None:
    """Run."""
    report = Report()
    desk = open_desk(corpus())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in (Kind.PROBLEMS, Kind.CLOSURE):
            rows = cells_of(desk, kind)
            report.note(f"{FINDINGS} findings, {len(rows) * len(rows[0])} cells")
            ours, peer = in_turn(
                lambda kind=kind: desk.export(ExportKind(kind), "xlsx", folder / "ours.xlsx", Query(), "zh"),
                lambda rows=rows: bare(folder / "bare.xlsx", rows),
                ROUNDS,
            )
            del rows
            report.ratio(f"{kind} as xlsx", ours, peer, "s", at_most=1.3)
            report.limit(f"{kind} as xlsx, peak memory", memory(ExportKind(kind), folder / "once.xlsx"), "MB", MEMORY)
        pages(desk, report, folder)
    desk.close()
    report.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(*sys.argv[2:])
    else:
        main()
