"""Owns what every screen shares: the desk, who acts, the language, the pen, the register. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from textual.message_pump import MessagePump

from taizhang.ledger.domain.calendars import WEEKENDS_ONLY
from taizhang.ledger.domain.errors import Refusal
from taizhang.ledger.domain.lights import Yardstick
from taizhang.ledger.domain.policy import Policy
from taizhang.ledger.domain.register import Register
from taizhang.locale.words import Words
from taizhang.service.desk import Desk, Query

from .errands import Errands
from .keymap import Keymap
from .memory import Memory
from .pen import DARK, Pen, pen_of
from .preferences import Preferences

T = TypeVar("T")


class Session:
    """One person at one terminal.

    Args:
        desk: the ledger.
        words: the catalogue of the language that is shown.
        actor: id of the person who acts; may be empty.
        preferences: how this person likes the terminal.
        memory: what the terminal remembers of this ledger.
    """

    def __init__(
        self, desk: Desk, words: Words, actor: str, preferences: Preferences | None = None, memory: Memory | None = None
    ) -> None:
        self.memory = memory or Memory(None)
        self.preferences = preferences or Preferences()
        self.desk = desk
        self.words = words
        self.actor = actor
        self.pen: Pen = pen_of(DARK)
        self.register = Register()
        self.index = -1
        self.today = date.min
        self.when = ""
        self.by = Yardstick(date.min, date.min, Policy(), WEEKENDS_ONLY)  # until the ledger is read
        self.begun = False
        self.lost: Refusal | None = None
        self._reader = Errands("desk-reader")
        self._counter = Errands("desk-counter")
        self._writer = Errands("desk-writer")
        self._keeper: Errands | None = None
        self._zone: tuple[str, tzinfo] | None = None

    @property
    def keymap(self) -> Keymap:
        """Which keys call which action."""
        return self.preferences.keymap

    def ask(
        self,
        asker: MessagePump,
        slot: str,
        question: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Refusal], object],
    ) -> None:
        """Ask the desk something without waiting for it; see `Errands.ask`."""
        self._reader.ask(asker, slot, lambda: self._after_begin(question), then, failed)

    def _after_begin(self, question: Callable[[], T]) -> T:
        """Runs in the reading thread: nothing is answered before register and day are known.

        After an upgrade the first look builds the read models, which may take a while: the screen stands by then.
        """
        if not self.begun:
            self.register, self.index, self.today = self.desk.register(), self.desk.index(), self.desk.today()
            self.by = self.desk.yardstick(when=self.when)
            self.begun = True
        return question()

    def count(
        self,
        asker: MessagePump,
        slot: str,
        question: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Refusal], object],
    ) -> None:
        """Ask the desk for figures, which may take their time: no row and no page waits behind them."""
        self._counter.ask(asker, slot, question, then, failed)

    def write(
        self,
        asker: MessagePump,
        question: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[Refusal], object],
    ) -> None:
        """Have the desk record something without waiting for it; reading goes on beside it."""
        self._writer.ask(asker, "write", question, then, failed)

    def keep(
        self,
        asker: MessagePump,
        slot: str,
        question: Callable[[], T],
        then: Callable[[T], object] = lambda _: None,
        failed: Callable[[Refusal], object] = lambda _: None,
    ) -> None:
        """Read or write what the terminal remembers, without waiting for the disk."""
        if self._keeper is None:
            self._keeper = Errands("memory-keeper")
        self._keeper.ask(asker, slot, question, then, failed)

    @property
    def busy(self) -> bool:
        """Whether anything that was asked is still under way."""
        kept = self._keeper is not None and self._keeper.busy
        return kept or self._reader.busy or self._counter.busy or self._writer.busy

    def close(self) -> None:
        """End the threads; a record that is under way is given time to end."""
        self._reader.stop()
        self._counter.stop()
        self._writer.stop()
        if self._keeper is not None:
            self._keeper.finish(2.0)
        self._writer.join(10.0)
        self._counter.join(1.0)
        self._reader.join(1.0)

    def dated(self, query: Query) -> Query:
        """The query as of the moment that is shown."""
        return query if query.when == self.when else replace(query, when=self.when)

    def unit(self, unit_id: str) -> str:
        """The name of a unit; its id where it has none."""
        unit = self.register.units.get(unit_id)
        return unit.name if unit else unit_id

    def person(self, person_id: str) -> str:
        """The name of a person; the id where there is none."""
        person = self.register.people.get(person_id)
        return person.name if person else person_id

    def moment(self, recorded_at: str) -> str:
        """A recorded time in the ledger's time zone, to the second; empty for none."""
        if not recorded_at:
            return ""
        if self._zone is None or self._zone[0] != self.register.timezone:
            self._zone = (self.register.timezone, ZoneInfo(self.register.timezone))
        return datetime.fromisoformat(recorded_at).astimezone(self._zone[1]).strftime("%Y-%m-%d %H:%M:%S")
