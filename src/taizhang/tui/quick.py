"""Owns quick entry: after which templates a finding can be logged. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .memory import Memory
from .preferences import TEMPLATE_FIELDS, Preferences, Template
from .widgets.options import Option

LAST = "last-entry"
_OWN = frozenset({"name", "title"})
"""What is each finding's own: never taken over from the last one."""


def templates_of(memory: Memory, last: str, preferences: Preferences) -> tuple[Template, ...]:
    """Return the templates: the last finding that was logged here, then those of the configuration.

    Args:
        last: what the first one is called.
    """
    kept = memory.load(LAST)
    found = list(preferences.templates)
    if isinstance(kept, dict):
        texts = {name: text for name, text in kept.items() if name in TEMPLATE_FIELDS and isinstance(text, str)}
        found.insert(0, Template(last, texts))
    return tuple(found)


def keep_last(memory: Memory, texts: Mapping[str, str]) -> None:
    """Keep what was logged as the template of the next finding."""
    memory.keep(LAST, {name: text for name, text in texts.items() if name in TEMPLATE_FIELDS and name not in _OWN})


def template_options(templates: Sequence[Template]) -> list[Option]:
    """Return the templates as what can be chosen; the id is their place."""
    return [
        Option(
            f"{at}", template.name, aside=" · ".join(" ".join(text.split()) for text in template.texts.values() if text)
        )
        for at, template in enumerate(templates)
    ]
