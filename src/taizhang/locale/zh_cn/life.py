"""Owns the Chinese words of a finding's later life: policy, calendars, extensions, escalation, rounds, reasons, suggestions.

It must not know who shows them. `why.*` are the reasons of a colour, `todo.*` what the policy calls for.
"""

from __future__ import annotations

VOCABULARY: dict[str, str] = {
    "level.notice": "提示函",
    "level.order": "督办单",
    "level.interview": "约谈",
    "level.circular": "通报",
    "level.listing": "挂牌督办",
    "result.holds": "成效巩固",
    "result.relapsed": "问题反弹",
    "link.related": "相关",
    "link.duplicate_of": "重复于",
    "link.successor_of": "承接自",
    "days.working": "工作日",
    "days.calendar": "日历日",
}

STEPS: dict[str, str] = {
    "step.plan": "调整措施",
    "step.extend": "申请延期",
    "step.grant": "同意延期",
    "step.refuse": "不同意延期",
    "step.remind": "督办",
    "step.list-publicly": "挂牌督办",
    "step.receive": "签收督办文书",
    "step.follow-up": "回头看",
    "step.reopen": "重开",
    "step.link": "关联",
    "step.policy-set": "设定规则",
    "step.calendar-adopt": "采用日历",
    "step.calendar-correct": "更正日历",
}

TOPICS: dict[str, str] = {
    "topic.policy.set.v1": "设定规则",
    "topic.calendar.adopted.v1": "采用日历",
    "topic.finding.plan-revised.v1": "调整措施",
    "topic.finding.extension-requested.v1": "申请延期",
    "topic.finding.extension-granted.v1": "同意延期",
    "topic.finding.extension-refused.v1": "不同意延期",
    "topic.finding.escalated.v1": "督办",
    "topic.finding.escalation-received.v1": "签收督办文书",
    "topic.finding.followed-up.v1": "回头看",
    "topic.finding.reopened.v1": "重开",
    "topic.finding.linked.v1": "关联",
}

FIELDS: dict[str, str] = {
    "field.closed_late": "逾期销号",
    "field.days": "计日方式",
    "field.document": "文号",
    "field.due_soon": "临期天数",
    "field.escalations": "督办",
    "field.extension": "待批延期",
    "field.extensions": "延期次数",
    "field.follow_up": "回头看",
    "field.follow_up_after": "回头看间隔",
    "field.kind": "关系",
    "field.level": "督办方式",
    "field.links": "关联问题",
    "field.missed": "曾经逾期",
    "field.off": "放假日",
    "field.other": "另一问题",
    "field.overdue": "逾期天数",
    "field.policy": "规则",
    "field.published": "已公布年份",
    "field.received_by": "签收人",
    "field.received_on": "签收日期",
    "field.result": "回头看结果",
    "field.rounds": "以往轮次",
    "field.rows": "日历内容",
    "field.rule": "时限写法",
    "field.signatures": "销号签批人数",
    "field.single_signature": "一人签批的类别",
    "field.stages": "督办阶梯",
    "field.stages.circular": "“通报”的逾期天数",
    "field.stages.interview": "“约谈”的逾期天数",
    "field.stages.listing": "“挂牌督办”的逾期天数",
    "field.stages.notice": "“提示函”的逾期天数",
    "field.stages.order": "“督办单”的逾期天数",
    "field.start": "起算日",
    "field.provisional": "暂定",
    "field.working": "上班日",
}

WHY: dict[str, str] = {
    "why.overdue": "时限 {due} 已过，逾期 {days} 个{kind:days}。",
    "why.due-soon": "时限 {due}，还剩 {days} 个{kind:days}，在 {within} 个{kind:days}的临期范围之内。",
    "why.missed": "时限 {due}，还剩 {days} 个{kind:days}；但本轮曾经逾期，销号之前一直亮黄灯。",
    "why.in-time": "时限 {due}，还剩 {days} 个{kind:days}，多于 {within} 个{kind:days}的临期范围。",
    "why.sustained": "属“长期坚持”，不计逾期；下一次复查日期：{review}。",
    "why.no-deadline": "现为“{state:state}”，还没有整改时限。",
    "why.ended": "“{state:state}”，于 {on} 办结，不再计时。",
    "why.closed-late": "“{state:state}”，于 {on} 办结；本轮曾经超过时限，属逾期销号。",
    "why.by-date": "时限由交办或延期时直接定为 {due}。",
    "why.by-reviews": "交办时定的复查日：{days:list}。",
    "why.by-rule": "时限按“{rule}”从 {start} 起算（当日不计）得 {due}，依据日历 {calendar}。",
    "why.provisional": "日历 {calendar} 尚未公布时限所跨的全部年份，此日期为暂定。",
    "why.original": "原定时限为 {due}，一直保留。",
    "why.extended": "本轮已同意延期 {count} 次。",
    "why.extension-waits": "已申请延期至 {due}，待督导办答复；答复之前仍按现时限判定。",
}

TODO: dict[str, str] = {
    "todo.assign": "尚未交办，请交办给责任单位。",
    "todo.acknowledge": "已经交办，等候责任单位签收。",
    "todo.verify": "已申请销号，请核查。",
    "todo.close": "核查认定整改到位，请审批销号。",
    "todo.return": "核查未认定整改到位，请退回或重新核查。",
    "todo.reopen": "回头看发现反弹，请重开。",
    "todo.follow-up": "{closed_on} 销号，已到回头看的日子。",
    "todo.extension": "申请延期至 {due}，请答复。",
    "todo.escalate": "已逾期 {days} 个{kind:days}，按规则应当“{level:level}”。",
    "todo.review": "{on} 已到复查日期，请反馈进展。",
}

REFUSALS: dict[str, str] = {
    "acknowledge.first": "问题 {number} 属“{finding_class:class}”，须先签收并列出措施，才能办理“{command:step}”；只有“立行立改”可以不经签收。",
    "due.reviews": "问题 {number} 不属“长期坚持”，时限不能只是复查日期；请给出日期或天数。",
    "escalate.document-taken": "问题 {number} 本轮已有文号“{document}”；请换一个文号，或不填而由台账编号。",
    "extend.cap": "问题 {number} 本轮已延期 {granted} 次，规则最多允许 {cap} 次，不能再申请延期。",
    "extend.no-deadline": "问题 {number} 没有会逾期的时限，不能申请延期；只有定了时限且不属“长期坚持”的问题可以。",
    "extend.none": "问题 {number} 没有待批的延期申请；须先由责任单位申请延期。",
    "extend.not-later": "问题 {number} 的新时限 {due} 不晚于现时限 {current}；延期须定在 {current} 之后。",
    "extend.too-late": "问题 {number} 的时限 {due} 在 {on} 已过；延期须在到期当日或之前申请。",
    "extend.waiting": "问题 {number} 已有一份延期至 {due} 的申请待批；须待督导办答复后才能再申请。",
    "link.itself": "问题 {number} 不能与自身关联；请给出另一个问题的编号。",
    "link.known": "问题 {number} 与 {other} 已有“{kind:link}”关联；可换一种关系，或关联别的问题。",
    "policy.calendar": "没有“{calendar}”这个日历；可选：{allowed}。",
    "policy.command": "“{command}”不是可以另定角色的步骤；可选：{allowed}。",
    "policy.no-role": "“{command:step}”至少要有一个角色可以办理；可选：{allowed:role}。",
    "policy.number": "“{field:field}”不能是 {value}；应为 {least} 至 {most}。",
    "receive.none": "问题 {number} 没有待签收的督办文书；督导办发出文书后才能签收。",
    "receive.unknown": "问题 {number} 没有待签收的文书“{document}”；待签收的有：{allowed}。",
    "reopen.no-relapse": "问题 {number} 没有发现反弹的回头看，不能重开；须先由督导员回头看，结果为“问题反弹”。",
    "reopen.own-follow-up": "{person} 做了问题 {number} 的回头看，不能再由其批准重开；请换一名销号审批人。",
    "request.measures-planned": "问题 {number} 的措施在签收时已经列出，申请销号时不能另列；请用“调整措施”修改。",
    "when.future": "时刻“{value}”还没有到；请给出现在或以前的时刻。",
    "when.malformed": "时刻“{value}”看不懂；可以这样写：{allowed}。",
    "when.no-event": "没有事件 #{index}；最后一条是 #{last}。",
    "when.order": "“{earlier}”不在“{later}”之前；请先给较早的时刻，再给较晚的。",
}

MESSAGES: dict[str, str] = {**VOCABULARY, **STEPS, **TOPICS, **FIELDS, **WHY, **TODO, **REFUSALS}
