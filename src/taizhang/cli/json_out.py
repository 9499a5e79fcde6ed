"""Owns the JSON that scripts read: the documents of findings, history entries and refusals.

It must not know how people are shown the same things.
"""

from __future__ import annotations

from typing import Any

import msgspec

from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Yardstick, light
from taizhang.ledger.domain.register import Person, Programme, Register, Unit
from taizhang.ledger.domain.worklist import Suggestion
from taizhang.service.desk import Counts, Figures


def text(value: Any) -> str:
    """Return a value as one line of JSON; sets come out sorted, paths as text."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def _plain(value: Any) -> Any:
    return str(value)


def finding(state: Finding, register: Register, by: Yardstick) -> dict[str, Any]:
    """Return the document of one finding: the keys of the list first, then all that is known of it."""
    unit = register.units.get(state.lead_unit)
    document: dict[str, Any] = {
        "number": state.number,
        "aliases": [state.carried.alias] if state.carried and state.carried.alias else [],
        "title": state.title,
        "status": state.state,
        "round": state.round,
        "class": state.class_,
        "source": state.source,
        "category": state.category,
        "unit": state.lead_unit,
        "unit_name": unit.name if unit else "",
        "due": state.due,
        "original_due": state.original_due,
        "light": light(state, by),
        "version": state.version,
        "logged_at": state.logged_at,
        "closed_at": state.closed_at or None,
    }
    skipped = {"state", "class_", "lead_unit", "deadline", "original_deadline", "hands"}
    for field in msgspec.structs.fields(Finding):
        if field.name not in skipped:
            document.setdefault(field.name, getattr(state, field.name))
    return document


def entry(recorded: Entry[Any]) -> dict[str, Any]:
    """Return the document of one history entry."""
    envelope = recorded.envelope
    return {
        "index": recorded.index,
        "version": recorded.version,
        "topic": recorded.topic,
        "actor": envelope.actor,
        "recorded_at": recorded.recorded_at,
        "happened_on": envelope.happened_on,
        "via": envelope.via,
        "data": envelope.data,
        "why": envelope.why,
        "os_user": envelope.os_user,
        "host": envelope.host,
        "command": envelope.command,
        "stream": recorded.stream,
        "same_account": bool(getattr(envelope.data, "same_account", False)),
    }


def unit(one: Unit) -> dict[str, Any]:
    """Return the document of a unit."""
    return {"id": one.id, "name": one.name, "parent": one.parent}


def person(one: Person) -> dict[str, Any]:
    """Return the document of a person."""
    return {"id": one.id, "name": one.name, "unit": one.unit, "roles": sorted(one.roles), "active": one.active}


def programme(one: Programme) -> dict[str, Any]:
    """Return the document of a programme."""
    return {
        "code": one.code,
        "name": one.name,
        "phases": one.phases,
        "opened_on": one.opened_on,
        "closed_on": one.closed_on,
    }


def figures(found: Figures) -> dict[str, Any]:
    """Return the document of closure figures, each group with its rate in whole percent."""
    return {
        "by": found.by,
        "today": found.today,
        "index": found.index,
        "when": found.when,
        "since": found.since,
        "groups": [_counts(group) for group in found.groups],
        "total": _counts(found.total),
        "first": _counts(found.first),
        "later": _counts(found.later),
        "before": figures(found.before) if found.before else None,
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(counts),
        "rate": counts.rate,
        "rectification_rate": counts.rectification_rate,
        "on_time_rate": counts.on_time_rate,
        "returns_each": counts.returns_each,
        "extensions_each": counts.extensions_each,
    }


def suggestion(todo: Suggestion, sentence: str) -> dict[str, Any]:
    """Return the document of a suggestion."""
    return {**msgspec.structs.asdict(todo), "message": sentence}


def calendar(one: Calendar) -> dict[str, Any]:
    """Return the document of a calendar."""
    return {
        "id": one.id,
        "edition": one.edition,
        "published": None if one.published is None else sorted(one.published),
        "days_off": sorted(one.days_off),
        "make_up": sorted(one.make_up),
        "weekend": sorted(one.weekend),
    }


def refusal(refused: Refusal, sentence: str) -> str:
    """Return the document of a refusal. Its parameters may hold what no JSON encoder takes, so they come out as text."""
    import json

    document = {"error": {"code": refused.code, "message": sentence, "params": refused.params}}
    return json.dumps(document, ensure_ascii=False, default=str)
