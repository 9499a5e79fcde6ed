"""What the exported files hold, read back by other programs' readers; and that a file comes whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding, Measure
from taizhang.locale.words import words_for
from taizhang.projections.export import Format, Kind, write_table
from taizhang.projections.export.csv_out import defused
from taizhang.projections.export.page import SAMPLE
from taizhang.projections.export.tables import TABLES
from tests.export.conftest import FINDINGS, REGISTER, STAMP
from tests.export.contents import has_chinese_font, same_as_golden

GOLDEN = Path(__file__).parent / "golden"


def written(target: Path, kind: Kind, form: Format, findings: Any = FINDINGS, lang: str = "zh") -> Path:
    assert write_table(kind, form, target, iter(findings), REGISTER, words_for(lang), STAMP) == len(tuple(findings))
    return target


OF_FINDINGS = (Kind.PROBLEMS, Kind.CLOSURE)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("kind", OF_FINDINGS)
def test_what_a_file_says_is_as_it_was(tmp_path: Path, kind: Kind, form: Format, lang: str) -> None:
    """A golden file a table, format and language. To renew them: delete, run once, read them, commit."""
    if form is Format.PDF and not has_chinese_font():
        pytest.skip("no Chinese font on this machine")
    same_as_golden(written(tmp_path / f"{kind}-{lang}.{form}", kind, form, lang=lang), GOLDEN)


@pytest.mark.parametrize("kind", OF_FINDINGS)
def test_csv_has_one_line_a_finding_and_no_formula(tmp_path: Path, kind: Kind) -> None:
    target = written(tmp_path / "t.csv", kind, Format.CSV)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert len(rows) == len(FINDINGS)
    assert {len(row) for row in rows} == {len(head)}
    assert [row[1] for row in rows] == [finding.number for finding in FINDINGS]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "＝"))]
    assert head[-2] == f"数据截至台账 jw.example 事件 #41，导出于 2026-07-01 09:30:00 +0800，台账根哈希 {STAMP.root}"
    assert head[-1].startswith("taizhang-export/v1?kind=")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("＝1", "'＝1"),
        ("a=1", "a=1"), ("", ""), (None, ""), (3, 3), ("a\u200bb", "a⟨U+200B⟩b"),
    ],
)  # fmt: skip
def test_what_could_become_a_formula_is_defused(text: str | int | None, safe: str | int) -> None:
    assert defused(text) == safe


def test_json_speaks_the_words_of_the_domain(tmp_path: Path) -> None:
    document = json.loads(written(tmp_path / "t.json", Kind.CLOSURE, Format.JSON, lang="en").read_bytes())
    assert document["as_of"] == {
        "index": 41, "moment": "2026-07-01T01:30:00Z", "today": "2026-07-01", "root": "ab" * 32, "filter": "单位:财政局",
        "sort": "logged", "cell": "", "masked": False,
    }  # fmt: skip
    assert [row["ordinal"] for row in document["rows"]] == list(range(1, len(FINDINGS) + 1))
    late = document["rows"][1]
    assert (late["status"], late["light"], late["class"], late["unit"]) == ("rectifying", "red", "time_bound", "fin")
    assert late["progress"][0] == {"progress": "done", "report": "已退赔", "on": "2026-02-01"}
    assert document["rows"][7]["title"] == '=HYPERLINK("http://x")', "data is not changed where nothing can run it"


def test_json_of_nothing_is_a_document(tmp_path: Path) -> None:
    assert json.loads(written(tmp_path / "t.json", Kind.PROBLEMS, Format.JSON, ()).read_bytes())["rows"] == []


def sheet_of(target: Path) -> Any:
    return openpyxl.load_workbook(target).worksheets[0]


@pytest.mark.parametrize("kind", OF_FINDINGS)
def test_xlsx_reads_back(tmp_path: Path, kind: Kind) -> None:
    target = written(tmp_path / "t.xlsx", kind, Format.XLSX)
    sheet = sheet_of(target)
    words, columns = words_for("zh"), TABLES[kind]
    top = 4 if kind is Kind.CLOSURE else 3
    assert sheet["A1"].value == words(f"export.title.{kind}")
    assert sheet["A2"].value == "填报单位：＿＿＿＿＿＿＿＿", "no one unit stands above all others"
    headings = [cell.value for cell in sheet[top]]
    assert headings == ["序号", *(words(f"export.column.{column.key}") for column in columns)]
    rows = list(sheet.iter_rows(min_row=top + 1, max_row=top + len(FINDINGS)))
    assert [row[0].value for row in rows] == list(range(1, len(FINDINGS) + 1))
    assert [row[1].value for row in rows] == [finding.number for finding in FINDINGS]
    due = headings.index("整改时限")
    assert rows[1][due].value == datetime(2026, 6, 30)  # noqa: DTZ001 - a day
    assert rows[1][due].number_format == "yyyy-mm-dd"
    lights = headings.index("亮灯")
    assert [row[lights].value for row in rows] == [
        "正常", "逾期", "临期", "正常", "办结", "办结", "办结", "正常", "临期",
    ]  # fmt: skip
    assert len({row[lights].fill.start_color.rgb for row in rows}) == 4, "each colour has its own fill"
    foot = [cell.value for cell in sheet["A"]][top + len(FINDINGS) :]
    assert any(text and "填表人" in text and "审核人" in text and "负责人" in text for text in foot)
    assert any(text and "事件 #41" in text and STAMP.root in text for text in foot)
    assert any(text and "单位:财政局" in text for text in foot)


@pytest.mark.parametrize("kind", OF_FINDINGS)
def test_xlsx_can_be_printed(tmp_path: Path, kind: Kind) -> None:
    sheet = sheet_of(written(tmp_path / "t.xlsx", kind, Format.XLSX))
    top = 4 if kind is Kind.CLOSURE else 3
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == (8 if kind is Kind.CLOSURE else 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0), "one page wide, as long as it is"
    assert sheet.print_title_rows == f"$3:${top}"
    assert sheet.freeze_panes == f"C{top + 1}"


def test_the_closure_table_groups_its_headings(tmp_path: Path) -> None:
    sheet = sheet_of(written(tmp_path / "t.xlsx", Kind.CLOSURE, Format.XLSX))
    assert [cell.value for cell in sheet[3] if cell.value] == ["问题情况", "责任分工", "整改情况", "销号情况"]
    headings = [cell.value for cell in sheet[4]]
    wanted = "序号 编号 问题来源 问题类别 具体问题 依据 责任单位 配合单位 责任领导 责任人 整改类别 交办日期 原定时限 整改时限 整改措施 整改进展 销号标准 完成情况 销号日期 销号人 延期次数 轮次 回头看 备注"
    assert [name for name in headings if name in wanted.split()] == wanted.split()


def test_xlsx_holds_strings_and_no_formula(tmp_path: Path) -> None:
    target = written(tmp_path / "t.xlsx", Kind.CLOSURE, Format.XLSX)
    with ZipFile(target) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml.lower().replace("=hyperlink(", "")
    values = [cell for row in CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python() for cell in row]
    assert '=HYPERLINK("http://x")' in values
    assert "正常⟨U+202E⟩文本" in values


def test_a_text_longer_than_a_cell_is_cut_visibly(tmp_path: Path) -> None:
    long = tuple(Measure("长" * 20_000) for _ in range(2))
    finding = Finding(**{name: getattr(FINDINGS[1], name) for name in Finding.__struct_fields__} | {"measures": long})
    sheet = sheet_of(written(tmp_path / "t.xlsx", Kind.CLOSURE, Format.XLSX, [finding]))
    (text,) = [cell.value for cell in sheet[5] if isinstance(cell.value, str) and cell.value.startswith("1. 长")]
    assert len(text) == 32_767
    assert text.endswith("…")


def test_the_same_table_gives_the_same_workbook(tmp_path: Path) -> None:
    first, second = (written(tmp_path / name, Kind.CLOSURE, Format.XLSX) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def broken(by: BaseException) -> Iterator[Finding]:
    yield from FINDINGS * (SAMPLE // len(FINDINGS) + 1)
    raise by


@pytest.mark.parametrize("by", [Rejected("finding.unknown", number="x"), KeyboardInterrupt()], ids=["refused", "^C"])
@pytest.mark.parametrize("form", Format)
def test_a_table_that_ends_half_way_leaves_the_old_file(tmp_path: Path, form: Format, by: BaseException) -> None:
    target = tmp_path / f"t.{form}"
    target.write_text("old")
    with pytest.raises(type(by)):
        write_table(Kind.CLOSURE, form, target, broken(by), REGISTER, words_for("zh"), STAMP)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("form", Format)
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, form: Format) -> None:
    with pytest.raises(Rejected, match=r"export\.cannot-write") as refusal:
        write_table(Kind.CLOSURE, form, tmp_path / "nowhere" / "t", FINDINGS, REGISTER, words_for("zh"), STAMP)
    assert str(tmp_path / "nowhere") in refusal.value.params["path"]
    assert not list(tmp_path.iterdir())


def test_a_folder_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    for target in (tmp_path, Path("/dev/null")):
        with pytest.raises(Rejected, match=r"export\.not-a-file"):
            write_table(Kind.CLOSURE, Format.CSV, target, FINDINGS, REGISTER, words_for("zh"), STAMP)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    link.symlink_to(real)
    written(link, Kind.PROBLEMS, Format.CSV)
    assert link.is_symlink()
    assert real.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PDF])
def test_rows_are_never_all_in_memory(tmp_path: Path, form: Format) -> None:
    """A writer looks ahead by a sample, and keeps nothing of what it has written."""
    alive: set[int] = set()

    class Watched:
        def __init__(self, at: int) -> None:
            self.at = at
            alive.add(at)

        def __getattr__(self, name: str) -> Any:
            return getattr(FINDINGS[0], name)

        def __del__(self) -> None:
            alive.discard(self.at)

    def many() -> Iterator[Any]:
        for at in range(3 * SAMPLE):
            assert len(alive) <= 3
            yield Watched(at)

    target = tmp_path / f"t.{form}"
    assert write_table(Kind.PROBLEMS, form, target, many(), REGISTER, words_for("zh"), STAMP) == 3 * SAMPLE


def test_a_row_is_as_high_as_its_longest_text(tmp_path: Path) -> None:
    sheet = sheet_of(written(tmp_path / "t.xlsx", Kind.CLOSURE, Format.XLSX))
    heights = [sheet.row_dimensions[row].height for row in range(5, 5 + len(FINDINGS))]
    assert heights[1] > heights[0], "two measures need more room than none"
    long = Finding(**{name: getattr(FINDINGS[0], name) for name in Finding.__struct_fields__} | {"title": "长" * 5_000})
    sheet = sheet_of(written(tmp_path / "u.xlsx", Kind.CLOSURE, Format.XLSX, [long]))
    assert sheet.row_dimensions[5].height == 408.75, "no program shows a higher row"
