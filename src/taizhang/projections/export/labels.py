"""Owns how ids and words of a finding become what people read in a table, and how names are masked there.

It must not know a column nor a file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from taizhang.ledger.domain.lights import Yardstick
from taizhang.ledger.domain.register import Register
from taizhang.locale.words import Words

Shown = str | int | date | None
"""What stands in a cell."""

_BETWEEN_NAMES = re.compile(r"([、，,;；/\s]+)")
_LATIN = re.compile(r"[^\W\d_]+", re.UNICODE)


class Labels:
    """What turns the ids and words of a finding into what people read.

    Args:
        register: units, people and programmes.
        words: the catalogue of the language.
        by: what colours are judged by.
        masked: whether names of persons are masked.
        names: persons beside those of the register.
    """

    def __init__(
        self, register: Register, words: Words, by: Yardstick, *, masked: bool = False, names: tuple[str, ...] = ()
    ) -> None:
        self.register = register
        self.words = words
        self.by = by
        self.masked = masked
        self._known = (*(person.name for person in register.people.values()), *names) if masked else ()
        try:
            self.zone = ZoneInfo(register.timezone)
        except ZoneInfoNotFoundError:
            self.zone = ZoneInfo("UTC")

    def unit(self, unit_id: str) -> str:
        """Return the name of a unit."""
        unit = self.register.units.get(unit_id)
        return unit.name if unit else unit_id

    def person(self, person_id: str) -> str:
        """Return the name of a person, masked where names are."""
        person = self.register.people.get(person_id)
        return self.named(person.name if person else person_id)

    def named(self, names: str) -> str:
        """Return names of persons that stand in a field of their own; masked where names are."""
        if not self.masked:
            return names
        return "".join(part if at % 2 else masked_name(part) for at, part in enumerate(_BETWEEN_NAMES.split(names)))

    def free(self, text: Shown, names: Iterable[str] = ()) -> Shown:
        """Return a text of any kind; where names are masked, those of the register and `names` are masked in it."""
        if not self.masked or not isinstance(text, str) or not text:
            return text
        return _replaced(text, self._known, tuple(names))

    def term(self, vocabulary: str, value: StrEnum | None) -> str:
        """Return the word for a value; an empty text where there is none."""
        return "" if value is None else self.words.term(vocabulary, value)

    def local(self, moment: datetime) -> str:
        """Return a moment in the ledger's own time zone."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S %z")

    def minute(self, recorded_at: str) -> str:
        """Return a recorded time in the ledger's own time zone, to the minute."""
        return datetime.fromisoformat(recorded_at).astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


def masked_name(name: str) -> str:
    """Return a name with all but its first character (of every Latin word) as ``*``: 张三 → 张*, Li Si → L* S*."""
    if name.isascii():
        return _LATIN.sub(lambda match: match[0][0] + "*" * max(1, len(match[0]) - 1), name)
    return name[:1] + "*" * (len(name) - 1)


def _replaced(text: str, known: tuple[str, ...], names: tuple[str, ...]) -> str:
    pattern = _pattern(known, names)
    return text if pattern is None else pattern.sub(lambda match: masked_name(match[0]), text)


@lru_cache(maxsize=256)
def _pattern(known: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str] | None:
    parts = {part for name in names for part in _BETWEEN_NAMES.split(name)[::2]} | set(known)
    wanted = sorted((part for part in parts if len(part) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, wanted))) if wanted else None
