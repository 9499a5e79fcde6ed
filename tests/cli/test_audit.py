"""`audit` and `finding blame`: the trail of the whole ledger, one event, and which event set a value."""

from __future__ import annotations

from tests.cli.conftest import Runner


def test_every_event_newest_first(ledger: Runner) -> None:
    number = ledger.assigned()
    rows = ledger.ok("audit", "--json").json
    assert [row["index"] for row in rows] == list(range(len(rows) - 1, -1, -1))
    assert (rows[0]["topic"], rows[0]["number"], rows[0]["actor"]) == ("finding.assigned.v1", number, "off")
    assert "交办" in ledger.ok("audit", "--limit", "1").out


def test_of_one_person_one_finding_and_a_moment(ledger: Runner) -> None:
    first, second = ledger.assigned(), ledger.log("另一条")
    assert [row["number"] for row in ledger.ok("audit", "--person", "ins", "--json").json] == [second, first]
    assert {row["number"] for row in ledger.ok("audit", "--number", first, "--json").json} == {first}
    last = ledger.size() - 2
    assert ledger.ok("audit", "--as-of", f"#{last}", "--json").json[0]["index"] == last
    assert [row["actor"] for row in ledger.ok("audit", "--person", "ins", "--as-of", f"#{last}", "--json").json] == [
        "ins"
    ]


def test_a_cut_trail_says_so(ledger: Runner) -> None:
    ran = ledger.ok("audit", "--limit", "2")
    assert len(ran.out.splitlines()) == 3
    assert f"共 {ledger.size()} 条" in ran.err


def test_one_event_in_full(ledger: Runner) -> None:
    ledger.assigned()
    index = ledger.size() - 1
    assert ledger.ok("audit", f"#{index}", "--json").json["data"]["closure_criteria"] == "退赔到位"
    assert "退赔到位" in ledger.ok("audit", str(index)).out


def test_what_there_is_not_is_refused(ledger: Runner) -> None:
    assert ledger("audit", "soon").code == 2
    assert ledger("audit", "#99999").code == 1
    assert ledger("audit", "--person", "nobody").code == 1
    assert ledger("audit", "--number", "XX-999").code == 1


def test_blame_names_the_event_that_set_each_value(ledger: Runner) -> None:
    number = ledger.acknowledged()
    head = ledger.size() - 1
    ledger.by("officer", "finding", "act", number, "--measure", "2", "--progress", "mostly", "--text", "起草")
    found = {(each["field"], each["place"]): each for each in ledger.ok("finding", "blame", number, "--json").json}
    assert found["title", 0]["topic"] == "finding.logged.v1"
    assert found["deadline", 0]["actor"] == "off"
    assert found["measures", 1]["topic"] == "finding.acknowledged.v1"
    assert found["measures", 2]["topic"] == "finding.measure-acted.v1"
    then = {
        (each["field"], each["place"]): each
        for each in ledger.ok("finding", "blame", number, "--as-of", f"#{head}", "--json").json
    }
    assert then["measures", 2]["topic"] == "finding.acknowledged.v1"
    assert number in ledger.ok("finding", "blame", number).out
