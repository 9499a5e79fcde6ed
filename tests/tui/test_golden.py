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
QUIET = 0.25
"""Seconds without output after which a busy machine is taken to have drawn."""
SIZES = [(80, 24), (120, 40), (200, 60)]


def drawn(terminal: Pty, keys: tuple[str, ...]) -> str:
    """Press keys; return what stands there once two looks in a row are alike."""
    terminal.press(*keys, quiet=QUIET)
    before = ""
    for _ in range(40):
        terminal.rest(2 * QUIET)
        if terminal.text == before:
            break
        before = terminal.text
    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_screen_is_as_it_was_drawn(lang: str, size: tuple[int, int], tmp_path: Path) -> None:
    wrong = []
    with on_a_desk("small_desk()", size, tmp_path, lang) as terminal:
        for name, (there, back) in SCREENS.items():
            text = drawn(terminal, there)
            assert terminal.misplaced() == [], name
            file = GOLDEN / f"{name}-{size[0]}x{size[1]}-{lang}.txt"
            if os.environ.get("REDRAW_SCREENS"):
                GOLDEN.mkdir(exist_ok=True)
                file.write_text(f"{text}\n", encoding="utf-8")
            elif file.read_text(encoding="utf-8") != f"{text}\n":
                wrong.append(f"{file.name}:\n{text}")
            terminal.press(*back, quiet=QUIET)
    assert not wrong, "\n\n".join(wrong)


def test_no_screen_is_forgotten() -> None:
    """A screen class that no way leads to would never be looked at."""
    from taizhang.tui import screens

    modules = {path.stem for path in Path(screens.__file__).parent.glob("*.py")}
    modules -= {"__init__", "base", "seal"}  # the seal is looked at on a real ledger, in test_seal
    covered = {"problems": "list", "finding": "finding", "picker": "actor", "reasons": "why", "todo": "today",
               "registers": "units", "filtering": "filter", "form_fields": "form", "drafting": "form"}  # fmt: skip
    assert {covered.get(module, module) for module in modules} <= set(SCREENS)
