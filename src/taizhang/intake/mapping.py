"""Owns the mapping by hand: what a person says of a sheet's columns and words, from a TOML or JSON file.

```toml
sheet = "台账"              # only this sheet
header = 4                  # the header stands in row 4
year = 2023                 # of days without a year
[columns]
"情况描述" = "title"         # a heading, or a column's letter
"H" = "ignore"
[units]
"财务处" = "fin"             # a name of the sheet → a unit's id
[statuses]
"差不多了" = "rectifying"    # a word of the sheet → a state
```
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import State

from .cells import column_name, squeezed
from .names import Field

MAPPING_LIMIT = 1_000_000


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """What was said by hand; everything may be left out."""

    sheet: str = ""
    header: int | None = None
    year: int | None = None
    columns: dict[str, Field] = {}
    units: dict[str, str] = {}
    statuses: dict[str, State] = {}

    def field_of(self, index: int, texts: tuple[str, ...]) -> Field | None:
        """Return what a column is said to be, by its letter or by its heading."""
        if not self.columns:
            return None
        said = self.columns.get(column_name(index))
        if said is not None:
            return said
        headings = {squeezed(heading): field for heading, field in self.columns.items()}
        return next((headings[plain] for text in texts if (plain := squeezed(text)) in headings), None)


NOTHING_SAID = Mapping()


def mapping_from(data: bytes, name: str) -> Mapping:
    """Return the mapping that a file holds.

    Args:
        data: its bytes.
        name: what it is called: ``.json`` is JSON, everything else TOML.

    Raises:
        Rejected: ``mapping.unreadable`` with what is wrong and where.
    """
    if len(data) > MAPPING_LIMIT:
        raise Rejected("mapping.unreadable", file=name, detail=f"> {MAPPING_LIMIT} bytes")
    try:
        found: Any = msgspec.json.decode(data) if name.lower().endswith(".json") else _toml(data)
        mapping = msgspec.convert(found, Mapping)
    except (ValueError, RecursionError) as error:  # msgspec, TOML and Unicode errors are ValueErrors
        raise Rejected("mapping.unreadable", file=name, detail=str(error)[:300]) from error
    if mapping.header is not None and mapping.header < 1:
        raise Rejected("mapping.unreadable", file=name, detail="header < 1")
    return mapping


def _toml(data: bytes) -> Any:
    import tomllib

    return tomllib.loads(data.decode("utf-8-sig"))
