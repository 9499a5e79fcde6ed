"""The table is what pypinyin says, and typed letters are split as they can be read."""

from __future__ import annotations

import subprocess
import sys

import pypinyin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.projections import pinyin
from tools import pinyin_table

SYLLABLES = sorted(pinyin.table().syllables)


def said(character: str) -> list[str]:
    """Return pypinyin's own toneless readings of one character."""
    return [s for s in pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True)[0] if s != character]


def test_the_data_file_is_what_the_tool_writes() -> None:
    assert pinyin.TABLE.read_text("utf-8") == pinyin_table.table()


def test_every_reading_is_one_that_pypinyin_gives() -> None:
    table = pinyin.table()
    for code_point in range(0x4E00, 0x9FA6):
        character = chr(code_point)
        known = [sound for sound in said(character) if set(sound) & set("aeiouv")]
        first = table.reading(character)
        assert first == (known[0] if known else ""), character
        assert table.second.get(character, first) in {*known, ""}, character


@pytest.mark.parametrize(
    ("character", "first", "second"),
    [("财", "cai", None), ("行", "xing", "hang"), ("重", "zhong", "chong"), ("会", "hui", "kuai"), ("绿", "lv", "lu")],
)
def test_readings(character: str, first: str, second: str | None) -> None:
    assert pinyin.table().reading(character) == first
    assert pinyin.table().second.get(character) == second


def test_the_common_characters_have_one_reading_only_where_one_is_used() -> None:
    assert set("行长重会调传参都还乐朝藏校强率省弹降") <= set(pinyin.table().second)
    assert len(pinyin.table().second) < 150


def test_pypinyin_is_not_loaded_at_run_time() -> None:
    code = """
import sys
from taizhang.projections import search
search.expression("caizhengju"), search.document
assert "pypinyin" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@given(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4), st.integers(0, 5))
def test_what_is_typed_splits_into_what_was_meant(meant: list[str], cut: int) -> None:
    typed = "".join(meant)[: len("".join(meant)) - min(cut, len(meant[-1]) - 1)]
    splits = pinyin.splits(typed)
    assert splits
    for split in splits:
        assert "".join(split) == typed
        assert set(split[:-1]) <= set(SYLLABLES)
        assert pinyin.completions(split[-1])
    assert [len(split) for split in splits] == sorted(len(split) for split in splits)


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=40))
def test_any_letters_are_split_or_not_but_never_slowly(letters: str) -> None:
    assert len(pinyin.splits(letters)) <= pinyin.MOST_SPLITS


def test_initials_know_both_readings() -> None:
    assert pinyin.initials("重庆市银行") == ["zqsyx", "cqsy", "qsyh"]
    assert pinyin.initials(["查", "kpi", "会", "计"]) == ["c", "hj", "kj"]
    assert pinyin.syllables("行长") == "xing·hang zhang·chang"
