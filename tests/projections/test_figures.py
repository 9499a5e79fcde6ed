"""Figures: every count is the length of the list behind it, and means what the domain says, now and as of any moment."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.catalogue import entry, stream_of_number
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light, light
from taizhang.ledger.domain.values import OPEN_STATES, Conclusion, FindingClass, State
from taizhang.projections import cells, closure, listing, problems, registry
from tests.projections.ledgers import Writer, built, ledgers
from tests.projections.test_then import days, judged, moment


@settings(max_examples=30)
@given(ledgers(), st.data(), days, days, st.sampled_from(sorted(cells.DIMENSIONS)))
def test_every_count_is_the_length_of_its_list(
    writer: Writer, data: st.DataObject, day: date, other: date, by: str
) -> None:
    places = st.integers(5, len(writer.rows) - 1)
    earlier, later = sorted((data.draw(places), data.draw(places)))
    file, fresh = built(writer.rows), built(writer.rows[: later + 1])
    register, then = moment(fresh, later)
    since = cells.Since(earlier, judged(min(day, other), registry.load(built(writer.rows[: earlier + 1]))))
    yardstick = judged(max(day, other), register)
    where = data.draw(st.sampled_from((problems.EVERYTHING, problems.Where("p.returns = 0"))))
    for beginning in (None, since):
        scale = cells.Scale(yardstick, then, beginning)
        tally = closure.tally(file, by, register, scale, where)
        assert closure.tally(fresh, by, register, cells.Scale(yardstick, None, beginning), where) == tally
        parts = [("", group.key, group.counts) for group in tally.groups]
        parts += [("", None, tally.total), ("first", None, tally.first), ("later", None, tally.later)]
        for rounds, key, counts in parts:
            for figure in cells.COUNTS:
                cell = SimpleNamespace(by=by, figure=figure, key=key, rounds=rounds)
                behind = listing.of_cell(where, cell, register, scale)
                rows = problems.page(file, behind, by=yardstick, then=then)
                assert getattr(counts, figure) == len(rows), (figure, key, rounds)


@settings(max_examples=30)
@given(ledgers(), days)
def test_figures_mean_what_the_domain_says(writer: Writer, today: date) -> None:
    file = built(writer.rows)
    register = registry.load(file)
    by = judged(today, register)
    findings = list(writer.findings.values())

    def countable(f: Finding) -> bool:
        ended = f.state in (State.WITHDRAWN, State.TRANSFERRED)
        return not ended and f.class_ is not FindingClass.SUSTAINED

    def verified(f: Finding) -> bool:
        effective = f.verification is not None and f.verification.conclusion is Conclusion.EFFECTIVE
        return f.state is State.AWAITING and effective

    total = closure.tally(file, "unit", register, cells.Scale(by)).total
    closed = [f for f in findings if countable(f) and f.state is State.CLOSED]
    handed = [f for f in findings if countable(f) and f.state is not State.LOGGED]
    due = [f for f in findings if countable(f) and f.due is not None and f.due <= today]
    assert total.total == len(findings)
    assert total.open == sum(f.state in OPEN_STATES for f in findings)
    assert total.overdue == sum(light(f, by) is Light.RED for f in findings)
    assert total.due_soon == sum(light(f, by) is Light.YELLOW for f in findings)
    assert total.countable == sum(map(countable, findings))
    assert total.closed == len(closed)
    assert total.verified == sum(map(verified, findings))
    assert total.to_rectify == len(handed)
    assert total.rectified == sum(f.state is State.CLOSED or verified(f) for f in handed)
    assert total.due == len(due)
    assert total.on_time == sum(f.state is State.CLOSED and not f.closed_late for f in due)
    assert total.reopened == sum(f.round > 1 for f in findings)
    assert total.returns == sum(f.returns + sum(r.returns for r in f.rounds) for f in findings)
    assert total.extensions == sum(f.extensions + sum(r.extensions for r in f.rounds) for f in findings)


@settings(max_examples=40)
@given(ledgers(), st.data(), days)
def test_a_period_counts_what_happened_in_it(writer: Writer, data: st.DataObject, today: date) -> None:
    earlier = data.draw(st.integers(5, len(writer.rows) - 1))
    file = built(writer.rows)
    register = registry.load(file)
    scale = cells.Scale(judged(today, register), None, cells.Since(earlier, judged(today, register)))
    total = closure.tally(file, "category", register, scale).total
    after = [entry(*row) for row in writer.rows[earlier + 1 :]]

    def streams(event: type) -> int:
        return len({one.stream for one in after if isinstance(one.data, event)})

    assert total.new == streams(e.FindingLogged)
    assert total.newly_closed == streams(e.FindingClosed)
    assert total.returned == streams(e.FindingReturned)
    assert total.extended == streams(e.ExtensionGranted)
    assert total.newly_reopened == streams(e.FindingReopened)
    new = {one.stream for one in after if isinstance(one.data, e.FindingLogged)}
    beside = (e.FindingCommented, e.FindingLinked, e.FindingAmended)
    moved = {one.stream for one in after if not isinstance(one.data, beside)} - new
    still_open = {stream_of_number(f.number) for f in problems.findings(file) if f.state in OPEN_STATES}
    assert total.progressed == len(moved & still_open)
