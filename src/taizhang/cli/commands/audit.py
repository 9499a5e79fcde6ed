"""Owns `audit` and `finding blame`: the trail of the whole ledger, one event of it, and which event set a value."""

from __future__ import annotations

from msgspec.structs import asdict

from taizhang.cli.app import App
from taizhang.cli.options import Misused, whole
from taizhang.cli.output import Column, one_line, table
from taizhang.ledger.domain.errors import Rejected
from taizhang.service.desk import TrailRow

from .finding import say_moment

SHOWN = 100
EVERYTHING = 1 << 53


def audit(app: App) -> int:
    """Print the events of the whole ledger, newest first; or one of them in full."""
    args = app.args
    if args.index is not None:
        return _event(app, args.index)
    number = app.desk.resolve(args.number) if args.number else ""
    if args.person and args.person not in app.register.people:
        raise Rejected("person.unknown", person=args.person)
    # A person gets a page; a script gets everything, unless it says otherwise. 0 is everything.
    limit = whole("--limit", args.limit) if args.limit else 0 if app.wants_json else SHOWN
    when = args.as_of or ""
    trail = app.desk.trail(limit=limit or EVERYTHING, actor=args.person or "", number=number, when=when)
    if app.wants_json:
        app.data_list([asdict(row) for row in trail.rows])
    elif trail.rows:
        _print(app, trail.rows)
    else:
        app.console.say(app.words("cli.audit.empty"))
    if len(trail.rows) < trail.total:
        app.console.say(app.words("cli.audit.cut", shown=len(trail.rows), total=trail.total))
    if when:
        say_moment(app, when)
    return 0


def _print(app: App, rows: tuple[TrailRow, ...]) -> None:
    words = app.words
    columns = [
        Column(words("cli.audit.index"), right=True),
        Column(words("cli.audit.recorded")),
        Column(words("cli.audit.event")),
        Column(words("field.number")),
        Column(words("cli.audit.actor"), flexible=True),
        Column(words("cli.audit.through"), flexible=True),
    ]
    cells = []
    for row in rows:
        person = app.register.people.get(row.actor)
        through = f"{words.term('via', row.via)} · {row.os_user}@{row.host}"
        if row.same_account:
            through += f" · {words('cli.audit.same')}"
        cells.append(
            [
                f"#{row.index}",
                app.moment(row.recorded_at),
                words.term("topic", row.topic),
                one_line(row.number) or "—",
                one_line(person.name if person else row.actor),
                one_line(through),
            ]
        )
    app.console.lines(table(columns, cells, width=app.console.width, coloured=app.console.coloured))


def _event(app: App, text: str) -> int:
    """Print one event in full.

    Raises:
        Misused: ``usage.event``.
    """
    digits = text.removeprefix("#").removeprefix("＃")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Misused("usage.event", value=text)
    entry = app.desk.event(int(digits))
    if app.wants_json:
        from taizhang.cli import json_out

        app.data(json_out.entry(entry))
        return 0
    from taizhang.cli.render_finding import history_lines

    app.console.lines(history_lines(app, [entry]))
    return 0


def blame(app: App) -> int:
    """Print every value of a finding with the event that set it."""
    number, when = app.number(), app.args.as_of or ""
    found = app.desk.blame(number, when)
    if app.wants_json:
        app.data_list(
            [
                {
                    "field": each.field.rstrip("_"),
                    "place": each.place,
                    "value": each.value,
                    "index": each.entry.index,
                    "version": each.entry.version,
                    "topic": each.entry.topic,
                    "actor": each.entry.envelope.actor,
                    "happened_on": each.entry.envelope.happened_on,
                    "recorded_at": each.entry.recorded_at,
                }
                for each in found
            ]
        )
        return 0
    from taizhang.locale.telling import person_text, value_text

    words, register = app.words, app.register
    columns = [
        Column(words("cli.blame.field")),
        Column(words("cli.blame.value"), flexible=True),
        Column(words("cli.audit.event")),
        Column(words("cli.audit.actor")),
        Column(words("cli.blame.on")),
        Column(words("cli.audit.index"), right=True),
    ]
    rows = [
        [
            words.term("field", each.field) + (f" {each.place}" if each.place else ""),
            one_line(value_text(each.field, each.value, words, register)),
            words.term("topic", each.entry.topic),
            one_line(person_text(each.entry.envelope.actor, register, words)),
            each.entry.envelope.happened_on.isoformat(),
            f"#{each.entry.index}",
        ]
        for each in found
    ]
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    if when:
        say_moment(app, when)
    return 0
