"""Owns how the terminal is drawn without any colour: what a colour said becomes bold, reverse or underline.

For NO_COLOR, for monochrome screens, and for people who like it. Textual's own answer to NO_COLOR are greys, which are colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

from .pen import (
    CONTRAST,
    DARK,
    GROUND_BOLD_REVERSE,
    GROUND_NONE,
    GROUND_REVERSE,
    GROUND_UNDERLINE,
    LIGHT,
    PLAIN,
)
from .preferences import ThemeName

_GROUNDS: dict[str, Style] = {
    GROUND_REVERSE: Style(reverse=True),
    GROUND_UNDERLINE: Style(underline=True),
    GROUND_BOLD_REVERSE: Style(reverse=True, bold=True),
    GROUND_NONE: Style(bold=True),
}
_THEMES = {ThemeName.DARK: DARK, ThemeName.LIGHT: LIGHT, ThemeName.CONTRAST: CONTRAST, ThemeName.PLAIN: PLAIN}


def theme_named(name: ThemeName, environ: Mapping[str, str]) -> str:
    """Return the theme to begin with; one that the person names goes before NO_COLOR (no-color.org)."""
    if name is not ThemeName.AUTO:
        return _THEMES[name]
    return PLAIN if environ.get("NO_COLOR") else DARK


class Colourless(LineFilter):
    """Takes every colour out of what is about to be drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the library's word
        """Return the segments with attributes for colours."""
        return [Segment(text, style and _bare(style), control) for text, style, control in segments]


@lru_cache(4096)
def _bare(style: Style) -> Style:
    ground = style.bgcolor.name if style.bgcolor is not None else ""
    return style.without_color + _GROUNDS.get(ground, Style.null())


def colourless(app: App[Any]) -> Colourless:
    """Put the filter of the plain theme, switched off, in the place of Textual's greys."""
    found = Colourless(enabled=False)
    app._filters = [*(each for each in app._filters if not isinstance(each, (Monochrome, NoColor))), found]
    return found
