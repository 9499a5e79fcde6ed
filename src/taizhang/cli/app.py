"""Owns what a command works with: its words, its console, the ledger it is about, and who acts.

It must not know how a ledger is opened (`main` hands in the doors) nor any one command.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from taizhang.ledger.domain.commands import FindingCommand
from taizhang.ledger.domain.errors import Refusal, Rejected
from taizhang.ledger.domain.register import Register, RegisterCommand
from taizhang.ledger.domain.values import Via
from taizhang.locale.words import Words
from taizhang.service.desk import Desk, Order, Receipt

from . import json_out
from .options import Config, actor_of, day, ledger_path
from .output import Console

if TYPE_CHECKING:
    from taizhang.service.desk import BackupReceipt, CaseVerdict, RestoreReceipt
    from taizhang.service.proofs import Proofs, Witness


class Doors(Protocol):
    """The ways into a ledger, which only the composition root knows."""

    def open_desk(self, path: Path) -> Desk:
        """Open the ledger in a folder."""

    def init_ledger(self, path: Path, *, origin: str, timezone: str, admin_name: str, programme_name: str) -> None:
        """Make a ledger in a folder."""

    def make_demo(self, path: Path) -> None:
        """Make the demo ledger in a folder."""

    def backup(self, path: Path, target: Path, *, with_key: bool) -> BackupReceipt:
        """Write a backup of the ledger in a folder."""

    def restore(self, source: Path, path: Path, *, older: bool, progress: Callable[[int, int], None]) -> RestoreReceipt:
        """Put the ledger of a backup into a folder."""

    def verify_case(self, path: Path, vkeys: Sequence[str], lang: str) -> CaseVerdict:
        """Check a case file; no ledger is needed."""

    def open_proofs(self, path: Path) -> Proofs:
        """Open the seal of the ledger in a folder, in whatever state that is."""

    def init_witness(self, path: Path, name: str) -> Witness:
        """Make a witness in a folder."""

    def open_witness(self, path: Path) -> Witness:
        """Open the witness in a folder."""

    def terminal(self, path: Path, *, actor: str, lang: str, settings: Mapping[str, Any], state: Path | None) -> int:
        """Open the terminal on the ledger in a folder and return the exit code."""

    def web(self, path: Path, *, actor: str, lang: str, port: int, told: Callable[[str], object]) -> int:
        """Serve the terminal to a browser on this computer until it is interrupted; `told` is given the address."""

    def terminal_settings(self, settings: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Refusal, ...]]:
        """What a configuration file says of the terminal: theme, templates, keys by action; and what is wrong with it."""


class App:
    """One run of the command line.

    Args:
        args: what was asked for.
        words: the catalogue of the chosen language.
        console: where output goes.
        config: the user's configuration file.
        doors: the ways into a ledger.
    """

    def __init__(self, args: Namespace, words: Words, console: Console, config: Config, doors: Doors) -> None:
        self.args = args
        self.words = words
        self.console = console
        self.config = config
        self.doors = doors
        self._desk: Desk | None = None

    @property
    def wants_json(self) -> bool:
        """Whether data is to be JSON, as a document or as lines."""
        return bool(self.args.json or self.args.jsonl)

    @cached_property
    def path(self) -> Path:
        """The folder of the ledger that is meant; a command that names another assigns it before it asks for the desk."""
        return ledger_path(self.args, self.config)

    @property
    def desk(self) -> Desk:
        """The desk of that ledger, opened when it is needed for the first time."""
        if self._desk is None:
            self._desk = self.doors.open_desk(self.path)
        return self._desk

    def close(self) -> None:
        """Give back what was opened."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None

    @cached_property
    def register(self) -> Register:
        """Units, people and programmes as they stand."""
        return self.desk.register()

    def likely_actor(self) -> str:
        """Return the id of who acts, or an empty text where nobody said and more than one could."""
        if said := actor_of(self.args, self.config):
            return said
        active = [person.id for person in self.register.people.values() if person.active]
        return active[0] if len(active) == 1 else ""

    def actor(self) -> str:
        """Return the id of who acts.

        Raises:
            Rejected: ``actor.missing`` where nobody said, and the ledger knows more than one person.
        """
        if found := self.likely_actor():
            return found
        raise Rejected("actor.missing", known=sorted(self.register.people)[:20])

    def number(self) -> str:
        """Return the number of the finding that the command names."""
        return self.desk.resolve(self.args.number)

    def record(self, command: FindingCommand | RegisterCommand) -> Receipt:
        """Record a command with what every write may say: on which day, why, under which id."""
        args = self.args
        return self.desk.record(
            Order(
                command,
                actor=self.actor(),
                via=Via.CLI,
                happened_on=day("--on", args.on) if args.on else None,
                why=args.why or "",
                command_id=args.command_id or "",
            )
        )

    def acknowledge(self, receipt: Receipt, subject: str) -> int:
        """Say what was recorded: as data where JSON is wanted, else as talk."""
        if self.wants_json:
            self.data(receipt)
        else:
            key = "cli.repeated" if receipt.repeated else "cli.recorded"
            self.console.say(self.words(key, subject=subject, topic=receipt.topic, index=receipt.index))
        return 0

    def data(self, value: Any) -> None:
        """Write one JSON document."""
        self.console.line(json_out.text(value))

    def data_list(self, values: list[Any]) -> None:
        """Write a list: one JSON document, or one line an item."""
        if self.args.jsonl:
            self.console.lines(json_out.text(value) for value in values)
        else:
            self.data(values)

    def moment(self, recorded_at: str) -> str:
        """Return a recorded time in the ledger's own time zone, to the minute."""
        return self._local(recorded_at).strftime("%Y-%m-%d %H:%M")

    def day_of(self, recorded_at: str) -> date:
        """Return the day of a recorded time in the ledger's own time zone."""
        return self._local(recorded_at).date()

    def _local(self, recorded_at: str) -> datetime:
        return datetime.fromisoformat(recorded_at).astimezone(self._zone)

    @cached_property
    def _zone(self) -> ZoneInfo | Any:
        from zoneinfo import ZoneInfoNotFoundError

        try:
            return ZoneInfo(self.register.timezone)
        except ZoneInfoNotFoundError:
            return UTC

    def counting(self, key: str) -> Callable[[int, int], None]:
        """Return a progress function that tells who watches how far a long command is."""
        return lambda done, total: self.console.progress(self.words(key, done=done, total=total))
