"""Owns `import`: what a file would bring, importing it, the imports so far, and taking one back.

It must not know how a file is read (`render_import` draws what was found).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.cli.app import App
from taizhang.cli.options import Misused, choice
from taizhang.ledger.domain.errors import Rejected

if TYPE_CHECKING:
    from taizhang.service.imports import Done, Plan, Progress


def import_(app: App) -> int:
    """Import a file, or only look; list the imports; take one back."""
    args = app.args
    if args.list:
        return _list(app)
    if args.undo:
        return _undo(app, args.undo)
    if not args.file:
        raise Misused("usage.required", names=[app.words("cli.meta.file")], command="taizhang import")
    try:
        return _import(app)
    except KeyboardInterrupt:
        app.console.progress("")
        app.console.say(app.words("cli.import.interrupted"))
        raise


def _import(app: App) -> int:
    from taizhang.service.imports import Changes, Outcome, Wish

    args, words = app.args, app.words
    wish = Wish(
        Path(args.file).expanduser(),
        actor=app.likely_actor() if args.dry_run else app.actor(),
        programme=args.programme or "",
        mapping=Path(args.mapping).expanduser() if args.mapping else None,
        columns=_columns(app),
        changes=choice(Changes, "", "--changes", args.changes, words) if args.changes else Changes.ASK,
        why=args.why or "",
    )
    imports = app.desk.imports()
    plan = imports.plan(wish, _progress(app))
    app.console.progress("")
    held_back = wish.changes is Changes.ASK and plan.count(Outcome.CHANGED)
    if args.dry_run or held_back:
        if args.dry_run or not app.wants_json:
            _report(app, plan, None)
        if args.dry_run:
            return 0
        raise Rejected("import.changed", count=plan.count(Outcome.CHANGED), rows=_changed(plan))
    done = imports.record(plan, _progress(app))
    app.console.progress("")
    _report(app, plan, done)
    taken = done.recorded + done.amended + plan.count(Outcome.SAME) + plan.count(Outcome.CHANGED)
    return 0 if taken or not plan.count(Outcome.REFUSED) else 1


def _changed(plan: Plan) -> list[str]:
    return [f"{row.sheet}!{row.row}" if row.sheet else str(row.row) for row in plan.rows if row.differences][:10]


def _columns(app: App) -> dict[str, str]:
    """Return what `--column HEADING=FIELD` says.

    Raises:
        Misused: ``usage.column``, naming what is possible.
    """
    from taizhang.cli.render_import import COLUMNS

    found: dict[str, str] = {}
    words = app.words
    by_word = {words(f"column.{field}").casefold(): field for field in COLUMNS}
    for said in app.args.column or ():
        heading, _, name = said.rpartition("=")
        field = by_word.get(name.strip().casefold(), name.strip().lower().replace("-", "_"))
        if not heading.strip() or field not in COLUMNS:
            raise Misused("usage.column", value=said, allowed=list(COLUMNS))
        found[heading.strip()] = field
    return found


def _progress(app: App) -> Progress:
    def told(what: str, done: int, total: int) -> None:
        app.console.progress(app.words(f"cli.import.{what}", done=done, total=total))

    return told


def _report(app: App, plan: Plan, done: Done | None) -> None:
    from taizhang.cli import render_import

    if app.wants_json:
        app.data(render_import.document(app, plan, done))
        return
    app.console.lines(render_import.plan_lines(app, plan, done))
    for line in render_import.closing_lines(app, plan, done):
        app.console.say(line)


def _list(app: App) -> int:
    earlier = app.desk.imports().earlier()
    if app.wants_json:
        app.data_list(list(earlier))
    elif earlier:
        from taizhang.cli.render_import import earlier_lines

        app.console.lines(earlier_lines(app, earlier))
    else:
        app.console.say(app.words("cli.import.none"))
    return 0


def _undo(app: App, batch: str) -> int:
    words = app.words
    grounds = app.args.why or words("cli.import.undo-grounds")
    numbers = app.desk.imports().undo(batch, app.actor(), grounds, _progress(app))
    app.console.progress("")
    if app.wants_json:
        undone: dict[str, Any] = {"undone": len(numbers), "numbers": numbers}
        app.data(undone)
    else:
        app.console.say(words("cli.import.undone", count=len(numbers), first=numbers[0], last=numbers[-1]))
    return 0
