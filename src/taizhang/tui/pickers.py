"""Owns what a field or a picker suggests for what is typed: units, people, programmes, files. Draws nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from taizhang.ledger.domain.calendars import SHIPPED
from taizhang.ledger.domain.register import Register

from .field import Kind
from .forms import unit_text
from .session import Session
from .widgets.options import Option

MOST = 200


def suggestions(session: Session, kind: Kind, text: str) -> list[Option]:
    """Return what could be meant, the likeliest first. An option's id is what would be typed."""
    register = session.register
    match kind:
        case Kind.UNIT:
            return _matching(text, _units(register))
        case Kind.UNITS:
            return _matching(_last(text), _units(register))
        case Kind.NAME:
            return _matching(text, _names(session))
        case Kind.PROGRAMME:
            return _matching(text, (Option(p.code, p.code, aside=p.name) for p in register.open_programmes()))
        case Kind.CALENDAR:
            return _matching(text, (Option(name, name) for name in dict.fromkeys((*SHIPPED, *register.calendars))))
        case Kind.FILE:
            return list(islice(_files(text), MOST))
        case _:
            return []


def _last(text: str) -> str:
    return text.replace("，", "、").replace(",", "、").rpartition("、")[2].strip()


def taken(kind: Kind, text: str, option: Option) -> str:
    """Return the text of a field after an option was taken."""
    if kind is not Kind.UNITS:
        return option.id
    marks = text.replace("，", "、").replace(",", "、")
    before = [part.strip() for part in marks.rpartition("、")[0].split("、") if part.strip()]
    return "、".join([*before, option.id])


def people(session: Session) -> list[Option]:
    """Return everybody who can act."""
    words = session.words
    found = []
    for person in session.register.people.values():
        if person.active:
            roles = words.joined(words.term("role", role) for role in sorted(person.roles))
            where = f"{session.unit(person.unit)} · " if person.unit else ""
            text = person.name if person.name == person.id else f"{person.name} {person.id}"
            found.append(Option(person.id, text, aside=f"{where}{roles}"))
    return found


def matching(text: str, options: Iterable[Option]) -> list[Option]:
    """Return the options in which every word of the text occurs; those that begin with it first."""
    return _matching(text, options)


def _matching(text: str, options: Iterable[Option]) -> list[Option]:
    parts = text.casefold().split()
    found = []
    for option in options:
        whole = f"{option.text} {option.id} {option.aside}".casefold()
        if all(part in whole for part in parts):
            begins = bool(parts) and (
                option.text.casefold().startswith(parts[0]) or option.id.casefold().startswith(parts[0])
            )
            found.append((not begins, option))
    found.sort(key=lambda pair: pair[0])
    return [option for _, option in found[:MOST]]


def _units(register: Register) -> Iterator[Option]:
    for unit in register.units.values():
        above = [register.units[other].name for other in register.lineage(unit.parent)]
        path = " / ".join(reversed(above))
        yield Option(unit_text(register, unit.id), unit.name, aside=f"{unit.id}  {path}" if path else unit.id)


def _names(session: Session) -> Iterator[Option]:
    for person in session.register.people.values():
        if person.active:
            yield Option(person.name, person.name, aside=session.unit(person.unit) if person.unit else person.id)


def path_of(text: str) -> Path:
    """Return the path that was typed: ``~`` is a home; a home that there is not, and a byte that no path has, are none."""
    path = Path(text.replace("\0", ""))
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _files(text: str) -> Iterator[Option]:
    """Yield what lies in the folder that is being typed; nothing where it cannot be read."""
    typed = path_of(text)
    folder, begin = (typed, "") if not text or text.endswith(os.sep) else (typed.parent, typed.name)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: (not entry.is_dir(), entry.name))
    except OSError:
        return  # a folder that is still being typed; the desk refuses what cannot be read
    prefix = text[: len(text) - len(begin)]
    for entry in entries:
        hidden = entry.name.startswith(".") and not begin.startswith(".")
        if entry.name.startswith(begin) and not hidden:
            name = f"{entry.name}{os.sep}" if entry.is_dir() else entry.name
            yield Option(f"{prefix}{name}", name, aside="" if entry.is_dir() else _size(entry))


def _size(entry: os.DirEntry[str]) -> str:
    from .told import size

    try:
        return size(entry.stat().st_size)
    except OSError:
        return ""  # a link that leads nowhere has none
