"""Owns what a sheet claimed of a finding whose life this ledger did not witness (期初转入), and what such a claim must hold.

Pure. Knows no file format: `taizhang.intake` reads sheets, and hands in a `Claim` with the place that it stood at.
Source: docs/life.md.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from .errors import Rejected
from .values import (
    LINE_LIMIT,
    SHA256,
    TEXT_LIMIT,
    Deadline,
    FindingClass,
    Progress,
    Severity,
    State,
    checked_line,
    checked_text,
    visible,
)

if TYPE_CHECKING:  # the register knows the table of steps, and that the commands
    from .register import Register

TITLE_LIMIT = 2_000
CELL_LIMIT = 40_000
"""A spreadsheet's own limit is 32,767 characters a cell; what is made visible in it takes more."""

_CELLS = re.compile(r"[A-Z]{1,3}+[0-9]{1,7}+(?: [A-Z]{1,3}+[0-9]{1,7}+)*+")


class Origin(Struct, frozen=True, omit_defaults=True):
    """Where a claim stood.

    Args:
        file: what the file was called.
        sha256: hash of its bytes.
        sheet: the name of the sheet.
        row: the row that it begins in, from 1, as a spreadsheet counts.
        batch: the id of the import; all that came in by one import share it.
        more: further rows that belong to it (a measure each).
    """

    file: str
    sha256: str
    sheet: str
    row: int
    batch: str
    more: tuple[int, ...] = ()


class CarriedMeasure(Struct, frozen=True, omit_defaults=True):
    """A measure as the sheet had it."""

    text: str
    progress: Progress = Progress.NONE
    due: date | None = None
    report: str = ""


class Claim(Struct, frozen=True, omit_defaults=True, rename={"class_": "class"}):
    """What a sheet says of one finding; what it does not say is empty, nothing is guessed.

    Args:
        title: the problem.
        state: where it stands, as the words of the sheet were understood.
        status: those words themselves.
        alias: the number that the sheet gave it.
        source, criteria, category, team, accountable_leader, responsible_person, closure_criteria: as the sheet has them.
        severity: how grave, where the sheet says it.
        found_on, assigned_on, closed_on: the days that it claims.
        lead_unit: id of the registered unit.
        cooperating_units: ids of registered units.
        cooperating: the cooperating units in the sheet's words, registered or not.
        class_: how the rectification is paced.
        deadline: the current deadline; None where the sheet gives no day.
        original_deadline: the first one, where the sheet tells them apart.
        deadline_text: the words of the deadline, where they are more than a day.
        measures: one each.
        progress: how the rectification went, in the sheet's words.
        closed_by: who closed it, in the sheet's words.
        late: whether it was closed late; None where the sheet says nothing of it.
        round: the round that it is in.
        extensions: how many extensions the sheet tells of.
        follow_up: what it says of a look back.
        notes: its remarks.
    """

    title: str
    state: State
    status: str = ""
    alias: str = ""
    source: str = ""
    criteria: str = ""
    category: str = ""
    team: str = ""
    severity: Severity | None = None
    found_on: date | None = None
    assigned_on: date | None = None
    closed_on: date | None = None
    lead_unit: str = ""
    cooperating_units: tuple[str, ...] = ()
    cooperating: str = ""
    accountable_leader: str = ""
    responsible_person: str = ""
    class_: FindingClass | None = None
    deadline: Deadline | None = None
    original_deadline: Deadline | None = None
    deadline_text: str = ""
    closure_criteria: str = ""
    measures: tuple[CarriedMeasure, ...] = ()
    progress: str = ""
    closed_by: str = ""
    late: bool | None = None
    round: int = 1
    extensions: int = 0
    follow_up: str = ""
    notes: str = ""


class Carried(Struct, frozen=True, omit_defaults=True):
    """What a finding keeps of the claim that it came in by, beside its own fields; see `Claim`."""

    origin: Origin
    on: date
    state: State
    status: str = ""
    alias: str = ""
    round: int = 1
    cooperating: str = ""
    deadline_text: str = ""
    progress: str = ""
    closed_by: str = ""
    follow_up: str = ""
    notes: str = ""


def carried(claim: Claim, origin: Origin, on: date) -> Carried:
    """Return what a finding keeps of its claim. `on`: the last day that the claim speaks of, or of the import."""
    return Carried(
        origin,
        on,
        claim.state,
        claim.status,
        claim.alias,
        claim.round,
        "" if claim.cooperating.count("、") + 1 == len(claim.cooperating_units) else claim.cooperating,
        claim.deadline_text,
        claim.progress,
        claim.closed_by,
        claim.follow_up,
        claim.notes,
    )


def claimed_fields(claim: Claim, origin: Origin, on: date) -> dict[str, Any]:
    """Return what a claim says of a finding's own fields, its measures aside; nobody's hand is in any of it."""
    ended = claim.state in (State.CLOSED, State.WITHDRAWN, State.TRANSFERRED)
    return {
        "title": claim.title,
        "source": claim.source,
        "found_on": claim.found_on,
        "state": claim.state,
        "round": claim.round,
        "team": claim.team,
        "criteria": claim.criteria,
        "category": claim.category,
        "severity": claim.severity,
        "lead_unit": claim.lead_unit,
        "cooperating_units": claim.cooperating_units,
        "accountable_leader": claim.accountable_leader,
        "responsible_person": claim.responsible_person,
        "class_": claim.class_,
        "deadline": claim.deadline,
        "original_deadline": claim.original_deadline or claim.deadline,
        "closure_criteria": claim.closure_criteria,
        "assigned_on": claim.assigned_on,
        "closed_on": claim.closed_on,
        "ended_on": claim.closed_on if ended else None,
        "extensions": claim.extensions,
        "closed_late": closed_late(claim),
        "carried": carried(claim, origin, on),
    }


def closed_late(claim: Claim) -> bool:
    """Say whether a claim of closure means late: as the sheet says, or as its own two days say."""
    if claim.state is not State.CLOSED or claim.class_ is FindingClass.SUSTAINED:
        return False
    if claim.late is not None:
        return claim.late
    due = claim.deadline.due if claim.deadline else None
    return due is not None and claim.closed_on is not None and due < claim.closed_on


def happened_on(claim: Claim, today: date) -> date:
    """Return the last day that a claim speaks of; the day of the import where it names none."""
    return claim.closed_on or claim.assigned_on or claim.found_on or today


# -- what a claim must hold

_LINES = (
    "status", "alias", "source", "category", "team", "accountable_leader", "responsible_person", "closed_by",
)  # fmt: skip
_TEXTS = ("criteria", "cooperating", "deadline_text", "closure_criteria", "progress", "follow_up", "notes")
_UNIT_STATES = frozenset({State.ASSIGNED, State.RECTIFYING, State.AWAITING})


def checked(claim: Claim, today: date, register: Register) -> Claim:
    """Return the claim with its texts cleaned, or refuse it.

    Raises:
        Rejected: ``text.…`` as when a field is typed; ``unit.unknown``; ``assign.lead-cooperates``; ``date.future``;
            ``carry.no-unit``, ``carry.closed-on``, ``carry.date-order``, ``carry.count``.
    """
    changes = _checked_texts(claim)
    measures = claim.measures
    if not all(m.text and _clean(m.text + m.report, TEXT_LIMIT) for m in measures):
        changes["measures"] = tuple(
            replace(m, text=checked_text("measure", m.text), report=checked_text("progress", m.report, required=False))
            for m in measures
        )
    if claim.lead_unit:
        register.unit(claim.lead_unit)
    elif claim.state in _UNIT_STATES:
        raise Rejected("carry.no-unit", state=claim.state)
    for unit in claim.cooperating_units:
        if register.unit(unit).id == claim.lead_unit:
            raise Rejected("assign.lead-cooperates", number=claim.alias, unit=unit)
    _check_days(claim, today)
    if claim.round < 1 or claim.extensions < 0:
        raise Rejected("carry.count", round=claim.round, extensions=claim.extensions)
    return replace(claim, **changes) if changes else claim


def checked_origin(origin: Origin) -> Origin:
    """Return the origin, or refuse one that names no place."""
    _check_import(origin.file, origin.sha256, origin.sheet, origin.batch)
    if origin.row < 1:
        raise Rejected("carry.origin", sha256=origin.sha256[:80], row=origin.row)
    return origin


@lru_cache(maxsize=64)
def _check_import(file: str, sha256: str, sheet: str, batch: str) -> None:
    checked_line("file", file)
    checked_line("sheet", sheet, required=False)
    checked_line("batch", batch)
    if not SHA256.fullmatch(sha256):
        raise Rejected("carry.origin", sha256=sha256[:80], row=0)


def checked_cells(cells: dict[str, str]) -> dict[str, str]:
    """Return the raw cells, or refuse what no text can hold, and what names no cell."""
    if not cells:
        return cells
    words = "".join(cells.values())
    if len(words) > CELL_LIMIT or not words.replace("\n", "").isprintable():
        for text in cells.values():
            checked_text("cells", text, required=False, limit=CELL_LIMIT)
    if not _CELLS.fullmatch(" ".join(cells)):  # one look at all of them: an import brings a million
        bad = next((cell for cell in cells if not _CELLS.fullmatch(cell)), "")
        raise Rejected("text.identifier", field="cells", value=visible(bad)[:64])
    return cells


def _plain(claim: Claim) -> bool:
    """Say in a few looks at all texts together whether none needs a second one: an import asks fifty thousand times."""
    lines = (
        claim.status, claim.alias, claim.source, claim.category, claim.team, claim.accountable_leader,
        claim.responsible_person, claim.closed_by,
    )  # fmt: skip
    texts = "\n".join(
        (
            *lines, claim.title, claim.criteria, claim.cooperating, claim.deadline_text, claim.closure_criteria,
            claim.progress, claim.follow_up, claim.notes,
        )
    )  # fmt: skip
    return (
        claim.title != ""
        and len(claim.title) <= TITLE_LIMIT
        and len(texts) <= TEXT_LIMIT
        and texts.replace("\n", "").isprintable()
        and "".join(lines).isprintable()
        and " \n" not in texts
        and "\n " not in texts
        and max(map(len, lines)) <= LINE_LIMIT
    )


def _checked_texts(claim: Claim) -> dict[str, Any]:
    if _plain(claim):
        return {}
    changes: dict[str, Any] = {}
    if not (claim.title and _clean(claim.title, TITLE_LIMIT)):
        changes["title"] = checked_text("title", claim.title, limit=TITLE_LIMIT)
    for field in _LINES:
        text = getattr(claim, field)
        if text and not _clean(text, LINE_LIMIT):
            changes[field] = checked_line(field, text, required=False)
    for field in _TEXTS:
        text = getattr(claim, field)
        if text and not _clean(text, TEXT_LIMIT):
            changes[field] = checked_text(field, text, required=False)
    return changes


def _clean(text: str, limit: int) -> bool:
    """Say quickly whether a text surely needs no second look."""
    return text.isprintable() and len(text) <= limit and text[:1] != " " and text[-1:] != " "


def _check_days(claim: Claim, today: date) -> None:
    last: tuple[str, date] | None = None
    for field in ("found_on", "assigned_on", "closed_on"):
        day = getattr(claim, field)
        if day is None:
            continue
        if day > today:
            raise Rejected("date.future", field=field, date=day.isoformat(), today=today.isoformat())
        if last is not None and day < last[1]:
            raise Rejected(
                "carry.date-order", field=field, date=day.isoformat(), other=last[0], earliest=last[1].isoformat()
            )
        last = (field, day)
    if claim.closed_on is not None and claim.state is not State.CLOSED:
        raise Rejected("carry.closed-on", state=claim.state, date=claim.closed_on.isoformat())
