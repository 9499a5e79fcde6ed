"""Owns reading the command line: argparse over the table of commands, speaking the chosen language.

It must not know what a command does. argparse's own English never reaches a person: its headings come from the
catalogue, and what it complains of is told again from there.
"""

from __future__ import annotations

import argparse
import re
from argparse import SUPPRESS, Action, Namespace
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from taizhang import __version__
from taizhang.locale.words import Words

from .options import Misused
from .output import padded, width_of, wrapped
from .table import COMMANDS, GLOBALS, SORTS, WRITES, Arg, Command

HELP_WIDTH = 96
PATHS = frozenset({"ledger", "dir", "file", "output", "mapping", "template", "undo"})

# What argparse says (3.11 to 3.14) → the key of the sentence.
_COMPLAINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (r"the following arguments are required: (?P<names>.+)", "usage.required"),
        (r"unrecognized arguments: (?P<value>.+)", "usage.unrecognised"),
        (r"argument (?P<option>.+?): expected (?:one|at least one) argument", "usage.no-value"),
        (r"argument (?P<option>.+?): ignored explicit argument (?P<value>.+)", "usage.no-value-wanted"),
        (r"argument (?P<option>.+?): invalid choice: '(?P<value>.*?)' \(.*", "usage.unknown-command"),
    )
)


class Helped(Exception):
    """Help was asked for: the text is the answer."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises what it has to say instead of printing it and leaving.

    Args:
        prog: the words that lead to it.
        words: the catalogue.
        described: what it is for.
        command: the command that it reads; None for a group of commands.
    """

    def __init__(self, *, prog: str, words: Words, described: str, command: Command | None = None) -> None:
        super().__init__(prog=prog, add_help=False, allow_abbrev=False)
        self.words = words
        self.described = described
        self.command = command
        self.below: list[tuple[str, str]] = []
        self.add_argument("-h", "--help", action="help", default=SUPPRESS)
        for arg in GLOBALS:
            _add(self, arg, default=SUPPRESS)
        if command is not None:
            for arg in entries_of(command):
                _add(self, arg)
            self.set_defaults(command=command)

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as a code of the catalogue.

        Raises:
            Misused: always.
        """
        for pattern, code in _COMPLAINTS:
            if match := pattern.fullmatch(message):
                params: dict[str, Any] = {**match.groupdict(), "command": self.prog}
                if code == "usage.unknown-command":
                    params["allowed"] = [name for name, _ in self.below]
                if code == "usage.required":
                    params["names"] = [self._named(name) for name in params["names"].split(", ")]
                raise Misused(code, **params)
        raise Misused("usage.other", detail=message, command=self.prog)

    def _named(self, name: str) -> str:
        return name if name.startswith("-") else self.words(f"cli.meta.{name}")

    def print_help(self, file: Any = None) -> None:  # noqa: ARG002 - argparse names it
        """Raise the help text; whoever runs the program prints it.

        Raises:
            Helped: always.
        """
        raise Helped(self.format_help())

    def format_help(self) -> str:
        """Return the help of this command."""
        return "\n".join(help_lines(self)) + "\n"


class _Version(Action):
    def __call__(self, *_: object, **__: object) -> None:
        raise Helped(f"taizhang {__version__}\n")


def entries_of(command: Command) -> tuple[Arg, ...]:
    """Return the arguments of a command, with those that every write takes."""
    return (*command.args, *WRITES) if command.writes else command.args


def build(words: Words, argv: Sequence[str] = ()) -> Parser:
    """Return the parser of the program in one language.

    Args:
        words: the catalogue.
        argv: the arguments that it will read. Only the commands whose words occur there are built (each costs 0.3 ms);
            the others are known by name.
    """
    said = frozenset(argv)
    root = Parser(prog="taizhang", words=words, described=words("cli.about"))
    root.add_argument("--version", action=_Version, nargs=0)
    top = root.add_subparsers(dest="group", parser_class=Parser)
    groups: dict[str, tuple[Parser, Any] | None] = {}
    for command in COMMANDS:
        group, *rest = command.path
        if not rest:
            _hang(root, top, group, command, said)
            continue
        if group not in groups:
            parser = _hang(root, top, group, None, said)
            below = None if parser is None else parser.add_subparsers(dest="word", parser_class=Parser)
            groups[group] = None if parser is None else (parser, below)
        if found := groups[group]:
            _hang(*found, rest[0], command, said)
    return root


def _hang(owner: Parser, subparsers: Any, name: str, command: Command | None, said: frozenset[str]) -> Parser | None:
    """Make a command known to the parser above it, and build its own parser if its word was said."""
    prog = f"{owner.prog} {name}"
    described = owner.words(f"cli.help.{'.'.join(prog.split()[1:])}")
    owner.below.append((name, described))
    if name not in said:
        return None
    parser: Parser = subparsers.add_parser(name, prog=prog, words=owner.words, described=described, command=command)
    return parser


def _add(parser: Parser, arg: Arg, default: Any = None) -> None:
    if not arg.name.startswith("-"):
        nargs = ("*" if arg.optional else "+") if arg.many else ("?" if arg.optional else None)
        parser.add_argument(arg.name, nargs=nargs)
        return
    names = (arg.short, arg.name) if arg.short else (arg.name,)
    if arg.flag:
        parser.add_argument(*names, dest=arg.dest, action="store_true", default=default)
    elif arg.many:
        parser.add_argument(*names, dest=arg.dest, action="extend", nargs="+", required=arg.required, default=default)
    else:
        parser.add_argument(*names, dest=arg.dest, required=arg.required, default=default)


def common(argv: Sequence[str]) -> Namespace:
    """Return what the common options say, without complaining of anything: before the language is known, nobody could."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--lang", nargs="?", default="")
    first.add_argument("--json", action="store_true")
    first.add_argument("--jsonl", action="store_true")
    try:
        return first.parse_known_args([arg for arg in argv if not arg.startswith(("--json=", "--jsonl="))])[0]
    except argparse.ArgumentError:
        return Namespace(lang="", json="--json" in argv, jsonl="--jsonl" in argv)


def parse(argv: Sequence[str], words: Words) -> Namespace:
    """Return the arguments of the command that is meant; `command` is None where only the program was named.

    Raises:
        Misused: they make no sense.
        Helped: help was asked for.
    """
    parser = build(words, argv)
    args = parser.parse_args(_joined(argv), Namespace(ledger="", actor="", lang="", json=False, jsonl=False))
    if args.group is not None and not hasattr(args, "command"):
        raise Misused("usage.no-command", command=f"taizhang {args.group}", allowed=_words_of(args.group))
    if args.group is None:
        args.command = None
    _must_be_values(args)
    _must_be_text(args)
    return args


def _must_be_values(args: Namespace) -> None:
    """Refuse ``--`` as a value: argparse makes an empty list of it."""
    command: Command | None = args.command
    many = {arg.dest for arg in entries_of(command) if arg.many} if command else set()
    for dest, value in vars(args).items():
        if isinstance(value, list) and dest not in many:
            raise Misused("usage.no-value", option=f"--{dest.replace('_', '-')}", command="taizhang")


def _must_be_text(args: Namespace) -> None:
    """Refuse what the system could not decode; only the path of a file may be such bytes."""
    for dest, value in vars(args).items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and dest not in PATHS and any("\ud800" <= c <= "\udfff" for c in text):
                raise Misused("usage.not-text", value=text)


def _words_of(group: str) -> list[str]:
    return [command.path[1] for command in COMMANDS if command.path[0] == group and len(command.path) > 1]


def _joined(argv: Sequence[str]) -> list[str]:
    """Join ``--sort -due`` to ``--sort=-due``: argparse would take the value for an option."""
    found: list[str] = []
    for arg in argv:
        if found and found[-1] == "--sort" and arg.startswith("-") and arg[1:] in SORTS:
            found[-1] = f"--sort={arg}"
        else:
            found.append(arg)
    return found


# -- help


def help_lines(parser: Parser) -> Iterable[str]:
    """Yield the help of a command, aligned by cells so that Chinese stands in its column."""
    words = parser.words
    yield words("cli.usage", usage=_usage(parser))
    yield ""
    yield from wrapped(parser.described, HELP_WIDTH)
    if parser.below:
        yield from _section(words("cli.commands"), parser.below)
    scope = _scope(parser)
    own = (
        [(_left(arg, scope, words), _about(arg, scope, words)) for arg in entries_of(parser.command)]
        if parser.command
        else []
    )
    if own:
        yield from _section(words("cli.arguments"), own)
    shared = [(_left(arg, "", words), _about(arg, "", words)) for arg in GLOBALS]
    if not scope:
        shared.append(("--version", words("cli.arg.version")))
    yield from _section(words("cli.common"), [*shared, ("-h, --help", words("cli.arg.help"))])


def _usage(parser: Parser) -> str:
    if parser.command is None:
        return f"{parser.prog} {parser.words('cli.meta.command')} …"
    parts, scope = [parser.prog], _scope(parser)
    for arg in parser.command.args:
        text = _left(arg, scope, parser.words)
        optional = arg.optional or (arg.name.startswith("-") and not arg.required)
        text += " …" if arg.many else ""
        parts.append(f"[{text}]" if optional else text)
    return " ".join(parts)


def _scope(parser: Parser) -> str:
    return ".".join(parser.prog.split()[1:])


def _left(arg: Arg, scope: str, words: Words) -> str:
    if not arg.name.startswith("-"):
        return words(f"cli.meta.{arg.dest}")
    names = f"{arg.short}, {arg.name}" if arg.short else arg.name
    if arg.flag:
        return names
    special = f"cli.meta.{scope}.{arg.dest}"
    key = special if special in words else f"cli.meta.{arg.dest}"
    return f"{names} {words(key) if key in words else words('cli.meta.text')}"


def _about(arg: Arg, scope: str, words: Words) -> str:
    special = f"cli.arg.{scope}.{arg.dest}"
    text = words(special if special in words else f"cli.arg.{arg.dest}")
    return f"{text} ({' | '.join(arg.values)})" if arg.values else text


def _section(title: str, rows: Sequence[tuple[str, str]]) -> Iterable[str]:
    yield ""
    yield title
    left = min(34, max(width_of(text) for text, _ in rows)) + 4
    for name, about in rows:
        lines = wrapped(about, HELP_WIDTH - left)
        if width_of(name) + 4 > left:
            yield f"  {name}"
        else:
            yield padded(f"  {name}", left) + lines.pop(0)
        yield from (" " * left + line for line in lines)
