"""Owns how a corrected value stands in an event, as text, and what it is in a finding. Pure; knows no rule of who may correct."""

from __future__ import annotations

from datetime import date

from .values import Severity


def amended_value(field: str, text: str | tuple[str, ...]) -> str | tuple[str, ...] | date | Severity | None:
    """Return the typed value of an amended field from the text that the event keeps."""
    if field == "found_on" and isinstance(text, str):
        return date.fromisoformat(text)
    if field == "severity":
        return Severity(text) if text and isinstance(text, str) else None
    return text


def amendable_text(value: str | tuple[str, ...] | date | Severity | None) -> str | tuple[str, ...]:
    """Return the text that an amendment keeps for a value; the other way round of `amended_value`."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else (str(value) if isinstance(value, str) else value)
