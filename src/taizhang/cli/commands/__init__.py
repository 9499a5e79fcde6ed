"""What each command does, one module a group. It must not know how arguments are read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taizhang.cli.app import App
    from taizhang.cli.table import Command


def runner(command: Command | None) -> Callable[[App], int]:
    """Return the function that runs a command, loading only its module; None stands for the program alone."""
    module, _, function = (command.run if command else "session:alone").partition(":")
    found: Callable[[App], int] = getattr(import_module(f"{__name__}.{module}"), function)
    return found
