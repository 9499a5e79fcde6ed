"""Owns the Chinese sentences of the screens beyond the list, and of the commands that say the same. It must not know a screen."""

from __future__ import annotations

CLI: dict[str, str] = {
    "cli.help.audit": "全账的事件，由新到旧；给出序号则显示那一条的全文",
    "cli.help.finding.blame": "一个问题的每个值由哪条事件定下",
    "cli.arg.audit.reference": "事件序号（17 或 #17）；不填则列出全账的事件",
    "cli.arg.audit.person": "只看此人入账的事件",
    "cli.arg.audit.number": "只看这个问题的事件",
    "cli.meta.audit.reference": "序号",
    "cli.meta.audit.person": "代号",
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

MESSAGES: dict[str, str] = {**CLI}
