"""decide and evolve are pure and total: whatever comes in, an event or a refusal comes out, and what came in stays as it was."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import Person, decide_register, evolve_register
from taizhang.ledger.domain.rules import Context, decide, offers
from taizhang.ledger.domain.transitions import BY_COMMAND, BY_IMPORT, TRANSITIONS, Party, Transition
from taizhang.ledger.domain.values import OPEN_STATES, State, Via
from tests.domain.spec import HISTORIES, NUMBER, REGISTER, STREAM, TODAY, Happened, account_of, folded, ready
from tests.domain.strategies import CONTEXTS, WILD, findings, struct

COMMANDS: list[type[c.FindingCommand]] = list(get_args(c.FindingCommand))
REGISTER_COMMANDS: list[type[r.RegisterCommand]] = list(get_args(r.RegisterCommand))


def outcome(command: c.FindingCommand, finding: Finding | None, ctx: Context) -> Any:
    """Return the event, or the refusal as a value; whatever else is raised comes through and fails the test."""
    try:
        return decide(command, finding, ctx, number=NUMBER)
    except Rejected as refusal:
        return refusal.code, msgspec.json.encode(refusal.params)


def stored(event: Any, ctx: Context, version: int) -> Any:
    """Return the entry of an event, through the bytes that the log would keep."""
    envelope: Envelope[Any] = Envelope(
        ctx.actor.id, ctx.account.os_user, ctx.account.host, Via.API, "c", ctx.happened_on, event
    )
    topic = catalogue.TOPICS[type(event)]
    return catalogue.entry(0, STREAM, version, topic, "2023-05-10T08:00:00.000000Z", catalogue.encode(envelope))


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_any_command_on_any_finding(kind: type[c.FindingCommand]) -> None:
    @settings(max_examples=25)
    @given(struct(kind, WILD), findings(), CONTEXTS)
    def total(command: c.FindingCommand, finding: Finding | None, ctx: Context) -> None:
        before = msgspec.json.encode([finding, REGISTER])
        event = outcome(command, finding, ctx)
        assert outcome(command, finding, ctx) == event, "the same question has the same answer"
        if not isinstance(event, tuple):
            assert type(event) is BY_COMMAND[kind].event
            entry = stored(event, ctx, finding.version + 1 if finding else 1)
            assert entry.data == event, "what was decided is what is read"
            after = evolve(finding, entry)
            assert evolve(finding, entry) == after
            assert after.version == (finding.version + 1 if finding else 1)
            assert after.state is (BY_COMMAND[kind].target or (finding.state if finding else None))
            msgspec.json.encode(after)
        assert msgspec.json.encode([finding, REGISTER]) == before

    total()


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.name)
def test_an_allowed_command_with_any_words(row: Transition) -> None:
    """As above, but where state, role and unit fit: the texts, days and counts are what is judged."""
    actor = Person("somebody", "某*", row.roles, "east" if row.party in (Party.LEAD, Party.INVOLVED) else "team")
    lives = [history_for(row, state) for state in row.sources]

    @settings(max_examples=50)
    @given(struct(row.command, WILD), st.sampled_from(lives), CONTEXTS)
    def total(command: c.FindingCommand, life: tuple[Happened, ...], ctx: Context) -> None:
        finding = folded(life)
        ctx = msgspec.structs.replace(ctx, actor=actor, happened_on=TODAY)
        event = outcome(command, finding, ctx)
        if isinstance(event, tuple):
            assert event[0] not in {"state.wrong", "role.missing", "unit.not-yours", "finding.unknown"}
        else:
            evolve(finding, stored(event, ctx, finding.version + 1 if finding else 1))

    total()


def history_for(row: Transition, state: State | None) -> tuple[Happened, ...]:
    """Return a life that ends in the state and is ready for the step."""
    return ready(row.name, state)


@settings(max_examples=50)
@given(findings(), CONTEXTS)
def test_offers_are_total(finding: Finding | None, ctx: Context) -> None:
    state = finding.state if finding else None
    assert [offer.transition for offer in offers(finding, ctx)] == [
        row for row in TRANSITIONS if state in row.sources and row.command not in BY_IMPORT
    ]


@pytest.mark.parametrize("kind", REGISTER_COMMANDS, ids=lambda kind: kind.__name__)
def test_any_command_on_the_register(kind: type[r.RegisterCommand]) -> None:
    admin = REGISTER.people["jiang"]

    @settings(max_examples=40)
    @given(struct(kind, WILD))
    def total(command: r.RegisterCommand) -> None:
        before = msgspec.json.encode(REGISTER)
        try:
            event = decide_register(command, REGISTER, admin)
        except Rejected as refusal:
            msgspec.json.encode(refusal.params)
        else:
            envelope: Envelope[Any] = Envelope("jiang", "jiang", "pc-jiang", Via.API, "c", TODAY, event)
            back = catalogue.DECODE[catalogue.TOPICS[type(event)]](catalogue.encode(envelope))
            assert back == envelope
            assert evolve_register(REGISTER, [back]).version == REGISTER.version + 1
        assert msgspec.json.encode(REGISTER) == before

    total()


def test_a_log_that_does_not_begin_with_logging_is_damaged() -> None:
    first, second = HISTORIES[State.ASSIGNED]
    with pytest.raises(ValueError, match="does not begin"):
        evolve(None, stored(second.event, _context(), 1))
    with pytest.raises(ValueError, match="does not begin"):
        evolve(None, stored(first.event, _context(), 2))


@pytest.mark.parametrize("version", [0, 1, 2, 4, 9])
def test_a_version_that_is_missing_or_comes_twice_is_damage(version: int) -> None:
    finding = folded(HISTORIES[State.ASSIGNED])
    acknowledged = HISTORIES[State.RECTIFYING][-1]
    with pytest.raises(ValueError, match="follows 2"):
        evolve(finding, stored(acknowledged.event, _context(), version))
    assert evolve(finding, stored(acknowledged.event, _context(), 3)).version == 3


def test_a_finding_that_is_logged_twice_is_damage() -> None:
    finding = folded(HISTORIES[State.ASSIGNED])
    with pytest.raises(ValueError, match="logged twice"):
        evolve(finding, stored(HISTORIES[State.LOGGED][0].event, _context(), 3))


def test_open_states_lead_somewhere_and_ended_ones_only_back_after_a_relapse() -> None:
    """As a graph: every state is reached from the start, and every open one can still be closed."""
    by_hand = [row for row in TRANSITIONS if row.command not in BY_IMPORT]
    steps = {(source, row.target) for row in by_hand if row.target for source in row.sources}
    reached: set[State | None] = {None}
    while new := {target for source, target in steps if source in reached} - reached:
        reached |= new
    assert reached == {None, *State}
    can_close: set[State | None] = {State.CLOSED}
    while more := {source for source, target in steps if target in can_close} - can_close:
        can_close |= more
    assert can_close == {None, State.CLOSED, *OPEN_STATES}
    ended = {step for step in steps if step[0] is not None and step[0] not in OPEN_STATES}
    assert ended == {(State.CLOSED, State.RECTIFYING)}, "nothing but a relapse leads back"


def _context() -> Context:
    return Context(REGISTER.people["wu"], account_of("wu"), TODAY, TODAY, REGISTER)
