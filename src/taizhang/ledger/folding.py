"""Owns how stored events of a stream become what they stand for: a finding, the keys of the ledger. Knows no transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import DecodeError

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.keys import KeyAdopted
from taizhang.ledger.store.contract import Row


def fold(rows: Iterable[Row], finding: Finding | None = None) -> Finding | None:
    """Return the finding after the stored events; `finding` is where they begin."""
    decode = catalogue.DECODE
    for position, stream, version, topic, recorded_at, _, state, _, _ in rows:
        try:
            finding = evolve(finding, Entry(position - 1, stream, version, topic, recorded_at, decode[topic](state)))
        except (KeyError, IndexError, ValueError, DecodeError) as error:  # whatever a wrong event makes the fold say
            raise catalogue.unreadable(position - 1, topic) from error
    return finding


def keys_in(rows: Sequence[Row]) -> tuple[int, list[str]]:
    """Return the version that the ledger's own stream has reached, and the keys that were adopted in it."""
    events = (catalogue.DECODE[row.topic](row.state).data for row in rows)
    return (rows[-1].version if rows else 0), [event.vkey for event in events if isinstance(event, KeyAdopted)]
