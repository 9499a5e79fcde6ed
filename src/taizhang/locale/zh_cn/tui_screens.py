"""Owns the Chinese sentences of the screens beyond the list, and of the commands that say the same. It must not know a screen."""

from __future__ import annotations

CLI: dict[str, str] = {
    "cli.help.audit": "全账的事件，由新到旧；给出序号则显示那一条的全文",
    "cli.help.finding.blame": "一个问题的每个值由哪条事件定下",
    "cli.arg.index": "事件序号（17 或 #17）；不填则列出全账的事件",
    "cli.meta.index": "序号",
    "cli.meta.audit.person": "代号",
    "cli.audit.same": "同一账户",
    "cli.arg.audit.person": "只看此人入账的事件",
    "cli.arg.audit.number": "只看这个问题的事件",
    "cli.audit.index": "序号",
    "cli.audit.recorded": "入账",
    "cli.audit.event": "事件",
    "cli.audit.actor": "操作人",
    "cli.audit.through": "途径",
    "cli.audit.empty": "没有符合条件的事件。",
    "cli.audit.cut": "只列出最近 {shown} 条，共 {total} 条；用 --limit 0 列出全部。",
    "cli.blame.field": "项目",
    "cli.blame.value": "值",
    "cli.blame.on": "发生",
    "usage.event": "“{value}”不是事件序号；请写成 17 或 #17。",
}

SCREEN: dict[str, str] = {
    "tui.audit": "审计",
    "tui.audit.one": "这条事件",
    "tui.audit.index": "序号",
    "tui.audit.recorded": "入账时间",
    "tui.audit.event": "事件",
    "tui.audit.number": "编号",
    "tui.audit.actor": "操作人",
    "tui.audit.through": "途径",
    "tui.audit.hint": "输入姓名、代号或编号",
    "tui.audit.count": "共 {total} 条事件",
    "tui.audit.empty": "没有符合条件的事件。",
    "tui.place.audit": "审计",
    "tui.place.event": "一条事件",
}

KEYS: dict[str, str] = {
    "tui.key.list.audit": "审计",
    "tui.key.audit.open": "打开",
    "tui.key.audit.filter": "筛选",
    "tui.key.audit.actor": "只看此人",
    "tui.key.audit.finding": "只看此题",
    "tui.key.audit.back": "返回",
    "tui.key.event.back": "返回",
}

TIPS: dict[str, str] = {
    "tui.tip.list.audit": "查看全账的每一条事件，由新到旧。",
    "tui.tip.audit.open": "打开问题，并停在这条事件上；不属于问题的事件单独显示。",
    "tui.tip.audit.filter": "输入姓名、代号或问题编号，只看有关的事件。",
    "tui.tip.audit.actor": "只看光标所在事件的操作人入账的事件。",
    "tui.tip.audit.finding": "只看光标所在事件的那个问题的事件。",
    "tui.tip.audit.back": "先恢复全部事件，再回到前一个画面。",
    "tui.tip.event.back": "回到前一个画面。",
}

MESSAGES: dict[str, str] = {**CLI, **SCREEN, **KEYS, **TIPS}
