"""Owns what case files, backups and the check of an export say to a front end: plain values, told by `desk`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct


class CaseReceipt(Struct, frozen=True):
    """What a case file holds: events, files of evidence, and the tree (size, root hash) that its checkpoint seals."""

    path: str
    number: str
    events: int
    evidence: int
    size: int
    root: str


class CaseVerdict(Struct, frozen=True):
    """What a case file proves, in the verifier's own words.

    Args:
        number: of the finding.
        origin: the ledger's name.
        size, root: of the checkpoint that seals it.
        events: how many events are proved.
        own_key: nobody gave a key, so the file's own was taken.
        cosigned: names of the witnesses that were asked for, and have cosigned.
        told: what is proved and what is not, line by line.
    """

    number: str
    origin: str
    size: int
    root: str
    events: int
    own_key: bool
    cosigned: tuple[str, ...]
    told: tuple[str, ...]


class BackupReceipt(Struct, frozen=True):
    """What a backup holds. `damaged`: evidence that was not what its name says when the backup was made."""

    path: str
    origin: str
    size: int
    root: str
    files: int
    bytes: int
    key: bool
    damaged: tuple[str, ...] = ()


class RestoreReceipt(Struct, frozen=True):
    """What was restored.

    Args:
        path: the ledger's folder.
        size, root: how many events it has, and their root hash.
        made_at: when the backup was made.
        replaced: where the ledger is that was there before; empty for none.
        lost: how many events that one had beyond the backup.
        evidence: whether the evidence is what the events name; where not, it was so when the backup was made.
    """

    path: str
    origin: str
    size: int
    root: str
    made_at: str
    replaced: str = ""
    lost: int = 0
    evidence: bool = True


class ExportDifference(Struct, frozen=True):
    """One difference between an exported file and what the ledger gives.

    Args:
        sort: a cell of a finding's row; a row that is missing from the file, or too much in it; the order of rows; a
            cell outside the rows of findings (title, headings, foot); something else in the file.
        place: where in the file: ``H7``, or ``rows[7].status`` in JSON; empty for a missing row.
        number: of the finding whose row it is; empty outside.
        column: the heading of the column; empty outside.
        found: what stands in the file.
        expected: what the ledger gives.
    """

    sort: Literal["cell", "missing", "extra", "order", "outside", "other"]
    place: str = ""
    number: str = ""
    column: str = ""
    found: str = ""
    expected: str = ""


class ExportVerdict(Struct, frozen=True):
    """Whether the ledger would give an exported table again.

    Args:
        ok: whether it would.
        index, moment, today, root, filter, kind, lang, format: how the file says that it was drawn.
        rows: how many findings the ledger gives.
        differences: the first of them.
        count: how many there are.
    """

    ok: bool
    path: str
    kind: str
    format: str
    lang: str
    index: int
    moment: datetime
    today: str
    root: str
    filter: str
    rows: int
    differences: tuple[ExportDifference, ...]
    count: int
