"""The ledger and the case files that the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case import cases


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small ledger, which no test changes."""
    folder = tmp_path_factory.mktemp("case") / "ledger"
    cases.make_ledger(folder)
    return folder


@pytest.fixture(scope="session")
def case(ledger: Path) -> bytes:
    """Return a whole case file: four events, one file of evidence, a witness's cosignature."""
    target = ledger.parent / "case.zip"
    cases.write(ledger, target, witnesses=(cases.WITNESS,))
    return target.read_bytes()


@pytest.fixture(scope="session")
def parts(case: bytes) -> cases.Parts:
    """Return the case taken apart, with a page and a verifier of a few bytes."""
    return cases.small(case)
