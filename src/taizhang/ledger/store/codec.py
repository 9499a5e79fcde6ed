"""Owns how our events pass through the eventsourcing library: a `Mapper` in its terms.

The library's own mapper calls ``vars(event)``, which Structs refuse, and stores Python paths as topics.
"""

from __future__ import annotations

from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent
from msgspec import DecodeError, Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Envelope


class DomainEvent(Struct, frozen=True):
    """One event as the library's applications and projections see it; the names are the library's.

    Args:
        originator_id: the stream.
        originator_version: place in the stream, from 1.
        envelope: who, when, through what, and the event itself.
    """

    originator_id: str
    originator_version: int
    envelope: Envelope[Any]

    @property
    def topic(self) -> str:
        """The event's own tag."""
        return catalogue.TOPICS[type(self.envelope.data)]


class EventMapper(Mapper[str]):
    """Between `DomainEvent` and the library's `StoredEvent`; compressor and cipher work as in the library."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Return what is stored of the event."""
        if not isinstance(domain_event, DomainEvent):
            raise TypeError(f"not one of our events: {type(domain_event).__name__}")
        state = catalogue.encode(domain_event.envelope)
        if self.compressor:
            state = self.compressor.compress(state)
        if self.cipher:
            state = self.cipher.encrypt(state)
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, domain_event.topic, state)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEvent:
        """Return the event that is stored.

        Raises:
            MapperDeserialisationError: the topic is none of ours, or the state is not what it promises.
        """
        state = stored_event.state
        try:
            if self.cipher:
                state = self.cipher.decrypt(state)
            if self.compressor:
                state = self.compressor.decompress(state)
            envelope = catalogue.DECODE[stored_event.topic](state)
        except (KeyError, DecodeError) as error:
            raise MapperDeserialisationError(f"{stored_event.topic}: {error}") from error
        return DomainEvent(str(stored_event.originator_id), stored_event.originator_version, envelope)
