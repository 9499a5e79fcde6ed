"""The five ledgers as people send them: every row as a careful clerk would have typed it, or refused by its cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang.intake.lines import Kind
from taizhang.ledger.domain.values import FindingClass, State
from tests.intake.sheets import GOLDEN, SAMPLES, read_file, told

FILES = sorted(SAMPLES.iterdir())


def test_the_samples_are_here() -> None:
    assert [path.name[:2] for path in FILES] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_is_read_as_before(path: Path) -> None:
    assert told(path) == (GOLDEN / f"{path.stem}.json").read_text(encoding="utf-8")


def test_the_dirty_one_row_by_row() -> None:
    """By hand, so that a careless look at the golden file cannot pass."""
    _, lines = read_file(next(path for path in FILES if path.name.startswith("04")))
    rows = {line.row: line for line in lines}
    taken = {row: line.claim.state for row, line in rows.items() if line.claim}
    assert taken == {
        5: State.CLOSED,
        6: State.RECTIFYING,
        7: State.AWAITING,
        8: State.RECTIFYING,
        10: State.LOGGED,
        11: State.RECTIFYING,
    }
    wrong = {
        row: [(doubt.code, doubt.cell) for doubt in line.doubts if not doubt.code.startswith("note.")]
        for row, line in rows.items()
        if line.kind is Kind.REFUSED
    }
    assert wrong == {
        9: [("row.missing", "C9"), ("row.day", "G9")],
        12: [("row.day", "G12"), ("row.status", "H12")],
        15: [("text.too-long", "C15")],
    }
    assert [row for row, line in rows.items() if line.kind is Kind.SKIPPED] == [1, 2, 3, 4, 13, 14]
    claim = rows[7].claim
    assert claim is not None
    assert claim.title == '=HYPERLINK("http://127.0.0.1/x","点击")'
    assert claim.class_ is FindingClass.IMMEDIATE
    assert rows[7].cells["A7"] == "3"
    assert rows[6].cells["A6"] == "２"


def test_measures_of_merged_rows_belong_to_their_finding() -> None:
    _, lines = read_file(next(path for path in FILES if path.name.startswith("02")))
    claims = [line for line in lines if line.claim]
    assert [(line.row, line.more) for line in claims][:3] == [(4, (5,)), (6, (7, 8)), (9, (10,))]
    assert sum(len(line.claim.measures) for line in claims if line.claim) == 18
