"""The page that shows the life of a finding is the one that the table of transitions draws."""

from __future__ import annotations

import re

from taizhang.ledger.domain.transitions import BY_IMPORT, TRANSITIONS
from taizhang.ledger.domain.values import OPEN_STATES, State
from tools.draw_life import PAGE, draw

EDGE = re.compile(r"^ *(\[\*\]|\w+) --> (\[\*\]|\w+)", re.MULTILINE)


def test_the_page_is_as_it_is_drawn() -> None:
    assert PAGE.read_text("utf-8") == draw(), "run `python tools/draw_life.py` and read what changed"


def test_every_transition_is_an_arrow() -> None:
    """What holds in every state is said in words; an arrow from the box stands for one from each open state."""
    arrows: list[tuple[str, str]] = []
    for source, target in EDGE.findall(draw()):
        arrows += [(state, target) for state in OPEN_STATES] if source == "open" else [(source, target)]
    wanted = [
        (source or "[*]", row.target or str(source))
        for row in TRANSITIONS
        for source in row.sources
        if not row.sources >= set(State) and row.command not in BY_IMPORT
    ]
    ended = [(str(state), "[*]") for state in State if state not in OPEN_STATES]
    assert sorted(arrows) == sorted([*wanted, *ended])


def test_every_step_has_a_row_in_both_languages() -> None:
    page = draw()
    for row in TRANSITIONS:
        assert len(re.findall(rf"^\| [^|]+ \| `{row.name}` \|", page, re.MULTILINE)) == 2, row.name
