"""Owns whether an event can come of a command that is given again, and which other finding an event names. Pure."""

from __future__ import annotations

from typing import Any

from taizhang.ledger.domain.events import FindingEvent, FindingLinked, FindingWithdrawn


def named(event: FindingEvent) -> str:
    """Return the number of the other finding that an event names; empty where it names none."""
    if isinstance(event, FindingLinked):
        return event.other
    return event.duplicate_of if isinstance(event, FindingWithdrawn) else ""


def says_the_same(command: Any, event: Any) -> bool:
    """Say whether an event can come of a command: the fields that both have agree, outer blanks aside."""
    shared = set(command.__struct_fields__) & set(event.__struct_fields__) - {"number", "document"}
    return all(_plain(getattr(command, field)) == _plain(getattr(event, field)) for field in shared)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\t", " ").strip()
    return {_plain(item) for item in value} if isinstance(value, tuple) else value
