"""Owns whether an event can come of a command that is given again, and which other finding an event names. Pure."""

from __future__ import annotations

from typing import Any

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.events import (
    FindingCarriedIn,
    FindingEvent,
    FindingLinked,
    FindingLogged,
    FindingWithdrawn,
)
from taizhang.ledger.store.contract import Row

NAMES_ANOTHER = frozenset({FindingLinked, FindingWithdrawn})
"""The events that can name another finding."""


def named(event: FindingEvent) -> str:
    """Return the number of the other finding that an event names; empty where it names none."""
    if isinstance(event, FindingLinked):
        return event.other
    return event.duplicate_of if isinstance(event, FindingWithdrawn) else ""


def says_the_same(command: Any, event: Any) -> bool:
    """Say whether an event can come of a command: the fields that both have agree, outer blanks aside."""
    shared = set(command.__struct_fields__) & set(event.__struct_fields__) - {"number", "document"}
    return all(_plain(getattr(command, field)) == _plain(getattr(event, field)) for field in shared)


def number_of_repeated(command: Any, actor: str, row: Row, envelope: Envelope[Any]) -> str:
    """Return the number of the finding that a command given again is about, as it stands under its id.

    Args:
        command: the command as it is given now, by `actor`.
        row: what was recorded under its id; `envelope` is its decoded state.

    Raises:
        Rejected: ``command.id-taken`` where the id stands for other words, another kind of command, finding or person.
    """
    data = envelope.data
    begins = isinstance(data, FindingLogged | FindingCarriedIn)
    number: str = data.number if begins else getattr(command, "number", "")
    same_stream = begins or not number or catalogue.stream_of_number(number) == row.stream
    same_kind = catalogue.EVENT_OF[type(command)] is type(data) and envelope.actor == actor
    if not same_kind or not same_stream or not says_the_same(command, data):
        raise Rejected("command.id-taken", command_id=row.command, index=row.position - 1)
    return number


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\t", " ").strip()
    return {_plain(item) for item in value} if isinstance(value, tuple) else value
