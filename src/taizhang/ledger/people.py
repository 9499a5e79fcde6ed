"""Owns how the write side meets what is personal: sealed on the way into the log, opened on the way out, erased for good.

Knows no rule and no transaction. Decision 0014.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.register import PERSONAL, LedgerOpened, Register, evolve_register
from taizhang.ledger.store.contract import Row
from taizhang.ledger.store.person_keys import PersonKeys
from taizhang.ledger.store.personal import opened, sealed


class Personal:
    """The events of a log as they are stored, and as they are read.

    Args:
        keys: the keys that people's own data is sealed under; None where nothing is sealed.
    """

    def __init__(self, keys: PersonKeys | None) -> None:
        self._keys = keys

    def stored(self, envelope: Envelope[Any], stream: str, version: int) -> tuple[str, bytes]:
        """Return topic and state of an event as they are stored: what is personal in it sealed."""
        topic = catalogue.TOPICS[type(envelope.data)]
        field = PERSONAL.get(type(envelope.data))
        if field is not None and self._keys is not None:
            event = sealed(envelope.data, field, self._keys.make, stream, version, topic)
            envelope = replace(envelope, data=event)
        return topic, catalogue.encode(envelope)

    def decoded(self, row: Row) -> Envelope[Any]:
        """Return a stored event, what is sealed in it opened."""
        state = row.state
        if self._keys is not None:
            state = opened(state, self._keys.get, row.stream, row.version, row.topic)
        envelope: Envelope[Any] = catalogue.DECODE[row.topic](state)
        return envelope

    def grown(self, register: Register, opening: Iterable[Row], rows: Iterable[Row]) -> Register:
        """Return the register after further events of its stream, with the name and zone that the ledger opened with."""
        grown = evolve_register(register, map(self.decoded, rows))
        for row in opening:
            data = self.decoded(row).data
            if isinstance(data, LedgerOpened):
                grown = replace(grown, origin=data.origin, timezone=data.timezone)
        return grown

    def erase(self, people: Iterable[str]) -> None:
        """Destroy the keys of these people, where they still are. The event is the decision; this only follows it.

        Raises:
            Unreachable: a key could not be destroyed.
        """
        if self._keys is not None:
            for person in people:
                self._keys.destroy(person)
