"""Owns which columns each table has, and what stands in them for a finding. It must not know a file format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light
from taizhang.ledger.domain.values import State

from .labels import Labels, Shown


class Kind(StrEnum):
    """The tables that there are."""

    PROBLEMS = "problems"
    CLOSURE = "closure"
    HISTORY = "history"
    WEEKLY = "weekly"


class Stamp(Struct, frozen=True):
    """As of what a table was drawn.

    Args:
        index: the last event that it knows; -1 for none.
        moment: when it was drawn, in UTC.
        today: the day that colours are judged by.
        root: root hash of the log up to and with that event, hexadecimal.
        filter: the filter that chose the findings; empty for all.
        sort: the order of the rows, with a leading minus the other way round.
        cell: the count of the figures whose list it is; empty for none. The service knows how it is spelt.
        masked: whether names of persons are masked.
    """

    index: int
    moment: datetime
    today: date
    root: str
    filter: str = ""
    sort: str = "logged"
    cell: str = ""
    masked: bool = False


class Column(Struct, frozen=True):
    """One column.

    Args:
        key: its name in JSON, and (``export.column.<key>``) in the catalogues.
        value: what stands in JSON: ids, words of the domain (not of a language), days.
        shown: what people read in its place; None where that is the value itself.
        width: how wide it may become, in half-width characters; a narrower content makes it narrower.
        group: the heading (``export.group.<group>``) that it stands under, where the table groups its columns.
        person: whether it names persons, so that it is masked where names are.
        tint: the colour of its cell; None for none.
    """

    key: str
    value: Callable[[Any, Labels], Any]
    shown: Callable[[Any, Labels], Shown] | None = None
    width: int = 10
    group: str = ""
    person: bool = False
    tint: Callable[[Any, Labels], Light] | None = None

    def text(self, row: Any, labels: Labels, names: tuple[str, ...] = ()) -> Shown:
        """Return what people read for a row; `names` are the persons that the row itself names."""
        shown: Shown = (self.shown or self.value)(row, labels)
        if not labels.masked or not isinstance(shown, str):
            return shown
        return labels.named(shown) if self.person and self.shown is None else labels.free(shown, names)


def light_on(finding: Finding, labels: Labels) -> Light:
    """Return the colour of the finding on the day of the table."""
    return light(finding, labels.by)


def _measures(f: Finding, _: Labels) -> str:
    return _numbered(measure.text for measure in f.measures)


def _progress(f: Finding, labels: Labels) -> str:
    return _numbered(
        f"[{labels.term('progress', measure.progress)}] {measure.report}".strip() for measure in f.measures
    )


def _numbered(texts: Any) -> str:
    lines = list(texts)
    return "\n".join(f"{at}. {text}" for at, text in enumerate(lines, 1)) if len(lines) > 1 else "".join(lines)


def _remark(f: Finding, labels: Labels) -> str:
    """Return what a reader of the table has to know besides: where it went, and what it cost."""
    words, parts = labels.words, []
    if f.state is State.WITHDRAWN:
        parts.append(words("export.withdrawn", grounds=f.grounds))
        if f.duplicate_of:
            parts.append(words("export.duplicate", number=f.duplicate_of))
    if f.state is State.TRANSFERRED:
        parts.append(words("export.transferred", to=f.transferred_to))
    if f.state is State.CLOSED and f.closed_late:
        parts.append(words("export.late"))
    if f.deadline is not None and f.deadline.provisional:
        parts.append(words("export.provisional"))
    if f.links:
        linked = (words("export.linked", kind=link.kind, other=link.other) for link in f.links)
        parts.append(words.joined(linked))
    if returns := _all_returns(f):
        parts.append(words("export.returned", count=returns))
    return labels.words("export.semicolon").join(parts)


def _follow_up(f: Finding, labels: Labels) -> str:
    """Return what the latest look back found, and when."""
    found = f.follow_up
    if found is None:
        return ""
    return labels.words("export.followed-up", result=found.result, on=found.on.isoformat())


def _all_extensions(f: Finding, _: Labels) -> int:
    """Return how many extensions were granted, in every round."""
    return f.extensions + sum(earlier.extensions for earlier in f.rounds)


def _all_returns(f: Finding) -> int:
    return f.returns + sum(earlier.returns for earlier in f.rounds)


def _of(name: str) -> Callable[[Finding, Labels], Any]:
    """Return what reads a field of the finding as it is."""
    read = attrgetter(name)
    return lambda finding, _: read(finding)


_NUMBER = Column("number", _of("number"), width=14)
_STATUS = Column("status", _of("state"), lambda f, x: x.term("state", f.state), 9)
_LIGHT = Column("light", light_on, lambda f, x: x.term("light", light_on(f, x)), 7, tint=light_on)
_SOURCE = Column("source", _of("source"), width=10, group="finding")
_CATEGORY = Column("category", _of("category"), width=9, group="finding")
_TITLE = Column("title", _of("title"), width=30, group="finding")
_CRITERIA = Column("criteria", _of("criteria"), width=15, group="finding")
_UNIT = Column("unit", _of("lead_unit"), lambda f, x: x.unit(f.lead_unit), 12, "duty")
_COOPERATING = Column(
    "cooperating_units",
    _of("cooperating_units"),
    lambda f, x: x.words.joined(map(x.unit, f.cooperating_units)) if f.cooperating_units else "",
    12,
    "duty",
)
_LEADER = Column("accountable_leader", _of("accountable_leader"), width=9, group="duty", person=True)
_PERSON = Column("responsible_person", _of("responsible_person"), width=9, group="duty", person=True)
_CLASS = Column("class", _of("class_"), lambda f, x: x.term("class", f.class_), 10, "rectification")
_ASSIGNED = Column("assigned_on", _of("assigned_on"), width=11, group="rectification")
_ORIGINAL = Column("original_due", _of("original_due"), width=11, group="rectification")
_DUE = Column("due", _of("due"), width=11, group="rectification")
_EXTENSIONS = Column("extensions", _all_extensions, width=6)
_ROUND = Column("round", _of("round"), width=6)

TABLES: dict[Kind, tuple[Column, ...]] = {
    Kind.PROBLEMS: (
        _NUMBER,
        _STATUS,
        _LIGHT,
        _SOURCE,
        _CATEGORY,
        _TITLE,
        Column("severity", _of("severity"), lambda f, x: x.term("severity", f.severity), 9),
        Column("found_on", _of("found_on"), width=11),
        Column("team", _of("team"), width=12),
        _UNIT,
        _PERSON,
        _CLASS,
        _ORIGINAL,
        _DUE,
        _EXTENSIONS,
        _ROUND,
    ),
    Kind.CLOSURE: (
        _NUMBER,
        _SOURCE,
        _CATEGORY,
        _TITLE,
        _CRITERIA,
        _UNIT,
        _COOPERATING,
        _LEADER,
        _PERSON,
        _CLASS,
        _ASSIGNED,
        _ORIGINAL,
        _DUE,
        Column("measures", lambda f, _: tuple(m.text for m in f.measures), _measures, 26, "rectification"),
        Column(
            "progress",
            lambda f, _: tuple({"progress": m.progress, "report": m.report, "on": m.reported_on} for m in f.measures),
            _progress,
            26,
            "rectification",
        ),
        Column("closure_criteria", _of("closure_criteria"), width=18, group="closure"),
        Column("status", _STATUS.value, _STATUS.shown, 9, "closure"),
        Column("light", _LIGHT.value, _LIGHT.shown, 7, "closure", tint=light_on),
        Column("closed_on", _of("closed_on"), width=11, group="closure"),
        Column("closed_by", _of("closed_by"), lambda f, x: x.person(f.closed_by), 9, "closure", person=True),
        _EXTENSIONS,
        _ROUND,
        Column(
            "follow_up",
            lambda f, _: None if f.follow_up is None else {"result": f.follow_up.result, "on": f.follow_up.on},
            _follow_up,
            13,
        ),
        Column("remark", _remark, width=13),
    ),
}
"""kind → its columns, in order. A serial number (序号) stands before them in every format."""


def names_of(finding: Finding) -> tuple[str, ...]:
    """Return the persons whom a finding names itself, to be masked in its texts as well."""
    return tuple(name for name in (finding.accountable_leader, finding.responsible_person) if name)


def record(columns: tuple[Column, ...], row: Any, labels: Labels, names: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return one row as JSON has it: ids and words of the domain, not of a language."""
    if labels.masked:
        return {column.key: _masked(column, row, labels, names) for column in columns}
    return {column.key: column.value(row, labels) for column in columns}


def _masked(column: Column, row: Any, labels: Labels, names: tuple[str, ...]) -> Any:
    """Return what stands in JSON where names are masked: an id that could be a name gives way to the masked name."""
    if column.person:
        return column.text(row, labels, names)
    return _masked_within(column.value(row, labels), labels, names)


def _masked_within(value: Any, labels: Labels, names: tuple[str, ...]) -> Any:
    match value:
        case StrEnum():
            return value
        case str():
            return labels.free(value, names)
        case tuple() | list():
            return [_masked_within(item, labels, names) for item in value]
        case dict():
            return {key: _masked_within(item, labels, names) for key, item in value.items()}
        case _:
            return value
