"""What others record appears by itself, and takes neither cursor nor scroll nor what is being typed."""

from __future__ import annotations

import threading
import time
from datetime import date

from taizhang.ledger.domain.commands import CommentOnFinding, LogFinding, WithdrawFinding
from taizhang.ledger.domain.errors import Unreachable
from taizhang.tui.screens.problems import ProblemsScreen
from tests.tui.fake_desk import FakeDesk, small_desk
from tests.tui.look import terminal


def elsewhere(desk: FakeDesk, *commands: object, actor: str = "dudao") -> None:
    """Record something from another thread, as another process would."""
    work = threading.Thread(target=lambda: [desk.do(actor, command, at=desk.now) for command in commands])  # type: ignore[arg-type]
    work.start()
    work.join()


def logged(title: str = "新问题") -> LogFinding:
    return LogFinding("JZ-2023", title, "信访", date(2023, 7, 1))


async def test_a_finding_logged_elsewhere_appears_within_a_quarter_of_a_second() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        taken = []
        for number in ("JZ-2023-006", "JZ-2023-007", "JZ-2023-008", "JZ-2023-009"):
            began = time.perf_counter()
            elsewhere(desk, logged())
            await person.until(lambda number=number: number in person.text)  # type: ignore[misc]
            taken.append(time.perf_counter() - began)
        await person.settle()
        assert "账至 #31" in person.text
        assert "共 9 条" in person.text
        assert min(taken) < 0.25, taken  # the best of four: the machine may be busy with something else


async def test_the_cursor_stays_on_its_finding_when_rows_come_in_above() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("S", "j")
        assert person.lines[4].startswith("▌JZ-2023-004")
        elsewhere(desk, logged("一"), logged("二"))
        await person.until(lambda: "JZ-2023-007" in person.text)
        await person.settle()
        assert person.lines[6].startswith("▌JZ-2023-004")


async def test_the_scroll_stays_when_rows_come_in_above() -> None:
    desk = small_desk()
    for at in range(60):
        desk.do("dudao", logged(f"第{at}条"), at=desk.now)
    async with terminal(desk) as person:
        await person.press("S", "pagedown", "pagedown")
        before = [line.rstrip("▁▂▃▄▅▆▇█ ") for line in person.lines[3:23]]
        elsewhere(desk, logged("上面的"))
        await person.until(lambda: "共 66 条" in person.text)
        await person.settle()
        assert [line.rstrip("▁▂▃▄▅▆▇█ ") for line in person.lines[3:23]] == before


async def test_a_flood_comes_down_to_a_few_repaints() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        desk.asked.clear()
        elsewhere(desk, *(logged(f"第{at}条") for at in range(200)))
        await person.until(lambda: "共 205 条" in person.text)
        assert len(desk.asked) < 12


async def test_what_is_typed_stays_and_the_form_says_that_its_finding_changed() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("j", "enter", "c")
        await person.type("先写一半")
        elsewhere(desk, CommentOnFinding("JZ-2023-002", "我先说"), actor="bangongshi")
        await person.until(lambda: "督导办乙在" in person.text)
        await person.settle()
        assert "“批注”；请核对" in person.text
        assert "先写一半" in person.text
        await person.press("ctrl+s")
        assert "已记录“批注”" in person.text
        assert desk.finding("JZ-2023-002").comments == 2


async def test_a_change_in_the_last_moment_is_told_before_anything_is_recorded() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        await person.press("j", "enter", "c")
        await person.type("我的话")
        assert person.app._watch is not None
        person.app._watch.stop()  # the news have not come through yet
        elsewhere(desk, CommentOnFinding("JZ-2023-002", "我先说"), actor="bangongshi")
        await person.press("ctrl+s")
        assert "督导办乙在" in person.text
        assert desk.finding("JZ-2023-002").comments == 1
        await person.press("ctrl+s")
        assert desk.finding("JZ-2023-002").comments == 2


async def test_an_open_page_and_an_open_menu_follow() -> None:
    desk = small_desk()
    async with terminal(desk, actor="lingdao") as person:
        await person.press("j", "enter")
        elsewhere(desk, WithdrawFinding("JZ-2023-002", "重复登记"), actor="lingdao")
        await person.until(lambda: "已撤销" in person.text)
        await person.press("space")
        await person.settle()
        assert "1 更正" not in person.text  # a leader may only link and comment on what has ended
        assert "1 关联" in person.text
        assert "2 批注" in person.text


async def test_a_ledger_that_cannot_be_reached_is_told_and_comes_back() -> None:
    desk = small_desk()
    async with terminal(desk) as person:
        desk.lost = Unreachable("store.not-a-ledger", ledger="demo")
        await person.until(lambda: "连接中断" in person.text)
        assert "JZ-2023-003" in person.text
        desk.lost = None
        await person.until(lambda: "连接中断" not in person.text)
        assert isinstance(person.app.screen, ProblemsScreen)
