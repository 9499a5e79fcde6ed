"""What stands on each screen, in both languages, at the two sizes that everything else lies between or beyond."""

from __future__ import annotations

import pytest

from tests.tui.fake_desk import empty_desk, small_desk
from tests.tui.look import terminal

SIZES = [(80, 24), (120, 40), (200, 60)]
EVERYWHERE = (
    *(("slash",), ("a",), ("escape",)),  # the list and its filter
    *(("j", "j", "enter"), ("G",), ("c",), ("escape", "escape")),  # a finding and a form
    *(("r",), ("l", "l"), ("escape",)),  # its replay
    *(("space",), ("escape",), ("n",), ("escape",), ("p",), ("escape",), ("question_mark",)),
)


@pytest.mark.parametrize(
    "size", [SIZES[0], *(pytest.param(each, marks=pytest.mark.slow) for each in SIZES[1:])], ids=str
)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_line_of_every_screen_is_as_wide_as_the_terminal(lang: str, size: tuple[int, int]) -> None:
    async with terminal(small_desk(), lang=lang, size=size) as person:
        for keys in EVERYWHERE:
            await person.press(*keys)
            assert person.widths == {size[0]}, keys
            assert len(person.lines) == size[1]


async def test_the_list_at_80_columns_in_chinese() -> None:
    async with terminal(small_desk()) as person:
        assert person.lines[:8] == [
            " 台账  demo                                                  督导组甲  账至 #27",
            " / 筛选                                ● 红 1  ◐ 黄 1  ○ 绿 3  · 灰 0   共 5 条",
            " 编号↑         状态   具体问题                         责任单位          期限",
            "▌JZ-2023-001 ○ 已交办 严管严治的压力没有完全传导到一…  局机关纪委    长期坚持",
            " JZ-2023-002 ◐ 整改中 编外人员违纪违法问题较为多发，…  局机关纪委   剩4工作日",
            " JZ-2023-003 ● 待核查 对干部“八小时以外”活动监督管理…  局机关纪委  逾13工作日",
            " JZ-2023-004 ○ 已交办 党员干部参与赌博、酒驾、违反生…  人事管理处 剩111工作日",
            " JZ-2023-005 ○ 已登记 No dedicated unit supervises ca… —                    —",
        ]
        assert person.lines[23].startswith(" ↵ 打开   / 筛选   n 登记   x 办理")


async def test_the_list_at_80_columns_in_english() -> None:
    async with terminal(small_desk(), lang="en") as person:
        assert person.lines[:6] == [
            " Taizhang  demo                                             督导组甲  up to #27",
            " / filter                   ● red 1  ◐ yellow 1  ○ green 3  · grey 0   5 in all",
            " Number↑       Status      Title                        Unit              Due",
            "▌JZ-2023-001 ○ assigned    严管严治的压力没有完全传导…  局机关纪委  sustained",
            " JZ-2023-002 ◐ rectifying  编外人员违纪违法问题较为多…  局机关纪委   4wd left",
            " JZ-2023-003 ● to verify   对干部“八小时以外”活动监督…  局机关纪委  13wd late",
        ]


async def test_a_wide_terminal_shows_the_finding_beside_the_list_and_follows_the_cursor() -> None:
    async with terminal(small_desk(), size=(120, 40)) as person:
        await person.until(lambda: "时限与亮灯" in person.text)
        await person.press("j", "j")
        await person.until(lambda: any(line.endswith("JZ-2023-003  ● 逾期  待核查") for line in person.lines))
        await person.pilot.resize_terminal(80, 24)
        await person.settle()
        assert "时限与亮灯" not in person.text
        assert person.widths == {80}


async def test_a_very_wide_terminal_shows_more_columns() -> None:
    async with terminal(small_desk(), size=(260, 30)) as person:
        heading = person.lines[2]
        assert [name for name in ("亮灯", "问题类别", "整改类别", "整改时限") if name in heading] == [
            "亮灯", "问题类别", "整改类别", "整改时限",
        ]  # fmt: skip


async def test_a_ledger_whose_list_must_be_built_first_says_so_and_can_be_left() -> None:
    desk = small_desk()
    desk.building.clear()
    async with terminal(desk, wait=False) as person:
        await person.until(lambda: "正在读取台账…" in person.text)
        assert "未选操作人" not in person.text
        desk.building.set()
        await person.until(lambda: "共 5 条" in person.text)
        assert "正在读取台账…" not in person.text
        assert "督导组甲" in person.lines[0]


async def test_an_empty_ledger_says_how_to_begin() -> None:
    async with terminal(empty_desk()) as person:
        assert "台账里还没有问题。" in person.text
        assert "按 n 登记第一条。" in person.text
        await person.press("L")
        assert "Press n to log the first one." in person.text


async def test_a_filter_without_a_match_says_how_to_go_on() -> None:
    async with terminal(small_desk(), lang="en") as person:
        await person.press("slash")
        await person.type("没有这样的")
        assert "Nothing matches." in person.text
        assert "0 of 5" in person.text
        await person.press("enter", "escape")
        assert "5 in all" in person.text


async def test_a_finding_page_tells_everything_there_is() -> None:
    async with terminal(small_desk(), size=(120, 60)) as person:
        await person.press("j", "j", "enter")
        text = person.text
        for part in ("时限 2023-06-20 已过，逾期 13 个工作日", "已完成 1 / 2", "■  1 分类建册", "□  2 合同增设条款", "花名册.xlsx · 5 B",
                     "经办人丙 jingban (jingban@host)", "花名册全员覆盖；合同条款补签率100%", "签收", "反馈进展",
                     "2023-06-16 09:30:00 · fuze · 命令行 · fuze@host"):  # fmt: skip
            assert part in text, part


async def test_replay_goes_forwards_and_back_and_shows_the_day_of_then() -> None:
    async with terminal(small_desk(), size=(120, 40)) as person:
        await person.press("j", "j", "r")
        assert "第 1 / 6 步" in person.text
        assert "问题由此登记入账。" in person.text
        await person.press("right")
        assert any("状态     已登记 → 已交办" in line for line in person.lines)
        assert "○ 正常" in person.text  # overdue today, but not on that day
        await person.press("end")
        assert any("整改中 → 待核查" in line for line in person.lines)
        await person.press("h")
        assert "第 5 / 6 步" in person.text
        await person.press("home", "escape")
        assert "共 5 条" in person.text


async def test_two_people_at_one_computer_are_marked() -> None:
    desk = small_desk()
    from taizhang.ledger.domain.commands import VerifyFinding
    from taizhang.ledger.domain.values import Account, Conclusion, Method

    desk.do(
        "hecha",
        VerifyFinding("JZ-2023-003", Method.ON_PAPER, Conclusion.EFFECTIVE),
        account=Account("jingban", "host"),
        at=desk.now,
    )
    async with terminal(desk, size=(120, 60)) as person:
        await person.press("j", "j", "enter")
        assert "! 同一电脑账户" in person.text
        await person.press("L")
        assert "! same computer account" in person.text


async def test_the_language_changes_everywhere_at_once() -> None:
    async with terminal(small_desk()) as person:
        await person.press("j", "enter", "L", "escape")
        assert "Number↑" in person.text
        assert "rectifying" in person.text
        await person.press("L")
        assert "编号↑" in person.text


async def test_help_lists_every_key() -> None:
    from taizhang.locale.words import words_for
    from taizhang.tui.keys import KEYS
    from taizhang.tui.screens.help import HelpScreen

    for lang in ("zh", "en"):
        async with terminal(small_desk(), lang=lang, size=(160, 40)) as person:
            await person.press("question_mark")
            screen = person.app.screen
            assert isinstance(screen, HelpScreen)
            for key in KEYS:
                assert words_for(lang)(f"tui.tip.{key.id}") in screen.lines.text.replace("\n", " ")


async def test_a_read_only_ledger_says_so_and_offers_no_form() -> None:
    async with terminal(small_desk(read_only=True)) as person:
        assert " 只读 " in person.lines[0]
        await person.press("n")
        assert "这本台账以只读方式打开，不能入账。" in person.text


async def test_colour_is_never_the_only_sign() -> None:
    from taizhang.ledger.domain.lights import Light
    from taizhang.tui.pen import SIGNS

    assert len(set(SIGNS.values())) == len(Light)
    async with terminal(small_desk()) as person:
        for light, sign in SIGNS.items():
            assert sign in person.lines[1], light


async def test_the_list_is_fetched_in_pages_whatever_is_pressed() -> None:
    desk = small_desk()
    from datetime import date

    from taizhang.ledger.domain.commands import LogFinding

    for at in range(700):
        desk.do("dudao", LogFinding("JZ-2023", f"问题{at}", "信访", date(2023, 4, 20)), at=desk.now)
    async with terminal(desk) as person:
        desk.asked.clear()
        await person.press("end")
        assert "▌JZ-2023-705" in person.text
        await person.press("home", "pagedown", "pagedown", "k")
        assert "▌JZ-2023-041" in person.text or "▌JZ-2023-040" in person.text
        assert all(query.limit and query.limit <= 500 for query in desk.asked)
        assert "●" in person.lines[1]


async def test_sorting_says_what_it_does() -> None:
    async with terminal(small_desk()) as person:
        await person.press("s")
        assert person.lines[3].startswith("▌JZ-2023-003")
        assert "已按整改时限排列，由先到后。" in person.text
        await person.press("S")
        assert "期限↓" in person.lines[2]
