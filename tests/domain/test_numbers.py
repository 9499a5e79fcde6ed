"""Numbers that people quote, and the streams behind them: one for the other, both ways, for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.catalogue import (
    FINDING_PREFIX,
    LEDGER_STREAM,
    REGISTER_STREAM,
    number_of,
    ordinal_of_stream,
    stream_of,
    stream_of_number,
)
from taizhang.ledger.domain.values import IDENTIFIER

MOST = 99_999_999
PROGRAMMES = st.one_of(
    st.from_regex(IDENTIFIER, fullmatch=True),
    st.sampled_from(["JYZD-2023", "JYZD", "2023", "教育整顿", "A-001", "A-001-001", "a.b_c-", "A--", "0"]),
)
ORDINALS = st.one_of(st.integers(1, 1_200), st.integers(1, MOST), st.sampled_from([1, 999, 1_000, 9_999, MOST]))


@pytest.mark.parametrize(
    ("programme", "ordinal", "number", "stream"),
    [
        ("JYZD-2023", 1, "JYZD-2023-001", "finding/JYZD-2023/00000001"),
        ("JYZD-2023", 42, "JYZD-2023-042", "finding/JYZD-2023/00000042"),
        ("JYZD-2023", 999, "JYZD-2023-999", "finding/JYZD-2023/00000999"),
        ("JYZD-2023", 1000, "JYZD-2023-1000", "finding/JYZD-2023/00001000"),
        ("JYZD-2023", 200_000, "JYZD-2023-200000", "finding/JYZD-2023/00200000"),
        ("教育整顿", 7, "教育整顿-007", "finding/教育整顿/00000007"),
        ("A-001", 1, "A-001-001", "finding/A-001/00000001"),
        ("2023", MOST, "2023-99999999", "finding/2023/99999999"),
    ],
)
def test_as_people_write_them(programme: str, ordinal: int, number: str, stream: str) -> None:
    assert number_of(programme, ordinal) == number
    assert stream_of(programme, ordinal) == stream
    assert stream_of_number(number) == stream


@given(PROGRAMMES, ORDINALS)
def test_there_and_back(programme: str, ordinal: int) -> None:
    stream = stream_of(programme, ordinal)
    assert stream_of_number(number_of(programme, ordinal)) == stream
    assert ordinal_of_stream(stream) == ordinal
    assert stream.startswith(FINDING_PREFIX)
    assert stream not in {LEDGER_STREAM, REGISTER_STREAM}


@given(PROGRAMMES, ORDINALS, PROGRAMMES, ORDINALS)
def test_no_two_findings_share_a_number_or_a_stream(p: str, m: int, q: str, n: int) -> None:
    same = (p, m) == (q, n)
    assert (number_of(p, m) == number_of(q, n)) is same
    assert (stream_of(p, m) == stream_of(q, n)) is same


@given(PROGRAMMES, ORDINALS, ORDINALS)
def test_streams_sort_as_their_ordinals_do(programme: str, m: int, n: int) -> None:
    """The last stream of a programme is how the next ordinal is found."""
    assert (stream_of(programme, m) < stream_of(programme, n)) is (m < n)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "1",
        "001",
        "-001",
        "JYZD-2023-",
        "JYZD-2023-1",
        "JYZD-2023-01",
        "JYZD-2023-0001",
        "JYZD-2023-01000",
        "JYZD-2023-001 ",
        "JYZD-2023-001\n",
        "JYZD\n2023-001",
        "JYZD-2023-００１",
        "JYZD-2023-0x1",
        "JYZD-2023-+01",
        "JYZD-2023-1e3",
        "JYZD-2023-100000000",
        "JYZD-2023－001",
    ],
)
def test_what_is_no_number(number: str) -> None:
    """One spelling a finding: what looks like a number but would be written otherwise is none."""
    assert stream_of_number(number) is None


def test_a_programmes_code_may_look_like_a_number_of_another() -> None:
    assert stream_of_number("JYZD-2023") == "finding/JYZD/00002023"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_a_number_or_none(text: str) -> None:
    stream = stream_of_number(text)
    assert stream is None or stream.startswith(FINDING_PREFIX)
