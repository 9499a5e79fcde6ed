"""Owns who may do what to a finding, and when, written down by hand a second time.

It must not read TRANSITIONS: the tests hold the two against each other.
"""

from __future__ import annotations

from typing import NamedTuple

from taizhang.ledger.domain.values import Role, State

_ROLES = {
    "i": Role.INSPECTOR,
    "o": Role.OFFICE,
    "u": Role.UNIT_OFFICER,
    "h": Role.UNIT_HEAD,
    "v": Role.VERIFIER,
    "a": Role.APPROVER,
    "l": Role.LEADER,
    "d": Role.AUDITOR,
    "m": Role.ADMIN,
}
_STATES = {
    "none": None,
    "logged": State.LOGGED,
    "assigned": State.ASSIGNED,
    "rectifying": State.RECTIFYING,
    "awaiting": State.AWAITING,
    "closed": State.CLOSED,
    "withdrawn": State.WITHDRAWN,
    "transferred": State.TRANSFERRED,
}

# Which roles may, in which state; "-" where nobody may. People of a unit stand in the lead unit, others outside it.
_WHO = """
                 none  logged     assigned   rectifying  awaiting   closed     withdrawn  transferred
log              i     -          -          -           -          -          -          -
assign           -     o          -          -           -          -          -          -
acknowledge      -     -          uh         -           -          -          -          -
object           -     -          uh         -           -          -          -          -
act              -     -          -          uh          -          -          -          -
plan             -     -          -          uh          -          -          -          -
attach           -     -          uh         uh          -          -          -          -
request-closure  -     -          h          h           -          -          -          -
verify           -     -          -          -           v          -          -          -
return           -     -          -          -           v          -          -          -
close            -     -          -          -           a          -          -          -
extend           -     -          uh         uh          uh         -          -          -
grant            -     -          o          o           o          -          -          -
refuse           -     -          o          o           o          -          -          -
remind           -     -          o          o           o          -          -          -
list-publicly    -     -          o          o           o          -          -          -
receive          -     -          uh         uh          uh         -          -          -
follow-up        -     -          -          -           -          i          -          -
reopen           -     -          -          -           -          a          -          -
withdraw         -     l          l          l           l          -          -          -
transfer         -     l          l          l           l          -          -          -
amend            -     io         iouh       iouh        iouh       iouh       iouh       iouh
link             -     iouhvaldm  iouhvaldm  iouhvaldm   iouhvaldm  iouhvaldm  iouhvaldm  iouhvaldm
comment          -     iouhvaldm  iouhvaldm  iouhvaldm   iouhvaldm  iouhvaldm  iouhvaldm  iouhvaldm
carry-in         iom   -          -          -           -          -          -          -
undo-carry-in    -     iom        iom        iom         iom        iom        iom        iom
"""

# Where it leads; "=" where the finding stays in its state.
_LEADS_TO = """
log              logged
assign           assigned
acknowledge      rectifying
object           logged
act              =
plan             =
attach           =
extend           =
grant            =
refuse           =
remind           =
list-publicly    =
receive          =
follow-up        =
reopen           rectifying
link             =
request-closure  awaiting
verify           =
return           rectifying
close            closed
withdraw         withdrawn
transfer         transferred
amend            =
comment          =
carry-in         rectifying
undo-carry-in    withdrawn
"""

# From which units: the lead unit, a cooperating one, one below these, one above the lead, a stranger, none at all.
_FROM_WHERE = """
                 lead  below-lead  cooperating  below-cooperating  above  stranger  no-unit
assign           yes   yes         yes          yes                yes    yes       yes
acknowledge      yes   yes         no           no                 no     no        no
object           yes   yes         no           no                 no     no        no
act              yes   yes         yes          yes                no     no        no
attach           yes   yes         yes          yes                no     no        no
request-closure  yes   yes         no           no                 no     no        no
verify           no    no          no           no                 yes    yes       yes
return           no    no          no           no                 yes    yes       yes
close            no    no          no           no                 yes    yes       yes
plan             yes   yes         no           no                 no     no        no
extend           yes   yes         no           no                 no     no        no
grant            yes   yes         yes          yes                yes    yes       yes
refuse           yes   yes         yes          yes                yes    yes       yes
remind           yes   yes         yes          yes                yes    yes       yes
list-publicly    yes   yes         yes          yes                yes    yes       yes
receive          yes   yes         no           no                 no     no        no
follow-up        yes   yes         yes          yes                yes    yes       yes
reopen           yes   yes         yes          yes                yes    yes       yes
link             yes   yes         yes          yes                yes    yes       yes
withdraw         yes   yes         yes          yes                yes    yes       yes
transfer         yes   yes         yes          yes                yes    yes       yes
comment          yes   yes         yes          yes                yes    yes       yes
undo-carry-in    yes   yes         yes          yes                yes    yes       yes
"""

PLACES = {
    "lead": "east",
    "below-lead": "east-1",
    "cooperating": "west",
    "below-cooperating": "west-1",
    "above": "city",
    "stranger": "south",
    "no-unit": None,
}
"""The places of the table above, as units of the register in `spec`."""

# Which roles may amend a field; people of a unit only in the lead unit or below it.
_FIELDS = """
title               io
source              io
category            io
criteria            io
severity            io
found_on            io
team                io
closure_criteria    o
cooperating_units   o
accountable_leader  iouh
responsible_person  iouh
"""


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def _grid(table: str) -> dict[tuple[str, str], str]:
    columns, *rows = _rows(table)
    for row in rows:
        assert len(row) == len(columns) + 1, row
    return {(name, column): cell for name, *cells in rows for column, cell in zip(columns, cells, strict=True)}


def _roles(letters: str) -> frozenset[Role]:
    return frozenset(_ROLES[letter] for letter in letters if letter != "-")


class Cell(NamedTuple):
    """One step in one state."""

    command: str
    state: State | None


WHO: dict[Cell, frozenset[Role]] = {
    Cell(command, _STATES[column]): _roles(letters) for (command, column), letters in _grid(_WHO).items()
}
LEADS_TO: dict[str, State | None] = {
    name: None if target == "=" else _STATES[target] for name, target in _rows(_LEADS_TO)
}
FROM_WHERE: dict[tuple[str, str], bool] = {key: cell == "yes" for key, cell in _grid(_FROM_WHERE).items()}
FIELDS: dict[str, frozenset[Role]] = {name: _roles(letters) for name, letters in _rows(_FIELDS)}
