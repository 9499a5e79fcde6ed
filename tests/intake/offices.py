"""Owns ledgers as offices send them, unlike the samples: laid out, worded and spoilt in the many ways that people have.

`python -m tests.intake.offices` writes what is read of them anew; look at every difference before it is kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from msgspec import structs

from taizhang.intake.book import book
from taizhang.intake.mapping import NOTHING_SAID
from taizhang.ledger.domain.carrying import Claim
from taizhang.ledger.domain.errors import Rejected
from tests.intake.sheets import TODAY, ByName

GOLDEN = Path(__file__).resolve().parent / "golden" / "offices"
Rows = Sequence[Sequence[Any]]


def workbook(
    *sheets: tuple[str, Rows] | tuple[str, Rows, Sequence[str]], change: Callable[[Any], None] | None = None
) -> bytes:
    """Return an xlsx file of sheets, each its name, its rows and what is merged in it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows, *merged in sheets:
        sheet = made.create_sheet(name)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    cell = sheet.cell(at, column, value)
                    if isinstance(value, str) and value.startswith("="):
                        cell.data_type = "s"
        for cells in merged[0] if merged else ():
            sheet.merge_cells(cells)
    if change is not None:
        change(made)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def day(month: int, of_month: int, year: int = 2024) -> date:
    """Return a day."""
    return date(year, month, of_month)


def hide(made: Any) -> None:
    """Hide a row, a column and a sheet, and filter."""
    sheet = made.worksheets[0]
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.auto_filter.ref = "A1:F5"
    made.worksheets[1].sheet_state = "hidden"


def formulas(made: Any) -> None:
    """Put formulas that were never worked out."""
    sheet = made.worksheets[0]
    sheet["A2"], sheet["D2"] = "=ROW()-1", "=DATE(2024,5,1)"


HEADS = ("序号", "问题", "责任单位", "整改时限", "状态")
OFFICES: dict[str, Callable[[], bytes]] = {
    "sideways": lambda: workbook(
        (
            "汇总",
            [
                ("检查发现问题卡片（每列一个问题）",),
                ("项目", "问题一", "问题二", "问题三", "问题四"),
                ("序号", 1, 2, 3, 4),
                ("问题描述", "会议记录缺签到", "消防通道被占用", "报账附件不全", "合同未归档"),
                ("责任单位", "办公室", "后勤处", "财务处", "办公室"),
                ("责任人", "甲某", "乙某", "丙某", "丁某"),
                ("整改措施", "补签到", "1.清理通道\n2.每周巡查", "补齐附件", "移交档案室"),
                ("整改期限", day(5, 20), "2024.6.15", "6月30日", "长期坚持"),
                ("完成情况", "已销号", "正在整改", "基本完成", "持续推进"),
                ("备注", None, "已约谈", None, None),
            ],
        )
    ),
    "a tab for each unit": lambda: workbook(
        ("填表说明", [("填表说明",), ("1.各单位按要求填写",), ("2.时限请写到日",)]),
        (
            "财政局",
            [
                ("财政局问题整改台账",),
                (),
                ("序号", "存在问题", "整改措施", "责任人", "完成时限", "完成情况"),
                (1, "专项资金拨付滞后", "制定拨付时限表", "王某", day(6, 30, 2023), "已完成"),
                (2, "资产盘点走过场", "重新盘点", "李某", day(7, 15, 2023), "整改中"),
            ],
        ),
        (
            "教育局",
            [
                ("教育局问题整改台账",),
                ("填报人：赵某",),
                ("序号", "主要问题", "整改举措", "责任领导", "责任人", "整改时限", "目前进展"),
                (1, "校服采购未公开", "公开采购", "分管副局长", "钱某", "2023年8月31日", "正在推进"),
                (2, "食堂台账缺失", "建立台账", "分管副局长", "孙某", "立行立改", "已完成"),
            ],
        ),
        (
            "卫健局",
            [
                ("卫健局2023年问题整改台账",),
                ("序号", "问题类别", "问题表现", "具体措施", "整改期限", "是否完成", "备注"),
                (1, "作风建设", "门诊推诿病人", "首诊负责制", "9月底前", "否", None),
                (2, "物资管理", "耗材出入库不符", "双人复核", "2023-09-20", "是", "已核查"),
            ],
        ),
        ("Sheet4", []),
    ),
    "a tab for each month": lambda: workbook(
        *(
            (
                f"2024年{month}月",
                [
                    (f"{month}月份督查问题台账",),
                    ("编号", "问题", "责任单位", "发现时间", "整改时限", "状态"),
                    (f"{month:02d}-01", f"第{month}期占道经营", "城管局", f"{month}月3日", f"{month}月20日", "已销号"),
                    (
                        f"{month:02d}-02",
                        f"第{month}期渣土未覆盖",
                        "住建局",
                        f"{month}月5日",
                        f"{month}月底前",
                        "未启动",
                    ),
                ],
            )
            for month in (1, 2)
        )
    ),
    "header in row 9": lambda: workbook(
        (
            "Sheet1",
            [
                ("附件1",),
                ("××市巡察反馈问题整改落实情况统计表",),
                (),
                ("填报单位（盖章）：市水务局", None, None, "填报日期：2024年3月8日"),
                ("单位负责人：张某", None, "联系电话：12345678"),
                ("整改总体情况：共反馈问题3个，已完成1个，正在整改2个，整改完成率33%",),
                ("填报要求：问题描述要与反馈意见一致，责任单位写全称，整改时限具体到日",),
                (),
                ("序号", "反馈问题", "责任单位", "整改措施", "整改时限", "整改情况", "整改结果"),
                (1, "河长巡河记录造假", "河湖科", "严肃处理；重新培训", "2024年4月底前", "已通报2人", "已完成"),
                (2, "水费收缴不规范", "收费大厅", "启用电子票据", "2024-05-31", "系统招标中", "正在整改"),
                (3, "公务接待超标准", "办公室", "退缴超支", "即知即改", "已退缴", "已完成"),
                ("填表人：李某", None, "审核人：王某", None, "负责人：张某"),
            ],
        )
    ),
    "two header rows": lambda: workbook(
        (
            "整改",
            [
                ("巡察整改台账",),
                ("序号", "问题", "", "整改责任", "", "", "整改", "", "", "", "备注"),
                ("", "类别", "内容", "单位", "领导", "责任人", "措施", "时限", "进展", "状态", ""),
                (1, "党建", "三会一课流于形式", "机关党委", "书记", "甲", "规范记录", day(3, 31), "已检查", "整改到位"),
                (2, "财务", "现金坐支", "财务科", "总会", "乙", "清理账户", day(4, 30), "清理中", "整改中"),
            ],
            ["A1:K1", "A2:A3", "B2:C2", "D2:F2", "G2:J2", "K2:K3"],
        )
    ),
    "two languages": lambda: workbook(
        (
            "Findings 问题",
            [
                ("Internal audit findings 内部审计发现",),
                (
                    "No.\n序号",
                    "Finding\n问题描述",
                    "Owner 责任部门",
                    "Due date\n整改期限",
                    "Status 状态",
                    "Closed date 销号日期",
                ),
                (
                    1,
                    "Expired contracts still paid 过期合同仍付款",
                    "Procurement 采购部",
                    day(8, 1),
                    "Closed 已关闭",
                    day(7, 20),
                ),
                (2, "Shared password 共用口令", "IT 信息部", "1 Sep 2024", "In progress 整改中", None),
                (3, "No backup test 未做备份演练", "IT 信息部", "30/09/2024", "Open", None),
            ],
        )
    ),
    "merged downwards": lambda: workbook(
        (
            "台账",
            [
                ("序号", "责任单位", "存在问题", "整改措施", "完成时限", "责任人", "完成情况"),
                (1, "办公室", "公文超期办理", "建立催办单", day(2, 1), "甲", "已完成"),
                (None, None, None, "每周通报", day(3, 1), "乙", "正在推进"),
                (2, None, "印章使用未登记", "补登记簿", day(2, 10), "丙", "已完成"),
                (3, "财务科", "差旅费超标", "退款", day(2, 20), "丁", "已完成"),
                (None, None, None, "修订办法", day(4, 20), "丁", "未启动"),
                (4, None, "备用金未清", "清收", day(3, 20), "戊", "整改中"),
            ],
            ["A2:A3", "C2:C3", "B2:B4", "A5:A6", "C5:C6", "B5:B7"],
        )
    ),
    "subtotals and foot": lambda: workbook(
        (
            "Sheet1",
            [
                ("2024年一季度安全检查问题汇总表",),
                ("序号", "单位", "问题", "整改期限", "整改状态"),
                ("一、城东街道",),
                (1, "城东街道", "灭火器过期", "2024/3/15", "已整改"),
                (2, "城东街道", "电线私拉", "2024/3/20", "未整改"),
                ("小计", "城东街道", "2个", None, "已整改1个"),
                ("二、城西街道",),
                (1, "城西街道", "疏散指示灯不亮", "2024/3/18", "100%"),
                ("小计", None, 1, None, None),
                ("合计", None, "3个", None, "完成率66.7%"),
                ("注：以上数据截至2024年3月31日",),
                ("填表人：", "", "审核人：", "", "日期：2024.4.1"),
            ],
        )
    ),
    "hidden and filtered": lambda: workbook(
        (
            "台账",
            [
                ("序号", "问题", "责任单位", "内部评估", "整改时限", "状态"),
                (1, "门卫脱岗", "保卫科", "高", day(1, 5), "已销号"),
                (2, "监控缺失", "保卫科", "高", day(1, 8), "整改中"),
                (3, "值班记录代签", "办公室", "中", day(1, 9), "整改中"),
                (4, "钥匙管理混乱", "办公室", "低", day(1, 12), "已撤销"),
            ],
        ),
        ("旧", [("问题", "状态"), ("老问题", "已销号")]),
        change=hide,
    ),
    "odd titles": lambda: workbook(
        (
            "台账",
            [
                HEADS,
                (1, 2023, "甲处", day(1, 1), "整改中"),
                (2, "+86 座机无人接听", "甲处", day(1, 1), "整改中"),
                (3, "=SUM(A1:A9)公式开头", "甲处", day(1, 1), "整改中"),
                (
                    4,
                    "-1℃冷库超温",
                    "甲处",
                    datetime(2024, 1, 1, 17, 30),  # noqa: DTZ001 - as a sheet holds it
                    "整改中",
                ),
                (5, "@所有人", "甲处", day(1, 1), "整改中"),
                (6, True, "乙处", day(1, 1), "整改中"),
                (7, day(1, 1), "乙处", day(1, 1), "整改中"),
                (8, "合计金额不符", "乙处", day(1, 1), "整改中"),
                (9, "备注栏未填", "乙处", day(1, 1), "整改中"),
                (10, "问" * 2001, "乙处", day(1, 1), "整改中"),
                (11, "说明：台账未更新", "乙处", day(1, 1), "整改中"),
            ],
        )
    ),
    "sums as problems": lambda: workbook(
        (
            "台账",
            [
                ("问题", "单位", "时限", "状态"),
                ("合计数与明细不符", "财务科", day(1, 1), "整改中"),
                ("总计3处隐患未整改", "财务科", day(1, 1), "整改中"),
                ("负责人未到岗", "办公室", None, "整改中"),
                ("注册信息未更新", None, None, None),
                ("备注：以上", "", "", ""),
                ("合计", "4个", "", ""),
            ],
        )
    ),
    "units as headings": lambda: workbook(
        (
            "台账",
            [
                ("问题整改台账",),
                ("序号", "问题", "措施", "时限", "状态"),
                ("一、财政局",),
                (1, "账实不符", "补", "2024-1-1", "整改中"),
                ("二、教育局",),
                (2, "门卫脱岗", "补", "2024-1-1", "整改中"),
                (3, "食堂无证", "补", "2024-1-1", "已销号"),
            ],
            ["A3:E3", "A5:E5"],
        )
    ),
    "two tables below each other": lambda: workbook(
        (
            "台账",
            [
                ("一、已整改问题",),
                ("序号", "问题", "责任单位", "销号时间"),
                (1, "门牌缺失", "甲处", day(1, 2)),
                (2, "路灯不亮", "乙处", day(1, 3)),
                (),
                ("二、未整改问题",),
                ("序号", "问题", "责任单位", "整改时限", "未完成原因"),
                (1, "围挡破损", "甲处", day(6, 1), "资金不到位"),
                (2, "积水", "乙处", day(6, 2), "人手不足"),
            ],
        )
    ),
    "ticked": lambda: workbook(
        (
            "台账",
            [
                ("序号", "问题", "责任单位", "整改时限", "完成情况", "", "", "备注"),
                ("", "", "", "", "已完成", "正在整改", "未整改", ""),
                (1, "甲事", "甲处", "2024-1-1", "√", "", "", ""),
                (2, "乙事", "甲处", "2024-1-1", "", "√", "", ""),
                (3, "丙事", "甲处", "2024-1-1", "", "", "√", ""),
                (4, "丁事", "甲处", "2024-1-1", "√", "√", "", ""),
            ],
            ["E1:G1", "A1:A2", "B1:B2", "C1:C2", "D1:D2", "H1:H2"],
        )
    ),
    "as above": lambda: workbook(
        (
            "台账",
            [
                ("序号", "问题", "责任单位", "责任人", "整改时限", "状态"),
                (1, "甲事", "甲处", "张某", "2024-1-1", "整改中"),
                (2, "乙事", "同上", "同上", "同上", "同上"),
                (3, "丙事", "〃", '"', "〃", "〃"),
            ],
        )
    ),
    "two columns of problems": lambda: workbook(
        (
            "台账",
            [
                ("序号", "反馈问题", "具体问题", "牵头单位", "责任单位", "整改措施", "整改时限", "整改进展情况"),
                (1, "党的建设弱化", "支部书记未上党课", "甲支部", "各支部", "安排党课", "2024-3-1", "已于2月20日完成"),
                (None, None, "民主生活会未开", "乙支部", None, "补开", "2024-3-1", "完成"),
                (2, "廉政风险", "大额支出未集体研究", "丙处", "丁处", "建制度", "2024-4-1", "正在修订制度"),
            ],
            ["A2:A3", "B2:B3", "E2:E3"],
        )
    ),
    "errors and formulas": lambda: workbook(
        (
            "台账",
            [
                HEADS,
                (None, "没算出来的公式", "甲处", None, "整改中"),
                (2, "#REF!", "甲处", "#N/A", "整改中"),
                (3, "错误单位", "#NAME?", day(5, 3), "整改中"),
                (4, "错误状态", "甲处", day(5, 3), "#VALUE!"),
                (5, "好的", "甲处", day(5, 3), "整改中"),
            ],
        ),
        change=formulas,
    ),
    "statuses that contradict": lambda: workbook(
        (
            "台账",
            [
                ("序号", "问题", "责任单位", "整改时限", "整改状态", "是否销号"),
                (1, "完成又销号", "甲处", "2024-1-1", "已完成", "是"),
                (2, "完成未销号", "甲处", "2024-1-1", "已完成", "否"),
                (3, "没完成却销号", "甲处", "2024-1-1", "整改中", "是"),
                (4, "销号又说没有", "甲处", "2024-1-1", "已销号", "否"),
            ],
        )
    ),
    "a share done": lambda: workbook(
        (
            "台账",
            [
                ("序号", "整改事项", "责任部门", "计划完成时间", "实际完成时间", "整改进度"),
                (1, "甲事", "甲处", day(1, 1), day(1, 1), 1),
                (2, "乙事", "甲处", day(1, 1), None, 0.8),
                (3, "丙事", "甲处", day(1, 1), None, 0),
                (4, "丁事", "甲处", day(1, 1), None, "50％"),
                (5, "戊事", "甲处", day(1, 1), "—", "五成"),
            ],
        )
    ),
    "a form for each finding": lambda: workbook(
        (
            "问题1",
            [
                ("问题整改情况表",),
                ("问题描述", "楼道堆物", "责任单位", "物业处"),
                ("整改时限", day(5, 1), "完成情况", "已销号"),
                ("整改措施", "清理", None, None),
            ],
        )
    ),
    "side by side": lambda: workbook(
        (
            "台账",
            [
                ("甲处", None, None, None, None, "乙处"),
                ("序号", "问题", "时限", "状态", None, "序号", "问题", "时限", "状态"),
                (1, "甲一", "2024-1-1", "已销号", None, 1, "乙一", "2024-2-1", "整改中"),
            ],
        )
    ),
    "no ledger": lambda: workbook(("通讯录", [("序号", "姓名", "单位", "电话", "备注"), (1, "甲", "甲处", "123", "")])),
    "300 columns": lambda: workbook(
        (
            "台账",
            [(*HEADS, *(f"附加{at}" for at in range(295))), (1, "宽表", "甲处", day(1, 1), "整改中", *("x",) * 295)],
        )
    ),
    "beginning at C5": lambda: workbook(
        (
            "Sheet1",
            [
                (),
                (),
                (),
                (None, None, "某某问题台账"),
                (None, None, *HEADS),
                (None, None, 1, "甲事", "甲处", "2024-1-1", "整改中"),
                (),
                (None, None, 2, "乙事", "甲处", "2024-1-1", "已销号"),
            ],
        )
    ),
    "days that cannot be": lambda: workbook(
        (
            "台账",
            [
                ("序号", "问题", "责任单位", "发现日期", "交办日期", "整改时限", "销号日期", "状态"),
                (1, "未来", "甲处", day(1, 1, 2027), None, None, None, "整改中"),
                (2, "倒置", "甲处", day(5, 1), day(4, 1), None, None, "整改中"),
                (3, "未销有日", "甲处", day(1, 1), None, day(2, 1), day(2, 1), "整改中"),
                (4, "无态有日", "甲处", day(1, 1), None, day(2, 1), day(2, 1), None),
                (5, "无单位", "", day(1, 1), None, day(2, 1), None, "待核查"),
            ],
        )
    ),
}


def told(data: bytes) -> str:
    """Return all that was read of a file, a line a row, as a person can compare it with the file."""
    try:
        found = book(data, "台账.xlsx")
    except Rejected as refusal:
        return f"refused: {refusal.code} {refusal.params}\n"
    out = [f"passed {sheet}: {reason}" for sheet, reason in found.passed]
    for table in found.tables:
        header = [row + 1 for row in table.header]
        out.append(f"table {table.sheet} header {header}{' sideways' if table.sideways else ''} year {table.year}")
        out += [f"  {column.heading!r}: {column.field}" for column in table.columns[:20]]
    for line in found.lines(NOTHING_SAID, ByName(), TODAY):
        doubts = "".join(f" [{doubt.code} {doubt.cell}]" for doubt in line.doubts)
        out.append(f"{line.sheet} {line.row} {line.kind} {line.title[:30]}{doubts}")
        out += [f"    {said}" for said in claimed(line.claim)] if line.claim else []
    return "\n".join(out) + "\n"


def claimed(claim: Claim) -> list[str]:
    """Return what a claim says, a field a line, where it says anything."""
    plain = {field.name: field.default for field in structs.fields(Claim)}
    found = []
    for name in claim.__struct_fields__:
        value = getattr(claim, name)
        if value == plain[name] or name == "title":
            continue
        if name in ("deadline", "original_deadline"):
            value = value.due
        if name == "measures":
            value = [(m.text, m.progress.value, m.due and m.due.isoformat(), m.report) for m in value]
        found.append(f"{name}: {value}")
    return found


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, make in OFFICES.items():
        (GOLDEN / f"{name}.txt").write_text(told(make()), encoding="utf-8")
