"""A team's own file, filled: what it says afterwards, and what is refused with the old file left as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from openpyxl.styles import Font, PatternFill

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import words_for
from taizhang.projections.export import Format, Kind, write_table
from taizhang.projections.export.tables import TABLES
from tests.export.conftest import FINDINGS, REGISTER, STAMP
from tests.export.contents import docx_text


def filled(template: Path, target: Path, findings: Any = FINDINGS, form: Format | None = None) -> Path:
    form = form or Format(template.suffix[1:])
    write_table(Kind.CLOSURE, form, target, findings, REGISTER, words_for("zh"), STAMP, template=template)
    return target


def word(
    path: Path, *paragraphs: str, rows: tuple[str, ...] = ("{{ row.ordinal }}", "{{ row.number }}", "{{ row.title }}")
) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=3, cols=len(rows))
    table.cell(0, 0).text = "{%tr for row in rows %}"
    for at, text in enumerate(rows):
        table.cell(1, at).text = text
    table.cell(2, 0).text = "{%tr endfor %}"
    document.save(str(path))
    return path


def test_a_word_template_is_filled(tmp_path: Path) -> None:
    template = word(tmp_path / "t.docx", "{{ title }}（{{ day }}）", "{{ as_of }}")
    text = docx_text(filled(template, tmp_path / "o.docx"))
    assert "问题整改销号情况表（截止日期：2026-07-01）" in text
    assert STAMP.root in text
    rows = [line.split(" | ") for line in text.splitlines() if " | " in line]
    assert [row[1] for row in rows] == [finding.number for finding in FINDINGS]
    assert rows[7][2] == '=HYPERLINK("http://x")', "data is data"


def test_markup_in_data_stays_data(tmp_path: Path) -> None:
    from msgspec.structs import replace

    title = "甲<w:b/>&{{ as_of }}{% for %}乙\n第二行"
    text = docx_text(filled(word(tmp_path / "t.docx"), tmp_path / "o.docx", [replace(FINDINGS[0], title=title)]))
    assert "甲<w:b/>&{{ as_of }}{% for %}乙 / 第二行" in text


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        "{{ title.__class__.__mro__ }}",
        "{% for %}",
        "{{ title + 1 }}",
        "{{ 1/0 }}",
        "{% include '/etc/passwd' %}",
        "{{ rows[99].x }}",
    ],
)
def test_what_a_word_template_may_not_say(tmp_path: Path, text: str) -> None:
    target = tmp_path / "o.docx"
    target.write_text("old")
    with pytest.raises(Rejected, match=r"export\.template-name") as refused:
        filled(word(tmp_path / "t.docx", text), target)
    assert "title" in refused.value.params["allowed"]
    assert target.read_text() == "old"


def excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "{{title}}"
    sheet.merge_cells("A1:D1")
    sheet.append(["No", "编号", "问题", "说明"])
    sheet.append(["{{row.ordinal}}", "{{ row.number }}", "{{row.title}}", "{{row.unit}}：{{row.due}}"])
    sheet["B3"].font = Font(bold=True)
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet.row_dimensions[3].height = 33
    sheet["A5"] = "制表：{{as_of}}"
    sheet.merge_cells("A5:D5")
    sheet["A6"] = "=SUM(1,2)"
    book.save(path)
    return path


def test_an_excel_template_is_filled(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(filled(excel(tmp_path / "t.xlsx"), tmp_path / "o.xlsx")).worksheets[0]
    last = 2 + len(FINDINGS)
    assert sheet["A1"].value == "问题整改销号情况表"
    assert [sheet.cell(at, 2).value for at in range(3, last + 1)] == [finding.number for finding in FINDINGS]
    assert [sheet.cell(at, 1).value for at in range(3, last + 1)] == list(range(1, len(FINDINGS) + 1))
    assert sheet.cell(4, 4).value == "财政局：2026-06-30"
    assert sheet.cell(10, 3).value == '=HYPERLINK("http://x")'
    assert sheet.cell(10, 3).data_type == "s", "a formula in a title arrives as text"
    assert all(sheet.cell(at, 2).font.bold and sheet.row_dimensions[at].height == 33 for at in range(3, last + 1))
    assert sheet.cell(last + 2, 1).value.startswith("制表：数据截至台账 jw.example 事件 #41")
    assert {area.coord for area in sheet.merged_cells.ranges} == {"A1:D1", f"A{last + 2}:D{last + 2}"}
    assert sheet.cell(last + 3, 1).data_type == "f", "the template's own formula stays one"


def test_an_excel_template_of_nothing_loses_its_row_of_names(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(filled(excel(tmp_path / "t.xlsx"), tmp_path / "o.xlsx", [])).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [None] * 4


def test_a_wrong_name_in_an_excel_template_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "{{row.nobody}}"
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(Rejected, match=r"export\.template-name") as refused:
        filled(tmp_path / "t.xlsx", tmp_path / "o.xlsx")
    assert refused.value.params["detail"] == "row.nobody"
    assert "row.title" in refused.value.params["allowed"]
    assert not (tmp_path / "o.xlsx").exists()


def test_a_template_of_another_format_and_what_is_none_are_refused(tmp_path: Path) -> None:
    template = excel(tmp_path / "t.xlsx")
    for form, code in ((Format.PDF, "export.template-format"), (Format.DOCX, "export.template-unreadable")):
        with pytest.raises(Rejected) as refused:
            filled(template, tmp_path / "o", form=form)
        assert refused.value.code == code
    (tmp_path / "n.docx").write_text("none")
    bomb = tmp_path / "b.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (65 << 20))
    typed = tmp_path / "d.docx"
    with zipfile.ZipFile(typed, "w") as archive:
        archive.writestr("word/document.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>')
    for wrong in (tmp_path / "n.docx", tmp_path / "missing.docx", bomb, typed):
        with pytest.raises(Rejected, match=r"export\.template-unreadable"):
            filled(wrong, tmp_path / "o.docx")


def test_a_workbook_says_to_programs_what_its_columns_are(tmp_path: Path) -> None:
    """What an import needs in order to find out what was edited: a sheet that is not shown, without a formula."""
    target = tmp_path / "t.xlsx"
    write_table(Kind.CLOSURE, Format.XLSX, target, FINDINGS, REGISTER, words_for("en"), STAMP)
    book = openpyxl.load_workbook(target)
    hidden = book["_taizhang"]
    assert hidden.sheet_state == "veryHidden"
    told = [[cell.value for cell in row if cell.value is not None] for row in hidden.iter_rows()]
    assert told[0][0] == "drawn"
    assert told[0][1].startswith("taizhang-export/v1?kind=closure&lang=en&origin=jw.example&index=41&")
    assert told[1:4] == [["sheet", "Closure status of findings"], ["headings", "4"], ["rows", str(len(FINDINGS))]]
    keys = ["ordinal", *(column.key for column in TABLES[Kind.CLOSURE])]
    assert told[4:] == [["column", str(at), key] for at, key in enumerate(keys)]
    sheet = book[told[1][1]]
    assert [sheet.cell(5 + at, 2).value for at in range(len(FINDINGS))] == [finding.number for finding in FINDINGS]
    assert sheet.auto_filter.ref == f"A4:Y{4 + len(FINDINGS)}"
    assert sheet.print_area == f"'Closure status of findings'!$A$1:$Y${8 + len(FINDINGS)}"
