"""The filter language: what it reads, what it writes, where its errors point, and that SQL means what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light, light_of
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import OPEN_STATES, Deadline, FindingClass, State
from taizhang.projections import problems, registry
from taizhang.projections.filter import Filter, Term, compiled, parsed, tree, written
from taizhang.projections.filter.fields import BY_NAME, FIELDS, NONE, Kind
from tests.projections.ledgers import CATEGORIES, PEOPLE, PROGRAMMES, SOURCES, UNITS, Writer, built, empty_file, ledgers

TODAY = date(2023, 5, 10)
LOGGED = Finding("JZ-2023-004", "JZ-2023", "财政局", "群众来信", date(2023, 4, 1), "2023-04-20T01:00:00.000000Z", "li")


def nodes(text: str) -> list[tuple[bool, tree.Node]]:
    return [(term.negated, term.node) for term in parsed(text).terms]


DAY = tree.Period(date(2026, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("状态:逾期", tree.Choice("status", ("overdue",))),
        ("status:overdue", tree.Choice("status", ("overdue",))),
        ("ＳＴＡＴＵＳ：ＯＶＥＲＤＵＥ", tree.Choice("status", ("overdue",))),
        ("状态：待核查，已销号", tree.Choice("status", ("awaiting_verification", "closed"))),
        ("状态: 待核查, awaiting_verification", tree.Choice("status", ("awaiting_verification",) * 2)),
        ("单位:财政局", tree.Text("unit", False, ("财政局",))),
        ("unit=finance", tree.Text("unit", True, ("finance",))),
        ("单位:无", tree.Text("unit", False, (None,))),
        ('类别="无"', tree.Text("category", True, ("无",))),
        ("类别:“作风，纪律”,财务", tree.Text("category", False, ("作风，纪律", "财务"))),
        ('来源:"a \\"b\\" \\\\"', tree.Text("source", False, ('a "b" \\',))),
        ("标题:12:30", tree.Text("title", False, ("12:30",))),
        ("整改类别:长期坚持", tree.Choice("class", ("sustained",))),
        ("灯:红", tree.Choice("light", ("red",))),
        ("级别:无,高", tree.Choice("severity", ("none", "high"))),
        ("due<2026-01-01", tree.Compare("due", "<", (DAY,))),
        ("时限＜＝２０２６年１月１日", tree.Compare("due", "<=", (DAY,))),
        ("时限≥2026/1/1", tree.Compare("due", ">=", (DAY,))),
        ("due<7d", tree.Compare("due", "<", (tree.Days(7),))),
        ("due<7wd", tree.Compare("due", "<", (tree.Days(7, working=True),))),
        ("时限<7个工作日", tree.Compare("due", "<", (tree.Days(7, working=True),))),
        ("found>-30天", tree.Compare("found", ">", (tree.Days(-30),))),
        ("登记:今天", tree.Compare("logged", "=", (tree.Days(0),))),
        ("登记:2024-02", tree.Compare("logged", "=", (tree.Period(date(2024, 2, 1), date(2024, 2, 29)),))),
        (
            "销号:2024,无",
            tree.Compare("closed", "=", (tree.Period(date(2024, 1, 1), date(2024, 12, 31)), tree.Nothing())),
        ),
        ("round>1", tree.Compare("round", ">", (tree.Number(1),))),
        ("退回=2,３", tree.Compare("returns", "=", (tree.Number(2), tree.Number(3)))),
        ("关键词", tree.Words("关键词")),
        ('"status:overdue"', tree.Words("status:overdue")),
        ("「两个 词」", tree.Words("两个 词")),
        ("八小时以外，“老好人”", tree.Words("八小时以外，“老好人”")),
    ],
)
def test_reads(text: str, node: tree.Node) -> None:
    assert nodes(text) == [(False, node)]
    assert nodes(f"  !{text}　") == [(True, node)]
    assert nodes(f"！{text}") == [(True, node)]


def test_reads_several_terms() -> None:
    assert nodes("状态:逾期 单位:财政局 !类别:作风 due<7d 关键词") == [
        (False, tree.Choice("status", ("overdue",))),
        (False, tree.Text("unit", False, ("财政局",))),
        (True, tree.Text("category", False, ("作风",))),
        (False, tree.Compare("due", "<", (tree.Days(7),))),
        (False, tree.Words("关键词")),
    ]
    assert nodes("类别!=作风") == [(True, tree.Text("category", True, ("作风",)))]
    assert nodes("") == nodes(" 　") == []


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("staus:overdue", "filter.unknown-field", 1),
        ("财政 !颜色:红", "filter.unknown-field", 5),
        (" :逾期", "filter.no-field", 2),
        ("状态:", "filter.no-value", 4),
        ("状态:逾期, ", "filter.no-value", 8),
        ("状态:,逾期", "filter.no-value", 4),
        ("状态:逾期,延期", "filter.unknown-value", 7),
        ("状态<逾期", "filter.not-ordered", 4),
        ("单位>=财政局", "filter.not-ordered", 5),
        ("due<none", "filter.not-ordered", 5),
        ("due:2026-02-30", "filter.not-a-date", 5),
        ("due<soon", "filter.not-a-date", 5),
        ("due<2026-01-01,2026-02-01", "filter.several-compared", 16),
        ("round>x", "filter.not-a-number", 7),
        ("round>-1", "filter.not-a-number", 7),
        ("round:none", "filter.not-a-number", 7),
        ("!", "filter.nothing-negated", 1),
        ("财政 ! 逾期", "filter.nothing-negated", 4),
        ('财政 "未完', "filter.unclosed", 4),
        ("类别:“未完", "filter.unclosed", 4),
        ("单位:火星局", "filter.unknown-unit", 4),
        ("单位:财政局,火星局", "filter.unknown-unit", 8),
        ("单位=财政", "filter.unknown-unit", 4),
        ("专项:没有", "filter.unknown-programme", 4),
        ("due<7wd", "filter.working-days", 5),
        ("词 " * 101, "filter.too-many", 201),
        ("词" * 2001, "filter.too-long", 2001),
    ],
)
def test_errors_point_at_the_character(text: str, code: str, at: int) -> None:
    writer = Writer()
    writer.register()
    with pytest.raises(Rejected) as refused:
        compiled(text, registry.load(built(writer.rows)), TODAY)
    assert (refused.value.code, refused.value.params["at"]) == (code, at)


@given(st.text(max_size=60) | st.text('状态:：=<>!！,，" “”逾期due7wd2026-01-无\\', max_size=30))
def test_nothing_typed_breaks_it(text: str) -> None:
    try:
        filter_ = parsed(text)
    except Rejected as refused:
        assert refused.code.startswith("filter.")  # noqa: PT017 - not every text is refused
        assert 1 <= refused.params["at"] <= len(text) + 1  # noqa: PT017
        return
    for chinese in (False, True):
        assert bare(parsed(written(filter_, chinese=chinese))) == bare(filter_)


def bare(filter_: Filter) -> Filter:
    """Return the tree without the places at which it was written."""
    return Filter(tuple(Term(term.node, term.negated) for term in filter_.terms))


TEXT = st.text("无财政 none,，:\"'“”!<\\a", max_size=8)


@st.composite
def terms(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXT) -> Term:
    """Draw any term that the language has."""
    field = draw(st.sampled_from([*FIELDS, None]))
    negated = draw(st.booleans())
    if field is None:
        return Term(tree.Words(draw(text)), negated)
    several = {"min_size": 1, "max_size": 3}
    node: tree.Node
    if field.kind is Kind.CHOICE:
        node = tree.Choice(field.key, tuple(draw(st.lists(st.sampled_from(list(field.choices)), **several))))
    elif field.kind is Kind.NUMBER:
        operator = draw(st.sampled_from(("=", "<", "<=", ">", ">=")))
        numbers = draw(st.lists(st.integers(0, 4).map(tree.Number), min_size=1, max_size=3 if operator == "=" else 1))
        node = tree.Compare(field.key, operator, tuple(numbers))
    elif field.kind is Kind.DATE:
        operator = draw(st.sampled_from(("=", "<", "<=", ">", ">=")))
        days = st.integers(-40, 40).map(lambda n: TODAY + timedelta(n)).map(lambda day: tree.Period(day, day))
        months = st.just(tree.Period(date(2023, 5, 1), date(2023, 5, 31)))
        years = st.just(tree.Period(date(2023, 1, 1), date(2023, 12, 31)))
        scale: Any = days | months | years | st.builds(tree.Days, st.integers(-30, 30), st.booleans())
        if operator == "=":
            scale |= st.just(tree.Nothing())
        node = tree.Compare(
            field.key, operator, tuple(draw(st.lists(scale, min_size=1, max_size=3 if operator == "=" else 1)))
        )
    else:
        known = {
            Kind.UNIT: st.sampled_from([name for unit in UNITS for name in unit[:2]]),
            Kind.PROGRAMME: st.sampled_from([name for programme in PROGRAMMES for name in programme]),
            Kind.TEXT: st.sampled_from([*CATEGORIES[1:], *SOURCES, *PEOPLE[1:], "JZ-2023-001", "BUDGET", "会"]) | text,
        }[field.kind]
        node = tree.Text(field.key, draw(st.booleans()), tuple(draw(st.lists(st.none() | known, **several))))
    return Term(node, negated)


@given(st.lists(terms(), max_size=5), st.booleans())
def test_what_is_written_reads_as_the_same(drawn: list[Term], chinese: bool) -> None:
    filter_ = Filter(tuple(drawn))
    assert bare(parsed(written(filter_, chinese=chinese))) == filter_


def working_day(day: date, count: int) -> date:
    """A calendar on which every day is worked, but days count double."""
    return day + timedelta(days=2 * count)


ORDERED: dict[str, Callable[[Any, Any, Any], bool]] = {
    "=": lambda x, first, last: first <= x <= last,
    "<": lambda x, first, last: x < first,
    "<=": lambda x, first, last: x <= last,
    ">": lambda x, first, last: x > last,
    ">=": lambda x, first, last: x >= first,
}


class Plain:
    """The same language on a finding, in plain Python: what SQL is compared with."""

    def __init__(self, register: Register, recorded_days: Callable[[str], str]) -> None:
        self.register = register
        self.day_of = lambda at: date.fromisoformat(recorded_days(at))

    def holds(self, term: Term, f: Finding) -> bool:
        return self._node(term.node, f) != term.negated

    def _node(self, node: tree.Node, f: Finding) -> bool:
        match node:
            case tree.Choice(field="status", values=values):
                return any(self._status(value, f) for value in values)
            case tree.Choice(field="light", values=values):
                return light(f, TODAY) in values
            case tree.Choice(field="class", values=values):
                return (f.class_ or "none") in values
            case tree.Choice(values=values):
                return (f.severity or "none") in values
            case tree.Text(field="unit"):
                return any(self._unit(text, node.exact, f) for text in node.values)
            case tree.Text(field="programme", values=values):
                name = self.register.programmes[f.programme].name
                return any(text is not None and text.casefold() in (f.programme.casefold(), name) for text in values)
            case tree.Text():
                kept = f.responsible_person if node.field == "person" else getattr(f, node.field)
                return any(self._text(text, node.exact, kept) for text in node.values)
            case tree.Compare():
                return any(self._compare(node, value, f) for value in node.values)
        raise AssertionError(node)

    def _status(self, value: str, f: Finding) -> bool:
        colour = light(f, TODAY)
        if value in ("open", "ended"):
            return (f.state in OPEN_STATES) == (value == "open")
        return {"overdue": colour is Light.RED, "due_soon": colour is Light.YELLOW}.get(value, value == f.state)

    def _unit(self, text: str | None, exact: bool, f: Finding) -> bool:
        if text is None:
            return f.lead_unit == ""
        meant = {u.id for u in self.register.units.values() if text in (u.id, u.name)}
        if not meant and not exact:
            meant = {u.id for u in self.register.units.values() if text in u.name}
        return any(unit in meant for unit in ([f.lead_unit] if exact else self.register.lineage(f.lead_unit or None)))

    @staticmethod
    def _text(text: str | None, exact: bool, kept: str) -> bool:
        if text is None:
            return kept == ""
        lower = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
        return kept == text if exact else text.translate(lower) in kept.translate(lower)

    def _compare(self, node: tree.Compare, value: tree.Scale, f: Finding) -> bool:
        kept: Any = {
            "round": f.round,
            "returns": f.returns,
            "objections": f.objections,
            "evidence": len(f.evidence),
            "ordinal": int(f.number.rpartition("-")[2]),
            "due": f.due,
            "original": f.original_due,
            "found": f.found_on,
            "logged": self.day_of(f.logged_at),
            "assigned": f.assigned_on,
            "closed": f.closed_on,
            "changed": self.day_of(f.changed_at),
        }[node.field]
        match value:
            case tree.Number(value=number):
                return ORDERED[node.operator](kept, number, number)
            case tree.Nothing():
                return kept is None
            case tree.Period(first=first, last=last):
                return kept is not None and ORDERED[node.operator](kept, first, last)
            case tree.Days():
                if node.field == "due" and (f.state not in OPEN_STATES or f.class_ is FindingClass.SUSTAINED):
                    return False
                day = working_day(TODAY, value.count) if value.working else TODAY + timedelta(value.count)
                return kept is not None and ORDERED[node.operator](kept, day, day)


@given(ledgers(), st.lists(terms().filter(lambda term: not isinstance(term.node, tree.Words)), min_size=1, max_size=3))
def test_sql_lets_through_what_plain_python_does(writer: Writer, drawn: list[Term]) -> None:
    file = built(writer.rows)
    register = registry.load(file)
    plain = Plain(register, problems.days_in("Asia/Shanghai"))
    filter_ = Filter(tuple(drawn))
    try:
        where = compiled(filter_, register, TODAY, working_day)
    except Rejected as refused:  # a renamed unit
        assert refused.code == "filter.unknown-unit"  # noqa: PT017
        assume(False)
        raise
    findings = list(problems.findings(file))
    expected = [f.number for f in findings if all(plain.holds(term, f) for term in drawn)]
    assert [row.number for row in problems.page(file, where, today=TODAY)] == expected
    assert problems.count(file, where) == len(expected)
    for order in problems.Order:
        assert sorted(row.number for row in problems.page(file, where, order=order, today=TODAY)) == sorted(expected)
    assert [f.number for f in problems.findings(file, where)] == expected
    assert compiled(written(filter_), register, TODAY, working_day) == where


@given(
    st.sampled_from(State),
    st.sampled_from([None, *FindingClass]),
    st.none() | st.integers(-20, 20).map(lambda n: TODAY + timedelta(n)),
    st.integers(-10, 10).map(lambda n: TODAY + timedelta(n)),
)
def test_a_colour_in_sql_is_the_colour_of_the_domain(
    state: State, class_: FindingClass | None, due: date | None, today: date
) -> None:
    file = empty_file()
    finding = replace(
        LOGGED, changed_at=LOGGED.logged_at, state=state, class_=class_, deadline=Deadline(due) if due else None
    )
    problems.save(file, [problems.row(1, "JZ-2023", 4, finding, lambda at: at[:10])])
    colours = [c for c in Light if problems.count(file, compiled(f"light:{c.value}", Register(), today))]
    assert colours == [light_of(state, class_, due, today)] == [problems.page(file, today=today)[0].light]
    overdue = problems.count(file, compiled("状态:逾期", Register(), today))
    assert overdue == problems.count(file, compiled("due<0d", Register(), today)) == (colours == [Light.RED])


def test_free_text_is_searched_and_negated() -> None:
    writer = Writer()
    writer.register()
    for title in ("财政资金", "教育资金", "财政教育"):
        writer.log("JZ-2023", title=title)
    file = built(writer.rows)

    def ids(text: str) -> list[int]:
        where = compiled(text, Register(), TODAY)
        rows = problems.page(file, where, today=TODAY)
        assert problems.count(file, where) == len(rows)
        return [row.id for row in rows]

    assert ids("财政") == [1, 3]
    assert ids("财政 资金") == [1]
    assert ids("财政 !资金") == [3]
    assert ids("!财政") == [2]
    assert ids("!财政 !教育") == []
    assert ids("caizheng !zijin 状态:已登记") == [3]
    assert ids("财政 序号>1") == [3]
    assert ids("，") == [1, 2, 3]
    assert ids('标题:""') == ids("标题:资金,教育") == [1, 2, 3]
    assert ids('标题=""') == []
    assert ids("来源:汇报 标题:育资") == [2]
    assert ids("! ，".replace(" ", "")) == [1, 2, 3]


@pytest.mark.parametrize("name", ["财政局", "caizheng", "CAIZHENG", "财政", "caizhengj", "czj"])
def test_a_unit_is_meant_by_id_name_part_or_sound_and_brings_those_below(name: str) -> None:
    writer = Writer()
    writer.register()
    register = registry.load(built(writer.rows))
    assert compiled(f"单位:{name}", register, TODAY).parameters == ("caizheng", "yusuan")


def test_every_word_means_one_thing() -> None:
    names = [name for field in FIELDS for name in (*field.english, *field.chinese)]
    assert len(names) == len(set(names)) == len(BY_NAME)
    for field in FIELDS:
        words = [word for value, others in field.choices.items() for word in (value, *others)]
        assert len(words) == len(set(words)), field.key
    assert all(word == word.casefold() for word in (*names, *NONE))
