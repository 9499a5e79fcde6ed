"""Draws docs/life.md, the life of a finding, from TRANSITIONS: `python tools/draw_life.py`.

It owns the shape of that page and nothing of what stands in it: steps, states, roles and parties come from the domain, their
words from the catalogues. A test holds the page against what is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from taizhang.ledger.domain.catalogue import TOPICS
from taizhang.ledger.domain.transitions import AMENDABLE, BY_IMPORT, TRANSITIONS, Transition
from taizhang.ledger.domain.values import OPEN_STATES, Role, State
from taizhang.locale.words import Lang, Words, words_for

PAGE = Path(__file__).resolve().parent.parent / "docs" / "life.md"

HEAD = """\
# The life of a finding · 问题的流转

Drawn from `TRANSITIONS` by `python tools/draw_life.py`; do not edit.
The same table decides what is refused, what the terminal offers, and what the tests expect.

本页由 `python tools/draw_life.py` 按 `TRANSITIONS` 画出，请勿手改。拒绝与否、终端给出哪些步骤、测试以何为准，都出自同一张表。
"""


class Prose(Struct, frozen=True):
    """What the page says in one language beside the catalogues' words."""

    steps: str
    steps_head: tuple[str, ...]
    fields: str
    fields_head: tuple[str, ...]
    any_state: str
    any_open_state: str
    stays: str
    as_claimed: str
    everyone: str
    open: str
    everywhere: str
    beside: str


ZH = Prose(
    steps="每一步",
    steps_head=("步骤", "命令", "从", "到", "谁（任一角色）", "所在单位", "记入的事件"),
    fields="可以更正的字段",
    fields_head=("字段", "命令行写法", "谁（任一角色）"),
    any_state="任何状态",
    any_open_state="任何未办结状态",
    stays="不变",
    as_claimed="表中所载的状态",
    everyone="所有人",
    open="未办结",
    everywhere="任何状态下都可以：{steps}。",
    beside="""\
表以外还有四眼原则：制定过措施、反馈过进展、附过佐证材料或申请过销号的人，本轮不得核查、退回或审批销号；核查人不得审批自己核查的问题。不同的人用同一个系统账户，允许，但留下标记。单位的人只能更正本单位（或上级单位）牵头的问题。
期初转入从一张表里来：问题以表中所载的状态开始，此前的经过未经台账见证；导入后还没有任何后续记录时可以撤销转入。这两步只由导入给出，图中不画。
""",
)
EN = Prose(
    steps="Every step",
    steps_head=("Step", "Command", "From", "To", "Who (any one of these roles)", "Unit", "Event recorded"),
    fields="Fields that can be amended",
    fields_head=("Field", "On the command line", "Who (any one of these roles)"),
    any_state="any state",
    any_open_state="any open state",
    stays="stays",
    as_claimed="as the sheet claims",
    everyone="everyone",
    open="open",
    everywhere="In every state: {steps}.",
    beside="""\
Beside the table there are four eyes: who planned, acted, attached evidence or asked for closure in this round neither
verifies, returns nor closes; who verified does not close. Another person on the same computer account is allowed, and marked.
People of a unit amend only where their unit, or one above it, is the lead unit.
What is carried in comes from a sheet: the finding begins in the state that the sheet claims, and what went before was not
witnessed; it can be taken back while nothing else has happened to it. Imports alone give these two steps; they are not drawn.
""",
)
PROSE = {Lang.ZH: ZH, Lang.EN: EN}


def draw() -> str:
    """Return the page as it should be."""
    chinese, english = words_for(Lang.ZH), words_for(Lang.EN)
    parts = [HEAD, _diagram(chinese, english)]
    for words in (chinese, english):
        parts += [_steps(words), PROSE[words.lang].beside, _fields(words)]
    return "\n".join(parts)


def _everywhere(row: Transition) -> bool:
    return row.sources >= set(State)


def _diagram(chinese: Words, english: Words) -> str:
    def both(vocabulary: str, value: str) -> str:
        return f"{chinese.term(vocabulary, value)} {english.term(vocabulary, value)}"

    box = f"{ZH.open} {EN.open}"
    inner: list[str] = []
    outer: list[str] = []
    for row in TRANSITIONS:
        label = both("step", row.name)
        if _everywhere(row) or row.command in BY_IMPORT:
            continue
        if row.sources == OPEN_STATES:
            outer.append(f"open --> {row.target} : {label}")
            continue
        for source in (None, *State):
            if source in row.sources:
                target = row.target or source
                inside = source in OPEN_STATES and target in OPEN_STATES
                (inner if inside else outer).append(f"{source or '[*]'} --> {target} : {label}")
    ended = [state for state in State if state not in OPEN_STATES]
    lines = [
        "```mermaid",
        "stateDiagram-v2",
        *(f'    state "{both("state", state)}" as {state}' for state in ended),
        f'    state "{box}" as open {{',
        *(f'        state "{both("state", state)}" as {state}' for state in State if state in OPEN_STATES),
        *(f"        {line}" for line in inner),
        "    }",
        *(f"    {line}" for line in outer),
        *(f"    {state} --> [*]" for state in ended),
        "```",
        "",
    ]
    for words in (chinese, english):
        steps = words.joined(
            words.term("step", row.name) for row in TRANSITIONS if _everywhere(row) and row.command not in BY_IMPORT
        )
        lines += [PROSE[words.lang].everywhere.format(steps=steps), ""]
    return "\n".join(lines)


def _steps(words: Words) -> str:
    prose = PROSE[words.lang]

    def sources(row: Transition) -> str:
        if _everywhere(row):
            return prose.any_state
        if row.sources == OPEN_STATES:
            return prose.any_open_state
        return words.joined(words.term("state", state) for state in (None, *State) if state in row.sources)

    rows = (
        (
            words.term("step", row.name),
            f"`{row.name}`",
            sources(row),
            words.term("state", row.target)
            if row.target
            else (prose.stays if None not in row.sources else prose.as_claimed),
            _roles(words, row.roles),
            words.term("party", row.party),
            f"`{TOPICS[row.event]}`",
        )
        for row in TRANSITIONS
    )
    return _table(f"## {prose.steps}", prose.steps_head, rows)


def _fields(words: Words) -> str:
    prose = PROSE[words.lang]
    rows = ((words.term("field", name), f"`{name}`", _roles(words, roles)) for name, roles in AMENDABLE.items())
    return _table(f"## {prose.fields}", prose.fields_head, rows)


def _roles(words: Words, roles: frozenset[Role]) -> str:
    if roles >= set(Role):
        return PROSE[words.lang].everyone
    return words.joined(words.term("role", role) for role in Role if role in roles)


def _table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(head)
    lines = [title, "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the page."""
    PAGE.write_text(draw(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
