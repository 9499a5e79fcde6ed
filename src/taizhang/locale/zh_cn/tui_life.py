"""Owns the Chinese sentences of the terminal about a finding's later life and the past. It must not know a rule or a screen."""

from __future__ import annotations

KEYS: dict[str, str] = {
    "tui.key.list.why": "为何",
    "tui.key.list.todo": "今天",
    "tui.key.list.figures": "统计",
    "tui.key.list.moment": "时刻",
    "tui.key.page.why": "为何",
    "tui.key.page.moment": "时刻",
    "tui.key.reasons.back": "返回",
    "tui.key.worklist.mine": "本人/全部",
    "tui.key.figures.by": "换分组",
    "tui.key.figures.count": "换数字",
    "tui.key.figures.count-back": "前一数字",
    "tui.key.moment.show": "显示",
    "tui.key.moment.leave": "返回",
}

TIPS: dict[str, str] = {
    "tui.tip.list.why": "说明光标所在的问题为什么亮这个灯。",
    "tui.tip.list.todo": "列出今天该办的事；只作提示，由人决定。",
    "tui.tip.list.figures": "查看销号情况统计；每个数字都能打开它背后的清单。",
    "tui.tip.list.moment": "显示过去某一时刻的台账；过去只能看，不能办理。",
    "tui.tip.page.why": "说明这条问题为什么亮这个灯。",
    "tui.tip.page.moment": "显示过去某一时刻的这条问题；过去只能看，不能办理。",
    "tui.tip.reasons.back": "回到前一个画面。",
    "tui.tip.worklist.mine": "只看本人能办的，或看全部。",
    "tui.tip.figures.by": "换一种分组：单位、类别、来源、整改类别、月份、专项。",
    "tui.tip.figures.count": "选后一个数字；回车打开它背后的清单。",
    "tui.tip.figures.count-back": "选前一个数字。",
    "tui.tip.moment.show": "显示那一时刻；不填则回到现在。",
    "tui.tip.moment.leave": "不改变显示的时刻。",
}

SCREEN: dict[str, str] = {
    "tui.past": "过去 {when}（{today}）",
    "tui.past.refused": "现在显示的是过去，不能办理；请先按 t 清空时刻，回到现在。",
    "tui.moment": "显示哪一时刻",
    "tui.moment.hint": "2026-06-30、2026-06-30T17:30 或 #120；不填为现在",
    "tui.why": "为什么亮这个灯",
    "tui.todo": "今天",
    "tui.todo.since": "{day} 起",
    "tui.empty.todo": "今天没有要办的事。",
    "tui.round.told": "第 {round} 轮：原定时限 {original}，时限 {due}，{closed} 由{by}销号，逾期销号：{late}，退回 {returns} 次，延期 {extensions} 次，{reopened} 重开",
    "tui.due.form": "日期，或 10wd（工作日）、30d（日历日）",
    "tui.section.escalations": "督办",
    "tui.section.follow_up": "回头看",
    "tui.section.links": "关联问题",
    "tui.section.rounds": "以往轮次",
    "tui.hint.plan.measures": "每行一条，写出今后的全部措施",
    "tui.hint.request-closure.measures": "立行立改：每行一条已采取的措施",
    "tui.hint.extend.reason": "为什么不能按期完成",
    "tui.hint.remind.document": "不填由台账编号",
    "tui.hint.list-publicly.document": "不填由台账编号",
    "tui.hint.receive.document": "不填为最近一份",
    "tui.hint.grant.due": "不填即为所申请的时限",
    "tui.hint.link.other": "另一个问题的编号",
    "tui.due.rule.working": "{days}个工作日",
    "tui.due.rule.calendar": "{days}个日历日",
    "tui.due.rule.review": "复查日 {days}",
    "tui.due.past": "已逾期",
    "tui.due.late.working": "逾{days}工作日",
    "tui.due.late.calendar": "逾期{days}天",
    "tui.due.left.working": "剩{days}工作日",
    "tui.due.left.calendar": "剩{days}天",
    "tui.place.reasons": "亮灯的理由",
    "tui.place.worklist": "今天",
    "tui.place.figures": "统计",
    "tui.place.moment": "时刻",
}

MESSAGES: dict[str, str] = {**SCREEN, **KEYS, **TIPS}
