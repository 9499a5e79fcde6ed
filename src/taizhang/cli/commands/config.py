"""Owns `config show` and `config validate`: what the configuration file says, from where each setting comes, what is wrong.

What may be said of the terminal is the terminal's to say (`Doors.terminal_settings`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from taizhang.cli import places
from taizhang.cli.app import App
from taizhang.cli.options import Config, Misused
from taizhang.cli.output import one_line, padded, width_of
from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.locale.words import Lang

GENERAL = {"lang": "TAIZHANG_LANG", "ledger": "TAIZHANG_LEDGER", "actor": "TAIZHANG_ACTOR"}
TABLES = ("terminal", "keys", "template")
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")


def show(app: App) -> int:
    """Print every setting, its value, and where it comes from."""
    values = app.config.values
    refuse_faults(app)
    terminal, _ = app.doors.terminal_settings(values)
    settings = [_general(name, app, values) for name in GENERAL]
    said = values.get("terminal", {})
    settings.append(("terminal.theme", str(terminal["theme"]), "file" if "theme" in said else "default"))
    settings.append(("template", "、".join(terminal["templates"]), "file" if "template" in values else "default"))
    changed = _changed(values.get("keys", {}))
    keys = [(f"keys.{name}", " ".join(keys), name in changed) for name, keys in terminal["keys"].items()]
    settings += [(name, held, "file" if given else "default") for name, held, given in keys]
    if app.wants_json:
        rows = [{"setting": name, "value": value, "from": origin} for name, value, origin in settings]
        app.data({"path": app.config.path, "exists": app.config.path.is_file(), "settings": rows})
        return 0
    words = app.words
    told = "config.at" if app.config.path.is_file() else "config.none"
    app.console.say(words(told, path=str(app.config.path)))
    left = max(width_of(name) for name, _, _ in settings) + 2
    middle = max(width_of(one_line(value)) for _, value, _ in settings) + 2
    for name, value, origin in settings:
        app.console.line(padded(name, left) + padded(one_line(value) or "—", middle) + words(f"config.from.{origin}"))
    return 0


def validate(app: App) -> int:
    """Say everything that is wrong with the configuration file; exit code 1 where anything is."""
    found = list(faults(app))
    if app.wants_json:
        rows = [{"code": f.code, "message": app.words.refusal(f), "params": f.params} for f in found]
        app.data({"path": app.config.path, "exists": app.config.path.is_file(), "faults": rows})
    else:
        for fault in found:
            app.console.line(app.words.refusal(fault))
        if not found:
            told = "config.valid" if app.config.path.is_file() else "config.none"
            app.console.say(app.words(told, path=str(app.config.path)))
    return 1 if found else 0


def refuse_faults(app: App) -> None:
    """Refuse to go on with a configuration file that means something else than it says.

    Raises:
        Misused: the first thing that is wrong.
    """
    if app.config.values:
        for fault in faults(app):
            raise fault


def faults(app: App) -> Iterator[Misused]:
    """Yield everything that is wrong with the file, each with its place."""
    config = app.config
    found: list[Refusal] = list(_general_faults(config.values))
    found += app.doors.terminal_settings(config.values)[1]
    for fault in found:
        yield Misused(fault.code, **fault.params, place=_place(config, str(fault.params["setting"])))


def _general_faults(values: Mapping[str, Any]) -> Iterator[Rejected]:
    for name, value in values.items():
        if name in TABLES:
            continue
        if name not in GENERAL:
            yield Rejected("config.unknown", setting=name, allowed=[*GENERAL, *TABLES])
        elif not isinstance(value, str):
            yield Rejected("config.text", setting=name)
        elif name == "lang" and value not in list(Lang):
            yield Rejected("config.choice", setting=name, value=value[:40], allowed=list(Lang))


def _general(name: str, app: App, values: Mapping[str, Any]) -> tuple[str, str, str]:
    if said := getattr(app.args, name, None):
        return name, str(said), "option"
    if said := os.environ.get(GENERAL[name], ""):
        return name, said, "environment"
    if name in values:
        return name, str(values[name]), "file"
    fallback = {"lang": str(app.words.lang), "ledger": str(places.default_ledger()), "actor": ""}
    return name, fallback[name], "default"


def _changed(keys: Mapping[str, Any], above: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in keys.items():
        found |= _changed(value, f"{above}{name}.") if isinstance(value, Mapping) else {f"{above}{name}"}
    return found


def _place(config: Config, setting: str) -> str:
    """Return the file and, as far as it can be told, the line in which a setting stands."""
    line = line_of(config.path.read_text(encoding="utf-8"), setting)
    return f"{config.path}:{line}" if line else str(config.path)


def line_of(text: str, setting: str) -> int:
    """Return the line, from 1, in which a setting stands; that of its table where it is not there itself; else 0.

    Args:
        setting: dotted; an item of an array of tables by its place, from 1: ``template.2.name``.
    """
    table, counts, best = "", dict[str, int](), 0
    for at, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _plain(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}.{counts[table]}"
            if setting == table or setting.startswith(f"{table}."):
                best = at
        elif key := _KEY.match(line):
            name = ".".join(filter(None, (table, _plain(key[1]))))
            if setting == name:
                return at
            if setting.startswith(f"{name}."):
                best = at
    return best


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
