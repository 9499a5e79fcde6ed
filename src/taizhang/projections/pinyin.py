"""Owns how Chinese text sounds: syllables and initials of characters, and how typed letters split into syllables.

The table beside this file is written by `tools/pinyin_table.py`; each character has one reading or two. It is read when
first needed, and looked up a character at a time, because most processes meet a few hundred of the 20,000.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("pinyin_table.txt")
BOTH = "·"
"""Between the two readings of a character in its token, for example ``zhong·chong``."""

WINDOW = 3
"""How many characters around one that has two initials are indexed again with the second."""

MOST_SPLITS = 3
LONGEST = 6


class Table:
    """The readings of characters.

    Args:
        text: the data file.
    """

    def __init__(self, text: str) -> None:
        first, _, second = text.partition("\n+")
        self._first = first
        self.syllables = frozenset(line.partition(" ")[0] for line in first.splitlines())
        seconds = [line.partition(" ") for line in second.split("\n+")]
        self.second = {character: sound for sound, _, characters in seconds for character in characters.strip()}
        self.sounds = _Lazy(self._sound)
        self.initials = _Lazy(self._initial)
        two = [character for character, sound in self.second.items() if sound[0] != self.reading(character)[0]]
        self.two_initials = re.compile(f"[{''.join(two)}]")

    def reading(self, character: str) -> str:
        """Return the usual reading of a character, or nothing."""
        at = self._first.find(character) if character >= "\u3007" else -1
        if at < 0:
            return ""
        line = self._first.rfind("\n", 0, at) + 1
        return self._first[line : self._first.index(" ", line)]

    def _sound(self, token: str) -> str:
        reading, second = self.reading(token), self.second.get(token)
        return f"{reading}{BOTH}{second}" if second else reading or token

    def _initial(self, token: str) -> str:
        return self.reading(token)[:1] or " "


class _Lazy(dict[str, str]):
    """A mapping that fills itself, with characters only: there are not too many of them."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, token: str) -> str:
        found = self._find(token)
        if len(token) == 1:
            self[token] = found
        return found


@cache
def table() -> Table:
    """Return the table that ships with the package."""
    return Table(TABLE.read_text("utf-8"))


def syllables(tokens: Sequence[str]) -> str:
    """Return how tokens sound, parted by blanks: a character as its syllable or two, another word as it is.

    Args:
        tokens: Chinese characters, one each, and words of other letters.
    """
    return " ".join(map(table().sounds.__getitem__, tokens))


def initials(tokens: Sequence[str]) -> list[str]:
    """Return the runs of initials of the tokens, then those around each character with two initials.

    Args:
        tokens: as in `syllables`; what is no character with a sound ends a run.
    """
    sounds = table()
    found = "".join(map(sounds.initials.__getitem__, tokens))
    runs = found.split()
    if sounds.two_initials.search(tokens if isinstance(tokens, str) else "".join(tokens)) is None:
        return runs
    for at, token in enumerate(tokens):
        if sounds.two_initials.fullmatch(token):
            before = found[max(0, at - WINDOW) : at].rpartition(" ")[2]
            after = found[at + 1 : at + 1 + WINDOW].partition(" ")[0]
            runs.append(before + sounds.second[token][0] + after)
    return runs


def sounds_in(text: str, letters: str) -> bool:
    """Say whether a short text sounds so somewhere: by its syllables, the last maybe cut short, or by its initials.

    Args:
        letters: lower case a to z.
    """
    sounds = table()
    readings = [{s for s in (sounds.reading(c), sounds.second.get(c, "")) if s} for c in text]
    return any(_goes_on(readings[at:], letters, whole) for at in range(len(readings)) for whole in (True, False))


def ways(text: str) -> tuple[str, ...]:
    """Return how a short text can be typed in letters: its syllables and its initials, other characters left out.

    A character with two readings gives further ways, one such character at a time.
    """
    sounds = table()
    firsts = [sounds.reading(character) or (character if character.isascii() else "") for character in text.casefold()]
    spoken = [firsts]
    for at, character in enumerate(text):
        if second := sounds.second.get(character):
            spoken.append([*firsts[:at], second, *firsts[at + 1 :]])
    joined = ("".join(way) for way in spoken)
    initials = ("".join(sound[:1] if sound.isalpha() else "" for sound in way) for way in spoken)
    return tuple(dict.fromkeys(way for way in (*joined, *initials) if way))


def _goes_on(readings: list[set[str]], letters: str, whole: bool) -> bool:
    if not readings or not readings[0]:
        return False
    for reading in readings[0]:
        said = reading if whole else reading[0]
        if said.startswith(letters) or (
            letters.startswith(said) and _goes_on(readings[1:], letters[len(said) :], whole)
        ):
            return True
    return False


def sounding(syllable: str) -> tuple[str, ...]:
    """Return the tokens that sound so: the syllable, and those of two readings that have it."""
    return _tokens().get(syllable, (syllable,))


@cache
def _tokens() -> dict[str, tuple[str, ...]]:
    sounds = table()
    found: dict[str, set[str]] = {}
    for character, second in sounds.second.items():
        first = sounds.reading(character)
        for syllable in (first, second):
            found.setdefault(syllable, set()).add(f"{first}{BOTH}{second}")
    return {syllable: (syllable, *sorted(both)) for syllable, both in found.items()}


def splits(letters: str) -> list[tuple[str, ...]]:
    """Return the ways to read typed letters as syllables; only the last syllable may be a beginning of one.

    Args:
        letters: a to z; ``ü`` is typed as ``v``.
    """
    known = table().syllables
    ways: list[list[tuple[str, ...]]] = [[()]]  # how the letters up to each place can be read whole
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - LONGEST), end)
        here = [(*way, s) for start in starts if (s := letters[start:end]) in known for way in ways[start]]
        ways.append(sorted(here, key=len)[:MOST_SPLITS])  # the fewest syllables are the likeliest
    found = ways[-1] if letters else []
    for start in range(max(0, len(letters) - LONGEST), len(letters)):
        if letters[start:] not in known and completions(letters[start:]):
            found = found + [(*way, letters[start:]) for way in ways[start]]
    return sorted(found, key=len)[:MOST_SPLITS]


@cache
def completions(beginning: str) -> tuple[str, ...]:
    """Return the syllables that begin so, in alphabetical order."""
    return tuple(sorted(s for s in table().syllables if s.startswith(beginning))) if beginning else ()
