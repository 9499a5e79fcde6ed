"""Owns the English words of a finding's later life: policy, calendars, extensions, escalation, rounds, reasons, suggestions.

It must not know who shows them. `why.*` are the reasons of a colour, `todo.*` what the policy calls for.
"""

from __future__ import annotations

VOCABULARY: dict[str, str] = {
    "level.notice": "reminder notice",
    "level.order": "supervision order",
    "level.interview": "interview",
    "level.circular": "circular",
    "level.listing": "public listing",
    "result.holds": "holds",
    "result.relapsed": "relapsed",
    "link.related": "related to",
    "link.duplicate_of": "duplicate of",
    "link.successor_of": "successor of",
    "days.working": "working days",
    "days.calendar": "calendar days",
}

STEPS: dict[str, str] = {
    "step.plan": "revise the plan",
    "step.extend": "ask for an extension",
    "step.grant": "grant the extension",
    "step.refuse": "refuse the extension",
    "step.remind": "escalate",
    "step.list-publicly": "list publicly",
    "step.receive": "receive a document",
    "step.follow-up": "follow up",
    "step.reopen": "reopen",
    "step.link": "link",
    "step.policy-set": "set the policy",
    "step.calendar-adopt": "adopt a calendar",
    "step.calendar-correct": "correct a calendar",
}

TOPICS: dict[str, str] = {
    "topic.policy.set.v1": "set the policy",
    "topic.calendar.adopted.v1": "adopted a calendar",
    "topic.finding.plan-revised.v1": "revised the plan",
    "topic.finding.extension-requested.v1": "asked for an extension",
    "topic.finding.extension-granted.v1": "granted the extension",
    "topic.finding.extension-refused.v1": "refused the extension",
    "topic.finding.escalated.v1": "escalated",
    "topic.finding.escalation-received.v1": "received a document",
    "topic.finding.followed-up.v1": "followed up",
    "topic.finding.reopened.v1": "reopened",
    "topic.finding.linked.v1": "linked",
}

FIELDS: dict[str, str] = {
    "field.closed_late": "closed late",
    "field.days": "days counted",
    "field.document": "document",
    "field.due_soon": "days of warning",
    "field.escalations": "escalations",
    "field.extension": "extension asked for",
    "field.extensions": "extensions",
    "field.follow_up": "follow-up",
    "field.follow_up_after": "days to follow-up",
    "field.kind": "relation",
    "field.level": "level",
    "field.links": "links",
    "field.missed": "once overdue",
    "field.off": "days off",
    "field.other": "other finding",
    "field.overdue": "days overdue",
    "field.policy": "policy",
    "field.published": "published years",
    "field.received_by": "received by",
    "field.received_on": "received on",
    "field.result": "result",
    "field.rounds": "earlier rounds",
    "field.rows": "rows of the calendar",
    "field.rule": "rule",
    "field.signatures": "signatures",
    "field.single_signature": "one signature for",
    "field.stages": "stages of escalation",
    "field.stages.circular": "days overdue for a circular",
    "field.stages.interview": "days overdue for an interview",
    "field.stages.listing": "days overdue for a public listing",
    "field.stages.notice": "days overdue for a reminder notice",
    "field.stages.order": "days overdue for a supervision order",
    "field.start": "counted from",
    "field.provisional": "provisional",
    "field.working": "working days",
}

WHY: dict[str, str] = {
    "why.overdue": "It was due on {due} and is {days} {kind:days} overdue.",
    "why.due-soon": "It is due on {due}, {days} {kind:days} from now, within the warning of {within} {kind:days}.",
    "why.missed": "It is due on {due}, {days} {kind:days} from now, but was overdue once in this round and stays yellow until it is closed.",
    "why.in-time": "It is due on {due}, {days} {kind:days} from now, more than the warning of {within} {kind:days}.",
    "why.sustained": "It is sustained and never overdue; its next review: {review}.",
    "why.no-deadline": "It is “{state:state}” and has no deadline yet.",
    "why.ended": "It ended as “{state:state}” on {on} and is no longer counted.",
    "why.closed-late": "It ended as “{state:state}” on {on}, and a deadline had passed in that round: closed late.",
    "why.by-date": "The deadline {due} was given as a date.",
    "why.by-reviews": "Its review dates were set as {days:list}.",
    "why.by-rule": "The rule “{rule}” counted from {start}, that day not included, gives {due} by the calendar {calendar}.",
    "why.provisional": "The calendar {calendar} does not know every year on the way, so the date is provisional.",
    "why.original": "The original deadline was {due} and is kept for ever.",
    "why.extended": "Extensions granted in this round: {count}.",
    "why.extension-waits": "An extension to {due} was asked for; until the office answers, the present deadline counts.",
}

TODO: dict[str, str] = {
    "todo.assign": "It is not assigned yet; assign it to a unit.",
    "todo.acknowledge": "It is assigned and waits for the unit to acknowledge it.",
    "todo.verify": "Closure was requested; verify it.",
    "todo.close": "It was verified as effective; approve its closure.",
    "todo.return": "The verification did not find it effective; return it, or verify it again.",
    "todo.reopen": "The follow-up found a relapse; reopen it.",
    "todo.follow-up": "It was closed on {closed_on} and is due for its follow-up.",
    "todo.extension": "An extension to {due} was asked for; answer it.",
    "todo.escalate": "It is {days} {kind:days} overdue; the policy calls for this step: {level:level}.",
    "todo.review": "Its review of {on} has come; report progress.",
}

REFUSALS: dict[str, str] = {
    "acknowledge.first": "{number} is {finding_class:class} and must be acknowledged before anybody can {command:step}; only an immediate finding goes without.",
    "due.reviews": "{number} is not sustained, so review dates alone are no deadline; give a date or a number of days.",
    "escalate.document-taken": "{number} has a document “{document}” in this round already; choose another number, or leave it out and the ledger deals one.",
    "extend.cap": "{number} was granted {granted} extensions in this round and the policy allows {cap}; it cannot be extended again.",
    "extend.no-deadline": "{number} has no deadline that could be missed; only a finding with one, and not a sustained one, can be extended.",
    "extend.none": "No extension of {number} waits for an answer; its unit has to ask for one first.",
    "extend.not-later": "The new deadline {due} of {number} is no later than the present one; it must lie after {current}.",
    "extend.too-late": "{number} was due on {due}, which had passed on {on}; an extension must be asked for by the day it is due.",
    "extend.waiting": "An extension of {number} to {due} waits for an answer; another can be asked for after that.",
    "link.itself": "{number} cannot be linked to itself; name another finding.",
    "link.known": "{number} is linked to {other} as “{kind:link}” already; another relation or another finding is possible.",
    "policy.calendar": "There is no calendar “{calendar}”; possible are: {allowed}.",
    "policy.command": "“{command}” is no step whose roles can be set; possible are: {allowed}.",
    "policy.no-role": "At least one role must be able to {command:step}; possible are: {allowed:role}.",
    "policy.number": "The {field:field} cannot be {value}; possible are {least} to {most}.",
    "receive.none": "No document about {number} waits to be received; the office has to issue one first.",
    "receive.unknown": "No document “{document}” about {number} waits to be received; these do: {allowed}.",
    "reopen.no-relapse": "No follow-up found a relapse of {number}, so it cannot be reopened; an inspector must follow up with the result “relapsed” first.",
    "reopen.own-follow-up": "{person} followed up on {number} and cannot approve its reopening as well; another approver must.",
    "request.measures-planned": "The measures of {number} were planned when it was acknowledged and cannot be given again; revise the plan instead.",
    "when.future": "The moment “{value}” has not come yet; give the present or an earlier one.",
    "when.malformed": "The moment “{value}” is not understood; write it like one of these: {allowed}.",
    "when.no-event": "There is no event #{index}; the last one is #{last}.",
    "when.order": "“{earlier}” does not come before “{later}”; give the earlier moment first.",
}

MESSAGES: dict[str, str] = {**VOCABULARY, **STEPS, **TOPICS, **FIELDS, **WHY, **TODO, **REFUSALS}
