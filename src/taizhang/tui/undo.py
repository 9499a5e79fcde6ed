"""Owns which step takes back what was done last. Nothing is ever removed: taking back is a further event, where the rules have one.

Where they have none this says so; it never offers something that only looks like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.events import FindingAmended, MeasureActed
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.rules import Offer
from taizhang.service.desk import Desk

from .forms import unit_text

WAYS: dict[str, str] = {
    "logged": "withdraw",
    "assigned": "object",
    "objected": "assign",
    "measure-acted": "act",
    "closure-requested": "return",
    "plan-revised": "plan",
    "verified": "return",
    "returned": "request-closure",
    "closed": "follow-up",
    "extension-requested": "refuse",
    "extension-refused": "extend",
    "followed-up": "follow-up",
    "amended": "amend",
}
"""What happened → the step that takes it back. What is not here cannot be taken back; `tui.undo.not.…` says why."""


class WayBack(Struct, frozen=True):
    """What can be done about the last step of a finding.

    Args:
        entry: the last event.
        finding: the finding as it stands.
        happened: its word, as in `WAYS`.
        step: the step that takes it back; empty where there is none.
        texts: what its form begins with.
        offer: whether this person may take it; None where it is not possible now.
    """

    entry: Entry[Any]
    finding: Finding
    happened: str
    step: str
    texts: dict[str, str]
    offer: Offer | None


def way_back(desk: Desk, number: str, actor: str, register: Register) -> WayBack:
    """Return what can be done about the last step; asks the desk, so a thread calls it.

    Raises:
        Rejected, Unreachable: as the desk.
    """
    steps = desk.replay(number)
    entry, finding = steps[-1].entry, steps[-1].finding
    before = steps[-2].finding if len(steps) > 1 else None
    happened = entry.topic.split(".")[1]
    step = WAYS.get(happened, "")
    offers = desk.offers(number, actor) if step and actor else ()
    offer = next((offer for offer in offers if offer.transition.name == step), None)
    return WayBack(entry, finding, happened, step, _texts(entry, before, register), offer)


def _texts(entry: Entry[Any], before: Finding | None, register: Register) -> dict[str, str]:
    """What a form begins with so that it brings back what was."""
    match entry.data:
        case FindingAmended(field=field, old=old):
            return {"field": field, "value": old if isinstance(old, str) else _units(old, register)}
        case MeasureActed(measure=measure) if before is not None:
            was = before.measures[measure - 1]
            return {"measure": f"{measure}", "progress": was.progress.value, "text": was.report}
        case _ if entry.topic.startswith("finding.plan-revised.") and before is not None:
            return {"measures": "\n".join(" ".join(measure.text.split("\n")) for measure in before.measures)}
        case _:
            return {}


def _units(units: Sequence[str], register: Register) -> str:
    return "、".join(unit_text(register, unit) for unit in units)
