"""Owns the few messages that cross screens. Knows no screen."""

from __future__ import annotations

from datetime import date

from textual.message import Message

from taizhang.ledger.domain.errors import Refusal


class LedgerMoved(Message, bubble=False):
    """Something was recorded, by whomever, or a new day began. A flood of them comes down to one."""

    def __init__(self, index: int, today: date) -> None:
        super().__init__()
        self.index = index
        self.today = today

    def can_replace(self, message: Message) -> bool:
        """Any later one says the same and more."""
        return isinstance(message, LedgerMoved)


class LedgerLost(Message, bubble=False):
    """The ledger cannot be reached just now; the watch goes on trying."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal

    def can_replace(self, message: Message) -> bool:
        """It is lost once, however often it was tried."""
        return isinstance(message, LedgerLost)
