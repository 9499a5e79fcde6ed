"""Owns the English sentences of the ways of working in the terminal, and of its configuration. It must not know a rule or a screen."""

from __future__ import annotations

CONFIG: dict[str, str] = {
    "cli.help.config": "the configuration file: show, check",
    "cli.help.config.show": "print every setting, its value and where it comes from",
    "cli.help.config.validate": "check the configuration file and name every mistake",
    "config.at": "Configuration file: {path}",
    "config.none": "There is no configuration file; it would be {path}.",
    "config.valid": "The configuration file {path} is right.",
    "config.from.option": "command line",
    "config.from.environment": "environment",
    "config.from.file": "file",
    "config.from.default": "default",
    "config.unknown": "{place}: there is no setting “{setting}”; there are: {allowed}.",
    "config.text": "{place}: “{setting}” must be a text in quotes.",
    "config.table": "{place}: “{setting}” must be a table that begins with [{setting}].",
    "config.tables": "{place}: “{setting}” must be tables that each begin with [[{setting}]].",
    "config.choice": "{place}: “{setting}” cannot be “{value}”; it can be: {allowed}.",
    "config.template-name": '{place}: a template needs a name; write name = "…".',
    "config.key-id": "{place}: there is no action “{setting}”; in the same place there are: {allowed}.",
    "config.key-shape": '{place}: “{setting}” must be a key or several, like "{example}" or ["{example}", "f9"].',
    "config.key-unknown": "{place}: “{value}” in “{setting}” is no key that a terminal sends; write a single character, "
    "enter, esc, space, tab, home, pgup, up, f1 to f12, with ctrl+, alt+ or shift+ before it.",
    "config.key-typed": "{place}: where “{setting}” holds, “{value}” is text that one types; use ctrl+, alt+ or a function key.",
    "config.key-needed": "{place}: “{setting}” needs at least one key, or nobody can leave.",
    "config.key-twice": "{place}: {key} of “{setting}” already calls “{other}” in the same place; take another key, or change “{other}” too.",
}

MEMORY: dict[str, str] = {
    "memory.unkept": "{path} cannot be written ({detail}): {what:memory} will not be kept.",
    "memory.filters": "the history of filters",
    "memory.views": "saved views",
    "memory.drafts": "drafts",
}

THEMES: dict[str, str] = {
    "tui.theme.dark": "Dark.",
    "tui.theme.light": "Light.",
    "tui.theme.contrast": "High contrast.",
    "tui.theme.plain": "No colour: bold, reverse and underline alone.",
}

PALETTE: dict[str, str] = {
    "tui.key.app.palette": "commands",
    "tui.tip.app.palette": "Finds every action, screen and finding by name, pinyin or number.",
    "tui.palette": "Commands",
    "tui.palette.hint": "an action or a screen, by name or pinyin, or a finding by number or words",
    "tui.palette.list": "in the list",
    "tui.palette.finding": "open finding",
}

FILTER: dict[str, str] = {
    "tui.filter.recent": "used lately",
    "tui.key.search.complete": "complete",
    "tui.key.search.next": "next",
    "tui.key.search.previous": "previous",
    "tui.tip.search.complete": "Takes the suggestion that is chosen, or the first: a field, a value, or a filter used before.",
    "tui.tip.search.next": "Chooses the next suggestion; without any, goes back to the list.",
    "tui.tip.search.previous": "Chooses the suggestion before.",
}

VIEWS: dict[str, str] = {
    "tui.place.views": "Saved views",
    "tui.place.naming": "Naming a view",
    "tui.key.list.views": "views",
    "tui.key.list.save-view": "save view",
    "tui.key.views.drop": "delete",
    "tui.key.naming.save": "save",
    "tui.key.naming.leave": "back",
    "tui.tip.list.views": "Chooses a saved view: its filter and its order at once.",
    "tui.tip.list.save-view": "Saves the present filter and order as a view.",
    "tui.tip.views.drop": "Deletes the view below the cursor; the ledger is not touched.",
    "tui.tip.naming.save": "Saves under this name; pressed twice where the name is given.",
    "tui.tip.naming.leave": "Saves nothing and goes back to the list.",
    "tui.views": "Saved views",
    "tui.views.view": "view",
    "tui.views.hint": "name of a view",
    "tui.views.none": "No view is saved yet; filter and order the list, then save it as a view.",
    "tui.views.all": "all findings",
    "tui.views.save": "Save as a view",
    "tui.views.name": "name of the view",
    "tui.views.nameless": "A view needs a name.",
    "tui.views.taken": "There is a view “{name}”; press once more to replace it.",
    "tui.views.shown": "View “{name}”.",
    "tui.views.saved": "Saved as view “{name}”; {views} chooses it.",
}

BULK: dict[str, str] = {
    "tui.place.marks": "Marks and jumps",
    "tui.place.bulk": "Steps for several findings",
    "tui.key.marks.mark": "mark",
    "tui.key.marks.jump": "jump",
    "tui.key.list.mark-all": "mark all",
    "tui.key.bulk.step": "step",
    "tui.key.bulk.run": "run",
    "tui.tip.marks.mark": "Marks the finding below the cursor, or takes its mark away, and moves down.",
    "tui.tip.marks.jump": "Puts a letter on every row in sight; that letter goes there.",
    "tui.tip.list.mark-all": "Marks all findings of this list; once more takes the marks away.",
    "tui.tip.bulk.step": "Chooses the step that all marked findings are to take.",
    "tui.tip.bulk.run": "Takes the step finding by finding, and says what became of each.",
    "tui.marks": "{count} marked",
    "tui.marks.many": "At most {most} can be marked at once; filter first.",
    "tui.bulk": "Several findings",
    "tui.bulk.pick": "Which step",
    "tui.bulk.able": "{able} of {count} can take it",
    "tui.bulk.none": "The filter hides all marked findings; none will be touched.",
    "tui.bulk.no-step": "There is no step that this person can take with any of these findings now.",
    "tui.bulk.hidden": " Another {count} marked are hidden by the filter and will not be touched.",
    "tui.bulk.choose": "These {count}; {step} chooses the step.",
    "tui.bulk.ready": "“{step}” for {count}, {barred} cannot take it; {run} runs it.",
    "tui.bulk.done": "“{step}”: {done} done, {left} not.",
    "tui.bulk.recorded": "recorded as #{index}",
    "tui.bulk.changed": "This finding changed after the list was made and was not touched; look at it again.",
}

ENTRY: dict[str, str] = {
    "tui.key.list.quick": "quick entry",
    "tui.tip.list.quick": "Logs a finding after a template or the last one: source, category and so on stand there, only the problem is typed.",
    "tui.key.form.restore": "draft",
    "tui.tip.form.restore": "Brings back what was typed the last time and not recorded.",
    "tui.quick": "Quick entry",
    "tui.quick.hint": "name of a template",
    "tui.quick.last": "as the last one",
    "tui.form.draft": "This form has a draft of {at} that was not recorded; {restore} brings it back.",
    "tui.form.no-draft": "There is no draft to bring back.",
    "tui.form.restored": "The draft is back; look it over, then record it.",
    "memory.last-entry": "the last finding as a template",
}

MESSAGES: dict[str, str] = {**ENTRY, **BULK, **VIEWS, **FILTER, **PALETTE, **THEMES, **CONFIG, **MEMORY}
