"""The English catalogue, put together from its parts. It must not know who shows it."""

from __future__ import annotations

from . import case, cli, core, export, proof, tui

MESSAGES: dict[str, str] = {
    **core.MESSAGES,
    **cli.MESSAGES,
    **tui.MESSAGES,
    **export.MESSAGES,
    **case.MESSAGES,
    **proof.MESSAGES,
}
