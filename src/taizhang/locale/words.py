"""Owns how a key becomes a sentence in one language. Knows no rule and no screen.

A template names its parameters in braces. ``{states:state}`` looks each value up in a vocabulary (``state.assigned``
…) and joins several with the language's own comma; ``{x:list}`` only joins.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from string import Formatter
from typing import Any

from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.values import visible

TROUBLES = (
    "ENOENT",
    "EACCES",
    "EPERM",
    "EISDIR",
    "ENOTDIR",
    "ENOTEMPTY",
    "ENOSPC",
    "EROFS",
    "EEXIST",
    "ENAMETOOLONG",
    "EADDRINUSE",
    "EIO",
)
"""What the operating system says so often that the catalogues tell it: the names of ``os.…``."""


class Lang(StrEnum):
    """The languages that the catalogues are complete in."""

    ZH = "zh"
    EN = "en"


class Words:
    """The catalogue of one language.

    Args:
        lang: the language.
        messages: key → template.
    """

    def __init__(self, lang: Lang, messages: Mapping[str, str]) -> None:
        self.lang = lang
        self._messages = messages
        self._formatter = _Formatter(self)

    def __call__(self, key: str, **params: Any) -> str:
        """Return the sentence for `key`.

        Raises:
            KeyError: the catalogue lacks the key, or the call lacks a parameter: a mistake of ours, found by tests.
        """
        template = self._messages[key]
        return self._formatter.vformat(template, (), params) if params else template

    def __contains__(self, key: str) -> bool:
        return key in self._messages

    def refusal(self, refusal: Refusal) -> str:
        """Return the sentence of a refusal; its values are data and come out visible, never raw."""
        return self._formatter.vformat(self._messages[refusal.code], (), refusal.params)

    def joined(self, values: Iterable[str]) -> str:
        """Return the values as an enumeration; a dash where there is none."""
        return ("、" if self.lang is Lang.ZH else ", ").join(values) or "—"

    def term(self, vocabulary: str, value: object) -> str:
        """Return the word for one value of a vocabulary; an unknown value comes out as it is."""
        if value is None or value == "":
            return self._messages.get(f"{vocabulary}.none", "—")
        return self._messages.get(f"{vocabulary}.{value}", visible(str(value)))


_SAID = {os.strerror(getattr(errno, name)): name for name in TROUBLES}


class _Formatter(Formatter):
    def __init__(self, words: Words) -> None:
        self._words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str) and format_spec == "os":
            # the system speaks its own language; what it says often is in the catalogue, anything else comes out as it is
            return self._words.term("os", _SAID.get(value, value))
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._words.joined(self.format_field(item, format_spec) for item in value)
        if (
            len(format_spec) > 1 and format_spec != "list" and format_spec.isidentifier()
        ):  # "d", ".1f", "%" are Python's
            return self._words.term(format_spec, value)
        return (
            visible("—" if value is None else str(value), keep="\n")
            if format_spec in ("", "list")
            else format(value, format_spec)
        )


def words_for(lang: Lang | str) -> Words:
    """Return the catalogue of a language; only that one is loaded."""
    if Lang(lang) is Lang.ZH:
        from .zh_cn import MESSAGES
    else:
        from .en import MESSAGES
    return Words(Lang(lang), MESSAGES)
