"""Owns the full-text index of the problem list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import Register

from .log import Connection


def append(connection: Connection, findings: Sequence[tuple[int, Finding]], register: Register) -> None:
    """Index findings that are not yet in the index, in the order of their ids."""


def save(
    connection: Connection,
    changed: Mapping[int, tuple[Finding | None, Finding]],
    old: Register,
    new: Register,
) -> None:
    """Index findings again whose words may have changed."""
