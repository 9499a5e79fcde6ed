"""Owns Ledger, the one door to the write side: record, read, follow.

A command goes: load the stream, `evolve` it into a state, `decide`, codec, recorder — all inside one writing
transaction, so that no second writer comes between. Knows no read model and no front end; which store it stands on
is said by its environment (`taizhang.composition` gives it).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper
from eventsourcing.utils import EnvType
from msgspec import Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.catalogue import LEDGER_STREAM, REGISTER_STREAM
from taizhang.ledger.domain.commands import FindingCommand, NewCommand, StepCommand
from taizhang.ledger.domain.decisions import DECIDE
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.events import FindingEvent
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.keys import AdoptKey, KeyAdopted, decide_key
from taizhang.ledger.domain.register import (
    LedgerOpened,
    PersonAdded,
    PersonErased,
    ProgrammeOpened,
    Register,
    RegisterCommand,
    decide_register,
    evolve_register,
)
from taizhang.ledger.domain.rules import Context, decide, refuse_future
from taizhang.ledger.domain.values import Account, Role, Via, checked_identifier, checked_text
from taizhang.ledger.folding import fold, keys_in
from taizhang.ledger.people import Personal
from taizhang.ledger.sameness import NAMES_ANOTHER, named, number_of_repeated
from taizhang.ledger.store.codec import EventMapper
from taizhang.ledger.store.contract import EventRecorder, NewEvent, Row, Writing
from taizhang.ledger.store.person_keys import PersonKeys

KEPT_STATES = 1024
FLUSH_EVERY = 1000
"""So many events of a long transaction are held before they are handed to the store, which still commits them at once."""


class Recorded(Struct, frozen=True):
    """Where a command's event stands in the log. `repeated`: its command id had been recorded before."""

    index: int
    stream: str
    version: int
    topic: str
    number: str = ""
    repeated: bool = False


class Instruction(Struct, frozen=True):
    """A command with who gives it and through what.

    Args:
        command: what is wished.
        actor: id of the person who acts.
        via: the door that it comes in by.
        happened_on: when it happened on site; None for today.
        why: an optional reason.
        command_id: recorded once; empty for a fresh one.
        account: the operating-system account behind the actor; None for this process's own.
    """

    command: FindingCommand | RegisterCommand | AdoptKey
    actor: str
    via: Via
    happened_on: date | None = None
    why: str = ""
    command_id: str = ""
    account: Account | None = None


def machine_account() -> Account:
    """Return the operating-system user and host of this process, as the machine says."""
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # no entry in the user database, as in some containers
        user = f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"
    return Account(user, socket.gethostname())


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


class Ledger(Application[str]):
    """The write side of one ledger.

    Args:
        env: the library's environment: which persistence module, which file.
        clock: gives the time in UTC.
        account: the operating-system account that is kept beside every actor.
        people: the keys that people's own data is sealed under; None where nothing is sealed.

    It is an `Application` of the eventsourcing library, so that anyone's `Projection` under the library's own
    `ProjectionRunner` follows the log unchanged.
    """

    def __init__(
        self,
        env: EnvType | None = None,
        *,
        clock: Callable[[], datetime] = system_clock,
        account: Account | None = None,
        people: PersonKeys | None = None,
    ) -> None:
        super().__init__(env)
        self._store = cast("EventRecorder", self.recorder)
        self._store.clock = clock
        self._clock = clock
        self._account = account or machine_account()
        self.personal = Personal(people)
        self._register = Register()
        self._day: tuple[tuple[str, str], date] = (("", ""), date.min)
        self._states: dict[str, tuple[Finding, int]] = {}
        self._known = -1  # the position that this process wrote last
        self._epoch = 0  # what was kept in this epoch is still true: nobody else has written since

    def construct_mapper(self) -> Mapper[str]:
        """Give the library our codec."""
        return EventMapper(
            transcoder=self.construct_transcoder(), cipher=self.factory.cipher(), compressor=self.factory.compressor()
        )

    # -- writing

    def open(
        self, origin: str, timezone: str, admin: str, admin_name: str, programme: str, programme_name: str, vkey: str
    ) -> None:
        """Write the first events of a new ledger: its name, its first person (an admin), a first programme, its key.

        Args:
            vkey: the public key that signs its checkpoints.

        Raises:
            Rejected: ``ledger.exists`` where the log already holds events.
        """
        command_id = fresh_command_id()
        today = self._clock().astimezone(ZoneInfo(timezone)).date()

        def first(stream: str, version: int, event: object) -> NewEvent:
            envelope = Envelope(admin, self._account.os_user, self._account.host, Via.CLI, command_id, today, event)
            command = command_id if isinstance(event, LedgerOpened) else None
            return NewEvent(stream, version, *self.personal.stored(envelope, stream, version), command)

        with self._store.writing() as tx:
            if tx.position:
                raise Rejected("ledger.exists", path="")
            tx.append(
                [
                    first(LEDGER_STREAM, 1, LedgerOpened(origin, timezone)),
                    first(REGISTER_STREAM, 1, PersonAdded(admin, admin_name, (Role.ADMIN,))),
                    first(REGISTER_STREAM, 2, ProgrammeOpened(programme, programme_name)),
                    first(LEDGER_STREAM, 2, KeyAdopted(vkey)),
                ]
            )

    def record(self, instruction: Instruction) -> Recorded:
        """Record one command durably, or refuse it.

        Raises:
            Rejected: a rule refused; the log is as it was.
            Unreachable: the store could not take it; the log is as it was.
        """
        return self.record_all((instruction,))[0]

    def record_all(
        self, instructions: Sequence[Instruction], progress: Callable[[int, int], None] | None = None
    ) -> list[Recorded]:
        """Record many commands in one transaction: all of them, or none.

        Args:
            progress: told how many of how many are decided; what it raises rolls everything back.

        Raises:
            Rejected, Unreachable: as `record`.
        """
        with self._store.writing() as tx:
            ids = [checked_identifier("command_id", one.command_id) for one in instructions if one.command_id]
            batch = _Batch(self, tx, tx.commands(ids) if ids else {})
            for done, instruction in enumerate(instructions, 1):
                batch.take(instruction)
                if not done % FLUSH_EVERY:
                    batch.flush()
                    if progress:
                        progress(done, len(instructions))
            batch.flush()
            if batch.begun:
                batch.settle()
        self._keep(batch)
        return batch.recorded

    def _keep(self, batch: _Batch) -> None:
        """Remember what the batch left behind, now that it is committed."""
        self._register, self._epoch, self._known = batch.register, batch.epoch, batch.next_index
        if batch.erased:
            self.personal.erase(batch.erased)
        states = self._states
        for stream, finding in batch.states.items():
            states[stream] = (finding, batch.epoch)
        while len(states) > KEPT_STATES:
            del states[next(iter(states))]

    # -- reading

    def register(self) -> Register:
        """Return units, people and programmes as they stand."""
        rows = self._store.read_stream(REGISTER_STREAM, gt=self._register.version)
        if rows or not self._register.origin:
            self._register = self.personal.grown(self._register, self._store.read_stream(LEDGER_STREAM), rows)
        return self._register

    def finding(self, number: str) -> Finding:
        """Return the finding with that number, folded from the log.

        Raises:
            Rejected: ``finding.unknown``.
        """
        stream = catalogue.stream_of_number(number)
        finding = fold(self._store.read_stream(stream)) if stream else None
        if finding is None:
            raise Rejected("finding.unknown", number=number)
        return finding

    def root(self, size: int) -> bytes:
        """Return the root hash of the tree over the first `size` events."""
        return self._store.root(size)

    @property
    def store(self) -> EventRecorder:
        """The store itself, for whoever checks it."""
        return self._store

    def today(self) -> date:
        """Return today in the ledger's time zone."""
        return self.day_of(self._clock().isoformat(), self.register().timezone)

    def day_of(self, moment: str, timezone: str) -> date:
        """Return the day that `moment` (UTC, ISO 8601) falls on in a time zone; the last minute asked for is kept."""
        key = (moment[:16], timezone)
        if self._day[0] != key:
            self._day = (key, datetime.fromisoformat(moment).astimezone(ZoneInfo(timezone)).date())
        return self._day[1]

    @property
    def account(self) -> Account:
        """The operating-system account that is kept beside every actor."""
        return self._account


class _Batch:
    """The commands of one writing transaction: what they saw, what they led to. Nothing of it counts before commit."""

    __slots__ = (
        "_context", "_given", "_known", "_ledger", "_ledger_keys", "_ordinals", "_pending",
        "_today", "_tx", "begun", "epoch", "erased", "next_index", "recorded", "register", "states",
    )  # fmt: skip

    def __init__(self, ledger: Ledger, tx: Writing, known: dict[str, Row]) -> None:
        self._ledger = ledger
        self._tx = tx
        self.next_index = position = tx.position  # the position of the last event, once flushed
        self._ordinals: dict[str, int] = {}
        self._pending: list[NewEvent] = []
        self._known = known  # what was recorded under the command ids before this batch
        self._given: set[str] = set()  # the command ids of this batch, as far as it is decided
        self.begun: dict[str, Entry[FindingEvent]] = {}  # findings that begin here, until somebody asks for them
        self._context: Context | None = None
        self._ledger_keys: tuple[int, list[str]] | None = None
        self.states: dict[str, Finding] = {}
        self.recorded: list[Recorded] = []
        self.erased: list[str] = []
        self.register = ledger._register
        alone = position == ledger._known
        self.epoch = ledger._epoch if alone else ledger._epoch + 1
        if not alone:
            rows = tx.stream(REGISTER_STREAM, gt=self.register.version)
            if rows or not self.register.origin:
                self.register = ledger.personal.grown(self.register, tx.stream(LEDGER_STREAM), rows)
                # the machine may have died before a key was gone
                ledger.personal.erase(person.id for person in self.register.people.values() if person.erased)
        self._today = ledger.day_of(tx.recorded_at, self.register.timezone)

    def take(self, instruction: Instruction) -> None:
        """Decide one command and keep its event for the flush."""
        if instruction.command_id:
            known = self._recorded_under(instruction.command_id)
            if known is not None:
                number = number_of_repeated(
                    instruction.command, instruction.actor, known, self._ledger.personal.decoded(known)
                )
                place = Recorded(known.position - 1, known.stream, known.version, known.topic, number, repeated=True)
                self.recorded.append(place)
                return
        context = self._context_of(instruction)
        command = instruction.command
        event: Any
        if type(command) in DECIDE:  # not isinstance(): it asks a union's members one after the other
            step: StepCommand = command  # type: ignore[assignment]  # cast() is a call, and this is the hot path
            stream = catalogue.stream_of_number(step.number)
            finding = self._finding(stream) if stream else None
            event = decide(step, finding, context)
            if finding is None or stream is None:
                raise Rejected("finding.unknown", number=step.number)
            if type(event) in NAMES_ANOTHER:
                self._must_exist(named(event))
            self._add(instruction, context, stream, finding.version + 1, event, step.number)
        elif isinstance(command, NewCommand):
            ordinal = self._next_ordinal(command.programme)
            number = catalogue.number_of(command.programme, ordinal)
            event = decide(command, None, context, number=number)
            self._ordinals[command.programme] = ordinal
            self._add(instruction, context, catalogue.stream_of(command.programme, ordinal), 1, event, number)
        elif isinstance(command, AdoptKey):
            version, keys = self._ledger_keys or keys_in(self._tx.stream(LEDGER_STREAM))
            event = decide_key(command, keys, context.actor)
            self._ledger_keys = version + 1, [*keys, event.vkey]
            self._add(instruction, context, LEDGER_STREAM, version + 1, event, "")
        else:
            refuse_future(context)
            event = decide_register(cast("RegisterCommand", command), self.register, context.actor)
            self._add(instruction, context, REGISTER_STREAM, self.register.version + 1, event, "")

    def _recorded_under(self, command_id: str) -> Row | None:
        """Return what stands under a command id, be it recorded earlier or by this batch itself."""
        if command_id in self._given:
            self.flush()
            return self._tx.command(command_id)
        self._given.add(command_id)
        return self._known.get(command_id)

    def _context_of(self, instruction: Instruction) -> Context:
        """Return who acts, when, and the register; thousands of instructions in a row differ in nothing of it."""
        account, on = instruction.account or self._ledger._account, instruction.happened_on or self._today
        last = self._context
        said = (instruction.actor, account, on)
        if (
            last is None
            or last.register is not self.register
            or (last.actor.id, last.account, last.happened_on) != said
        ):
            actor = self.register.person(instruction.actor)
            self._context = last = Context(actor, account, self._today, on, self.register)
        return last

    def flush(self) -> None:
        """Append every kept event, and let go of states that the store can give again."""
        if self._pending:
            self._tx.append(self._pending)
            self._pending = []
        for kept in (self.states, self.begun):
            if len(kept) > KEPT_STATES:
                for stream in list(kept)[:-KEPT_STATES]:
                    del kept[stream]

    def settle(self) -> None:
        """Evolve the findings that began here and that nobody asked for, so that `states` is whole."""
        for stream in list(self.begun):
            self._finding(stream)

    def _add(
        self, instruction: Instruction, context: Context, stream: str, version: int, event: Any, number: str
    ) -> None:
        command_id = instruction.command_id or fresh_command_id()
        envelope: Envelope[Any] = Envelope(
            instruction.actor,
            context.account.os_user,
            context.account.host,
            instruction.via,
            command_id,
            context.happened_on,
            event,
            checked_text("why", instruction.why, required=False) if instruction.why else "",
            self._tx.clock_said,
        )
        index = self.next_index
        topic, state = self._ledger.personal.stored(envelope, stream, version)
        self._pending.append(NewEvent(stream, version, topic, state, command_id))
        self.next_index += 1
        self.recorded.append(Recorded(index, stream, version, topic, number))
        if stream == REGISTER_STREAM:
            self.register = evolve_register(self.register, (envelope,))
            if isinstance(event, PersonErased):
                self.erased.append(event.id)
        elif stream != LEDGER_STREAM:
            entry: Entry[FindingEvent] = Entry(index, stream, version, topic, self._tx.recorded_at, envelope)
            if version == 1:
                self.begun[stream] = entry
            else:
                self.states[stream] = evolve(self.states.get(stream), entry)

    def _finding(self, stream: str) -> Finding | None:
        finding = self.states.get(stream)
        if finding is None and (entry := self.begun.pop(stream, None)) is not None:
            finding = self.states[stream] = evolve(None, entry)
        if finding is None:
            finding, epoch = self._ledger._states.get(stream, (None, -1))
            if epoch != self.epoch:
                finding = fold(self._tx.stream(stream, gt=finding.version if finding else 0), finding)
            if finding is not None:
                self.states[stream] = finding
        return finding

    def _must_exist(self, number: str) -> None:
        """Refuse to name a finding that this ledger does not hold."""
        stream = catalogue.stream_of_number(number)
        if number and (stream is None or self._finding(stream) is None):
            raise Rejected("finding.unknown", number=number)

    def _next_ordinal(self, programme: str) -> int:
        last = self._ordinals.get(programme)
        if last is None:
            stream = self._tx.last_stream(f"{catalogue.FINDING_PREFIX}{programme}/")
            last = catalogue.ordinal_of_stream(stream) if stream else 0
        return last + 1


def fresh_command_id() -> str:
    """Return a new command id: 32 hexadecimal digits, beginning with the time, so that an index grows at its end."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
