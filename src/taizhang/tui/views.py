"""Owns saved views: a filter and an order under a name, kept for each ledger. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from taizhang.service.desk import Sort

from .memory import Memory

NAME = "views"
LONGEST = 40


class View(Struct, frozen=True):
    """A filter and an order under a name."""

    name: str
    filter: str = ""
    sort: Sort = Sort.LOGGED
    descending: bool = False


def load(memory: Memory) -> tuple[View, ...]:
    """Return the saved views in the order in which they were saved; what cannot be read as one is left out."""
    kept = memory.load(NAME)
    found: list[View] = []
    for item in kept if isinstance(kept, list) else ():
        try:
            found.append(msgspec.convert(item, View))
        except msgspec.ValidationError:
            continue  # of another version, or changed by hand
    return tuple(found)


def saved(memory: Memory, view: View) -> tuple[View, ...]:
    """Keep a view; one of the same name is replaced in its place.

    Raises:
        Unreachable: ``memory.unkept``.
    """
    views = list(load(memory))
    at = next((at for at, other in enumerate(views) if other.name == view.name), len(views))
    views[at : at + 1] = [view]
    return _keep(memory, views)


def dropped(memory: Memory, name: str) -> tuple[View, ...]:
    """Keep a view no longer."""
    return _keep(memory, [view for view in load(memory) if view.name != name])


def _keep(memory: Memory, views: Sequence[View]) -> tuple[View, ...]:
    held: list[Any] = msgspec.to_builtins(views)
    memory.keep(NAME, held)
    return tuple(views)
