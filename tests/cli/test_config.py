"""The configuration file: shown with where each setting comes from, checked mistake by mistake."""

from __future__ import annotations

import pytest

from taizhang.cli.commands.config import line_of
from taizhang.cli.main import main
from tests.cli.conftest import Configure, Runner

WRONG = """\
lang = "zh"
colour = "red"
[terminal]
theme = "drak"
[keys]
list.open = "n"
"list.opn" = "o"
list.quit = ["ctrl+i"]
search.keep = "x"
app.quit = []
list.sort = 3
[[template]]
name = "差旅"
[[template]]
titel = "x"
"""


def test_every_mistake_is_named_with_its_line(ledger: Runner, configure: Configure) -> None:
    path = configure(WRONG)
    ran = ledger("--lang", "en", "config", "validate")
    assert ran.code == 1
    places = [(line.split(":")[1], line) for line in ran.out.splitlines() if line.startswith(str(path))]
    assert sorted(int(at) for at, _ in places) == [2, 4, 6, 7, 8, 9, 10, 11, 14, 15]
    assert "there is no action “keys.list.opn”; in the same place there are: list.open" in ran.out
    assert "it can be: auto, dark, light, contrast, plain" in ran.out
    faults = ledger("config", "validate", "--json").json["faults"]
    assert {fault["code"] for fault in faults} >= {"config.unknown", "config.key-twice", "config.key-needed"}


def test_a_right_file_is_right_and_shown(ledger: Runner, configure: Configure) -> None:
    configure('actor = "ins"\n[keys]\nlist.log = ["Z", "ctrl+o"]\n')
    ran = ledger.ok("config", "validate", "--lang", "en")
    assert "is right" in ran.err
    assert not ran.out
    shown = {
        row["setting"]: (row["value"], row["from"]) for row in ledger.ok("config", "show", "--json").json["settings"]
    }
    assert shown["actor"] == ("ins", "file")
    assert shown["ledger"][1] == "option"
    assert shown["keys.list.log"] == ("Z ctrl+o", "file")
    assert shown["keys.list.search"] == ("/", "default")
    assert shown["terminal.theme"] == ("auto", "default")


def test_no_file_is_no_mistake(ledger: Runner) -> None:
    ran = ledger.ok("config", "validate", "--lang", "en")
    assert "There is no configuration file" in ran.err


def test_a_file_that_is_no_toml_is_refused_in_a_sentence(ledger: Runner, configure: Configure) -> None:
    configure("keys = [")
    ran = ledger("config", "show", "--lang", "en")
    assert ran.code == 2
    assert "cannot be read" in ran.err


def test_the_terminal_does_not_open_on_a_file_that_is_wrong(
    monkeypatch: pytest.MonkeyPatch, configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure('[keys]\nlist.opn = "o"\n')
    monkeypatch.setattr("taizhang.cli.commands.session._at_terminal", lambda app: True)
    assert main(["tui", "--lang", "en"]) == 2
    assert "config.toml:2: there is no action “keys.list.opn”" in capsys.readouterr().err


def test_where_a_setting_stands() -> None:
    assert line_of('a = 1\n["x y"]\n# a.b = 1\n a . b = 2\n', "x y.a.b") == 4
    assert line_of("[keys]\n", "keys.list.open") == 1
    assert line_of("a = 1\n", "b") == 0
