"""Owns the demo: the twelve seed findings lived through as real commands, by their actors, at their own dates.

The findings and their lives are data beside this file. Knows how to give orders, not how they are recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import parse_due
from taizhang.ledger.domain.policy import Level
from taizhang.ledger.domain.register import AddPerson, AddUnit, OpenProgramme, RegisterCommand
from taizhang.ledger.domain.values import Account, Conclusion, Evidence, FindingClass, Method, Progress, Result, Role

ZONE = ZoneInfo("Asia/Shanghai")
ORIGIN = "demo.taizhang.example"
OPENED_AT = datetime(2023, 4, 20, 7, 55, tzinfo=ZONE)
FIRST_PERSON_NAME = "系统管理员"
FIRST_PROGRAMME, FIRST_PROGRAMME_NAME = "RC-2023", "日常督查"
_CLASSES = {
    "立行立改": FindingClass.IMMEDIATE,
    "限期整改": FindingClass.TIME_BOUND,
    "分阶段整改": FindingClass.PHASED,
    "长期坚持": FindingClass.SUSTAINED,
}


class Seed(Struct, frozen=True, rename={
    "number": "编号", "category": "问题类别", "source": "问题来源", "title": "种子原句", "unit": "责任单位",
    "cooperating": "配合单位", "leader": "责任领导", "measures": "整改措施", "pace": "整改类别", "assigned_on": "交办日期",
    "due": "整改时限", "criteria": "销号标准",
}):  # fmt: skip
    """One seed finding, as the sample ledger words it."""

    number: str
    category: str
    source: str
    title: str
    unit: str
    cooperating: str
    leader: str
    measures: tuple[str, ...]
    pace: str
    assigned_on: date
    due: str
    criteria: str


class LifeStep(Struct, frozen=True):
    """One step of a finding's life: when, by whom (a role or the lead unit's officer or head), what."""

    on: date
    by: str
    step: str
    text: str = ""
    measure: int = 0
    progress: Progress = Progress.NONE
    method: Method = Method.ON_SITE
    due: str = ""
    level: Level = Level.NOTICE
    result: Result = Result.HOLDS
    measures: tuple[str, ...] = ()
    progress_text: str = ""


class Programme(Struct, frozen=True):
    """The programme of the demo."""

    code: str
    name: str
    phases: tuple[str, ...]


class Unit(Struct, frozen=True):
    """A unit of the demo."""

    id: str
    name: str
    parent: str | None


class Person(Struct, frozen=True):
    """A person of the demo, named by their post."""

    id: str
    name: str
    unit: str | None
    roles: tuple[Role, ...]


class Script(Struct, frozen=True):
    """Everything that the demo tells beside the seed findings."""

    programme: Programme
    opened_on: date
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    lives: dict[str, tuple[LifeStep, ...]]
    deadlines: dict[str, str]


class Scene(Struct, frozen=True):
    """One command at its moment, by its actor."""

    at: datetime
    actor: str
    command: c.FindingCommand | RegisterCommand


def account_of(actor: str) -> Account:
    """Return the computer account that the demo puts behind an actor: each has their own."""
    return Account(actor, "demo")


def by_moment(scenes: Iterable[Scene]) -> Iterator[tuple[datetime, list[Scene]]]:
    """Group scenes that share their moment; each group is recorded in one transaction."""
    for moment, group in groupby(scenes, key=lambda scene: scene.at):
        yield moment, list(group)


def scenes(keep: Callable[[str, bytes], Evidence]) -> Iterator[Scene]:
    """Yield every command of the demo in the order of time.

    Args:
        keep: keeps a piece of evidence (name, bytes) and returns what is attached.
    """
    data = files(__package__) / "data"
    script = msgspec.json.decode((data / "demo_lives.json").read_bytes(), type=Script)
    seeds = msgspec.json.decode((data / "demo_findings.json").read_bytes(), type=tuple[Seed, ...])
    units = {unit.name: unit.id for unit in script.units}
    yield from _register(script, seeds, units)
    day, minutes = script.opened_on, 0
    for on, _, actor, command in sorted(_lives(script, seeds, units, keep), key=lambda item: item[:2]):
        minutes = minutes + 3 if on == day else 0
        day = on
        yield Scene(datetime.combine(on, time(9), ZONE) + timedelta(minutes=minutes), actor, command)


def _register(script: Script, seeds: tuple[Seed, ...], units: dict[str, str]) -> Iterator[Scene]:
    at = datetime.combine(script.opened_on, time(8), ZONE)
    for unit in script.units:
        yield Scene(at, "admin", AddUnit(unit.id, unit.name, unit.parent))
    for person in script.people:
        yield Scene(at, "admin", AddPerson(person.id, person.name, person.roles, person.unit))
    for name in dict.fromkeys(seed.unit for seed in seeds):
        unit_id = units[name]
        yield Scene(at, "admin", AddPerson(f"{unit_id}.officer", f"{name}经办人", (Role.UNIT_OFFICER,), unit_id))
        yield Scene(at, "admin", AddPerson(f"{unit_id}.head", f"{name}负责人", (Role.UNIT_HEAD,), unit_id))
    yield Scene(at, "admin", OpenProgramme(script.programme.code, script.programme.name, script.programme.phases))


def _lives(
    script: Script, seeds: tuple[Seed, ...], units: dict[str, str], keep: Callable[[str, bytes], Evidence]
) -> Iterator[tuple[date, int, str, c.FindingCommand]]:
    order = 0
    for seed in seeds:
        logged = c.LogFinding(
            script.programme.code, seed.title, seed.source, seed.assigned_on, "教育整顿督导组", "", seed.category
        )
        yield seed.assigned_on, order, "inspector", logged
        order += 1
    for seed in seeds:
        assigned = LifeStep(seed.assigned_on, "office", "assign", due=script.deadlines[seed.number])
        for step in (assigned, *script.lives[seed.number]):
            actor = f"{units[seed.unit]}.{step.by}" if step.by in ("officer", "head") else step.by
            yield step.on, order, actor, _command(seed, step, units, keep)
            order += 1


def _command(
    seed: Seed, step: LifeStep, units: dict[str, str], keep: Callable[[str, bytes], Evidence]
) -> c.FindingCommand:
    number = seed.number
    match step.step:
        case "assign":
            return _assign(seed, step, units)
        case "acknowledge":
            return c.AcknowledgeFinding(number, seed.measures)
        case "object":
            return c.ObjectToFinding(number, step.text)
        case "act":
            return c.ActOnMeasure(number, step.measure, step.progress, step.text)
        case "attach":
            content = f"{number} {step.text}\n（演示材料，仅供试用）\n".encode()
            return c.AttachEvidence(number, keep(f"{step.text}.txt", content))
        case "request-closure":
            return c.RequestClosure(number, step.text, step.measures)
        case "plan":
            return c.RevisePlan(number, step.measures, step.text)
        case "extend":
            return c.RequestExtension(number, parse_due(step.due), step.text, step.progress_text)
        case "grant":
            return c.GrantExtension(number, reason=step.text)
        case "refuse":
            return c.RefuseExtension(number, step.text)
        case "remind":
            return c.Remind(number, step.level, text=step.text)
        case "receive":
            return c.ReceiveEscalation(number, text=step.text)
        case "follow-up":
            return c.FollowUp(number, step.result, step.text)
        case "reopen":
            return c.ReopenFinding(number, step.text, parse_due(step.due))
        case "verify":
            return c.VerifyFinding(number, step.method, Conclusion.EFFECTIVE, step.text)
        case "return":
            return c.ReturnFinding(number, step.text)
        case "close":
            return c.CloseFinding(number)
        case "comment":
            return c.CommentOnFinding(number, step.text)
        case _:
            raise ValueError(f"the demo has no step {step.step}")


def _assign(seed: Seed, step: LifeStep, units: dict[str, str]) -> c.AssignFinding:
    return c.AssignFinding(
        number=seed.number,
        lead_unit=units[seed.unit],
        class_=next(pace for word, pace in _CLASSES.items() if seed.pace.startswith(word)),
        closure_criteria=seed.criteria,
        due=parse_due(step.due),
        cooperating_units=tuple(units[name] for name in _names(seed.cooperating, units)),
        accountable_leader=seed.leader,
    )


def _names(text: str, units: dict[str, str]) -> list[str]:
    """Return the unit's name in `text`: all of it, or without the remark in brackets."""
    return [name for name in (text, text.partition("(")[0]) if name in units][:1]
