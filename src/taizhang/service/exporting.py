"""Owns drawing a table from read models as they stand, by its stamp. Knows no store and no file format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from taizhang.ledger.domain.register import Register
from taizhang.ledger.seal.tree import Tree
from taizhang.locale.words import Lang, words_for
from taizhang.projections import problems
from taizhang.projections.cells import COUNTS
from taizhang.projections.export import Format, Kind, Stamp, write_table
from taizhang.projections.log import Connection

from .figures import Cell, Dimension, Rounds
from .past import Scene

Compile = Callable[[Scene, str, Cell | None], problems.Where]
"""Understand a filter, and the count whose list is wished, as of a scene."""


class Hashed(Protocol):
    """Where the tree's hashes are."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


def root_of(log: Hashed, size: int) -> str:
    """Return the root hash of the tree over the first `size` events, hexadecimal."""
    return Tree(size, log.hashes).root().hex()


def draw(
    connection: Connection,
    where: problems.Where,
    kind: Kind | str,
    format: Format | str,  # noqa: A002 - the word of the command line
    target: Path,
    *,
    register: Register,
    lang: Lang | str,
    stamp: Stamp,
    template: Path | None = None,
    most: int = 0,
    told: Callable[[int], None] | None = None,
) -> int:
    """Write a table as of the last event that the connection knows; return how many rows it has.

    Args:
        connection: read models, at one moment.
        where: which findings.
        register: as it stands there.
        stamp: as of what it is drawn, and in which order.
        template: a team's own file to be filled instead.
        most: how many rows at most; 0 for all.
        told: told now and then how many rows are done.

    Raises:
        Rejected: what `write_table` refuses.
    """
    findings = problems.findings(connection, where, order=order_of(stamp), descending=stamp.sort.startswith("-"))
    return write_table(
        kind, format, target, findings, register, words_for(lang), stamp, template=template, most=most, told=told
    )


def order_of(stamp: Stamp) -> problems.Order:
    """Return the order that a stamp names."""
    return problems.Order(stamp.sort.removeprefix("-"))


def spelt(cell: Cell | None) -> str:
    """Return a cell as a stamp spells it; empty for none."""
    if cell is None:
        return ""
    return "/".join((cell.by, cell.figure, cell.rounds, cell.since, "" if cell.key is None else f"={cell.key}"))


def cell_of(text: str) -> Cell | None:
    """Return the cell that a stamp spells.

    Raises:
        ValueError: it spells none.
    """
    if not text:
        return None
    by, figure, rounds, since, key = text.split("/", 4)
    if figure not in COUNTS:
        raise ValueError(figure)
    return Cell(Dimension(by), figure, key[1:] if key else None, Rounds(rounds), since)
