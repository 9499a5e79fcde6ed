"""Text becomes cells: made visible, cut between characters, wrapped as Chinese is set."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from taizhang.tui.cells import cut, fit, shown, stand_in, wrap

TEXTS = st.text(st.one_of(st.sampled_from("严管，。“”（）a b-,.(…"), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("严管严治", 8, "严管严治"),
        ("严管严治", 7, "严管严…"),
        ("严管严治", 6, "严管…"),
        ("a严管", 4, "a严…"),
        ("abc", 2, "a…"),
        ("严", 1, "…"),
        ("严", 0, ""),
    ],
)
def test_cut_never_leaves_half_a_character(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_fit_is_exact(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(shown(text), width, right=right)) == width


@given(TEXTS, st.integers(2, 40))
def test_wrapped_lines_keep_to_the_width_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    clean = shown(text)
    lines = wrap(clean, width)
    assert lines
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean.split())


def test_chinese_punctuation_does_not_begin_a_line() -> None:
    assert wrap("严管严治，压力没有", 8) == ["严管严", "治，压力", "没有"]
    assert wrap("他说“不行”就是", 5) == ["他说", "“不", "行”就", "是"]


def test_words_are_not_broken() -> None:
    assert wrap("supervision of cadres", 12) == ["supervision", "of cadres"]
    assert wrap("整改 JZ-2023-001 完成", 13) == ["整改", "JZ-2023-001", "完成"]


def test_no_control_or_format_character_is_shown_as_it_is() -> None:
    hidden = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
    assert len(hidden) > 2_000
    for char in hidden:
        assert char not in shown(f"a{char}b")
        assert char not in stand_in(f"a{char}b")
        assert len(stand_in(f"a{char}b")) == 3
