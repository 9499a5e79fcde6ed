"""What every test stands on: hypothesis profiles, and an environment in which no test can reach a person's own ledger."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# A run in the background of a shell ignores interrupts, and so would every program that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A shared machine stalls now and then: time limits for one example would fail good code.
settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("torture", parent=settings.get_profile("quick"), max_examples=5_000)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the run, and every process it starts, a home of its own and nothing of the caller's configuration."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("TAIZHANG_", "LC_", "XDG_", "COLORTERM", "FORCE_COLOR", "TEXTUAL")):
                patch.delenv(name)
        for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_RUNTIME_DIR"):
            patch.setenv(name, str(home))
        for name, value in {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "TZ": "UTC", "NO_COLOR": "1"}.items():
            patch.setenv(name, value)
        # an uncommitted checkout without an install can still start `python -m taizhang`
        patch.setenv("PYTHONPATH", str(ROOT / "src"))
        yield home
