"""Reads a workbook in a process of its own, which may be stopped or run out of memory without harm to anybody.

Run as a script: the file's bytes come in on standard input, sheets go out on standard output, each message its length
and its CRC-32 (four bytes each) and msgpack. Must not import anything of `taizhang`: it is started by its path, whatever the search path is.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import msgspec
import python_calamine as calamine

ROWS_AT_ONCE = 2_000
MOST_CELLS = 5_000_000
MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 120
_PLAIN = frozenset({str, float, int, bool, type(None)})
_encode = msgspec.msgpack.Encoder().encode


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Read the workbook from `source` and write its sheets to `target`."""
    confine()

    def send(message: Any) -> None:
        data = _encode(message)
        target.write(len(data).to_bytes(4, "big") + crc32(data).to_bytes(4, "big") + data)

    try:
        for message in messages(source.read()):
            send(message)
    except calamine.PasswordError:
        send({"refused": "intake.encrypted"})
    except MemoryError:
        send({"refused": "intake.too-much"})
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes the reader say; told as one refusal
        send({"refused": "intake.broken", "detail": f"{type(error).__name__}: {error}"[:200]})
    send({"end": True})
    target.flush()


def confine() -> None:
    """Bound memory and time, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows; there the parent's clock alone bounds it
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(limit)
        if hard == resource.RLIM_INFINITY or hard > value:
            resource.setrlimit(limit, (value, hard))


def messages(data: bytes) -> Iterable[dict[str, Any]]:
    """Yield what there is to say: a sheet, its rows, the next sheet."""
    book = calamine.load_workbook(BytesIO(data))
    more = _left_out(data)
    cells = 0
    for about in book.sheets_metadata:
        if about.typ is not calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        cells += sheet.total_height * (sheet.total_width or 0)
        if cells > MOST_CELLS:
            yield {"refused": "intake.too-many-cells", "limit": MOST_CELLS}
            return
        ranges = sheet.merged_cell_ranges or ()
        merges = [(*first, *last) for first, last in ranges[:100_000]]
        faults, spans = more.get(about.name, ({}, []))
        merges = merges or spans
        hidden = about.visible is not calamine.SheetVisibleEnum.Visible
        yield {"sheet": about.name, "merges": merges, "hidden": hidden, "height": sheet.total_height}
        left = [None] * sheet.start[1] if sheet.start else []
        rows: list[list[Any]] = []
        damaged: dict[int, dict[int, str]] = {}
        for (at, column), text in faults.items():
            damaged.setdefault(at, {})[column] = text
        for at, row in enumerate(sheet.iter_rows()):
            rows.append([*left, *_plain(row)] if left else _plain(row))
            if at in damaged:
                _put(rows[-1], damaged[at])
            if len(rows) == ROWS_AT_ONCE:
                yield {"rows": rows}
                rows = []
        if rows:
            yield {"rows": rows}


def _left_out(data: bytes) -> Any:
    """Return what the reader leaves out, as `leftout.left_out` finds it, which is loaded by its path like this script."""
    spec = importlib.util.spec_from_file_location("leftout", Path(__file__).with_name("leftout.py"))
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.left_out(data)


def _put(row: list[Any], texts: dict[int, str]) -> None:
    """Put what the reader left out where it stands, if nothing is there."""
    for column, text in texts.items():
        if column < len(row) and row[column] in ("", None):
            row[column] = text


def _plain(row: list[Any]) -> list[Any]:
    """Return the cells as msgpack has them; a day or a moment becomes a list of one text."""
    return [cell if type(cell) in _PLAIN else [_iso(cell)] for cell in row]


def _iso(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
