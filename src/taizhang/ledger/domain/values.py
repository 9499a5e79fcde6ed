"""Owns the words and small values that every event, command and state is made of.

Pure: knows no clock, no file, no label. What people read for these words is in `taizhang.locale`.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from .errors import Rejected

E = TypeVar("E", bound=type[StrEnum])


def plain_members(enum: E) -> E:
    """Let each member be found as a plain attribute, as from Python 3.12 on; 3.11 calls a property, three times as slow."""
    for name, member in enum.__members__.items():
        type.__setattr__(enum, name, member)
    return enum


@plain_members
class State(StrEnum):
    """Where a finding stands (docs/life.md)."""

    LOGGED = "logged"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    AWAITING = "awaiting_verification"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"


OPEN_STATES = frozenset({State.LOGGED, State.ASSIGNED, State.RECTIFYING, State.AWAITING})


@plain_members
class Role(StrEnum):
    """What a person may do."""

    INSPECTOR = "inspector"
    OFFICE = "office"
    UNIT_OFFICER = "unit_officer"
    UNIT_HEAD = "unit_head"
    VERIFIER = "verifier"
    APPROVER = "approver"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


@plain_members
class FindingClass(StrEnum):
    """整改类别: how the rectification is paced."""

    IMMEDIATE = "immediate"
    TIME_BOUND = "time_bound"
    PHASED = "phased"
    SUSTAINED = "sustained"


@plain_members
class Progress(StrEnum):
    """How far a measure is: 未完成, 基本完成, 已完成."""

    NONE = "none"
    MOSTLY = "mostly"
    DONE = "done"


@plain_members
class Method(StrEnum):
    """How a verification was done."""

    ON_SITE = "on_site"
    ON_PAPER = "on_paper"


@plain_members
class Conclusion(StrEnum):
    """What a verification found."""

    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"
    INCONCLUSIVE = "inconclusive"


@plain_members
class Result(StrEnum):
    """What a follow-up (回头看) found: it holds, or it has relapsed (反弹)."""

    HOLDS = "holds"
    RELAPSED = "relapsed"


@plain_members
class LinkKind(StrEnum):
    """How one finding stands to another."""

    RELATED = "related"
    DUPLICATE_OF = "duplicate_of"
    SUCCESSOR_OF = "successor_of"


@plain_members
class Severity(StrEnum):
    """How grave a finding is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@plain_members
class Via(StrEnum):
    """Through which door an event came in."""

    # Stored words, kept for ever: API and SYNC name doors to come, so that logs of then are read by rules of now.
    CLI = "cli"
    TUI = "tui"
    API = "api"
    IMPORT = "import"
    SYNC = "sync"


class Account(Struct, frozen=True):
    """The operating-system user and host behind an actor, as the machine itself says."""

    os_user: str
    host: str


class Deadline(Struct, frozen=True, omit_defaults=True):
    """When a rectification is due, and why on that day.

    Args:
        due: the last day on which the finding is on time; of a sustained one the next review, if any.
        rule: how the day was found: ``date``, ``10wd``, ``30d``, ``review:2026-06-30,…`` (`calendar.rule_text`).
        start: the day that the rule counts from, itself not counted.
        calendar: the edition of the calendar that gave the day; empty where none was asked.
        provisional: the calendar of a year on the way was not yet published.
    """

    due: date | None
    rule: str = "date"
    start: date | None = None
    calendar: str = ""
    provisional: bool = False


class Evidence(Struct, frozen=True, omit_defaults=True):
    """A piece of evidence (佐证材料), known by the SHA-256 of its bytes; `name` is only what it was called."""

    sha256: str
    size: int
    name: str
    caption: str = ""


SHA256 = re.compile(r"[0-9a-f]{64}")
IDENTIFIER = re.compile(r"[^\W_][\w.\-]{0,63}")
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FORBIDDEN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

LINE_LIMIT = 500
TEXT_LIMIT = 20_000


def checked_line(field: str, text: str, *, required: bool = True, limit: int = LINE_LIMIT) -> str:
    """Return `text` without outer blanks, or refuse it.

    Args:
        field: the name of the field, for the refusal.
        text: one line of text, at most `limit` characters, without control characters.

    Raises:
        Rejected: ``text.missing`` (zero-width characters alone say nothing), ``text.too-long`` or ``text.control``.
    """
    return _checked(field, text, _FORBIDDEN_LINE, limit, required=required)


def checked_text(field: str, text: str, *, required: bool = True, limit: int = TEXT_LIMIT) -> str:
    """As `checked_line`, for text that may hold line breaks (LF; CR LF becomes LF, a tab becomes a blank)."""
    if text.isprintable() and 0 < len(text) <= limit and text[0] != " " and text[-1] != " ":
        return text  # the usual case: one line, nothing about it
    return _checked(field, text.replace("\r\n", "\n").replace("\t", " "), _FORBIDDEN, limit, required=required)


def _checked(field: str, text: str, forbidden: re.Pattern[str], limit: int, *, required: bool) -> str:
    plain = text.isprintable()  # then it holds nothing that is forbidden or cannot be seen: the usual case, and quick
    if not plain and (bad := forbidden.search(text)):
        raise Rejected("text.control", field=field, character=f"U+{ord(bad.group()):04X}", at=bad.start() + 1)
    text = text.strip()
    if required and not (text if plain else _INVISIBLE.sub("", text).strip()):
        raise Rejected("text.missing", field=field)
    if len(text) > limit:
        raise Rejected("text.too-long", field=field, length=len(text), limit=limit)
    return text


def checked_identifier(field: str, text: str) -> str:
    """Return `text` if it can be an id: a letter or digit, then letters, digits, ``_ . -``; at most 64 characters."""
    if not IDENTIFIER.fullmatch(text):
        raise Rejected("text.identifier", field=field, value=visible(text)[:64])
    return text


_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


def visible(text: str, *, keep: str = "") -> str:
    """Return `text` with control, bidi and zero-width characters written out as ``⟨U+200B⟩``.

    Args:
        keep: characters to leave as they are, for example a line feed where lines are drawn.
    """
    return _INVISIBLE.sub(lambda m: m.group() if m.group() in keep else f"⟨U+{ord(m.group()):04X}⟩", text)
