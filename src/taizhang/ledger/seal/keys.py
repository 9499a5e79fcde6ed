"""Keys that sign notes: their names, ids and text forms, and the two ways in which they sign.

Owns vkey and skey (C2SP signed-note), plain Ed25519 (type 01) and the cosignature/v1 of a witness (type 04, C2SP
tlog-cosignature). Must not know where a key is kept; the caller brings the seed and, for a cosignature, the time.
"""

from __future__ import annotations

import re
from hashlib import sha256

import msgspec

from .encoding import MAX_SIZE, from_base64, to_base64
from .errors import SealError

ED25519 = 1
"""The signature type of a log: Ed25519 over the text."""
COSIGNATURE = 4
"""The signature type of a witness: Ed25519 over a header, the time and the text."""

MAX_NAME = 255
"""The greatest length of a name in bytes: later signature types cannot say more (C2SP tlog-cosignature)."""

_SIGNATURE_SIZE = {ED25519: 64, COSIGNATURE: 72}
_KEY = re.compile(r"([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]*=?=?)", re.ASCII)
_SECRET_PREFIX = "PRIVATE+KEY+"


def is_name(name: str) -> bool:
    """Return whether a key may bear this name: not empty, no Unicode space, no plus, no ASCII control character."""
    return bool(name) and not any(char.isspace() or char < " " or char == "+" for char in name)


def is_own_name(name: str) -> bool:
    """Return whether a key or log of ours may bear this name: besides, it is 1 to `MAX_NAME` bytes of UTF-8."""
    return is_name(name) and 0 < len(_utf8(name)) <= MAX_NAME


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the 4-byte id, SHA256(name || 0A || type || public key)[:4] (C2SP signed-note)."""
    return sha256(b"%b\n%c%b" % (name.encode(), kind, public)).digest()[:4]


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with its name. `kind` is `ED25519` or `COSIGNATURE`, `public` the 32 bytes of RFC 8032.

    Raises:
        SealError: `key.name`, `key.malformed`.
    """

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check(self.name, self.kind, self.public)

    @property
    def id(self) -> bytes:
        """The 4-byte key id that stands in a signature line."""
        return key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """The public text form, name+hex(id)+base64(type || public key)."""
        return _spell(self.name, self.id, self.kind, self.public)

    def verify(self, text: str, signature: bytes) -> int | None:
        """Check a signature over a note's text; return the time of a cosignature (POSIX seconds), else None.

        Raises:
            SealError: `note.signature`.
        """
        # Imported late: most commands never check a signature, and this costs 40 ms.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if len(signature) != _SIGNATURE_SIZE[self.kind]:
            raise SealError("note.signature", name=self.name)
        time = int.from_bytes(signature[:8], "big") if self.kind == COSIGNATURE else None
        if time is not None and time > MAX_SIZE:
            raise SealError("note.signature", name=self.name)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[-64:], _message(text, time))
        except (InvalidSignature, ValueError) as error:
            raise SealError("note.signature", name=self.name) from error
        return time


class SignerKey(msgspec.Struct, frozen=True):
    """A secret key with its name. `seed` is the 32-byte private key of RFC 8032; it is never shown by repr.

    Raises:
        SealError: `key.name`, `key.malformed`.
    """

    name: str
    seed: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        _check(self.name, self.kind, self.seed)

    def __repr__(self) -> str:
        return f"SignerKey(name={self.name!r}, kind={self.kind})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return [("name", self.name), ("kind", self.kind)]

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw(), self.kind)

    @property
    def skey(self) -> str:
        """The secret text form, PRIVATE+KEY+name+hex(id)+base64(type || seed)."""
        return _SECRET_PREFIX + _spell(self.name, self.verifier.id, self.kind, self.seed)

    def sign(self, text: str, time: int | None = None) -> bytes:
        """Return the signature over a note's text; `time` (POSIX seconds) is for a cosignature, and only for that.

        Raises:
            SealError: `key.kind` where the time is missing, superfluous or out of range.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if (time is not None) != (self.kind == COSIGNATURE) or (time is not None and not 0 <= time <= MAX_SIZE):
            raise SealError("key.kind", name=self.name)
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_message(text, time))
        return signature if time is None else time.to_bytes(8, "big") + signature


def parse_vkey(text: str) -> VerifierKey:
    """Return the public key that a vkey spells, of type 01 or 04.

    Raises:
        SealError: `key.malformed`, `key.name`.
    """
    name, stated, kind, public = _read(text)
    key = VerifierKey(name, public, kind)
    if key.id != stated:
        raise SealError("key.malformed")
    return key


def parse_skey(text: str) -> SignerKey:
    """Return the secret key that an skey spells, of type 01 or 04. A refusal never repeats what it was given.

    Raises:
        SealError: `key.malformed`, `key.name`.
    """
    if not text.startswith(_SECRET_PREFIX):
        raise SealError("key.malformed")
    name, stated, kind, seed = _read(text[len(_SECRET_PREFIX) :])
    key = SignerKey(name, seed, kind)
    if key.verifier.id != stated:
        raise SealError("key.malformed")
    return key


def _check(name: str, kind: int, material: bytes) -> None:
    if not is_own_name(name):
        raise SealError("key.name", name=name)
    if kind not in _SIGNATURE_SIZE or len(material) != 32:
        raise SealError("key.malformed")


def _message(text: str, time: int | None) -> bytes:
    return (text if time is None else f"cosignature/v1\ntime {time}\n{text}").encode()


def _spell(name: str, id_: bytes, kind: int, material: bytes) -> str:
    return f"{name}+{id_.hex()}+{to_base64(bytes([kind]) + material)}"


def _read(text: str) -> tuple[str, bytes, int, bytes]:
    match = _KEY.fullmatch(text)
    if match is None:
        raise SealError("key.malformed")
    name, id_, encoded = match.groups()
    try:
        material = from_base64(encoded, "key.malformed")
    except SealError:
        # Raised anew, so that no traceback carries the secret half.
        material = b""
    if not material:
        raise SealError("key.malformed")
    return name, bytes.fromhex(id_), material[0], material[1:]


def _utf8(name: str) -> bytes:
    try:
        return name.encode()
    except UnicodeEncodeError:  # a lone surrogate has no bytes
        return b""
