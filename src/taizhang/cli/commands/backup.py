"""Owns `ledger backup` and `ledger restore`. It must not know what a backup is made of."""

from __future__ import annotations

from pathlib import Path

from taizhang.cli.app import App


def backup(app: App) -> int:
    """Write a backup and say what it holds."""
    args, words = app.args, app.words
    receipt = app.doors.backup(app.path, Path(args.output).expanduser(), with_key=args.with_key)
    if app.wants_json:
        app.data(receipt)
        return 0
    app.console.line(receipt.path)
    app.console.say(words("cli.backed-up", size=receipt.size, files=receipt.files, bytes=f"{receipt.bytes:,}"))
    if receipt.damaged:
        app.console.say(words("cli.backup-damaged", count=len(receipt.damaged), sha256=receipt.damaged[0]))
    if receipt.key:
        app.console.say(words("cli.backup-key"))
    return 0


def restore(app: App) -> int:
    """Restore a backup into a folder and say what became of the ledger that was there."""
    args, words = app.args, app.words
    target = Path(args.to).expanduser() if args.to else app.path
    receipt = app.doors.restore(
        Path(args.file).expanduser(), target, older=args.older, progress=app.counting("cli.restoring")
    )
    app.console.progress("")
    if app.wants_json:
        app.data(receipt)
        return 0
    app.console.line(receipt.path)
    app.console.say(words("cli.restored", size=receipt.size, made_at=receipt.made_at, root=receipt.root))
    if receipt.replaced:
        app.console.say(words("cli.restore-replaced", path=receipt.replaced))
    if receipt.lost:
        app.console.say(words("cli.restore-lost", count=receipt.lost))
    if not receipt.evidence:
        app.console.say(words("cli.restore-evidence"))
    return 0
