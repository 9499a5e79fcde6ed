"""Owns the table of the registers' forms: what each asks for, what stands in it at first, which command it becomes. Draws nothing.

Of something that is there only what was changed is said: what somebody else changed meanwhile stays as they left it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import DayKind, Level, SetPolicy, Stage
from taizhang.ledger.domain.register import Register, RegisterCommand
from taizhang.ledger.domain.transitions import STEPS, tag_of
from taizhang.ledger.domain.values import FindingClass, Role
from taizhang.locale.words import Lang, words_for

from .field import Field, Kind
from .forms import split_units, unit_id, unit_text

E = TypeVar("E", bound=StrEnum)
Texts = Mapping[str, str]
MOST_DAYS = 3650
COMMA = ","


class YesNo(StrEnum):
    """Whether something is so."""

    YES = "yes"
    NO = "no"


class Deed(Struct, frozen=True):
    """One thing that can be done with the registers.

    Args:
        command: what it leads to.
        fields: what it asks for.
        begin: what stands in its fields at first; the text is the unit, person or programme it is about.
        make: the command, of what it is about, what was typed, and what of that is not as it was.
    """

    command: type[RegisterCommand]
    fields: tuple[Field, ...]
    begin: Callable[[Register, str], dict[str, str]]
    make: Callable[[Register, str, Texts, Texts], RegisterCommand]

    @property
    def step(self) -> str:
        """The command's word."""
        return tag_of(self.command)


def _nothing(_: Register, __: str) -> dict[str, str]:
    return {}


# -- units


def _unit(register: Register, text: str) -> str:
    return unit_id(register, text.strip()) if text.strip() else ""


def _below(register: Register, subject: str) -> dict[str, str]:
    return {"parent": unit_text(register, subject)} if subject else {}


def _add_unit(register: Register, _: str, texts: Texts, __: Texts) -> RegisterCommand:
    return r.AddUnit(texts["id"].strip(), texts["name"], _unit(register, texts["parent"]) or None)


def _unit_texts(register: Register, subject: str) -> dict[str, str]:
    unit = register.unit(subject)
    return {"name": unit.name, "parent": unit_text(register, unit.parent) if unit.parent else ""}


def _amend_unit(register: Register, subject: str, _: Texts, changed: Texts) -> RegisterCommand:
    parent = _unit(register, changed["parent"]) if "parent" in changed else None
    return r.AmendUnit(subject, changed.get("name"), parent)


# -- people


def _add_person(register: Register, _: str, texts: Texts, __: Texts) -> RegisterCommand:
    return r.AddPerson(
        texts["id"].strip(), texts["name"], values(Role, texts["roles"]), _unit(register, texts["unit"]) or None
    )


def _person_texts(register: Register, subject: str) -> dict[str, str]:
    person = register.people.get(subject)
    if person is None:
        raise Rejected("person.unknown", person=subject)
    return {
        "name": person.name,
        "unit": unit_text(register, person.unit) if person.unit else "",
        "roles": COMMA.join(role for role in Role if role in person.roles),
        "active": YesNo.YES if person.active else YesNo.NO,
    }


def _amend_person(register: Register, subject: str, _: Texts, changed: Texts) -> RegisterCommand:
    return r.AmendPerson(
        subject,
        changed.get("name"),
        values(Role, changed["roles"]) if "roles" in changed else None,
        _unit(register, changed["unit"]) if "unit" in changed else None,
        changed["active"] == YesNo.YES if "active" in changed else None,
    )


# -- programmes


def _open_programme(_: Register, __: str, texts: Texts, ___: Texts) -> RegisterCommand:
    phases = tuple(line.strip() for line in texts["phases"].splitlines() if line.strip())
    code = texts["code"].strip()
    return r.OpenProgramme(code, texts["name"] if texts["name"].strip() else code, phases)


# -- the policy


def _policy_texts(register: Register, _: str) -> dict[str, str]:
    policy = register.policy
    stages = {stage.level: f"{stage.overdue}" for stage in policy.stages}
    return {
        "calendar": policy.calendar,
        "days": policy.days,
        "due_soon": f"{policy.due_soon}",
        "single_signature": COMMA.join(each for each in FindingClass if each in policy.single_signature),
        "extensions": f"{policy.extensions}",
        **{f"stages.{level}": stages.get(level, "") for level in Level},
        "follow_up_after": f"{policy.follow_up_after}",
        "roles": "\n".join(f"{step}={COMMA.join(held)}" for step, held in sorted(policy.roles.items())),
    }


def _set_policy(register: Register, _: str, __: Texts, changed: Texts) -> RegisterCommand:
    policy = register.policy
    if "calendar" in changed:
        policy = replace(policy, calendar=changed["calendar"].strip())
    if "days" in changed:
        policy = replace(policy, days=DayKind(changed["days"]))
    for name in ("due_soon", "extensions", "follow_up_after"):
        if name in changed:
            policy = replace(policy, **{name: number(name, changed[name])})
    if "single_signature" in changed:
        policy = replace(policy, single_signature=values(FindingClass, changed["single_signature"]))
    stages = {stage.level: stage for stage in policy.stages}
    for level in Level:
        name = f"stages.{level}"
        if name in changed:
            stages.pop(level, None)
            if changed[name].strip():
                stages[level] = Stage(level, number(name, changed[name]))
    policy = replace(policy, stages=tuple(stages[level] for level in Level if level in stages))
    if "roles" in changed:
        policy = replace(policy, roles=roles_of_steps(changed["roles"]))
    return SetPolicy(policy)


_STAGES = tuple(Field(f"stages.{level}", Kind.LINE, required=False) for level in Level)
_ROLES = Field("roles", Kind.MANY, choices=Role, vocabulary="role")
_NAME, _UNIT = Field("name", Kind.LINE), Field("unit", Kind.UNIT, required=False)
_PARENT = Field("parent", Kind.UNIT, required=False)

_ALL = (
    Deed(r.AddUnit, (Field("id", Kind.LINE), _NAME, _PARENT), _below, _add_unit),
    Deed(r.AmendUnit, (_NAME, _PARENT), _unit_texts, _amend_unit),
    Deed(r.AddPerson, (Field("id", Kind.LINE), _NAME, _ROLES, _UNIT), _nothing, _add_person),
    Deed(
        r.AmendPerson,
        (_NAME, _ROLES, _UNIT, Field("active", Kind.CHOICE, choices=YesNo, vocabulary="active")),
        _person_texts,
        _amend_person,
    ),
    Deed(
        r.ErasePerson,
        (Field("grounds", Kind.TEXT, rows=3),),
        _nothing,
        lambda _, subject, texts, __: r.ErasePerson(subject, texts["grounds"]),
    ),
    Deed(
        r.OpenProgramme,
        (
            Field("code", Kind.LINE),
            Field("name", Kind.LINE, required=False),
            Field("phases", Kind.LINES, required=False, rows=4),
        ),
        _nothing,
        _open_programme,
    ),
    Deed(r.CloseProgramme, (), _nothing, lambda _, subject, __, ___: r.CloseProgramme(subject)),
    Deed(
        SetPolicy,
        (
            Field("calendar", Kind.CALENDAR),
            Field("days", Kind.CHOICE, choices=DayKind, vocabulary="days"),
            Field("due_soon", Kind.LINE),
            Field("single_signature", Kind.MANY, required=False, choices=FindingClass, vocabulary="class"),
            Field("extensions", Kind.LINE),
            *_STAGES,
            Field("follow_up_after", Kind.LINE),
            Field("roles", Kind.LINES, required=False, rows=3),
        ),
        _policy_texts,
        _set_policy,
    ),
)

DEEDS: dict[str, Deed] = {deed.step: deed for deed in _ALL}
"""The command's word → its form."""


def values(kind: type[E], text: str) -> tuple[E, ...]:
    """Return the values of a field in which any of a few can be chosen."""
    return tuple(map(kind, values_in(text)))


def values_in(text: str) -> list[str]:
    """Return what is chosen in such a field, as it stands there."""
    return [part for part in text.split(COMMA) if part]


def number(name: str, text: str) -> int:
    """Return the number that was typed; how large it may be is for the rules to say.

    Raises:
        Rejected: ``policy.number``.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Rejected("policy.number", field=name, value=digits[:20] or "—", least=0, most=MOST_DAYS)
    return int(digits)


def roles_of_steps(text: str) -> dict[str, tuple[Role, ...]]:
    """Return which roles may take which steps, a step a line: ``verify=verifier,office`` or ``核查：核查人、督导办``.

    Raises:
        Rejected: ``value.unknown``.
    """
    found = {}
    for line in text.splitlines():
        if line.strip():
            step, _, roles = line.replace("：", "=").replace(":", "=").partition("=")
            named = _meant("step", step.strip(), STEPS)
            found[named] = tuple(Role(_meant("role", role, list(Role))) for role in split_units(roles))
    return found


def _meant(vocabulary: str, text: str, allowed: frozenset[str] | list[Role]) -> str:
    """Return the value that is meant: itself, or its word in either language."""
    said = text.casefold()
    for value in allowed:
        if said == value or any(said == words_for(lang).term(vocabulary, value).casefold() for lang in Lang):
            return str(value)
    raise Rejected("value.unknown", field="roles", value=text[:40], allowed=sorted(str(value) for value in allowed))


def command_of(deed: Deed, subject: str, texts: Texts, first: Texts, register: Register) -> RegisterCommand:
    """Return the command that a filled form stands for.

    Args:
        subject: what it is about; empty for something new.
        texts: what was typed, by field.
        first: what stood there when the form was opened.

    Raises:
        Rejected: something cannot be read.
    """
    for field in deed.fields:
        if field.required and not texts[field.name].strip():
            raise Rejected("text.missing", field=field.name)
    changed = {name: text for name, text in texts.items() if text != first.get(name, "")}
    return deed.make(register, subject, texts, changed)
