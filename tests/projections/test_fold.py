"""Rebuilding gives byte-equal rows to following along, in whatever batches and with whatever restarts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.domain.catalogue import entry
from taizhang.ledger.domain.events import FindingCommented
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.projections import fold, problems, registry
from taizhang.projections.registry import grown
from tests.projections.ledgers import Writer, built, dump, followed, ledgers


@given(st.data())
def test_rebuilding_gives_the_rows_of_following_along(data: st.DataObject) -> None:
    rows = data.draw(ledgers()).rows
    places = st.lists(st.integers(1, len(rows) - 1), max_size=8)
    along = followed(rows, data.draw(places), data.draw(places))
    assert dump(built(rows, data.draw(st.integers(1, len(rows))))) == dump(along)
    assert dump(followed(rows)) == dump(along)


@given(ledgers())
def test_what_is_kept_is_the_fold_of_the_domain(writer: Writer) -> None:
    file = followed(writer.rows, range(0, len(writer.rows), 5))
    folded: dict[str, Finding] = {}
    others = []
    for row in writer.rows:
        event = entry(*row)
        if event.stream.startswith("finding/"):
            folded[event.stream] = evolve(folded.get(event.stream), event)
        else:
            others.append(event)
    assert {f.number: problems.finding(file, f.number) for f in folded.values()} == {
        f.number: f for f in folded.values()
    }
    assert registry.load(file) == grown(registry.Register(), others)
    assert list(registry.load(file).units) == list(grown(registry.Register(), others).units)


def test_a_build_that_keeps_few_states_in_memory_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer()
    writer.register()
    streams = [writer.log("JZ-2023") for _ in range(20)]
    for stream in (*streams, *reversed(streams), *streams[::3]):
        writer.put(stream, FindingCommented("知悉"))
    whole = dump(built(writer.rows))
    monkeypatch.setattr(fold, "KEPT_STATES", 4)
    assert dump(built(writer.rows, batch=3)) == whole
