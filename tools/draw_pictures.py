"""Draws the pictures of the README from the terminal itself: `python tools/draw_pictures.py`.

Textual's own SVG asks for a font from elsewhere and squeezes Chinese; here every cell is set on its own place.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from taizhang.composition import make_demo, open_desk
from taizhang.locale.words import Lang, words_for
from taizhang.tui.app import TaizhangApp

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTH, HEIGHT = 120, 30
CELL, LINE = 9.0, 20.0
FONT = "'Noto Sans Mono CJK SC','Sarasa Mono SC','Cascadia Mono','Menlo',monospace"


def drawn(app: TaizhangApp) -> str:
    """Return the screen as an SVG."""
    app.screen.refresh()
    strips = app.screen._compositor.render_strips()
    parts = []
    for y, strip in enumerate(strips):
        x = 0
        for segment in strip:
            width = cell_len(segment.text)
            parts += _piece(segment, x, y, width)
            x += width
    size = f'width="{WIDTH * CELL:.0f}" height="{HEIGHT * LINE:.0f}"'
    box = f'viewBox="0 0 {WIDTH * CELL:.0f} {HEIGHT * LINE:.0f}"'
    ground = '<rect width="100%" height="100%" rx="8" fill="#12161c"/>'
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family="{FONT}" font-size="15">\n{ground}\n{body}\n</svg>\n'


def _piece(segment: Any, x: int, y: int, width: int) -> list[str]:
    style = segment.style
    parts = []
    ground = style.bgcolor.get_truecolor().hex if style and style.bgcolor and not style.bgcolor.is_default else ""
    ink = style.color.get_truecolor().hex if style and style.color and not style.color.is_default else "#d7dde5"
    if ground:
        parts.append(
            f'<rect x="{x * CELL:.1f}" y="{y * LINE:.1f}" width="{width * CELL + 0.3:.1f}" height="{LINE + 0.3:.1f}" fill="{ground}"/>'
        )
    if segment.text.strip():
        weight = ' font-weight="bold"' if style and style.bold else ""
        places = []
        at = x
        for character in segment.text:
            places.append(f"{at * CELL:.1f}")
            at += cell_len(character)
        parts.append(
            f'<text x="{" ".join(places)}" y="{y * LINE + 15:.1f}" fill="{ink}"{weight} xml:space="preserve">{escape(segment.text)}</text>'
        )
    return parts


async def draw(folder: Path, name: str, keys: Sequence[str], lang: Lang = Lang.ZH) -> None:
    """Press keys in the terminal on the demo ledger, then write what stands there."""
    desk = open_desk(folder)
    app = TaizhangApp(desk, words_for(lang), "office")
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause(0.8)
        for key in keys:
            await pilot.press(key)
            await pilot.pause(0.5)
        (PICTURES / f"{name}.svg").write_text(drawn(app), "utf-8")
    desk.close()


async def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "demo"
        make_demo(folder)
        await draw(folder, "list", ())
        await draw(folder, "list-en", (), Lang.EN)
        await draw(folder, "finding", ("G", "k", "k", "k", "enter"))
        await draw(folder, "replay", ("j", "r", *["right"] * 7))
        await draw(folder, "theatre", ("R", "tab", "tab", "left", "left"))
        await draw(folder, "figures", ("f",))
        await draw(folder, "audit", ("a", "j", "j"))
        await draw(folder, "units-en", ("u",), Lang.EN)


if __name__ == "__main__":
    asyncio.run(main())
