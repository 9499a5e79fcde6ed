"""`import` as a clerk uses it: look first, import, import again, take it back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Runner

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
STANDARD, MERGED, ENGLISH, DIRTY, CSV = sorted(SAMPLES.iterdir())


def counts(runner: Runner, *argv: str) -> dict[str, int]:
    """Run an import and return how many rows came to what."""
    found: dict[str, int] = runner.by("admin", "import", *argv, "--json").json["counts"]
    return {name: count for name, count in found.items() if count}


def edited(tmp_path: Path, cell: str, value: object) -> Path:
    """Return a copy of the standard sample with one cell changed."""
    book = openpyxl.load_workbook(STANDARD)
    book.active[cell] = value
    path = tmp_path / "改过.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (STANDARD, {"new": 12, "skipped": 5}),
        (MERGED, {"new": 8, "joined": 10, "skipped": 3}),
        (ENGLISH, {"new": 4, "skipped": 1}),
        (DIRTY, {"new": 6, "refused": 3, "skipped": 6}),
        (CSV, {"new": 6, "skipped": 1}),
    ],
    ids=["standard", "merged", "english", "dirty", "csv"],
)
def test_a_sample_is_looked_at_imported_and_imported_again(empty: Runner, path: Path, wanted: dict[str, int]) -> None:
    before = empty.size()
    assert counts(empty, str(path), "--dry-run") == wanted
    assert empty.size() == before, "a rehearsal writes nothing"
    assert counts(empty, str(path)) == wanted
    after = empty.size()
    assert after > before
    again = {("same" if name == "new" else name): count for name, count in wanted.items()}
    assert counts(empty, str(path)) == again
    assert empty.size() == after, "the same file again adds nothing"
    assert empty.ok("ledger", "verify").code == 0


def test_what_came_in_says_so(empty: Runner) -> None:
    empty.by("admin", "import", str(STANDARD))
    page = empty.ok("finding", "show", "JZ-2023-003", "--json").json
    assert (page["status"], page["aliases"], page["closed_at"], page["closed_late"]) == (
        "closed",
        ["JZ-2023-003"],
        None,
        True,
    )
    assert page["carried"]["origin"]["row"] == 6
    (event,) = empty.ok("finding", "history", "JZ-2023-003", "--json").json
    assert (event["topic"], event["via"], event["happened_on"]) == ("finding.carried-in.v1", "import", "2023-04-21")
    assert event["data"]["cells"]["O6"] == "已销号(逾期)"
    shown = empty.ok("finding", "show", "JZ-2023-003", "--lang", "zh").out
    assert "期初转入自 01-整改台账-标准.xlsx 整改台账 第 6 行" in shown
    assert "未经本台账见证" in shown


def test_what_a_sheet_calls_closed_is_counted_apart(empty: Runner) -> None:
    empty.by("admin", "import", str(STANDARD))
    total = empty.ok("figures", "--json").json["total"]
    assert (total["total"], total["carried_closed"], total["closed"], total["countable"]) == (12, 9, 0, 1)
    assert "期初转入时已销号的 9 件" in empty.ok("figures", "--lang", "zh").err


def test_life_goes_on_with_ordinary_steps(empty: Runner) -> None:
    empty.by("admin", "import", str(ENGLISH))
    empty.by("admin", "person", "add", "--id", "head", "--name", "Head", "--unit", "Facilities", "--role", "unit_head")
    empty.by("head", "finding", "acknowledge", "IA-24-04", "--measure", "Name an owner")
    assert empty.ok("finding", "show", "IA-24-04", "--json").json["status"] == "rectifying"
    assert empty.ok("ledger", "verify").code == 0


def test_a_changed_row_shows_its_difference_and_asks(empty: Runner, tmp_path: Path) -> None:
    empty.by("admin", "import", str(STANDARD))
    size, path = empty.size(), edited(tmp_path, "E6", "监督管理措施不够有力")
    ran = empty("--actor", "admin", "import", str(path), "--lang", "zh")
    assert (ran.code, empty.size()) == (1, size)
    assert "→ 监督管理措施不够有力" in ran.out
    assert "--changes" in ran.err
    assert empty.by("admin", "import", str(path), "--changes", "keep").code == 0
    assert empty.size() == size
    empty.by("admin", "person", "add", "--id", "off", "--name", "督导办", "--role", "office")
    empty.by("off", "import", str(path), "--changes", "apply")
    assert empty.ok("finding", "show", "JZ-2023-003", "--json").json["title"] == "监督管理措施不够有力"
    assert counts(empty, str(path)) == {"same": 12, "skipped": 5}


def test_a_whole_import_is_taken_back_and_can_come_again(empty: Runner) -> None:
    batch = empty.by("admin", "import", str(DIRTY), "--json").json["batch"]
    undone = empty.by("admin", "import", "--undo", batch, "--json").json
    assert undone["undone"] == 6
    assert {row["status"] for row in empty.ok("finding", "list", "--json").json} == {"withdrawn"}
    (earlier,) = empty.ok("import", "--list", "--json").json
    assert (earlier["rows"], earlier["standing"]) == (6, 0)
    again = empty("--actor", "admin", "import", "--undo", str(DIRTY), "--lang", "zh")
    assert (again.code, "已全部撤销" in again.err) == (1, True)
    assert counts(empty, str(DIRTY))["new"] == 6
    assert empty.ok("ledger", "verify").code == 0


def test_what_has_moved_on_is_not_taken_back(empty: Runner) -> None:
    batch = empty.by("admin", "import", str(ENGLISH), "--json").json["batch"]
    empty.by("admin", "finding", "comment", "IA-24-01", "--text", "Looked at again")
    size = empty.size()
    ran = empty("--actor", "admin", "import", "--undo", batch, "--json")
    assert (ran.code, ran.json["error"]["code"], empty.size()) == (1, "import.moved-on", size)


def test_units_are_registered_by_those_who_may(ledger: Runner) -> None:
    size = ledger.size()
    ran = ledger("--actor", "off", "import", str(CSV), "--json")
    assert (ran.code, ran.json["error"]["code"], ledger.size()) == (1, "import.units", size)
    refused = ledger("--actor", "officer", "import", str(CSV), "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "role.missing")


def test_a_mapping_says_what_headings_and_words_do_not(empty: Runner, tmp_path: Path) -> None:
    sheet = tmp_path / "odd.csv"
    sheet.write_text("甲,乙,丙,丁\n漏洞一,财务处,差不多了,3月5日\n", encoding="utf-8")
    assert empty("--actor", "admin", "import", str(sheet), "--json").json["error"]["code"] == "intake.no-table"
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        'header = 1\nyear = 2024\n[columns]\n"甲" = "title"\nB = "lead_unit"\n"丙" = "status"\n'
        '[statuses]\n"差不多了" = "rectifying"\n',
        encoding="utf-8",
    )
    ran = empty.by("admin", "import", str(sheet), "--mapping", str(mapping), "--column", "丁=deadline", "--json").json
    (row,) = [row for row in ran["rows"] if row["outcome"] == "new"]
    assert (row["claim"]["state"], row["claim"]["deadline"]["due"]) == ("rectifying", "2024-03-05")
    mapping.write_text('[columns]\n"甲" = "nonsense"\n', encoding="utf-8")
    ran_badly = empty("--actor", "admin", "import", str(sheet), "--mapping", str(mapping), "--json")
    assert (ran_badly.code, ran_badly.json["error"]["code"]) == (1, "mapping.unreadable")


def test_no_file_is_said(empty: Runner, tmp_path: Path) -> None:
    assert empty("import").code == 2
    ran = empty("--actor", "admin", "import", str(tmp_path / "nowhere.xlsx"), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (1, "intake.no-file")
