"""Owns the English sentences of erasure, of case files, of the check of an export, and of backups. It must not know who shows them."""

from __future__ import annotations

ERASURE: dict[str, str] = {
    "step.person-erase": "erase a person's data",
    "topic.person.erased.v1": "person's data erased",
}

PAGE: dict[str, str] = {
    "check.kept-checkpoint": "agreement with the checkpoint beside it",
    "check.manifest": "agreement with the name, size and root hash in the manifest",
    "case.title": "Case file",
    "case.stands": "The finding",
    "case.happened": "What happened ({count} events)",
    "case.no-evidence": "There is no evidence.",
    "case.inside": "The evidence comes with this case, in the folder evidence; each file is named by its SHA-256.",
    "case.outside": "The evidence does not come with this case; once you have a file, compare its SHA-256.",
    "case.proof": "Proof",
    "case.sealed": "These events all lie within this checkpoint: the ledger then held {size} events, and its key signed their root hash.",
    "case.size": "Events",
    "case.root": "Root hash",
    "case.vkey": "Public key (vkey)",
    "case.verify": "The check needs Python 3.9 or newer, no network and none of this software. Take verify_case.py from where you trust it (the case carries a copy), and run it on the zip itself:",
    "case.key": "Use the public key that you got from the ledger's keepers by another way, not the one on this page: a forger would print his own.",
    "case.by-hand": "It can be checked by hand as well. For the last event, these two lines give the same hash: what its leaf record commits to.",
    "case.proved": "What passes is proved: since the checkpoint was signed, the content, the order and the times of these events were not altered, and none was put in between or exchanged.",
    "case.not-proved": "Not proved: that what was recorded is true; that no event followed; the wording of this page (the ledger signed it, for reading; the events count) and the names of people and units (from the ledger's register).",
    "case.no-date": "no date",
    "case.named": "{name} ({id})",
}

HELP: dict[str, str] = {
    "cli.help.person.erase": "erase a person's data (the name) for good; events, proofs and the id stay",
    "cli.arg.person.erase.grounds": "on what ground; kept in the event",
    "cli.help.ledger.backup": "back the ledger up, also while it is in use, evidence included, into one file",
    "cli.help.ledger.restore": "verify a backup and restore it into a folder; a ledger that is there is set aside",
    "cli.help.casefile": "write the case file of one finding: events, evidence, proofs and a page to read, to be verified offline",
    "cli.help.verify-case": "verify a case file; no ledger is needed",
    "cli.help.verify-export": "say whether this ledger would give an exported table again, and what differs",
    "cli.arg.older": "replace the ledger that is there even if it is newer, or can no longer be read",
    "cli.arg.with_key": "put the signing key in as well; whoever has the backup can then sign as the ledger",
    "cli.arg.no_evidence": "put in the hashes of the evidence, not the files",
    "cli.arg.vkey": "the ledger's public key, from where you trust it; also those of witnesses",
    "cli.arg.ledger.restore.file": "the backup",
    "cli.arg.verify-case.file": "the case file",
    "cli.arg.verify-export.file": "an exported xlsx, docx, csv, json or md file",
    "cli.arg.ledger.restore.to": "the folder to restore into; by default that of --ledger",
    "cli.meta.vkey": "KEY",
}

TALK: dict[str, str] = {
    "cli.backed-up": "Backed up {size} events: {files} files, {bytes} bytes.",
    "cli.backup-damaged": "Note: {count} pieces of evidence were damaged before this backup; the first should have the SHA-256 {sha256}. Find out by ledger verify.",
    "cli.backup-key": "Note: the signing key is in the backup; whoever has it can sign as the ledger. Keep it safe.",
    "cli.restoring": "Restoring: {done}/{total}",
    "cli.restored": "Restored {size} events (backed up {made_at}), root hash {root}; compare it with a checkpoint that you hold.",
    "cli.restore-replaced": "The ledger that was there is now {path}.",
    "cli.restore-lost": "Note: it had {count} more events than the backup; they are only in what was set aside.",
    "cli.restore-evidence": "Note: evidence is missing or not what its hash says, and was so before the backup was made. Find out by ledger verify.",
    "cli.case-written": "The case file of finding {number} is written: {events} events, {evidence} pieces of evidence, sealed by the checkpoint of {size} events.",
    "cli.export-folding": "Replaying: {done}/{total}",
    "cli.export-same": "The same: as of event #{index} this ledger gives this table again ({rows} rows), root hash {root}",
    "cli.export-differs": "Not the same: {count} differences, {shown} of them above; the table is as of event #{index}.",
    "cli.export-blank": "(empty)",
    "cli.export-difference.cell": "{place}  {number} {column}: the file has “{found}”, the ledger gives “{expected}”",
    "cli.export-difference.missing": "missing row: {number}",
    "cli.export-difference.extra": "{place}  extra row: {number}",
    "cli.export-difference.order": "the order of the rows differs",
    "cli.export-difference.outside": "{place}: the file has “{found}”, the ledger gives “{expected}”",
    "cli.export-difference.other": "the file also holds: {found}",
}

REFUSALS: dict[str, str] = {
    "person.erased": "The data of person {person} was erased and cannot be changed any more; register them anew under another id.",
    "backup.altered": "The backup {path} was altered: “{name}” is not what its manifest lists; use another backup.",
    "backup.changing": "“{name}” changed while it was being backed up; try again.",
    "backup.malformed": "{path} is no backup, or was altered at byte {at}; use another backup.",
    "backup.no-key": "The ledger {ledger} has no signing key signing.key; leave out --with-key, or back the key up by itself.",
    "backup.truncated": "The backup {path} is cut short, its end is missing; use another backup.",
    "backup.unreadable": "The backup {path} cannot be read: {detail:os}; check the file and its permissions.",
    "backup.unsound": "The ledger in the backup {path} does not verify, nothing was restored; what does not hold: {checks:check}.",
    "case.refused": "The case file {path} does not hold: {reason}",
    "case.tampered": "The events of finding {number} are not what the ledger sealed ({check}), so no case file was written; find out by ledger verify.",
    "case.too-large": "The case of finding {number} is too large for one file; give --no-evidence, to put in the hashes of its evidence alone.",
    "export.ahead": "{path} is as of event #{index}, but this ledger ends at #{head}: it is an older copy, or the table is of another ledger.",
    "export.foreign": "{path} is of the ledger “{found}”, not of this one, “{origin}”; name the right one by --ledger.",
    "export.no-stamp": "{path} bears no mark of its export, so it cannot be checked; give an xlsx, docx, csv, json or md file that this software exported, with its mark.",
    "export.root": "{path} has the root hash {found} as of event #{index}, where this ledger has {root}: the mark was altered, or the ledger's history is not what it was at the export; find out by ledger verify.",
    "export.stamp-malformed": "The mark of the export, “{found}”, was altered, or is of a newer version of the program.",
    "export.unreadable": "{path} is no table that can be checked: {detail:os}; give an xlsx, docx, csv, json or md file that this software exported.",
    "case.unreadable": "{path} cannot be read: {detail:os}; check the file and its permissions.",
    "restore.foreign": "{path} holds the ledger “{origin}”, the backup is of “{found}”; restore into another folder.",
    "restore.forked": "From event #{index} on the ledger in {path} and the backup are two different histories, so neither can replace the other; restore into another folder and find out which is true.",
    "restore.older": "The backup has {size} events, the ledger in {path} already {known}; restoring would lose what came later. If that is meant, give --older (the ledger is set aside, not deleted).",
    "restore.unreadable": "The ledger in {path} can no longer be read ({detail}), so nobody can say whether it is newer than the backup; to replace it all the same, give --older (it is set aside, not deleted).",
}

MESSAGES: dict[str, str] = {**ERASURE, **PAGE, **HELP, **TALK, **REFUSALS}
