"""Owns the English sentences of the screens beyond the list, and of the commands that say the same. It must not know a screen."""

from __future__ import annotations

CLI: dict[str, str] = {
    "cli.help.audit": "the events of the whole ledger, newest first; with an index, that one in full",
    "cli.help.finding.blame": "which event set each value of a finding",
    "cli.arg.index": "index of an event (17 or #17); left out, the events of the whole ledger are listed",
    "cli.meta.index": "INDEX",
    "cli.meta.audit.person": "ID",
    "cli.audit.same": "same account",
    "cli.arg.audit.person": "only what this person recorded",
    "cli.arg.audit.number": "only the events of this finding",
    "cli.audit.index": "Index",
    "cli.audit.recorded": "Recorded",
    "cli.audit.event": "Event",
    "cli.audit.actor": "Who",
    "cli.audit.through": "Through",
    "cli.audit.empty": "No event matches.",
    "cli.audit.cut": "The latest {shown} of {total} events; --limit 0 lists all.",
    "cli.blame.field": "What",
    "cli.blame.value": "Value",
    "cli.blame.on": "Happened",
    "usage.event": "“{value}” is no index of an event; write it like 17 or #17.",
}

SCREEN: dict[str, str] = {
    "tui.audit": "audit",
    "tui.audit.one": "This event",
    "tui.audit.index": "Index",
    "tui.audit.recorded": "Recorded",
    "tui.audit.event": "Event",
    "tui.audit.number": "Number",
    "tui.audit.actor": "Who",
    "tui.audit.through": "Through",
    "tui.audit.hint": "a person or a number",
    "tui.audit.count": "{total} events",
    "tui.audit.empty": "No event matches.",
    "tui.place.audit": "Audit",
    "tui.place.event": "One event",
}

KEYS: dict[str, str] = {
    "tui.key.list.audit": "audit",
    "tui.key.audit.open": "open",
    "tui.key.audit.filter": "filter",
    "tui.key.audit.actor": "this person",
    "tui.key.audit.finding": "this finding",
    "tui.key.audit.back": "back",
    "tui.key.event.back": "back",
}

TIPS: dict[str, str] = {
    "tui.tip.list.audit": "Shows every event of the ledger, newest first.",
    "tui.tip.audit.open": "Opens the finding at this event; an event that belongs to no finding is shown by itself.",
    "tui.tip.audit.filter": "Types a name, an id or the number of a finding, to see only its events.",
    "tui.tip.audit.actor": "Shows only what the person of this event recorded.",
    "tui.tip.audit.finding": "Shows only the events of this event's finding.",
    "tui.tip.audit.back": "Shows all events again, then goes back to the screen before.",
    "tui.tip.event.back": "Goes back to the screen before.",
}

MESSAGES: dict[str, str] = {**CLI, **SCREEN, **KEYS, **TIPS}
