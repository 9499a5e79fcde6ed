"""Owns where the user's configuration and data lie. It must not know what is in them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APPLICATION = "taizhang"
LINUX = sys.platform == "linux"


def config_file() -> Path:
    """Return where the user's configuration file would be."""
    return _place("XDG_CONFIG_HOME", ".config", "user_config_path") / "config.toml"


def state_folder() -> Path:
    """Return where the terminal would keep what it remembers of each ledger: history, views, drafts."""
    return _place("XDG_STATE_HOME", ".local/state", "user_state_path")


def default_ledger() -> Path:
    """Return where the user's own ledger would be."""
    return _data() / "ledger"


def demo_ledger() -> Path:
    """Return where the demo ledger would be."""
    return _data() / "demo"


def _data() -> Path:
    return _place("XDG_DATA_HOME", ".local/share", "user_data_path")


def _place(variable: str, below_home: str, elsewhere: str) -> Path:
    if LINUX:  # what platformdirs says there, without the 40 ms that loading it takes from every start
        base = os.environ.get(variable, "").strip()
        return (Path(base) if base else Path.home() / below_home) / APPLICATION
    import platformdirs

    path: Path = getattr(platformdirs, elsewhere)(APPLICATION, appauthor=False)
    return path
