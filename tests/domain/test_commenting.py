"""Anybody who may see a finding may say something, in every state; it changes nothing else."""

from __future__ import annotations

import pytest

from taizhang.ledger.domain.events import FindingCommented
from taizhang.ledger.domain.values import State
from tests.domain.spec import HISTORIES, comment, commented, given


@pytest.mark.parametrize("state", State)
def test_a_comment_changes_nothing_else(state: State) -> None:
    before = given(*HISTORIES[state])
    after = before.when(comment(text="请补充\n谈话记录")).then(FindingCommented("请补充\n谈话记录"))
    changed = {name for name in before.stands.__struct_fields__ if getattr(before.stands, name) != getattr(after, name)}
    assert changed == {"comments", "version", "changed_at"}


def test_comments_are_counted() -> None:
    assert given(*HISTORIES[State.LOGGED], commented(), commented()).when(comment()).allowed().comments == 3


def test_it_says_something() -> None:
    given(*HISTORIES[State.CLOSED]).when(comment(text="\t")).rejected("text.missing", field="text")


def test_who_comments_has_no_hand_in_it() -> None:
    before = given(*HISTORIES[State.AWAITING])
    assert before.when(comment(by="li")).allowed().hands == before.stands.hands
