"""Owns that every page which a source file sends its reader to is in the repository; what the pages say is their own."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = re.compile(r"(?<![\w.*/{}-])(?:[\w-]+/)*[A-Za-z][\w.-]*\.md\b", re.ASCII)
WRITTEN_BY_TESTS = {"t.md", "look.md"}
"""Files that a preview or a test writes: they are no pages."""
FOLDERS = ("", "docs/", "docs/decisions/")
"""Where a page may lie whose folder is not said."""

FILES = sorted(path for room in ("src", "tests", "bench", "tools") for path in (ROOT / room).rglob("*.py"))


def pages(text: str) -> set[str]:
    """Return the pages that a text names."""
    return set(PAGE.findall(text)) - WRITTEN_BY_TESTS


def missing(text: str) -> list[str]:
    """Return the pages that a text names and that the repository does not have."""
    return sorted(name for name in pages(text) if not any((ROOT / folder / name).is_file() for folder in FOLDERS))


def test_a_page_that_is_not_there_is_found() -> None:
    gone = "no-such-page" + ".md"
    assert missing(f"Source: {gone}, docs/life.md and README.md; ends in .md") == [gone]
    assert missing(f"See docs/{gone}.") == [f"docs/{gone}"]


def test_the_search_finds_what_is_named() -> None:
    found = set().union(*(pages(path.read_text("utf-8")) for path in FILES))
    assert {"docs/life.md", "docs/guide.md", "docs/commands.md"} <= found


def test_every_page_that_is_named_is_in_the_repository() -> None:
    lost = {path.relative_to(ROOT).as_posix(): missing(path.read_text("utf-8")) for path in FILES}
    assert {name: pages for name, pages in lost.items() if pages} == {}
