"""Owns how keys are written by people, and which keys each action has once the person has changed some. Pure; no Textual."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from taizhang.ledger.domain.errors import Rejected

from .keys import BY_ID, KEYS, TOGETHER, TYPED_IN

CAPS: dict[str, str] = {
    "enter": "↵", "escape": "Esc", "space": "Space", "tab": "Tab", "backspace": "⌫", "delete": "Del", "insert": "Ins",
    "home": "Home", "end": "End", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←",
    "right": "→",
}  # fmt: skip
_ALIASES = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete", "ins": "insert"}
_RENAMED = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
            "plus_sign": "plus", "low_line": "underscore"}  # fmt: skip
_FUNCTIONS = frozenset(f"f{number}" for number in range(1, 13))
_SAME = {"i": "Tab", "m": "Enter", "h": "Backspace", "j": "Enter"}
"""With Ctrl a terminal sends these letters as another key."""

NOWHERE = "unbound"
"""A key that no terminal sends: an action without keys has this one."""


def key_of(text: str) -> str | None:
    """Return Textual's name of a key as people write it (``?``, ``ctrl+k``, ``f5``, ``PgDn``), or None for no key."""
    text = text if len(text) == 1 else text.strip()
    if len(text) == 1:
        return _character(text)
    *modifiers, base = text.lower().split("+")
    base = _ALIASES.get(base, base)
    known = base in CAPS or base in _FUNCTIONS
    if not modifiers:
        return base if known else next((n for n in _named() if n == base), None)
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= {"ctrl", "alt", "shift"}:
        return None
    letter = len(base) == 1 and base.isascii() and base.isalnum()
    if not known and (not letter or modifiers == ["shift"]):
        return None
    if modifiers == ["ctrl"] and base in _SAME:
        return None
    order = [name for name in ("alt", "ctrl", "shift") if name in modifiers]
    return "+".join([*order, base])


def _character(text: str) -> str | None:
    if text == " ":
        return "space"
    if not text.isprintable():
        return None
    if text.isalnum():
        return text
    name = unicodedata.name(text, "").lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name) or None


def _named() -> Iterator[str]:
    return (name for key in KEYS for name in key.keys.split(",") if len(name) > 1)


def cap(key: str) -> str:
    """Return a key of Textual as it is written on a keyboard."""
    *modifiers, base = key.split("+") if key != "plus" else [key]
    name = CAPS.get(base) or _sign(base)
    if not modifiers:
        return name
    signs = {"ctrl": "^", "shift": "⇧", "alt": "Alt+"}
    return "".join(signs[modifier] for modifier in modifiers) + name


def _sign(base: str) -> str:
    if len(base) == 1:
        return base
    if base in _FUNCTIONS:
        return base.upper()
    plain = {new: old for old, new in _RENAMED.items()}.get(base, base)
    for name in (plain.replace("_", " "), plain.replace("_", "-")):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return base


def spelled(key: str) -> str:
    """Return a key of Textual as the configuration file spells it."""
    *modifiers, base = key.split("+")
    return "+".join([*modifiers, base if base in CAPS or base in _FUNCTIONS else _sign(base)])


class Keymap:
    """Which keys each action has.

    Args:
        changed: keys of Textual by the id of the action; nothing for an action that has none.
    """

    def __init__(self, changed: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.changed = dict(changed or {})

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of an action."""
        return self.changed[name] if name in self.changed else tuple(BY_ID[name].keys.split(","))

    def cap(self, name: str) -> str:
        """How the keys of an action are written where room is short; empty for none."""
        if name not in self.changed:
            return BY_ID[name].cap
        return " ".join(cap(key) for key in self.changed[name][:2])

    def caps(self, name: str) -> str:
        """How all keys of an action are written."""
        return " ".join(cap(key) for key in self.keys(name)) or "—"

    @property
    def textual(self) -> dict[str, str]:
        """As Textual wants it."""
        return {name: ",".join(keys) or NOWHERE for name, keys in self.changed.items()}


def keymap_of(values: Mapping[str, object]) -> tuple[Keymap, tuple[Rejected, ...]]:
    """Return the keys that a table of the configuration gives, and what is wrong with it.

    Args:
        values: id of an action → a key, or a list of keys.
    """
    changed: dict[str, tuple[str, ...]] = {}
    faults: list[Rejected] = []
    for name, value in _flat(values):
        fault, keys = _read(name, value)
        faults += fault
        if not fault:
            changed[name] = keys
    keymap = Keymap(changed)
    return keymap, (*faults, *_clashes(keymap))


def _flat(values: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """TOML reads ``list.open = "o"`` as a table in a table."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _read(name: str, value: object) -> tuple[list[Rejected], tuple[str, ...]]:
    setting = f"keys.{name}"
    if name not in BY_ID:
        place = name.partition(".")[0]
        near = [key.id for key in KEYS if key.place == place] or sorted({key.place for key in KEYS})
        return [Rejected("config.key-id", setting=setting, allowed=near)], ()
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return [Rejected("config.key-shape", setting=setting, example=BY_ID[name].keys.split(",")[0])], ()
    keys: list[str] = []
    for text in texts:
        key = key_of(text)
        if key is None:
            return [Rejected("config.key-unknown", setting=setting, value=text[:40])], ()
        if BY_ID[name].place in TYPED_IN and "+" not in key and len(cap(key)) == 1 and key not in CAPS:
            return [Rejected("config.key-typed", setting=setting, value=text)], ()
        keys.append(key)
    if not keys and name == "app.quit":
        return [Rejected("config.key-needed", setting=setting)], ()
    return [], tuple(dict.fromkeys(keys))


def _clashes(keymap: Keymap) -> Iterator[Rejected]:
    """Yield each key that would call two actions in one place, of which somebody changed one."""
    seen: set[tuple[str, str, str]] = set()
    for places in TOGETHER:
        owners: dict[str, str] = {}
        for row in KEYS:
            if row.place not in places:
                continue
            for key in keymap.keys(row.id):
                first = owners.setdefault(key, row.id)
                if first == row.id or not {first, row.id} & keymap.changed.keys() or (key, first, row.id) in seen:
                    continue
                seen.add((key, first, row.id))
                by_default = key in BY_ID[first].keys.split(",") and key in row.keys.split(",")
                if not by_default:
                    mine, other = (row.id, first) if row.id in keymap.changed else (first, row.id)
                    yield Rejected("config.key-twice", setting=f"keys.{mine}", key=cap(key), other=other)
