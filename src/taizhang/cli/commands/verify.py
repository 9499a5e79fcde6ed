"""Owns `ledger verify`: against what, how far it is, and what came of it. It must not know how anything is checked."""

from __future__ import annotations

from time import monotonic

import msgspec

from taizhang.cli import files
from taizhang.cli.app import App
from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.verdict import Check, Statement, Verdict

EVERY_S = 0.1
WIDTH = 30


class Bar:
    """A bar on stderr that fills, where somebody is watching.

    Args:
        app: whose console and words.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._phase = ""
        self._started = self._drawn = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Draw how far a phase is, at most ten times a second."""
        now = monotonic()
        if phase != self._phase:
            self._phase, self._started, self._drawn = phase, now, 0.0
        if now - self._drawn < EVERY_S and done < total:
            return
        self._drawn = now
        part = done / total if total else 1.0
        filled = round(part * WIDTH)
        spent = now - self._started
        left = round(spent / part - spent) if part else 0
        words = self._app.words
        self._app.console.progress(
            words(
                "cli.bar",
                phase=words(f"phase.{phase}"),
                bar="█" * filled + "░" * (WIDTH - filled),
                percent=int(part * 100),
                done=done,
                total=total,
                left=left,
            )
        )


def verify(app: App) -> int:
    """Check the whole ledger; 1 where something does not hold."""
    args = app.args
    given = [files.read(name) for name in args.checkpoint or ()]
    vkey = files.key(args.vkey) if args.vkey else ""
    witnesses = [files.key(text) for text in args.witness_vkey or ()]
    proofs = app.doors.open_proofs(app.path)
    try:
        verdict = proofs.verify(given, vkey, witnesses, log_only=args.log_only, progress=Bar(app))
    finally:
        app.console.progress("")
        proofs.close()
    if app.wants_json:
        app.data(_document(app, verdict))
    else:
        _print(app, verdict)
    return 0 if verdict.ok else 1


def _print(app: App, verdict: Verdict) -> None:
    words, console = app.words, app.console
    for check in verdict.checks:
        mark = console.paint(words("cli.check.ok"), "green")
        if not check.ok:
            mark = console.paint(words("cli.check.failed"), "red")
        console.line(f"{mark}  {sentence(app, check)}")
    if verdict.ok:
        console.line(words("cli.verified", size=verdict.size, root=verdict.root))
    elif verdict.first_wrong is not None:
        console.line(words("cli.first-wrong", index=verdict.first_wrong, against=verdict.against))
    for statement in verdict.proved:
        console.line(f"+ {_said(app, statement)}")
    for statement in verdict.unproved:
        console.line(f"- {_said(app, statement)}")
    if not verdict.ok:
        console.say(words("cli.not-verified"))


def _document(app: App, verdict: Verdict) -> dict[str, object]:
    checks = [
        {**msgspec.structs.asdict(check), "why": "" if check.ok else check.why, "message": sentence(app, check)}
        for check in verdict.checks
    ]
    said = {
        name: [{**msgspec.structs.asdict(one), "message": _said(app, one)} for one in statements]
        for name, statements in (("proved", verdict.proved), ("unproved", verdict.unproved))
    }
    return {"ok": verdict.ok, **msgspec.structs.asdict(verdict), "checks": checks, **said}


def sentence(app: App, check: Check) -> str:
    """Return what a check says, in words."""
    if check.key not in app.words:
        return f"{check.code} {check.params}"
    return app.words.refusal(Refusal(check.key, **check.params))


def _said(app: App, statement: Statement) -> str:
    return app.words.refusal(Refusal(statement.code, **statement.params))
