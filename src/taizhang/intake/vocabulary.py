"""Owns the words of people's sheets: what statuses, classes, progress and severity are called. Data, compared squeezed.

They are what a file may bring, not what a person is shown; those words are `taizhang.locale`'s.
"""

from __future__ import annotations

from typing import TypeVar

from taizhang.ledger.domain.values import FindingClass, Progress, Severity, State

V = TypeVar("V")

NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "待定", "n/a", "na", "none", "nil", "tbd", "tbc"}
)
"""What people write where they mean nothing."""

DONE = frozenset({"是", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "已"})
NOT_DONE = frozenset({"否", "×", "✗", "✘", "x", "n", "no", "false", "0", "未"})
LIGHTS = {"🔴": "红", "🟡": "黄", "🟢": "绿", "●": "", "○": "", "◉": "", "■": ""}
"""Signs of a light, and the word of each; a dot before a word says nothing more than the word."""

LATE = ("逾期", "超期", "延误", "late")
NOT_LATE = ("未逾期", "未超期", "没有逾期", "无逾期", "不逾期", "按期", "按时", "如期", "ontime")


def _of(value: V, words: str) -> dict[str, V]:
    return dict.fromkeys(words.split(), value)


STATUSES: dict[str, State | None] = {
    **_of(
        State.CLOSED,
        "已销号 销号 已销 完成销号 整改销号 已整改销号 已整改并销号 已完成并销号 已完成销号 已办结 办结 已结案 结案 已闭环 闭环 已关闭 关闭 "
        "已完结 完结 已销账 销账 已销帐 同意销号 已同意销号 准予销号 closed closedout closure verifiedandclosed verifiedclosed",
    ),
    **_of(
        State.AWAITING,
        "待核查 待验收 待销号 待审核 待验证 待复核 待确认 申请销号 已申请销号 拟销号 整改完成待验收 已完成待验收 已完成待核查 已完成待销号 已完成 完成 "
        "全部完成 已全部完成 均已完成 已整改 已全部整改 全部整改 均已整改 已全部整改到位 全部整改到位 均已整改到位 整改完毕 已整改完毕 完毕 整改结束 "
        "已立行立改 已即知即改 已按期整改 已按期完成 已验收 验收通过 通过验收 已通过验收 验收合格 建议销号 销号申请已提交 已提交销号申请 整改完成 已整改完成 已完成整改 完成整改 整改到位 已整改到位 已落实 已解决 completed complete done implemented "
        "fullyimplemented resolved awaitingverification pendingverification readyforverification awaitingclosure pendingclosure",
    ),
    **_of(
        State.RECTIFYING,
        "整改中 正在整改 正在推进 推进中 进行中 正在进行 正在进行中 持续推进 持续推进中 持续整改 持续整改中 正在落实 落实中 办理中 正在办理 在办 已启动 "
        "推进 正在办 正在解决 正在开展 正在实施 实施中 正常推进 按计划推进 有序推进 稳步推进 加快推进 进展顺利 整改推进中 部分整改 取得阶段性成果 "
        "需长期坚持 转入长期坚持 基本完成 部分完成 大部分完成 基本整改到位 基本整改完成 部分整改到位 取得阶段性成效 阶段性完成 长期坚持 长期坚持整改 持续坚持 长期 inprogress ongoing underway "
        "partiallyimplemented partlyimplemented partial started wip rectifying",
    ),
    **_of(
        None,
        "未完成 尚未完成 未完成整改 尚未完成整改 尚未整改到位 未按期完成 未按时完成 尚未销号 未解决 尚未解决 已挂账 未整改到位 未销号 未办结 未整改完成 未闭环 挂账 挂帐 逾期 超期 逾期未完成 超期未完成 逾期未整改 逾期未销号 已逾期 已超期 延期 已延期 overdue "
        "open outstanding pastdue delayed notimplemented incomplete red 红 红灯 亮红灯 黄 黄灯 亮黄灯 绿 绿灯 亮绿灯 yellow amber green",
    ),
    **_of(
        State.ASSIGNED,
        "未落实 尚未整改 尚未落实 未开展 尚未开展 暂未启动 暂未整改 待启动 未启动 未开始 尚未启动 尚未开始 未整改 待整改 未办理 待办理 已交办 交办 待签收 已下发 已派发 notstarted assigned issued",
    ),
    **_of(State.LOGGED, "已登记 登记 待交办 待分办 未交办 新增 logged new registered unassigned"),
    **_of(State.WITHDRAWN, "已撤销 撤销 已取消 取消 作废 已作废 withdrawn cancelled canceled void"),
    **_of(State.TRANSFERRED, "已移交 移交 已移送 移送 已转办 转办 transferred referred"),
}
"""Words of a status; None: not finished, and they say no more. 已完成 is the unit's word, not the strike-off (销号)."""

CLASSES: dict[str, FindingClass] = {
    **_of(
        FindingClass.IMMEDIATE,
        "立行立改 立改 立即整改 立查立改 即知即改 边查边改 马上整改 immediate immediately atonce",
    ),
    **_of(FindingClass.TIME_BOUND, "限期整改 限期 限时整改 限时 限期完成 限期整改类 time-bound timebound"),
    **_of(FindingClass.PHASED, "分阶段整改 分阶段 分步整改 分步 分期整改 阶段性整改 分阶段推进 phased staged"),
    **_of(
        FindingClass.SUSTAINED,
        "长期坚持 需长期坚持 转入长期坚持 长期 长期整改 长期坚持整改 持续整改 持续坚持 持续推进 常态化 常态长效 sustained continuous longterm long-term",
    ),
}

PROGRESS: dict[str, Progress] = {
    **_of(
        Progress.DONE,
        "已完成 完成 全部完成 已整改 整改完成 已销号 已落实 已办结 办结 done completed complete implemented closed 100%",
    ),
    **_of(Progress.MOSTLY, "基本完成 大部分完成 接近完成 mostly mostlydone substantiallycomplete"),
    **_of(
        Progress.NONE,
        "未完成 未启动 未开始 未整改 正在推进 推进中 进行中 正在进行 整改中 正在整改 持续推进 部分完成 办理中 notstarted inprogress ongoing open none",
    ),
}

SEVERITIES: dict[str, Severity] = {
    **_of(Severity.HIGH, "高 高风险 严重 重大 特别严重 特重大 high critical severe major"),
    **_of(Severity.MEDIUM, "中 中风险 较重 较大 中等 medium moderate"),
    **_of(Severity.LOW, "低 低风险 一般 轻微 较小 low minor"),
}
