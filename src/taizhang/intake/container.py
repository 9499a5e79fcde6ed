"""Owns what a file is by its bytes, and whether it may be opened at all: nothing is unpacked before its sizes are known.

Pure: bytes in, a kind or a refusal out.
"""

from __future__ import annotations

import re
import zlib
from enum import StrEnum
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from taizhang.ledger.domain.errors import Rejected

from .leftout import is_locked

FILE_LIMIT = 64 * 1024 * 1024
ENTRIES = 2_000
INFLATED = 320 * 1024 * 1024
RATIO = 200
RATIO_FROM = 16 * 1024 * 1024
"""Below so many bytes a high ratio does no harm: a sheet of nothing but blanks packs very well."""

PROLOG = 256 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
_WEBPAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<body|<table|<meta)", re.IGNORECASE)


class Format(StrEnum):
    """What a file is."""

    WORKBOOK = "workbook"
    TEXT = "text"


def format_of(data: bytes) -> Format:
    """Return what the file is, having checked that it may be opened.

    Raises:
        Rejected: ``intake.empty``, ``intake.too-large``, ``intake.encrypted``, ``intake.bomb``, ``intake.doctype``,
            ``intake.broken``, ``intake.not-a-table``, ``intake.webpage``.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Rejected("intake.empty")
    if len(data) > FILE_LIMIT:
        raise Rejected("intake.too-large", bytes=len(data), limit=FILE_LIMIT)
    if data.startswith(_OLE):
        if _ENCRYPTED in data or is_locked(data):
            raise Rejected("intake.encrypted")
        return Format.WORKBOOK
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _check_zip(data)
        return Format.WORKBOOK
    head = data[:4096]
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Rejected("intake.not-a-table")
    if _WEBPAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise Rejected("intake.webpage")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Rejected("intake.not-a-table")
    return Format.TEXT


def _check_zip(data: bytes) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members)
            names = {member.filename for member in members}
            if any(member.flag_bits & 1 for member in members) or "encrypted-package" in names:
                raise Rejected("intake.encrypted")
            book = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & {name.lstrip("/").lower() for name in names}
            if not book:
                raise Rejected("intake.not-a-table")
            for member in members:
                if member.filename.lower().endswith((".xml", ".rels")):
                    _check_prolog(archive, member)
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in _head(archive, archive.getinfo(manifest)):
                raise Rejected("intake.encrypted")
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise Rejected("intake.broken", detail=str(error)[:200]) from error


def _check_sizes(members: list[ZipInfo]) -> None:
    inflated = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > ENTRIES or inflated > INFLATED or (inflated > RATIO_FROM and inflated > RATIO * packed):
        raise Rejected("intake.bomb", entries=len(members), bytes=inflated)


def _check_prolog(archive: ZipFile, member: ZipInfo) -> None:
    """Refuse a document type: it can stand nowhere but before the first element."""
    head = _head(archive, member)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:64]:
        head = head.replace(b"\x00", b"")
    root = _ROOT.search(head)
    if _DOCTYPE.search(head if root is None else head[: root.start()]):
        raise Rejected("intake.doctype", member=member.filename[:100])
    if root is None and len(head) == PROLOG:
        raise Rejected("intake.doctype", member=member.filename[:100])


def _head(archive: ZipFile, member: ZipInfo) -> bytes:
    with archive.open(member) as stream:
        head = stream.read(4096)
        return (
            head
            if _ROOT.search(head) and member.filename != "META-INF/manifest.xml"
            else head + stream.read(PROLOG - len(head))
        )
