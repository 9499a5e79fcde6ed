"""The themes: legible, and one of them without a single colour."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.style import Style
from textual.color import Color

from taizhang.tui.colourless import theme_named
from taizhang.tui.pen import CONTRAST, DARK, LIGHT, PLAIN, THEMES, Pen, pen_of
from taizhang.tui.preferences import Preferences, ThemeName
from tests.tui.fake_desk import small_desk
from tests.tui.look import Person, terminal


def contrast(front: str, back: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(colour: str) -> float:
        parts = (part / 255 for part in Color.parse(colour).rgb)
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _fronts(pen: Pen) -> dict[str, str]:
    return {
        name: style.color.name
        for name in Pen.__struct_fields__
        if isinstance(style := getattr(pen, name), Style) and style.color is not None and style.bgcolor is None
    }


@pytest.mark.parametrize(("theme", "least"), [(CONTRAST, 7.0), (DARK, 4.5), (LIGHT, 4.5)])
def test_text_is_legible_on_its_ground(theme: str, least: float) -> None:
    grounds = {"background": THEMES[theme].background or "", "cursor": THEMES[theme].variables["cursor"]}
    for name, front in _fronts(pen_of(theme)).items():
        if name == "faint" and theme != CONTRAST:
            continue  # rules and dots, nothing that must be read
        assert contrast(front, grounds["background"]) >= least, name
        if theme == CONTRAST:
            assert contrast(front, grounds["cursor"]) >= 4.5, name


def test_whom_no_color_is_for() -> None:
    assert theme_named(ThemeName.AUTO, {}) == DARK
    assert theme_named(ThemeName.AUTO, {"NO_COLOR": ""}) == DARK
    assert theme_named(ThemeName.AUTO, {"NO_COLOR": "1"}) == PLAIN
    assert theme_named(ThemeName.LIGHT, {"NO_COLOR": "1"}) == LIGHT


def _drawn(person: Person) -> str:
    """The screen as it goes to the terminal, escapes and all."""
    app = person.app
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=80, no_color=False)
    strips = app.screen._compositor.render_strips()
    return "".join(
        strip.apply_filter(each, Color(0, 0, 0)).render(console) if at == 0 else ""
        for strip in strips
        for at, each in enumerate(app.get_line_filters()[-1:])
    )


async def test_the_plain_theme_sends_no_colour_and_still_shows_the_cursor() -> None:
    async with terminal(small_desk(), preferences=Preferences(theme=ThemeName.PLAIN)) as person:
        for keys in ((), ("x",), ("escape",), ("n",), ("escape",), ("slash",)):
            await person.press(*keys)
            drawn = _drawn(person)
            assert "\x1b[" in drawn
            codes = {code for part in drawn.split("\x1b[")[1:] for code in part.partition("m")[0].split(";")}
            assert codes <= {"0", "1", "2", "4", "7", "9"}, codes
            assert "7" in codes


async def test_a_key_goes_through_the_themes_and_says_which_it_is() -> None:
    async with terminal(small_desk(), preferences=Preferences(theme=ThemeName.DARK)) as person:
        for word in ("浅色", "高对比", "无色", "深色"):
            await person.press("T")
            assert word in person.lines[-1]
