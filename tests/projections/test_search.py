"""What is found: Chinese by one character or more, Latin words by their beginning, Chinese by its sound."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taizhang.ledger.domain import events as e
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain import values as v
from taizhang.ledger.domain.calendars import calendar_for
from taizhang.ledger.domain.catalogue import REGISTER_STREAM
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import yardstick
from taizhang.ledger.domain.policy import Policy
from taizhang.projections import pinyin, problems, search
from taizhang.projections.problems import Where
from tests.projections.ledgers import Writer, built, empty_file, followed, ledgers

ALPHABET = "财政局预算银行长重庆会计调查A7，。 "


def a_finding(title: str, number: str = "JZ-2023-004", **fields: Any) -> Finding:
    return Finding(
        number, "JZ-2023", title, "群众来信", date(2023, 4, 1), "2023-04-20T01:00:00.000000Z", "li", **fields
    )


def index_of(*titles: str) -> Any:
    file = empty_file()
    search.append(file, [(id_, a_finding(title)) for id_, title in enumerate(titles, 1)], r.Register())
    return file


def found(file: Any, word: str) -> list[int]:
    match = search.expression(word)
    if not match:
        return []
    return [id_ for (id_,) in file.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (match,))]


def whole_ledger() -> Writer:
    writer = Writer()
    writer.register()
    stream = writer.log("JZ-2023", title="财政资金拨付不及时", criteria="《纪律处分条例》第26条", category="作风建设")
    writer.put(
        stream,
        e.FindingAssigned("yinhang", v.FindingClass.TIME_BOUND, v.Deadline(date(2023, 6, 1)), "清零", (), "", "欧阳某"),
    )
    writer.put(stream, e.FindingAcknowledged(("修订会计制度", "开展KPI考核")))
    writer.log("XC-2024", title="重庆路项目 Budget overrun，违规采购Ａ股设备")
    return writer


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("财", [1]),
        ("财政", [1]),
        ("资金", [1]),
        ("政资", [1]),
        ("财金", []),
        ("不及时", [1]),
        ("条例第26条", [1]),  # criteria
        ("作风建设", [1]),  # category
        ("欧阳", [1]),  # person
        ("银行监管", [1]),  # the unit's name
        ("会计制度", [1]),  # a measure
        ("度开", []),  # the end of one measure and the beginning of the next
        ("时001", []),
        ("汇报自查", [1, 2]),  # source
        ("路项目b", [2]),
        ("kpi", [1]),
        ("KP", [1]),
        ("pi", []),
        ("budget", [2]),
        ("BUD", [2]),
        ("Ａ股", [2]),
        ("a股", [2]),
        ("A", [2]),
        ("JZ-2023-001", [1]),
        ("jz-2023", [1]),
        ("JZ2023001", [1]),
        ("jz", [1]),
        ("2024", [2]),
        ("001", [1, 2]),
        ("26", [1]),
        ("caizheng", [1]),
        ("caizh", [1]),
        ("CaiZhengZi", [1]),
        ("cz", [1]),
        ("czzj", [1]),
        ("yinhang", [1]),
        ("yinhangjianguan", [1]),
        ("yhjg", [1]),
        ("yxjg", [1]),
        ("chongqing", [2]),
        ("zhongqing", [2]),
        ("chongq", [2]),
        ("cqlx", [2]),
        ("ouy", [1]),
        ("zfjs", [1]),
        ("caizhengju", []),
        ("zzzz", []),
        ("，", []),
        ("", []),
    ],
)
def test_words(word: str, numbers: list[int]) -> None:
    assert found(built(whole_ledger().rows), word) == numbers


def test_the_bare_ordinal_is_found_without_its_zeros() -> None:
    file = empty_file()
    findings = [(4, a_finding("一", "JZ-2023-004")), (40, a_finding("二", "JZ-2023-040"))]
    search.append(file, findings, r.Register())
    assert found(file, "4") == [4]
    assert found(file, "004") == [4]
    assert found(file, "040") == [40]


def plain(text: str) -> str:
    return "".join(c for c in search.normal(text) if c.isalnum())


@given(
    st.lists(st.text(ALPHABET, max_size=12), max_size=6),
    st.text("财政局预算银行长重庆会计调查", min_size=1, max_size=4),
)
def test_a_chinese_word_is_found_where_it_is_written(titles: list[str], word: str) -> None:
    """Punctuation and blanks between the characters do not matter."""
    assert found(index_of(*titles), word) == [id_ for id_, title in enumerate(titles, 1) if word in plain(title)]


@st.composite
def sounded(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Draw a title and the ways that a part of it can be sounded, syllable by syllable."""
    title = draw(st.text("财政局预算银行长重庆会计调查", min_size=2, max_size=12))
    start = draw(st.integers(0, len(title) - 2))
    part = title[start : start + draw(st.integers(2, 4))]
    table = pinyin.table()
    readings = [[s for s in (table.reading(c), table.second.get(c)) if s] for c in part]
    return title, [list(sounds) for sounds in product(*readings)]


@given(sounded(), st.integers(0, 4), st.text("财政局预算银行长", max_size=8))
@example(("会算", [["hui", "suan"], ["kuai", "suan"]]), 1, "")  # `huisua` reads hui-su-a as well
def test_chinese_is_found_by_every_sound_and_while_it_is_being_typed(
    drawn: tuple[str, list[list[str]]], cut: int, other: str
) -> None:
    """One letter of a last syllable is judged by the initials, which know only one second reading at a time."""
    title, sounds = drawn
    file = index_of(other, title)
    for syllables in sounds:
        left = max(1, len(syllables[-1]) - cut)
        if left == 1 and syllables[-1] not in ("a", "e", "o") and syllables != sounds[0]:
            continue
        typed = "".join(syllables[:-1]) + syllables[-1][:left]
        assert 2 in found(file, typed), typed


@given(sounded())
def test_chinese_is_found_by_its_usual_initials(drawn: tuple[str, list[list[str]]]) -> None:
    title, _ = drawn
    table = pinyin.table()
    for size in (1, 2, 3, 5):
        for start in range(len(title) - size + 1):
            initials = "".join(table.reading(c)[0] for c in title[start : start + size])
            assert found(index_of(title), initials) == [1], initials


def test_one_second_reading_among_the_initials_is_found() -> None:
    assert found(index_of("重庆市银行长江支行"), "cqs") == [1]
    assert found(index_of("重庆市银行长江支行"), "yhcj") == []  # two at once: not promised


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_question_that_can_be_asked(typed: str) -> None:
    found(index_of("财政局"), typed)


@pytest.mark.parametrize(
    "typed", ["x" * 500, "xian" * 100, "财" * 500, "shi" * 60, '"', "a OR b", "text:", "NEAR(a b)", "*", "a-b*"]
)
def test_odd_words_are_answered(typed: str) -> None:
    assert found(index_of("财政局"), typed) == []


@given(ledgers(), st.data())
def test_following_along_finds_what_a_rebuild_finds(writer: Writer, data: st.DataObject) -> None:
    places = st.lists(st.integers(1, len(writer.rows) - 1), max_size=6)
    along, whole = followed(writer.rows, data.draw(places), data.draw(places)), built(writer.rows)
    for word in ("财政", "新", "银行", "重庆路", "行某", "li", "kpi", "yusuan", "xin", "czj", "jz-2023", "001", "修订"):
        assert found(along, word) == found(whole, word), word


def test_a_renamed_unit_is_found_by_its_new_name_alone() -> None:
    writer = whole_ledger()
    writer.put(REGISTER_STREAM, r.UnitAmended("yinhang", "金融监督处"))
    for file in (followed(writer.rows, [len(writer.rows) - 1]), built(writer.rows)):
        assert found(file, "金融") == [1]
        assert found(file, "银行") == []


def test_a_search_is_in_the_order_of_the_list_and_pages() -> None:
    writer = Writer()
    writer.register()
    for place in range(20):
        writer.log("JZ-2023", title="财政局" if place % 2 else "教育局")
    file = built(writer.rows)
    where = Where(match=search.expression("caiz"))
    by = yardstick(date(2023, 5, 1), Policy(), calendar_for("cn"))
    assert problems.count(file, where) == 10
    assert [row.id for row in problems.page(file, where, limit=3, offset=2, by=by)] == [6, 8, 10]
    assert [row.id for row in problems.page(file, where, limit=2, descending=True, by=by)] == [20, 18]
    by_number = problems.page(file, where, order=problems.Order.NUMBER, descending=True, limit=2, by=by)
    assert [row.id for row in by_number] == [20, 18]
