"""Owns the full-text index of the problem list, and how a word that somebody typed asks it.

FTS5's own tokenizers do not split Chinese, and its trigram index finds no word of one or two characters. So the text is
split here, a character a token, and a Chinese word is a phrase. Beside the text stand, for words typed in Latin letters:
every beginning of a Latin word or number (`word`), the syllables (`py`, again phrases), and three initials from every
place on (`ini`). All of it is matched in one expression, which FTS5 answers in the order of the list and stops early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from unicodedata import normalize

from msgspec import Struct

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import Register

from . import pinyin, spans
from .log import Connection
from .schema import SEARCH

BULK_HASH_BYTES = 24 * 1024 * 1024
LONGEST_BEGINNING = 24
LONGEST_SOUND = 48
GRAM = 3
"""So many initials make a token; a longer row of them is a phrase."""

NO_INITIAL = frozenset("iuv")
MOST_ENDINGS = 2
MOST_PHRASES = 24

SEPARATOR = "\ue000"
"""Between two fields, so that no phrase runs from one into the next."""

_CHINESE = "\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
_RUNS = re.compile(f"[{_CHINESE}]+")
_FOREIGN = re.compile(rf"[^\W_0-9A-Za-z{_CHINESE}]")
_OTHER = re.compile(rf"[^\W_{_CHINESE}]")
_TOKEN = re.compile(rf"[{_CHINESE}]|[^\W_{_CHINESE}]+")
_WORD = re.compile(rf"[^\W_{_CHINESE}]+(?:[^\w\s][^\W_{_CHINESE}]+)*")
_COLUMNS = "(rowid, text, word, py, ini) VALUES (?, ?, ?, ?, ?)"
INSERT = f"INSERT INTO search {_COLUMNS}"
_RESAID = (e.FindingAssigned, e.FindingAcknowledged, e.FindingAmended, e.PlanRevised, e.ClosureRequested)
"""Events after which a finding may say something else."""


class Document(Struct, frozen=True):
    """What the index keeps of one finding, one string of tokens a column."""

    text: str
    word: str
    py: str
    ini: str


class _Field(Struct, frozen=True):
    text: str
    words: tuple[str, ...] = ()
    py: str = ""
    runs: tuple[str, ...] = ()


def document(finding: Finding, unit_name: str) -> Document:
    """Return what the index keeps of a finding."""
    alias = finding.carried.alias if finding.carried else ""
    heard = [
        _field(finding.title),
        _known_field(finding.source),
        _known_field(finding.category),
        _known_field(unit_name),
        _known_field(finding.responsible_person),
    ]
    read = [_silent_field(text) for text in (alias, finding.criteria, *(measure.text for measure in finding.measures))]
    words = dict.fromkeys(_beginnings(finding.number.lower()))
    runs = [run for field in heard for run in field.runs]
    for field in (*heard, *read):
        words.update(dict.fromkeys(field.words))
    words.update(dict.fromkeys(sorted(set("".join(runs)))))
    return Document(
        f" {SEPARATOR} ".join([field.text for field in (*heard, *read) if field.text]),
        " ".join(words),
        f" {SEPARATOR} ".join([field.py for field in heard if field.py]),
        " ".join([run[at : at + GRAM] for run in runs for at in range(len(run))]),
    )


def prepare_bulk(connection: Connection) -> None:
    """Gather much in memory before it is written, and merge nothing: a third quicker over a whole ledger."""
    connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", (BULK_HASH_BYTES,))
    connection.execute("INSERT INTO search (search, rank) VALUES ('automerge', 0)")


def end_bulk(connection: Connection) -> None:
    """Go back to FTS5's own settings, which suit one finding after the other."""
    connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 1048576)")
    connection.execute("INSERT INTO search (search, rank) VALUES ('automerge', 4)")


def append(connection: Connection, findings: Sequence[tuple[int, Finding]], register: Register) -> None:
    """Index findings that are not yet in the index, in the order of their ids."""
    connection.executemany(INSERT, (row(id_, finding, register) for id_, finding in findings))


def save(connection: Connection, changed: Mapping[int, tuple[Finding | None, Finding]], register: Register) -> None:
    """Index findings again whose words may have changed.

    Args:
        changed: each finding by its id, before (None: index it in any case) and after.
    """
    anew = [(id_, after) for id_, (before, after) in changed.items() if before is None or _said(before) != _said(after)]
    if anew:
        connection.executemany("DELETE FROM search WHERE rowid = ?", [(id_,) for id_, _ in anew])
        append(connection, anew, register)


def resaid(connection: Connection, index: int, units: Iterable[str]) -> list[tuple[int, str]]:
    """Return id and number of the findings that may have said something else after the event of that index.

    Args:
        units: those that had another name then.
    """
    topics = [catalogue.TOPICS[event] for event in _RESAID]
    last = spans.total(connection, index)
    found = connection.execute(
        f"""SELECT id, number FROM problems WHERE id <= ? AND id IN (SELECT problem FROM audit WHERE idx > ? AND topic IN
          (SELECT id FROM terms WHERE text IN ({", ".join("?" * len(topics))})))""",
        (last, index, *topics),
    ).fetchall()
    named = list(units)
    if named:
        found += connection.execute(
            f"""SELECT p.id, p.number FROM {spans.source(index)} WHERE p.lead_unit IN ({", ".join("?" * len(named))})""",
            named,
        ).fetchall()
    return sorted(set(found))


def stand_in(connection: Connection, findings: Iterable[tuple[int, Finding]], register: Register) -> None:
    """Tell the index, for this transaction alone, what findings said at a moment: `problems.MATCHING_THEN` asks for it.

    Args:
        findings: with their ids, as they stood then: every one of `resaid`.
        register: as it stood then.
    """
    connection.execute(SEARCH.replace("TABLE search", "TABLE temp.said"))
    connection.execute("CREATE TABLE temp.said_ids (id INTEGER PRIMARY KEY NOT NULL)")
    for id_, finding in findings:
        connection.execute("INSERT INTO temp.said_ids VALUES (?)", (id_,))
        connection.execute(f"INSERT INTO temp.said {_COLUMNS}", row(id_, finding, register))


def _said(finding: Finding) -> tuple[object, ...]:
    return (
        finding.title,
        finding.source,
        finding.category,
        finding.lead_unit,
        finding.responsible_person,
        finding.criteria,
        [measure.text for measure in finding.measures],
    )


def row(id_: int, finding: Finding, register: Register) -> tuple[int, str, str, str, str]:
    """Return what `INSERT` takes for one finding."""
    unit = register.units.get(finding.lead_unit)
    said = document(finding, unit.name if unit else "")
    return id_, said.text, said.word, said.py, said.ini


def expression(word: str) -> str:
    """Return the FTS5 expression for one word that somebody typed; empty where it holds no letter, digit or character.

    A Chinese word is found as it is written. A word of Latin letters and digits is found where a word, a number or a
    part of one begins so, and, being letters alone, where Chinese text sounds so: by its initials (``czj``) or by its
    syllables, of which the last may be cut short (``caizh``).
    """
    tokens = _TOKEN.findall(normal(word))
    if not tokens:
        return ""
    joined = "".join(tokens)
    if _IS_CHINESE.search(joined):
        return f"text : {_phrase(tokens, beginning=_OTHER.match(tokens[-1]) is not None)}"
    ways = [f'word : "{joined[:LONGEST_BEGINNING]}"']
    letters = joined.replace("ü", "v")
    if 1 < len(letters) <= LONGEST_SOUND and letters.isascii() and letters.isalpha():
        if not NO_INITIAL & set(letters):
            ways.append(_by_initials(letters))
        ways += _by_syllables(letters)
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def _phrase(tokens: Sequence[str], *, beginning: bool = False) -> str:
    return f'"{" ".join(tokens)}"{" *" if beginning else ""}'


def _by_initials(letters: str) -> str:
    grams = [letters[at : at + GRAM] for at in range(max(1, len(letters) - GRAM + 1))]
    return f"ini : {_phrase(grams, beginning=len(letters) < GRAM)}"


def _by_syllables(letters: str) -> list[str]:
    splits = pinyin.splits(letters)
    known = pinyin.table().syllables
    if any(split[-1] in known for split in splits):  # then a last letter alone is not what was meant
        splits = [split for split in splits if len(split[-1]) > 1 or split[-1] in known]
    return [way for split in splits if (way := _by_split(split))]


def _by_split(split: tuple[str, ...]) -> str:
    *full, last = split
    heads = [pinyin.sounding(syllable) for syllable in full]
    begun = pinyin.completions(last)
    if len(last) == 1 and begun != (last,):
        # most syllables begin so: too many to go through; the initials tell them apart nearly as well
        if not full:
            return ""
        return f"({_any_phrase(heads)} AND {_by_initials(''.join(s[0] for s in full) + last)})"
    if len(last) == 2 and len(begun) > MOST_ENDINGS:
        second = {token for syllable in begun for token in pinyin.sounding(syllable) if not token.startswith(last)}
        ways = [_any_phrase([*heads, (last,)], beginning=True)]
        if second:
            ways.append(_any_phrase([*heads, tuple(sorted(second))]))
        return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"
    endings = dict.fromkeys(token for syllable in begun for token in pinyin.sounding(syllable))
    return _any_phrase([*heads, tuple(endings)])


def _any_phrase(places: Sequence[tuple[str, ...]], *, beginning: bool = False) -> str:
    """Return the expression for one token of each place in a row; a long row with many choices as pairs of places."""
    if prod(map(len, places)) > MOST_PHRASES and len(places) > 2:
        pairs = [
            _any_phrase(places[at : at + 2], beginning=beginning and at == len(places) - 2)
            for at in range(len(places) - 1)
        ]
        return f"({' AND '.join(pairs)})"
    ways = [f"py : {_phrase(chosen, beginning=beginning)}" for chosen in product(*places)]
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def normal(text: str) -> str:
    """Return the text as it is compared: compatibility forms (full width …) and case taken away."""
    return normalize("NFKC", text).casefold()


def _tokens(text: str) -> tuple[Sequence[str], tuple[str, ...]]:
    """Return the tokens of a text (of nothing but Chinese characters: them in one string), and beginnings of its words."""
    if _OTHER.search(text) is None:
        return "".join(_RUNS.findall(text)), ()
    text = normal(text) if _FOREIGN.search(text) else text.lower()
    return _TOKEN.findall(text), tuple(b for word in _WORD.findall(text) for b in _beginnings(word))


def _field(text: str) -> _Field:
    tokens, words = _tokens(text)
    return _Field(" ".join(tokens), words, pinyin.syllables(tokens), tuple(pinyin.initials(tokens)))


def _silent_field(text: str) -> _Field:
    """As `_field`, for longer texts: found as they are written, not as they sound, which would double the index."""
    tokens, words = _tokens(text)
    return _Field(" ".join(tokens), words)


_known_field = lru_cache(maxsize=8192)(_field)


def _beginnings(word: str) -> list[str]:
    """Return every beginning of a word, of each part of it (``jz``, ``2023``, ``004``), and the bare number (``4``)."""
    parts = _TOKEN.findall(word)
    joined = "".join(parts)
    found = [joined[:n] for n in range(1, min(len(joined), LONGEST_BEGINNING) + 1)]
    for part in parts[1:]:
        found += [part[:n] for n in range(1, min(len(part), LONGEST_BEGINNING) + 1)]
        if part[0] == "0" and part.isascii() and part.isdigit() and (bare := part.lstrip("0")):
            found.append(bare)
    return found
