"""Owns how hypothesis makes values of the domain: from the types of their fields, so that a new field is in by itself.

Texts are of two kinds: *wild*, as a person or a file may bring them, and *kept*, as only checked text can stand in a log.
"""

from __future__ import annotations

import types
from datetime import date
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from msgspec import Struct

from taizhang.ledger.domain.calendar import LEAST_DAYS, MOST_DAYS
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.register import Person
from taizhang.ledger.domain.rules import Context
from taizhang.ledger.domain.transitions import AMENDABLE
from taizhang.ledger.domain.values import Account, Role
from tests.domain.spec import HISTORIES, NUMBER, OTHER_NUMBER, REGISTER, TODAY, folded

Texts = st.SearchStrategy[str]

_MEANT = st.sampled_from(
    [
        *REGISTER.units,
        *REGISTER.programmes,
        *AMENDABLE,
        NUMBER,
        OTHER_NUMBER,
        "",
        " ",
        "2023-04-17",
        "2999-01-01",
        "low",
        "east, west",
        "west、south",
        "督" * 501,
        "督" * 20_001,
        "ab" * 32,
    ]
)
_NASTY = st.sampled_from(
    ["\x00", "\x1b[2J", "\x85", "\u2028", "\ud800", "\udcff", "\u202e", "\u200b", "\ufeff", "\r\n", "\t", "𠮷"]
)
KEPT: Texts = st.one_of(
    st.sampled_from([*REGISTER.units, "督导组", "一、\n二、", "𠮷", ""]),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
# mostly harmless: of several texts in one command, one at a time should be what is wrong with it
WILD: Texts = st.one_of(
    KEPT,
    KEPT,
    _MEANT,
    _NASTY,
    st.lists(st.one_of(st.text(st.characters(codec=None), max_size=8), _NASTY), max_size=3).map("".join),
)
DAYS = st.one_of(st.dates(), st.dates(date(2023, 1, 1), date(2023, 12, 31)), st.just(TODAY))
COUNTS = st.one_of(st.integers(0, 4), st.integers(-(2**63), 2**63 - 1))


def of(kind: Any, texts: Texts) -> st.SearchStrategy[Any]:
    """Return a strategy for a type as it stands in a field of a Struct."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(of(argument, texts) for argument in arguments))
    if get_origin(kind) is tuple:
        return st.lists(of(arguments[0], texts), max_size=3).map(tuple)
    if get_origin(kind) is dict:
        return st.dictionaries(of(arguments[0], texts), of(arguments[1], texts), max_size=3)
    if get_origin(kind) is Annotated:  # a number of days within its limits
        return st.one_of(st.integers(1, 60), st.integers(LEAST_DAYS, MOST_DAYS))
    if kind is type(None):
        return st.none()
    if isinstance(kind, type) and issubclass(kind, Struct):
        return struct(kind, texts)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return {str: texts, date: DAYS, int: COUNTS, bool: st.booleans()}[kind]


def struct(kind: type[Struct], texts: Texts) -> st.SearchStrategy[Any]:
    """Return a strategy for a Struct with any value of its type in each field."""
    return st.builds(kind, **{field.name: of(field.type, texts) for field in msgspec.structs.fields(kind)})


ACCOUNTS = st.sampled_from([Account("office", "pc-01"), Account("li", "pc-li"), Account("office", "pc-02")])
PEOPLE = st.builds(
    Person,
    st.sampled_from([*REGISTER.people, "stranger"]),
    st.just("某*"),
    st.frozensets(st.sampled_from(Role), min_size=1),
    st.none() | st.sampled_from([*REGISTER.units]),
)
CONTEXTS = st.builds(Context, PEOPLE, ACCOUNTS, st.just(TODAY), st.one_of(st.just(TODAY), DAYS), st.just(REGISTER))


@st.composite
def findings(draw: st.DrawFn) -> Finding | None:
    """Return a finding from one of the short lives with a few of its fields made anything: states that no life leads to."""
    finding = folded(draw(st.sampled_from(list(HISTORIES.values()))))
    if finding is None:
        return None
    fields = draw(st.lists(st.sampled_from(msgspec.structs.fields(Finding)), max_size=6, unique_by=lambda f: f.name))
    return msgspec.structs.replace(finding, **{field.name: draw(of(field.type, KEPT)) for field in fields})
