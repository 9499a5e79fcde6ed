"""The bytes of a leaf, which no later version may change."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.leaf import MAX_LEAF, Leaf, commitment, leaf_record, parse_leaf
from taizhang.ledger.seal.tree import leaf_hash
from tests.seal.keyring import flips, record

GOLDEN = (
    b"taizhang-leaf/v1\n"
    b"12\n"
    b"finding/JYZD-2023/00000007\n"
    b"3\n"
    b"finding.assigned.v1\n"
    b"2026-01-01T08:00:00.000001Z\n"
    b"9a5d3ef0d6b8dd4ef2e9ae8b7bc8a0d8b1ff2f1b8e5a1a34a5f5fd0b4e9f0cc1\n"
)
FIELDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)


def test_the_commitment_is_the_hash_of_salt_and_state() -> None:
    assert commitment(b"salt", b"state") == sha256(b"saltstate").digest()


def test_a_leaf_has_these_bytes_and_this_hash() -> None:
    fingerprint = bytes.fromhex(GOLDEN.split(b"\n")[6].decode())
    fields = (12, "finding/JYZD-2023/00000007", 3, "finding.assigned.v1", "2026-01-01T08:00:00.000001Z", fingerprint)
    assert leaf_record(*fields) == GOLDEN
    assert parse_leaf(GOLDEN) == Leaf(*fields)
    assert leaf_hash(GOLDEN) == sha256(b"\x00" + GOLDEN).digest()


@given(
    st.integers(0, 2**63 - 1),
    FIELDS,
    st.integers(0, 2**63 - 1),
    FIELDS,
    FIELDS,
    st.binary(min_size=32, max_size=32),
)
def test_what_is_written_is_read_back(
    index: int, stream: str, version: int, topic: str, recorded_at: str, fingerprint: bytes
) -> None:
    fields = (index, stream, version, topic, recorded_at, fingerprint)
    assert parse_leaf(leaf_record(*fields)) == Leaf(*fields)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOLDEN[:-1],
        GOLDEN + b"\n",
        GOLDEN.replace(b"v1\n12", b"v2\n12"),
        GOLDEN.replace(b"\n12\n", b"\n012\n"),
        GOLDEN.replace(b"\n12\n", b"\n+12\n"),
        GOLDEN.replace(b"\n12\n", "\n１２\n".encode()),
        GOLDEN.replace(b"\n12\n", b"\n9223372036854775808\n"),
        GOLDEN.replace(b"\n3\n", b"\n\n"),
        GOLDEN.replace(b"9a5d", b"9A5D"),
        GOLDEN.replace(b"9a5d", b"9a5"),
        GOLDEN.replace(b"\n", b"\r\n"),
        GOLDEN.replace(b"JYZD", b"JY\xffD"),
        GOLDEN.replace(b"JYZD", b"JY\x00D"),
        GOLDEN.replace(b"JYZD", b"x" * MAX_LEAF),
    ],
)
def test_what_no_leaf_says_is_refused(bad: bytes) -> None:
    with pytest.raises(SealError, match=r"leaf\."):
        parse_leaf(bad)


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(SealError):
        parse_leaf(data)


def test_no_two_records_are_read_as_the_same_leaf() -> None:
    genuine = record(7)
    meant = parse_leaf(genuine)
    for changed in flips(genuine):
        assert leaf_hash(changed) != leaf_hash(genuine)
        try:
            assert parse_leaf(changed) != meant
        except SealError:
            continue
