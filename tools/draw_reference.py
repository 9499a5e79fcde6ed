"""Draws docs/commands.md and docs/keys.md from the tables of commands and keys: `python tools/draw_reference.py`.

It owns the shape of the two pages; words come from the catalogues. A test holds the pages against what is drawn here.
"""

from __future__ import annotations

from pathlib import Path

from taizhang.cli.table import COMMANDS, WRITES, Arg
from taizhang.locale.words import Lang, words_for

DOCS = Path(__file__).resolve().parent.parent / "docs"

COMMANDS_HEAD = """\
# The command line · 命令行

Drawn from the table of commands by `python tools/draw_reference.py`; do not edit. `taizhang COMMAND --help` says more.

本页由 `python tools/draw_reference.py` 按命令表画出，请勿手改。详见 `taizhang 命令 --help`。

| command | | |
|---|---|---|
"""

COMMANDS_FOOT = """
Before or after any command · 任何命令前后均可: `--ledger PATH` `--actor ID` `--lang zh|en` `--json` `--jsonl`.
With every command that records · 凡入账的命令: {writes}.
"""

KEYS_HEAD = """\
# Keys of the terminal · 终端按键

Drawn from the table of keys by `python tools/draw_reference.py`; do not edit. `?` shows the keys of the screen in sight.

本页由 `python tools/draw_reference.py` 按按键表画出，请勿手改。按 `?` 显示当前屏幕的按键。

| key | id | | |
|---|---|---|---|
"""


def commands() -> str:
    """Return docs/commands.md."""
    zh, en = words_for(Lang.ZH), words_for(Lang.EN)
    rows = []
    for command in COMMANDS:
        key = f"cli.help.{'.'.join(command.path)}"
        usage = " ".join((*command.path, *map(_shown, command.args)))
        rows.append(f"| `{usage}` | {_cell(zh(key))} | {_cell(en(key))} |\n")
    return COMMANDS_HEAD + "".join(rows) + COMMANDS_FOOT.format(writes=" ".join(f"`{arg.name}`" for arg in WRITES))


def keys() -> str:
    """Return docs/keys.md."""
    from taizhang.tui.keys import KEYS

    zh, en = words_for(Lang.ZH), words_for(Lang.EN)
    rows = (f"| `{k.cap}` | {k.id} | {_cell(zh(f'tui.tip.{k.id}'))} | {_cell(en(f'tui.tip.{k.id}'))} |\n" for k in KEYS)
    return KEYS_HEAD + "".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _shown(arg: Arg) -> str:
    word = arg.name if arg.flag or not arg.name.startswith("-") else f"{arg.name} …"
    word = word.upper() if not arg.name.startswith("-") else word
    optional = arg.optional or (arg.name.startswith("-") and not arg.required)
    return f"[{word}]" if optional else word


PAGES = {"commands.md": commands, "keys.md": keys}

if __name__ == "__main__":
    for name, draw in PAGES.items():
        (DOCS / name).write_text(draw(), "utf-8")
