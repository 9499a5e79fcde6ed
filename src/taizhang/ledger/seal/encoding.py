"""The three encodings that every format of the seal is made of: decimal numbers, base64 and lines.

Owns their one canonical spelling: what does not come out of the encoder is refused by the decoder, so that no two
byte strings mean the same. Must not know which format it serves (the caller names the code of the refusal).
"""

from __future__ import annotations

import binascii
import re

from .errors import SealError

MAX_SIZE = (1 << 63) - 1
"""The greatest tree size, index and time (C2SP tlog-cosignature; SQLite's integers end there too)."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def to_number(text: str, code: str) -> int:
    """Return the number that `text` spells in ASCII decimal without leading zeroes, 0 to `MAX_SIZE`."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > MAX_SIZE:
        raise SealError(code, found=text[:64])
    return number


def to_base64(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648, section 4), in one line."""
    return binascii.b2a_base64(data, newline=False).decode()


def from_base64(text: str, code: str) -> bytes:
    """Return the bytes that `text` encodes; other spellings of the same bytes (loose bits, white space) are refused."""
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise SealError(code, found=text[:64]) from error
    if to_base64(data) != text:
        raise SealError(code, found=text[:64])
    return data


def from_base64_hash(text: str, code: str) -> bytes:
    """Return the 32-byte hash that `text` encodes."""
    data = from_base64(text, code)
    if len(data) != 32:
        raise SealError(code, found=text[:64])
    return data


def to_text(data: bytes, code: str) -> str:
    """Return `data` as text: valid UTF-8 without ASCII control characters other than LF, ending in LF."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SealError(code, found=ascii(data[error.start : error.start + 8])) from error
    if not text.endswith("\n"):
        raise SealError(code, found=text[-8:])
    if control := _CONTROL.search(text):
        raise SealError(code, found=ascii(control[0]))
    return text
