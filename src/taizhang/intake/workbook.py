"""Owns how a file's bytes become sheets: text here, workbooks in a process of its own with bounded memory and time."""

from __future__ import annotations

import codecs
import csv
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import msgspec

from taizhang.ledger.domain.errors import Rejected

from .cells import Cell, Sheet
from .container import Format, format_of

SECONDS = 180.0
MOST_CELLS = 5_000_000
FIELD_LIMIT = 1_000_000
_DELIMITERS = (",", ";", "\t", "，", "|")
_decode = msgspec.msgpack.Decoder().decode
Progress = Callable[[int, int], None]


def sheets(data: bytes, progress: Progress | None = None) -> list[Sheet]:
    """Return the sheets of a file.

    Args:
        data: its bytes.
        progress: told how many rows of how many are read.

    Raises:
        Rejected: ``intake.…``: not a table, empty, broken, encrypted, or more than may be opened.
    """
    if format_of(data) is Format.TEXT:
        return [_text_sheet(data)]
    return _workbook(data, progress)


def _workbook(data: bytes, progress: Progress | None) -> list[Sheet]:
    from . import child

    script = str(Path(child.__file__).resolve()) if hasattr(child, "__file__") else ""
    process = subprocess.Popen(
        [sys.executable, "-P", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    watch = threading.Timer(SECONDS, process.kill)
    feeding = threading.Thread(target=_feed, args=(process, data), daemon=True)
    try:
        watch.start()
        feeding.start()
        return _received(process, progress)
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        feeding.join()
        if process.stdout is not None:
            process.stdout.close()


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    stream = process.stdin
    if stream is None:
        return
    try:
        stream.write(data)
        stream.close()
    except OSError:  # it has ended already; what it said, or that it said nothing, tells why
        return


def _received(process: subprocess.Popen[bytes], progress: Progress | None) -> list[Sheet]:
    found: list[Sheet] = []
    height = done = 0
    for message in _messages(process.stdout):
        if "rows" in message:
            found[-1].rows.extend(message["rows"])
            done += len(message["rows"])
            if progress:
                progress(done, max(height, done))
        elif "sheet" in message:
            merges = tuple((top, left, bottom, right) for top, left, bottom, right in message["merges"])
            found.append(Sheet(message["sheet"], [], merges, message["hidden"]))
            height += message["height"]
        elif "refused" in message:
            raise Rejected(message.pop("refused"), **message)
        else:
            return found
    raise Rejected("intake.too-much")  # it was stopped, or ran out of memory


def _messages(stream: BinaryIO | Any) -> Iterator[dict[str, Any]]:
    while len(head := stream.read(8)) == 8:
        size = int.from_bytes(head[:4], "big")
        body = stream.read(size)
        if len(body) < size:
            return
        if crc32(body) != int.from_bytes(head[4:], "big"):
            raise Rejected("intake.broken", detail="CRC-32")
        yield _decode(body)


# -- text


def _text_sheet(data: bytes) -> Sheet:
    text = _decoded(data)
    rows: list[list[Cell]] = []
    cells = 0
    lines = text.splitlines(keepends=True)
    before = csv.field_size_limit(FIELD_LIMIT)
    try:
        for row in csv.reader(lines, delimiter=_delimiter(lines)):
            cells += len(row)
            if cells > MOST_CELLS:
                raise Rejected("intake.too-many-cells", limit=MOST_CELLS)
            rows.append([field or None for field in row])
    except csv.Error as error:
        raise Rejected("intake.broken", detail=str(error)[:200]) from error
    finally:
        csv.field_size_limit(before)
    return Sheet("", rows)


def _decoded(data: bytes) -> str:
    """Return the text, in UTF-8 or GB18030, or in UTF-16 where it says so itself."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Rejected("intake.not-text")


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that parts the first lines into most fields, evenly."""
    sample = lines[:30]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        most = max(counts, default=0)
        return sum(count == most for count in counts) if most > 1 else 0, most

    try:
        scored = {delimiter: evenness(delimiter) for delimiter in _DELIMITERS}
    except csv.Error:
        return ","
    return max(_DELIMITERS, key=lambda delimiter: (scored[delimiter][1] > 1, *scored[delimiter]))
