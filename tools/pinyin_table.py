"""Writes src/taizhang/projections/pinyin_table.txt from pypinyin, which is needed here and nowhere else.

A line is one syllable without its tone (ü as v), a blank, and the characters that are read so; a line that begins with
``+`` is their second reading. First readings are pypinyin's own; a second one is kept where pypinyin's dictionary of
phrases uses it more than the first, or often enough: every one costs each search for its syllables.
Run: python tools/pinyin_table.py
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

TARGET = Path(__file__).resolve().parent.parent / "src/taizhang/projections/pinyin_table.txt"

CHARACTERS = (0x3007, *range(0x4E00, 0xA000))
LEAST_PHRASES = 4
LEAST_SHARE = 0.01
LEAST_KNOWN = 15
VOWELS = frozenset("aeiouv")


def readings(code_point: int) -> list[str]:
    """Return the readings of one character, the usual first; empty where it has none with a vowel."""
    given = [to_normal(reading) for reading in PINYIN_DICT.get(code_point, "").split(",") if reading]
    return [reading for reading in dict.fromkeys(given) if reading.isascii() and VOWELS & set(reading)]


def used_in_phrases() -> dict[str, Counter[str]]:
    """Return how many phrases use each reading of each character."""
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in PHRASES_DICT.items():
        if len(phrase) == len(sounds):
            for character, sound in zip(phrase, sounds, strict=True):
                used[character][to_normal(sound[0])] += 1
    return used


def table() -> str:
    """Return the text of the data file."""
    used = used_in_phrases()
    first: dict[str, list[str]] = defaultdict(list)
    second: dict[str, list[str]] = defaultdict(list)
    for code_point in CHARACTERS:
        sounds = readings(code_point)
        if not sounds:
            continue
        character = chr(code_point)
        first[sounds[0]].append(character)
        counts = used[character]
        often, other = max([(counts[sound], sound) for sound in sounds[1:]], default=(0, ""))
        is_known = counts.total() >= LEAST_KNOWN and often >= max(LEAST_PHRASES, LEAST_SHARE * counts.total())
        if is_known or often > max(counts[sounds[0]], LEAST_PHRASES - 1):
            second[other].append(character)
    lines = [f"{syllable} {''.join(first[syllable])}" for syllable in sorted(first)]
    lines += [f"+{syllable} {''.join(second[syllable])}" for syllable in sorted(second)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8", newline="\n")
