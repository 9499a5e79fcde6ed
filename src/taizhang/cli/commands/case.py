"""Owns `casefile`, `verify-case` and `verify-export`. It must not know how anything is proved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from taizhang.cli.app import App
from taizhang.cli.output import one_line
from taizhang.service.proofs import Signer

if TYPE_CHECKING:
    from taizhang.service.desk import ExportDifference

LONGEST = 60


def casefile(app: App) -> int:
    """Write the case file of one finding and say what it holds."""
    args, words = app.args, app.words
    target = Path(args.output).expanduser()
    receipt = app.desk.cases().write(
        app.number(), target, Signer(app.likely_actor()), with_evidence=not args.no_evidence
    )
    if app.wants_json:
        app.data(receipt)
        return 0
    app.console.line(receipt.path)
    app.console.say(
        words(
            "cli.case-written",
            number=receipt.number,
            events=receipt.events,
            evidence=receipt.evidence,
            size=receipt.size,
        )
    )
    return 0


def verify_case(app: App) -> int:
    """Check a case file, and say what it proves and what it does not."""
    args = app.args
    verdict = app.doors.verify_case(Path(args.file).expanduser(), args.vkey or (), app.words.lang)
    if app.wants_json:
        app.data({"ok": True, **msgspec.structs.asdict(verdict)})
    else:
        app.console.lines(verdict.told)
    return 0


def verify_export(app: App) -> int:
    """Say whether the ledger would give an exported table again; 1 where it would not, with what differs."""
    words, console = app.words, app.console
    verdict = app.desk.cases().verify_export(Path(app.args.file).expanduser(), app.counting("cli.export-folding"))
    console.progress("")
    if app.wants_json:
        app.data(verdict)
        return 0 if verdict.ok else 1
    if verdict.ok:
        console.line(words("cli.export-same", rows=verdict.rows, index=verdict.index, root=verdict.root))
        return 0
    for difference in verdict.differences:
        console.line(_told(app, difference))
    console.say(words("cli.export-differs", count=verdict.count, shown=len(verdict.differences), index=verdict.index))
    return 1


def _told(app: App, difference: ExportDifference) -> str:
    shown = {name: value for name, value in msgspec.structs.asdict(difference).items() if name != "sort"}
    shown |= {name: _cut(shown[name]) or app.words("cli.export-blank") for name in ("found", "expected")}
    return app.words(f"cli.export-difference.{difference.sort}", **shown)


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
