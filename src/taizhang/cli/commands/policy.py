"""Owns `policy` and `calendar`: showing them, and making the next one of what was said. It must not know their rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import Misused, choice, day, whole
from taizhang.cli.output import Column, one_line, padded, table, width_of
from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.calendars import SHIPPED, calendar_for
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.policy import AdoptCalendar, CorrectCalendar, DayKind, Level, Policy, SetPolicy, Stage
from taizhang.ledger.domain.values import FindingClass, Role

NONE = "none"
MOST_ROWS_BYTES = 1_000_000


def show(app: App) -> int:
    """Print the policy in force."""
    policy = app.register.policy
    if app.wants_json:
        app.data(asdict(policy))
        return 0
    words = app.words
    pairs = [(words(f"field.{name}"), text) for name, text in _told(policy, app).items()]
    left = max(width_of(label) for label, _ in pairs) + 2
    app.console.lines(padded(label, left) + text for label, text in pairs)
    return 0


def _told(policy: Policy, app: App) -> dict[str, str]:
    words = app.words
    stages = (f"{words.term('level', stage.level)} {stage.overdue}" for stage in policy.stages)
    roles = (
        f"{words.term('step', step)} ({step}): {words.joined(words.term('role', role) for role in sorted(held))}"
        for step, held in sorted(policy.roles.items())
    )
    return {
        "calendar": policy.calendar,
        "days": words.term("days", policy.days),
        "due_soon": str(policy.due_soon),
        "single_signature": words.joined(words.term("class", each) for each in policy.single_signature),
        "extensions": str(policy.extensions),
        "stages": words.joined(stages),
        "follow_up_after": str(policy.follow_up_after),
        "roles": words.joined(roles),
    }


def set_(app: App) -> int:
    """Set the policy: what is not said stays as it is."""
    args, old = app.args, app.register.policy
    said: dict[str, Any] = {}
    if args.calendar:
        said["calendar"] = args.calendar
    if args.days:
        said["days"] = choice(DayKind, "days", "--days", args.days, app.words)
    for name in ("due_soon", "extensions", "follow_up_after"):
        if (text := getattr(args, name)) is not None:
            said[name] = whole(f"--{name.replace('_', '-')}", text)
    if args.single_signature is not None:
        said["single_signature"] = _classes(app, args.single_signature)
    if args.stage:
        said["stages"] = _stages(app, old.stages, args.stage)
    if args.roles:
        said["roles"] = _roles(app, old.roles, args.roles)
    return app.acknowledge(app.record(SetPolicy(replace(old, **said))), app.words("field.policy"))


def _classes(app: App, texts: list[str]) -> tuple[FindingClass, ...]:
    wanted = [text for text in texts if text.strip() != NONE]
    return tuple(dict.fromkeys(choice(FindingClass, "class", "--single-signature", text, app.words) for text in wanted))


def _stages(app: App, old: tuple[Stage, ...], texts: list[str]) -> tuple[Stage, ...]:
    """Return the stages with those that were said; ``LEVEL=none`` takes one away."""
    stages = {stage.level: stage for stage in old}
    for text in texts:
        name, days = _pair("--stage", text)
        level = choice(Level, "level", "--stage", name, app.words)
        if days == NONE:
            stages.pop(level, None)
        else:
            stages[level] = Stage(level, whole("--stage", days))
    return tuple(stages[level] for level in Level if level in stages)


def _roles(app: App, old: dict[str, tuple[Role, ...]], texts: list[str]) -> dict[str, tuple[Role, ...]]:
    """Return the roles of steps with those that were said; ``STEP=none`` goes back to the table's."""
    roles = dict(old)
    for text in texts:
        step, names = _pair("--roles", text)
        if names == NONE:
            roles.pop(step, None)
        else:
            roles[step] = tuple(choice(Role, "role", "--roles", name, app.words) for name in names.split(","))
    return roles


def _pair(option: str, text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise Misused("usage.pair", option=option, value=text)
    return name.strip(), value.strip()


def calendars(app: App) -> int:
    """List the calendars that there are: the program's, and the ledger's own editions."""
    own = app.register.calendars
    known = [calendar_for(name, own.values()) for name in dict.fromkeys((*SHIPPED, *own))]
    if app.wants_json:
        app.data_list([json_out.calendar(calendar) for calendar in known])
        return 0
    words = app.words
    in_force = app.register.policy.calendar
    columns = [Column(words(f"cli.calendar.{name}")) for name in ("id", "edition", "published", "in_force")]
    rows = [
        [one_line(each.id), one_line(each.edition), _published(each, app), words("yes") if each.id == in_force else ""]
        for each in known
    ]
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    return 0


def _published(calendar: Calendar, app: App) -> str:
    if calendar.published is None:
        return app.words("cli.calendar.always")
    years = sorted(calendar.published)
    if years and years == list(range(years[0], years[-1] + 1)):
        return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return app.words.joined(map(str, years))


def correct(app: App) -> int:
    """Make a new edition of a calendar; deadlines that an older one gave stay as they are."""
    args = app.args
    command = CorrectCalendar(
        args.calendar,
        args.edition,
        tuple(day("--off", text) for text in args.off or ()),
        tuple(day("--working", text) for text in args.working or ()),
        tuple(whole("--published", text, least=1) for text in args.published or ()),
    )
    return app.acknowledge(app.record(command), args.calendar)


def adopt(app: App) -> int:
    """Bring in a calendar from a file of rows."""
    path = Path(app.args.file).expanduser()
    return app.acknowledge(app.record(AdoptCalendar(tuple(_text(path).splitlines()))), path.name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_ROWS_BYTES + 1)
    except OSError as error:
        raise Rejected("file.unreadable", name=path.name, detail=error.strerror or str(error)) from error
    if len(data) > MOST_ROWS_BYTES:
        raise Rejected("file.too-large", name=path.name, limit=MOST_ROWS_BYTES)
    return data.decode("utf-8-sig", "replace")
