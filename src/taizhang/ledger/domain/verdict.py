"""Owns what a deep check of a ledger says: values only, so that every front end can show them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Check(Struct, frozen=True):
    """One part of the deep check.

    Args:
        code: key of the catalogues (``check.<code>`` names the part, ``check.<code>.failed`` what is wrong).
        ok: whether it holds.
        params: what the sentence names.
    """

    code: str
    ok: bool
    params: dict[str, Any] = {}


class Verdict(Struct, frozen=True):
    """What the deep check found.

    Args:
        checks: every part, in order.
        size: how many events were checked.
        root: the root hash of the tree over them, hexadecimal.
        first_wrong: index of the first wrong event, if any.
    """

    checks: tuple[Check, ...]
    size: int
    root: str
    first_wrong: int | None = None

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return all(check.ok for check in self.checks)
