"""In a real pseudo-terminal: a finding from logging to closure with keys alone; what an input method commits arrives whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from taizhang.composition import init_ledger, open_desk
from taizhang.ledger.domain.register import AddUnit
from taizhang.ledger.domain.values import State, Via
from taizhang.service.desk import Order
from tests.journeys.test_by_keys import NUMBER, PEOPLE
from tests.tui.poison import HIDDEN
from tests.tui.pty_terminal import Pty, on_a_desk, running
from tests.tui.screens_by_keys import SCREENS

TAB, RECORD = "\t", "\x13"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger with its units and people, without findings."""
    path = tmp_path / "ledger"
    init_ledger(path, programme="JZ", programme_name="教育整顿")
    desk = open_desk(path)
    for command in (AddUnit("ju", "市局"), AddUnit("jiwei", "局机关纪委", parent="ju"), *PEOPLE):
        desk.record(Order(command, "admin", Via.CLI))
    desk.close()
    return path


def become(terminal: Pty, actor: str, name: str) -> None:
    """Choose who acts, the name and Enter in one burst."""
    terminal.press("p")
    terminal.until(lambda: "由谁操作" in terminal.text)
    terminal.press(f"{actor}\r")
    terminal.until(lambda: name in terminal.lines[0])


def take(terminal: Pty, step: str, title: str = "") -> None:
    """Open the menu of steps and take one by its digit."""
    terminal.press("x")
    terminal.until(lambda: any(f" {step} " in line for line in terminal.lines[2:]))
    line = next(line for line in terminal.lines[2:] if f" {step} " in line and any(c in line for c in "123456789"))
    terminal.press(next(char for char in line if char in "123456789"))
    terminal.until(lambda: "^s 入账" in terminal.text)


def type_slowly(terminal: Pty, *keys: str) -> None:
    """Type as a person does: the next key when the last one is seen to have done something."""
    for key in keys:
        before = terminal.text, terminal.screen.cursor.x, terminal.screen.cursor.y
        terminal.press(key)
        for _ in range(60):
            if (terminal.text, terminal.screen.cursor.x, terminal.screen.cursor.y) != before:
                break
            terminal.rest(0.05)
        terminal.rest()


def test_from_logging_to_closure_with_keys_alone(folder: Path, tmp_path: Path) -> None:
    proof = tmp_path / "办法.txt"
    proof.write_text("印发", encoding="utf-8")
    desk = open_desk(folder)
    due = (desk.today() + timedelta(days=30)).isoformat()
    command = ["-m", "taizhang", "--ledger", str(folder), "--actor", "dudao", "--lang", "zh", "tui"]
    with running(command, (100, 30), XDG_STATE_HOME=str(tmp_path)) as terminal:

        def recorded(step: str) -> None:
            type_slowly(terminal, RECORD)
            terminal.until(lambda: f"已记录“{step}”" in terminal.text)

        terminal.until(lambda: "按 n 登记第一条" in terminal.text)
        type_slowly(terminal, "n")
        terminal.until(lambda: "^s 入账" in terminal.text)
        type_slowly(terminal, "对干部监督管理措施不够有力", TAB, "实地督导")
        recorded("登记")
        terminal.until(lambda: "▌JZ-001" in terminal.text)
        become(terminal, "bangongshi", "督导办乙")
        type_slowly(terminal, "\r")
        take(terminal, "交办")
        type_slowly(terminal, "纪委", "\r", "2", TAB, due, TAB, "办法印发；谈话覆盖重点岗位")
        recorded("交办")
        become(terminal, "jingban", "经办人丙")
        take(terminal, "签收")
        type_slowly(terminal, "出台监督办法", "\r", "谈心谈话记录")
        recorded("签收")
        for measure in ("1", "2"):
            take(terminal, "反馈进展")
            type_slowly(terminal, measure, TAB, "3", TAB, "已办结")
            recorded("反馈进展")
        take(terminal, "附佐证材料")
        type_slowly(terminal, str(proof))
        recorded("附佐证材料")
        become(terminal, "fuze", "负责人丁")
        take(terminal, "申请销号")
        type_slowly(terminal, "办法已印发，谈话全覆盖")
        recorded("申请销号")
        become(terminal, "hecha", "核查人戊")
        take(terminal, "核查")
        type_slowly(terminal, "1", TAB, "1", TAB, "现场看过")
        recorded("核查")
        become(terminal, "shenpi", "审批人己")
        take(terminal, "销号")
        recorded("销号")
        assert terminal.misplaced() == []
    finding = desk.finding(NUMBER)
    assert finding.state is State.CLOSED
    assert finding.title == "对干部监督管理措施不够有力"
    assert [entry.envelope.actor for entry in desk.history(NUMBER)][-1] == "shenpi"
    desk.close()


COMMIT = "严管严治的压力没有完全传导到一线"


@pytest.mark.parametrize(
    "sent",
    [
        COMMIT,  # a burst of UTF-8
        "".join(f"\x1b[0;;{ord(char)}u" for char in COMMIT),  # kitty: text without a key
        f"\x1b[0;;{':'.join(str(ord(char)) for char in COMMIT)}u",  # kitty: the whole commit in one sequence
        "".join(f"\x1b[{ord(char)}u" for char in COMMIT),  # kitty: one sequence a character
        f"\x1b[200~{COMMIT}\x1b[201~",  # a bracketed paste
    ],
    ids=["utf-8", "kitty-text", "kitty-commit", "kitty-keys", "paste"],
)
def test_what_an_input_method_commits_arrives_whole(sent: str, tmp_path: Path) -> None:
    with on_a_desk("small_desk()", (120, 40), tmp_path) as terminal:
        terminal.press("/")
        terminal.until(lambda: "回到清单" in terminal.text)
        terminal.press(sent)
        terminal.until(lambda: COMMIT in terminal.lines[1].replace("\x00", ""), 10)
        terminal.until(lambda: "1 / 5 条" in terminal.text, 10)
        terminal.rest()
        # the terminal's cursor, where an input method opens its window, stands behind the text
        assert (terminal.screen.cursor.y, terminal.screen.cursor.x) == (1, 3 + 2 * len(COMMIT))


def test_text_and_enter_in_one_burst_keep_their_order(tmp_path: Path) -> None:
    with on_a_desk("small_desk()", (80, 24), tmp_path) as terminal:
        terminal.press("t")
        terminal.until(lambda: "显示哪一时刻" in terminal.text)
        terminal.press("#20\r")
        terminal.until(lambda: "过去 #20" in terminal.lines[0], 10)


QUICK = ("list", "audit")
REOPENED = {
    **{name: SCREENS[name] for name in SCREENS if name.startswith(("adding-", "amending-", "closing-", "setting-"))},
    **{name: SCREENS[name] for name in ("views", "naming", "moment", "actor", "undo", "form", "jump", "bulk")},
    "palette": ((":", "JZ"), ("\x1b",)),
    "seal-verified": (("v", "v"), ("\x1b",)),
}
"""Dialogs, and what is asked for once: they show what was there when they were opened, so they are opened again and again."""
ROUNDS = 25


@pytest.mark.parametrize(
    "name",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in (*SCREENS, "views-saved")],
)
def test_no_character_of_the_data_reaches_the_terminal_raw(name: str, tmp_path: Path) -> None:
    """Every Cc, Cf, Zl and Zp character comes by in every field while a screen is looked at."""
    there, back = REOPENED.get(name, SCREENS.get(name, ((), ())))
    if name == "filter":
        there = ("/",)
    if name == "views-saved":  # a view of that filter is taken, and its filter stands in the field
        there, back = ("o", "\r"), ("\x1b", "\x1b")
    actor = "guanli" if name.startswith(("adding-", "amending-", "closing-", "setting-")) else "hecha"
    with on_a_desk("poisoned(0.06)", (200, 60), tmp_path, actor=actor, memory="PoisonedMemory()") as terminal:
        terminal.raw = b""
        if name in REOPENED or name == "views-saved":
            for _ in range(ROUNDS):
                terminal.press(*there, quiet=0.03, most=0.2)
                terminal.rest(0.05, 0.2)
                terminal.press(*back, quiet=0.03, most=0.3)
        else:
            terminal.press(*there, quiet=0.03, most=1.0)
            terminal.raw = b""
            for _ in range(40):
                terminal.rest(0.05, 0.12)
        seen = terminal.raw.decode("utf-8", "replace")
    assert len(seen) > 500, "nothing was drawn anew"
    assert "⟪⟨U+" in seen
    for char in HIDDEN:
        assert f"⟪{char}⟫" not in seen
        if char not in "\n\r":
            assert f"{char}⟫" not in seen, f"U+{ord(char):04X} on {name}"
        if char not in "\n\r\x1b":
            assert f"⟪{char}" not in seen, f"U+{ord(char):04X} on {name}"
