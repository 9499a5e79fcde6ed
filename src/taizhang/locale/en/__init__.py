"""The English catalogue, put together from its parts. It must not know who shows it."""

from __future__ import annotations

from . import (
    case,
    cli,
    cli_life,
    core,
    export,
    intake,
    life,
    proof,
    tui,
    tui_inout,
    tui_life,
    tui_proof,
    tui_registers,
    tui_screens,
    tui_ways,
    weekly,
)

MESSAGES: dict[str, str] = {
    **core.MESSAGES,
    **case.MESSAGES,
    **cli.MESSAGES,
    **cli_life.MESSAGES,
    **export.MESSAGES,
    **intake.MESSAGES,
    **life.MESSAGES,
    **proof.MESSAGES,
    **tui.MESSAGES,
    **tui_inout.MESSAGES,
    **tui_life.MESSAGES,
    **tui_proof.MESSAGES,
    **tui_registers.MESSAGES,
    **tui_screens.MESSAGES,
    **tui_ways.MESSAGES,
    **weekly.MESSAGES,
}
