"""Owns that the two catalogues say the same things; it must not know how they are looked up."""

from __future__ import annotations

from importlib import import_module
from string import Formatter

import pytest

LANGUAGES = ("zh_cn", "en")
Catalogue = dict[str, str]


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Catalogue]:
    """Return the messages of each language; none of them may be empty, or every test here would pass."""
    found = {language: import_module(f"taizhang.locale.{language}").MESSAGES for language in LANGUAGES}
    assert all(found.values())
    return found


def placeholders(template: str) -> set[str]:
    """Return the names in braces; raises ValueError where a brace is left open."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_catalogues_have_the_same_keys(catalogues: dict[str, Catalogue]) -> None:
    chinese, english = (catalogues[language].keys() for language in LANGUAGES)
    assert sorted(chinese - english) == [], "Chinese alone"
    assert sorted(english - chinese) == [], "English alone"


def test_both_catalogues_name_the_same_parameters(catalogues: dict[str, Catalogue]) -> None:
    chinese, english = (catalogues[language] for language in LANGUAGES)
    differing = {
        key: (placeholders(chinese[key]), placeholders(english[key]))
        for key in chinese.keys() & english.keys()
        if placeholders(chinese[key]) != placeholders(english[key])
    }
    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parameter_has_a_name(language: str, catalogues: dict[str, Catalogue]) -> None:
    names = {key: placeholders(text) for key, text in catalogues[language].items()}
    assert {key: found for key, found in names.items() if not all(name.isidentifier() for name in found)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_says_something(language: str, catalogues: dict[str, Catalogue]) -> None:
    assert [key for key, text in catalogues[language].items() if not text.strip()] == []
