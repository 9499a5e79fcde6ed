"""Owns what a field of a form is: its name, how it is typed, what stands in it at first. Knows no form."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """How a field is typed and read."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"  # one item a line
    DATE = "date"
    DUE = "due"  # a day, or a rule that gives one
    CHOICE = "choice"
    UNIT = "unit"
    UNITS = "units"
    NAME = "name"  # a person's name; the register only suggests
    PROGRAMME = "programme"
    FILE = "file"
    FINDING = "finding"
    MEASURE = "measure"
    AMENDABLE = "amendable"  # which field to correct
    AMENDED = "amended"  # its new value, of whatever kind that field is
    MANY = "many"  # any of a few values
    CALENDAR = "calendar"


class Start(StrEnum):
    """What stands in a field at first."""

    NOTHING = "nothing"
    TODAY = "today"
    PROGRAMME = "programme"  # the one that was opened last
    MEASURES = "measures"  # those that are planned


class Field(Struct, frozen=True):
    """One field of a form.

    Args:
        name: the field's word; also that of the command.
        kind: how it is typed.
        required: whether it must be filled; the rule itself is the domain's.
        rows: lines of a text field.
        choices: the values of a choice.
        vocabulary: their words in the catalogues.
        start: what stands in it at first.
        unplanned: asked for only while nobody has acknowledged the finding.
    """

    name: str
    kind: Kind
    required: bool = True
    rows: int = 1
    choices: type[StrEnum] | None = None
    vocabulary: str = ""
    start: Start = Start.NOTHING
    unplanned: bool = False
