"""Exported tables are read back as they were written, whatever program saved them; what could lie is shown or refused."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import words_for
from taizhang.projections.export import Format, Kind, write_table
from taizhang.projections.export.comparing import Difference, Sort, compare
from taizhang.projections.export.reading import letters, read
from tests.export.conftest import FINDINGS, REGISTER, STAMP

ALL = pytest.mark.parametrize("form", [Format.XLSX, Format.CSV, Format.JSON])


def written(target: Path, form: Format, kind: Kind = Kind.CLOSURE, findings: object = FINDINGS) -> Path:
    write_table(kind, form, target, findings, REGISTER, words_for("zh"), STAMP)  # type: ignore[arg-type]
    return target


def differences(found: Path, expected: Path) -> list[Difference]:
    first, count = compare(read(found), read(expected), "序号")
    assert count == len(first)
    return list(first)


@ALL
@pytest.mark.parametrize("kind", [Kind.PROBLEMS, Kind.CLOSURE])
def test_a_table_is_equal_to_itself(tmp_path: Path, form: Format, kind: Kind) -> None:
    first, second = written(tmp_path / "a", form, kind), written(tmp_path / "b", form, kind)
    cells = read(first)
    assert cells.format is form
    assert cells.provenance("a").stamp == STAMP
    assert differences(first, second) == []


@ALL
def test_missing_extra_and_moved_rows_are_told_by_their_numbers(tmp_path: Path, form: Format) -> None:
    whole = written(tmp_path / "whole", form)
    fewer = written(tmp_path / "fewer", form, findings=[*FINDINGS[:2], *FINDINGS[3:]])
    moved = written(tmp_path / "moved", form, findings=[FINDINGS[1], FINDINGS[0], *FINDINGS[2:]])
    assert [(d.sort, d.number) for d in differences(fewer, whole)] == [(Sort.MISSING, "JY-003")]
    assert [(d.sort, d.number) for d in differences(whole, fewer)] == [(Sort.EXTRA, "JY-003")]
    assert [d.sort for d in differences(moved, whole)] == [Sort.ORDER]


def test_a_changed_cell_is_told_by_its_place(tmp_path: Path) -> None:
    csv, target = written(tmp_path / "a.csv", Format.CSV), tmp_path / "b.csv"
    target.write_bytes(csv.read_bytes().replace("刚登记".encode(), "已登记".encode()))
    (found,) = differences(target, csv)
    assert found == Difference(Sort.CELL, "E2", "JY-001", "具体问题", "已登记", "刚登记")
    document = json.loads(written(tmp_path / "a.json", Format.JSON).read_bytes())
    document["rows"][4]["closed_on"] = None
    document["title"] = "别的"
    (tmp_path / "b.json").write_text(json.dumps(document), encoding="utf-8")
    cell, title = differences(tmp_path / "b.json", tmp_path / "a.json")
    assert (cell.place, cell.number, cell.found, cell.expected) == ("rows[5].closed_on", "JY-005", "null", "2026-03-02")
    assert (title.sort, title.place, title.found) == (Sort.OUTSIDE, "title", "别的")


def test_a_workbook_saved_by_another_program_counts_by_its_cells(tmp_path: Path) -> None:
    first, again = written(tmp_path / "a.xlsx", Format.XLSX), tmp_path / "b.xlsx"
    book = openpyxl.load_workbook(first)
    book.save(again)
    assert differences(again, first) == []
    sheet = book.worksheets[0]
    sheet["M6"] = "=1+1"
    sheet["A1"] = "伪造的标题"
    book.create_sheet("另一张")
    book.save(again)
    other, cell, title = differences(again, first)
    assert other.sort is Sort.OTHER
    assert (cell.sort, cell.place, cell.number, cell.found) == (Sort.CELL, "M6", "JY-002", "=1+1")
    assert (title.sort, title.place, title.found) == (Sort.OUTSIDE, "A1", "伪造的标题")


def test_a_csv_saved_by_a_spreadsheet_counts_by_its_texts(tmp_path: Path) -> None:
    first, again = written(tmp_path / "a.csv", Format.CSV), tmp_path / "b.csv"
    text = first.read_text(encoding="utf-8-sig").replace("⟨", "<").replace("⟩", ">")
    again.write_bytes(text.replace("2026-06-30", "2026/6/30").encode("gb18030"))
    assert {d.number for d in differences(again, first)} <= {"JY-008"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\3\4",
        b"{",
        b'{"rows":1}',
        b'{"rows":[1]}',
        b'{"rows":[],"rows":[]}',
        b"[" * 9,
        b"\xff\xfe\xff",
        b'"',
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(Rejected, match=r"export\.(unreadable|no-stamp)"):
        read(tmp_path / "x").provenance("x")


@given(data=st.binary(max_size=200), begin=st.sampled_from([b"", b"PK\3\4", b'{"rows":[', b"a,b\n"]))
def test_random_bytes_are_refused_by_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, begin: bytes
) -> None:
    target = tmp_path_factory.getbasetemp() / "random"
    target.write_bytes(begin + data)
    with pytest.raises(Rejected, match=r"export\."):
        read(target).provenance("x")


def workbook(target: Path, sheet: str, *, prolog: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"{prolog}<worksheet><sheetData>{sheet}</sheetData></worksheet>")
    return target


@pytest.mark.parametrize(
    ("sheet", "prolog"),
    [
        ("", '<!DOCTYPE worksheet [<!ENTITY a "b">]>'),
        ('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', ""),
        ("<row><c><v>1</v></c></row>", ""),
        ('<row><c r="A1"><v>x</v></c></row>', ""),
        ("<row>", ""),
    ],
    ids=["doctype", "twice", "no-place", "no-number", "open"],
)
def test_a_workbook_that_does_not_behave_is_refused(tmp_path: Path, sheet: str, prolog: str) -> None:
    with pytest.raises(Rejected, match=r"export\.unreadable"):
        read(workbook(tmp_path / "x.xlsx", sheet, prolog=prolog))


def test_a_workbook_that_grows_out_of_all_proportion_is_refused(tmp_path: Path) -> None:
    bomb = workbook(tmp_path / "x.xlsx", "<row>" + " " * 20_000_000 + "</row>")
    assert bomb.stat().st_size < 30_000
    with pytest.raises(Rejected, match=r"export\.unreadable"):
        read(bomb)


def test_rich_text_is_read_as_its_text_and_what_is_read_aloud_is_passed_over(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "xl/sharedStrings.xml",
            '<sst xmlns="x"><si><r><t>财</t></r><r><t>政_x0041_</t></r><rPh><t>cai</t></rPh></si></sst>',
        )
        archive.writestr("xl/workbook.xml", '<workbook xmlns="x" xmlns:r="y"><sheet name="a" r:id="r1"/></workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="x"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="x"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>46000.0</v></c><c r="D2" t="str"><f>A1</f></c></worksheet>',
        )
    (tmp_path / "x.xlsx").write_bytes(buffer.getvalue())
    assert read(tmp_path / "x.xlsx").rows == {2: {"B": "财政A", "C": "46000", "D": "=A1"}}


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
