"""Owns what people call the columns of a ledger, and how a heading is recognised, with how much confidence.

Data and one look-up. Headings are compared squeezed: full-width forms, case, blanks and line breaks taken away.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from taizhang.ledger.domain.values import plain_members

from .cells import squeezed


@plain_members
class Field(StrEnum):
    """What a column can be."""

    ORDINAL = "ordinal"
    NUMBER = "number"
    SOURCE = "source"
    CATEGORY = "category"
    TITLE = "title"
    CRITERIA = "criteria"
    SEVERITY = "severity"
    TEAM = "team"
    FOUND_ON = "found_on"
    LEAD_UNIT = "lead_unit"
    COOPERATING = "cooperating_units"
    LEADER = "accountable_leader"
    PERSON = "responsible_person"
    CLASS = "class"
    ASSIGNED_ON = "assigned_on"
    DEADLINE = "deadline"
    REVISED = "revised_deadline"
    ORIGINAL = "original_deadline"
    MEASURES = "measures"
    PROGRESS = "progress"
    CRITERION = "closure_criteria"
    STATUS = "status"
    CLOSED = "is_closed"
    DONE = "is_done"
    CLOSED_ON = "closed_on"
    CLOSED_BY = "closed_by"
    ROUND = "round"
    EXTENSIONS = "extensions"
    FOLLOW_UP = "follow_up"
    LIGHT = "light"
    NOTES = "notes"
    DETAIL = "detail"
    IGNORE = "ignore"


MANY = frozenset({Field.NOTES, Field.DETAIL, Field.IGNORE})
"""Fields that several columns can be."""

NAMES: dict[Field, str] = {
    Field.ORDINAL: "序号 序 no no. s/n sn seq 项次 行号 顺序号 #",
    Field.NUMBER: "编号 问题编号 问题序号 台账编号 清单编号 问题代码 案号 findingno. findingno findingnumber finding# findingid ref ref. "
    "reference referenceno. referenceno id issueno. issueno issueid number recommendationno. 问题编码 台账号",
    Field.SOURCE: "问题来源 来源 发现渠道 问题渠道 发现途径 线索来源 反馈来源 来源渠道 检查类型 source sourceoffinding origin audit auditname",
    Field.CATEGORY: "问题类别 类别 问题类型 问题分类 分类 类型 所属类别 问题领域 领域 category type area theme findingcategory",
    Field.TITLE: "具体问题 问题描述 问题 问题内容 具体问题表述 问题表述 存在问题 存在的问题 主要问题 问题情况 问题事项 问题摘要 问题名称 问题概述 反馈问题 "
    "发现问题 发现的问题 检查发现问题 检查发现的问题 问题具体表述 问题清单 突出问题 具体表现 问题表现 整改问题 整改事项 整改内容 问题简述 问题点 隐患描述 隐患内容 "
    "隐患问题 事项 title finding findings issue issues observation findingtitle issuetitle problem description findingdescription "
    "issuedescription problemdescription subject 检查情况",
    Field.CRITERIA: "依据 问题依据 定性依据 检查依据 法规依据 违反条款 制度依据 政策依据 criteria basis regulation standard requirement",
    Field.SEVERITY: "严重程度 问题等级 等级 级别 问题级别 风险等级 风险级别 风险程度 重要程度 severity risk riskrating rating priority risklevel",
    Field.TEAM: "督导组 检查组 巡察组 发现单位 检查单位 督查组 登记单位 检查人 检查人员 发现人 督导人员 team inspectionteam auditor raisedby inspector",
    Field.FOUND_ON: "发现日期 发现时间 检查日期 检查时间 问题发现时间 反馈时间 反馈日期 督导日期 督导时间 dateraised raisedon datefound foundon dateidentified "
    "identifiedon issuedate reportdate auditdate 登记日期 登记时间",
    Field.LEAD_UNIT: "责任单位 牵头单位 整改单位 整改责任单位 主责单位 承办单位 责任部门 牵头部门 主办单位 责任科室 责任处室 整改责任部门 被检查单位 受检单位 单位 部门 "
    "所属单位 单位名称 牵头责任单位 责任主体 整改主体 落实单位 responsibleunit leadunit unit department responsibledepartment "
    "ownerdepartment businessunit auditee responsibleoffice office division entity",
    Field.COOPERATING: "配合单位 协办单位 协同单位 配合部门 协助单位 配合责任单位 参与单位 协作单位 cooperatingunits cooperatingunit supportingunit supportingunits",
    Field.LEADER: "责任领导 分管领导 牵头领导 主管领导 包案领导 整改责任领导 责任县领导 责任市领导 领导 accountableleader executive executiveowner sponsor",
    Field.PERSON: "责任人 整改责任人 具体责任人 经办人 联系人 承办人 整改人 直接责任人 落实人 责任人员 actionowner owner responsibleperson personresponsible "
    "assignee responsible assignedto",
    Field.CLASS: "整改类别 整改类型 整改方式 整改分类 整改时限类别 时限类别 整改性质 rectificationclass actiontype classofrectification",
    Field.ASSIGNED_ON: "交办日期 交办时间 下发日期 下发时间 转办日期 转办时间 派发日期 派单时间 分办日期 assignedon dateassigned issuedon",
    Field.DEADLINE: "整改时限 整改期限 时限 期限 完成时限 整改完成时限 截止时间 截止日期 完成期限 要求完成时间 计划完成时间 计划完成日期 限期 办结时限 规定时限 整改限期 "
    "时限要求 整改截止日期 拟完成时间 应完成时间 due duedate deadline targetdate dueon due-date targetcompletiondate currentdeadline 现时限 当前时限 整改完成期限",
    Field.REVISED: "延期后时限 调整后时限 延期至 变更后时限 新时限 延期时限 reviseddue reviseddate revisedduedate reviseddeadline extendedto newduedate extendeddate",
    Field.ORIGINAL: "原时限 原定时限 原整改时限 初定时限 originalduedate originaldeadline originaldue",
    Field.MEASURES: "整改措施 措施 具体措施 整改举措 措施内容 整改方案 整改要求 整改意见 处理意见 整改任务 任务措施 工作措施 整改落实措施 agreedaction actions action "
    "measures measure correctiveaction actionplan managementaction plannedaction 拟采取措施",
    Field.PROGRESS: "整改进展 进展情况 整改情况 整改进展情况 工作进展 落实情况 整改落实情况 进展 整改历程 目前进展 整改过程 最新进展 progress update progressupdate "
    "statusupdate latestupdate managementupdate 进度说明",
    Field.CRITERION: "销号标准 整改标准 完成标准 整改目标 验收标准 办结标准 销号条件 closurecriteria successcriteria acceptancecriteria",
    Field.STATUS: "完成情况 状态 整改状态 当前状态 目前状态 办理状态 销号情况 整改完成情况 销号状态 问题状态 办理情况 完成状态 整改结果 整改成效状态 整改进度 进度 status "
    "currentstatus state findingstatus actionstatus completionstatus",
    Field.CLOSED: "是否销号 是否办结 是否闭环 是否已销号 是否整改销号 是否结案 closed? isclosed",
    Field.DONE: "是否完成 是否整改 是否整改到位 是否完成整改 是否已完成 是否整改完成 是否落实 completed? done? implemented?",
    Field.CLOSED_ON: "销号日期 销号时间 办结日期 办结时间 实际完成时间 实际完成日期 完成日期 完成时间 整改完成时间 整改完成日期 闭环日期 closedon dateclosed closedate "
    "closingdate closuredate completiondate completedon actualcompletiondate actualdate",
    Field.CLOSED_BY: "销号人 审核人 核查人 验收人 销号审批人 销号责任人 closedby verifiedby approvedby",
    Field.ROUND: "轮次 整改轮次 round",
    Field.EXTENSIONS: "延期次数 延期 extensions numberofextensions",
    Field.FOLLOW_UP: "回头看 回头看情况 复查情况 followup follow-up",
    Field.LIGHT: "灯 亮灯 亮灯情况 预警 预警灯 灯色 状态灯 light rag ragstatus",
    Field.NOTES: "备注 说明 备注说明 其他 其它 remark remarks notes note comment comments",
    Field.DETAIL: "原因 原因分析 问题原因 成因 影响 后果 建议 整改建议 整改成效 佐证材料 佐证 印证材料 长效机制 举一反三 condition cause rootcause effect impact "
    "consequence recommendation recommendations evidence evidencereviewed managementresponse 问题金额 涉及金额",
    Field.IGNORE: "",
}  # fmt: skip

_BY_NAME: dict[str, Field] = {name: field for field, names in NAMES.items() for name in names.split()}
_LONGEST_FIRST = sorted((name for name in _BY_NAME if len(name) > 1), key=len, reverse=True)
_BRACKETS = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
_MARKS = re.compile(r"[*＊:：•·、。]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
LONGEST_HEADING = 40
SURE = 0.6
"""From this confidence on a heading is taken; below, it is shown and left to a mapping by hand."""


class Guess(Struct, frozen=True):
    """What a heading was recognised as, and how surely: 1 is a name of the dictionary."""

    field: Field
    confidence: float


@lru_cache(maxsize=4096)
def recognised(heading: str) -> Guess | None:
    """Return what a heading is recognised as; None where it is not."""
    plain = squeezed(heading)
    if not plain or len(plain) > LONGEST_HEADING:
        return None
    if field := _BY_NAME.get(plain):
        return Guess(field, 1.0)
    bare = _MARKS.sub("", _BRACKETS.sub("", plain))
    if field := _BY_NAME.get(bare):
        return Guess(field, 0.95)
    chinese = "".join(_CHINESE.findall(bare))
    if chinese and (field := _BY_NAME.get(chinese)):
        return Guess(field, 0.95)
    latin = re.sub(r"[^a-z#.?/-]", "", _CHINESE.sub("", bare)).strip("/-")
    if latin and (field := _BY_NAME.get(latin)):
        return Guess(field, 0.9 if not chinese else 0.8)
    return _contained(chinese or bare)


def _contained(plain: str) -> Guess | None:
    """Return the longest name that a heading ends or begins with, as surely as it fills the heading."""
    for name in _LONGEST_FIRST:
        if name not in plain or not (plain.endswith(name) or plain.startswith(name)):
            continue
        share = len(name) / len(plain)
        if len(name) < 2 or share < 0.4 or (name.isascii() and share < 0.6):
            return None
        return Guess(_BY_NAME[name], round(0.45 + 0.4 * share, 2))
    return None
