"""Any moment: lists, counts and free text drawn from kept intervals are those of a replay from the start up to it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from taizhang.ledger.domain.catalogue import entry, stream_of_number
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.lights import Yardstick, light, yardstick
from taizhang.ledger.domain.register import Register
from taizhang.projections import listing, problems, registry, search
from taizhang.projections.cells import Scale, Since
from taizhang.projections.filter import Filter, Term, compiled, tree
from taizhang.projections.log import Connection
from tests.projections.ledgers import Writer, built, followed, ledgers
from tests.projections.test_filter import terms

WORDS = ("财政", "新", "修订", "重新", "czj", "li", "重庆路", "001")


def stood(writer: Writer, number: str, index: int) -> Finding:
    """Fold one finding up to an event."""
    finding = None
    for row in writer.rows[: index + 1]:
        if row[1] == stream_of_number(number):
            finding = evolve(finding, entry(*row))
    assert finding is not None
    return finding


def judged(today: date, register: Register) -> Yardstick:
    return yardstick(today, register.policy, register.calendar())


def moment(fresh: Connection, index: int) -> tuple[Register, problems.Then]:
    register = registry.load(fresh)
    return register, problems.Then(index, {unit.id: unit.name for unit in register.units.values()})


days = st.integers(-5, 40).map(lambda n: date(2023, 4, 20) + timedelta(n))


@settings(max_examples=60)
@given(ledgers(), st.data(), days)
def test_a_list_as_of_a_moment_is_that_of_a_replay(writer: Writer, data: st.DataObject, today: date) -> None:
    index = data.draw(st.integers(-1, len(writer.rows) - 1))
    cuts = data.draw(st.lists(st.integers(1, len(writer.rows) - 1), max_size=4))
    file, fresh = followed(writer.rows, cuts), built(writer.rows[: index + 1])
    register, then = moment(fresh, index)
    by = judged(today, register)
    for order in problems.Order:
        for descending in (False, True):
            expected = problems.page(fresh, order=order, descending=descending, by=by)
            assert problems.page(file, order=order, descending=descending, by=by, then=then) == expected
            part = problems.page(file, order=order, descending=descending, limit=3, offset=2, by=by, then=then)
            assert part == expected[2:5]
    assert problems.count(file, then=then) == problems.count(fresh)
    for row in problems.page(file, by=by, then=then):
        finding = stood(writer, row.number, index)
        assert (row.light, row.title, row.version) == (light(finding, by), finding.title, finding.version)


@settings(max_examples=100)
@given(
    ledgers(),
    st.data(),
    days,
    st.lists(terms().filter(lambda t: not isinstance(t.node, tree.Words)), min_size=1, max_size=2),
    st.lists(st.builds(Term, st.sampled_from(WORDS).map(tree.Words), st.booleans()), max_size=2),
)
def test_a_filter_as_of_a_moment_lets_through_what_it_did_then(
    writer: Writer, data: st.DataObject, today: date, drawn: list[Term], words: list[Term]
) -> None:
    index = data.draw(st.integers(5, len(writer.rows) - 1))
    file, fresh = followed(writer.rows), built(writer.rows[: index + 1])
    register, then = moment(fresh, index)
    by = judged(today, register)
    try:
        where = compiled(Filter((*drawn, *words)), register, by, then=True)
    except Rejected:  # a unit that was not yet, or no longer, called so
        assume(False)
        raise
    file.execute("BEGIN")
    known = registry.load(file).units
    renamed = [unit.id for unit in register.units.values() if known[unit.id].name != unit.name]
    resaid = search.resaid(file, index, renamed)
    search.stand_in(file, ((id_, stood(writer, number, index)) for id_, number in resaid), register)
    assert problems.page(file, where, by=by, then=then) == problems.page(fresh, where, by=by)
    assert problems.count(file, where, then) == problems.count(fresh, where)
    for order in problems.Order:
        part, total = problems.page_then(file, where, order=order, limit=3, offset=1, by=by, then=then)
        assert part == problems.page(fresh, where, order=order, limit=3, offset=1, by=by)
        assert total == problems.count(fresh, where)
    numbers = [finding.number for finding in problems.findings(fresh, where)]
    assert list(listing.numbers_then(file, where, then)) == numbers
    file.execute("ROLLBACK")


@settings(max_examples=60)
@given(ledgers(), st.data(), days, days)
def test_a_difference_is_that_of_two_lists(writer: Writer, data: st.DataObject, day: date, other: date) -> None:
    places = st.integers(-1, len(writer.rows) - 1)
    earlier, later = sorted((data.draw(places), data.draw(places)))
    file = built(writer.rows)
    before, after = built(writer.rows[: earlier + 1]), built(writer.rows[: later + 1])
    register, then = moment(after, later)
    since = Since(earlier, judged(min(day, other), registry.load(before)))
    by = judged(max(day, other), register)
    old = {row.number: row for row in problems.page(before, by=since.by)}
    new = {row.number: row for row in problems.page(after, by=by)}

    def is_open(row: problems.ProblemRow | None) -> bool:
        return row is not None and row.light != "grey"

    found = listing.difference(file, problems.EVERYTHING, Scale(by, then, since))
    entered = [n for n in new if n not in old or (is_open(new[n]) and not is_open(old[n]))]
    left = [n for n in new if not is_open(new[n]) and (n not in old or is_open(old[n]))]
    moved = [n for n in old if new[n].version != old[n].version]
    assert [row.number for row in found["entered"]] == entered
    assert [row.number for row in found["left"]] == left
    assert [row.number for row in found["changed"]] == [n for n in moved if n not in (*entered, *left)]
    red = [n for n in new if new[n].light == "red" and (n not in old or old[n].light != "red")]
    assert [row.number for row in found["newly_overdue"]] == red
    assert all(row == new[row.number] for rows in found.values() for row in rows)
