"""Owns the ledger that the benchmarks run on: 200,000 findings, 1,000,000 events, realistic Chinese text.

Made once a machine through the Ledger itself (real commands, real rules) and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from platformdirs import user_cache_path

from taizhang.composition import init_ledger, open_ledger
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.register import AddPerson, AddUnit, OpenProgramme
from taizhang.ledger.domain.values import (
    Account,
    Conclusion,
    Evidence,
    FindingClass,
    Method,
    Progress,
    Role,
    Severity,
    Via,
)
from taizhang.ledger.ledger import Instruction

FINDINGS = int(os.environ.get("TAIZHANG_BENCH_FINDINGS", "200000"))
EVENTS = FINDINGS * 5
EDITION = 1
"""Raise it when what is made changes, so that a kept ledger is not mistaken for it."""

PROGRAMMES = ("JYZD-2023", "ZXDC-2024", "XSXC-2025")
FIRST_DAY = date(2023, 3, 1)
DAYS = 1000
ACCOUNT = Account("bench", "bench")

CATEGORIES = (
    "主体责任",
    "财务管理",
    "工程建设",
    "作风建设",
    "选人用人",
    "制度机制",
    "信访办理",
    "安全生产",
    "采购招标",
    "编外人员管理",
)
SOURCES = ("实地督导", "专项检查", "信访反映", "审计移交", "巡察反馈", "汇报自查", "回头看")
WHERE = ("财政局", "教育局", "卫健局", "住建局", "交通局", "农业农村局", "水务局", "民政局", "人社局", "市场监管局", "生态环境局",
         "应急局", "文旅局", "审计局", "统计局", "城管局", "自然资源局", "发改局", "工信局", "医保局")  # fmt: skip
PART = ("办公室", "财务科", "人事科", "业务一科", "业务二科", "监督检查室", "综合组", "项目办", "窗口服务中心", "下属事业单位",
        "街道办事处", "直属分局", "机关党委", "纪检监察科", "信息中心", "档案室", "后勤服务中心", "执法大队", "稽查科", "培训中心")  # fmt: skip
WHAT = ("三公经费报销附件不全", "固定资产账实不符", "合同履约监管不到位", "会议记录不规范", "值班制度落实不严", "项目验收资料缺失",
        "专项资金拨付滞后", "编外人员管理台账不健全", "干部“八小时以外”监督措施不够有力", "信访件办理超期", "采购程序倒置",
        "安全隐患排查走过场", "谈心谈话覆盖不全", "整改措施照抄照搬", "廉政风险点排查不深入", "工程变更未按规定审批",
        "出差审批与报销时间不一致", "备用金由保管人自行盘点", "档案归档不及时", "服务群众态度生硬")  # fmt: skip
HOW = ("，抽查{n}份中有{m}份存在同类情况", "，涉及金额{n}万元", "，自{n}月以来未见改进", "，群众反映较为集中", "，制度已印发但未执行",
       "，责任分工不明确，压力传导层层递减", "，同类问题屡查屡犯，长效机制尚未建立", "，现场核实{m}处，均无整改记录")  # fmt: skip
MEASURES = (
    "修订完善相关制度并印发执行",
    "逐项核对台账并补齐资料",
    "约谈责任人并限期改正",
    "组织专题培训并考核",
    "开展举一反三自查自纠",
    "建立月度检查通报机制",
)
REPORTS = (
    "已完成资料核对，正在补充签字盖章",
    "制度修订稿已征求意见，拟提交会议审议",
    "责任人已约谈，相关款项已退回",
    "已组织培训并完成考试，合格率百分之百",
)


def corpus() -> Path:
    """Return the folder of the ledger, making it where it is missing."""
    folder = user_cache_path("taizhang-bench", appauthor=False) / f"v{EDITION}-{FINDINGS}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make(folder)
        (folder / "complete").touch()
    return folder


def make(folder: Path) -> None:
    """Write the whole ledger."""
    started = time.perf_counter()
    now = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 0, tzinfo=UTC) - timedelta(days=1)
    init_ledger(folder, origin="bench.taizhang.example", programme="TZ-2023", clock=lambda: now, account=ACCOUNT)
    with open_ledger(folder, clock=lambda: now, account=ACCOUNT) as ledger:
        ledger.record_all(list(_register()))
        for day, batch in _days():
            now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
            ledger.record_all(batch)
            if sys.stderr.isatty():
                print(f"\r{day} {time.perf_counter() - started:.0f} s", end="\r", file=sys.stderr)
    print(f"made {EVENTS} events in {time.perf_counter() - started:.0f} s", file=sys.stderr)


def units() -> Iterator[tuple[str, str, str | None]]:
    """Yield (id, name, parent) of a tree of three levels: 1 + 20 + 400."""
    yield "city", "市", None
    for i, name in enumerate(WHERE):
        yield f"b{i:02d}", f"市{name}", "city"
        for j, part in enumerate(PART):
            yield f"b{i:02d}.{j:02d}", f"市{name}{part}", f"b{i:02d}"


def _register() -> Iterator[Instruction]:
    def order(command: AddUnit | AddPerson | OpenProgramme) -> Instruction:
        return Instruction(command, "admin", Via.IMPORT)

    for unit, name, parent in units():
        yield order(AddUnit(unit, name, parent))
        if unit.count("."):
            yield order(AddPerson(f"{unit}.o", f"{name}经办人", (Role.UNIT_OFFICER,), unit))
            yield order(AddPerson(f"{unit}.h", f"{name}负责人", (Role.UNIT_HEAD,), unit))
    for person, roles in {
        "inspector": (Role.INSPECTOR,), "office": (Role.OFFICE,), "verifier": (Role.VERIFIER,), "approver": (Role.APPROVER,)
    }.items():  # fmt: skip
        yield order(AddPerson(person, person, roles))
    for programme in PROGRAMMES:
        yield order(OpenProgramme(programme, f"{programme}专项督查", ("学习教育", "检视整治", "巩固提升")))


def title(rng: random.Random) -> str:
    """Return a problem as a report would word it, 15 to 50 characters."""
    how = rng.choice(HOW).format(n=rng.randint(2, 60), m=rng.randint(2, 12))
    return f"{rng.choice(WHERE)}{rng.choice(PART)}{rng.choice(WHAT)}{how}"


def _life(rng: random.Random, number: str, steps: int, day: int) -> list[tuple[str, c.FindingCommand]]:
    """Return the commands after the log: `steps` of them, in the order of a life."""
    unit = f"b{rng.randrange(20):02d}.{rng.randrange(20):02d}"
    officer, head = f"{unit}.o", f"{unit}.h"
    due = ByDate(FIRST_DAY + timedelta(days=day + rng.randint(15, 400)))
    class_ = rng.choices(list(FindingClass), (2, 6, 1, 1))[0]
    digest = hashlib.sha256(number.encode()).hexdigest()
    measures = tuple(rng.sample(MEASURES, 2))
    assign = c.AssignFinding(number, unit, class_, f"{measures[0]}；抽查不少于百分之二十，未发现同类问题", due,
                             (f"b{rng.randrange(20):02d}.00",) if unit[4:] != "00" and rng.random() < 0.2 else (),
                             "分管领导", "科室负责人")  # fmt: skip
    if unit in assign.cooperating_units:
        assign = c.AssignFinding(number, unit, class_, assign.closure_criteria, due)
    life: list[tuple[str, c.FindingCommand]] = [
        ("office", assign),
        (officer, c.AcknowledgeFinding(number, measures)),
        (officer, c.ActOnMeasure(number, 1, Progress.MOSTLY, rng.choice(REPORTS))),
        (officer, c.AttachEvidence(number, Evidence(digest, 20_480, "整改佐证材料.pdf", "整改报告及附件"))),
        (head, c.RequestClosure(number, f"{measures[0]}、{measures[1]}均已完成，达到销号标准，申请销号。")),
        ("verifier", c.VerifyFinding(number, Method.ON_SITE, Conclusion.EFFECTIVE, "现场核查，整改属实。")),
        ("approver", c.CloseFinding(number)),
    ]
    while len(life) < steps:
        life.append(("inspector", c.CommentOnFinding(number, "已抽查，未见反弹。")))
    return life[:steps]


def _days() -> Iterator[tuple[date, list[Instruction]]]:
    rng = random.Random(20230301)
    lengths = (1, 2, 3, 4, 5, 6, 7, 8)
    plan: list[int] = rng.choices(lengths, (10, 12, 18, 20, 12, 6, 12, 10), k=FINDINGS)
    surplus = sum(plan) + FINDINGS - EVENTS
    i = 0
    while surplus:  # exactly EVENTS events in all, the register aside
        step = 1 if surplus > 0 else -1
        if 1 <= plan[i] - step <= 8:
            plan[i] -= step
            surplus -= step
        i = (i + 1) % FINDINGS
    calendar: list[list[Instruction]] = [[] for _ in range(DAYS)]
    counters = dict.fromkeys(PROGRAMMES, 0)
    for i, steps in enumerate(plan):
        day = i * (DAYS - 60) // FINDINGS
        programme = PROGRAMMES[rng.randrange(3)]
        counters[programme] += 1
        number = f"{programme}-{counters[programme]:03d}"
        log = c.LogFinding(programme, title(rng), rng.choice(SOURCES), FIRST_DAY + timedelta(days=max(0, day - 2)),
                           "第一督导组", "《督查工作规定》第七条", rng.choice(CATEGORIES), rng.choice(list(Severity)))  # fmt: skip
        calendar[day].append(Instruction(log, "inspector", Via.CLI))
        for actor, command in _life(rng, number, steps, day):
            day = min(DAYS - 1, day + rng.randint(1, 12))
            calendar[day].append(Instruction(command, actor, Via.TUI))
    for offset, batch in enumerate(calendar):
        if batch:
            yield FIRST_DAY + timedelta(days=offset), batch
