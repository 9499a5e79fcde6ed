"""A refusal is a code with parameters that can be written anywhere: as JSON, on a terminal, in a file."""

from __future__ import annotations

import msgspec
import pytest

from taizhang.ledger.domain.errors import Refusal, Rejected, Unreachable
from taizhang.ledger.domain.values import State
from tests.domain.spec import LOGGED, assign, comment, given, log


@pytest.mark.parametrize("kind", [Rejected, Unreachable])
def test_code_and_parameters(kind: type[Refusal]) -> None:
    refusal = kind("measure.unknown", number="JYZD-2023-001", measure=3, state=State.CLOSED, units=["east"], on=None)
    assert refusal.code == "measure.unknown"
    assert refusal.params == {
        "number": "JYZD-2023-001",
        "measure": 3,
        "state": State.CLOSED,
        "units": ["east"],
        "on": None,
    }
    assert isinstance(refusal.params["state"], State), "words are looked up by the value as it is"
    assert repr(refusal).startswith(f"{kind.__name__}('measure.unknown', number='JYZD-2023-001', measure=3")


@pytest.mark.parametrize("raw", ["\udcff", "财政\udce5局"])
def test_what_no_encoding_knows_is_escaped(raw: str) -> None:
    """Arguments that are not UTF-8 reach a program as lone surrogates; saying no to them must not fail in turn."""
    refusal = Rejected("unit.unknown", unit=raw, units=[raw, "east"])
    assert msgspec.json.decode(msgspec.json.encode(refusal.params)) == refusal.params
    assert "\\ud" in refusal.params["unit"]
    assert refusal.params["units"] == [refusal.params["unit"], "east"]


def test_wherever_something_typed_comes_back() -> None:
    raw = "财政\udce5局"
    given().when(log(programme=raw)).rejected("programme.unknown")
    given().when(comment(number=raw)).rejected("finding.unknown")
    given(LOGGED).when(assign(lead_unit=raw)).rejected("unit.unknown")
