"""The table of forms asks for what the commands need, and reads what was typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import fields

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.transitions import AMENDABLE, BY_IMPORT, TRANSITIONS
from taizhang.locale.words import Lang, words_for
from taizhang.tui.field import Kind
from taizhang.tui.forms import FORMS, amended_field, amended_initial, command_of, unit_text
from tests.tui.fake_desk import small_desk


def test_every_step_of_the_table_has_a_form() -> None:
    assert list(FORMS) == [row.name for row in TRANSITIONS if row.command not in BY_IMPORT]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_form_asks_for_what_its_command_needs(form) -> None:  # type: ignore[no-untyped-def]
    asked = {field.name for field in form.fields} - {"caption"}
    assert asked == {info.name for info in fields(form.command)} - {"number"}
    needed = {info.name for info in fields(form.command) if info.required} - {"number"}
    missing = {field.name for field in form.fields if not field.required} & needed
    assert missing <= {"value"}  # a correction may empty a field


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_field_is_named(form, lang: Lang) -> None:  # type: ignore[no-untyped-def]
    words = words_for(lang)
    assert f"step.{form.step}" in words
    for field in form.all_fields:
        assert f"field.{field.name}" in words
    for name in form.context:
        assert f"field.{name}" in words


def read(step: str, number: str = "JZ-2023-002", **texts: str) -> c.FindingCommand:
    desk = small_desk()
    return command_of(FORMS[step], number, texts, desk, desk.register())


def test_a_filled_form_is_a_command() -> None:
    command = read(
        "assign",
        lead_unit="局机关纪委",
        class_="time_bound",
        due="2023-12-18",
        closure_criteria="全员覆盖",
        cooperating_units="renshi、案件审理科",
    )
    assert command == c.AssignFinding(
        "JZ-2023-002",
        "jiwei",
        "time_bound",
        "全员覆盖",
        ByDate(date(2023, 12, 18)),
        ("renshi", "shenli"),  # type: ignore[arg-type]
    )
    assert read("acknowledge", measures="一\n\n 二 \n") == c.AcknowledgeFinding("JZ-2023-002", ("一", "二"))
    assert read("act", measure="2", progress="done", text="好") == c.ActOnMeasure("JZ-2023-002", 2, "done", "好")  # type: ignore[arg-type]
    assert read("withdraw", grounds="重复", duplicate_of="JZ-2023-001").duplicate_of == "JZ-2023-001"  # type: ignore[union-attr]
    assert read("amend", field="cooperating_units", value="人事管理处", reason="漏填").value == "renshi"  # type: ignore[union-attr]


def test_a_file_is_kept_before_it_is_attached(tmp_path: Path) -> None:
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(b"rows")
    command = read("attach", evidence=str(path), caption="第一版")
    assert isinstance(command, c.AttachEvidence)
    assert (command.evidence.name, command.evidence.size, command.evidence.caption) == ("花名册.xlsx", 4, "第一版")


@pytest.mark.parametrize(
    ("step", "texts", "code"),
    [
        ("assign", {"lead_unit": "纪委", "class_": "phased", "closure_criteria": "x"}, "unit.unknown"),
        ("assign", {"lead_unit": "", "class_": "phased", "closure_criteria": "x"}, "text.missing"),
        ("assign", {"lead_unit": "jiwei", "class_": "", "closure_criteria": "x"}, "text.missing"),
        (
            "assign",
            {"lead_unit": "jiwei", "class_": "phased", "due": "明天", "closure_criteria": "x"},
            "due.malformed",
        ),
        ("acknowledge", {"measures": " \n "}, "text.missing"),
        ("amend", {"field": "", "value": "x", "reason": "y"}, "text.missing"),
    ],
)
def test_what_cannot_be_read_is_refused(step: str, texts: dict[str, str], code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(step, **texts)
    assert refused.value.code == code


def test_units_of_one_name_are_typed_by_id() -> None:
    desk = small_desk()
    register = desk.register()
    assert unit_text(register, "jiwei") == "局机关纪委"
    from taizhang.ledger.domain.register import AddUnit

    desk.learn(AddUnit("jiwei2", "局机关纪委", parent="renshi"))
    assert unit_text(desk.register(), "jiwei") == "jiwei"


@pytest.mark.parametrize("name", AMENDABLE)
def test_a_field_is_corrected_in_its_own_way_and_from_what_it_is(name: str) -> None:
    desk = small_desk()
    finding = desk.finding("JZ-2023-002")
    assert amended_field(name).kind is not Kind.AMENDED
    assert isinstance(amended_initial(finding, name, desk.register()), str)
