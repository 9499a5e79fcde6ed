"""Proofs as files: every leaf of a small log, every bit of a proof, and what is no proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import VerifierKey
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.seal.proof import MAX_EXTRA, MAX_PATH, TlogProof, parse_proof, verify_proof
from taizhang.ledger.seal.tree import inclusion_proof
from tests.seal.keyring import LEAVES, LOG, NEXT_LOG, TIME, WITNESS, WITNESS_2, cosigned, flips, record, signed

WITNESSES = [WITNESS.verifier, WITNESS_2.verifier]


def proof_of(index: int, size: int, extra: bytes = b"") -> TlogProof:
    return TlogProof(index, tuple(inclusion_proof(index, size, LEAVES.hashes)), signed(size).encode(), extra)


def test_a_proof_has_these_lines() -> None:
    data = proof_of(2, 3, b"a word").encode()
    lines = data.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra YSB3b3Jk", "index 2"]
    assert lines[4:7] == ["", "ledger.example/督查台账", "3"]
    assert proof_of(0, 1).encode().startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example/")


def test_every_leaf_of_every_small_log_is_proved() -> None:
    for size in range(1, 34):
        for index in range(size):
            data = proof_of(index, size).encode()
            proof, opened = verify_proof(data, record(index), [LOG.verifier])
            assert (proof.index, opened.checkpoint.size) == (index, size)
            with pytest.raises(SealError, match=r"inclusion\.root"):
                verify_proof(data, record(index + 1), [LOG.verifier])


def test_a_proof_shows_who_cosigned() -> None:
    proof = TlogProof(4, tuple(inclusion_proof(4, 9, LEAVES.hashes)), cosigned(9).encode())
    _, opened = verify_proof(proof.encode(), record(4), [LOG.verifier], WITNESSES, quorum=2)
    assert [(item.name, item.time) for item in opened.cosigned] == [(WITNESS.name, TIME), (WITNESS_2.name, TIME)]
    with pytest.raises(SealError, match=r"checkpoint\.quorum"):
        verify_proof(proof_of(4, 9).encode(), record(4), [LOG.verifier], WITNESSES, quorum=1)


def test_a_proof_under_another_key_is_refused() -> None:
    with pytest.raises(SealError, match=r"checkpoint\.unsigned"):
        verify_proof(proof_of(4, 9).encode(), record(4), [NEXT_LOG.verifier])


@pytest.mark.parametrize(("index", "size"), [(0, 1), (5, 9), (255, 300)])
def test_every_flipped_bit_of_a_proof_and_of_its_leaf_is_refused(index: int, size: int) -> None:
    data, leaf = proof_of(index, size).encode(), record(index)
    assert verify_proof(data, leaf, [LOG.verifier])
    for changed in flips(data):
        with pytest.raises(SealError):
            verify_proof(changed, leaf, [LOG.verifier])
    for changed in flips(leaf):
        with pytest.raises(SealError, match=r"inclusion\.root"):
            verify_proof(data, changed, [LOG.verifier])


GOOD = proof_of(2, 3).encode()
HASH_LINE = GOOD.split(b"\n")[2]


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD[1:],
        GOOD[:-1],
        GOOD + b"\n",
        GOOD.replace(b"@v1", b"@v2"),
        GOOD.replace(b"index 2\n", b""),
        GOOD.replace(b"index 2", b"index 02"),
        GOOD.replace(b"index 2", b"index -2"),
        GOOD.replace(b"index 2", b"index  2"),
        GOOD.replace(b"index 2", b"Index 2"),
        GOOD.replace(b"index 2", b"index 9223372036854775807"),
        GOOD.replace(b"index 2", b"index 99999999999999999999"),
        GOOD.replace(b"index 2", b"extra \nindex 2"),
        GOOD.replace(b"index 2", b"extra YQ\nindex 2"),
        GOOD.replace(b"index 2", b"extra YR==\nindex 2"),
        GOOD.replace(b"index 2", b"extra YQ==\nextra YQ==\nindex 2"),
        GOOD.replace(b"index 2", b"index 2\nextra YQ=="),
        GOOD.replace(b"index 2", b"extra " + b"AAAA" * MAX_EXTRA + b"\nindex 2"),
        GOOD.replace(HASH_LINE, HASH_LINE[:-4]),
        GOOD.replace(HASH_LINE, HASH_LINE + b" "),
        GOOD.replace(HASH_LINE, HASH_LINE + b"\r"),
        GOOD.replace(HASH_LINE, b"\n".join([HASH_LINE] * 64)),
        GOOD.replace(HASH_LINE + b"\n", HASH_LINE + b"\n\n"),
        GOOD.replace(b"\n\nledger", b"\nledger"),
        GOOD.replace(b"\n3\n", b"\n03\n"),
        b"x" * (3 << 20),
    ],
)
def test_what_is_no_proof_is_refused(bad: bytes) -> None:
    assert bad != GOOD
    with pytest.raises(SealError):
        parse_proof(bad)


def test_the_limits_are_inclusive() -> None:
    for extra, index in ((bytes(MAX_EXTRA), 2), (b"x", 2**63 - 2)):
        proof = TlogProof(index, (bytes(32),) * MAX_PATH, signed(3).encode(), extra)
        assert parse_proof(proof.encode()) == proof


def test_what_has_no_bytes_is_not_encoded() -> None:
    good = proof_of(2, 3)
    for bad in (
        TlogProof(-1, good.hashes, good.checkpoint),
        TlogProof(2, (b"short",), good.checkpoint),
        TlogProof(2, good.hashes * 64, good.checkpoint),
        TlogProof(2, good.hashes, b"nothing\n"),
        TlogProof(2, good.hashes, good.checkpoint, bytes(MAX_EXTRA + 1)),
    ):
        with pytest.raises(SealError):
            bad.encode()


@given(
    st.integers(0, 2**63 - 2),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.integers(1, 300),
    st.binary(max_size=100),
)
def test_what_is_written_is_read_back(index: int, hashes: list[bytes], size: int, extra: bytes) -> None:
    proof = TlogProof(index, tuple(hashes), signed(size).encode(), extra)
    assert parse_proof(proof.encode()) == proof
    assert parse_note(proof.checkpoint).text.split("\n")[1] == str(size)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace")))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    for garbage in (data, b"c2sp.org/tlog-proof@v1\n" + data, b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + data):
        with pytest.raises(SealError):
            parse_proof(garbage)


@given(st.data())
def test_a_changed_proof_is_refused_or_writes_the_same_bytes_again(data: st.DataObject) -> None:
    changed = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        proof = parse_proof(bytes(changed))
    except SealError:
        return
    assert proof.encode() == bytes(changed)


def test_a_verifier_key_from_its_text_is_enough() -> None:
    from taizhang.ledger.seal.keys import parse_vkey

    key: VerifierKey = parse_vkey(LOG.verifier.vkey)
    assert verify_proof(proof_of(7, 12).encode(), record(7), [key])
