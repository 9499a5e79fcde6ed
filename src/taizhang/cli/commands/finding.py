"""Owns `finding list`, `show` and `history`. It must not know how a page is drawn (`render_finding`)."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.cli import json_out
from taizhang.cli.app import App
from taizhang.cli.options import choice, whole
from taizhang.cli.output import Cell, Column, one_line, table
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.lights import Light
from taizhang.service.desk import FindingRow, Query, Sort

SHOWN = 100

_COLOURS = {Light.RED: "red", Light.YELLOW: "yellow", Light.GREEN: "green", Light.GREY: "grey"}


def list_(app: App) -> int:
    """Print the findings that the filter lets through."""
    args = app.args
    # A person gets a page; a script gets everything, unless it says otherwise. 0 is everything.
    limit = (whole("--limit", args.limit) or None) if args.limit else (None if app.wants_json else SHOWN)
    return print_list(app, filter=" ".join(args.filter), limit=limit)


def sorting(app: App) -> tuple[Sort, bool]:
    """Return the order that `--sort` asks for, and whether it runs backwards."""
    text = app.args.sort or Sort.LOGGED
    return choice(Sort, "", "--sort", text.removeprefix("-"), app.words), text.startswith("-")


def print_list(app: App, *, filter: str, limit: int | None) -> int:  # noqa: A002 - the word of the command line
    """Print a problem list; say so where it was cut."""
    sort, descending = sorting(app) if hasattr(app.args, "sort") else (Sort.LOGGED, False)
    when = getattr(app.args, "as_of", None) or ""
    page = app.desk.findings(Query(filter=filter, sort=sort, descending=descending, limit=limit, when=when))
    if app.wants_json:
        app.data_list(list(page.rows))
    elif page.rows:
        print_rows(app, page.rows)
    else:
        app.console.say(app.words("cli.empty"))
    if len(page.rows) < page.total:
        app.console.say(app.words("cli.cut", shown=len(page.rows), total=page.total))
    if when:
        say_moment(app, when)
    return 0


def print_rows(app: App, rows: Sequence[FindingRow]) -> None:
    """Print lines of the problem list."""
    words = app.words
    columns = [
        Column(words("field.number")),
        Column(words("field.status")),
        Column(words("field.light")),
        Column(words("field.due")),
        Column(words("field.lead_unit"), flexible=True),
        Column(words("field.title"), flexible=True),
    ]
    cells = [_cells(app, row) for row in rows]
    app.console.lines(table(columns, cells, width=app.console.width, coloured=app.console.coloured))


def say_moment(app: App, when: str) -> None:
    """Say that the past was shown, and which moment of it."""
    moment = app.desk.moment(when)
    app.console.say(app.words("cli.as-of", index=moment.index, today=moment.today))


def _cells(app: App, row: FindingRow) -> list[str | Cell]:
    words = app.words
    return [
        one_line(row.number),
        words.term("state", row.status),
        Cell(words.term("light", row.light), _COLOURS[row.light]),
        row.due.isoformat() if row.due else "—",
        one_line(row.unit_name or row.unit) or "—",
        one_line(row.title),
    ]


def show(app: App) -> int:
    """Print one finding: what it is, where it stands, what can come next."""
    number, when = app.number(), app.args.as_of or ""
    finding = app.desk.finding(number, when)
    actor, steps = ("", []) if when else _steps(app, number)
    moment, by = app.desk.moment(when) if when else None, app.desk.yardstick(when=when)
    if app.wants_json:
        document = json_out.finding(finding, app.register, by)
        app.data({**document, "steps": steps} if actor else document)
        return 0
    from taizhang.cli.render_finding import page_lines

    entries = [entry for entry in app.desk.history(number) if moment is None or entry.index <= moment.index]
    app.console.lines(page_lines(app, finding, by, entries, actor, steps))
    if when:
        say_moment(app, when)
    return 0


def _steps(app: App, number: str) -> tuple[str, list[str]]:
    """Return who acts and what they can do next; nobody where that is not known, which keeps nobody from reading."""
    actor = app.likely_actor()
    try:
        offers = app.desk.offers(number, actor) if actor else ()
    except Rejected as refusal:
        app.console.say(app.words.refusal(refusal))
        return "", []
    return actor, [offer.transition.name for offer in offers if offer.refusal is None]


def history(app: App) -> int:
    """Print every step of one finding: who, when, through what."""
    entries = app.desk.history(app.number())
    if app.wants_json:
        app.data_list([json_out.entry(entry) for entry in entries])
        return 0
    from taizhang.cli.render_finding import history_lines

    app.console.lines(history_lines(app, entries))
    return 0
