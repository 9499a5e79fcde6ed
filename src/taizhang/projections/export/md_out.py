"""Owns the Markdown form: headings, paragraphs and pipe tables that any reader shows; data in it is never markup.

It must not know which columns there are.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TextIO

from .page import Grid, Page, Part, Text, plain

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_LEADING = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def write(path: Path, page: Page) -> None:
    """Write the document."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {escaped(page.title)}\n")
        if page.reporting:
            file.write("\n" + "　　".join(map(escaped, page.reporting)) + "\n")
        for block in page.blocks:
            if isinstance(block, Text):
                file.write("\n" + _paragraph(block) + "\n")
            else:
                _table(file, block, page)
        if page.signatures:
            file.write(f"\n{escaped(page.signatures)}\n")
        file.write("\n---\n\n" + "  \n".join(map(escaped, page.foot)) + "\n")
        if page.token:
            file.write(f"\n<!-- {page.token.replace('--', '-%2D')} -->\n")


def _paragraph(block: Text) -> str:
    text = escaped(block.text).replace("\n", "  \n")
    match block.part:
        case Part.HEADING:
            return f"## {text}"
        case Part.SUBTITLE:
            return f"*{text}*"
        case _:
            return f"**{escaped(block.lead.strip())}** {text}".rstrip() if block.lead else text


def _table(file: TextIO, grid: Grid, page: Page) -> None:
    if page.is_report:
        file.write(f"\n## {escaped(grid.caption)}\n")
    file.write("\n| " + " | ".join(_cell(_heading(head.group, head.text)) for head in grid.heads) + " |\n")
    file.write("|" + " --- |" * len(grid.heads) + "\n")
    file.writelines("| " + " | ".join(_cell(plain(cell)) for cell in cells) + " |\n" for cells, _ in grid.rows)


def _heading(group: str, text: str) -> str:
    return f"{group}\n{text}" if group else text


def _cell(text: str) -> str:
    return escaped(text).replace("\n", "<br>")


def escaped(text: str) -> str:
    """Return data so that Markdown shows it as it is."""
    return _LEADING.sub(_held, _SPECIAL.sub(r"\\\1", text))


def _held(match: re.Match[str]) -> str:
    blanks, mark = match.groups()
    return f"{blanks}\\{mark}" if len(mark) == 1 else f"{blanks}{mark[:-1]}\\{mark[-1]}"
