"""Keys and notes: published examples, round trips, and that no changed byte passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import COSIGNATURE, ED25519, SignerKey, VerifierKey, key_id, parse_skey, parse_vkey
from taizhang.ledger.seal.note import (
    MAX_SIGNATURES,
    Note,
    Signature,
    Verified,
    cosign,
    parse_note,
    parse_signatures,
    sign,
    verify,
    with_signatures,
)
from tests.seal.keyring import LOG, NEXT_LOG, OTHER_LOG, TIME, WITNESS, flips

# The example of Go's golang.org/x/mod/sumdb/note (example_test.go), keys and all.
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ry"
    "yBwJnAM=\n"
).encode()

# The examples in the C2SP specifications of signed-note and tlog-cosignature (their keys are not published).
C2SP_NOTES = [
    (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwa"
        "qP3ZekRwNtIc=\n"
    ),
    (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyW"
        "E+xeMcTOAYQ8=\n"
        "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo"
        "0xUe+mbIUBkBIfZ+qnA==\n"
    ),
]

# From the tests of filippo.io/torchwood (litewitness): a Sigsum log's checkpoint, signed by a tool that is not Go's note.
SIGSUM_NAME = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90"
SIGSUM_KEY = "52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd"
SIGSUM_NOTE = (
    f"{SIGSUM_NAME}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    f"— {SIGSUM_NAME} 7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=\n"
).encode()

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="+"), min_size=1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(
    lambda text: "".join(char for char in text if char >= " " or char == "\n") + "\n"
)
SIGNATURES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)  # fmt: skip


def test_gos_own_example_is_signed_and_opened() -> None:
    signer, key = parse_skey(GO_SKEY), parse_vkey(GO_VKEY)
    assert (signer.skey, key.vkey, signer.verifier) == (GO_SKEY, GO_VKEY, key)
    assert sign(GO_TEXT, signer).encode() == GO_NOTE
    assert verify(parse_note(GO_NOTE), [key]) == (Verified(key, None),)


def test_a_sigsum_log_is_opened() -> None:
    key = VerifierKey(SIGSUM_NAME, bytes.fromhex(SIGSUM_KEY))
    assert verify(parse_note(SIGSUM_NOTE), [key]) == (Verified(key, None),)


@pytest.mark.parametrize("text", C2SP_NOTES)
def test_the_examples_of_c2sp_are_read_and_written_again(text: str) -> None:
    note = parse_note(text.encode())
    assert note.encode() == text.encode()
    assert note.text == text[: text.rindex("\n\n") + 1]


@pytest.mark.parametrize(
    ("vkey", "kind"),
    [
        ("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6", ED25519),
        ("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", COSIGNATURE),
    ],
)
def test_published_keys_are_read(vkey: str, kind: int) -> None:
    key = parse_vkey(vkey)
    assert (key.kind, key.vkey) == (kind, vkey)


def test_every_mangled_key_is_refused() -> None:
    for text, parse in ((GO_VKEY, parse_vkey), (GO_SKEY, parse_skey)):
        mangled = {text[start:stop] for start in range(len(text)) for stop in range(start, len(text) + 1)} - {text}
        mangled |= {f"{text[:place]}{chr(ord(text[place]) + 1)}{text[place + 1 :]}" for place in range(len(text))}
        mangled |= {text + "\n", " " + text, text.replace("c74f", "C74F"), text + "=", text.replace("+c7", "++c7")}
        for bad in mangled:
            with pytest.raises(SealError, match=r"key\."):
                parse(bad)


def test_a_key_of_a_wrong_length_or_type_is_refused_though_its_id_is_right() -> None:
    for kind, material in ((1, bytes(31)), (1, bytes(33)), (4, b""), (2, bytes(32)), (6, bytes(32)), (255, bytes(32))):
        with pytest.raises(SealError, match=r"key\.malformed"):
            VerifierKey("name", material, kind)
        encoded = Signature("name", bytes([kind]), material).line().split(" ")[2].strip()
        with pytest.raises(SealError, match=r"key\.malformed"):
            parse_vkey(f"name+{key_id('name', kind, material).hex()}+{encoded}")


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a b",
        "a+b",
        "a\nb",
        "a\tb",
        "a\u00a0b",
        "a\u2003b",
        "a\u3000b",
        "a\x85b",
        "a\x00",
        "\ud800",
        "x" * 256,
        "督" * 86,
    ],
)
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(SealError, match=r"key\.name"):
        SignerKey(name, bytes(32))


def test_a_secret_is_never_shown() -> None:
    secret = GO_SKEY.rsplit("+", 1)[-1]
    assert "seed" not in repr(parse_skey(GO_SKEY))
    assert not {"seed", secret} & {str(value) for pair in parse_skey(GO_SKEY).__rich_repr__() for value in pair}
    for bad in (GO_SKEY + "A", GO_SKEY[:-2], GO_SKEY.replace("c74f20a3", "c74f20a4"), GO_SKEY.replace("AYEK", "AYE=")):
        with pytest.raises(SealError) as refusal:
            parse_skey(bad)
        error: BaseException | None = refusal.value
        while error is not None:
            assert "FALVFGyNhPJEMzD1" not in repr(error)
            error = error.__cause__ or error.__context__


def test_the_same_seed_as_log_and_as_witness_has_two_ids_and_two_signatures() -> None:
    log, witness = SignerKey("one.example", bytes(32)), SignerKey("one.example", bytes(32), COSIGNATURE)
    assert log.verifier.public == witness.verifier.public
    assert log.verifier.id != witness.verifier.id
    assert log.verifier.vkey.split("+")[2].startswith("AT")
    assert witness.verifier.vkey.split("+")[2].startswith("BD")
    note = sign("text\n", log)
    forged = Note(note.text, (Signature("one.example", witness.verifier.id, bytes(8) + note.signatures[0].data),))
    with pytest.raises(SealError, match=r"note\.signature"):
        verify(forged, [witness.verifier])


def test_a_cosignature_carries_its_time_and_covers_it() -> None:
    note = sign("text\n", LOG)
    signature = cosign(note.text, WITNESS, TIME)
    assert signature.data[:8] == TIME.to_bytes(8, "big")
    both = with_signatures(note, [signature])
    assert verify(both, [LOG.verifier, WITNESS.verifier]) == (
        Verified(LOG.verifier, None),
        Verified(WITNESS.verifier, TIME),
    )
    for time in (TIME + 1, 0, 1 << 63, (1 << 64) - 1):
        moved = Signature(signature.name, signature.key_id, time.to_bytes(8, "big") + signature.data[8:])
        with pytest.raises(SealError, match=r"note\.signature"):
            verify(with_signatures(note, [moved]), [WITNESS.verifier])


def test_each_kind_of_key_signs_in_its_own_way_only() -> None:
    with pytest.raises(SealError, match=r"key\.kind"):
        sign("text\n", WITNESS)
    for signer, time in ((LOG, TIME), (WITNESS, -1), (WITNESS, 1 << 63)):
        with pytest.raises(SealError, match=r"key\.kind"):
            cosign("text\n", signer, time)


def test_signatures_of_unknown_keys_are_passed_over_and_of_known_ones_must_hold() -> None:
    note = sign("text\n", LOG, OTHER_LOG)
    assert [item.key for item in verify(note, [OTHER_LOG.verifier])] == [OTHER_LOG.verifier]
    stranger = Signature("stranger.example", b"abcd", b"what the stranger's key makes")
    assert verify(with_signatures(note, [stranger]), [LOG.verifier])
    same_name = Signature(LOG.name, b"abcd", bytes(64))
    assert verify(with_signatures(note, [same_name]), [LOG.verifier])
    for keys, code in (([], "note.unverified"), ([NEXT_LOG.verifier], "note.unverified")):
        with pytest.raises(SealError, match=code):
            verify(note, keys)
    broken = with_signatures(note, [Signature(LOG.name, LOG.verifier.id, bytes(64))])
    with pytest.raises(SealError, match=r"note\.signature"):
        verify(broken, [LOG.verifier, OTHER_LOG.verifier])
    twice = Note(note.text, (*note.signatures, broken.signatures[-1]))
    with pytest.raises(SealError, match=r"note\.signature"):
        verify(twice, [LOG.verifier])


def test_a_signature_that_appears_twice_counts_once() -> None:
    note = sign("text\n", LOG)
    assert len(verify(Note(note.text, note.signatures * 3), [LOG.verifier, LOG.verifier])) == 1


def test_a_new_signature_replaces_the_old_one_of_the_same_key() -> None:
    note = with_signatures(sign("text\n", LOG), [cosign("text\n", WITNESS, TIME)])
    later = with_signatures(note, [cosign("text\n", WITNESS, TIME + 60)])
    assert [item.time for item in verify(later, [LOG.verifier, WITNESS.verifier])] == [None, TIME + 60]


def test_two_keys_that_share_name_and_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.ledger.seal.keys.key_id", lambda name, kind, public: b"same")
    with pytest.raises(SealError, match=r"key\.ambiguous"):
        verify(sign("text\n", LOG), [LOG.verifier, NEXT_LOG.verifier])


GOOD = "text\n\n— name AAAAAAA=\n"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "— name AAAAAAA=\n",
        "\n— name AAAAAAA=\n",
        GOOD[:-1],
        GOOD + "\n",
        GOOD + "x",
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—"),
        GOOD.replace("— ", "—  "),
        GOOD.replace(" AAAAAAA=", ""),
        GOOD.replace("AAAAAAA=", "AAAAAA=="),  # four bytes: an id and no signature
        GOOD.replace("AAAAAAA=", "AAAAAAA"),
        GOOD.replace("AAAAAAA=", "AAAAAAB="),  # loose bits
        GOOD.replace("AAAAAAA=", "AAAA-_A="),
        GOOD.replace("AAAAAAA=", "AAAAAAA= "),
        GOOD.replace("name", "na+me"),
        GOOD.replace("name", "na\u00a0me"),
        GOOD.replace("text", "te\rxt"),
        GOOD.replace("text", "te\x00xt"),
        GOOD.replace("text", "te\txt"),
        GOOD.replace("\n", "\r\n"),
        "text\n\n" + "— name AAAAAAA=\n" * (MAX_SIGNATURES + 1),
        "x" * (1 << 20) + "\n\n— name AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(bad: str) -> None:
    with pytest.raises(SealError, match=r"note\.malformed"):
        parse_note(bad.encode())


def test_signature_lines_alone_have_limits_too() -> None:
    line = "— name AAAAAAA=\n"
    assert len(parse_signatures(line.encode())) == 1
    for bad in (line * (MAX_SIGNATURES + 1), f"— name {'AAAA' * (1 << 18)}AAAAAAA=\n", "\n" + line, line + "\n"):
        with pytest.raises(SealError, match=r"note\.malformed"):
            parse_signatures(bad.encode())


def test_the_limits_of_names_and_times_are_inclusive() -> None:
    for name in ("x", "x" * 255, "督" * 85):
        assert parse_vkey(SignerKey(name, bytes(32)).verifier.vkey).name == name
    for time in (0, (1 << 63) - 1):
        note = with_signatures(sign("text\n", LOG), [cosign("text\n", WITNESS, time)])
        assert verify(note, [WITNESS.verifier]) == (Verified(WITNESS.verifier, time),)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"):
        with pytest.raises(SealError, match=r"note\.malformed"):
            parse_note(b"text" + bad + b"\n\n\xe2\x80\x94 name AAAAAAA=\n")


def test_what_has_no_bytes_is_not_encoded() -> None:
    signature = Signature("name", b"abcd", b"x")
    for note in (
        Note("text\n", ()),
        Note("text", (signature,)),
        Note("te\0xt\n", (signature,)),
        Note("te\ud800xt\n", (signature,)),
        Note("text\n", (Signature("na me", b"abcd", b"x"),)),
        Note("text\n", (Signature("name", b"abc", b"xy"),)),
        Note("text\n", (Signature("name", b"abcd", b""),)),
    ):
        with pytest.raises(SealError, match=r"note\.malformed"):
            note.encode()


def test_as_many_signatures_as_the_specification_asks_for_are_read() -> None:
    assert (
        len(parse_note(b"text\n\n" + "— name AAAAAAA=\n".encode() * MAX_SIGNATURES).signatures) == MAX_SIGNATURES >= 16
    )


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    key = parse_vkey(GO_VKEY)
    for changed in flips(GO_NOTE):
        with pytest.raises(SealError):
            verify(parse_note(changed), [key])


@given(TEXTS, st.lists(SIGNATURES, min_size=1, max_size=5))
def test_what_is_written_is_read_back(text: str, signatures: list[Signature]) -> None:
    note = Note(text, tuple(signatures))
    assert parse_note(note.encode()) == note
    lines = "".join(signature.line() for signature in signatures)
    assert parse_signatures(lines.encode()) == note.signatures


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    for parse in (parse_note, parse_signatures):
        with pytest.raises(SealError):
            parse(data)
    for parse_key in (parse_vkey, parse_skey):
        with pytest.raises(SealError):
            parse_key(data.decode(errors="replace"))


@given(st.data())
def test_a_changed_note_is_refused_or_writes_the_same_bytes_again(data: st.DataObject) -> None:
    changed = bytearray(GO_NOTE)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        if not changed:
            break
    try:
        note = parse_note(bytes(changed))
    except SealError:
        return
    assert note.encode() == bytes(changed)
