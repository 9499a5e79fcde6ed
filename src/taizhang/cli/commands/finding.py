"""Owns `finding list`, `show` and `history`. It must not know how a page is drawn (`render_finding`)."""

from __future__ import annotations

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


def print_list(app: App, *, filter: str, limit: int | None) -> int:  # noqa: A002 - the word of cli.md
    """Print a problem list; say so where it was cut."""
    sort, descending = sorting(app) if hasattr(app.args, "sort") else (Sort.LOGGED, False)
    page = app.desk.findings(Query(filter=filter, sort=sort, descending=descending, limit=limit))
    if app.wants_json:
        app.data_list(list(page.rows))
    elif page.rows:
        words = app.words
        columns = [
            Column(words("field.number")),
            Column(words("field.status")),
            Column(words("field.light")),
            Column(words("field.due")),
            Column(words("field.lead_unit"), flexible=True),
            Column(words("field.title"), flexible=True),
        ]
        rows = [_cells(app, row) for row in page.rows]
        app.console.lines(table(columns, rows, width=app.console.width, coloured=app.console.coloured))
    else:
        app.console.say(app.words("cli.empty"))
    if len(page.rows) < page.total:
        app.console.say(app.words("cli.cut", shown=len(page.rows), total=page.total))
    return 0


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
    number = app.number()
    finding = app.desk.finding(number)
    actor, steps = _steps(app, number)
    if app.wants_json:
        document = json_out.finding(finding, app.register, app.desk.today())
        app.data({**document, "steps": steps} if actor else document)
        return 0
    from taizhang.cli.render_finding import page_lines

    app.console.lines(page_lines(app, finding, app.desk.history(number), actor, steps))
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
