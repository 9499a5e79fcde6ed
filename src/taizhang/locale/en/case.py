"""Owns the English sentences of case files, of the check of an export, and of backups. It must not know who shows them."""

from __future__ import annotations

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

REFUSALS: dict[str, str] = {
    "backup.altered": "The backup {path} was altered: “{name}” is not what its manifest lists; use another backup.",
    "backup.changing": "“{name}” changed while it was being backed up; try again.",
    "backup.malformed": "{path} is no backup, or was altered at byte {at}; use another backup.",
    "backup.no-key": "The ledger {ledger} has no signing key signing.key; leave out --with-key, or back the key up by itself.",
    "backup.truncated": "The backup {path} is cut short, its end is missing; use another backup.",
    "backup.unreadable": "The backup {path} cannot be read: {detail}; check the file and its permissions.",
    "backup.unsound": "The ledger in the backup {path} does not verify, nothing was restored; what does not hold: {checks:check}.",
    "case.refused": "The case file {path} does not hold: {reason}",
    "case.too-large": "The case of finding {number} is too large for one file; give --no-evidence, to put in the hashes of its evidence alone.",
    "export.ahead": "{path} is as of event #{index}, but this ledger ends at #{head}: it is an older copy, or the table is of another ledger.",
    "export.foreign": "{path} is of the ledger “{found}”, not of this one, “{origin}”; name the right one by --ledger.",
    "export.no-stamp": "{path} bears no mark of its export, so it cannot be checked; give a csv, json or xlsx table that this software exported, with the line of its mark.",
    "export.root": "{path} has the root hash {found} as of event #{index}, where this ledger has {root}: the mark was altered, or the ledger's history is not what it was at the export; find out by ledger verify.",
    "export.stamp-malformed": "The mark of the export, “{found}”, was altered, or is of a newer version of the program.",
    "export.unreadable": "{path} is no table that can be checked: {detail}; give a csv, json or xlsx file that this software exported.",
    "case.unreadable": "{path} cannot be read: {detail}; check the file and its permissions.",
    "restore.foreign": "{path} holds the ledger “{origin}”, the backup is of “{found}”; restore into another folder.",
    "restore.forked": "From event #{index} on the ledger in {path} and the backup are two different histories, so neither can replace the other; restore into another folder and find out which is true.",
    "restore.older": "The backup has {size} events, the ledger in {path} already {known}; restoring would lose what came later. If that is meant, give --older (the ledger is set aside, not deleted).",
    "restore.unreadable": "The ledger in {path} can no longer be read ({detail}), so nobody can say whether it is newer than the backup; to replace it all the same, give --older (it is set aside, not deleted).",
}

MESSAGES: dict[str, str] = {**PAGE, **REFUSALS}
