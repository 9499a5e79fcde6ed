"""Owns which finding people mean when they say a number."""

from __future__ import annotations

from taizhang.ledger.domain.catalogue import number_of
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import Register

from .log import Connection


def resolve(connection: Connection, reference: str, register: Register) -> str:
    """Return the number of the finding that people mean.

    A number in any case, the number that a sheet gave it, or the ordinal alone: within the programme that is open where exactly one is, otherwise
    where exactly one finding has it.

    Raises:
        Rejected: ``finding.unknown``, or ``finding.ambiguous`` with the numbers that it could be.
    """
    wanted = reference.strip()
    exact = connection.execute("SELECT number FROM problems WHERE number = ?", (wanted,)).fetchone()
    if exact:
        return str(exact[0])
    if len(given := _of_alias(connection, wanted)) == 1:
        return given[0]
    candidates = [wanted.upper(), wanted.lower()]
    if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) <= 8:
        ordinal = int(wanted)
        open_codes = [programme.code for programme in register.open_programmes()]
        if len(open_codes) == 1 and (there := _existing(connection, [number_of(open_codes[0], ordinal)])):
            return there[0]
        candidates = [number_of(code, ordinal) for code in register.programmes]
    found = _existing(connection, candidates)
    found = list(dict.fromkeys([*given, *found]))
    if len(found) > 1:
        raise Rejected("finding.ambiguous", reference=reference[:64], numbers=found[:10])
    if not found:
        raise Rejected("finding.unknown", number=reference[:64])
    return found[0]


def _of_alias(connection: Connection, alias: str) -> list[str]:
    """Return the numbers of what came in under that number of a sheet, those whose import was taken back aside."""
    found = connection.execute(
        """SELECT number FROM problems WHERE alias = ? AND alias <> ''
          AND id NOT IN (SELECT id FROM carried WHERE undone) ORDER BY id""",
        (alias,),
    )
    return [number for (number,) in found]


def _existing(connection: Connection, numbers: list[str]) -> list[str]:
    marks = ", ".join("?" * len(numbers))
    found = connection.execute(f"SELECT number FROM problems WHERE number IN ({marks}) ORDER BY id", tuple(numbers))
    return [number for (number,) in found]
