"""Owns the CSV form: UTF-8 with a byte order mark, for Excel; nothing in it can become a formula.

It must not know which columns there are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.values import visible

from .provenance import Provenance, token
from .tables import Column, Kind, Labels, Shown, Stamp

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


def write(
    path: Path, kind: Kind, columns: tuple[Column, ...], findings: Iterable[Finding], labels: Labels, stamp: Stamp
) -> None:
    """Write the table. What it is as of stands in the headings of two last, empty columns (for people, for
    `verify-export`), so that every line is a finding.
    """
    words = labels.words
    as_of = words("export.as-of", index=stamp.index, moment=labels.local(stamp.moment), root=stamp.root)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        headings = [words("export.column.ordinal"), *(words(f"export.column.{column.key}") for column in columns)]
        writer.writerow([*headings, as_of, token(Provenance(kind, words.lang, labels.register.origin, stamp))])
        for ordinal, finding in enumerate(findings, 1):
            writer.writerow([ordinal, *(defused(column.text(finding, labels)) for column in columns), "", ""])


def defused(value: Shown) -> str | int:
    """Return a value as CSV may hold it: a text that could become a formula begins with an apostrophe."""
    match value:
        case None:
            return ""
        case int():
            return value
        case date():
            return value.isoformat()
        case _:
            text = visible(value, keep="\n\t\r")
            return f"'{text}" if text.startswith(DANGEROUS) else text
