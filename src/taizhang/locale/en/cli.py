"""Owns the English sentences of the command line. It must not know a rule or a screen."""

from __future__ import annotations

MESSAGES: dict[str, str] = {}
