"""Files that are no ledger, or worse: one refusal each, in bounded memory and time, and a plain sentence for it."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from taizhang.intake.book import book
from taizhang.intake.workbook import sheets
from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import Lang, words_for
from tests.intake.sheets import SAMPLES

STANDARD = next(path for path in SAMPLES.iterdir() if path.name.startswith("01")).read_bytes()
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def workbook(fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    """Return an xlsx file with one sheet."""
    made = openpyxl.Workbook()
    fill(made.active)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the standard sample with its members changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(STANDARD)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def with_doctype(encoding: str = "utf-8") -> bytes:
    """Return a workbook whose sheet declares a document type."""

    def change(name: str, data: bytes) -> bytes:
        if "sheet1.xml" not in name:
            return data
        text = data.decode("utf-8").split("?>", 1)[-1]
        return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]>{text}'.encode(encoding)

    return repacked(change)


def bomb() -> bytes:
    """Return a workbook with a member of 1 GiB of blanks, packed to 1 MiB."""
    target = io.BytesIO(STANDARD)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.bin", "w") as member:
        block = bytes(1 << 20)
        for _ in range(1 << 10):
            member.write(block)
    return target.getvalue()


def crowd() -> bytes:
    """Return a workbook with thousands of members."""
    target = io.BytesIO(STANDARD)
    with zipfile.ZipFile(target, "a") as archive:
        for at in range(3_000):
            archive.writestr(f"xl/media/{at}.bin", b"x")
    return target.getvalue()


def wide() -> bytes:
    """Return a workbook of two cells, one of them in the last row and column: a grid of 17 billion."""

    def fill(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
        sheet["A1"], sheet["XFD1048576"] = "具体问题", "x"

    return workbook(fill)


def letter() -> bytes:
    """Return a workbook that is no ledger."""
    return workbook(
        lambda sheet: [sheet.append([text]) for text in ("关于报送材料的通知", "各单位：", "请于月底前报送。")]
    )


def encrypted_member() -> bytes:
    data = bytearray(STANDARD)
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def locked_package() -> bytes:
    """Return an ods file as newer office suites lock it: one member holds all of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr("encrypted-package", bytes(300))
    return target.getvalue()


def locked_xls() -> bytes:
    """Return an xls file whose second record says that a password is asked for."""
    folder = Path(__file__).resolve().parents[1] / "data" / "offices"
    data = bytearray((folder / "errors.xls").read_bytes())
    first = data.find(b"\x09\x08\x10\x00")
    data[first + 20] = 0x2F
    return bytes(data)


def mostly_empty() -> bytes:
    """Return a workbook of two findings, and many formatted rows with nothing in them."""
    table = [["问题", "责任单位", "状态"], ["门卫脱岗", "保卫科", "整改中"], ["监控缺失", "保卫科", "已销号"]]
    source = workbook(lambda sheet: [sheet.append(row) for row in table])
    rows = "".join(f'<row r="{at}"><c r="A{at}" s="0"/><c r="B{at}" s="0"/></row>' for at in range(4, 200_000))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", f"{rows}</sheetData>".encode()))
    return target.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing": (lambda: b"", {"intake.empty"}),
    "blanks": (lambda: b" \r\n\n\t", {"intake.empty"}),
    "truncated": (lambda: STANDARD[: len(STANDARD) // 2], {"intake.broken"}),
    "its head alone": (lambda: STANDARD[:200], {"intake.broken"}),
    "its tail alone": (lambda: b"PK\x03\x04" + STANDARD[4000:], {"intake.broken", "intake.not-a-table"}),
    "encrypted workbook": (lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), {"intake.encrypted"}),
    "encrypted member": (encrypted_member, {"intake.encrypted"}),
    "locked ods of a newer kind": (locked_package, {"intake.encrypted"}),
    "locked xls": (locked_xls, {"intake.encrypted"}),
    "old format, broken": (lambda: OLE + bytes(5_000), {"intake.broken"}),
    "bomb": (bomb, {"intake.bomb"}),
    "crowd": (crowd, {"intake.bomb"}),
    "wide": (wide, {"intake.too-much", "intake.too-many-cells", "intake.broken"}),
    "doctype": (with_doctype, {"intake.doctype"}),
    "doctype in UTF-16": (lambda: with_doctype("utf-16"), {"intake.doctype"}),
    "letter": (letter, {"intake.no-table"}),
    "text": ("各单位：\n请于月底前报送。\n".encode, {"intake.no-table"}),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), {"intake.not-a-table"}),
    "web page": ("<html><table><tr><td>问题</td></tr></table>".encode, {"intake.webpage"}),
    "bytes": (lambda: bytes(range(256)) * 20, {"intake.not-a-table"}),
    "other zip": (lambda: zipped("a.txt", b"x"), {"intake.not-a-table"}),
    "odd text": (lambda: b"\xff\xfe\x00", {"intake.not-text", "intake.no-table"}),
}


def zipped(name: str, data: bytes) -> bytes:
    """Return a zip file with one member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name: str) -> None:
    make, codes = BAD[name]
    data = make()
    began = time.monotonic()
    with pytest.raises(Rejected) as refused:
        book(data, "坏文件.xlsx")
    assert refused.value.code in codes
    assert time.monotonic() - began < 30
    for lang in Lang:
        assert "\n" not in words_for(lang).refusal(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_comes_in_many_dresses(encoding: str, delimiter: str) -> None:
    rows = [
        ["序号", "具体问题", "责任单位", "整改时限", "完成情况"],
        ["1", "台账登记不全", "财政局", "2023-06-20", "整改中"],
    ]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    (sheet,) = sheets(data)
    assert sheet.rows == rows


def test_formats_other_than_xlsx(tmp_path: Path) -> None:
    """The same table as xls and ods, as an office suite writes them."""
    folder = Path(__file__).resolve().parents[1] / "data" / "formats"
    for path in sorted(folder.iterdir()):
        found = book(path.read_bytes(), path.name)
        (table,) = found.tables
        assert [column.field for column in table.columns][:3] == ["number", "title", "category"], path.name
        assert len(table.rows) == 7, path.name


def test_many_empty_rows_do_no_harm() -> None:
    began = time.monotonic()
    (table,) = book(mostly_empty(), "台账.xlsx").tables
    assert [len([cell for cell in row if cell]) for row in table.rows[:3]] == [3, 3, 3]
    assert time.monotonic() - began < 60
