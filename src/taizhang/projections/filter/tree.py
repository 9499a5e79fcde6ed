"""Owns the tree of a filter: what was asked, without how it was written. Values alone."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct


class Words(Struct, frozen=True, tag="words"):
    """Free text: found by the search."""

    text: str


class Choice(Struct, frozen=True, tag="choice"):
    """A field that is one of some fixed values (`fields.choice` knows them)."""

    field: str
    values: tuple[str, ...]


class Text(Struct, frozen=True, tag="text"):
    """A text, unit or programme that contains (``:``) or is (``=``) one of some values; None is "not given"."""

    field: str
    exact: bool
    values: tuple[str | None, ...]


class Number(Struct, frozen=True, tag="number"):
    """A whole number."""

    value: int


class Period(Struct, frozen=True, tag="period"):
    """A day, a month or a year, from its first day to its last."""

    first: date
    last: date


def month(year: int, number: int) -> Period:
    """Return a month; ValueError where there is none."""
    first = date(year, number, 1)
    later = first.replace(day=28) + timedelta(days=4)  # in the next month, whichever it is
    return Period(first, later - timedelta(days=later.day))


class Days(Struct, frozen=True, tag="days"):
    """So many days from the day of the question on; working days or all. Of a deadline: the days that are left."""

    count: int
    working: bool = False


class Nothing(Struct, frozen=True, tag="nothing"):
    """No day at all."""


Scale = Number | Period | Days | Nothing


class Compare(Struct, frozen=True, tag="compare"):
    """A number or a day that stands so to a value; with ``=`` to one of several.

    Args:
        operator: ``=``, ``<``, ``<=``, ``>`` or ``>=``; after a period and before it mean after its last day and before
            its first.
    """

    field: str
    operator: str
    values: tuple[Scale, ...]


Node = Words | Choice | Text | Compare


class Term(Struct, frozen=True):
    """One thing that must hold, or must not.

    Args:
        node: the thing.
        negated: whether it must not.
        at: at which character (from 1) each value begins; for free text, where it begins.
    """

    node: Node
    negated: bool = False
    at: tuple[int, ...] = ()


class Filter(Struct, frozen=True):
    """Everything that must hold."""

    terms: tuple[Term, ...] = ()
