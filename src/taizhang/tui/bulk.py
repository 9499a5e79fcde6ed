"""Owns what a step for several findings comes to: which it touches, which it does not and why, one by one. Draws nothing.

The list decides what may be touched: a marked finding that its filter hides is counted and left alone. Asks the desk, so
threads call it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.ledger.domain.transitions import BY_COMMAND
from taizhang.service.desk import Desk, FindingRow, Query

from .field import Kind, Start
from .forms import FORMS, Form

MOST = 500
"""Findings that can be marked at once: a list that somebody can still read before saying yes."""

_CHUNK = 40
_OWN = frozenset({Kind.MEASURE, Kind.AMENDABLE, Kind.AMENDED, Kind.FILE})


class Fate(StrEnum):
    """What becomes of one finding."""

    READY = "ready"
    BARRED = "barred"
    DONE = "done"
    FAILED = "failed"


class Touched(Struct, frozen=True):
    """One finding of a bulk step.

    Args:
        row: the finding as it stood when the list was made; it is not touched once it has changed.
        fate: what becomes of it.
        refusal: why not.
        index: the event that was recorded.
    """

    row: FindingRow
    fate: Fate = Fate.READY
    refusal: Refusal | None = None
    index: int = -1


class Scope(Struct, frozen=True):
    """The marked findings that the list shows, and how many it hides.

    Args:
        rows: those in the list, in its order.
        hidden: marked, but not in the list: never touched.
        refusals: step → number → why it cannot be taken (None: it can).
    """

    rows: tuple[FindingRow, ...]
    hidden: int
    refusals: dict[str, dict[str, Refusal | None]]

    def steps(self) -> Iterator[tuple[str, int]]:
        """Yield the steps that at least one finding can take, with how many can, in the order of the table."""
        for step, each in self.refusals.items():
            able = sum(refusal is None for refusal in each.values())
            if able:
                yield step, able

    def touched(self, step: str) -> tuple[Touched, ...]:
        """Return what the step would do to each finding."""
        reasons = self.refusals.get(step, {})
        found = []
        for row in self.rows:
            reason = reasons[row.number] if row.number in reasons else self._state(step, row)
            found.append(Touched(row, Fate.READY if reason is None else Fate.BARRED, reason))
        found.sort(key=lambda each: each.fate is not Fate.READY)  # what will be touched comes first
        return tuple(found)

    def _state(self, step: str, row: FindingRow) -> Refusal:
        """What a finding would meet that is not even offered the step: as the rules say it."""
        sources = BY_COMMAND[FORMS[step].command].sources
        return Rejected(
            "state.wrong",
            command=step,
            number=row.number,
            state=row.status,
            allowed_states=sorted(source for source in sources if source),
            allowed_steps=[name for name, each in self.refusals.items() if row.number in each],
        )


def for_many(form: Form) -> bool:
    """Whether one filled form can be meant for several findings."""
    return not any(field.kind in _OWN or field.start is Start.MEASURES for field in form.fields)


def scope_of(desk: Desk, marks: Sequence[str], query: Query, actor: str) -> Scope:
    """Return what a step for the marked findings could touch.

    Raises:
        Rejected: as `Desk.findings`.
    """
    found: dict[str, FindingRow] = {}
    for at in range(0, len(marks), _CHUNK):
        numbers = ",".join(f'"{number}"' for number in marks[at : at + _CHUNK])
        wanted = replace(
            query, filter=f"{query.filter} number={numbers}".strip(), offset=0, limit=None, uncounted=False
        )
        found |= {row.number: row for row in desk.findings(wanted).rows}
    rows = tuple(found[number] for number in marks if number in found)
    refusals: dict[str, dict[str, Refusal | None]] = {}
    for row in rows:
        for offer in desk.offers(row.number, actor):
            step = offer.transition.name
            if step in FORMS and for_many(FORMS[step]):
                refusals.setdefault(step, {})[row.number] = offer.refusal
    return Scope(rows, len(marks) - len(rows), refusals)


def told(touched: Mapping[str, Touched]) -> tuple[int, int]:
    """Return how many are done and how many are not."""
    done = sum(each.fate is Fate.DONE for each in touched.values())
    return done, len(touched) - done
