"""Owns what the configuration file may say about the terminal: its theme, its keys, its templates. Pure; no Textual."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected

from .keymap import Keymap, keymap_of

TABLES = ("terminal", "keys", "template")
TEMPLATE_FIELDS = ("name", "programme", "title", "source", "category", "severity", "criteria", "team")


class ThemeName(StrEnum):
    """The themes; `AUTO` is dark, or plain where NO_COLOR is set."""

    AUTO = "auto"
    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"
    PLAIN = "plain"


class Template(Struct, frozen=True):
    """What stands in a new finding's form from the beginning.

    Args:
        name: what it is called.
        texts: field → text.
    """

    name: str
    texts: dict[str, str]


class Preferences(Struct, frozen=True):
    """How one person likes the terminal."""

    theme: ThemeName = ThemeName.AUTO
    keymap: Keymap = Keymap()
    templates: tuple[Template, ...] = ()


def preferences(values: Mapping[str, Any]) -> tuple[Preferences, tuple[Rejected, ...]]:
    """Return what the configuration says of the terminal, and everything that is wrong with it.

    Args:
        values: the whole file; other tables are left to others.
    """
    faults: list[Rejected] = []
    terminal = _table(values, "terminal", faults)
    faults += (
        Rejected("config.unknown", setting=f"terminal.{name}", allowed=["theme"])
        for name in terminal
        if name != "theme"
    )
    theme = terminal.get("theme", ThemeName.AUTO)
    if theme not in list(ThemeName):
        faults.append(
            Rejected("config.choice", setting="terminal.theme", value=str(theme)[:40], allowed=list(ThemeName))
        )
        theme = ThemeName.AUTO
    keymap, wrong = keymap_of(_table(values, "keys", faults))
    templates = _templates(values.get("template", []), faults)
    return Preferences(ThemeName(theme), keymap, templates), (*faults, *wrong)


def _table(values: Mapping[str, Any], name: str, faults: list[Rejected]) -> Mapping[str, Any]:
    found = values.get(name, {})
    if isinstance(found, Mapping):
        return found
    faults.append(Rejected("config.table", setting=name))
    return {}


def _templates(found: object, faults: list[Rejected]) -> tuple[Template, ...]:
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        faults.append(Rejected("config.tables", setting="template"))
        return ()
    templates = []
    for at, item in enumerate(found, 1):
        for name, value in item.items():
            setting = f"template.{at}.{name}"
            if name not in TEMPLATE_FIELDS:
                faults.append(Rejected("config.unknown", setting=setting, allowed=list(TEMPLATE_FIELDS)))
            elif not isinstance(value, str):
                faults.append(Rejected("config.text", setting=setting))
        texts = {name: value for name, value in item.items() if name in TEMPLATE_FIELDS and isinstance(value, str)}
        if not texts.get("name", "").strip():
            faults.append(Rejected("config.template-name", setting=f"template.{at}.name"))
            continue
        templates.append(Template(texts.pop("name"), texts))
    return tuple(templates)
