"""Owns how a person's own data is sealed inside an event, and opened again: AES-256-GCM under a key of that person alone.

A sealed text is a text in the place of the other, so events stay JSON, and what is stored and hashed is the sealed text:
destroying the key changes no stored byte. Must not know where keys are kept. Decision 0014.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from taizhang.ledger.seal.encoding import to_base64

from .contract import SEALED_MARK

E = TypeVar("E")
STREAM = "register"
"""Where sealed texts stand. Elsewhere such a text is what somebody typed."""
_NONCE_SIZE = 12
_SEALED = re.compile(rb'"taizhang-sealed/v1 ([^" \\]{1,300}) ([A-Za-z0-9+/]{36,}={0,2})"')

KeyOf = Callable[[str], bytes | None]
"""person id → that person's key of 32 bytes; None where it was destroyed."""


def sealed(event: E, field: str, key_of: Callable[[str], bytes], stream: str, version: int, topic: str) -> E:
    """Return the event with one of its fields sealed under the key of the person whose `id` it names.

    Args:
        field: what is personal in it.
        key_of: gives a person's key, made where there is none yet.
        stream, version, topic: where the event will stand; what is sealed opens nowhere else.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    subject: Any = event
    nonce = os.urandom(_NONCE_SIZE)
    text = getattr(subject, field).encode()
    box = nonce + AESGCM(key_of(subject.id)).encrypt(nonce, text, _place(stream, version, topic))
    changed: E = replace(subject, **{field: f"taizhang-sealed/v1 {subject.id} {to_base64(box)}"})
    return changed


def opened(state: bytes, key_of: KeyOf, stream: str, version: int, topic: str) -> bytes:
    """Return the JSON of an event with every sealed text in it opened.

    Where the person's key was destroyed, or what is sealed does not belong here, the person's id stands in its place.
    """
    if SEALED_MARK not in state or stream != STREAM:
        return state

    def open_one(match: re.Match[bytes]) -> bytes:
        person = match[1].decode(errors="replace")
        key = key_of(person)
        text = None if key is None else _plain(match[2], key, _place(stream, version, topic))
        return json.dumps(person if text is None else text, ensure_ascii=False).encode()

    return _SEALED.sub(open_one, state)


def sealed_in(state: bytes, key_of: KeyOf, stream: str, version: int, topic: str) -> Iterator[tuple[str, bool | None]]:
    """Yield the person of every sealed text in an event, and whether that person's key opens it; None where there is none."""
    if SEALED_MARK in state and stream == STREAM:
        for match in _SEALED.finditer(state):
            person = match[1].decode(errors="replace")
            key = key_of(person)
            yield person, None if key is None else _plain(match[2], key, _place(stream, version, topic)) is not None


def _plain(box: bytes, key: bytes, place: bytes) -> str | None:
    """Return what is sealed; None where it is no box at all, was moved here from another event, or has another key."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = _unboxed(box)
        return AESGCM(key).decrypt(data[:_NONCE_SIZE], data[_NONCE_SIZE:], place).decode()
    except (InvalidTag, ValueError):
        return None


def _place(stream: str, version: int, topic: str) -> bytes:
    return f"{stream}\n{version}\n{topic}\n".encode()


def _unboxed(text: bytes) -> bytes:
    import base64

    return base64.b64decode(text)
