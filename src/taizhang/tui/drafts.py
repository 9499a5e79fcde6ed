"""Owns drafts: what was typed in a form that was not recorded, so that a crash loses nothing. Draws nothing.

A form's drafts lie in one file, a few at most: what was left there last time stays beside what is typed now until one of
the two is recorded or given up.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from urllib.parse import quote

import msgspec
from msgspec import Struct

from .memory import Memory

MOST = 3


class Draft(Struct, frozen=True):
    """What stood in a form.

    Args:
        id: of the form in which it was typed; another time it is opened it has another.
        at: when it was typed last, local time to the minute.
        texts: what was typed, by field.
    """

    id: str
    at: str
    texts: dict[str, str]


def name_of(step: str, number: str) -> str:
    """Return the name under which the drafts of a form are kept."""
    return f"drafts/{step}-{quote(number, safe='')}" if number else f"drafts/{step}"


def now() -> str:
    """Return the local time to the minute."""
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")


def load(memory: Memory, name: str) -> tuple[Draft, ...]:
    """Return the drafts of a form, the oldest first; what cannot be read is none."""
    try:
        return tuple(msgspec.convert(memory.load(name) or [], list[Draft]))
    except msgspec.ValidationError:
        return ()  # of another version, or changed by hand


def newest(memory: Memory, name: str) -> Draft | None:
    """Return the draft that is offered when the form is opened."""
    found = load(memory, name)
    return found[-1] if found else None


def kept(memory: Memory, name: str, draft: Draft) -> None:
    """Keep a draft in place of what the same form kept before.

    Raises:
        Unreachable: ``memory.unkept``.
    """
    others = [other for other in load(memory, name) if other.id != draft.id]
    memory.keep(name, msgspec.to_builtins([*others, draft][-MOST:]))


def dropped(memory: Memory, name: str, ids: Container[str] | None = None) -> None:
    """Keep some drafts no longer; None for all of them."""
    left = [draft for draft in load(memory, name) if ids is not None and draft.id not in ids]
    if left:
        memory.keep(name, msgspec.to_builtins(left))
    else:
        memory.drop(name)
