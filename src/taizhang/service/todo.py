"""Owns the worklist: what the policy calls for of every finding. It suggests; a person decides, and the deed is the event."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Yardstick
from taizhang.ledger.domain.rules import Context, offers
from taizhang.ledger.domain.worklist import Suggestion, suggestions
from taizhang.projections import listing
from taizhang.projections.log import Connection


def worklist(connection: Connection, by: Yardstick, context: Context | None) -> tuple[Suggestion, ...]:
    """Return what is called for on the day of the yardstick, oldest first.

    Args:
        connection: the read models.
        by: the day, the policy and the calendar.
        context: who asks: only steps that the table, their roles and their unit allow; None for everyone's.
    """
    found = (todo for finding in listing.waiting(connection, by) for todo in _of(finding, by, context))
    return tuple(sorted(found, key=lambda todo: (todo.since, todo.number, todo.step)))


def _of(finding: Finding, by: Yardstick, context: Context | None) -> Iterator[Suggestion]:
    todos = list(suggestions(finding, by))
    if not todos or context is None:
        yield from todos
        return
    allowed = {offer.transition.name for offer in offers(finding, context) if offer.refusal is None}
    yield from (todo for todo in todos if todo.step in allowed)
