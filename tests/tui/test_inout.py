"""Export and import by keys, on a real ledger: looked at first, written whole, taken back, and refused in a sentence."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taizhang.composition import init_ledger, make_demo, open_desk
from taizhang.ledger.domain.commands import CommentOnFinding
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.register import AddPerson
from taizhang.ledger.domain.values import Role, Via
from taizhang.service.desk import Desk, ExportKind, ExportOptions, Order, Query
from taizhang.tui.exporting import Wanted, draw, look, write
from taizhang.tui.facts import sheet_of
from taizhang.tui.field import Kind
from taizhang.tui.pickers import path_of, suggestions
from taizhang.tui.screens.export import ExportScreen
from taizhang.tui.screens.importing import ImportScreen
from tests.tui.look import Person, terminal

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
STANDARD, DIRTY = (next(path for path in SAMPLES.iterdir() if path.name[:2] == begin) for begin in ("01", "04"))
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inout") / "demo"
    make_demo(path)
    return path


@pytest.fixture
def desk(demo: Path) -> Iterator[Desk]:
    with closing(open_desk(demo)) as desk:
        yield desk


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    init_ledger(tmp_path / "ledger", programme="T-2026")
    with closing(open_desk(tmp_path / "ledger")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def _name(person: Person, name: str) -> None:
    screen = person.app.screen
    assert isinstance(screen, ExportScreen)
    screen._file.focus()
    screen._file.value = name
    await person.settle()


# -- export


@BOTH
async def test_the_list_is_written_as_it_is_filtered_and_sorted_now(desk: Desk, here: Path, lang: str) -> None:
    async with terminal(desk, lang=lang) as person:
        await person.press("slash")
        await person.type("status:open")
        await person.press("enter", "s", "S", "e")
        query = Query("status:open", sort=person.app.screen_stack[0].table.asked.sort, descending=True)  # type: ignore[attr-defined]
        numbers = [row.number for row in desk.findings(query).rows]
        assert numbers
        assert person.widths == {80}
        assert numbers[0] in person.text  # the look
        await person.press("1", "tab", "4")
        await person.press("ctrl+s")
        written = here / names_in(here)[0]
        assert written.suffix == ".csv"
        assert str(written) in "".join(line[3:].strip() for line in person.lines)
        rows = list(csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines()))
        assert [next(value for value in row.values() if value in numbers) for row in rows] == numbers


async def test_a_file_that_is_there_is_asked_about(desk: Desk, here: Path) -> None:
    (here / "清单.md").write_text("mine")
    async with terminal(desk) as person:
        await person.press("e", "tab", "6")
        await _name(person, "清单.md")
        await person.press("ctrl+s")
        assert "已有文件 清单.md；再按一次就替换它" in person.text
        assert (here / "清单.md").read_text() == "mine"
        await person.press("shift+tab", "2", "1", "ctrl+s")  # changed and back: it is asked about anew
        assert (here / "清单.md").read_text() == "mine"
        await person.press("ctrl+s")
        assert "已导出" in person.text
        assert (here / "清单.md").read_text() != "mine"


async def test_what_is_refused_is_a_sentence_and_the_form_stays(desk: Desk, here: Path) -> None:
    async with terminal(desk, lang="en") as person:
        await person.press("e")
        await _name(person, "nowhere/list.xlsx")
        await person.press("ctrl+s")
        assert "cannot be written" in person.text
        await _name(person, " ")
        await person.press("ctrl+s")
        assert "The file needs a name." in person.text
        await _name(person, "~nobody-here/\0x.xlsx")
        await person.press("ctrl+s")
        assert "cannot be written" in person.text
        assert names_in(here) == []
        await person.press("escape")
        assert not isinstance(person.app.screen, ExportScreen)


async def test_the_name_follows_until_somebody_types_one(desk: Desk) -> None:
    async with terminal(desk) as person:
        await person.press("e", "3")
        screen = person.app.screen
        assert isinstance(screen, ExportScreen)
        number = desk.findings(Query(limit=1)).rows[0].number
        assert screen._file.value.startswith(f"问题办理过程表-{number}-")
        assert "办理过程" in person.text
        await person.press("tab", "3")
        assert screen._file.value.endswith(".pdf")
        await _name(person, "~/mine.pdf")
        await person.press("shift+tab", "shift+tab", "2")
        assert screen._file.value == "~/mine.docx"


async def test_names_are_masked_in_the_look_too(desk: Desk) -> None:
    plain = look(desk, Wanted(ExportKind.CLOSURE, "md", False, Query()), "zh")
    masked = look(desk, Wanted(ExportKind.CLOSURE, "md", True, Query()), "zh")
    assert plain.total == masked.total == desk.count("")
    assert plain.text != masked.text


def test_a_look_at_a_long_list_draws_its_beginning_alone(desk: Desk, tmp_path: Path) -> None:
    options = ExportOptions(most=2)
    assert desk.export(ExportKind.PROBLEMS, "json", tmp_path / "two.json", Query(), "zh", options=options) == 2
    assert len(json.loads((tmp_path / "two.json").read_text("utf-8"))["rows"]) == 2


def test_stopping_leaves_nothing(desk: Desk, here: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Rejected("tui.export.stopped")

    with pytest.raises(Rejected, match="stopped"):
        write(desk, Wanted(ExportKind.PROBLEMS, "xlsx", False, Query()), "x.xlsx", "zh", over=False, progress=stop)
    assert names_in(here) == []


async def test_the_past_and_a_ledger_to_read_can_be_exported(demo: Path, here: Path) -> None:
    with closing(open_desk(demo)) as desk:
        async with terminal(desk) as person:
            person.app.show_moment("2023-06-30")
            await person.settle()
            await person.press("e", "tab", "4", "ctrl+s")
            assert "已导出" in person.text
            assert names_in(here) == ["问题清单-2023-06-30.csv"]


async def test_markdown_is_drawn_as_a_table_and_data_stays_data(desk: Desk) -> None:
    async with terminal(desk) as person:
        sheet = sheet_of(person.app.session, 60)
        draw(sheet, "# T\n\n| 编号 | x |\n| --- | --- |\n| a\\|b \\| c | **\\*d\\*\x1b** |\n\n**主要** 情况\n")
        lines = [strip.text.rstrip() for strip in sheet.strips]
    assert lines[0].startswith(" T")
    assert lines[1:3] == [" 编号     x", " a|b | c  *d*⟨U+001B⟩"]
    assert lines[3] == " 主要 情况"


# -- import


async def _look(person: Person, path: Path) -> ImportScreen:
    await person.press("i")
    await person.type(str(path))
    await person.press("ctrl+s")
    if len(person.app.session.register.open_programmes()) > 1:
        assert person.app.session.words("tui.import.choose") in person.text
        await person.press("1", "ctrl+s")
    screen = person.app.screen
    assert isinstance(screen, ImportScreen)
    return screen


@BOTH
async def test_a_file_is_looked_at_recorded_and_taken_back(empty: Desk, lang: str) -> None:
    before = empty.index()
    async with terminal(empty, actor="admin", lang=lang) as person:
        screen = await _look(person, STANDARD)
        assert screen.plan is not None
        assert person.widths == {80}
        assert "100%" in person.text
        assert empty.index() == before
        await person.press("tab")
        assert ("+ 导入" if lang == "zh" else "+ import") in person.text
        await person.press("ctrl+s")
        assert screen.done is not None
        assert empty.count("") == screen.done.recorded > 0
        assert screen.done.batch in person.text
        first = next(row.number for row in screen.done.rows if row.number)
        assert first in person.text
        await person.press("enter")
        assert first in person.lines[1]
        await person.press("escape", "u", "u")
        assert ("撤销导入" if lang == "zh" else "Takes import") in person.text
        assert empty.imports().earlier()[0].standing == screen.done.recorded
        await person.press("escape")
        assert empty.imports().earlier()[0].standing
        await person.press("u", "u")
        assert empty.imports().earlier()[0].standing == 0
        assert ("已撤销" if lang == "zh" else "taken back") in person.text
        await person.press("u")
        assert ("已全部撤销" if lang == "zh" else "was taken back already") in person.text
        assert person.widths == {80}


async def test_each_row_says_what_becomes_of_it(empty: Desk) -> None:
    async with terminal(empty, actor="admin", size=(100, 40)) as person:
        screen = await _look(person, DIRTY)
        await person.press("tab")
        assert "✗ 拒绝 第 9 行" in person.text
        assert "C9" in person.text
        assert "G9" in person.text
        assert "· 略过 第 1 行" in person.text
        await person.press("pagedown", "pageup", "ctrl+s")
        assert screen.done is not None
        assert screen.done.recorded == 6


async def test_a_column_is_mapped_by_hand_and_looked_at_again(empty: Desk, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text(
        "编号,具体问题,责任单位,整改时限,何为办结\nA-1,账实不符,财政局,2023-06-20,账实相符\n", encoding="utf-8"
    )
    async with terminal(empty, actor="admin") as person:
        screen = await _look(person, file)
        assert "? 未认出" in person.text
        assert screen.plan is not None
        await person.press("k", "enter")
        await person.type("销号标准")
        await person.press("enter")
        assert screen.plan.wish.columns == {"何为办结": "closure_criteria"}
        assert "→ 销号标准 · 手工" in person.text
        await person.press("enter", "home", "enter")  # the title has the keys: what is chosen stands below the cursor
        await person.press("ctrl+s")
        assert empty.finding(empty.resolve("A-1")).closure_criteria == "账实相符"


async def test_what_a_heading_does_not_say_a_mapping_file_does(empty: Desk, tmp_path: Path) -> None:
    file, mapping = tmp_path / "odd.csv", tmp_path / "map.toml"
    file.write_text("编号,所述何事,责任单位,整改时限\nA-1,账实不符,财政局,2023-06-20\n", encoding="utf-8")
    mapping.write_text('[columns]\n"所述何事" = "title"\n', encoding="utf-8")
    async with terminal(empty, actor="admin") as person:
        await _look(person, file)
        assert "没有找到台账" in person.text
        await person.press("o", "tab", "tab")
        await person.type(str(mapping))
        await person.press("ctrl+s")
        assert "具体问题 · 手工" in person.text


async def test_changed_rows_ask_and_then_amend(empty: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    text = "编号,具体问题,责任单位,整改时限,完成情况\nA-1,账实不符,财政局,2023-06-20,整改中\n"
    file.write_text(text, encoding="utf-8")
    empty.record(Order(AddPerson("chen", "陈组长", (Role.INSPECTOR, Role.ADMIN)), "admin", Via.TUI))
    async with terminal(empty, actor="chen", lang="en") as person:
        await _look(person, file)
        await person.press("ctrl+s", "q")
        file.write_text(text.replace("账实不符", "账证不符"), encoding="utf-8")
        screen = await _look(person, file)
        await person.press("tab")
        assert "账实不符 → 账证不符" in person.text
        before = empty.index()
        await person.press("ctrl+s")
        assert "1 rows differ" in person.text
        assert empty.index() == before
        await person.press("c", "ctrl+s")
        assert screen.done is not None
        assert screen.done.amended == 1
        assert [row.title for row in empty.findings(Query()).rows] == ["账证不符"]


async def test_what_moved_on_is_not_taken_back(empty: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("编号,具体问题,责任单位,整改时限\nA-1,账实不符,财政局,2023-06-20\n", encoding="utf-8")
    async with terminal(empty, actor="admin") as person:
        await _look(person, file)
        await person.press("ctrl+s")
        empty.record(Order(CommentOnFinding(empty.resolve("A-1"), "电话核实"), "admin", Via.TUI))
        await person.press("u", "u")
        assert "已有后续记录" in person.text
        assert empty.imports().earlier()[0].standing == 1


async def test_what_is_no_ledger_is_refused_and_another_file_can_be_chosen(empty: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").write_bytes(b"")
    async with terminal(empty, actor="admin") as person:
        screen = await _look(person, tmp_path / "empty.xlsx")
        assert screen.plan is None
        assert "✗" in person.text
        await person.press("ctrl+s", "c", "enter", "tab", "u", "u")  # nothing of this has anything to work on
        await person.press("o", "escape", "escape")
        assert not isinstance(person.app.screen, ImportScreen)


async def test_the_past_and_whoever_may_not_are_refused(demo: Path, desk: Desk) -> None:
    async with terminal(desk, actor="nobody") as person:
        await _look(person, STANDARD)
        assert "✗" in person.text
        await person.press("escape")
        person.app.show_moment("2023-06-30")
        await person.settle()
        await person.press("i")
        assert not isinstance(person.app.screen, ImportScreen)
        assert person.app.session.words("tui.past.refused") in person.text


async def test_files_complete_while_they_are_typed(empty: Desk, here: Path) -> None:
    (here / "a-list.xlsx").write_bytes(b"")
    (here / "gone.xlsx").symlink_to(here / "nowhere")
    async with terminal(empty, actor="admin") as person:
        await person.press("i")
        await person.type("a-l")
        assert "a-list.xlsx" in person.text
        session = person.app.session
        assert [option.id for option in suggestions(session, Kind.FILE, "")] == ["a-list.xlsx", "gone.xlsx"]
        assert suggestions(session, Kind.FILE, "~nobody-here/") == []
    assert path_of("~nobody-here/x\0") == Path("~nobody-here/x")


async def test_data_of_a_file_is_never_drawn_raw(empty: Desk, tmp_path: Path) -> None:
    file = tmp_path / "raw\x1b[31m.csv"
    raw = "\x1b[31m\u202e[bold]x"
    file.write_text(f"编号,具体问题,责任单位,{raw}\nA-1,问题{raw},财政局,1\n", encoding="utf-8")
    async with terminal(empty, actor="admin", size=(120, 30)) as person:
        screen = await _look(person, file)
        assert screen.plan is not None
        assert "⟨U+001B⟩" in person.text
        for key in ("tab", "ctrl+s", "tab", "u"):
            await person.press(key)
            assert not {"\x1b", "\u202e"} & set(person.text)
