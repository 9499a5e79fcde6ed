"""The verifier's Ed25519 says what RFC 8032 and the `cryptography` library say."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from taizhang.service.data.verify_case import ed25519_verify

ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, section 7.1: public key, message, signature (TEST 1, 2, 3 and SHA(abc)).
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
            "655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
            "b00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
            "c027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
            "2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
            "d9bef1177331a704"
        ),
    ),
]


def by_cryptography(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS, ids=["1", "2", "3", "sha-abc"])
def test_vectors_of_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, signed = map(bytes.fromhex, (public, message, signature))
    assert by_cryptography(key, text, signed)
    assert ed25519_verify(key, text, signed)
    assert not ed25519_verify(key, text + b"\0", signed)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_takes_what_cryptography_signs(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert ed25519_verify(private.public_key().public_bytes_raw(), message, private.sign(message))


@given(st.binary(min_size=32, max_size=32), st.integers(0, 8 * 96 - 1))
def test_agrees_with_cryptography_on_a_flipped_bit(seed: bytes, bit: int) -> None:
    private, message = Ed25519PrivateKey.from_private_bytes(seed), b"checkpoint"
    both = bytearray(private.public_key().public_bytes_raw() + private.sign(message))
    both[bit // 8] ^= 1 << bit % 8
    public, signature = bytes(both[:32]), bytes(both[32:])
    assert not ed25519_verify(public, message, signature)
    assert not by_cryptography(public, message, signature)


@given(st.binary(min_size=96, max_size=96))
def test_agrees_with_cryptography_on_random_bytes(data: bytes) -> None:
    assert ed25519_verify(data[:32], b"", data[32:]) == by_cryptography(data[:32], b"", data[32:])


def test_refuses_a_second_spelling_of_the_same_signature() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    again = signature[:32] + (int.from_bytes(signature[32:], "little") + ORDER).to_bytes(32, "little")
    assert ed25519_verify(public, b"x", signature)
    assert not ed25519_verify(public, b"x", again)
    assert not by_cryptography(public, b"x", again)


@pytest.mark.parametrize("size", [0, 31, 33, 63, 65, 128])
def test_refuses_keys_and_signatures_of_another_length(size: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public = private.public_key().public_bytes_raw()
    assert not ed25519_verify(bytes(size), b"", private.sign(b""))
    assert not ed25519_verify(public, b"", bytes(size))


def test_refuses_a_key_that_is_not_reduced() -> None:
    for value in (2**255 - 19, 2**255 - 18, 2**255 - 1):
        assert not ed25519_verify(value.to_bytes(32, "little"), b"", bytes(64))
