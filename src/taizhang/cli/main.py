"""Owns the way in from the command line: arguments to a command, a command to an exit code.

It must not know what any command does, nor load one (or the ledger) before it is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.ledger.domain.errors import Refusal, Unreachable
from taizhang.locale.words import Lang, Words, words_for

from .options import Config, Misused, language
from .output import Console

if TYPE_CHECKING:
    from argparse import Namespace

    from taizhang.service.desk import BackupReceipt, CaseVerdict, Desk, RestoreReceipt
    from taizhang.service.proofs import Proofs, Witness

DONE, REFUSED, MISUSED, UNREACHED, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Args:
        argv: the arguments; None for those of the process.

    Returns:
        0 done, 1 refused by a rule or a check failed, 2 usage, 3 the ledger could not be reached, 130 interrupted.
    """
    console = Console()
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv), console)
        console.flush()
    except BrokenPipeError:  # whoever read along has seen enough
        console.abandon()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run(argv: list[str], console: Console) -> int:
    from . import parser

    early = parser.common(argv)
    config = Config()
    words = words_for(Lang.ZH)
    as_json = early.json or early.jsonl
    try:
        try:
            words = words_for(language(early.lang or "", os.environ, config))
            code = _perform(parser.parse(argv, words), words, console, config)
        except parser.Helped as helped:
            console.lines(helped.text.splitlines())
            code = DONE
        console.flush()  # what cannot be handed over is told below
        return code
    except Refusal as refusal:
        return _refused(refusal, words, console, as_json=as_json)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - the last line of defence: one sentence, never a traceback
        return _unexpected(error, words, console, as_json=as_json)


def _perform(args: Namespace, words: Words, console: Console, config: Config) -> int:
    from .app import App
    from .commands import runner

    app = App(args, words, console, config, _Doors())
    try:
        return runner(args.command)(app)
    finally:
        app.close()


def _refused(refusal: Refusal, words: Words, console: Console, *, as_json: bool) -> int:
    if refusal.code in words:
        sentence = words.refusal(refusal)
    else:
        sentence = words("error.unnamed", code=refusal.code, detail=str(refusal))
    if as_json:
        from .json_out import refusal as document

        try:
            console.line(document(refusal, sentence))
            console.flush()
        except Unreachable as lost:
            console.say(words.refusal(lost))
            return UNREACHED
    if not as_json or refusal.code == "output.cannot-write":  # standard output takes no more
        console.say(sentence)
    if isinstance(refusal, Misused):
        return MISUSED
    return UNREACHED if isinstance(refusal, Unreachable) else REFUSED


def _unexpected(error: Exception, words: Words, console: Console, *, as_json: bool) -> int:
    if os.environ.get("TAIZHANG_DEBUG"):
        import traceback

        console.say(traceback.format_exc().rstrip())
    refusal = Unreachable("error.unexpected", kind=type(error).__name__, detail=str(error)[:300])
    return _refused(refusal, words, console, as_json=as_json)


class _Doors:
    """The ways into a ledger; the composition root is loaded when one is used."""

    def open_desk(self, path: Path) -> Desk:
        from taizhang import composition

        desk: Desk = composition.open_desk(path)
        return desk

    def init_ledger(self, path: Path, *, origin: str, timezone: str, admin_name: str, programme_name: str) -> None:
        from taizhang import composition

        composition.init_ledger(
            path, origin=origin, timezone=timezone, admin_name=admin_name, programme_name=programme_name
        )

    def make_demo(self, path: Path) -> None:
        from taizhang import composition

        composition.make_demo(path)

    def backup(self, path: Path, target: Path, *, with_key: bool) -> BackupReceipt:
        from taizhang import composition

        return composition.backup_ledger(path, target, with_key=with_key)

    def restore(self, source: Path, path: Path, *, older: bool, progress: Callable[[int, int], None]) -> RestoreReceipt:
        from taizhang import composition

        return composition.restore_ledger(source, path, older=older, progress=progress)

    def verify_case(self, path: Path, vkeys: Sequence[str], lang: str) -> CaseVerdict:
        from taizhang import composition

        return composition.verify_case(path, vkeys, lang)

    def open_proofs(self, path: Path) -> Proofs:
        from taizhang import composition

        return composition.open_proofs(path)

    def init_witness(self, path: Path, name: str) -> Witness:
        from taizhang import composition

        return composition.init_witness(path, name)

    def open_witness(self, path: Path) -> Witness:
        from taizhang import composition

        return composition.open_witness(path)

    def terminal(self, path: Path, *, actor: str, lang: str, settings: Mapping[str, Any], state: Path | None) -> int:
        from taizhang import composition

        return composition.open_terminal(path, actor=actor, lang=lang, settings=settings, state=state)

    def web(self, path: Path, *, actor: str, lang: str, port: int, told: Callable[[str], object]) -> int:
        from taizhang import composition

        return composition.serve_terminal(path, actor=actor, lang=lang, port=port, told=told)

    def terminal_settings(self, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
        from taizhang import composition

        return composition.terminal_settings(settings)
