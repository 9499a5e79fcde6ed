"""Keys as people write them, and what a changed keymap does to screens, footers and sentences."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from taizhang.tui.keymap import cap, key_of, keymap_of, spelled
from taizhang.tui.keys import BY_ID, KEYS
from taizhang.tui.preferences import preferences
from tests.tui.fake_desk import small_desk
from tests.tui.look import terminal


@pytest.mark.parametrize(
    ("text", "key"),
    [("?", "question_mark"), ("PgDn", "pagedown"), ("ctrl+K", "ctrl+k"), ("shift+ctrl+f5", "ctrl+shift+f5"), ("N", "N"), (" ", "space"),
     ("esc", "escape"), ("ctrl+i", None), ("hyper+x", None), ("", None), ("ctrl+", None), ("f99", None), ("\x1b", None), ("+", "plus")],
)  # fmt: skip
def test_a_key_as_it_is_written(text: str, key: str | None) -> None:
    assert key_of(text) == key


@pytest.mark.parametrize("character", [c for c in string.printable if c.isprintable() and c != " "])
def test_every_character_has_the_name_that_textual_gives_it(character: str) -> None:
    assert key_of(character) == _character_to_key(character)


@pytest.mark.parametrize("key", sorted({key for row in KEYS for key in row.keys.split(",")}))
def test_every_key_of_ours_can_be_written_in_the_file(key: str) -> None:
    assert key_of(spelled(key)) == key
    assert cap(key)


def test_the_table_itself_has_no_fault() -> None:
    assert keymap_of({})[1] == ()
    same = {row.id: [spelled(key) for key in row.keys.split(",")] for row in KEYS}
    assert keymap_of(same)[1] == ()


@given(
    st.dictionaries(
        st.sampled_from(sorted(BY_ID)) | st.text(max_size=5),
        st.text(max_size=8) | st.lists(st.text(max_size=3)) | st.integers(),
    )
)
def test_any_table_is_read_or_refused_by_name(table: dict[str, object]) -> None:
    keymap, faults = keymap_of(table)
    assert set(keymap.changed) <= set(BY_ID)
    for fault in faults:
        assert str(fault.params["setting"]).startswith("keys.")


def test_a_key_calls_one_action_in_a_place() -> None:
    codes = [fault.code for fault in keymap_of({"list": {"open": "n"}})[1]]
    assert codes == ["config.key-twice"]
    assert keymap_of({"list": {"open": "n", "log": "e"}})[1] == ()


async def test_changed_keys_call_their_actions_and_stand_where_keys_are_named() -> None:
    told, faults = preferences({"keys": {"list": {"log": "e", "quit": "ctrl+x"}, "rows": {"down": ["n"]}}})
    assert not faults
    async with terminal(small_desk(), preferences=told) as person:
        assert "e 登记" in person.lines[-1]
        assert "n 登记" not in person.lines[-1]
        await person.press("n")
        assert person.lines[4].startswith("▌")  # n moves down now
        await person.press("q", "j")
        assert person.lines[4].startswith("▌")  # neither q nor j calls anything
        await person.press("ctrl+c")
        assert "按 ^x 退出" in person.text
        await person.press("e")
        assert "登记" in person.text
        assert "问题来源" in person.text


async def test_keys_can_be_swapped() -> None:
    told, faults = preferences({"keys": {"list": {"sort": "S", "reverse": "s"}}})
    assert not faults
    async with terminal(small_desk(), preferences=told) as person:
        await person.press("s")
        assert "由后到先" in person.text
        await person.press("S")
        assert "整改时限" in person.text
