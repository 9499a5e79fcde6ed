"""What was exported, edited and read back: an untouched table changes nothing, an edited cell shows just that change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from taizhang.intake.values import class_of, status_of
from taizhang.ledger.domain.values import FindingClass, State
from taizhang.locale.words import Lang, words_for
from tests.cli.conftest import Runner

DISTRICTS = "各辖区局、直属单位"


@pytest.fixture
def exported(ledger: Runner) -> Runner:
    """Return a ledger with findings of several states, and with a unit whose name holds what parts names."""
    ledger.by("admin", "unit", "add", "--id", "districts", "--name", DISTRICTS)
    for unit, beside in (("districts", "fin"), ("fin", "districts")):
        ledger.by(
            "off", "finding", "assign", ledger.log(), "--unit", unit, "--cooperating", beside, "--cooperating", "team", "--class", "time_bound",
            "--due", "2099-12-31", "--criteria", "退赔到位",
        )  # fmt: skip
    ledger.log("会议记录不完整")
    ledger.acknowledged()
    return ledger


def looked_at(runner: Runner, path: Path) -> Any:
    """Return what an import would do."""
    return runner.by("admin", "import", str(path), "--dry-run", "--json").json


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["problems", "closure"])
def test_an_export_that_nobody_edited_changes_nothing(exported: Runner, tmp_path: Path, kind: str, lang: str) -> None:
    path, size = tmp_path / "导出.xlsx", exported.size()
    exported.ok("export", kind, "--format", "xlsx", "-o", str(path), "--lang", lang)
    found = looked_at(exported, path)
    counts = {name: count for name, count in found["counts"].items() if count and name != "skipped"}
    assert counts == {"same": 4}, [row for row in found["rows"] if row["outcome"] != "skipped"]
    exported.by("admin", "import", str(path))
    assert exported.size() == size, "nothing changed, so nothing is written"


def test_one_edited_cell_of_an_export_shows_exactly_that_change(exported: Runner, tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    exported.ok("export", "problems", "--format", "xlsx", "-o", str(path), "--lang", "zh")
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "会议记录不完整")
    cell.value = "会议记录缺页"
    book.save(path)
    found = looked_at(exported, path)
    (changed,) = [row for row in found["rows"] if row["outcome"] == "changed"]
    (difference,) = changed["differences"]
    assert (difference["field"], difference["old"], difference["new"]) == ("title", "会议记录不完整", "会议记录缺页")
    assert (found["counts"]["same"], found["counts"]["new"], found["counts"]["refused"]) == (3, 0, 0)


def edited(path: Path, old: str, new: str) -> None:
    """Put a text in the place of another, wherever a cell holds just that one."""
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == old]
    assert cells
    for cell in cells:
        cell.value = new
    book.save(path)


def test_an_edited_closure_table_shows_exactly_that(exported: Runner, tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    exported.ok("export", "closure", "--format", "xlsx", "-o", str(path), "--lang", "zh")
    edited(path, "会议记录不完整", "会议记录缺页")
    found = looked_at(exported, path)
    (changed,) = [row for row in found["rows"] if row["outcome"] == "changed"]
    assert [(one["field"], one["new"]) for one in changed["differences"]] == [("title", "会议记录缺页")]
    assert (found["counts"]["same"], found["counts"]["new"], found["counts"]["refused"]) == (3, 0, 0)
    exported.by("off", "import", str(path), "--changes", "apply")
    assert looked_at(exported, path)["counts"]["same"] == 4


def test_an_edited_list_of_some_findings_shows_exactly_that(exported: Runner, tmp_path: Path) -> None:
    path = tmp_path / "导出.xlsx"
    exported.ok("export", "problems", "--format", "xlsx", "-o", str(path), "--lang", "zh", "会议记录")
    edited(path, "会议记录不完整", "会议记录缺页")
    found = looked_at(exported, path)
    counts = {name: count for name, count in found["counts"].items() if count and name != "skipped"}
    assert counts == {"changed": 1}
    size = exported.size()
    exported.by("off", "import", str(path), "--changes", "apply")
    assert exported.size() == size + 1


@pytest.mark.parametrize("kind", ["problems", "closure"])
def test_masked_names_never_take_the_place_of_names(exported: Runner, tmp_path: Path, kind: str) -> None:
    number = exported.log("张三丰未参加会议，会议记录不全")
    exported.by(
        "off", "finding", "assign", number, "--unit", "fin", "--class", "time_bound", "--due", "2099-12-31",
        "--criteria", "补齐", "--leader", "李四光", "--person", "张三丰",
    )  # fmt: skip
    path, size = tmp_path / "导出.xlsx", exported.size()
    exported.ok("export", kind, "--format", "xlsx", "-o", str(path), "--lang", "zh", "--mask-names")
    assert "张三丰" not in "".join(str(row) for row in openpyxl.load_workbook(path).active.values)
    found = looked_at(exported, path)
    assert (found["counts"]["same"], found["counts"]["changed"]) == (5, 0), found["rows"]
    exported.by("off", "import", str(path), "--changes", "apply")
    assert exported.size() == size
    edited(path, "张**未参加会议，会议记录不全", "张**未参加会议，会议记录缺页")
    (changed,) = [row for row in looked_at(exported, path)["rows"] if row["outcome"] == "changed"]
    assert [(one["field"], one["amendable"]) for one in changed["differences"]] == [("title", False)]
    exported.by("off", "import", str(path), "--changes", "apply")
    assert exported.size() == size, "a mask is not written into the ledger"


@pytest.mark.parametrize("lang", list(Lang))
def test_every_word_of_our_own_tables_is_understood(lang: Lang) -> None:
    words = words_for(lang)
    for state in State:
        found = status_of(words.term("state", state))
        assert found is not None, (state, lang)
        assert found.state is state
    for class_ in FindingClass:
        assert class_of(words.term("class", class_)) is class_, (class_, lang)
