"""Owns drawing a table from read models: rows, register and stamp all of the same event. Knows no store and no file format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from taizhang.ledger.domain.register import Register
from taizhang.ledger.seal.tree import Tree
from taizhang.locale.words import Lang, words_for
from taizhang.projections import problems, registry
from taizhang.projections.export import Format, Kind, Stamp, write_table
from taizhang.projections.log import Connection
from taizhang.projections.runner import position

Compile = Callable[[str, Register, date], problems.Where]
"""Understand a filter on a day."""


class Hashed(Protocol):
    """Where the tree's hashes are."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


def root_of(log: Hashed, size: int) -> str:
    """Return the root hash of the tree over the first `size` events, hexadecimal."""
    return Tree(size, log.hashes).root().hex()


def draw(
    connection: Connection,
    log: Hashed,
    kind: Kind | str,
    format: Format | str,  # noqa: A002 - the word of cli.md
    target: Path,
    *,
    filter: str,  # noqa: A002 - the word of cli.md
    sort: str,
    today: date,
    moment: datetime,
    lang: Lang | str,
    compiled: Compile,
) -> int:
    """Write a table as of the last event that the connection knows; return how many rows it has.

    Args:
        connection: read models, at one moment.
        sort: the order of the rows, with a leading minus the other way round.
        today: the day that colours and deadlines are judged by.
        moment: when it is drawn, in UTC.
        compiled: what the filter means.

    Raises:
        Rejected: what `write_table` refuses, or a filter that makes no sense.
        ValueError: there is no such order.
    """
    register, index = registry.load(connection), position(connection)
    stamp = Stamp(index, moment, today, root_of(log, index + 1), filter, sort)
    findings = problems.findings(
        connection,
        compiled(filter, register, today),
        order=problems.Order(sort.removeprefix("-")),
        descending=sort.startswith("-"),
    )
    return write_table(kind, format, target, findings, register, words_for(lang), stamp)
