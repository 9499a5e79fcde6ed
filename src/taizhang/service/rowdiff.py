"""Owns what a row of a sheet says otherwise than the finding that it is about: of its own columns, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from taizhang.intake.names import Field
from taizhang.ledger.domain.carrying import Claim
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.transitions import AMENDABLE
from taizhang.projections.export.labels import masked_name

from .imports import Difference

_FIELDS: tuple[tuple[Field, str], ...] = (
    (Field.TITLE, "title"),
    (Field.SOURCE, "source"),
    (Field.CATEGORY, "category"),
    (Field.CRITERIA, "criteria"),
    (Field.SEVERITY, "severity"),
    (Field.TEAM, "team"),
    (Field.FOUND_ON, "found_on"),
    (Field.LEAD_UNIT, "lead_unit"),
    (Field.COOPERATING, "cooperating_units"),
    (Field.LEADER, "accountable_leader"),
    (Field.PERSON, "responsible_person"),
    (Field.CLASS, "class_"),
    (Field.ASSIGNED_ON, "assigned_on"),
    (Field.CRITERION, "closure_criteria"),
    (Field.CLOSED_ON, "closed_on"),
    (Field.ROUND, "round"),
    (Field.EXTENSIONS, "extensions"),
)
MASK = "*"
"""What stands in the place of each hidden character."""

_STATUS = frozenset({Field.STATUS, Field.CLOSED, Field.DONE})


def differences(claim: Claim, finding: Finding, fields: frozenset[Field]) -> tuple[Difference, ...]:
    """Return what the row says otherwise, in the order of a ledger's columns; only of columns that its table has."""
    return tuple(_differences(claim, finding, fields))


def _differences(claim: Claim, finding: Finding, fields: frozenset[Field]) -> Iterator[Difference]:
    for field, name in _FIELDS:
        if field in fields:
            yield from _differing(name, getattr(finding, name), getattr(claim, name))
    if fields & {Field.DEADLINE, Field.REVISED}:
        yield from _differing("due", finding.due, claim.deadline.due if claim.deadline else None)
    if fields & {Field.ORIGINAL}:
        original = claim.original_deadline or claim.deadline
        yield from _differing("original_due", finding.original_due, original.due if original else None)
    if Field.MEASURES in fields:
        old, new = (tuple(measure.text for measure in of.measures) for of in (finding, claim))
        yield from _differing("measures", old, new)
    if fields & _STATUS:
        yield from _differing("state", finding.state, claim.state)


def _differing(name: str, old: Any, new: Any) -> Iterator[Difference]:
    ours, theirs = _plain(old), _plain(new)
    if ours == theirs or _masks(theirs, ours):
        return
    yield Difference(name, old, new, name in AMENDABLE and not _hides(theirs, ours))


def _masks(new: Any, old: Any) -> bool:
    """Say whether a text is but the other with names masked (甲某 → 甲*), as an export writes it: then it says nothing new."""
    if isinstance(new, tuple) and isinstance(old, tuple):
        return len(new) == len(old) and all(one == two or _masks(one, two) for one, two in zip(new, old, strict=True))
    if not isinstance(new, str) or not isinstance(old, str):
        return False
    if len(new) == len(old):
        return all(one in (two, MASK) for one, two in zip(new, old, strict=True))
    return MASK in new and new == masked_name(old)


def _hides(new: Any, old: Any) -> bool:
    """Say whether a text would put masks where the ledger has names."""
    return isinstance(new, str) and MASK in new and MASK not in (old or "")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(value.split())
    return tuple("".join(item.split()) for item in value) if isinstance(value, tuple) else value or None
