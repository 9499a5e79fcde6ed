"""Owns `export`: which table, in which format, into which file. It must not know how a table is written."""

from __future__ import annotations

from pathlib import Path

from taizhang.cli.app import App
from taizhang.cli.options import choice
from taizhang.cli.table import ExportFormat
from taizhang.service.desk import ExportKind, ExportOptions, Query

from .finding import sorting


def export(app: App) -> int:
    """Write a table to a file and say how many rows it has."""
    args, words = app.args, app.words
    kind = ExportKind(args.command.path[1])
    chosen = choice(ExportFormat, "", "--format", args.format, words)
    target = Path(args.output).expanduser()
    sort, descending = sorting(app)
    query = Query(filter=" ".join(args.filter), sort=sort, descending=descending, when=args.as_of or "")
    options = ExportOptions(masked=bool(args.mask_names))
    try:
        count = app.desk.export(
            kind, chosen, target, query, words.lang, options=options, progress=app.counting("cli.exporting")
        )
    finally:
        app.console.progress("")
    if app.wants_json:
        app.data({"path": target, "rows": count, "kind": kind, "format": chosen})
    else:
        app.console.say(words("cli.exported", count=count, path=str(target)))
    return 0
