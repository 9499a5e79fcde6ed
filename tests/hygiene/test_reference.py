"""The pages that list commands and keys are those that their tables draw, so no command is undocumented."""

from __future__ import annotations

import pytest

from tools.draw_reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_the_one_that_the_table_draws(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == PAGES[name](), "run `python tools/draw_reference.py`"
