"""Text of two cell widths is aligned, wrapped and cut by cells; colours only where somebody can see them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from taizhang.cli.output import Cell, Column, Console, clipped, one_line, padded, table, width_of, wrapped

TEXTS = st.text(st.sampled_from("ab 中文，。—…é\u0301①ｱ（a）"), max_size=60)


@given(st.text(st.sampled_from("ab 中文，。éＡ（）ｱ한"), max_size=60))
def test_width_agrees_with_wcwidth(text: str) -> None:
    assert width_of(text) == wcswidth(text)


@given(TEXTS, st.integers(2, 40))
def test_a_cut_text_fits(text: str, width: int) -> None:
    cut = clipped(text, width)
    assert width_of(cut) <= width
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(TEXTS, st.integers(0, 40), st.booleans())
def test_a_padded_text_fills_its_place(text: str, width: int, right: bool) -> None:
    filled = padded(text, width, right=right)
    assert width_of(filled) == max(width, width_of(text))
    assert filled.strip() == text.strip()


@given(TEXTS, st.integers(4, 40))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= width for line in lines)


def test_words_stay_whole_and_a_stop_never_begins_a_line() -> None:
    assert wrapped("taizhang finding list", 12) == ["taizhang", "finding list"]
    assert wrapped("中文中文，中文", 8) == ["中文中", "文，中文"]
    assert wrapped("一\n二", None) == ["一", "二"]


def test_a_table_is_aligned_by_cells() -> None:
    lines = list(table([Column("编号"), Column("n", right=True), Column("题")], [["A", "1", "中文"], ["中文字", "12", "b"]],
                       width=None, coloured=False))  # fmt: skip
    assert lines == ["编号     n  题", "A        1  中文", "中文字  12  b"]


def test_a_narrow_table_cuts_its_flexible_columns_only() -> None:
    rows: list[list[str | Cell]] = [["JY-2023-001", "很长很长很长的问题描述文字" * 3]]
    lines = list(table([Column("编号"), Column("具体问题", flexible=True)], rows, width=40, coloured=False))
    assert all(width_of(line) <= 40 for line in lines)
    assert lines[1].startswith("JY-2023-001  ")
    assert lines[1].endswith("…")


def test_a_colour_is_beside_the_word_and_only_where_wanted() -> None:
    rows: list[list[str | Cell]] = [[Cell("逾期", "red"), "x"]]
    plain, coloured = (
        list(table([Column("灯"), Column("题")], rows, width=None, coloured=wanted)) for wanted in (False, True)
    )
    assert plain[1] == "逾期  x"
    assert coloured[1] == "\x1b[31m逾期\x1b[0m  x"


def test_data_cannot_reach_the_terminal_raw() -> None:
    assert one_line("a\nb\x1b[2J\u202e") == "a b⟨U+001B⟩[2J⟨U+202E⟩"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_need_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Console(Terminal(), Terminal()).coloured
    assert not Console(io.StringIO(), Terminal()).coloured
    monkeypatch.setenv("TERM", "dumb")
    assert not Console(Terminal(), Terminal()).coloured
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Console(Terminal(), Terminal()).coloured


def test_only_a_terminal_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert Console(Terminal(), Terminal()).width == 100
    assert Console(io.StringIO(), Terminal()).width is None


def test_progress_is_for_who_watches() -> None:
    watched, unwatched = Terminal(), io.StringIO()
    Console(io.StringIO(), watched).progress("1/2")
    Console(io.StringIO(), unwatched).progress("1/2")
    assert "1/2" in watched.getvalue()
    assert unwatched.getvalue() == ""


def test_an_encoding_that_cannot_say_it_does_not_break_the_run() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    console = Console(out, io.StringIO())
    console.line("中\udcff")
    console.flush()
    assert raw.getvalue() == b"\\u4e2d\\udcff\n"
