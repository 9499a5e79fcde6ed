"""A ledger in a temporary folder, with a unit, people for every role and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from taizhang.composition import init_ledger, open_ledger
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.register import AddPerson, AddUnit
from taizhang.ledger.domain.values import Account, Evidence, FindingClass, Role, Via
from taizhang.ledger.ledger import Instruction, Ledger, Recorded

OPENED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class House:
    """One ledger and whoever works with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = OPENED
        init_ledger(path, programme="JYZD-2026", clock=lambda: self.now, account=Account("root", "server"))
        self.ledger = self.open()
        self.give("admin", AddUnit("finance", "财政局"))
        for person, role, unit in (
            ("inspector", Role.INSPECTOR, None),
            ("office", Role.OFFICE, None),
            ("officer", Role.UNIT_OFFICER, "finance"),
            ("head", Role.UNIT_HEAD, "finance"),
            ("verifier", Role.VERIFIER, None),
            ("approver", Role.APPROVER, None),
            ("leader", Role.LEADER, None),
        ):
            self.give("admin", AddPerson(person, person, (role,), unit))

    def open(self) -> Ledger:
        return open_ledger(self.path, clock=lambda: self.now, account=Account("root", "server"))

    def give(self, actor: str, command: Any, **kwargs: Any) -> Recorded:
        self.now += timedelta(seconds=1)
        return self.ledger.record(Instruction(command, actor, Via.CLI, **kwargs))

    def log(self, title: str = "备用金由保管人自行盘点") -> str:
        return self.give("inspector", c.LogFinding("JYZD-2026", title, "现场检查", date(2026, 3, 1))).number

    def rectifying(self) -> str:
        """Log a finding and bring it to where the unit works on it, with evidence attached."""
        number = self.log()
        due = date(2026, 6, 30)
        assign = c.AssignFinding(number, "finance", FindingClass.TIME_BOUND, "两次突击盘点无差异", ByDate(due))
        self.give("office", assign)
        self.give("officer", c.AcknowledgeFinding(number, ("盘点人员轮换",)))
        self.give("officer", c.AttachEvidence(number, Evidence("a" * 64, 12, "盘点表.pdf")))
        return number


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "ledger")
    yield house
    house.ledger.close()
