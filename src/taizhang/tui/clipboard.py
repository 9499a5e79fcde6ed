"""Owns what is copied, and what can honestly be said of it: OSC 52 has no answer, so nobody knows whether it arrived. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from taizhang.service.desk import FindingRow

from . import told
from .cells import cut, shown
from .session import Session


def likely(environ: Mapping[str, str]) -> str:
    """Return how likely the terminal takes it: ``sent``, ``tmux`` (where it must be let through) or ``deaf`` (known not to)."""
    if environ.get("TERM_PROGRAM") == "Apple_Terminal" or environ.get("TERM", "") in ("linux", "vt100", "dumb"):
        return "deaf"
    if environ.get("TMUX") or environ.get("STY"):
        return "tmux"
    return "sent"


def first_of(text: str) -> str:
    """Return the beginning of what was copied, on one line."""
    return cut(shown(text.split("\n", maxsplit=1)[0]), 30)


def row_text(session: Session, row: FindingRow) -> str:
    """Return a line of the list as text with tabs, as a spreadsheet takes it."""
    words = session.words
    due = row.due.isoformat() if row.due else ""
    cells = (row.number, words.term("state", row.status), row.title, row.unit_name, due, told.row_due(session, row))
    return "\t".join(" ".join(cell.split()) for cell in cells)
