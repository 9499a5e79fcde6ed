"""Owns the Chinese sentences of the terminal. It must not know a rule or a screen."""

from __future__ import annotations

MESSAGES: dict[str, str] = {}
