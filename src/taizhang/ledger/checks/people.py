"""Owns the part of the deep check that asks after people's own keys: of everybody who was not erased, and of nobody else.

A key that is missing, or is another one, erases a person without an event; one that is still there undoes an erasure.
Must not know where keys are kept, nor tell what is sealed under them.
"""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.register import PERSONAL, PersonErased
from taizhang.ledger.domain.verdict import Check
from taizhang.ledger.store.contract import Row
from taizhang.ledger.store.personal import KeyOf, sealed_in


def check_people(rows: Sequence[Row], key_of: KeyOf) -> Check:
    """Return whether everybody's key is as the log says; the first event that says otherwise is named.

    Args:
        rows: the stream of the register, which was found to be in order.
        key_of: gives a person's key.
    """

    def readable(person: str) -> bytes | None:
        try:
            return key_of(person)
        except Unreachable:  # there is something, and it is no key
            return b""

    events = [catalogue.DECODE[row.topic](row.state).data for row in rows]
    erased = {
        event.id: row.position - 1 for row, event in zip(rows, events, strict=True) if isinstance(event, PersonErased)
    }
    for person, index in erased.items():
        if readable(person) is not None:
            return Check("people", False, {"index": index, "person": person}, "kept")
    found = set()
    for row, event in zip(rows, events, strict=True):
        if type(event) not in PERSONAL:
            continue
        for person, opens in sealed_in(row.state, readable, row.stream, row.version, row.topic):
            if person not in erased and not opens:
                why = "missing" if opens is None else "other"
                return Check("people", False, {"index": row.position - 1, "person": person}, why)
            found.add(person)
    return Check("people", True, {"count": len(found - erased.keys())})
