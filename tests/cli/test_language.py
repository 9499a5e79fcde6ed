"""Which language is spoken, and that nothing is said in another one."""

from __future__ import annotations

import re

import pytest

from taizhang.cli.main import main
from taizhang.cli.options import Config, language
from taizhang.cli.parser import Helped, entries_of, parse
from taizhang.cli.table import COMMANDS, GLOBALS
from taizhang.locale import en, zh_cn
from taizhang.locale.words import Lang, words_for
from tests.cli.conftest import Configure, Runner


@pytest.mark.parametrize(
    ("asked", "environ", "config", "spoken"),
    [
        ("en", {"TAIZHANG_LANG": "zh", "LC_ALL": "zh_CN"}, "", "en"),
        ("", {"TAIZHANG_LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN"}, "zh", "en"),
        ("", {"LANG": "en_US.UTF-8"}, "zh", "zh"),
        ("", {"LC_ALL": "en_US", "LANG": "zh_CN"}, "", "en"),
        ("", {"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "", "zh"),
        ("", {"LANG": "en_US.UTF-8"}, "", "en"),
        ("", {"LC_ALL": "C.UTF-8", "LANG": "en_US"}, "", "zh"),
        ("", {"LANG": "fr_FR.UTF-8"}, "", "zh"),
        ("", {"TAIZHANG_LANG": "french", "LANG": "en"}, "", "en"),
        ("", {"TAIZHANG_LANG": "enx"}, "", "zh"),
        ("", {}, "", "zh"),
        ("EN", {}, "", "en"),
    ],
)
def test_the_language_that_is_spoken(
    asked: str, environ: dict[str, str], config: str, spoken: str, configure: Configure
) -> None:
    if config:
        configure(f'lang = "{config}"')
    assert language(asked, environ, Config()) == spoken


@pytest.mark.parametrize("lang", Lang)
def test_every_command_has_its_help(lang: Lang) -> None:
    words = words_for(lang)
    for path in [(), *((group,) for group in {c.path[0] for c in COMMANDS}), *(c.path for c in COMMANDS)]:
        with pytest.raises(Helped) as helped:
            parse([*path, "--help"], words)
        text = helped.value.text
        assert text.startswith(words("cli.usage", usage=" ".join(["taizhang", *path])))
        for argparse_word in ("usage:", "options:", "positional", "show this help message"):
            if lang is Lang.ZH:
                assert argparse_word not in text
        if lang is Lang.EN:
            assert not re.search(r"[\u4e00-\u9fff]", text.replace("台账", "")), path


@pytest.mark.parametrize("lang", Lang)
def test_the_help_names_every_option(lang: Lang) -> None:
    words = words_for(lang)
    for command in COMMANDS:
        with pytest.raises(Helped) as helped:
            parse([*command.path, "-h"], words)
        for arg in (*entries_of(command), *GLOBALS):
            if arg.name.startswith("-"):
                assert arg.name in helped.value.text
            assert all(value in helped.value.text.replace("\n", " ") for value in arg.values)


def test_no_help_text_is_left_over() -> None:
    """Every sentence about an argument belongs to one that there is."""
    dests = {arg.dest for command in COMMANDS for arg in entries_of(command)} | {arg.dest for arg in GLOBALS}
    dests |= {"help", "version", "command", "text"}
    paths = {".".join(command.path) for command in COMMANDS} | {command.path[0] for command in COMMANDS}
    for key in en.MESSAGES:
        if key.startswith(("cli.arg.", "cli.meta.")):
            scope, _, dest = key.split(".", 2)[2].rpartition(".")
            assert dest in dests, key
            assert not scope or scope in paths, key
        if key.startswith("cli.help."):
            assert key.removeprefix("cli.help.") in paths, key


@pytest.mark.parametrize("argv", [("finding",), ("finding", "log"), ("nothing",), ("finding", "list", "--limit", "x")])
def test_a_mistake_is_explained_in_the_language_that_was_asked_for(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*argv, "--lang", "en"]) == 2
    english = capsys.readouterr().err
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert main([*argv, "--lang", "zh"]) == 2
    chinese = capsys.readouterr().err
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def test_a_list_speaks_either_language(ledger: Runner) -> None:
    ledger.log()
    assert "已登记" in ledger.ok("finding", "list").out
    assert "logged" in ledger.ok("--lang", "en", "finding", "list").out
    assert zh_cn.MESSAGES["field.title"] in ledger.ok("finding", "list").out


def test_json_is_the_same_in_either_language(ledger: Runner) -> None:
    number = ledger.assigned()
    for argv in (("finding", "show", number), ("finding", "list"), ("finding", "history", number), ("person", "list")):
        assert ledger.ok("--lang", "zh", "--json", *argv).out == ledger.ok("--lang", "en", "--json", *argv).out
