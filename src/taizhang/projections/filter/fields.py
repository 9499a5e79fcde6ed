"""Owns the names of the filter language: fields and the words that a field takes, in Chinese and English.

The first name of each language is the one that a filter is written with.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from taizhang.ledger.domain.lights import Light
from taizhang.ledger.domain.values import FindingClass, Severity, State


class Kind(StrEnum):
    """What a field takes."""

    CHOICE = "choice"
    TEXT = "text"
    UNIT = "unit"
    PROGRAMME = "programme"
    NUMBER = "number"
    DATE = "date"


class Field(Struct, frozen=True):
    """A field of the language.

    Args:
        key: its own name, the first of the English ones.
        kind: what it takes.
        column: the column of `problems` that it reads; empty where it reads several.
        chinese: its Chinese names.
        english: its English names.
        choices: for a choice, each value with its other words.
    """

    key: str
    kind: Kind
    column: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    choices: dict[str, tuple[str, ...]] = {}


NONE = ("none", "无", "空")
"""The words for "not given"."""

STATUSES: dict[str, tuple[str, ...]] = {
    State.LOGGED.value: ("已登记", "登记"),
    State.ASSIGNED.value: ("已交办", "交办"),
    State.RECTIFYING.value: ("整改中", "整改"),
    State.AWAITING.value: ("待核查", "awaiting", "核查"),
    State.CLOSED.value: ("已销号", "销号"),
    State.WITHDRAWN.value: ("已撤销", "撤销"),
    State.TRANSFERRED.value: ("已移交", "移交"),
    "open": ("在办", "未销号", "未办结"),
    "ended": ("办结", "已办结"),
    "overdue": ("逾期", "超期"),
    "due_soon": ("临期", "due-soon"),
}
CLASSES: dict[str, tuple[str, ...]] = {
    FindingClass.IMMEDIATE.value: ("立行立改", "立改"),
    FindingClass.TIME_BOUND.value: ("限期整改", "限期", "time-bound"),
    FindingClass.PHASED.value: ("分阶段整改", "分阶段"),
    FindingClass.SUSTAINED.value: ("长期坚持", "长期"),
    "none": NONE[1:],
}
SEVERITIES: dict[str, tuple[str, ...]] = {
    Severity.LOW.value: ("一般", "低"),
    Severity.MEDIUM.value: ("较重", "中"),
    Severity.HIGH.value: ("严重", "高"),
    "none": NONE[1:],
}
LIGHTS: dict[str, tuple[str, ...]] = {
    Light.RED.value: ("红", "红灯", "逾期"),
    Light.YELLOW.value: ("黄", "黄灯", "临期"),
    Light.GREEN.value: ("绿", "绿灯", "正常"),
    Light.GREY.value: ("灰", "灰灯", "办结", "gray"),
}

FIELDS = (
    Field("status", Kind.CHOICE, "", ("状态",), ("status", "state"), STATUSES),
    Field("light", Kind.CHOICE, "", ("灯", "灯色", "亮灯"), ("light", "colour", "color"), LIGHTS),
    Field("unit", Kind.UNIT, "lead_unit", ("单位", "责任单位", "牵头单位"), ("unit", "lead_unit")),
    Field("category", Kind.TEXT, "category", ("类别", "问题类别"), ("category",)),
    Field("source", Kind.TEXT, "source", ("来源", "问题来源"), ("source",)),
    Field("class", Kind.CHOICE, "class", ("整改类别", "整改方式"), ("class",), CLASSES),
    Field("severity", Kind.CHOICE, "severity", ("级别", "严重程度", "程度"), ("severity",), SEVERITIES),
    Field("programme", Kind.PROGRAMME, "programme", ("专项", "项目"), ("programme", "program")),
    Field("number", Kind.TEXT, "number", ("编号",), ("number", "no")),
    Field("title", Kind.TEXT, "title", ("标题", "问题", "具体问题"), ("title",)),
    Field("person", Kind.TEXT, "person", ("责任人",), ("person", "responsible_person")),
    Field("round", Kind.NUMBER, "round", ("轮次", "轮"), ("round",)),
    Field("returns", Kind.NUMBER, "returns", ("退回", "退回次数"), ("returns", "returned")),
    Field("objections", Kind.NUMBER, "objections", ("异议", "异议次数"), ("objections",)),
    Field("evidence", Kind.NUMBER, "evidence", ("佐证", "佐证材料"), ("evidence",)),
    Field("ordinal", Kind.NUMBER, "ordinal", ("序号",), ("ordinal",)),
    Field("due", Kind.DATE, "due", ("时限", "整改时限", "期限"), ("due", "deadline")),
    Field("original", Kind.DATE, "original_due", ("原时限", "原定时限"), ("original", "original_due")),
    Field("found", Kind.DATE, "found_on", ("发现", "发现日期"), ("found", "found_on")),
    Field("logged", Kind.DATE, "logged_on", ("登记", "登记日期"), ("logged", "logged_on")),
    Field("assigned", Kind.DATE, "assigned_on", ("交办", "交办日期"), ("assigned", "assigned_on")),
    Field("closed", Kind.DATE, "closed_on", ("销号", "销号日期"), ("closed", "closed_on")),
    Field("changed", Kind.DATE, "changed_on", ("变动", "变动日期"), ("changed", "updated")),
)

BY_KEY = {field.key: field for field in FIELDS}
BY_NAME = {name: field for field in FIELDS for name in (*field.english, *field.chinese)}


def choice(field: Field, word: str) -> str | None:
    """Return the value that a word stands for in a field, or None."""
    for value, words in field.choices.items():
        if word == value or word in words:
            return value
    return None
