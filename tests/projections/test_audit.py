"""The trail: one row for every event of every stream, newest first, by person and by finding."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.catalogue import entry
from taizhang.projections.audit import Part, TrailRow, count, trail
from tests.projections.ledgers import ACTORS, Writer, built, ledgers


def expected(writer: Writer) -> list[TrailRow]:
    rows: list[TrailRow] = []
    places: dict[str, int] = {}
    for columns in writer.rows:
        event = entry(*columns)
        who = event.envelope
        finding = writer.findings.get(event.stream)
        place = places.setdefault(event.stream, len(places) + 1) if finding else 0
        rows.append(
            TrailRow(
                event.index,
                event.stream,
                finding.number if finding else "",
                event.version,
                event.topic,
                who.actor,
                who.os_user,
                who.host,
                who.via,
                event.recorded_at,
                who.happened_on,
                getattr(event.data, "same_account", False),
                place,
            )
        )
    return rows[::-1]


@given(ledgers(), st.integers(0, 15), st.integers(0, 15), st.sampled_from(("", *ACTORS, "nobody")), st.data())
def test_the_trail_is_every_event(writer: Writer, offset: int, limit: int, actor: str, data: st.DataObject) -> None:
    file: Any = built(writer.rows)
    numbers = [finding.number for finding in writer.findings.values()]
    number = data.draw(st.sampled_from(["", "JZ-2023-999", *numbers]))
    last = data.draw(st.none() | st.integers(-1, len(writer.rows) + 2))
    wanted = [
        row
        for row in expected(writer)
        if actor in ("", row.actor) and number in ("", row.number) and (last is None or row.index <= last)
    ]
    part = Part(actor, number, last)
    assert trail(file, part, offset=offset, limit=limit) == wanted[offset : offset + limit]
    assert count(file, part) == len(wanted)


def test_an_empty_ledger_has_an_empty_trail() -> None:
    assert trail(built([]), Part()) == []
    assert count(built([]), Part()) == 0
