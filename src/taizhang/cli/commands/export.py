"""Owns `export`: which table, in which format, into which file. It must not know how a table is written."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from taizhang.cli.app import App
from taizhang.cli.options import choice
from taizhang.cli.table import ExportFormat
from taizhang.service.desk import ExportKind, ExportOptions, Query

from .finding import sorting


def table(app: App) -> int:
    """Write the problem list or the closure table to a file and say how many rows it has."""
    sort, descending = sorting(app)
    return _written(app, Query(filter=" ".join(app.args.filter), sort=sort, descending=descending))


def history(app: App) -> int:
    """Write the history of one finding to a file."""
    return _written(app, Query(), app.number())


def weekly(app: App) -> int:
    """Write the weekly report to a file."""
    return _written(app, Query(filter=" ".join(app.args.filter)))


def _written(app: App, query: Query, number: str = "") -> int:
    args, words = app.args, app.words
    kind = ExportKind(args.command.path[1])
    chosen = choice(ExportFormat, "", "--format", args.format, words)
    target = Path(args.output).expanduser()
    template = Path(args.template).expanduser() if args.template else None
    options = ExportOptions(masked=bool(args.mask_names), number=number, template=template)
    try:
        count = app.desk.export(
            kind,
            chosen,
            target,
            structs.replace(query, when=args.as_of or ""),
            words.lang,
            options=options,
            progress=app.counting("cli.exporting"),
        )
    finally:
        app.console.progress("")
    if app.wants_json:
        app.data({"path": target, "rows": count, "kind": kind, "format": chosen})
    else:
        app.console.say(words("cli.exported", count=count, path=str(target)))
    return 0
