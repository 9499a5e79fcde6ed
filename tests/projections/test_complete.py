"""What is offered while a filter is being typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import Programme, Register, Unit
from taizhang.projections import pinyin
from taizhang.projections.filter import completions, parsed
from taizhang.projections.filter.complete import Completion

UNITS = {unit.id: unit for unit in (Unit("fin", "财政局"), Unit("ws", "卫生健康 委"), Unit("cq", "重庆办"))}
REGISTER = Register(units=UNITS, programmes={"JZ": Programme("JZ", "教育整顿", True)})


def offered(text: str, *, chinese: bool = True) -> list[Completion]:
    return completions(text, len(text), REGISTER, lambda column: [("作风", 7), ("财务,资产", 2)], chinese=chinese)


def after(text: str, *, chinese: bool = True) -> str:
    found = offered(text, chinese=chinese)[0]
    return text[: found.start] + found.text + text[found.end :]


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("zhu", "状态:"), ("zt", "状态:"), ("sta", "状态:"), ("关键词 danw", "关键词 单位:"), ("!leib", "!类别:"),
        ("状态:y", "状态:已登记"), ("状态:逾", "状态:逾期"), ("status:overd", "status:逾期"), ("状态:整改中,已销", "状态:整改中,已销号"),
        ("单位:cai", "单位:财政局"), ("单位:weish", '单位:"卫生健康 委"'), ("单位:chongq", "单位:重庆办"), ("单位:\"卫生", '单位:"卫生健康 委"'),
        ("类别:", "类别:作风"), ("类别:zic", '类别:"财务,资产"'), ("专项:教育", "专项:JZ"), ("时限<", "时限<今天"), ("时限<=7", "时限<=7天"),
        ("类别!=作", "类别!=作风"),
    ],
)  # fmt: skip
def test_what_is_typed_is_completed(typed: str, then: str) -> None:
    assert after(typed) == then
    if then[-1] not in ":<":
        parsed(then)


def test_in_english() -> None:
    assert after("stat", chinese=False) == "status:"
    assert after("status:await", chinese=False) == "status:awaiting"
    assert after("class:ti", chinese=False) == "class:time-bound"
    assert after("due<to", chinese=False) == "due<today"


def test_free_text_and_unknown_fields_are_left_alone() -> None:
    assert offered('"状态') == []
    assert offered("颜值:高") == []
    assert all(each.text != "状态:" for each in offered("状态:"))


FRAGMENTS = st.lists(
    st.sampled_from(["状态", "unit", ":", "=", "<", "!", '"', "“", "”", ",", " ", "\\", "逾期", "x", "财"]), max_size=12
)


@example("!!", False)
@given(FRAGMENTS.map("".join), st.booleans())
def test_whatever_is_typed_something_or_nothing_is_offered(text: str, chinese: bool) -> None:
    for found in offered(text, chinese=chinese):
        assert 0 <= found.start <= found.end == len(text)
        whole = text[: found.start] + found.text
        try:
            parsed(text[: found.start] + "x")
        except Rejected:
            continue  # what stands before it was no filter already
        code = _refused(whole + ("2023-01-01" if whole[-1] in ":<>" else ""))
        assert code in ("", *_OTHER_RULES), whole


_OTHER_RULES = ("filter.unknown-value", "filter.not-a-number", "filter.unknown-unit", "filter.not-ordered")


def _refused(text: str) -> str:
    try:
        parsed(text)
    except Rejected as refusal:
        return refusal.code
    return ""


def test_how_a_name_is_typed_in_letters() -> None:
    assert pinyin.ways("备用金")[:2] == ("beiyongjin", "byj")
    assert {"chongqing", "cq", "zhongqing", "zq"} <= set(pinyin.ways("重庆"))
    assert pinyin.ways("A组") == ("azu", "az")
    assert pinyin.ways("——") == ()
