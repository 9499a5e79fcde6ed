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
from taizhang.ledger.domain.rules import LOOKS_FURTHER, Context, guard_further, guard_standing
from taizhang.ledger.domain.transitions import TRANSITIONS, Transition
from taizhang.ledger.domain.values import Account, Role

MOST_REMEMBERED = 100_000

_NOBODY = Account("", "")  # an account marks an event, it never refuses one
_ROWS: dict[type, list[Transition]] = {}
for _row in TRANSITIONS:
    _ROWS.setdefault(_row.event, []).append(_row)


class Legality:
    """Judges events of findings; what the table says of one, it remembers for all that agree in what the table looks at."""

    def __init__(self) -> None:
        self._register: Register | None = None
        self._rows: dict[tuple[Any, ...], tuple[Transition, ...]] = {}

    def refusal_of(self, entry: Entry[Any], finding: Finding | None, register: Register) -> Rejected | None:
        """Return why the rules would not have let this event be recorded; None where they would.

        Args:
            entry: the event of a finding.
            finding: the finding before it.
            register: units, people and policy before it.
        """
        who = entry.envelope
        if register is not self._register or len(self._rows) > MOST_REMEMBERED:
            self._register, self._rows = register, {}
        place = (finding.state, finding.lead_unit, finding.cooperating_units) if finding else None
        key = (type(who.data), who.actor, place)
        rows = self._rows.get(key)
        if rows == ():
            return None
        try:
            context = Context(register.person(who.actor), _NOBODY, date.max, who.happened_on, register)
            if rows is None:
                rows = self._rows[key] = _let_by_table(_ROWS[type(who.data)], finding, context)
        except Rejected as rejected:
            return rejected
        refusal: Rejected | None = None
        if finding is None:
            return None
        for row in rows:
            try:
                guard_further(row, finding, context)
            except Rejected as rejected:
                refusal = rejected
            else:
                return None
        return refusal


def _let_by_table(rows: list[Transition], finding: Finding | None, context: Context) -> tuple[Transition, ...]:
    """Return the rows of the table that let a step pass and are to be looked at further; none where one of them is not.

    Raises:
        Rejected: no row lets it pass.
    """
    refusal: Rejected | None = None
    passed = []
    for row in rows:
        try:
            guard_standing(row, finding, context)
            passed.append(row)
        except Rejected as rejected:
            refusal = rejected
    if refusal is not None and not passed:
        raise refusal
    return tuple(passed) if finding and all(row.command in LOOKS_FURTHER for row in passed) else ()


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
