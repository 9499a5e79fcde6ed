"""The terminal: the only room that imports Textual. It must not know a store, SQL or the command line."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taizhang.locale.words import Words
    from taizhang.service.desk import Desk

    from .memory import Memory
    from .preferences import Preferences


LONGEST_SEQUENCE = 2048
"""Characters of an escape sequence: some terminals (the kitty keyboard protocol) send what an input method commits as one
sequence of code points, and Textual gives up after 32 characters, which is five Chinese ones."""


def run(
    desk: Desk, words: Words, actor: str, preferences: Preferences | None = None, memory: Memory | None = None
) -> int:
    """Show the ledger until the person leaves; return the exit code.

    Args:
        desk: the ledger; stays open.
        words: the catalogue to begin with.
        actor: id of the person who acts; empty where nobody was named.
        preferences: theme, keys and templates; None for the usual ones.
        memory: where drafts and habits are kept; None keeps nothing.
    """
    # Textual reads it when it is imported: what changed is drawn within 8 ms of its coming, not within 17
    os.environ.setdefault("TEXTUAL_FPS", "120")
    # nothing of what is loaded now is garbage: looking for it takes a tenth of the start; the app turns it on again
    gc.disable()
    try:
        from textual import _xterm_parser

        from .app import TaizhangApp

        _xterm_parser._MAX_SEQUENCE_SEARCH_THRESHOLD = LONGEST_SEQUENCE
        app = TaizhangApp(desk, words, actor, preferences, memory)
        app.run()
        return app.return_code or 0
    finally:
        gc.enable()
