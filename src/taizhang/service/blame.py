"""Owns who is to blame for a value: of every value of a finding, the event that set it. Pure; asks no log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding

EMPTY: tuple[Any, ...] = ("", None, (), 0)
BOOKKEEPING = frozenset({"version", "changed_at", "hands", "verifiers"})


class Blame(Struct, frozen=True):
    """One value of a finding, and the event that made it what it is.

    Args:
        field: the field.
        place: which item of a field that holds several, counted from 1; 0 for a field that holds one value.
        value: the value, in the state's own terms.
        entry: the event.
    """

    field: str
    place: int
    value: Any
    entry: Entry[Any]


def blame(steps: Iterable[tuple[Entry[Any], Finding]]) -> tuple[Blame, ...]:
    """Return every value of a finding with the event that set it, in the order of the finding's fields.

    Args:
        steps: its events with the finding after each, from the first.
    """
    fields = [field for field in Finding.__struct_fields__ if field not in BOOKKEEPING]
    set_by: dict[tuple[str, int], Blame] = {}
    before: Finding | None = None
    for entry, finding in steps:
        for field in fields:
            new = getattr(finding, field)
            if before is not None and getattr(before, field) == new:
                continue
            items = enumerate(new, 1) if isinstance(new, tuple) else ((0, new),)
            for place, value in items:
                known = set_by.get((field, place))
                if known is None or known.value != value:
                    set_by[field, place] = Blame(field, place, value, entry)
        before = finding
    if before is None:
        return ()
    return tuple(found for field in fields for found in _of(field, getattr(before, field), set_by))


def _of(field: str, held: Any, set_by: dict[tuple[str, int], Blame]) -> Iterable[Blame]:
    if isinstance(held, tuple):
        return (set_by[field, place] for place in range(1, len(held) + 1))
    return () if held in EMPTY else (set_by[field, 0],)
