"""What the terminal remembers: whole or not at all, and never a reason to stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.ledger.domain.errors import Unreachable
from taizhang.tui.memory import Memory, place_of


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    Memory(tmp_path / "a" / "b").keep("drafts/log", {"题": ["x"]})
    assert Memory(tmp_path / "a" / "b").load("drafts/log") == {"题": ["x"]}
    Memory(tmp_path / "a" / "b").drop("drafts/log")
    assert Memory(tmp_path / "a" / "b").load("drafts/log") is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_spoilt_file_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "views.json").write_bytes(b"\xff{")
    assert Memory(tmp_path).load("views") is None


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable) as refused:
        Memory(tmp_path / "file").keep("views", [])
    assert refused.value.code == "memory.unkept"


def test_two_ledgers_of_one_name_do_not_share(tmp_path: Path) -> None:
    assert place_of(tmp_path / "a" / "ledger") != place_of(tmp_path / "b" / "ledger")
    assert place_of(tmp_path / "ledger").startswith("ledger-")
