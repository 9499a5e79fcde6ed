"""The Chinese catalogue, put together from its parts. It must not know who shows it."""

from __future__ import annotations

from . import case, cli, cli_life, core, export, life, proof, tui, tui_life, tui_screens

MESSAGES: dict[str, str] = {
    **core.MESSAGES,
    **life.MESSAGES,
    **cli.MESSAGES,
    **cli_life.MESSAGES,
    **tui.MESSAGES,
    **tui_life.MESSAGES,
    **tui_screens.MESSAGES,
    **export.MESSAGES,
    **case.MESSAGES,
    **proof.MESSAGES,
}
