"""A ledger in which every field that holds data holds characters that must never reach a terminal, others at every moment."""

from __future__ import annotations

import sys
import threading
import unicodedata
from typing import Any

from msgspec.structs import replace

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding, Measure
from taizhang.ledger.domain.values import Account, Evidence
from taizhang.ledger.domain.verdict import Check, Verdict
from taizhang.service.desk import Trail
from taizhang.service.proofs import SealState
from taizhang.tui.memory import Memory
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.fake_proofs import FakeProofs

HIDDEN = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp")
]
EACH = 5
CHUNKS = [HIDDEN[at : at + EACH] for at in range(0, len(HIDDEN), EACH)]
OPEN, CLOSE = "⟪", "⟫"


def text(chunk: int) -> str:
    """A text with the characters of one chunk, each between marks."""
    return "".join(f"{OPEN}{char}{CLOSE}" for char in CHUNKS[chunk % len(CHUNKS)])


class PoisonedDesk(FakeDesk):
    """The small ledger, whose data changes with every round."""

    round = 0

    def turn(self) -> None:
        """Put the next characters into every field, and tell the terminal that something was recorded."""
        self.round += 1
        for at, number in enumerate(list(self._findings)):
            self._findings[number] = _poisoned(self._findings[number], text(self.round * len(self._findings) + at))
        data = text(self.round)
        units = {key: replace(unit, name=f"{key}{data}") for key, unit in self._register.units.items()}
        people = {key: replace(person, name=f"{data}{key}") for key, person in self._register.people.items()}
        programmes = {key: replace(each, name=data, phases=(data,)) for key, each in self._register.programmes.items()}
        self._register = replace(self._register, units=units, people=people, programmes=programmes)
        with self._news:
            self._index += 0
            self._beat += 1
            self._news.notify_all()

        for stream, entries in self._entries.items():
            if stream != catalogue.REGISTER_STREAM:
                self._entries[stream] = [_poisoned_entry(entry, data) for entry in entries]

    def proofs(self) -> FakeProofs:
        """What witnesses and keys are called comes from outside, too."""
        return PoisonedProofs(self._index + 1, text(self.round))

    _beat = 0

    def wait(self, index: int, timeout: float) -> int:
        """A round is news, though no event is: the terminal is told of one more, then of one less."""
        with self._news:
            beat = self._beat
            self._news.wait_for(lambda: self._beat != beat or self._index != index, timeout)
            return self._index

    def today(self) -> Any:
        """Each round is another day, so that everything is asked anew."""
        from datetime import timedelta

        return super().today() + timedelta(days=self.round % 2)

    def trail(self, **asked: Any) -> Trail:
        """The accounts of other computers are data, too."""
        found = super().trail(**asked)
        data = text(self.round)
        return replace(found, rows=tuple(replace(row, os_user=data, host=data) for row in found.rows))


_FREE = frozenset({"title", "source", "category", "criteria", "team", "closure_criteria", "accountable_leader",
                   "responsible_person", "text", "reason", "grounds", "caption"})  # fmt: skip


def _poisoned_entry(entry: Entry[Any], data: str) -> Entry[Any]:
    """An event in which every text that a person wrote is another."""
    event = entry.envelope.data
    said: dict[str, Any] = {name: data for name in event.__struct_fields__ if name in _FREE}
    if isinstance(getattr(event, "measures", None), tuple):
        said["measures"] = tuple(data for _ in event.measures)
    return replace(entry, envelope=replace(entry.envelope, data=replace(event, **said)))


class PoisonedProofs(FakeProofs):
    """The seal of a ledger whose witnesses call themselves anything."""

    def __init__(self, size: int, data: str) -> None:
        super().__init__(size)
        self._data = data

    def state(self) -> SealState:
        """Every name is another."""
        found = super().state()
        assert found.last is not None
        assert found.cosigned is not None
        witness = replace(found.cosigned.cosigned[0], witness=self._data)
        last = replace(found.last, origin=self._data, root=self._data)
        return replace(found, vkey=self._data, last=last, cosigned=replace(found.cosigned, cosigned=(witness,)))

    def verify(self, *given: Any, **named: Any) -> Verdict:
        """What is found is told with names of the ledger."""
        found = super().verify(*given, **named)
        checks = (Check("leaves", False, {"index": 20, "detail": self._data}),)
        return replace(found, checks=checks, root=self._data)


class PoisonedMemory(Memory):
    """What the terminal remembers, changed by hand into anything."""

    def __init__(self) -> None:
        super().__init__(None)
        self._round = 0

    def load(self, name: str) -> Any:
        """Other characters every time."""
        self._round += 1
        data = text(self._round)
        if name == "views":
            return [{"name": f"{data}{at}", "filter": data} for at in range(3)]
        return [{"id": "x", "at": data, "texts": {"title": data}}] if name.startswith("drafts/") else {"source": data}


def _poisoned(finding: Finding, data: str) -> Finding:
    return replace(
        finding,
        title=data,
        source=data,
        category=data,
        criteria=data,
        team=data,
        closure_criteria=data,
        accountable_leader=data,
        responsible_person=data,
        measures=(Measure(data, report=data),),
        evidence=(Evidence("0" * 64, 1, data, data),),
        missing=data,
        grounds=data,
        transferred_to=data,
    )


def poisoned(pause: float = 0.25) -> FakeDesk:
    """Return the ledger; its data changes on and on."""
    plain = small_desk()
    desk = PoisonedDesk(plain.now)
    desk.__dict__.update(plain.__dict__)
    for stream, entries in desk._entries.items():
        account = Account(text(1), text(2))
        desk._entries[stream] = [
            replace(entry, envelope=replace(entry.envelope, os_user=account.os_user, host=account.host))
            for entry in entries
        ]

    def work() -> None:
        while True:
            threading.Event().wait(pause)
            desk.turn()

    threading.Thread(target=work, daemon=True).start()
    return desk


__all__ = ["CHUNKS", "HIDDEN", "PoisonedDesk", "PoisonedMemory", "poisoned", "r", "text"]
