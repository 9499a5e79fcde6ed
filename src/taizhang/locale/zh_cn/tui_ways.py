"""Owns the Chinese sentences of the ways of working in the terminal, and of its configuration. It must not know a rule or a screen."""

from __future__ import annotations

CONFIG: dict[str, str] = {
    "cli.help.config": "配置文件：查看、检查",
    "cli.help.config.show": "列出全部设置、现值及其来源",
    "cli.help.config.validate": "检查配置文件，逐条指出错误",
    "config.at": "配置文件：{path}",
    "config.none": "没有配置文件；需要时写在 {path}。",
    "config.valid": "配置文件 {path} 没有问题。",
    "config.from.option": "命令行",
    "config.from.environment": "环境变量",
    "config.from.file": "配置文件",
    "config.from.default": "默认",
    "config.unknown": "{place}：没有“{setting}”这项设置；可用的有：{allowed}。",
    "config.text": "{place}：“{setting}”应是用引号括起的文本。",
    "config.table": "{place}：“{setting}”应写成一个表，以 [{setting}] 开头。",
    "config.tables": "{place}：“{setting}”应写成一组表，每个以 [[{setting}]] 开头。",
    "config.choice": "{place}：“{setting}”不能是“{value}”；可用的有：{allowed}。",
    "config.template-name": '{place}：模板要有名称，请写 name = "…"。',
    "config.key-id": "{place}：没有“{setting}”这个动作；同一处的有：{allowed}。",
    "config.key-shape": '{place}：“{setting}”应是一个键或几个键，如 "{example}" 或 ["{example}", "f9"]。',
    "config.key-unknown": "{place}：“{setting}”中的“{value}”不是终端能送来的键；"
    "可写单个字符、enter、esc、space、tab、home、pgup、up、f1 至 f12，前面可加 ctrl+、alt+、shift+。",
    "config.key-typed": "{place}：在“{setting}”的地方，“{value}”是要输入的字；请改用 ctrl+、alt+、功能键等。",
    "config.key-needed": "{place}：“{setting}”至少要有一个键，否则退不出来。",
    "config.key-twice": "{place}：“{setting}”的 {key} 在同一处已用于“{other}”；请换一个键，或同时改“{other}”。",
}

MEMORY: dict[str, str] = {
    "memory.unkept": "{path} 写不进去（{detail}）：{what:memory}不会留到下次。",
    "memory.filters": "筛选历史",
    "memory.views": "常用视图",
    "memory.drafts": "草稿",
}

THEMES: dict[str, str] = {
    "tui.theme.dark": "深色。",
    "tui.theme.light": "浅色。",
    "tui.theme.contrast": "高对比。",
    "tui.theme.plain": "无色：只用粗体、反显和下划线。",
}

PALETTE: dict[str, str] = {
    "tui.key.app.palette": "命令",
    "tui.tip.app.palette": "按名称、拼音或编号找到任何动作、画面和问题。",
    "tui.palette": "命令",
    "tui.palette.hint": "动作、画面的名称或拼音，或问题的编号、关键词",
    "tui.palette.list": "在问题清单",
    "tui.palette.finding": "打开问题",
}

FILTER: dict[str, str] = {
    "tui.filter.recent": "最近用过",
    "tui.key.search.complete": "补全",
    "tui.key.search.next": "下一条",
    "tui.key.search.previous": "上一条",
    "tui.tip.search.complete": "采用光标所在（或第一条）的建议：字段名、字段值或用过的筛选。",
    "tui.tip.search.next": "到下一条建议；没有建议时回到清单。",
    "tui.tip.search.previous": "到上一条建议。",
}

VIEWS: dict[str, str] = {
    "tui.place.views": "常用视图",
    "tui.place.naming": "给视图起名",
    "tui.key.list.views": "视图",
    "tui.key.list.save-view": "存视图",
    "tui.key.views.drop": "删除",
    "tui.key.naming.save": "保存",
    "tui.key.naming.leave": "返回",
    "tui.tip.list.views": "选一个存好的视图：筛选条件和排列一起换。",
    "tui.tip.list.save-view": "把现在的筛选条件和排列存成一个视图。",
    "tui.tip.views.drop": "删去光标所在的视图；台账不受影响。",
    "tui.tip.naming.save": "按这个名称保存；同名的要按两次。",
    "tui.tip.naming.leave": "不保存，回到清单。",
    "tui.views": "常用视图",
    "tui.views.view": "视图",
    "tui.views.hint": "输入视图名称",
    "tui.views.none": "还没有常用视图；筛选、排好之后用“存视图”保存。",
    "tui.views.all": "全部问题",
    "tui.views.save": "存成视图",
    "tui.views.name": "视图名称",
    "tui.views.nameless": "请给视图起个名称。",
    "tui.views.taken": "已有“{name}”；再按一次就替换它。",
    "tui.views.shown": "视图“{name}”。",
    "tui.views.saved": "已存成视图“{name}”，用 {views} 选用。",
}

BULK: dict[str, str] = {
    "tui.place.marks": "标记与跳转",
    "tui.place.bulk": "批量办理",
    "tui.key.marks.mark": "标记",
    "tui.key.marks.jump": "跳转",
    "tui.key.list.mark-all": "全标",
    "tui.key.bulk.step": "选步骤",
    "tui.key.bulk.run": "执行",
    "tui.tip.marks.mark": "给光标所在的问题加上或去掉标记，光标下移。",
    "tui.tip.marks.jump": "给看得见的每一条标上字母，按字母就跳过去。",
    "tui.tip.list.mark-all": "给这张清单里的问题全部加上标记；再按去掉。",
    "tui.tip.bulk.step": "选一步，给全部标记的问题办理。",
    "tui.tip.bulk.run": "逐条办理，逐条说明结果。",
    "tui.marks": "已标 {count}",
    "tui.marks.many": "一次最多标记 {most} 条；请先筛选。",
    "tui.bulk": "批量办理",
    "tui.bulk.pick": "办理哪一步",
    "tui.bulk.able": "{able} / {count} 条可办",
    "tui.bulk.none": "标记的问题都被筛去了，一条也不会办理。",
    "tui.bulk.no-step": "没有一步是这些问题当中任何一条现在能由此人办理的。",
    "tui.bulk.hidden": "另有 {count} 条标记的被筛去，不会办理。",
    "tui.bulk.choose": "以下 {count} 条；按 {step} 选要办的步骤。",
    "tui.bulk.ready": "将对 {count} 条办理“{step}”，{barred} 条不能办；按 {run} 执行。",
    "tui.bulk.done": "“{step}”：已办 {done} 条，未办 {left} 条。",
    "tui.bulk.recorded": "已入账 #{index}",
    "tui.bulk.changed": "这条问题在列出之后有了变动，没有办理；请看过再办。",
}

ENTRY: dict[str, str] = {
    "tui.key.list.quick": "快速登记",
    "tui.tip.list.quick": "按模板或照上一条登记：来源、类别等已填好，只写问题。",
    "tui.key.form.restore": "取回草稿",
    "tui.tip.form.restore": "取回上次没有入账的内容。",
    "tui.quick": "快速登记",
    "tui.quick.hint": "模板名称",
    "tui.quick.last": "照上一条",
    "tui.form.draft": "这张表 {at} 有没入账的草稿；按 {restore} 取回。",
    "tui.form.no-draft": "没有可取回的草稿。",
    "tui.form.restored": "已取回草稿，请核对后入账。",
    "memory.last-entry": "上一条登记的内容",
}

MESSAGES: dict[str, str] = {**ENTRY, **BULK, **VIEWS, **FILTER, **PALETTE, **THEMES, **CONFIG, **MEMORY}
