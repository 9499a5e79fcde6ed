"""Owns what the palette offers and how it is found: actions by their names in both languages, their sound, their id. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.dom import DOMNode

from taizhang.locale.words import Lang, Words, words_for
from taizhang.service.desk import Desk

from .keys import BY_ID, KEYS
from .memory import Memory
from .screens.base import Dialog
from .views import load

if TYPE_CHECKING:
    from .app import TaizhangApp

MOVES = frozenset({"rows", "lines", "ends", "field", "option", "picker", "search"})
"""Places whose keys only move about: they come last."""


class Chosen(Struct, frozen=True):
    """One thing that the palette can do.

    Args:
        id: of the action; of anything else an id of its own.
        action: what is called.
        node: what it is called on; None for the screen that is then in sight.
        home: whether the list comes back first.
        number: a finding to open instead.
        view: a saved view to show instead.
        text: what it is called where no action names it.
    """

    id: str
    action: str = ""
    node: DOMNode | None = None
    home: bool = False
    number: str = ""
    view: str = ""
    text: str = ""


class Found(Struct, frozen=True):
    """One thing with all that it is found by.

    Args:
        chosen: what it does.
        names: its names, the present language's first.
        sounds: how the Chinese name is typed in letters.
        more: what it does, and its keys.
    """

    chosen: Chosen
    names: tuple[str, ...]
    sounds: tuple[str, ...]
    more: str


def offered(app: TaizhangApp) -> list[Chosen]:
    """Return what can be done from here: what holds on this screen, and what holds on the list below."""
    here: dict[str, Chosen] = {}
    for active in app.screen.active_bindings.values():
        name = active.binding.id or ""
        if active.enabled and name in BY_ID and name != "app.palette":
            here.setdefault(name, Chosen(name, active.binding.action, active.node))
    base = app.screen_stack[0]
    if app.screen is not base and not any(isinstance(screen, Dialog) for screen in app.screen_stack):
        names = {binding.id for _, binding in base._bindings if binding.id}
        known = {name.partition(".")[2] for name in here}
        for row in KEYS:
            if row.id in names and row.id not in here and row.id.partition(".")[2] not in known:
                here[row.id] = Chosen(row.id, row.action, base, home=True)
    order = {key.id: at for at, key in enumerate(KEYS)}
    return sorted(here.values(), key=lambda each: (BY_ID[each.id].place in MOVES, each.home, order[each.id]))


def spoken(offers: Sequence[Chosen], words: Words, desk: Desk, memory: Memory) -> list[Found]:
    """Return the offers with all that they are found by; asks the desk for sounds, so a thread calls it.

    The saved views come with them.
    """
    offers = (*offers, *(Chosen(f"view {view.name}", view=view.name, text=view.name) for view in load(memory)))
    other = words_for(Lang.EN if words.lang is Lang.ZH else Lang.ZH)
    chinese = words if words.lang is Lang.ZH else other
    names = [(_name(offer, words), _name(offer, other)) for offer in offers]
    sounds = desk.sounds([_name(offer, chinese) for offer in offers])
    found = []
    for offer, both, sound in zip(offers, names, sounds, strict=True):
        more = f"{_tip(offer, words)} {_tip(offer, other)} {offer.id}"
        found.append(Found(offer, both, sound, more.casefold()))
    return found


def _name(offer: Chosen, words: Words) -> str:
    key = f"tui.key.{offer.id}"
    return words(key) if key in words else offer.text


def _tip(offer: Chosen, words: Words) -> str:
    key = f"tui.tip.{offer.id}"
    return words(key) if key in words else ""


def matching(text: str, offers: Iterable[Found]) -> list[Found]:
    """Return the offers that every word of the text is found in; names that begin so first, then names, then the rest."""
    parts = text.casefold().split()
    if not parts:
        return list(offers)
    ranked = []
    for at, offer in enumerate(offers):
        ranks = [_rank(part, offer) for part in parts]
        if None not in ranks:
            ranked.append((max(rank for rank in ranks if rank is not None), at, offer))
    ranked.sort(key=lambda each: each[:2])
    return [offer for _, _, offer in ranked]


def _rank(part: str, offer: Found) -> int | None:
    names = [name.casefold() for name in offer.names]
    if any(name.startswith(part) for name in names):
        return 0
    if any(sound.startswith(part) for sound in offer.sounds):
        return 1
    if any(part in name for name in names):
        return 2
    if len(part) > 1 and any(part in sound for sound in offer.sounds):
        return 3
    return 4 if part in offer.more else None
