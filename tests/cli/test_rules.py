"""The later life of a finding by command line: extensions, escalation, follow-up, rounds, links, policy, any moment."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

TODAY = date.today()  # noqa: DTZ011 - the tests only look at days far from it


def closed(ledger: Runner, tmp_path: Path) -> str:
    number = ledger.requested(tmp_path / "r.txt")
    ledger.by("ver", "finding", "verify", number, "--method", "on_site", "--conclusion", "effective")
    ledger.by("app", "finding", "close", number)
    return number


def shown(ledger: Runner, number: str) -> dict[str, object]:
    found: dict[str, object] = ledger.ok("finding", "show", number, "--json").json
    return found


def test_an_extension_is_asked_for_refused_asked_again_and_granted(ledger: Runner) -> None:
    number = ledger.acknowledged()
    ledger.by("officer", "finding", "extend", number, "--due", "2100-06-30", "--reason", "等审批", "--progress", "过半")
    page = ledger.ok("finding", "show", number).out
    assert "待批延期" in page
    assert "2100-06-30" in page
    assert "2100-06-30" in ledger.ok("finding", "why", number).out
    ledger.by("off", "finding", "refuse", number, "--reason", "再赶一赶")
    ledger.by("officer", "finding", "extend", number, "--due", "2100-06-30", "--reason", "仍在审批")
    ledger.by("off", "finding", "grant", number, "--due", "2100-03-31", "--reason", "先到三月")
    found = shown(ledger, number)
    assert (found["due"], found["original_due"], found["extensions"]) == ("2100-03-31", "2099-12-31", 1)
    refused = ledger(
        "--actor", "officer", "finding", "extend", number, "--due", "2101-01-01", "--reason", "x", "--json"
    )
    assert refused.json["error"]["code"] == "extend.cap"
    codes = [reason["code"] for reason in ledger.ok("finding", "why", number, "--json").json]
    assert codes[0] == "why.in-time"
    assert {"why.original", "why.extended"} <= set(codes)


def test_rules_of_days_give_the_deadline(ledger: Runner) -> None:
    number = ledger.log()
    ledger.by(
        "off", "finding", "assign", number, "--unit", "fin", "--class", "限期整改", "--due", "10个工作日", "--criteria", "x",
    )  # fmt: skip
    found = shown(ledger, number)
    assert TODAY + timedelta(days=9) < date.fromisoformat(str(found["due"])) < TODAY + timedelta(days=40)
    told = ledger.ok("finding", "why", number, "--lang", "en").out
    assert "10wd" in told
    assert "by the calendar cn/" in told


def test_an_immediate_finding_goes_straight_to_verification(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.log()
    ledger.by("off", "finding", "assign", number, "--unit", "fin", "--class", "immediate", "--due", "2099-12-31",
              "--criteria", "x")  # fmt: skip
    evidence = tmp_path / "e.txt"
    evidence.write_text("e")
    ledger.by("officer", "finding", "attach", number, str(evidence))
    ledger.by(
        "head", "finding", "request-closure", number, "--text", "已改", "--measure", "当场拆除", "--measure", "通报"
    )
    found = shown(ledger, number)
    assert found["status"] == "awaiting_verification"
    assert [measure["progress"] for measure in found["measures"]] == ["done", "done"]  # type: ignore[attr-defined]


def test_a_plan_is_revised_and_keeps_what_was_done(ledger: Runner) -> None:
    number = ledger.acknowledged()
    ledger.by("officer", "finding", "act", number, "--measure", "1", "--progress", "done", "--text", "已退赔")
    ledger.by("officer", "finding", "plan", number, "--measure", "退赔", "回访", "--reason", "补一条")
    measures = shown(ledger, number)["measures"]
    assert [(m["text"], m.get("progress", "none")) for m in measures] == [("退赔", "done"), ("回访", "none")]  # type: ignore[attr-defined]


def test_escalation_and_its_receipt(ledger: Runner) -> None:
    number = ledger.acknowledged()
    ledger.by("off", "finding", "remind", number, "--level", "提示函", "--text", "请抓紧")
    ledger.by("off", "finding", "list-publicly", number, "--document", "挂〔2026〕1号")
    ledger.by("officer", "finding", "receive", number)
    page = ledger.ok("finding", "show", number).out
    assert f"{number}-R1-1  未签收" in page
    assert "挂牌督办  挂〔2026〕1号" in page
    steps = shown(ledger, number)["escalations"]
    assert [(step["level"], bool(step.get("received_on"))) for step in steps] == [("notice", False), ("listing", True)]  # type: ignore[attr-defined]


def test_a_relapse_is_reopened_into_a_round_of_its_own(ledger: Runner, tmp_path: Path) -> None:
    number = closed(ledger, tmp_path)
    assert ledger("--actor", "both", "finding", "reopen", number, "--reason", "x", "--due", "30d").code == 1
    ledger.by("ins", "finding", "follow-up", number, "--result", "relapsed", "--text", "又犯")
    ledger.by("both", "finding", "reopen", number, "--reason", "反弹", "--due", "30d")
    found = shown(ledger, number)
    assert (found["status"], found["round"]) == ("rectifying", 2)
    (first,) = found["rounds"]  # type: ignore[misc]
    assert (first["closed_by"], first["original_deadline"]["due"]) == ("app", "2099-12-31")
    page = ledger.ok("finding", "show", number).out
    assert "第 1 轮：原定时限 2099-12-31" in page
    assert ledger.ok("finding", "list", "--json").json[0]["round"] == 2
    figures = ledger.ok("figures").out
    assert "首轮" in figures
    assert "重开轮次" in figures


def test_findings_are_linked(ledger: Runner) -> None:
    first, second = ledger.log("甲"), ledger.log("乙")
    ledger.by("aud", "finding", "link", second, first, "--kind", "successor_of")
    assert f"承接自 {first}" in ledger.ok("finding", "show", second).out
    assert shown(ledger, second)["links"] == [{"other": first, "kind": "successor_of"}]
    ran = ledger("--actor", "aud", "finding", "link", second, "X-1")
    assert ran.code == 1


def test_any_moment(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.log("旧题")
    at = ledger.ok("finding", "history", number, "--json").json[0]["index"]
    ledger.by("ins", "finding", "amend", number, "--field", "title", "--value", "新题", "--reason", "笔误")
    ledger.log("另一条")
    then = ledger.ok("finding", "list", "--as-of", f"#{at}", "--json").json
    assert [row["title"] for row in then] == ["旧题"]
    ran = ledger.ok("finding", "show", number, "--as-of", f"#{at}")
    assert "旧题" in ran.out
    assert "现在可以" not in ran.out
    assert f"截至事件 #{at}" in ran.err
    assert ledger.ok("figures", "--as-of", f"#{at}", "--json").json["total"]["total"] == 1
    assert ledger.ok("figures", "--json").json["total"]["total"] == 2
    target = tmp_path / "t.json"
    ledger.ok("export", "problems", "--format", "json", "-o", str(target), "--as-of", f"#{at}")
    assert "旧题" in target.read_text("utf-8")
    assert ledger.ok("finding", "show", number, "--as-of", TODAY.isoformat(), "--json").json["title"] == "新题"

    (change,) = ledger.ok("finding", "diff", number, "--from", "1", "--to", "2", "--json").json
    assert change == {"field": "title", "old": "旧题", "new": "新题"}
    assert "旧题 → 新题" in ledger.ok("finding", "diff", number, "--from", f"#{at}").out
    whole = ledger.ok("finding", "diff", "--from", f"#{at}", "--json").json
    assert [row["title"] for row in whole["entered"]] == ["另一条"]
    assert [row["number"] for row in whole["changed"]] == [number]
    assert "新进入（1）" in ledger.ok("finding", "diff", "--from", f"#{at}").out
    assert "没有变化" in ledger.ok("finding", "diff", "--from", f"#{at}", "--to", f"#{at}").err
    period = ledger.ok("figures", "--since", f"#{at}")
    assert f"#{at} 以来" in period.out
    assert ledger.ok("figures", "--since", f"#{at}", "--json").json["total"]["new"] == 1


def test_today_calls_for_what_the_policy_says(ledger: Runner, tmp_path: Path) -> None:
    ran = ledger.ok("todo")
    assert (ran.out, ran.err) == ("", "今天没有要办的事。\n")
    number = ledger.requested(tmp_path / "r.txt")
    (todo,) = ledger.ok("todo", "--json").json
    assert (todo["code"], todo["number"], todo["step"]) == ("todo.verify", number, "verify")
    assert "核查 (verify)" in ledger.ok("todo").out
    assert ledger.by("ver", "todo", "--mine", "--json").json == [todo]
    assert ledger.by("aud", "todo", "--mine", "--json").json == []


def test_the_policy_is_shown_and_set(ledger: Runner) -> None:
    before = ledger.ok("policy", "show", "--json").json
    assert (before["due_soon"], before["days"]) == (15, "working")
    ledger.by(
        "admin", "policy", "set", "--due-soon", "5", "--days", "calendar", "--extensions", "2", "--single-signature",
        "immediate", "--stage", "notice=2", "--stage", "listing=none", "--follow-up-after", "30", "--roles",
        "grant=leader,office", "--calendar", "none",
    )  # fmt: skip
    after = ledger.ok("policy", "show", "--json").json
    assert after["single_signature"] == ["immediate"]
    assert (after["due_soon"], after["days"], after["extensions"]) == (5, "calendar", 2)
    assert after["stages"][0] == {"level": "notice", "overdue": 2}
    assert "listing" not in [stage["level"] for stage in after["stages"]]
    assert after["roles"] == {"grant": ["leader", "office"]}
    page = ledger.ok("policy", "show").out
    for text in ("日历日", "立行立改", "提示函 2", "同意延期 (grant)"):
        assert text in page
    ledger.by("admin", "policy", "set", "--roles", "grant=none", "--single-signature", "none")
    restored = ledger.ok("policy", "show", "--json").json
    assert (restored["roles"], restored["single_signature"]) == ({}, [])


def test_one_signature_where_the_policy_says_so(ledger: Runner, tmp_path: Path) -> None:
    ledger.by("admin", "policy", "set", "--single-signature", "time_bound")
    number = ledger.requested(tmp_path / "r.txt")
    ledger.by("both", "finding", "verify", number, "--method", "on_site", "--conclusion", "effective")
    ledger.by("both", "finding", "close", number)
    assert ledger.ok("finding", "history", number, "--json").json[-1]["data"]["signatures"] == 1


def test_calendars_are_corrected_and_adopted(ledger: Runner, tmp_path: Path) -> None:
    number = ledger.log()
    ledger.by(
        "off", "finding", "assign", number, "--unit", "fin", "--class", "phased", "--due", "3wd", "--criteria", "x"
    )
    due = shown(ledger, number)["due"]
    ledger.by("admin", "calendar", "correct", "cn", "--edition", "fix", "--off", str(due), "--published", "2099")
    assert shown(ledger, number)["due"] == due, "a correction changes no deadline that was given"
    rows = tmp_path / "xx.txt"
    rows.write_text("# ours\ncalendar xx\nedition 1\nweekend fri sat\npublished always\n", encoding="utf-8")
    ledger.by("admin", "calendar", "adopt", str(rows))
    known = {each["id"]: each for each in ledger.ok("calendar", "list", "--json").json}
    assert (known["cn"]["edition"], known["xx"]["weekend"], known["xx"]["published"]) == ("fix", [4, 5], None)
    assert "无须公布" in ledger.ok("calendar", "list").out
    ledger.by("admin", "policy", "set", "--calendar", "xx")


@pytest.mark.parametrize("argv", [("JYZD-2023",), ("--code", "JYZD-2023")])
def test_a_programme_is_opened_by_its_code_alone(ledger: Runner, argv: tuple[str, ...]) -> None:
    ledger.by("admin", "programme", "open", *argv)
    opened = {each["code"]: each for each in ledger.ok("programme", "list", "--json").json}
    assert opened["JYZD-2023"]["name"] == "JYZD-2023"
    ledger.by("admin", "programme", "close", *argv)
