"""Owns reading the Markdown form back: a line a row, the cells of a pipe table apart. Must not know a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .reading import letters

_CELL = re.compile(r"((?:\\.|[^|\\])*)\|", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"<!-- (\S+) -->")
_RULE = re.compile(r"\|( --- \|)+")


def rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines that hold something.

    Raises:
        ValueError: it is no text.
    """
    for at, line in enumerate(data.decode("utf-8-sig").splitlines(), 1):
        if match := _COMMENT.fullmatch(line):
            yield at, {"A": match[1].replace("-%2D", "--")}
        elif line.startswith("| ") and not _RULE.fullmatch(line):
            cells = (_plain(match[1].strip(" ")) for match in _CELL.finditer(line, 1))
            yield at, {letters(column): cell for column, cell in enumerate(cells) if cell}
        elif line.strip() and not _RULE.fullmatch(line):
            yield at, {"A": line}


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text.replace("<br>", "\n"))
