"""A whole life of a finding by command line, with every way off the straight road."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Runner


def statuses(ledger: Runner) -> list[str]:
    return [row["status"] for row in ledger.ok("finding", "list", "--json").json]


def test_a_whole_life(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.requested(tmp_path / "收据.txt")
    assert ledger.ok("finding", "show", number, "--json").json["status"] == "awaiting_verification"
    ledger.by("ver", "finding", "verify", number, "--method", "on_site", "--conclusion", "effective", "--text", "属实")
    ledger.by("app", "finding", "close", number)
    shown = ledger.ok("finding", "show", number, "--json").json
    assert (shown["status"], shown["light"], shown["closed_by"]) == ("closed", "grey", "app")
    assert shown["closed_at"] is not None

    history = ledger.ok("finding", "history", number, "--json").json
    assert [entry["topic"] for entry in history] == [
        "finding.logged.v1",
        "finding.assigned.v1",
        "finding.acknowledged.v1",
        "finding.measure-acted.v1",
        "finding.evidence-attached.v1",
        "finding.closure-requested.v1",
        "finding.verified.v1",
        "finding.closed.v1",
    ]
    assert [entry["actor"] for entry in history] == [
        "ins",
        "off",
        "officer",
        "officer",
        "officer",
        "head",
        "ver",
        "app",
    ]
    assert {entry["via"] for entry in history} == {"cli"}
    assert [entry["version"] for entry in history] == list(range(1, 9))
    indexes = [entry["index"] for entry in history]
    assert indexes == list(range(indexes[0], indexes[0] + 8))
    evidence = history[4]["data"]["evidence"]
    assert evidence["sha256"] == hashlib.sha256("收据".encode()).hexdigest()
    assert (evidence["name"], evidence["caption"]) == ("收据.txt", "收据")
    kept = ledger.path / "evidence" / evidence["sha256"][:2] / evidence["sha256"]
    assert kept.read_text("utf-8") == "收据"
    assert ledger.ok("ledger", "verify").code == 0


OWN_WORK = {
    "zh": "officer 经手过问题 {number} 本轮的整改（制定措施、反馈进展或申请销号），不能核查；请换一名未经手的核查人。",
    "en": "officer planned, reported or requested closure in this round of {number} and cannot verify it; "
    "a verifier who had no hand in it must.",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_verifier_who_acted_is_refused_in_either_language(ledger: Runner, tmp_path: Path, lang: str) -> None:
    number = ledger.requested(tmp_path / "r.txt")
    # the officer moves to the supervision team and becomes a verifier: of another unit, but with a hand in this finding
    ledger.by("admin", "person", "amend", "--id", "officer", "--role", "verifier", "--unit", "team")
    size = ledger.size()
    ran = ledger(
        "--actor", "officer", "--lang", lang, "finding", "verify", number, "--method", "on_paper",
        "--conclusion", "effective",
    )  # fmt: skip
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == OWN_WORK[lang].format(number=number) + "\n"
    assert ledger.size() == size


def test_the_verifier_cannot_approve(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.requested(tmp_path / "r.txt")
    ledger.by("both", "finding", "verify", number, "--method", "on_site", "--conclusion", "effective")
    ran = ledger("--actor", "both", "finding", "close", number, "--json")
    assert ran.code == 1
    assert ran.json["error"]["code"] == "close.own-verification"


def test_one_system_account_behind_two_people_is_marked(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.requested(tmp_path / "r.txt")
    ledger.by("ver", "finding", "verify", number, "--method", "on_site", "--conclusion", "effective")
    last = ledger.ok("finding", "history", number, "--json").json[-1]
    assert last["same_account"] is True
    assert last["data"]["same_account"] is True
    assert "同一系统账户" in ledger.ok("finding", "history", number).out
    assert "same system account" in ledger.ok("finding", "history", number, "--lang", "en").out


def test_returned_and_brought_again(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.requested(tmp_path / "r.txt")
    ledger.by("ver", "finding", "return", number, "--missing", "缺审计报告")
    shown = ledger.ok("finding", "show", number, "--json").json
    assert (shown["status"], shown["missing"], shown["returns"]) == ("rectifying", "缺审计报告", 1)
    ledger.by("head", "finding", "request-closure", number, "--text", "已补")
    assert statuses(ledger) == ["awaiting_verification"]


def test_objected_and_assigned_again_keeps_the_first_deadline(ledger: Runner) -> None:
    number = ledger.assigned("2099-06-30")
    ledger.by("head", "finding", "object", number, "--grounds", "不属我单位")
    assert statuses(ledger) == ["logged"]
    ledger.by(
        "off", "finding", "assign", number, "--unit", "fin", "--class", "phased", "--due", "2099-09-30",
        "--criteria", "x", "--cooperating", "team", "--leader", "张局", "--person", "李科",
    )  # fmt: skip
    shown = ledger.ok("finding", "show", number, "--json").json
    assert (shown["due"], shown["original_due"], shown["class"]) == ("2099-09-30", "2099-06-30", "phased")
    assert (shown["cooperating_units"], shown["accountable_leader"]) == (["team"], "张局")


def test_withdrawn_as_a_duplicate_and_transferred(ledger: Runner) -> None:
    first, second, third = ledger.log("甲"), ledger.log("乙"), ledger.log("丙")
    ledger.by("boss", "finding", "withdraw", second, "--grounds", "重复登记", "--duplicate-of", first)
    ledger.by("boss", "finding", "transfer", third, "--to", "市纪委", "--grounds", "涉嫌违纪")
    assert statuses(ledger) == ["logged", "withdrawn", "transferred"]
    assert ledger.ok("finding", "show", second, "--json").json["duplicate_of"] == first
    assert ledger.ok("finding", "show", third, "--json").json["transferred_to"] == "市纪委"


def test_amended_and_commented(ledger: Runner) -> None:
    number = ledger.log("旧题")
    ledger.by("ins", "finding", "amend", number, "--field", "title", "--value", "新题", "--reason", "笔误")
    ledger.by("ins", "finding", "amend", number, "--field", "found-on", "--value", "2020-01-02", "--reason", "核对")
    ledger.by("ins", "finding", "amend", number, "--field", "severity", "--value", "high", "--reason", "定级")
    ledger.by("aud", "finding", "comment", number, "--text", "已阅")
    shown = ledger.ok("finding", "show", number, "--json").json
    assert (shown["title"], shown["found_on"], shown["severity"]) == ("新题", "2020-01-02", "high")
    history = ledger.ok("finding", "history", number).out
    assert "旧题 → 新题" in history
    assert "— → 严重" in history


def test_a_day_a_reason_and_an_id_go_with_every_write(ledger: Runner) -> None:
    day = (date.today() - timedelta(days=3)).isoformat()  # noqa: DTZ011 - only has to lie in the past
    number = ledger.log("甲", "--on", day, "--found-on", day, "--why", "当场发现", "--command-id", "c-1")
    (entry,) = ledger.ok("finding", "history", number, "--json").json
    assert (entry["happened_on"], entry["why"], entry["command"]) == (day, "当场发现", "c-1")
    assert "当场发现" in ledger.ok("finding", "history", number).out
    size = ledger.size()
    again = ledger.by("ins", "finding", "log", "--title", "甲", "--source", "督查", "--found-on", day, "--on", day,
                      "--why", "当场发现", "--command-id", "c-1")  # fmt: skip
    assert again.out.strip() == number
    assert "未再重复记录" in again.err
    assert ledger.size() == size


def test_several_values_after_one_option(ledger: Runner) -> None:
    number = ledger.assigned()
    ledger.by("officer", "finding", "acknowledge", number, "--measure", "甲", "乙", "--measure", "丙")
    measures = ledger.ok("finding", "show", number, "--json").json["measures"]
    assert [measure["text"] for measure in measures] == ["甲", "乙", "丙"]


def test_words_of_the_catalogue_are_understood_beside_identifiers(ledger: Runner) -> None:
    number = ledger.log("甲", "--severity", "严重")
    ledger.by("off", "finding", "assign", number, "--unit", "fin", "--class", "长期坚持", "--criteria", "x")
    shown = ledger.ok("finding", "show", number, "--json").json
    assert (shown["severity"], shown["class"], shown["due"]) == ("high", "sustained", None)


def test_the_page_of_a_finding(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.requested(tmp_path / "r.txt")
    page = ledger.by("ver", "finding", "show", number).out
    for text in (number, "待核查", "公车私用", "财政局（fin）", "1. [已完成] 退赔 — 已退赔", "2. [未完成] 建章立制",
                 "r.txt（6 字节", "已全部退赔", "最近事项（6 条中的 5 条）", "核查戊（ver）现在可以：核查 (verify)、退回 (return)"):  # fmt: skip
        assert text in page
    assert "\x1b" not in page
    steps = ledger.by("ver", "finding", "show", number, "--json").json["steps"]
    assert {"verify", "return"} <= set(steps)
    assert "close" not in steps


def test_an_actor_that_the_ledger_does_not_know_can_still_read(ledger: Runner) -> None:
    number = ledger.log()
    ran = ledger("--actor", "nobody", "finding", "show", number)
    assert ran.code == 0
    assert "公车私用" in ran.out
    assert "nobody" in ran.err


def test_units_people_and_programmes(ledger: Runner) -> None:
    ledger.by("admin", "unit", "amend", "--id", "fin.office", "--name", "办公室", "--parent", "")
    units = ledger.ok("unit", "list", "--json").json
    assert {"id": "fin.office", "name": "办公室", "parent": None} in units
    ledger.by("admin", "person", "amend", "--id", "aud", "--active", "no")
    people = {person["id"]: person for person in ledger.ok("person", "list", "--json").json}
    assert people["aud"]["active"] is False
    assert people["both"]["roles"] == ["approver", "verifier"]
    ledger.by("admin", "programme", "open", "--code", "JYZD-2023", "--name", "教育整顿", "--phase", "自查", "整改")
    assert ledger.log("甲", "--programme", "JYZD-2023") == "JYZD-2023-001"
    assert ledger.log("乙", "--programme", "JYZD-2023") == "JYZD-2023-002"
    ledger.by("admin", "programme", "close", "--code", "JYZD-2023")
    programmes = {programme["code"]: programme for programme in ledger.ok("programme", "list", "--json").json}
    assert programmes["JYZD-2023"]["phases"] == ["自查", "整改"]
    assert programmes["JYZD-2023"]["closed_on"] is not None
    assert "教育整顿" in ledger.ok("programme", "list").out
    assert "管理员" in ledger.ok("person", "list").out
    assert "办公室" in ledger.ok("unit", "list").out
