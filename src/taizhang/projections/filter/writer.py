"""Owns the way back from a tree to text: what `parser` reads as the same tree, in Chinese or English."""

from __future__ import annotations

from typing import assert_never
from unicodedata import normalize

from . import tree
from .fields import BY_KEY, NONE
from .parser import COMMAS, ESCAPE, NOT, OPERATORS, QUOTES


def written(filter_: tree.Filter, *, chinese: bool = False) -> str:
    """Return the text of a filter.

    Args:
        chinese: name fields and their values in Chinese.
    """
    return " ".join(_term(term, chinese) for term in filter_.terms)


def quoted(text: str) -> str:
    """Return the text between quotes, whatever it holds."""
    return '"' + text.replace(ESCAPE, ESCAPE * 2).replace('"', ESCAPE + '"') + '"'


def _term(term: tree.Term, chinese: bool) -> str:
    return ("!" if term.negated else "") + _node(term.node, chinese)


def _node(node: tree.Node, chinese: bool) -> str:
    match node:
        case tree.Words():
            return _word(node.text, also=(*OPERATORS, *NOT))
        case tree.Choice():
            choices = BY_KEY[node.field].choices
            values = [choices[value][0] if chinese else value for value in node.values]
            return f"{_name(node.field, chinese)}:{','.join(values)}"
        case tree.Text():
            texts = [_none(chinese) if text is None else _text(text) for text in node.values]
            return f"{_name(node.field, chinese)}{'=' if node.exact else ':'}{','.join(texts)}"
        case tree.Compare():
            scales = ",".join(_scale(value, chinese) for value in node.values)
            return f"{_name(node.field, chinese)}{':' if node.operator == '=' else node.operator}{scales}"
        case _:
            assert_never(node)


def _name(key: str, chinese: bool) -> str:
    field = BY_KEY[key]
    return field.chinese[0] if chinese else field.english[0]


def _none(chinese: bool) -> str:
    return NONE[1] if chinese else NONE[0]


def _word(text: str, also: tuple[str, ...] = ()) -> str:
    plain = text and not any(c.isspace() or c in also for c in text) and text[0] not in QUOTES
    return text if plain else quoted(text)


def _text(text: str) -> str:
    return quoted(text) if normalize("NFKC", text).casefold() in NONE else _word(text, also=tuple(COMMAS))


def _scale(value: tree.Scale, chinese: bool) -> str:
    match value:
        case tree.Number():
            return str(value.value)
        case tree.Days():
            if chinese:
                return f"{value.count}{'个工作日' if value.working else '天'}"
            return f"{value.count}{'wd' if value.working else 'd'}"
        case tree.Nothing():
            return _none(chinese)
        case tree.Period():
            day = value.first.isoformat()
            if value.first == value.last:
                return day
            return day[:7] if value.first.month == value.last.month else day[:4]
        case _:
            assert_never(value)
