"""Logging a finding: what must be said, and the number that it is dealt."""

from __future__ import annotations

import pytest

from taizhang.ledger.domain.events import FindingLogged
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.values import Severity, State
from tests.domain.spec import FOUND, LOGGED, NUMBER, TODAY, given, log


def test_logged_with_everything_that_was_said() -> None:
    finding = (
        given()
        .when(log())
        .then(
            FindingLogged(
                number=NUMBER,
                programme="JYZD-2023",
                title="干部“八小时以外”活动监督管理措施不够有力，存在“老好人”心理",
                source="汇报自查",
                found_on=FOUND,
                team="第一督导组",
                criteria="《党内监督条例》",
                category="干部监督",
                severity=Severity.MEDIUM,
            )
        )
    )
    assert finding == Finding(
        number=NUMBER,
        programme="JYZD-2023",
        title="干部“八小时以外”活动监督管理措施不够有力，存在“老好人”心理",
        source="汇报自查",
        found_on=FOUND,
        logged_at="2023-05-10T08:00:00.000000Z",
        logged_by="zhou",
        state=State.LOGGED,
        version=1,
        round=1,
        changed_at="2023-05-10T08:00:00.000000Z",
        team="第一督导组",
        criteria="《党内监督条例》",
        category="干部监督",
        severity=Severity.MEDIUM,
    )


def test_title_source_and_day_are_enough() -> None:
    given().when(log(title="无台账", source="实地督导", team="", criteria="", category="", severity=None)).then(
        FindingLogged(NUMBER, "JYZD-2023", "无台账", "实地督导", FOUND)
    )


@pytest.mark.parametrize("field", ["title", "source"])
def test_what_must_be_said(field: str) -> None:
    given().when(log(**{field: " \n" if field == "title" else "  "})).rejected("text.missing", field=field)


def test_the_number_is_the_one_that_was_dealt() -> None:
    """decide takes the number from whoever counts the log; it makes none up and the command brings none."""
    assert given().when(log()).allowed().number == NUMBER


def test_a_finding_is_logged_once() -> None:
    given(LOGGED).when(log()).rejected("finding.exists", number=NUMBER)


def test_a_programme_that_is_not_there() -> None:
    given().when(log(programme="JYZD-2024")).rejected("programme.unknown", programme="JYZD-2024", open=["JYZD-2023"])


def test_a_programme_that_is_closed() -> None:
    given().when(log(programme="JYZD-2022")).rejected(
        "programme.closed", programme="JYZD-2022", on="2022-12-30", open=["JYZD-2023"]
    )


def test_a_title_has_lines_a_source_has_one() -> None:
    assert given().when(log(title="一是无台账\n二是无记录")).allowed().title == "一是无台账\n二是无记录"
    given().when(log(source="汇报\n自查")).rejected("text.control", field="source")


@pytest.mark.parametrize(
    ("field", "limit"),
    [("title", 2_000), ("source", 500), ("team", 500), ("category", 500), ("criteria", 20_000)],
)
def test_how_long_a_text_may_be(field: str, limit: int) -> None:
    assert len(getattr(given().when(log(**{field: "督" * limit})).allowed(), field)) == limit
    given().when(log(**{field: "督" * (limit + 1)})).rejected(
        "text.too-long", field=field, length=limit + 1, limit=limit
    )


def test_found_long_before_it_is_logged() -> None:
    assert given().when(log(found_on=FOUND.replace(year=2013))).allowed().found_on.year == 2013


def test_found_on_the_day_of_logging() -> None:
    assert given().when(log(found_on=TODAY)).allowed().found_on == TODAY
