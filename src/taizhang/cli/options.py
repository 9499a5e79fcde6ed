"""Owns what holds for every command: the common options, their fall-backs, and how a word becomes a value.

It must not know a command. Order of the fall-backs: the option, the environment, the configuration file, a default.
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.locale.words import Lang, Words

from . import places

if TYPE_CHECKING:
    from taizhang.ledger.domain.calendar import DueRule

V = TypeVar("V", bound=StrEnum)


class Misused(Refusal):
    """The command line could not be understood (exit code 2)."""


class Config:
    """The user's configuration file, read when somebody asks for the first time; a missing file is an empty one."""

    @property
    def path(self) -> Path:
        """Where it lies, or would lie."""
        return places.config_file()

    @cached_property
    def values(self) -> dict[str, Any]:
        """All that it says.

        Raises:
            Misused: ``config.unreadable``.
        """
        path = self.path
        if not path.is_file():
            return {}
        import tomllib

        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Misused("config.unreadable", path=str(path), detail=str(error)) from error

    def get(self, key: str) -> str:
        """Return the text of a key, or an empty one.

        Raises:
            Misused: ``config.unreadable`` or ``config.not-text``.
        """
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise Misused("config.not-text", path=str(self.path), setting=key)
        return value


def language(asked: str, environ: Mapping[str, str], config: Config) -> Lang:
    """Return the language to speak: what was asked for, the environment, the configuration, the locale, Chinese.

    Raises:
        Misused: ``usage.language`` where the option names a language that there is no catalogue of.
    """
    if asked and _language_of(asked) is None:
        raise Misused("usage.language", value=asked, allowed=list(Lang))
    for text in (asked, environ.get("TAIZHANG_LANG", "")):
        if found := _language_of(text):
            return found
    if found := _language_of(config.get("lang")):
        return found
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    return _language_of(locale) or Lang.ZH


def _language_of(text: str) -> Lang | None:
    short = text[:2].lower()
    return Lang(short) if short in set(Lang) and not text[2:3].isalnum() else None


def ledger_path(args: Namespace, config: Config) -> Path:
    """Return the folder of the ledger that is meant."""
    said = args.ledger or os.environ.get("TAIZHANG_LEDGER", "") or config.get("ledger")
    return Path(said).expanduser() if said else places.default_ledger()


def actor_of(args: Namespace, config: Config) -> str:
    """Return the id of who acts, as far as anybody said; else an empty text."""
    return args.actor or os.environ.get("TAIZHANG_ACTOR", "") or config.get("actor")


def choice(kind: type[V], vocabulary: str, option: str, text: str, words: Words) -> V:
    """Return the value that a word of the command line stands for: its identifier, or its word in the catalogue.

    Raises:
        Misused: ``usage.choice``, naming what is possible.
    """
    wanted = text.strip().lower().replace("-", "_")
    for value in kind:
        if wanted == value or (vocabulary and text.strip().lower() == words.term(vocabulary, value).lower()):
            return value
    raise Misused("usage.choice", option=option, value=text, allowed=list(kind))


def day(option: str, text: str) -> date:
    """Return a day as people type it.

    Raises:
        Misused: ``usage.date``.
    """
    from taizhang.ledger.domain.calendar import typed_day

    if found := typed_day(text):
        return found
    raise Misused("usage.date", option=option, value=text)


def whole(option: str, text: str, least: int = 0) -> int:
    """Return a whole number that is not below `least`.

    Raises:
        Misused: ``usage.number``.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < least:
        raise Misused("usage.number", option=option, value=text, least=least)
    return int(text)


def due(text: str) -> DueRule:
    """Return the rule of a deadline: a day, ``10wd``, ``30d``, ``review:…``, in their Chinese forms as well.

    Raises:
        Misused: ``due.malformed``.
    """
    from taizhang.ledger.domain.calendar import parse_due

    try:
        return parse_due(text)
    except Rejected as refusal:
        raise Misused(refusal.code, **refusal.params) from refusal
