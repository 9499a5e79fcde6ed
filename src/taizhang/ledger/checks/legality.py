"""Owns the question whether a recorded event could have been recorded: by the table, by roles and by four eyes, at its moment.

An event that is forged into the file can carry a right leaf; it cannot make its actor somebody who was allowed to.
Knows no store: `verify` hands it the states that stood before the event.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import LedgerOpened, Register
from taizhang.ledger.domain.rules import Context, guard
from taizhang.ledger.domain.transitions import TRANSITIONS, Transition
from taizhang.ledger.domain.values import Account, Role

_NOBODY = Account("", "")  # an account marks an event, it never refuses one
_ROWS: dict[type, list[Transition]] = {}
for _row in TRANSITIONS:
    _ROWS.setdefault(_row.event, []).append(_row)


def refusal_of(entry: Entry[Any], finding: Finding | None, register: Register) -> Rejected | None:
    """Return why the rules would not have let this event be recorded; None where they would.

    Args:
        entry: the event of a finding.
        finding: the finding before it.
        register: units, people and policy before it.
    """
    who = entry.envelope
    refusal: Rejected | None = None
    try:
        context = Context(register.person(who.actor), _NOBODY, date.max, who.happened_on, register)
    except Rejected as rejected:
        return rejected
    for row in _ROWS[type(entry.data)]:
        try:
            guard(row, finding, context)
        except Rejected as rejected:
            refusal = rejected
        else:
            return None
    return refusal


def register_refusal_of(entry: Entry[Any], register: Register) -> Rejected | None:
    """Return why an event of the register would not have been recorded; the first ones open the ledger."""
    if isinstance(entry.data, LedgerOpened) or not register.people:
        return None
    try:
        actor = register.person(entry.envelope.actor)
    except Rejected as rejected:
        return rejected
    if register.programmes and Role.ADMIN not in actor.roles:
        held = sorted(actor.roles)
        return Rejected("role.missing", command=entry.topic, person=actor.id, needed=[Role.ADMIN], held=held)
    return None
