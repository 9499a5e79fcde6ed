"""Owns the English sentences of the screens beyond the list, and of the commands that say the same. It must not know a screen."""

from __future__ import annotations

CLI: dict[str, str] = {
    "cli.help.audit": "the events of the whole ledger, newest first; with an index, that one in full",
    "cli.help.finding.blame": "which event set each value of a finding",
    "cli.arg.audit.reference": "index of an event (17 or #17); left out, the events of the whole ledger are listed",
    "cli.arg.audit.person": "only what this person recorded",
    "cli.arg.audit.number": "only the events of this finding",
    "cli.meta.audit.reference": "INDEX",
    "cli.meta.audit.person": "ID",
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

MESSAGES: dict[str, str] = {**CLI}
