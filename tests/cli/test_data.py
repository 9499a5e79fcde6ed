"""What scripts read: stdout is data, JSON is one document, a list that was cut says so."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from taizhang.cli import json_out, places
from taizhang.cli.main import main
from taizhang.service.desk import FindingRow
from tests.cli.conftest import Configure, Runner

FINDING_KEYS = [
    "number",
    "aliases",
    "title",
    "status",
    "round",
    "class",
    "source",
    "category",
    "unit",
    "due",
    "original_due",
    "light",
    "version",
    "logged_at",
    "closed_at",
]
ENTRY_KEYS = ["index", "version", "topic", "actor", "recorded_at", "happened_on", "via", "data"]


def test_the_document_of_a_finding(ledger: Runner) -> None:
    number = ledger.assigned("2099-01-31")
    shown = ledger.ok("finding", "show", number, "--json").json
    (listed,) = ledger.ok("finding", "list", "--json").json
    for document in (shown, listed):
        assert set(FINDING_KEYS) <= set(document)
        assert (document["number"], document["status"], document["class"]) == (number, "assigned", "time_bound")
        assert (document["unit"], document["due"], document["light"]) == ("fin", "2099-01-31", "green")
        assert (document["aliases"], document["closed_at"], document["round"]) == ([], None, 1)
    common = {key: shown[key] for key in listed}
    assert common == listed, "a finding reads the same in a list and alone"
    assert set(FINDING_KEYS) <= {field.encode_name for field in msgspec.structs.fields(FindingRow)}


def test_the_document_of_a_history_entry(ledger: Runner) -> None:
    number = ledger.log()
    (entry,) = ledger.ok("finding", "history", number, "--json").json
    assert set(ENTRY_KEYS) <= set(entry)
    assert entry["recorded_at"].endswith("Z")
    assert entry["data"]["title"] == "公车私用"
    assert entry["data"]["number"] == number


def test_lists_as_lines(ledger: Runner) -> None:
    numbers = [ledger.log(), ledger.log()]
    lines = ledger.ok("--jsonl", "finding", "list").out.splitlines()
    assert [json.loads(line)["number"] for line in lines] == numbers
    assert len(ledger.ok("finding", "history", "1", "--jsonl").out.splitlines()) == 1
    assert len(ledger.ok("unit", "list", "--jsonl").out.splitlines()) == 3


def test_log_prints_the_number_and_nothing_else(ledger: Runner) -> None:
    ran = ledger.by("ins", "finding", "log", "--title", "甲", "--source", "乙")
    assert ran.out == "TZ-2026-001\n" or ran.out.endswith("-001\n")
    assert ran.out.count("\n") == 1
    assert "已入账" in ran.err


def test_a_receipt_as_json(ledger: Runner) -> None:
    ran = ledger.by("ins", "finding", "log", "--title", "甲", "--source", "乙", "--json")
    assert set(ran.json) == {"stream", "version", "index", "topic", "number", "repeated"}
    assert (ran.json["version"], ran.json["topic"], ran.err) == (1, "finding.logged.v1", "")


def test_a_cut_list_says_so(ledger: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ledger.log()
    cut = ledger.ok("finding", "list", "--limit", "2")
    assert len(cut.out.splitlines()) == 3
    assert "3 条中的 2 条" in cut.err
    assert "2 of 3" in ledger.ok("--lang", "en", "finding", "list", "--limit", "2", "--json").err
    assert ledger.ok("finding", "list", "--limit", "0").err == ""
    assert ledger.ok("finding", "list", "--limit", "3").err == ""
    from taizhang.cli.commands import finding

    monkeypatch.setattr(finding, "SHOWN", 2)
    assert "3 条中的 2 条" in ledger.ok("finding", "list").err
    whole = ledger.ok("finding", "list", "--json")
    assert (len(whole.json), whole.err) == (3, ""), "a script gets everything unless it says otherwise"


def test_sorting_both_ways(ledger: Runner) -> None:
    numbers = [ledger.log(title) for title in ("丙", "甲", "乙")]

    def listed(*argv: str) -> list[str]:
        return [row["number"] for row in ledger.ok("finding", "list", "--json", *argv).json]

    assert listed() == numbers
    assert listed("--sort", "-number") == numbers[::-1]
    assert listed("--sort=-logged") == numbers[::-1]
    assert listed("--sort", "number") == numbers


def test_a_filter_in_either_language_and_in_several_words(ledger: Runner) -> None:
    first, second = ledger.assigned(), ledger.log("违规发放津贴")

    def listed(*argv: str) -> list[str]:
        return [row["number"] for row in ledger.ok("finding", "list", "--json", *argv).json]

    assert listed("状态:已交办") == listed("status:assigned") == [first]
    assert listed("!状态:已交办", "津贴") == listed("!status:assigned 津贴") == [second]
    assert listed("单位:财政局") == listed("unit:fin") == [first]
    assert ledger.ok("figures", "津贴", "--json").json["total"]["total"] == 1


def test_an_empty_list(empty: Runner) -> None:
    ran = empty.ok("finding", "list")
    assert (ran.out, ran.err) == ("", "没有符合条件的记录。\n")
    assert empty.ok("finding", "list", "--json").json == []
    assert empty.ok("finding", "list", "--jsonl").out == ""
    assert empty.ok("unit", "list").out == ""


def test_a_new_ledger(empty: Runner) -> None:
    info = empty.ok("ledger", "info", "--json").json
    assert (info["people"], info["findings"], info["programmes"]) == (1, 0, 1)
    assert info["path"] == str(empty.path)
    (admin,) = empty.ok("person", "list", "--json").json
    assert (admin["id"], admin["roles"]) == ("admin", ["admin"])
    for label in ("位置", "时区", "只读"):
        assert label in empty.ok("ledger", "info").out


def test_the_only_person_acts_where_nobody_is_named(empty: Runner) -> None:
    empty.ok("unit", "add", "--id", "fin", "--name", "财政局")
    assert "fin" in empty.ok("unit", "list").out
    empty.ok("person", "add", "--id", "ins", "--name", "甲", "--role", "inspector")
    assert empty("unit", "add", "--id", "edu", "--name", "教育局", "--json").json["error"]["code"] == "actor.missing"


def test_who_acts_and_where_comes_from_option_environment_and_file(
    ledger: Runner, configure: Configure, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(f'actor = "aud"\nledger = "{ledger.path}"\n')
    log = ["finding", "log", "--title", "x", "--source", "y"]
    assert main([*log, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["params"]["person"] == "aud"
    monkeypatch.setenv("TAIZHANG_ACTOR", "ins")
    assert main(log) == 0
    assert main(["--actor", "aud", *log]) == 1
    monkeypatch.setenv("TAIZHANG_LEDGER", str(ledger.path / "nowhere"))
    assert main(log) == 3
    assert main([*log, "--ledger", str(ledger.path)]) == 0


@pytest.mark.parametrize("place", range(4))
def test_common_options_stand_anywhere(ledger: Runner, place: int) -> None:
    number = ledger.log()
    words = ["finding", "show", number]
    for option in (["--json"], ["--lang", "en"], ["--actor", "ins"], ["--lang=en", "--json"]):
        argv = [*words[:place], *option, *words[place:]]
        ran = ledger.ok(*argv)
        assert number in ran.out
        assert ran.out.startswith("{") == ("--json" in option)


def test_a_table_of_every_kind_and_format(ledger: Runner, tmp_path: Path) -> None:
    ledger.assigned()
    ledger.log()
    for kind in ("problems", "closure"):
        for form in ("xlsx", "docx", "csv", "json", "md"):
            target = tmp_path / f"{kind}.{form}"
            ran = ledger.ok("export", kind, "--format", form, "-o", str(target), "--json")
            assert (ran.json["rows"], ran.json["path"]) == (2, str(target))
            assert target.stat().st_size > 100
    target = tmp_path / "again.csv"
    assert "已导出 2 条" in ledger.ok("export", "closure", "--format", "csv", "-o", str(target)).err


def test_a_history_and_a_weekly_report_are_exported(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.assigned()
    target = tmp_path / "t.md"
    assert ledger.ok("export", "history", number, "--format", "md", "-o", str(target), "--json").json["rows"] == 2
    assert f"# 问题 {number} 办理过程表" in target.read_text(encoding="utf-8")
    ledger.ok("export", "weekly", "--format", "md", "-o", str(target), "--mask-names")
    text = target.read_text(encoding="utf-8")
    assert "新登记问题1项（上周0项）" in text
    assert text.index("## 一、") < text.index("## 二、") < text.index("## 三、")
    refused = ledger("export", "history", "无此编号", "--format", "md", "-o", str(target))
    assert refused.code == 1
    template = ledger(
        "export", "closure", "--format", "xlsx", "-o", str(target), "--template", str(tmp_path / "no.xlsx")
    )
    assert template.code == 1
    assert "no.xlsx" in template.err


def test_figures_show_both_counts_beside_the_rate(ledger: Runner) -> None:
    ledger.assigned()
    ledger.log()
    found = ledger.ok("figures", "--json").json
    assert found["by"] == "unit"
    assert found["total"]["total"] == 2
    assert {"total", "countable", "closed", "open", "overdue", "rate"} <= set(found["total"])
    text = ledger.ok("figures", "--by", "class").out
    assert "0/2" in text
    assert "限期整改" in text


def test_the_deep_check(ledger: Runner) -> None:
    ledger.log()
    verdict = ledger.ok("ledger", "verify", "--json").json
    assert verdict["ok"] is True
    assert all(check["ok"] and check["message"] for check in verdict["checks"])
    assert len(verdict["root"]) == 64
    assert verdict["root"] in ledger.ok("ledger", "verify").out


def test_a_rebuild(ledger: Runner) -> None:
    ledger.log()
    before = ledger.ok("finding", "list", "--json").out
    assert ledger.ok("ledger", "rebuild", "--json").json["index"] == ledger.size() - 1
    assert ledger.ok("finding", "list", "--json").out == before


def test_the_demo_is_made_once_and_opened_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    runner = Runner(folder, capsys)
    first = runner.ok("demo", "--dir", str(folder))
    assert "演示台账已建立" in first.err
    assert first.out.count("JZ-2023-") == 12
    size = runner.size()
    again = runner.ok("demo", "--dir", str(folder))
    assert "已有的演示台账" in again.err
    assert again.out == first.out
    assert runner.size() == size
    assert len(runner.ok("demo", "--dir", str(folder), "--json").json) == 12


def test_the_demo_has_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    assert (tmp_path / "data" / "taizhang" / "demo").is_dir()


def test_alone_without_a_terminal_it_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("用法：taizhang")


def test_the_places_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    for value in ("/somewhere/else", "", "  "):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        monkeypatch.setenv("XDG_DATA_HOME", value)
        assert places.config_file().parent == platformdirs.user_config_path("taizhang", appauthor=False)
        assert places.default_ledger().parent == platformdirs.user_data_path("taizhang", appauthor=False)


def test_a_set_comes_out_sorted_or_not_at_all() -> None:
    assert json_out.text({"path": Path("/x")}) == '{"path":"/x"}'
