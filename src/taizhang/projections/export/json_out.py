"""Owns the JSON form: one document, the rows one a line, with the words of the domain and not of a language.

It must not know which columns there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from taizhang.ledger.domain.finding import Finding

from .provenance import Provenance, token
from .tables import Column, Kind, Labels, Stamp, record


def write(
    path: Path, kind: Kind, columns: tuple[Column, ...], findings: Iterable[Finding], labels: Labels, stamp: Stamp
) -> None:
    """Write the document; a row at a time, so that a long table needs no more memory than a short one."""
    words = labels.words
    head = {
        "kind": kind,
        "title": words(f"export.title.{kind}"),
        "origin": labels.register.origin,
        "as_of": stamp,
        "drawn": token(Provenance(kind, words.lang, labels.register.origin, stamp)),
        "columns": {column.key: words(f"export.column.{column.key}") for column in columns},
    }
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        file.write(encode(head)[:-1] + b',"rows":[')
        separator = b"\n"
        for ordinal, finding in enumerate(findings, 1):
            file.write(separator + encode({"ordinal": ordinal, **record(columns, finding, labels)}))
            separator = b",\n"
        file.write(b"\n]}\n")
