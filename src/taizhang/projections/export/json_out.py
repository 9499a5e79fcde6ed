"""Owns the JSON form: one document, the rows one a line, with the words of the domain and not of a language.

It must not know which columns there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from taizhang.ledger.domain.finding import Finding

from .labels import Labels
from .pages import drawn, masked_stamp
from .tables import Column, Kind, Stamp, names_of, record


def write(
    path: Path, kind: Kind, columns: tuple[Column, ...], rows: Iterable[Any], labels: Labels, stamp: Stamp
) -> None:
    """Write the document; a row at a time, so that a long table needs no more memory than a short one."""
    words = labels.words
    head = {
        "kind": kind,
        "title": words(f"export.title.{kind}"),
        "origin": labels.register.origin,
        "as_of": masked_stamp(stamp, labels),
        "drawn": drawn(kind, labels, stamp),
        "columns": {column.key: words(f"export.column.{column.key}") for column in columns},
    }
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        file.write(encode(head)[:-1] + b',"rows":[')
        separator = b"\n"
        for ordinal, row in enumerate(rows, 1):
            names = names_of(row) if isinstance(row, Finding) else ()
            file.write(separator + encode({"ordinal": ordinal, **record(columns, row, labels, names)}))
            separator = b",\n"
        file.write(b"\n]}\n")
