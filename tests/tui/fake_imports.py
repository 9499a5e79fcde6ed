"""Imports and exports of the desk in memory: one file whose every row comes to something else, and one short table."""

from __future__ import annotations

from pathlib import Path

from taizhang.ledger.domain.errors import Rejected
from taizhang.service.imports import (
    ColumnSeen,
    Difference,
    Done,
    Doubt,
    Imported,
    Outcome,
    Plan,
    Progress,
    RowSeen,
    TableSeen,
    Wish,
)

MARKDOWN = """# 问题清单

| 序号 | 编号 | 问题情况<br>具体问题 | 完成情况 |
| --- | --- | --- | --- |
| 1 | JZ-2023-001 | 某单位未按规定公示\\|公开 | 整改中 |
| 2 | JZ-2023-002 | \\[bold\\]压力传导不够 | 已销号 |

---

截至事件 #27
"""
COLUMNS = (
    ColumnSeen("A", "编号", "number", 1.0),
    ColumnSeen("B", "具体问题", "title", 1.0),
    ColumnSeen("C", "责任单位", "lead_unit", 0.8),
    ColumnSeen("D", "说明", "notes", 1.0, by_hand=True),
    ColumnSeen("E", "奇怪的列", "", 0.0),
)
ROWS = (
    RowSeen("台账", 1, Outcome.SKIPPED, "编号", (Doubt("skip.header"),)),
    RowSeen("台账", 2, Outcome.NEW, "某单位未按规定公示问题整改情况"),
    RowSeen("台账", 3, Outcome.SAME, "压力传导不够", number="JZ-2023-002"),
    RowSeen("台账", 4, Outcome.CHANGED, "台账不全", number="JZ-2023-003",
            differences=(Difference("title", "台账不齐", "台账不全", True),)),
    RowSeen("台账", 5, Outcome.REFUSED, "日期写错的一条", (Doubt("row.day", "G5", {"value": "2023-13-40"}),)),
)  # fmt: skip


class FakeImports:
    """Whatever is imported is the same file; nothing is ever recorded."""

    def plan(self, wish: Wish, progress: Progress | None = None) -> Plan:
        """Return the one plan."""
        return Plan(wish, wish.path.name, "0" * 64, "JZ", (TableSeen("台账", (1,), COLUMNS, year=2023),), (), ROWS, ())

    def record(self, plan: Plan, progress: Progress | None = None) -> Done:
        """Refuse."""
        raise Rejected("import.undone", batch="20230710-00000000-1")

    def earlier(self) -> tuple[Imported, ...]:
        """Return one import."""
        return (Imported("20230701-00000000-1", "去年.xlsx", "0" * 64, "JZ", "dudao", "2023-07-01T01:00:00Z", 12, 12),)

    def undoing(self, batch: str) -> tuple[str, ...]:
        """Return two findings."""
        return ("JZ-2023-001", "JZ-2023-002")

    def undo(self, batch: str, actor: str, grounds: str, progress: Progress | None = None) -> tuple[str, ...]:
        """Take nothing back."""
        return self.undoing(batch)


def write_table(target: Path) -> int:
    """Write the short table; return how many rows it has."""
    target.write_text(MARKDOWN, encoding="utf-8")
    return 2
