"""The weekly report and the history of a finding, drawn from the demo ledger: what they say, and that it is so."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from taizhang.composition import make_demo, open_desk
from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import words_for
from taizhang.projections.export import Format
from taizhang.service.desk import Cell, Desk, Dimension, ExportKind, ExportOptions, Query
from taizhang.service.weekly import IN_THE_WEEK, LISTED_WHOLE, weekly
from tests.export.contents import has_chinese_font, same_as_golden

GOLDEN = Path(__file__).parent / "golden"
DRAWN = datetime(2024, 6, 1, 2, 30, tzinfo=UTC)
WEEK = "2023-06-25"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("demo") / "ledger"
    make_demo(folder)
    desk = open_desk(folder, clock=lambda: DRAWN)
    yield desk
    desk.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize(
    ("kind", "query", "options"),
    [
        (ExportKind.WEEKLY, Query(when=WEEK), ExportOptions()),
        (ExportKind.HISTORY, Query(), ExportOptions(number="JZ-2023-003")),
    ],
    ids=["weekly", "history"],
)
def test_what_a_report_says_is_as_it_was(
    desk: Desk, tmp_path: Path, kind: ExportKind, query: Query, options: ExportOptions, form: Format, lang: str
) -> None:
    if form is Format.PDF and not has_chinese_font():
        pytest.skip("no Chinese font on this machine")
    target = tmp_path / f"{kind}-{lang}.{form}"
    desk.export(kind, form, target, query, lang, options=options)
    same_as_golden(target, GOLDEN, any_root=True)


@pytest.mark.parametrize(
    "last", [date(2023, 4, 21), date(2023, 5, 9), date(2023, 6, 25), date(2023, 9, 28), date(2024, 1, 10)]
)
@pytest.mark.parametrize("filter_", ["", "单位:先导区", "!整改类别:长期坚持"])
def test_every_number_of_the_week_is_the_length_of_its_list(desk: Desk, last: date, filter_: str) -> None:
    facts = weekly(desk, filter_, last.isoformat(), last)
    for name, count in facts.counts.items():
        rows = desk.findings(count.query).rows
        assert count.count == len(rows)
        assert count.rows == (rows if name in LISTED_WHOLE else rows[:5])
    for name in IN_THE_WEEK:
        assert getattr(facts.this.total, name) == facts.counts[name].count
    total = facts.this.total
    assert (total.overdue, total.due_soon, total.awaiting, total.verified) == tuple(
        facts.counts[name].count for name in ("overdue", "due_soon", "awaiting", "verified")
    )
    cell = Cell(Dimension.UNIT, "new", since=facts.before.since)
    assert facts.before.index < 0 or facts.before.total.new == desk.count(filter_, when=facts.before.when, cell=cell)


def test_the_weeks_of_a_ledger_add_up(desk: Desk) -> None:
    """What was new and what was closed, week by week, is all there is."""
    weeks = [
        weekly(desk, "", day.isoformat(), day) for day in (date.fromordinal(at) for at in range(738_630, 738_900, 7))
    ]
    assert sum(week.this.total.new for week in weeks) == 12
    for one, next_one in itertools.pairwise(weeks):
        assert next_one.before.total == one.this.total


@pytest.mark.parametrize("last", [date(2023, 5, 9), date(2023, 6, 25), date(2023, 9, 28)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_rates_are_those_of_the_figures_as_of_the_end_of_the_week(
    desk: Desk, tmp_path: Path, last: date, lang: str
) -> None:
    target = tmp_path / "w.json"
    desk.export(ExportKind.WEEKLY, "json", target, Query(when=last.isoformat()), lang)
    end = desk.figures(Dimension.UNIT, "", last, when=last.isoformat()).total

    def rate(value: int | None) -> str:
        return "—" if value is None else f"{value}%"

    said = words_for(lang)(
        "weekly.done.rates",
        rectified=end.rectified,
        to_rectify=end.to_rectify,
        rectification=rate(end.rectification_rate),
        closed=end.closed,
        countable=end.countable,
        closure=rate(end.rate),
        on_time=end.on_time,
        due=end.due,
        timely=rate(end.on_time_rate),
    )
    assert end.due > 0
    assert said in target.read_text("utf-8")


def numbers_in(text: str) -> list[int]:
    import re

    return [int(found) for found in re.findall(r"[0-9]+", text)]


def test_a_week_without_anything_says_so(desk: Desk, tmp_path: Path) -> None:
    """Before the ledger began there is nothing to tell, and nothing is made up."""
    target = tmp_path / "w.json"
    desk.export(ExportKind.WEEKLY, "json", target, Query(when="2020-01-05"), "zh")
    draft = json.loads(target.read_bytes())["draft"]
    words = words_for("zh")
    assert words("weekly.problems.none", last="2020年1月5日") in [part["text"] for part in draft]
    assert words("weekly.next.none") in [part["text"] for part in draft]
    numbers = {number for part in draft if part["part"] == "body" for number in numbers_in(part["text"])}
    assert numbers == {0, 1, 5, 12, 30, 2019, 2020}, "zeros, and the days of the week"


def test_a_history_as_of_a_moment_ends_there(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "h.json"
    entries = desk.history("JZ-2023-003")
    index = entries[3].index
    options = ExportOptions(number="JZ-2023-003")
    assert desk.export(ExportKind.HISTORY, "json", target, Query(when=f"#{index}"), "zh", options=options) == 4
    document = json.loads(target.read_bytes())
    assert [row["index"] for row in document["rows"]] == [entry.index for entry in entries[:4]]
    with pytest.raises(Rejected, match=r"finding\.unknown"):
        desk.export(ExportKind.HISTORY, "md", target, Query(), "zh", options=ExportOptions(number="JZ-2023-999"))


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PDF])
@pytest.mark.parametrize("kind", ExportKind)
def test_masked_names_are_nowhere_in_the_file(desk: Desk, tmp_path: Path, kind: ExportKind, form: Format) -> None:
    from tests.export.contents import contents

    target = tmp_path / f"t.{form}"
    options = ExportOptions(masked=True, number="JZ-2023-003")
    query = (
        Query(f"责任人:{_person(desk)}")
        if kind is ExportKind.CLOSURE
        else Query(when=WEEK if kind is ExportKind.WEEKLY else "")
    )
    desk.export(kind, form, target, query, "zh", options=options)
    text = contents(target).decode()
    names = {person.name for person in desk.register().people.values()}
    names |= {f.accountable_leader for f in _findings(desk)} | {f.responsible_person for f in _findings(desk)}
    assert not [name for name in names if name and name in text]


def _findings(desk: Desk) -> list[Any]:
    return [desk.finding(row.number) for row in desk.findings(Query()).rows]


def _person(desk: Desk) -> str:
    return next((f.responsible_person for f in _findings(desk) if f.responsible_person), "无人")


CHECKED = [form for form in Format if form is not Format.PDF]


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", CHECKED)
@pytest.mark.parametrize("kind", ExportKind)
def test_what_was_exported_is_given_again(
    desk: Desk, tmp_path: Path, kind: ExportKind, form: Format, lang: str, masked: bool
) -> None:
    target = tmp_path / f"t.{form}"
    options = ExportOptions(number="JZ-2023-003", masked=masked)
    when = {ExportKind.WEEKLY: WEEK, ExportKind.HISTORY: "2023-06-20"}.get(kind, "")
    desk.export(kind, form, target, Query(when=when), lang, options=options)
    verdict = desk.cases().verify_export(target)
    assert (verdict.differences, verdict.kind, verdict.format) == ((), kind, form)
    assert verdict.ok


CHANGED = {
    ExportKind.HISTORY: ("家访与谈心谈话已开展", "家访与谈心谈话已结束"),
    ExportKind.WEEKLY: ("新增逾期", "新增到期"),
    ExportKind.CLOSURE: ("出台八小时外监督办法", "出台八小时外监督方法"),
}


@pytest.mark.parametrize("form", CHECKED)
@pytest.mark.parametrize("kind", CHANGED)
def test_a_changed_word_of_a_report_is_named(desk: Desk, tmp_path: Path, kind: ExportKind, form: Format) -> None:
    target = tmp_path / f"t.{form}"
    options = ExportOptions(number="JZ-2023-003")
    query = Query(when=WEEK) if kind is ExportKind.WEEKLY else Query()
    desk.export(kind, form, target, query, "zh", options=options)
    if kind is ExportKind.WEEKLY and form is Format.CSV:
        changed = ("市局,0", "市局,7")
    elif kind is ExportKind.WEEKLY and form is Format.JSON:
        changed = ("新登记问题0项", "新登记问题7项")
    else:
        changed = CHANGED[kind]
    rewritten(target, *changed)
    verdict = desk.cases().verify_export(target)
    assert not verdict.ok
    assert any(changed[1][:4] in difference.found or difference.found == "7" for difference in verdict.differences)


def rewritten(target: Path, old: str, new: str) -> None:
    """Change a text in a file, in whatever part of it."""
    data = target.read_bytes()
    if not data.startswith(b"PK"):
        assert old.encode() in data
        target.write_bytes(data.replace(old.encode(), new.encode(), 1))
        return
    found = False
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            part = source.read(name)
            found = found or old.encode() in part
            copy.writestr(name, part.replace(old.encode(), new.encode()))
    assert found


def test_a_pdf_is_not_compared(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "t.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(Rejected, match=r"export\.format-unchecked"):
        desk.cases().verify_export(tmp_path / "t.pdf")


def test_a_masked_table_is_given_again(desk: Desk, tmp_path: Path) -> None:
    desk.export(ExportKind.CLOSURE, "xlsx", tmp_path / "t.xlsx", Query(), "zh", options=ExportOptions(masked=True))
    verdict = desk.cases().verify_export(tmp_path / "t.xlsx")
    assert verdict.ok
    assert verdict.rows == 12
