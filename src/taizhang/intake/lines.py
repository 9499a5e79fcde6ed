"""Owns what is said of each row of a file: what it claims, or why it was passed over or cannot be taken."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from msgspec import Struct

from taizhang.ledger.domain.carrying import Claim
from taizhang.ledger.domain.values import plain_members


@plain_members
class Kind(StrEnum):
    """What became of a row when it was read."""

    CLAIM = "claim"
    JOINED = "joined"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Doubt(Struct, frozen=True, omit_defaults=True):
    """Something that a person should know of a cell.

    Args:
        code: key of the catalogues (``row.…`` for what is wrong, ``note.…`` for how it was understood, ``text.…``).
        cell: the cell, as the sheet names it; empty where it is about the row.
        params: what the sentence names.
    """

    code: str
    cell: str = ""
    params: dict[str, Any] = {}


class Line(Struct, frozen=True, omit_defaults=True):
    """One row of a file.

    Args:
        sheet: the sheet.
        row: the row, from 1; of a sideways table the column.
        kind: what became of it.
        title: the beginning of its problem, so that a person knows it again.
        claim: what it claims, where it can be taken.
        doubts: what is wrong with it, or how it was understood.
        cells: the raw cells, by name.
        more: further rows that belong to it.
    """

    sheet: str
    row: int
    kind: Kind
    title: str = ""
    claim: Claim | None = None
    doubts: tuple[Doubt, ...] = ()
    cells: dict[str, str] = {}
    more: tuple[int, ...] = ()


class Units(Protocol):
    """Who knows the units that a sheet names."""

    def lead(self, name: str) -> str:
        """The id of the unit of that name; one that is not registered gets one, and is remembered."""

    def known(self, name: str) -> str:
        """The id of the unit of that name; empty where it is not registered, or several are called so."""

    def namesakes(self, name: str) -> tuple[str, ...]:
        """The ids of all units of that name."""
