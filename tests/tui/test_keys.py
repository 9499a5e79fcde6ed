"""Every key has an id, a name and a sentence in both languages; every word that the terminal says is in the catalogues."""

from __future__ import annotations

import ast
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from textual.app import App
from textual.dom import DOMNode
from textual.widget import Widget

from taizhang.locale.words import Lang, words_for
from taizhang.tui import app as app_module
from taizhang.tui import screens, widgets
from taizhang.tui.forms import FORMS
from taizhang.tui.keys import BY_ID, KEYS, PLACES, TOGETHER
from taizhang.tui.registering import DEEDS
from taizhang.tui.screens.base import Dialog, LedgerScreen

TUI = Path(app_module.__file__).parent
MODULES = [
    import_module(f"{package.__name__}.{info.name}")
    for package in (screens, widgets)
    for info in pkgutil.iter_modules(package.__path__)
]
OURS = [
    app_module.TaizhangApp,
    *(
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, (Widget, App)) and value.__module__ == module.__name__
    ),
]


@pytest.mark.parametrize("lang", Lang)
def test_every_key_is_named_and_explained(lang: Lang) -> None:
    words = words_for(lang)
    for key in KEYS:
        assert words(f"tui.key.{key.id}")
        assert words(f"tui.tip.{key.id}").endswith((".", "。"))
    for place in PLACES:
        assert words(f"tui.place.{place}")


@pytest.mark.parametrize("node", OURS, ids=lambda node: node.__name__)
def test_every_binding_of_ours_has_an_id(node: type[DOMNode]) -> None:
    for binding in node.__dict__.get("BINDINGS", []):
        assert binding.id in BY_ID, binding


@pytest.mark.parametrize("node", [node for node in OURS if not issubclass(node, App)], ids=lambda node: node.__name__)
def test_every_action_exists(node: type[DOMNode]) -> None:
    for binding in node.__dict__.get("BINDINGS", []):
        action = binding.action.partition("(")[0]
        owner: type = app_module.TaizhangApp if action.startswith("app.") else node
        assert hasattr(owner, f"action_{action.removeprefix('app.')}"), binding


@pytest.mark.parametrize("screen", [value for value in OURS if issubclass(value, (LedgerScreen, Dialog))])
def test_the_footer_names_keys_that_hold(screen: type[LedgerScreen]) -> None:
    own = {binding.id for each in screen.__mro__ for binding in each.__dict__.get("BINDINGS", []) if binding.id}
    places = {BY_ID[name].place for name in own}
    together = {place for group in TOGETHER if places & group for place in group}
    bound = own | {key.id for key in KEYS if key.place in together | {"app"}}
    assert set(screen.FOOT) <= bound


@pytest.mark.parametrize("node", [node for node in OURS if not issubclass(node, App)], ids=lambda node: node.__name__)
def test_places_that_hold_together_are_judged_together(node: type[DOMNode]) -> None:
    """A clash of changed keys is looked for among the places that one node binds."""
    places = {BY_ID[binding.id].place for binding in node.__dict__.get("BINDINGS", []) if binding.id}
    assert any(places <= together for together in TOGETHER), places


def test_ids_and_keys_are_given_once() -> None:
    assert len(BY_ID) == len(KEYS)
    for place in PLACES:
        keys = [key for row in KEYS if row.place == place for key in row.keys.split(",")]
        assert len(keys) == len(set(keys)), place


def _calls() -> list[tuple[str, str, frozenset[str]]]:
    """Return every `words("…", …)` of the terminal: file, key (a pattern, where it is put together) and parameters."""
    found = []
    for path in sorted(TUI.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if named != "words":
                continue
            parameters = frozenset(keyword.arg or "" for keyword in node.keywords)
            options = [node.args[0]]
            if isinstance(node.args[0], ast.IfExp):
                options = [node.args[0].body, node.args[0].orelse]
            for option in options:
                if isinstance(option, ast.Constant):
                    found.append((path.name, re.escape(str(option.value)), parameters))
                elif isinstance(option, ast.JoinedStr):
                    parts = (
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.:-]+"
                        for part in option.values
                    )
                    found.append((path.name, "".join(parts), parameters))
    return found


def test_every_word_is_in_the_catalogue_with_its_parameters() -> None:
    messages = words_for(Lang.ZH)._messages
    calls = _calls()
    assert len(calls) > 60
    for name, pattern, parameters in calls:
        matching = [key for key in messages if re.fullmatch(pattern, key)]
        assert matching, (name, pattern)
        for key in matching:
            wanted = {field for _, field, _, _ in Formatter().parse(messages[key]) if field}
            assert wanted <= parameters, (name, key)


def test_no_word_is_left_over() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in TUI.rglob("*.py"))
    patterns = [pattern for _, pattern, _ in _calls()]
    forms = (*FORMS.values(), *DEEDS.values())
    hints = {f"tui.hint.{form.step}.{field.name}" for form in forms for field in form.fields}
    for key in words_for(Lang.ZH)._messages:
        if key.startswith("tui.") and f'"{key}"' not in sources and key not in hints:
            assert any(re.fullmatch(pattern, key) for pattern in patterns), key
