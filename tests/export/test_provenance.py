"""The line by which an exported table says how it was drawn reads back as it was written, and in no other spelling."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import Lang
from taizhang.projections.export import Kind, Stamp
from taizhang.projections.export.provenance import TOKEN, Provenance, parse, token

MADE = Provenance(
    Kind.CLOSURE,
    Lang.EN,
    "jw.example/台账",
    Stamp(41, datetime(2026, 7, 1, 1, 30, 0, 7, UTC), date(2026, 7, 1), "ab" * 32, "单位:财政局 a=b&c"),
)


@given(
    st.builds(
        Provenance,
        st.sampled_from(Kind),
        st.sampled_from(Lang),
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
        st.builds(
            Stamp,
            st.integers(0, 10**17),
            st.datetimes(timezones=st.just(UTC)),
            st.dates(),
            st.binary(min_size=32, max_size=32).map(bytes.hex),
            st.text(st.characters(codec="utf-8"), max_size=40),
            st.sampled_from(["logged", "-due"]),
        ),
    )
)
def test_what_is_written_reads_back(made: Provenance) -> None:
    line = token(made)
    assert TOKEN.fullmatch(line)
    assert parse(line) == made


@given(st.data())
def test_a_changed_line_is_refused_or_says_something_else(data: st.DataObject) -> None:
    line = token(MADE)
    at = data.draw(st.integers(0, len(line) - 1))
    changed = line[:at] + data.draw(st.characters(min_codepoint=33, max_codepoint=126)) + line[at + 1 :]
    try:
        made = parse(changed)
    except Rejected:
        made = None
    assert (made == MADE) == (changed == line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "taizhang-export/v1?",
        "taizhang-export/v2?" + token(MADE).partition("?")[2],
        token(MADE) + "&x=1",
        token(MADE).replace("index=41", "index=041"),
        token(MADE).replace("index=41", "index=４1"),
        token(MADE).replace("kind=closure", "kind=other"),
        token(MADE).replace("sort=logged", "sort=--due"),
        token(MADE).replace("lang=en", "lang=fr"),
        token(MADE).replace("ab" * 32, "AB" * 32),
        token(MADE).replace("&day=2026-07-01", "&day=2026-13-01"),
    ],
)
def test_another_spelling_is_refused(line: str) -> None:
    with pytest.raises(Rejected, match=r"export\.stamp-malformed"):
        parse(line)
