"""Owns the colours: the themes, and the styles that lines are drawn with. Knows no screen and no word.

One hand drew the first two: ink on paper and paper on ink, jade for what is chosen, cinnabar for what is overdue. The
third has as much contrast as a terminal gives; the fourth is drawn without any colour (`colourless`).
"""

from __future__ import annotations

from msgspec import Struct
from rich.style import Style
from textual.theme import Theme

from taizhang.ledger.domain.lights import Light

DARK = "taizhang-dark"
LIGHT = "taizhang-light"
CONTRAST = "taizhang-contrast"
PLAIN = "taizhang-plain"

# Grounds of the plain theme: no eye sees these colours, `colourless` turns each into an attribute.
GROUND_REVERSE = "#010101"
GROUND_UNDERLINE = "#020202"
GROUND_BOLD_REVERSE = "#030303"
GROUND_NONE = "#040404"

THEMES: dict[str, Theme] = {
    DARK: Theme(
        name=DARK,
        primary="#7fb8a4",
        secondary="#9aa7b8",
        accent="#7fb8a4",
        foreground="#d9dce1",
        background="#15181c",
        surface="#1a1e23",
        panel="#22272e",
        warning="#e3b341",
        error="#ef6b5e",
        success="#84b868",
        dark=True,
        variables={
            "muted": "#929ba8",
            "faint": "#5d6673",
            "cursor": "#2b4a45",
            "cursor-idle": "#262c33",
            "field": "#262c33",
            "scrollbar": "#39414b",
            "scrollbar-hover": "#4d5763",
            "scrollbar-active": "#7fb8a4",
            "scrollbar-background": "#15181c",
            "scrollbar-background-hover": "#15181c",
            "scrollbar-background-active": "#15181c",
            "input-cursor-background": "#d9dce1",
            "input-cursor-foreground": "#15181c",
        },
    ),
    LIGHT: Theme(
        name=LIGHT,
        primary="#1f6f60",
        secondary="#56606c",
        accent="#1f6f60",
        foreground="#24272b",
        background="#fbfaf7",
        surface="#f4f2ed",
        panel="#eae7df",
        warning="#8a5a00",
        error="#b3261e",
        success="#35702d",
        dark=False,
        variables={
            "muted": "#62666c",
            "faint": "#a09d95",
            "cursor": "#cfe5de",
            "cursor-idle": "#eae7df",
            "field": "#ebe8e1",
            "scrollbar": "#cdc8bc",
            "scrollbar-hover": "#b5b0a3",
            "scrollbar-active": "#1f6f60",
            "scrollbar-background": "#fbfaf7",
            "scrollbar-background-hover": "#fbfaf7",
            "scrollbar-background-active": "#fbfaf7",
            "input-cursor-background": "#24272b",
            "input-cursor-foreground": "#fbfaf7",
        },
    ),
    CONTRAST: Theme(
        name=CONTRAST,
        primary="#00ffff",
        secondary="#ffffff",
        accent="#00ffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#00205b",
        warning="#ffff00",
        error="#ff9d9d",
        success="#7dff7d",
        dark=True,
        variables={
            "muted": "#e6e6e6",
            "faint": "#c8c8c8",
            "cursor": "#4a2c00",
            "cursor-idle": "#303030",
            "field": "#262626",
            "scrollbar": "#ffffff",
            "scrollbar-hover": "#ffff00",
            "scrollbar-active": "#ffff00",
            "scrollbar-background": "#000000",
            "scrollbar-background-hover": "#000000",
            "scrollbar-background-active": "#000000",
            "input-cursor-background": "#ffff00",
            "input-cursor-foreground": "#000000",
        },
    ),
    PLAIN: Theme(
        name=PLAIN,
        primary="#ffffff",
        secondary="#ffffff",
        accent="#ffffff",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel=GROUND_REVERSE,
        warning=GROUND_NONE,
        error="#ffffff",
        success="#ffffff",
        dark=True,
        variables={
            "muted": "#ffffff",
            "faint": "#ffffff",
            "cursor": GROUND_BOLD_REVERSE,
            "cursor-idle": GROUND_UNDERLINE,
            "field": GROUND_UNDERLINE,
            "scrollbar": GROUND_REVERSE,
            "scrollbar-hover": GROUND_REVERSE,
            "scrollbar-active": GROUND_REVERSE,
            "scrollbar-background": "#000000",
            "scrollbar-background-hover": "#000000",
            "scrollbar-background-active": "#000000",
            "input-cursor-background": GROUND_NONE,
            "input-cursor-foreground": "#ffffff",
        },
    ),
}
"""Name → theme, in the order in which a key goes through them."""

SIGNS: dict[Light, str] = {Light.RED: "●", Light.YELLOW: "◐", Light.GREEN: "○", Light.GREY: "·"}
"""A light's sign: filled, half, empty, a dot. Colour comes on top and is never the only sign."""


class Pen(Struct, frozen=True):
    """The styles of one theme. Foregrounds only, but for `cursor`, `idle` and `chip`: a widget brings its own ground."""

    plain: Style
    strong: Style
    muted: Style
    faint: Style
    accent: Style
    title: Style
    red: Style
    yellow: Style
    green: Style
    grey: Style
    gone: Style
    come: Style
    key: Style
    chip: Style
    cursor: Style
    idle: Style

    def light(self, light: Light) -> Style:
        """The colour of a light."""
        return {Light.RED: self.red, Light.YELLOW: self.yellow, Light.GREEN: self.green, Light.GREY: self.grey}[light]


def pen_of(name: str) -> Pen:
    """Return the styles of a theme by its name."""
    theme = THEMES[name]
    more = theme.variables
    return Pen(
        plain=Style(color=theme.foreground),
        strong=Style(color=theme.foreground, bold=True),
        muted=Style(color=more["muted"]),
        faint=Style(color=more["faint"]),
        accent=Style(color=theme.accent),
        title=Style(color=theme.accent, bold=True),
        red=Style(color=theme.error, bold=True),
        yellow=Style(color=theme.warning),
        green=Style(color=theme.success),
        grey=Style(color=more["muted"]),
        gone=Style(color=theme.error, strike=True),
        come=Style(color=theme.success, bold=True),
        key=Style(color=theme.accent, bold=True),
        chip=Style(color=theme.background, bgcolor=theme.warning, bold=True),
        cursor=Style(bgcolor=more["cursor"], bold=True),
        idle=Style(bgcolor=more["cursor-idle"]),
    )
