"""Owns the page of a case file: one finding for people to read and to print, in Chinese and in English.

One HTML file that loads nothing and runs nothing. Values are told by their type, so that new events of the domain need
nothing here. It must not know how the case is proved, only what to say of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from html import escape
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct
from msgspec.structs import fields

from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.events import EvidenceAttached
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import Register
from taizhang.ledger.domain.values import Deadline, Evidence, visible
from taizhang.locale.words import Lang, Words, words_for

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.6 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #111; background: #fff;
  max-width: 52em; margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 1.5em; text-align: center; margin: 0 0 .2em; } h2 { font-size: 1.15em; border-bottom: 1px solid #999;
  margin: 1.6em 0 .5em; } nav { text-align: right; } .under { text-align: center; color: #444; margin: 0 0 1em; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #bbb; padding: .25em .5em;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line; }
th { width: 9em; background: #f4f4f4; font-weight: normal; } .event { margin: 0 0 1em; break-inside: avoid; }
.event caption { text-align: left; font-weight: bold; padding: .2em 0; } code { font-family: monospace; font-size: .85em;
  overflow-wrap: anywhere; } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: .5em; }
section + section { border-top: 3px double #999; margin-top: 3em; padding-top: 1em; }
@page { size: A4; margin: 20mm 18mm; } @media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  nav { display: none; } section + section { border: 0; margin: 0; padding: 0; break-before: page; } }
"""

_UNITS = frozenset({"lead_unit", "cooperating_units", "unit", "parent"})
_PEOPLE = frozenset({"logged_by", "closed_by", "by", "person", "actor"})
_MOMENTS = frozenset({"logged_at", "changed_at", "closed_at"})
_VOCABULARIES = {"class_": "class"}
_FACTS = (
    "state", "round", "source", "category", "severity", "criteria", "found_on", "team", "logged_at", "logged_by",
    "lead_unit", "cooperating_units", "accountable_leader", "responsible_person", "class_", "assigned_on",
    "original_deadline", "deadline", "closure_criteria", "measures", "returns", "objections", "missing", "closed_at",
    "closed_on", "closed_by", "ended_on", "grounds", "transferred_to", "duplicate_of",
)  # fmt: skip


class Facts(Struct, frozen=True):
    """By what the case is sealed: the ledger's name, its size and root hash then, its key; whether evidence is inside."""

    origin: str
    size: int
    root: str
    vkey: str
    with_evidence: bool


def evidence_of(entry: Entry[Any]) -> Iterator[Evidence]:
    """Yield the evidence that an event attached."""
    if isinstance(entry.data, EvidenceAttached):
        yield entry.data.evidence


def render(number: str, entries: Sequence[Entry[Any]], register: Register, facts: Facts) -> bytes:
    """Return the page, UTF-8; the same events and facts give the same bytes."""
    finding: Finding | None = None
    for entry in entries:
        finding = evolve(finding, entry)
    assert finding is not None
    halves = [_Half(words_for(lang), register, facts) for lang in (Lang.ZH, Lang.EN)]
    title = " · ".join(half.words("case.title") for half in halves)
    head = (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(number)} {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<nav><a href="#zh">中文</a> · <a href="#en">English</a></nav>\n'
    )
    body = "".join(line for half in halves for line in half.lines(number, finding, entries))
    return f"{head}{body}</body>\n</html>\n".encode()


class _Half:
    """The page in one language."""

    def __init__(self, words: Words, register: Register, facts: Facts) -> None:
        self.words = words
        self._register = register
        self._facts = facts
        try:
            self._zone = ZoneInfo(register.timezone)
        except ZoneInfoNotFoundError:
            self._zone = ZoneInfo("UTC")

    def lines(self, number: str, finding: Finding, entries: Sequence[Entry[Any]]) -> Iterator[str]:
        """Yield the HTML of this half."""
        words, facts = self.words, self._facts
        tag = "zh-CN" if words.lang is Lang.ZH else "en"
        yield f'<section id="{words.lang}" lang="{tag}">\n<h1>{words("case.title")}</h1>\n'
        yield f'<p class="under">{_text(number)}　{_text(facts.origin)}</p>\n'
        yield f"<h2>{words('case.stands')}</h2>\n"
        rows = [(words.term("field", "title"), finding.title)]
        rows += [(words.term("field", name), self._value(name, getattr(finding, name))) for name in _FACTS]
        yield _table(rows)
        yield f"<h2>{words('case.happened', count=len(entries))}</h2>\n"
        for entry in entries:
            yield from self._event(entry)
        yield f"<h2>{words('field.evidence')}</h2>\n"
        yield from self._evidence([piece for entry in entries for piece in evidence_of(entry)])
        yield f"<h2>{words('case.proof')}</h2>\n"
        yield f"<p>{words('case.sealed', size=facts.size)}</p>\n"
        yield _table(
            [
                (words.term("field", "origin"), facts.origin),
                (words("case.size"), str(facts.size)),
                (words("case.root"), facts.root),
                (words("case.vkey"), facts.vkey),
            ]
        )
        for key in ("case.verify", "case.key"):
            yield f"<p>{_text(words(key))}</p>\n"
        yield f"<pre>python3 verify_case.py {_text(number)}.zip --vkey {_text(facts.vkey)}</pre>\n"
        last = entries[-1].index
        yield f"<p>{_text(words('case.by-hand'))}</p>\n"
        yield f"<pre>cat events/{last}.salt events/{last}.state.json | sha256sum\ntail -n 1 events/{last}.leaf</pre>\n"
        yield f"<p>{_text(words('case.proved'))}</p>\n<p>{_text(words('case.not-proved'))}</p>\n</section>\n"

    def _event(self, entry: Entry[Any]) -> Iterator[str]:
        words, envelope = self.words, entry.envelope
        caption = f"{entry.version}. {words.term('topic', entry.topic)}"
        yield f'<table class="event">\n<caption>{_text(caption)}</caption>\n'
        rows = [
            (words.term("field", "recorded_at"), f"{self._moment(entry.recorded_at)}　#{entry.index}"),
            (words.term("field", "happened_on"), envelope.happened_on.isoformat()),
            (words.term("field", "actor"), self._person(envelope.actor)),
            (
                words.term("field", "via"),
                f"{words.term('via', envelope.via)}　{envelope.os_user}@{envelope.host}",
            ),
        ]
        for field in fields(entry.data):
            held = getattr(entry.data, field.name)
            if field.name not in {"number", "programme"}:
                kind = getattr(entry.data, "field", "") if field.name in {"old", "new"} else field.name
                rows.append((words.term("field", field.name), self._value(kind, held)))
        rows.append((words.term("field", "why"), envelope.why))
        yield from _rows(rows)
        yield "</table>\n"

    def _evidence(self, pieces: Sequence[Evidence]) -> Iterator[str]:
        if not pieces:
            yield f"<p>{self.words('case.no-evidence')}</p>\n"
            return
        yield f"<p>{_text(self.words('case.inside' if self._facts.with_evidence else 'case.outside'))}</p>\n<table>\n"
        for piece in pieces:
            digest = f"<code>{piece.sha256}</code>"
            if self._facts.with_evidence:
                digest = f'<a href="evidence/{piece.sha256}">{digest}</a>'
            told = _text(f"{piece.name}　{piece.size:,} B\n{piece.caption}".rstrip())
            yield f"<tr><td>{told}</td><td>{digest}</td></tr>\n"
        yield "</table>\n"

    def _value(self, field: str, held: Any) -> str:
        """Return a value as people read it; an empty text where there is nothing to say."""
        words = self.words
        match held:
            case None | "" | () | 0 | False:
                return ""
            case True:
                return words("yes")
            case Enum():
                return words.term(_VOCABULARIES.get(field, field), held)
            case Deadline():
                return held.due.isoformat() if held.due else words("case.no-date")
            case Evidence():
                return f"{held.name}\n{held.sha256}"
            case date():
                return held.isoformat()
            case tuple() | frozenset() if field in {"measures", "comments"}:
                return "\n".join(f"{at}. {self._value('', item)}" for at, item in enumerate(held, 1))
            case tuple() | frozenset():
                return words.joined(self._value(field, item) for item in held)
            case Struct():
                told = ((item.name, getattr(held, item.name)) for item in fields(held))
                return words("export.semicolon").join(text for name, it in told if (text := self._value(name, it)))
            case str() if field in _UNITS:
                unit = self._register.units.get(held)
                return words("case.named", name=unit.name, id=held) if unit else held
            case str() if field in _PEOPLE:
                return self._person(held)
            case str() if field in _MOMENTS:
                return self._moment(held)
            case _:
                return str(held)

    def _person(self, person_id: str) -> str:
        person = self._register.people.get(person_id)
        return self.words("case.named", name=person.name, id=person_id) if person else person_id

    def _moment(self, recorded_at: str) -> str:
        return datetime.fromisoformat(recorded_at).astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S %z")


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return f"<table>\n{''.join(_rows(rows))}</table>\n"


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for label, text in rows:
        if text:
            yield f"<tr><th>{_text(label)}</th><td>{_text(text)}</td></tr>\n"


def _text(text: str) -> str:
    """Return data as text of the page: nothing in it is markup, nothing is invisible."""
    return escape(visible(text, keep="\n"))
