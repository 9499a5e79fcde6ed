"""The Chinese catalogue, put together from its parts. It must not know who shows it."""

from __future__ import annotations

from . import cli, core, export, life, tui

MESSAGES: dict[str, str] = {**core.MESSAGES, **life.MESSAGES, **cli.MESSAGES, **tui.MESSAGES, **export.MESSAGES}
