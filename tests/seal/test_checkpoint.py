"""Checkpoints: their three lines, who must have signed, and that no changed bit passes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taizhang.ledger.seal.checkpoint import Checkpoint, Cosigned, open_checkpoint, parse_checkpoint, sign_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import SignerKey
from taizhang.ledger.seal.note import cosign, sign, with_signatures
from taizhang.ledger.seal.tree import EMPTY_ROOT
from tests.seal.keyring import (
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
    signed,
)

WITNESSES = [WITNESS.verifier, WITNESS_2.verifier]
C2SP_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_c2sp_is_read_and_written_again() -> None:
    checkpoint = parse_checkpoint(C2SP_TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.root.hex().startswith("0ac5186a9186")
    assert checkpoint.text() == C2SP_TEXT


def test_an_empty_log_has_a_checkpoint() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), LOG)
    assert note.text == f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert open_checkpoint(note.encode(), [LOG.verifier]).checkpoint.size == 0


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "\n\n\n",
        C2SP_TEXT[:-1],
        C2SP_TEXT + "\n",
        C2SP_TEXT + "extension\n",
        C2SP_TEXT.replace("20852163", "020852163"),
        C2SP_TEXT.replace("20852163", "+20852163"),
        C2SP_TEXT.replace("20852163", "20_852_163"),
        C2SP_TEXT.replace("20852163", "2085216３"),
        C2SP_TEXT.replace("20852163", "-1"),
        C2SP_TEXT.replace("20852163", ""),
        C2SP_TEXT.replace("20852163", "9223372036854775808"),
        C2SP_TEXT.replace("20852163", "9" * 5000),
        C2SP_TEXT.replace("q2I=", "q2J="),
        C2SP_TEXT.replace("q2I=", "q2I"),
        C2SP_TEXT.replace("q2I=", "q2I=="),
        C2SP_TEXT.replace("CsUY", "CsUYCsUY"),
        C2SP_TEXT.replace("CsUY", ""),
        C2SP_TEXT.replace("example.com/", "example com/"),
        C2SP_TEXT.replace("example.com/", "example+com/"),
        C2SP_TEXT.replace("example.com/behind-the-sofa", ""),
        C2SP_TEXT.replace("example.com/behind-the-sofa", "x" * 256),
        C2SP_TEXT.replace("\n", "\r\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(bad: str) -> None:
    with pytest.raises(SealError, match=r"checkpoint\.malformed"):
        parse_checkpoint(bad)


@pytest.mark.parametrize(("size", "root"), [(-1, EMPTY_ROOT), (1 << 63, EMPTY_ROOT), (0, b""), (1, bytes(31))])
def test_what_has_no_text_is_not_made(size: int, root: bytes) -> None:
    with pytest.raises(SealError, match=r"checkpoint\.malformed"):
        Checkpoint(ORIGIN, size, root)


@given(st.text(max_size=120))
def test_garbage_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(SealError):
        parse_checkpoint(text)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
@example(2**63 - 1, bytes(32))
def test_what_is_written_is_read_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert parse_checkpoint(checkpoint.text()) == checkpoint


def test_the_log_and_the_witnesses_are_told_apart() -> None:
    opened = open_checkpoint(cosigned(9).encode(), [LOG.verifier], WITNESSES, quorum=2)
    assert opened.checkpoint == head(9)
    assert opened.cosigned == (Cosigned(WITNESS.name, TIME), Cosigned(WITNESS_2.name, TIME))
    assert open_checkpoint(signed(9).encode(), [LOG.verifier], WITNESSES).cosigned == ()


def test_a_witness_alone_is_not_enough_nor_the_log_where_witnesses_are_asked_for() -> None:
    text = head(9).text()
    alone = with_signatures(sign(text, OTHER_LOG), [cosign(text, WITNESS, TIME)])
    with pytest.raises(SealError, match=r"checkpoint\.unsigned"):
        open_checkpoint(alone.encode(), [LOG.verifier], WITNESSES)
    with pytest.raises(SealError, match=r"checkpoint\.unsigned"):
        open_checkpoint(alone.encode(), [LOG.verifier])
    one = with_signatures(signed(9), [cosign(text, WITNESS, TIME)])
    with pytest.raises(SealError, match=r"checkpoint\.quorum"):
        open_checkpoint(one.encode(), [LOG.verifier], WITNESSES, quorum=2)


def test_one_witness_key_under_two_names_counts_once() -> None:
    alias = SignerKey("witness.example/alias", WITNESS.seed, WITNESS.kind)
    text = head(9).text()
    note = with_signatures(signed(9), [cosign(text, key, TIME) for key in (WITNESS, alias)])
    with pytest.raises(SealError, match=r"checkpoint\.quorum"):
        open_checkpoint(note.encode(), [LOG.verifier], [WITNESS.verifier, alias.verifier], quorum=2)


def test_a_key_signs_for_its_own_origin_only() -> None:
    with pytest.raises(SealError, match=r"checkpoint\.origin"):
        sign_checkpoint(head(9), OTHER_LOG)
    foreign = sign(head(9).text(), OTHER_LOG).encode()
    with pytest.raises(SealError, match=r"checkpoint\.origin"):
        open_checkpoint(foreign, [LOG.verifier, OTHER_LOG.verifier])


def test_while_a_key_is_replaced_either_opens() -> None:
    note = sign_checkpoint(head(9), LOG, NEXT_LOG).encode()
    for keys in ([LOG.verifier], [NEXT_LOG.verifier], [LOG.verifier, NEXT_LOG.verifier]):
        assert open_checkpoint(note, keys).checkpoint == head(9)


def test_keys_in_the_wrong_place_are_refused() -> None:
    for log_keys, witness_keys in (([WITNESS.verifier], []), ([LOG.verifier], [LOG.verifier])):
        with pytest.raises(SealError, match=r"key\.kind"):
            open_checkpoint(signed(9).encode(), log_keys, witness_keys)


def test_a_note_that_the_log_signed_but_is_no_checkpoint_is_refused() -> None:
    with pytest.raises(SealError, match=r"checkpoint\.malformed"):
        open_checkpoint(sign("anything\n", LOG).encode(), [LOG.verifier])


def test_every_flipped_bit_is_refused() -> None:
    for data, witnesses, quorum in ((signed(9).encode(), [], 0), (cosigned(9).encode(), WITNESSES, 2)):
        assert open_checkpoint(data, [LOG.verifier], witnesses, quorum).checkpoint == head(9)
        for changed in flips(data):
            with pytest.raises(SealError):
                open_checkpoint(changed, [LOG.verifier], witnesses, quorum)
