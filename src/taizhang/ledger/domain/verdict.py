"""Owns what a deep check of a ledger says: values only, so that every front end can show them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Check(Struct, frozen=True):
    """One part of the deep check.

    Args:
        code: key of the catalogues (``check.<code>`` names the part, ``check.<code>.<why>`` what is wrong).
        ok: whether it holds.
        params: what the sentence names.
        why: which of several things may be wrong.
    """

    code: str
    ok: bool
    params: dict[str, Any] = {}
    why: str = "failed"

    @property
    def key(self) -> str:
        """The key of the sentence in the catalogues."""
        return f"check.{self.code}" if self.ok else f"check.{self.code}.{self.why}"


class Statement(Struct, frozen=True):
    """Something that the check proved, or could not prove: key of the catalogues, and what the sentence names."""

    code: str
    params: dict[str, Any] = {}


class Verdict(Struct, frozen=True):
    """What the deep check found.

    Args:
        checks: every part, in order.
        size: how many events were checked.
        root: the root hash of the tree over them, hexadecimal.
        first_wrong: index of the first wrong event, if any check could name one.
        against: code of the check that named it.
        proved: what holds now for whoever trusts SHA-256 and the public key.
        unproved: what nothing in these files can prove.
    """

    checks: tuple[Check, ...]
    size: int
    root: str
    first_wrong: int | None = None
    against: str = ""
    proved: tuple[Statement, ...] = ()
    unproved: tuple[Statement, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return all(check.ok for check in self.checks)
