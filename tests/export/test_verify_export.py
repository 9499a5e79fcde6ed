"""An exported table is compared with what the ledger gives as of the event that it names."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from taizhang import composition
from taizhang.cli.main import main
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.register import AddUnit
from taizhang.ledger.domain.values import Via
from taizhang.ledger.ledger import Instruction
from tests.case import cases

FORMATS = pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "ledger"
    cases.make_ledger(folder)
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """Return a ledger that the test may change."""
    return Path(shutil.copytree(original, tmp_path / "ledger"))


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on it: exit code, output, talk."""

    def run(*argv: str | Path, ledger: Path = folder) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["--ledger", str(ledger), *map(str, argv)])
        return (code, *capsys.readouterr())

    return run


def later(folder: Path) -> None:
    """Record what changes every row of the table."""
    clock = datetime(2026, 5, 1, tzinfo=UTC)
    with composition.open_ledger(folder, clock=lambda: clock) as ledger:
        command = c.LogFinding("JZ-2026", "后来的问题", "现场督导", date(2026, 3, 1))
        ledger.record(Instruction(command, "li", Via.CLI))
        for number in ("JZ-2026-001", "JZ-2026-002"):
            ledger.record(Instruction(c.AmendFinding(number, "category", "作风建设", "漏填"), "li", Via.CLI))


def exported(run: Run, target: Path, kind: str = "closure", *more: str) -> Path:
    form = target.suffix[1:]
    assert run("export", kind, "--format", form, "-o", target, *more)[0] == 0
    return target


@FORMATS
@pytest.mark.parametrize("kind", ["problems", "closure"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_table_is_given_again(run: Run, folder: Path, tmp_path: Path, form: str, kind: str, lang: str) -> None:
    target = exported(run, tmp_path / f"t.{form}", kind, "--lang", lang, "--sort", "-title")
    code, out, err = run("verify-export", target, "--lang", "en")
    assert (code, err) == (0, "")
    assert out.startswith("The same: as of event #")
    later(folder)
    code, out, _ = run("verify-export", target)
    assert code == 0, "as of the event that it names, whatever came later"
    assert out.startswith("一致：")


def test_the_read_models_in_use_are_not_believed(run: Run, folder: Path, tmp_path: Path) -> None:
    from pysqlite3 import dbapi2 as driver

    target = exported(run, tmp_path / "t.csv")
    (views,) = (folder / "views").glob("*.db")
    raw = driver.connect(str(views))
    raw.execute("DELETE FROM problems WHERE id = 1")
    raw.commit()
    raw.close()
    assert run("verify-export", target)[0] == 0
    false = exported(run, tmp_path / "false.csv")
    code, out, _ = run("verify-export", false, "--lang", "en")
    assert code == 1
    assert "missing row: JZ-2026-001" in out


def test_a_changed_cell_is_named(run: Run, tmp_path: Path) -> None:
    target = exported(run, tmp_path / "t.csv")
    text = target.read_text(encoding="utf-8-sig")
    target.write_text(text.replace("账实相符", "基本相符", 1), encoding="utf-8-sig")
    code, out, err = run("verify-export", target)
    assert code == 1
    assert out == "Q2  JZ-2026-001 销号标准：文件中为“基本相符”，台账给出“账实相符”\n"
    assert err.startswith("不一致：共 1 处出入")
    code, out, _ = run("verify-export", target, "--json")
    verdict = json.loads(out)
    assert (code, verdict["ok"], verdict["count"], verdict["kind"]) == (1, False, 1, "closure")
    assert verdict["differences"][0]["place"] == "Q2"


def test_a_workbook_that_was_edited_is_found_out(run: Run, tmp_path: Path) -> None:
    target = exported(run, tmp_path / "t.xlsx", "problems")
    book = openpyxl.load_workbook(target)
    book.save(target)
    assert run("verify-export", target)[0] == 0, "saved again by another program, unchanged"
    sheet = book.worksheets[0]
    sheet.delete_rows(4)
    book.save(target)
    code, out, _ = run("verify-export", target, "--lang", "en")
    assert code == 1
    assert "missing row: JZ-2026-001" in out


@FORMATS
def test_a_ledger_with_another_history_says_so(run: Run, folder: Path, tmp_path: Path, form: str) -> None:
    shutil.copytree(folder, tmp_path / "earlier")
    later(folder)
    target = exported(run, tmp_path / f"t.{form}")

    def code(*argv: str | Path, ledger: Path) -> str:
        status, out, _ = run(*argv, "--json", ledger=ledger)
        assert status == 1
        return str(json.loads(out)["error"]["code"])

    assert code("verify-export", target, ledger=tmp_path / "earlier") == "export.ahead"
    later(tmp_path / "earlier")  # the same commands, but other salts and ids: another history
    assert code("verify-export", target, ledger=tmp_path / "earlier") == "export.root"
    composition.init_ledger(tmp_path / "other", origin="other.example")
    with composition.open_ledger(tmp_path / "other") as other:
        for at in range(40):
            other.record(Instruction(AddUnit(f"u{at}", f"单位{at}"), "admin", Via.CLI))
    assert code("verify-export", target, ledger=tmp_path / "other") == "export.foreign"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_checked_is_refused_in_a_sentence(run: Run, tmp_path: Path, lang: str) -> None:
    target = exported(run, tmp_path / "t.csv")
    text = target.read_text(encoding="utf-8-sig")
    wrong = {
        "export.no-stamp": text.replace("taizhang-export", "export"),
        "export.stamp-malformed": text.replace("index=", "index=0"),
        "export.ahead": text.replace("index=1", "index=9"),
        "export.unreadable": '"' + text[:-2],
    }
    for code, changed in wrong.items():
        (tmp_path / "x.csv").write_text(changed, encoding="utf-8-sig")
        status, out, err = run("verify-export", tmp_path / "x.csv", "--json", "--lang", lang)
        assert (status, json.loads(out)["error"]["code"], err) == (1, code, "")
        assert run("verify-export", tmp_path / "x.csv", "--lang", lang)[2].endswith("。\n" if lang == "zh" else ".\n")
    assert run("verify-export", tmp_path / "none.csv")[0] == 1
    assert run("verify-export")[0] == 2


def test_nothing_is_left_behind(run: Run, folder: Path, tmp_path: Path) -> None:
    target = exported(run, tmp_path / "t.csv")
    before = sorted(tmp_path.rglob("*"))
    run("verify-export", target)
    assert sorted(tmp_path.rglob("*")) == before


def _footer(book: openpyxl.Workbook) -> None:
    book.worksheets[0].oddFooter.center.text = "均已销号 &P"


def _hidden_row(book: openpyxl.Workbook) -> None:
    book.worksheets[0].row_dimensions[4].hidden = True


def _flat_row(book: openpyxl.Workbook) -> None:
    book.worksheets[0].row_dimensions[4].height = 0.5


def _hidden_column(book: openpyxl.Workbook) -> None:
    book.worksheets[0].column_dimensions["C"].hidden = True


def _further_sheet(book: openpyxl.Workbook) -> None:
    book.create_sheet("汇总").append(["均已销号"])


def _another_in_front(book: openpyxl.Workbook) -> None:
    """Show another table, and keep the right one out of sight."""
    book.copy_worksheet(book.worksheets[0])["B4"] = "JZ-2026-999"
    book.move_sheet(book.worksheets[-1], -2)
    book.worksheets[1].sheet_state = "hidden"


def _in_place_of_the_hidden(book: openpyxl.Workbook) -> None:
    """Show a false table on the sheet that should be out of sight, and hide the other."""
    table, hidden = book.worksheets
    for row in table.iter_rows():
        for cell in row:
            hidden[cell.coordinate] = cell.value
    hidden["B4"] = "JZ-2026-999"
    hidden.sheet_state, table.sheet_state = "visible", "hidden"
    book.active = 1


@pytest.mark.parametrize(
    "attack",
    [_footer, _hidden_row, _flat_row, _hidden_column, _further_sheet, _another_in_front, _in_place_of_the_hidden],
)
def test_a_workbook_that_shows_something_else_is_found_out(
    run: Run, tmp_path: Path, attack: Callable[[openpyxl.Workbook], None]
) -> None:
    target = exported(run, tmp_path / "t.xlsx", "problems")
    book = openpyxl.load_workbook(target)
    attack(book)
    book.save(target)
    code, out, err = run("verify-export", target)
    assert (code, "Traceback" in err) == (1, False)
    assert out or err


def test_a_sheet_that_the_workbook_takes_from_elsewhere_is_the_one_that_is_read(run: Run, tmp_path: Path) -> None:
    """The file of a sheet may have any name: what the workbook shows is what counts."""
    target = exported(run, tmp_path / "t.xlsx", "problems")
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/other.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"<v>1</v>", b"<v>9</v>", 1)
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"worksheets/sheet1.xml", b"other.xml")
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert run("verify-export", target)[0] == 1


def test_a_table_before_the_first_event_is_none(run: Run, tmp_path: Path) -> None:
    target = exported(run, tmp_path / "t.csv")
    text = re.sub(r"index=\d+", "index=-1", target.read_text(encoding="utf-8-sig"))
    target.write_text(text, encoding="utf-8-sig")
    code, out, _ = run("verify-export", target, "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "export.stamp-malformed")
