"""The witness: each answer of the protocol, and that it never vouches for two histories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from taizhang.ledger.seal.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import VerifierKey
from taizhang.ledger.seal.note import Note, Signature, parse_note, sign, with_signatures
from taizhang.ledger.seal.tree import EMPTY_ROOT, consistency_proof
from taizhang.ledger.seal.witness import (
    MAX_PROOF,
    Answer,
    Request,
    add_checkpoint,
    known_size,
    parse_request,
    take_cosignatures,
)
from tests.seal.keyring import (
    LEAVES,
    LOG,
    NEXT_LOG,
    ORIGIN,
    OTHER_LOG,
    TIME,
    WITNESS,
    WITNESS_2,
    cosigned,
    flips,
    head,
    record,
    signed,
)
from tests.seal.reference import Reference

LOGS: dict[str, list[VerifierKey]] = {ORIGIN: [LOG.verifier]}
FORK = Reference([record(index) if index < 5 else b"another %d" % index for index in range(40)])


def request(old: int, size: int, reference: Reference = LEAVES) -> Request:
    return Request(old, tuple(consistency_proof(old, size, reference.hashes)), signed(size, reference))


def ask(data: bytes, known: Checkpoint | None = None) -> Answer:
    return add_checkpoint(data, LOGS, {ORIGIN: known} if known else {}, WITNESS, TIME)


def test_a_request_has_these_lines() -> None:
    data = request(5, 9).encode()
    assert data.startswith(b"old 5\n")
    head_part, note = data.split(b"\n\n", 1)
    assert len(head_part.split(b"\n")) == 1 + len(LEAVES.proof(5, 9))
    assert parse_note(note) == signed(9)


def test_what_extends_the_known_head_is_cosigned() -> None:
    for old, size in [(0, 0), (0, 1), (0, 9), (5, 9), (8, 16), (9, 9), (299, 300)]:
        answer = ask(request(old, size).encode(), head(old) if old else None)
        assert (answer.status, answer.code, answer.keep) == (200, "", head(size)), (old, size)
        opened = take_cosignatures(signed(size), answer.body, [LOG.verifier], [WITNESS.verifier])
        assert [(item.name, item.time) for item in opened.cosigned] == [(WITNESS.name, TIME)]


def test_an_unknown_origin_is_404() -> None:
    note = sign_checkpoint(head(9, origin=OTHER_LOG.name), OTHER_LOG)
    answer = ask(Request(0, (), note).encode())
    assert (answer.status, answer.code, answer.keep) == (404, "witness.origin", None)


def test_a_checkpoint_that_no_key_of_the_log_signed_is_403() -> None:
    for note in (
        sign_checkpoint(head(9), NEXT_LOG),
        sign(head(9).text(), OTHER_LOG),
        Note(head(9).text(), (Signature(LOG.name, LOG.verifier.id, bytes(64)),)),
    ):
        answer = ask(Request(0, (), note).encode())
        assert (answer.status, answer.keep) == (403, None)


def test_other_signatures_beside_the_logs_do_no_harm() -> None:
    note = with_signatures(cosigned(9), [Signature("stranger.example", b"abcd", b"anything")])
    assert ask(Request(0, (), note).encode()).status == 200


def test_an_old_size_beyond_the_checkpoint_is_400() -> None:
    answer = ask(Request(10, (), signed(9)).encode(), head(10))
    assert (answer.status, answer.code) == (400, "witness.range")


def test_an_old_size_that_is_not_the_known_one_is_409_with_the_known_one() -> None:
    for old in (0, 4, 6, 9):
        answer = ask(request(old, 9).encode(), head(5))
        assert (answer.status, answer.body, answer.content_type) == (409, b"5\n", "text/x.tlog.size")
        assert (known_size(answer.body), answer.evidence, answer.keep) == (5, False, None)
    assert ask(request(5, 9).encode()).body == b"0\n"


def test_a_second_root_for_a_known_size_is_409_and_evidence() -> None:
    answer = ask(Request(9, (), signed(9, FORK)).encode(), head(9))
    assert (answer.status, answer.code, answer.body, answer.evidence) == (409, "witness.fork", b"9\n", True)


def test_a_proof_that_does_not_verify_is_422() -> None:
    good = request(5, 9)
    for proof in ((), good.proof[:-1], (*good.proof, EMPTY_ROOT), good.proof[::-1]):
        assert ask(Request(5, proof, good.checkpoint).encode(), head(5)).status == 422
    rewritten = ask(request(6, 9, FORK).encode(), head(6))
    assert (rewritten.status, rewritten.evidence, rewritten.keep) == (422, True, None)
    assert ask(Request(0, (EMPTY_ROOT,), signed(9)).encode()).status == 422
    assert ask(Request(9, (EMPTY_ROOT,), signed(9)).encode(), head(9)).status == 422


def test_an_empty_log_has_one_root_only() -> None:
    false = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    assert ask(Request(0, (), false).encode()).status == 422


GOOD = request(5, 9).encode()


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD[:-1],
        GOOD[1:],
        GOOD.replace(b"old 5", b"old 05"),
        GOOD.replace(b"old 5", b"old  5"),
        GOOD.replace(b"old 5", b"old -5"),
        GOOD.replace(b"old 5", b"5"),
        GOOD.replace(b"old 5\n", b""),
        GOOD.replace(b"old 5\n", b"old 5\nAAAA\n"),
        GOOD.replace(b"old 5\n", b"old 5\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * MAX_PROOF),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n\nledger", b"\n\n\nledger"),
        Request(5, (), sign(head(9).text(), LOG)).encode().replace(b"\n9\n", b"\n09\n"),
        b"x" * (2 << 20),
    ],
)
def test_what_is_no_request_is_400(bad: bytes) -> None:
    with pytest.raises(SealError):
        parse_request(bad)
    answer = ask(bad, head(5))
    assert (answer.status, answer.keep) == (400, None)


def test_every_flipped_bit_of_a_request_is_refused() -> None:
    assert ask(GOOD, head(5)).status == 200
    for changed in flips(GOOD):
        assert ask(changed, head(5)).status in {400, 403, 404, 409, 422}


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace")))
def test_garbage_is_400_and_nothing_else_happens(data: bytes) -> None:
    for garbage in (data, b"old 5\n\n" + data, b"old 5\n" + data + b"\n\n" + signed(9).encode()[1:]):
        assert ask(garbage, head(5)).status in {400, 404}
    with pytest.raises(SealError):
        take_cosignatures(signed(9), data, [LOG.verifier], [WITNESS.verifier])


@given(
    st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_PROOF), st.integers(0, 300)
)
def test_what_is_written_is_read_back(old: int, proof: list[bytes], size: int) -> None:
    made = Request(old, tuple(proof), signed(size))
    assert parse_request(made.encode()) == made


def test_the_longest_proof_is_read_back() -> None:
    made = Request(2**63 - 1, (EMPTY_ROOT,) * MAX_PROOF, signed(9))
    assert parse_request(made.encode()) == made


def test_what_has_no_bytes_is_not_encoded() -> None:
    for bad in (
        Request(-1, (), signed(9)),
        Request(5, (b"short",), signed(9)),
        Request(5, (EMPTY_ROOT,) * 64, signed(9)),
        Request(5, (), sign("anything\n", LOG)),
    ):
        with pytest.raises(SealError):
            bad.encode()


@pytest.mark.parametrize("bad", [b"", b"9", b"09\n", b"9\n\n", b"9 \n", b"nine\n", b"9\r\n", b"9" * 99 + b"\n"])
def test_what_is_no_size_is_refused(bad: bytes) -> None:
    with pytest.raises(SealError):
        known_size(bad)


def test_an_answer_counts_only_with_a_witness_that_is_known() -> None:
    answer = ask(request(0, 9).encode()).body
    with pytest.raises(SealError, match=r"checkpoint\.quorum"):
        take_cosignatures(signed(9), answer, [LOG.verifier], [WITNESS_2.verifier])
    with pytest.raises(SealError, match=r"checkpoint\.quorum"):
        take_cosignatures(cosigned(9), answer.replace(b"w1", b"w9"), [LOG.verifier], [WITNESS.verifier])
    with pytest.raises(SealError, match=r"note\.signature"):
        take_cosignatures(signed(10), answer, [LOG.verifier], [WITNESS.verifier])
    stranger = Signature("stranger.example", b"abcd", b"anything").line().encode()
    opened = take_cosignatures(signed(9), stranger + answer, [LOG.verifier], [WITNESS.verifier])
    assert [line.name for line in opened.note.signatures] == [ORIGIN, WITNESS.name]


class TwoHistories(RuleBasedStateMachine):
    """A log whose owner holds the key and shows the witness two histories that part at leaf 5."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Checkpoint] = {}
        self.vouched: list[Checkpoint] = []

    @rule(
        size=st.integers(0, 40),
        old=st.integers(0, 40) | st.none(),
        forked=st.booleans(),
        borrowed=st.booleans(),
    )
    def submit(self, size: int, old: int | None, forked: bool, borrowed: bool) -> None:
        shown, other = (FORK, LEAVES) if forked else (LEAVES, FORK)
        last = self.known.get(ORIGIN, head(0))
        start = last.size if old is None else old
        if start > size:
            return
        proof = consistency_proof(start, size, (other if borrowed else shown).hashes)
        answer = add_checkpoint(
            Request(start, tuple(proof), signed(size, shown)).encode(), LOGS, self.known, WITNESS, TIME
        )
        on_it = last.root == shown.root(last.size)
        right = start == last.size and on_it and proof == consistency_proof(start, size, shown.hashes)
        assert (answer.status == 200) == right
        assert (answer.keep is not None) == right
        if answer.keep is not None:
            self.known[ORIGIN] = answer.keep
            self.vouched.append(parse_checkpoint(signed(size, shown).text))

    @invariant()
    def all_that_was_cosigned_is_one_history(self) -> None:
        assert [item.size for item in self.vouched] == sorted(item.size for item in self.vouched)
        assert any(all(item.root == history.root(item.size) for item in self.vouched) for history in (LEAVES, FORK))


TestTwoHistories = TwoHistories.TestCase
