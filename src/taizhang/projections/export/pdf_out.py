"""Owns the PDF form, set by typst: the same page as the Word form. Fonts are asked for before anything is set.

It must not know which columns there are. All data reaches typst as JSON strings; its markup stands in ``page.typ``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import visible
from taizhang.locale.words import Lang

from .fonts import ROLES, chosen, missing
from .labels import Shown
from .page import FILLS, Grid, Page, Text, fitted, groups_of, plain, table_space

MOST_ROWS = 20_000
"""A longer table would keep typst busy for minutes: it holds the whole document in memory."""

PACKAGES = ("fonts-noto-cjk", "fonts-wqy-zenhei")


def write(path: Path, page: Page) -> None:
    """Write the document.

    Raises:
        Rejected: ``export.no-typst``, ``export.no-font`` (`characters`, `packages`), ``export.too-long`` (`rows`, `most`).
        OSError: the file cannot be written.
    """
    try:
        import typst
    except ImportError as error:
        raise Rejected("export.no-typst") from error
    fonts = typst.Fonts()
    families = set(fonts.families())
    with TemporaryDirectory() as folder:
        root = Path(folder)
        used: set[str] = set()
        with (root / "page.json").open("wb") as file:
            for piece in _document(page, families, used):
                file.write(piece)
        gaps = missing(used, [(info.family, info.path, info.index) for info in fonts.fonts()], families)
        if gaps:
            raise Rejected("export.no-font", characters="".join(sorted(gaps)[:20]), packages=list(PACKAGES))
        (root / "page.typ").write_bytes(files(__package__).joinpath("page.typ").read_bytes())
        path.write_bytes(_compiled(typst, root, fonts, page.moment))


def _compiled(typst: Any, root: Path, fonts: Any, moment: datetime) -> bytes:
    """Set the document in a thread of its own, so that an interrupt is heard while typst is at work.

    Nothing but this function's caller writes the file: a thread that is left behind can do no harm.
    """
    done: list[bytes] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            main = str(root / "page.typ")
            done.append(
                typst.compile(
                    main,
                    format="pdf",
                    root=str(root),
                    font_paths=fonts,
                    timestamp=moment.astimezone(UTC).replace(microsecond=0),
                )
            )
        except BaseException as error:  # noqa: BLE001 - handed to who waits
            failure.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
    if failure:
        raise failure[0]
    return done[0]


def _document(page: Page, families: set[str], used: set[str]) -> Iterator[bytes]:
    """Yield the JSON that ``page.typ`` reads, a row at a time; what it says is noted in `used`."""
    encode = msgspec.json.Encoder().encode
    head: dict[str, Any] = {
        "title": visible(page.title),
        "keywords": [page.token] if page.token else [],
        "lang": "zh" if page.lang is Lang.ZH else "en",
        "region": "cn" if page.lang is Lang.ZH else "gb",
        "paper": page.paper,
        "report": page.is_report,
        "reporting": [visible(line) for line in page.reporting],
        "signatures": visible(page.signatures),
        "foot": [visible(line) for line in page.foot],
        "fonts": {role: chosen(role, families) for role in ROLES},
    }
    for text in (head["title"], head["signatures"], *head["reporting"], *head["foot"]):
        used.update(text)
    yield encode(head)[:-1] + b',"blocks":['
    comma = b""
    for block in page.blocks:
        if isinstance(block, Text):
            used.update(block.lead + block.text)
            text = {
                "kind": "text",
                "part": block.part,
                "lead": visible(block.lead),
                "text": visible(block.text, keep="\n"),
            }
            yield comma + encode(text)
        else:
            yield comma
            yield from _grid(block, page, used, encode)
        comma = b","
    yield b"]}"


def _grid(grid: Grid, page: Page, used: set[str], encode: Any) -> Iterator[bytes]:
    widths, rows = fitted(grid, page)
    space = table_space(page)
    total = sum(widths)
    heads = _heads(grid)
    for line in heads:
        for cell in line:
            used.update(cell["text"])
    used.update(grid.caption)
    frame = {
        "kind": "grid",
        "caption": visible(grid.caption),
        "widths": [space * width / total for width in widths],
        "size": max(5.5, min(10.5, space / total * 2 / 0.3528 * 0.92)),
        "tinted": -1 if grid.tinted is None else grid.tinted,
        "centred": [] if grid.tinted is None else [grid.tinted],
        "heads": heads,
    }
    yield encode(frame)[:-1] + b',"rows":['
    comma = b"\n"
    for count, (cells, light) in enumerate(rows):
        if count == MOST_ROWS:
            raise Rejected("export.too-long", rows=count, most=MOST_ROWS)
        texts = [_cell(cell) for cell in cells]
        for text in texts:
            if isinstance(text, str):
                used.update(text)
        yield comma + encode({"cells": texts, "light": FILLS[light] if light else None})
        comma = b",\n"
    yield b"]}"


def _cell(value: Shown) -> str | int | dict[str, str] | None:
    return {"day": value.isoformat()} if isinstance(value, date) else plain(value) if isinstance(value, str) else value


def _heads(grid: Grid) -> list[list[dict[str, Any]]]:
    """Return the lines of headings, each cell with what it spans."""
    if not grid.grouped:
        return [[{"text": head.text, "colspan": 1, "rowspan": 1} for head in grid.heads]]
    upper: list[dict[str, Any]] = []
    for text, at, count in groups_of(grid.heads):
        if text:
            upper.append({"text": text, "colspan": count, "rowspan": 1})
        else:
            upper.append({"text": grid.heads[at].text, "colspan": 1, "rowspan": 2})
    return [upper, [{"text": head.text, "colspan": 1, "rowspan": 1} for head in grid.heads if head.group]]
