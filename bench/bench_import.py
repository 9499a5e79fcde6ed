"""Importing a sheet of 50,000 findings, against reading it with bare calamine and recording the same events in bulk."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import CATEGORIES, MEASURES, PART, SOURCES, WHERE, title
from bench.measure import Report, seconds
from taizhang.composition import init_ledger, open_desk, open_ledger
from taizhang.ledger.store.contract import NewEvent
from taizhang.service.imports import Wish

ROWS = int(os.environ.get("TAIZHANG_BENCH_ROWS", "50000"))
ROUNDS = 3
HEADINGS = ("序号", "问题编号", "问题来源", "问题类别", "具体问题表述", "责任单位", "配合单位", "责任领导", "整改措施", "整改类别", "交办日期",
            "整改时限", "销号标准", "整改进展", "完成情况")  # fmt: skip


def main() -> None:
    report = Report()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as held:
        folder = Path(held)
        sheet = folder / "台账.xlsx"
        write(sheet)
        ours, read, recorded = [], [], []
        for round_ in range(ROUNDS):
            path = folder / f"ledger-{round_}"
            init_ledger(path, programme="B-2026")
            desk = open_desk(path)
            imports = desk.imports()

            def imported(imports=imports) -> None:  # type: ignore[no-untyped-def]
                done = imports.record(imports.plan(Wish(sheet, actor="admin")))
                assert done.recorded == ROWS, done.recorded

            ours.append(seconds(imported))
            desk.close()
            read.append(seconds(lambda: bare_read(sheet)))
            recorded.append(bare_recording(path, folder / f"copy-{round_}"))
        report.ratio(f"importing {ROWS} rows", min(ours), min(read) + min(recorded), "s", at_most=2.0)
        report.note(f"bare: reading {min(read):.2f} s, recording {min(recorded):.2f} s; ours, each round: {ours}")
    report.close()


def write(path: Path) -> None:
    """Write the sheet: a title, a reporting line, a header, and a finding a row."""
    import xlsxwriter

    rng = random.Random(11)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("整改台账")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, "全市问题整改台账")
    sheet.write_string(1, 0, "填报单位：督导办")
    sheet.write_string(1, 11, "截止日期：2023年12月31日")
    sheet.write_row(2, 0, HEADINGS)
    for at in range(ROWS):
        given = date(2023, 1, 1) + timedelta(days=rng.randrange(200))
        texts = (
            rng.choice(SOURCES), rng.choice(CATEGORIES), title(rng), f"市{rng.choice(WHERE)}{rng.choice(PART)}", "",
            "分管领导", f"1.{rng.choice(MEASURES)}\n2.{rng.choice(MEASURES)}", rng.choice(("立行立改", "限期整改", "分阶段整改")),
        )  # fmt: skip
        sheet.write_number(at + 3, 0, at + 1)
        sheet.write_string(at + 3, 1, f"JZ-2023-{at + 1:05d}")
        for column, text in enumerate(texts, 2):
            if text:
                sheet.write_string(at + 3, column, text)
        sheet.write_datetime(at + 3, 10, given, day)
        sheet.write_datetime(at + 3, 11, given + timedelta(days=60), day)
        sheet.write_string(at + 3, 12, "办法印发；谈话覆盖重点岗位")
        sheet.write_string(at + 3, 13, f"{rng.randrange(1, 12):02d}-14 申请销号；抽查{rng.randrange(99)}处")
        sheet.write_string(at + 3, 14, rng.choice(("已销号", "整改中", "待核查", "已销号（逾期）", "正在推进")))
    book.close()


def bare_read(path: Path) -> None:
    """Read every cell with calamine and do nothing with it."""
    import python_calamine

    with path.open("rb") as file:
        book = python_calamine.load_workbook(file)
        for name in book.sheet_names:
            assert book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def bare_recording(source: Path, target: Path) -> float:
    """Return how long it takes to append the events of a ledger to an empty one, in one transaction."""
    with open_ledger(source) as ledger:
        events = [NewEvent(row.stream, row.version, row.topic, row.state, row.command) for row in ledger.store.scan()]
    target.mkdir()
    copy = open_ledger(target, create=True)

    def append() -> None:
        with copy.store.writing() as tx:
            tx.append(events)

    took = seconds(append)
    copy.close()
    return took


if __name__ == "__main__":
    main()
