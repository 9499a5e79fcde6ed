"""Owns the columns of one finding's history: a row for every event, from the log itself. It must not know a file format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.events import FindingAmended
from taizhang.locale.telling import event_pairs

from .labels import Labels
from .tables import Column

_ENTRY = Entry[Any]
PERSONS = ("accountable_leader", "responsible_person")


def _content(entry: _ENTRY, labels: Labels) -> str:
    """Return what the event says, a field a line."""
    pairs = event_pairs(entry, labels.words, labels.register)
    return "\n".join(labels.words("export.said", field=field, value=text) for field, text in pairs)


def _through(entry: _ENTRY, labels: Labels) -> str:
    who = entry.envelope
    if labels.masked:  # the computer account often is a name
        return labels.words.term("via", who.via)
    return f"{labels.words.term('via', who.via)} {who.os_user}@{who.host}"


HISTORY: tuple[Column, ...] = (
    Column("index", lambda entry, _: entry.index, width=8),
    Column("version", lambda entry, _: entry.version, width=6),
    Column("recorded_at", lambda entry, _: entry.recorded_at, lambda entry, x: x.minute(entry.recorded_at), 17),
    Column("happened_on", lambda entry, _: entry.envelope.happened_on, width=11),
    Column("topic", lambda entry, _: entry.topic, lambda entry, x: x.words.term("topic", entry.topic), 14),
    Column(
        "actor", lambda entry, _: entry.envelope.actor, lambda entry, x: x.person(entry.envelope.actor), 14, person=True
    ),
    Column("via", lambda entry, _: entry.envelope.via, _through, 22),
    Column("content", lambda entry, _: {**dict(_said(entry.data)), "why": entry.envelope.why}, _content, 60),
)
"""The columns of a history. What an event says stands whole in JSON."""


def persons_in(entries: Iterable[_ENTRY]) -> tuple[str, ...]:
    """Return the persons whom the events name, who need not be in the register."""
    found: list[str] = []
    for entry in entries:
        found += [name for field in PERSONS if (name := getattr(entry.data, field, ""))]
        if isinstance(entry.data, FindingAmended) and entry.data.field in PERSONS:
            found += [text for text in (entry.data.old, entry.data.new) if isinstance(text, str) and text]
    return tuple(dict.fromkeys(found))


def _said(event: Struct) -> Iterator[tuple[str, Any]]:
    for field in structs.fields(event):
        yield field.encode_name, getattr(event, field.name)
