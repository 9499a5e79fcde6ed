"""Owns the shape of a finding: all that a figure asks of it beside its group and its due date, packed into one number.

Findings of one shape count alike, so that figures are counted along an index instead of being sorted together.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.values import OPEN_STATES, Conclusion, FindingClass, State

STAGES: dict[State, int] = {state: place for place, state in enumerate(State)}
"""The order of a finding's life, for sorting by status."""

BY_STAGE = {place: state for state, place in STAGES.items()}
_CLASSES: dict[FindingClass | None, int] = {None: 0} | {class_: place for place, class_ in enumerate(FindingClass, 1)}
_BY_CLASS = {place: class_ for class_, place in _CLASSES.items()}

STAGE_BITS = 0x7
CLASS_SHIFT, MISSED, LATE, VERIFIED, LATER = 3, 1 << 6, 1 << 7, 1 << 8, 1 << 9
RETURNS_SHIFT, EXTENSIONS_SHIFT, MOST = 10, 20, 0x3FF
CARRIED = 1 << 30


class Shape(Struct, frozen=True):
    """What a shape stands for.

    Args:
        state: where it stands.
        class_: how its rectification is paced; None before it is assigned.
        missed: a deadline of this round passed before it was moved.
        late: closed after its deadline.
        verified: an effective verification waits for the approval.
        later: it was reopened: the second round or a later one.
        returns: how often it was sent back, in all rounds (at most 1,023 are counted).
        extensions: how many extensions it was granted, in all rounds (at most 1,023 are counted).
        carried: closed by the word of a sheet alone (期初转入): counted apart.
    """

    state: State
    class_: FindingClass | None
    missed: bool
    late: bool
    verified: bool
    later: bool
    returns: int
    extensions: int
    carried: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is not ended."""
        return self.state in OPEN_STATES

    @property
    def countable(self) -> bool:
        """Whether it counts in a rate: neither sustained, withdrawn, transferred nor closed by a sheet's word."""
        ended_otherwise = self.state in (State.WITHDRAWN, State.TRANSFERRED) or self.carried
        return not ended_otherwise and self.class_ is not FindingClass.SUSTAINED


def shape_of(f: Finding) -> int:
    """Return the shape of a finding."""
    verified = f.state is State.AWAITING and f.verification is not None
    effective = verified and f.verification is not None and f.verification.conclusion is Conclusion.EFFECTIVE
    returns = f.returns + sum(round_.returns for round_ in f.rounds)
    extensions = f.extensions + sum(round_.extensions for round_ in f.rounds)
    return (
        STAGES[f.state]
        | _CLASSES[f.class_] << CLASS_SHIFT
        | MISSED * f.missed
        | LATE * (f.state is State.CLOSED and f.closed_late)
        | VERIFIED * effective
        | LATER * (f.round > 1)
        | min(returns, MOST) << RETURNS_SHIFT
        | min(extensions, MOST) << EXTENSIONS_SHIFT
        | CARRIED * f.carried_closed
    )


@lru_cache(maxsize=4096)
def unpacked_shape(shape: int) -> Shape:
    """Return what a shape stands for."""
    return Shape(
        BY_STAGE[shape & STAGE_BITS],
        _BY_CLASS[shape >> CLASS_SHIFT & STAGE_BITS],
        bool(shape & MISSED),
        bool(shape & LATE),
        bool(shape & VERIFIED),
        bool(shape & LATER),
        shape >> RETURNS_SHIFT & MOST,
        shape >> EXTENSIONS_SHIFT & MOST,
        bool(shape & CARRIED),
    )
