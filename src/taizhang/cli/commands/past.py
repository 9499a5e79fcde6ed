"""Owns `finding why` and `diff`, and `todo`: reasons, what changed, what is called for. It must not know how they are found."""

from __future__ import annotations

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import Misused
from taizhang.cli.output import Column, one_line, table, wrapped
from taizhang.ledger.domain.errors import Rejected
from taizhang.service.desk import ListDiff

from .finding import print_rows, say_moment

PARTS = ("entered", "left", "changed", "newly_overdue")
MOST_VERSION_DIGITS = 6


def why(app: App) -> int:
    """Say why a finding has its colour, the decisive reason first."""
    number, when = app.number(), app.args.as_of or ""
    reasons = app.desk.why(number, when)
    told = [app.words(reason.code, **reason.params) for reason in reasons]
    if app.wants_json:
        app.data_list(
            [
                {"code": reason.code, "message": text, "params": reason.params}
                for reason, text in zip(reasons, told, strict=True)
            ]
        )
        return 0
    for text in told:
        app.console.lines(wrapped(text, app.console.width))
    if when:
        say_moment(app, when)
    return 0


def diff(app: App) -> int:
    """Say what changed between two moments: of one finding field by field, else of the whole list."""
    args = app.args
    since, until = getattr(args, "from"), args.to or f"#{app.desk.index()}"
    if args.number is None:
        return _diff_list(app, since, until)
    if args.filter:
        raise Misused("usage.unrecognised", value="--filter", command=f"taizhang {' '.join(args.command.path)}")
    number = app.number()
    changes = app.desk.diff(number, _moment(app, number, since), _moment(app, number, until))
    if app.wants_json:
        app.data_list([{"field": change.field, "old": change.old, "new": change.new} for change in changes])
        return 0
    if not changes:
        app.console.say(app.words("cli.no-change"))
        return 0
    from taizhang.cli.render_finding import change_lines

    app.console.lines(change_lines(app, changes))
    return 0


def _moment(app: App, number: str, text: str) -> str:
    """Return WHEN; a bare number is a version of the finding.

    Raises:
        Rejected: ``when.no-version``.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_VERSION_DIGITS):
        return text
    entries = app.desk.history(number)
    if not 1 <= int(text) <= len(entries):
        raise Rejected("when.no-version", number=number, version=int(text), last=len(entries))
    return f"#{entries[int(text) - 1].index}"


def _diff_list(app: App, since: str, until: str) -> int:
    found: ListDiff = app.desk.diff_list(since, until, app.args.filter or "")
    if app.wants_json:
        app.data(found)
        return 0
    words = app.words
    empty = True
    for part in PARTS:
        rows = getattr(found, part)
        if not rows:
            continue
        if not empty:
            app.console.line()
        empty = False
        app.console.line(app.console.paint(words(f"cli.diff.{part}", count=len(rows)), "bold"))
        print_rows(app, rows)
    if empty:
        app.console.say(words("cli.no-change"))
    say = words(
        "cli.diff.moments",
        earlier=found.earlier.index,
        before=found.earlier.today,
        later=found.later.index,
        after=found.later.today,
    )
    app.console.say(say)
    return 0


def todo(app: App) -> int:
    """Print what the policy calls for today; a person decides."""
    suggestions = app.desk.worklist(app.actor() if app.args.mine else "")
    words = app.words
    told = [words(todo.code, **todo.params) for todo in suggestions]
    if app.wants_json:
        app.data_list([json_out.suggestion(todo, text) for todo, text in zip(suggestions, told, strict=True)])
        return 0
    if not suggestions:
        app.console.say(words("cli.todo-empty"))
        return 0
    columns = [
        Column(words("cli.since")),
        Column(words("field.number")),
        Column(words("cli.step")),
        Column(words("cli.suggestion"), flexible=True),
    ]
    rows = [
        [
            todo.since.isoformat(),
            one_line(todo.number),
            f"{words.term('step', todo.step)} ({todo.step})",
            one_line(text),
        ]
        for todo, text in zip(suggestions, told, strict=True)
    ]
    app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    return 0
