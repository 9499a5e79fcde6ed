"""Owns the English sentences of the terminal about a finding's later life and the past. It must not know a rule or a screen."""

from __future__ import annotations

KEYS: dict[str, str] = {
    "tui.key.list.why": "why",
    "tui.key.list.todo": "today",
    "tui.key.list.figures": "figures",
    "tui.key.list.moment": "moment",
    "tui.key.page.why": "why",
    "tui.key.page.moment": "moment",
    "tui.key.reasons.back": "back",
    "tui.key.worklist.mine": "mine/all",
    "tui.key.figures.by": "group",
    "tui.key.figures.count": "count",
    "tui.key.figures.count-back": "count before",
    "tui.key.moment.show": "show",
    "tui.key.moment.leave": "back",
}

TIPS: dict[str, str] = {
    "tui.tip.list.why": "Says why the finding below the cursor has its colour.",
    "tui.tip.list.todo": "Shows what today calls for; it suggests, people decide.",
    "tui.tip.list.figures": "Shows the closure figures; each count opens the list behind it.",
    "tui.tip.list.moment": "Shows the ledger as it stood at a moment; the past can be read, not changed.",
    "tui.tip.page.why": "Says why this finding has its colour.",
    "tui.tip.page.moment": "Shows this finding as it stood at a moment; the past can be read, not changed.",
    "tui.tip.reasons.back": "Goes back to the screen before.",
    "tui.tip.worklist.mine": "Shows only what you may do, or everything.",
    "tui.tip.figures.by": "Groups otherwise: unit, category, source, class, month, programme.",
    "tui.tip.figures.count": "Chooses the next count; Enter opens the list behind it.",
    "tui.tip.figures.count-back": "Chooses the count before.",
    "tui.tip.moment.show": "Shows that moment; an empty text is the present.",
    "tui.tip.moment.leave": "Leaves the moment as it is.",
}

SCREEN: dict[str, str] = {
    "tui.past": "past {when} ({today})",
    "tui.past.refused": "This is the past, where nothing can be done; press t and clear the moment to come back to the present.",
    "tui.moment": "Which moment to show",
    "tui.moment.hint": "2026-06-30, 2026-06-30T17:30 or #120; empty for now",
    "tui.why": "Why it has this colour",
    "tui.todo": "today",
    "tui.todo.since": "since {day}",
    "tui.empty.todo": "Today calls for nothing.",
    "tui.round.told": "round {round}: due {original} at first, then {due}; closed on {closed} by {by}, late: {late}; returns {returns}, extensions {extensions}; reopened on {reopened}",
    "tui.due.form": "a date, 10wd (working days) or 30d",
    "tui.section.escalations": "Escalation",
    "tui.section.follow_up": "Follow-up",
    "tui.section.links": "Links",
    "tui.section.rounds": "Earlier rounds",
    "tui.hint.plan.measures": "one measure a line, all of them as they are to be",
    "tui.hint.request-closure.measures": "immediate findings: what was done, one measure a line",
    "tui.hint.extend.reason": "why it cannot be done in time",
    "tui.hint.remind.document": "left empty, the ledger deals one",
    "tui.hint.list-publicly.document": "left empty, the ledger deals one",
    "tui.hint.receive.document": "left empty, the last one",
    "tui.hint.grant.due": "left empty, the one asked for",
    "tui.hint.link.other": "number of the other finding",
    "tui.due.rule.working": "{days} working days",
    "tui.due.rule.calendar": "{days} calendar days",
    "tui.due.rule.review": "reviews {days}",
    "tui.due.past": "overdue",
    "tui.due.late.working": "{days}wd late",
    "tui.due.late.calendar": "{days}d late",
    "tui.due.left.working": "{days}wd left",
    "tui.due.left.calendar": "{days}d left",
    "tui.place.reasons": "Reasons of a colour",
    "tui.place.worklist": "Today",
    "tui.place.figures": "Figures",
    "tui.place.moment": "Moment",
}

MESSAGES: dict[str, str] = {**SCREEN, **KEYS, **TIPS}
