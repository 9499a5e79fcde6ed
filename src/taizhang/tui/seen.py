"""Owns what somebody has seen of a ledger last: one event index for each ledger and person, in the user's state folder.

A convenience of this computer, no part of the ledger: a file that is lost or broken only means that everything is new.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

LINUX = sys.platform == "linux"


def state_folder() -> Path:
    """Return where the terminal keeps what only concerns this computer's user."""
    if LINUX:  # what platformdirs says there, without loading it
        base = os.environ.get("XDG_STATE_HOME", "").strip()
        return (Path(base) if base else Path.home() / ".local/state") / "taizhang"
    import platformdirs

    path: Path = platformdirs.user_state_path("taizhang", appauthor=False)
    return path


class Seen:
    """What was seen last.

    Args:
        file: where it is kept.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or state_folder() / "seen.json"

    def last(self, ledger: str, actor: str) -> int | None:
        """Return the last event that this person has seen of this ledger; None where that is not known."""
        index = self._read().get(_key(ledger, actor))
        return index if isinstance(index, int) else None

    def remember(self, ledger: str, actor: str, index: int) -> None:
        """Keep the last event that this person has seen.

        Raises:
            OSError: the file cannot be written.
        """
        known = self._read() | {_key(ledger, actor): index}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        fresh.write_text(json.dumps(known, ensure_ascii=False, indent=0), encoding="utf-8")
        fresh.replace(self._file)

    def _read(self) -> dict[str, object]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not yet there, or broken: everything is new
            return {}
        return known if isinstance(known, dict) else {}


def _key(ledger: str, actor: str) -> str:
    return f"{ledger} {actor}"
