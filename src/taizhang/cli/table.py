"""Owns the table of commands: their words, their arguments, and which function runs each.

It must not know how arguments are read (`parser`) nor what a command does (`commands`, loaded when one is run).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from taizhang.ledger.domain.policy import DayKind, Level
from taizhang.ledger.domain.transitions import AMENDABLE
from taizhang.ledger.domain.values import (
    Conclusion,
    FindingClass,
    LinkKind,
    Method,
    Progress,
    Result,
    Role,
    Severity,
)
from taizhang.service.desk import Dimension, Sort


class ExportFormat(StrEnum):
    """The formats that a table can be written in."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"
    MD = "md"


class Arg(NamedTuple):
    """One argument.

    Args:
        name: ``--title`` for an option, ``number`` for a positional one.
        required: whether an option must be given.
        many: may be given more than once, or with several values.
        flag: takes no value.
        values: the identifiers that are possible, for the help.
        optional: whether a positional may be left out.
        short: a second, short name.
    """

    name: str
    required: bool = False
    many: bool = False
    flag: bool = False
    values: tuple[str, ...] = ()
    optional: bool = False
    short: str = ""

    @property
    def dest(self) -> str:
        """The attribute that holds the value."""
        return self.name.lstrip("-").replace("-", "_")


class Command(NamedTuple):
    """One command.

    Args:
        path: its words.
        run: ``module:function`` below `taizhang.cli.commands`.
        args: its arguments.
        writes: whether it records something, and so takes the options of every write.
    """

    path: tuple[str, ...]
    run: str
    args: tuple[Arg, ...] = ()
    writes: bool = False


def _needed(name: str, values: Iterable[str] = (), *, many: bool = False, short: str = "") -> Arg:
    return Arg(name, required=True, values=tuple(values), many=many, short=short)


def _maybe(name: str, values: Iterable[str] = (), *, many: bool = False) -> Arg:
    return Arg(name, values=tuple(values), many=many)


GLOBALS = (
    Arg("--ledger"),
    Arg("--actor"),
    Arg("--lang", values=("zh", "en")),
    Arg("--json", flag=True),
    Arg("--jsonl", flag=True),
)
WRITES = (Arg("--on"), Arg("--why"), Arg("--command-id"))

_NUMBER = Arg("number")
_FILTER = Arg("filter", many=True, optional=True)


_AS_OF = Arg("--as-of")
_CODE = (Arg("given_code", optional=True), Arg("--code"))
_EXPORT = (
    _needed("--format", ExportFormat),
    _needed("--output", short="-o"),
    _AS_OF,
    Arg("--mask-names", flag=True),
    Arg("--template"),
)
_FUNCTIONS = {"return": "return_"}


def _step(word: str, *args: Arg) -> Command:
    return Command(("finding", word), f"steps:{_FUNCTIONS.get(word, word.replace('-', '_'))}", args, writes=True)


COMMANDS: tuple[Command, ...] = (
    Command(("demo",), "session:demo", (Arg("--dir"),)),
    Command(("tui",), "session:tui", (Arg("--web", flag=True), Arg("--port"))),
    Command(("config", "show"), "config:show"),
    Command(("config", "validate"), "config:validate"),
    Command(
        ("ledger", "init"),
        "ledger:init",
        (Arg("dir", optional=True), Arg("--origin"), Arg("--timezone")),
    ),
    Command(
        ("ledger", "verify"),
        "verify:verify",
        (
            _maybe("--checkpoint", many=True),
            Arg("--vkey"),
            _maybe("--witness-vkey", many=True),
            Arg("--log-only", flag=True),
        ),
    ),
    Command(("ledger", "checkpoint"), "proof:checkpoint", (Arg("--output", short="-o"),)),
    Command(("ledger", "vkey"), "proof:vkey", (Arg("--all", flag=True),)),
    Command(("ledger", "proof"), "proof:proof", (Arg("reference"), _needed("--output", short="-o"))),
    Command(("ledger", "tiles"), "proof:tiles", (_needed("--output", short="-o"),)),
    Command(
        ("ledger", "consistency"),
        "proof:consistency",
        (_needed("--from"), Arg("--to"), Arg("--output", short="-o")),
    ),
    Command(("ledger", "rotate-key"), "proof:rotate_key", (Arg("--why"), Arg("--lost", flag=True))),
    Command(
        ("ledger", "witness"),
        "proof:witness",
        (Arg("--url"), Arg("--write-request"), Arg("--take"), Arg("--old"), Arg("--witness-vkey")),
    ),
    Command(("ledger", "rebuild"), "ledger:rebuild"),
    Command(("ledger", "info"), "ledger:info"),
    Command(
        ("ledger", "backup"),
        "backup:backup",
        (_needed("--output", short="-o"), Arg("--with-key", flag=True)),
    ),
    Command(("ledger", "restore"), "backup:restore", (Arg("file"), Arg("--to"), Arg("--older", flag=True))),
    Command(("witness", "init"), "witness:init", (Arg("dir"), _needed("--name"))),
    Command(("witness", "add-log"), "witness:add_log", (Arg("dir"), _needed("--vkey"))),
    Command(("witness", "serve"), "witness:serve", (Arg("dir"), _needed("--port"), Arg("--host"))),
    Command(("witness", "sign"), "witness:sign", (Arg("dir"), _needed("--request"), _needed("--output", short="-o"))),
    Command(("witness", "info"), "witness:info", (Arg("dir"),)),
    Command(("unit", "add"), "register:unit_add", (_needed("--id"), _needed("--name"), Arg("--parent")), writes=True),
    Command(("unit", "list"), "register:unit_list"),
    Command(("unit", "amend"), "register:unit_amend", (_needed("--id"), Arg("--name"), Arg("--parent")), writes=True),
    Command(
        ("person", "add"),
        "register:person_add",
        (_needed("--id"), _needed("--name"), _needed("--role", Role, many=True), Arg("--unit")),
        writes=True,
    ),
    Command(("person", "list"), "register:person_list"),
    Command(
        ("person", "amend"),
        "register:person_amend",
        (
            _needed("--id"),
            Arg("--name"),
            _maybe("--role", Role, many=True),
            Arg("--unit"),
            Arg("--active", values=("yes", "no")),
        ),
        writes=True,
    ),
    Command(("person", "erase"), "register:person_erase", (_needed("--id"), _needed("--grounds")), writes=True),
    Command(
        ("programme", "open"),
        "register:programme_open",
        (*_CODE, Arg("--name"), _maybe("--phase", many=True)),
        writes=True,
    ),
    Command(("programme", "list"), "register:programme_list"),
    Command(("programme", "close"), "register:programme_close", _CODE, writes=True),
    Command(("policy", "show"), "policy:show"),
    Command(
        ("policy", "set"),
        "policy:set_",
        (
            Arg("--calendar"),
            _maybe("--days", DayKind),
            Arg("--due-soon"),
            _maybe("--single-signature", (*FindingClass, "none"), many=True),
            Arg("--extensions"),
            _maybe("--stage", (f"{level}=N" for level in Level), many=True),
            Arg("--follow-up-after"),
            _maybe("--roles", many=True),
        ),
        writes=True,
    ),
    Command(("calendar", "list"), "policy:calendars"),
    Command(
        ("calendar", "correct"),
        "policy:correct",
        (
            Arg("calendar"),
            _needed("--edition"),
            _maybe("--off", many=True),
            _maybe("--working", many=True),
            _maybe("--published", many=True),
        ),
        writes=True,
    ),
    Command(("calendar", "adopt"), "policy:adopt", (Arg("file"),), writes=True),
    _step(
        "log",
        _needed("--title"),
        _needed("--source"),
        Arg("--programme"),
        Arg("--category"),
        Arg("--criteria"),
        Arg("--found-on"),
        Arg("--team"),
        _maybe("--severity", Severity),
    ),
    _step(
        "assign",
        _NUMBER,
        _needed("--unit"),
        _needed("--class", FindingClass),
        Arg("--due"),
        _needed("--criteria"),
        _maybe("--cooperating", many=True),
        Arg("--leader"),
        Arg("--person"),
    ),
    _step("acknowledge", _NUMBER, _needed("--measure", many=True)),
    _step("object", _NUMBER, _needed("--grounds")),
    _step("act", _NUMBER, _needed("--measure"), _needed("--progress", Progress), _needed("--text")),
    _step("attach", _NUMBER, Arg("file"), Arg("--caption")),
    _step("plan", _NUMBER, _needed("--measure", many=True), _needed("--reason")),
    _step("request-closure", _NUMBER, _needed("--text"), _maybe("--measure", many=True)),
    _step("verify", _NUMBER, _needed("--method", Method), _needed("--conclusion", Conclusion), Arg("--text")),
    _step("return", _NUMBER, _needed("--missing")),
    _step("close", _NUMBER),
    _step("extend", _NUMBER, _needed("--due"), _needed("--reason"), Arg("--progress")),
    _step("grant", _NUMBER, Arg("--due"), Arg("--reason")),
    _step("refuse", _NUMBER, _needed("--reason")),
    _step("remind", _NUMBER, _needed("--level", Level), Arg("--document"), Arg("--text")),
    _step("list-publicly", _NUMBER, Arg("--document"), Arg("--text")),
    _step("receive", _NUMBER, Arg("--document"), Arg("--text")),
    _step("follow-up", _NUMBER, _needed("--result", Result), Arg("--text")),
    _step("reopen", _NUMBER, _needed("--reason"), _needed("--due")),
    _step("link", _NUMBER, Arg("other"), _maybe("--kind", LinkKind)),
    _step("withdraw", _NUMBER, _needed("--grounds"), Arg("--duplicate-of")),
    _step("transfer", _NUMBER, _needed("--to"), Arg("--grounds")),
    _step("amend", _NUMBER, _needed("--field", AMENDABLE), _needed("--value"), _needed("--reason")),
    _step("comment", _NUMBER, _needed("--text")),
    Command(("finding", "list"), "finding:list_", (_FILTER, _maybe("--sort", Sort), Arg("--limit"), _AS_OF)),
    Command(("finding", "show"), "finding:show", (_NUMBER, _AS_OF)),
    Command(("finding", "why"), "past:why", (_NUMBER, _AS_OF)),
    Command(
        ("finding", "diff"),
        "past:diff",
        (Arg("number", optional=True), _needed("--from"), Arg("--to"), Arg("--filter")),
    ),
    Command(("finding", "history"), "finding:history", (_NUMBER,)),
    Command(("figures",), "figures:figures", (_FILTER, _maybe("--by", Dimension), _AS_OF, Arg("--since"))),
    Command(
        ("import",),
        "importing:import_",
        (
            Arg("file", optional=True),
            Arg("--dry-run", flag=True),
            Arg("--mapping"),
            Arg("--column", many=True),
            Arg("--programme"),
            Arg("--changes", values=("apply", "keep")),
            Arg("--list", flag=True),
            Arg("--undo"),
            Arg("--why"),
        ),
    ),
    Command(
        ("audit",),
        "audit:audit",
        (Arg("index", optional=True), Arg("--person"), Arg("--number"), Arg("--limit"), _AS_OF),
    ),
    Command(("finding", "blame"), "audit:blame", (_NUMBER, _AS_OF)),
    Command(("todo",), "past:todo", (Arg("--mine", flag=True),)),
    *(
        Command(("export", kind), "export:table", (_FILTER, *_EXPORT, _maybe("--sort", Sort)))
        for kind in ("problems", "closure")
    ),
    Command(("export", "history"), "export:history", (_NUMBER, *_EXPORT)),
    Command(("export", "weekly"), "export:weekly", (_FILTER, *_EXPORT)),
    Command(("verify-export",), "case:verify_export", (Arg("file"),)),
    Command(
        ("casefile",), "case:casefile", (_NUMBER, _needed("--output", short="-o"), Arg("--no-evidence", flag=True))
    ),
    Command(("verify-case",), "case:verify_case", (Arg("file"), _maybe("--vkey", many=True))),
)

SORTS = frozenset(Sort)
