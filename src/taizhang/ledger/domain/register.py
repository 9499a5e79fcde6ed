"""Owns the register: units (a tree), people with their roles, programmes. Events, commands, state, decide, evolve.

Pure. One stream, so that the tree stays a tree whoever writes at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from .calendar import Calendar, corrected
from .calendars import SHIPPED, calendar_for
from .calendars.table import calendar_from_rows, rows_of
from .envelope import Envelope
from .errors import Rejected
from .policy import AdoptCalendar, CalendarAdopted, CorrectCalendar, Policy, PolicySet, SetPolicy, checked_policy
from .transitions import STEPS
from .values import Role, checked_identifier, checked_line, checked_text


class LedgerOpened(Struct, frozen=True, omit_defaults=True):
    """The first event of a ledger.

    Args:
        origin: the ledger's name in checkpoints, like a URL without scheme.
        timezone: IANA name; the days of deadlines and lists begin and end there.
    """

    origin: str
    timezone: str


class UnitAdded(Struct, frozen=True, omit_defaults=True):
    """A unit was registered, below `parent` or at the root."""

    id: str
    name: str
    parent: str | None = None


class UnitAmended(Struct, frozen=True, omit_defaults=True):
    """A unit was renamed or moved."""

    id: str
    name: str
    parent: str | None = None


class PersonAdded(Struct, frozen=True, omit_defaults=True):
    """A person was registered with roles, in a unit or in none."""

    id: str
    name: str
    roles: tuple[Role, ...]
    unit: str | None = None


class PersonAmended(Struct, frozen=True, omit_defaults=True):
    """A person's name, unit, roles or activity changed; holds all of them as they are from now on."""

    id: str
    name: str
    roles: tuple[Role, ...]
    unit: str | None = None
    active: bool = True


class PersonErased(Struct, frozen=True, omit_defaults=True):
    """A person's data was erased: nobody can open any more what was sealed of them. The id stays, as a pseudonym."""

    id: str
    grounds: str


class ProgrammeOpened(Struct, frozen=True, omit_defaults=True):
    """A programme (专项) was opened; its code begins the numbers of its findings."""

    code: str
    name: str
    phases: tuple[str, ...] = ()


class ProgrammeClosed(Struct, frozen=True, omit_defaults=True):
    """A programme takes no new findings any more."""

    code: str


RegisterEvent = (
    LedgerOpened
    | UnitAdded
    | UnitAmended
    | PersonAdded
    | PersonAmended
    | PersonErased
    | ProgrammeOpened
    | ProgrammeClosed
    | PolicySet
    | CalendarAdopted
)

PERSONAL: dict[type, str] = {PersonAdded: "name", PersonAmended: "name"}
"""event → its field that is sealed under the key of the person whose `id` it names."""


class AddUnit(Struct, frozen=True, tag="unit-add"):
    """Register a unit."""

    id: str
    name: str
    parent: str | None = None


class AmendUnit(Struct, frozen=True, tag="unit-amend"):
    """Rename or move a unit; what is None stays. `parent` "" moves it to the root."""

    id: str
    name: str | None = None
    parent: str | None = None


class AddPerson(Struct, frozen=True, tag="person-add"):
    """Register a person."""

    id: str
    name: str
    roles: tuple[Role, ...]
    unit: str | None = None


class AmendPerson(Struct, frozen=True, tag="person-amend"):
    """Change a person; what is None stays. `unit` "" takes the person out of any unit."""

    id: str
    name: str | None = None
    roles: tuple[Role, ...] | None = None
    unit: str | None = None
    active: bool | None = None


class ErasePerson(Struct, frozen=True, tag="person-erase"):
    """Erase a person's data for good."""

    id: str
    grounds: str


class OpenProgramme(Struct, frozen=True, tag="programme-open"):
    """Open a programme."""

    code: str
    name: str
    phases: tuple[str, ...] = ()


class CloseProgramme(Struct, frozen=True, tag="programme-close"):
    """Close a programme to new findings."""

    code: str


RegisterCommand = (
    AddUnit
    | AmendUnit
    | AddPerson
    | AmendPerson
    | ErasePerson
    | OpenProgramme
    | CloseProgramme
    | SetPolicy
    | AdoptCalendar
    | CorrectCalendar
)


class Unit(Struct, frozen=True):
    """A unit as it stands."""

    id: str
    name: str
    parent: str | None = None


class Person(Struct, frozen=True):
    """A person as they stand. Whoever was erased has no roles any more, and the id for a name."""

    id: str
    name: str
    roles: frozenset[Role]
    unit: str | None = None
    active: bool = True

    @property
    def erased(self) -> bool:
        """Whether this person's data was erased."""
        return not self.roles


class Programme(Struct, frozen=True):
    """A programme as it stands."""

    code: str
    name: str
    phases: tuple[str, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None


class Register(Struct, frozen=True):
    """Everything that the register knows at one version.

    The maps are replaced, never changed: an older Register stays true to its moment.
    """

    origin: str = ""
    timezone: str = "Asia/Shanghai"
    units: dict[str, Unit] = {}
    people: dict[str, Person] = {}
    programmes: dict[str, Programme] = {}
    version: int = 0
    policy: Policy = Policy()
    calendars: dict[str, Calendar] = {}

    def calendar(self) -> Calendar:
        """Return the calendar that the policy names, in its latest edition."""
        return calendar_for(self.policy.calendar, self.calendars.values())

    def unit(self, unit_id: str) -> Unit:
        """Return the unit, or refuse with ``unit.unknown``."""
        try:
            return self.units[unit_id]
        except KeyError:
            raise Rejected("unit.unknown", unit=unit_id) from None

    def person(self, person_id: str) -> Person:
        """Return the active person, or refuse with ``person.unknown`` or ``person.inactive``."""
        person = self.people.get(person_id)
        if person is None:
            raise Rejected("person.unknown", person=person_id)
        if not person.active:
            raise Rejected("person.inactive", person=person_id)
        return person

    def lineage(self, unit_id: str | None) -> Iterator[str]:
        """Yield the unit and every unit above it, nearest first."""
        while unit_id is not None:
            yield unit_id
            unit_id = self.units[unit_id].parent

    def below(self, unit_id: str) -> frozenset[str]:
        """Return the unit and every unit below it."""
        children: dict[str | None, list[str]] = {}
        for unit in self.units.values():
            children.setdefault(unit.parent, []).append(unit.id)
        found: set[str] = set()
        waiting = [unit_id]
        while waiting:
            current = waiting.pop()
            found.add(current)
            waiting.extend(children.get(current, ()))
        return frozenset(found)

    def belongs(self, person: Person, units: Iterable[str]) -> bool:
        """Say whether the person's unit is one of `units` or lies below one."""
        wanted = set(units)
        return any(unit in wanted for unit in self.lineage(person.unit))

    def open_programmes(self) -> list[Programme]:
        """Return the programmes that take findings, in the order in which they were opened."""
        return [programme for programme in self.programmes.values() if programme.closed_on is None]


def evolve_register(register: Register, envelopes: Iterable[Envelope[RegisterEvent]]) -> Register:
    """Return the register after the events, in their order; total over every event of its stream.

    Takes many at once, so that its maps are copied once and not for each event.
    """
    units, people, programmes = dict(register.units), dict(register.people), dict(register.programmes)
    origin, timezone, version, policy = register.origin, register.timezone, register.version, register.policy
    calendars = dict(register.calendars)
    for envelope in envelopes:
        version += 1
        event = envelope.data
        match event:
            case LedgerOpened():
                origin, timezone = event.origin, event.timezone
            case UnitAdded() | UnitAmended():
                units[event.id] = Unit(event.id, event.name, event.parent)
            case PersonAdded():
                people[event.id] = Person(event.id, event.name, frozenset(event.roles), event.unit)
            case PersonAmended():
                people[event.id] = Person(event.id, event.name, frozenset(event.roles), event.unit, event.active)
            case PersonErased():
                people[event.id] = Person(event.id, event.id, frozenset(), None, False)
            case ProgrammeOpened():
                programmes[event.code] = Programme(event.code, event.name, event.phases, envelope.happened_on)
            case ProgrammeClosed():
                programmes[event.code] = replace(programmes[event.code], closed_on=envelope.happened_on)
            case PolicySet():
                policy = event.policy
            case CalendarAdopted():
                calendar = calendar_from_rows(event.rows)
                calendars[calendar.id] = calendar
            case _:
                assert_never(event)
    return Register(origin, timezone, units, people, programmes, version, policy, calendars)


def check_admin(command: type[RegisterCommand], actor: Person) -> None:
    """Refuse with ``role.missing`` whoever may not change the register."""
    if Role.ADMIN not in actor.roles:
        tag = command.__struct_config__.tag
        raise Rejected("role.missing", command=tag, person=actor.id, needed=[Role.ADMIN], held=sorted(actor.roles))


def decide_register(command: RegisterCommand, register: Register, actor: Person) -> RegisterEvent:
    """Return the event that the command leads to, or refuse it.

    Raises:
        Rejected: the actor is no admin, a reference is unknown, an id is taken, or the tree would lose its shape.
    """
    check_admin(type(command), actor)
    match command:
        case AddUnit():
            checked_identifier("id", command.id)
            if command.id in register.units:
                raise Rejected("unit.exists", unit=command.id)
            if command.parent is not None:
                register.unit(command.parent)
            return UnitAdded(command.id, checked_line("name", command.name, limit=100), command.parent)
        case AmendUnit():
            return _amended_unit(command, register)
        case AddPerson():
            checked_identifier("id", command.id)
            if command.id in register.people:
                raise Rejected("person.exists", person=command.id)
            return PersonAdded(
                command.id,
                checked_line("name", command.name, limit=100),
                _checked_roles(command.roles, command.unit),
                register.unit(command.unit).id if command.unit else None,
            )
        case AmendPerson():
            return _amended_person(command, register)
        case ErasePerson():
            _keep_an_admin(_known_person(command.id, register), register)
            return PersonErased(command.id, checked_text("grounds", command.grounds))
        case OpenProgramme():
            checked_identifier("code", command.code)
            if command.code in register.programmes:
                raise Rejected("programme.exists", programme=command.code)
            phases = tuple(checked_line("phase", phase, limit=100) for phase in command.phases)
            return ProgrammeOpened(command.code, checked_line("name", command.name, limit=100), phases)
        case CloseProgramme():
            open_programme(register, command.code)
            return ProgrammeClosed(command.code)
        case SetPolicy():
            known = frozenset({*SHIPPED, *register.calendars})
            policy = checked_policy(command.policy, known, STEPS)
            if policy == register.policy:
                raise Rejected("amend.no-change", field="policy", target=register.origin)
            return PolicySet(policy)
        case AdoptCalendar():
            return _adopted(calendar_from_rows(command.rows), register)
        case CorrectCalendar():
            old = calendar_for(command.id, register.calendars.values())
            fresh = corrected(
                old, edition=command.edition, off=command.off, working=command.working, published=command.published
            )
            return _adopted(fresh, register)
        case _:
            assert_never(command)


def _adopted(calendar: Calendar, register: Register) -> CalendarAdopted:
    known = register.calendars.get(calendar.id)
    if known is not None and known.edition == calendar.edition:
        raise Rejected("calendar.same-edition", calendar=calendar.id, edition=calendar.edition)
    return CalendarAdopted(tuple(rows_of(calendar)))


def open_programme(register: Register, code: str) -> Programme:
    """Return the programme if it takes findings; refuse with ``programme.unknown`` or ``programme.closed``."""
    programme = register.programmes.get(code)
    if programme is not None and programme.closed_on is None:
        return programme
    open_codes = [other.code for other in register.open_programmes()]
    if programme is None or programme.closed_on is None:
        raise Rejected("programme.unknown", programme=code, open=open_codes)
    raise Rejected("programme.closed", programme=code, on=programme.closed_on.isoformat(), open=open_codes)


def _checked_roles(roles: tuple[Role, ...], unit: str | None) -> tuple[Role, ...]:
    if not roles:
        raise Rejected("person.no-role", allowed=list(Role))
    for role in (Role.UNIT_OFFICER, Role.UNIT_HEAD):
        if role in roles and not unit:
            raise Rejected("person.role-needs-unit", role=role)
    return tuple(sorted(set(roles)))


def _amended_unit(command: AmendUnit, register: Register) -> UnitAmended:
    old = register.unit(command.id)
    name = old.name if command.name is None else checked_line("name", command.name, limit=100)
    parent = old.parent if command.parent is None else (command.parent or None)
    if parent is not None:
        register.unit(parent)
        if command.id in register.lineage(parent):
            raise Rejected("unit.cycle", unit=command.id, parent=parent)
    if (name, parent) == (old.name, old.parent):
        raise Rejected("amend.no-change", field="name", target=command.id)
    return UnitAmended(command.id, name, parent)


def _amended_person(command: AmendPerson, register: Register) -> PersonAmended:
    old = _known_person(command.id, register)
    unit = old.unit if command.unit is None else (register.unit(command.unit).id if command.unit else None)
    roles = tuple(sorted(old.roles)) if command.roles is None else command.roles
    name = old.name if command.name is None else checked_line("name", command.name, limit=100)
    active = old.active if command.active is None else command.active
    event = PersonAmended(command.id, name, _checked_roles(roles, unit), unit, active)
    if (frozenset(event.roles), event.unit, event.name, event.active) == (old.roles, old.unit, old.name, old.active):
        raise Rejected("amend.no-change", field="name", target=command.id)
    if not (active and Role.ADMIN in roles):
        _keep_an_admin(old, register)
    return event


def _known_person(person_id: str, register: Register) -> Person:
    """Return a person, active or not; refuse one who is unknown or was erased."""
    person = register.people.get(person_id)
    if person is None:
        raise Rejected("person.unknown", person=person_id)
    if person.erased:
        raise Rejected("person.erased", person=person_id)
    return person


def _keep_an_admin(going: Person, register: Register) -> None:
    """Refuse to lose the last active admin."""
    others = (p for p in register.people.values() if p.id != going.id and p.active and Role.ADMIN in p.roles)
    if Role.ADMIN in going.roles and going.active and next(others, None) is None:
        raise Rejected("person.last-admin", person=going.id)
