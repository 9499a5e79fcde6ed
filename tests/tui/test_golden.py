"""Every screen at three sizes in both languages, in a real pseudo-terminal, as plain text; cells are checked one by one.

`REDRAW_SCREENS=1 pytest tests/tui/test_golden.py` draws them anew; look at the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tui.pty_terminal import Pty, on_a_desk
from tests.tui.screens_by_keys import SCREENS

GOLDEN = Path(__file__).parent / "golden"
SIZES = [(80, 24), (120, 40), (200, 60)]


def still(terminal: Pty, other_than: str = "") -> str:
    """Return what stands there once six looks in a row are alike, and something else than stood there before."""
    before, alike = terminal.text, 0
    for _ in range(60):
        terminal.rest(0.12, 0.12)
        alike = alike + 1 if terminal.text == before != other_than else 0
        before = terminal.text
        if alike == 5:
            break
    return before


def becomes(terminal: Pty, text: str) -> str:
    """Wait for a text, but not for ever; return what stands there then."""
    for _ in range(80):
        if terminal.text == text:
            break
        terminal.rest(0.1, 0.1)
    return terminal.text


@pytest.mark.parametrize(
    "size",
    [SIZES[0], *(pytest.param(size, marks=pytest.mark.slow) for size in SIZES[1:])],
    ids=lambda size: f"{size[0]}x{size[1]}",
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_is_as_it_was_drawn(lang: str, size: tuple[int, int], tmp_path: Path) -> None:
    wrong = []
    redraw = bool(os.environ.get("REDRAW_SCREENS"))
    with on_a_desk("small_desk()", size, tmp_path, lang) as terminal:
        begin = still(terminal)
        for name, (there, back) in SCREENS.items():
            file = GOLDEN / f"{name}-{size[0]}x{size[1]}-{lang}.txt"
            if redraw:
                for (
                    key
                ) in there:  # whatever the machine is busy with: on only when the key is seen to have done something
                    before = terminal.text
                    terminal.press(key)
                    still(terminal, before)
                GOLDEN.mkdir(exist_ok=True)
                file.write_text(f"{still(terminal, begin if there else '')}\n", encoding="utf-8")
            else:
                terminal.press(*there)
                drawn = file.read_text(encoding="utf-8")
                if f"{becomes(terminal, drawn[:-1])}\n" != drawn:
                    wrong.append(f"{file.name}:\n{terminal.text}")
            assert terminal.misplaced() == [], name
            terminal.press(*back)
            assert becomes(terminal, begin) == begin, f"not back from {name}"
    assert not wrong, "\n\n".join(wrong)


def test_no_screen_is_forgotten() -> None:
    """A screen class that no way leads to would never be looked at."""
    from taizhang.tui import screens

    # no screens of their own, or with tests of their own
    parts = {"__init__", "base", "page", "filtering", "form_fields", "drafting", "filling"}
    modules = {path.stem for path in Path(screens.__file__).parent.glob("*.py")} - parts
    covered = {"problems": "list", "finding": "finding", "picker": "actor", "reasons": "why", "todo": "today",
               "registers": "units", "registering": "adding-unit", "filtering": "filter", "form_fields": "form", "drafting": "form"}  # fmt: skip
    assert {covered.get(module, module) for module in modules} <= set(SCREENS)
