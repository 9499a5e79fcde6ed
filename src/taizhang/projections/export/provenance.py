"""Owns the line by which an exported table says, to a program, how it was drawn: one token of printable ASCII.

`verify-export` reads it back and draws the table again. It must not know a file format, nor any table.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, quote, urlencode

from msgspec import Struct

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import Lang
from taizhang.projections.problems import Order

from .tables import Kind, Stamp

FORMAT = "taizhang-export/v1"
MASK = "names"
TOKEN = re.compile(r"taizhang-export/v[0-9]+\?[!-~]+", re.ASCII)
_ROOT = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SORT = re.compile(r"-?[a-z]{1,20}", re.ASCII)
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)

_SHAPES = (("index", _INDEX), ("root", _ROOT), ("sort", _SORT))


class Provenance(Struct, frozen=True):
    """How a table was drawn: which table, in which language, of which ledger, as of what."""

    kind: Kind
    lang: Lang
    origin: str
    stamp: Stamp


def token(made: Provenance) -> str:
    """Return the line."""
    stamp = made.stamp
    fields = {
        "kind": made.kind,
        "lang": made.lang,
        "origin": made.origin,
        "index": stamp.index,
        "moment": _moment(stamp.moment),
        "day": stamp.today.isoformat(),
        "root": stamp.root,
        "filter": stamp.filter,
        "sort": stamp.sort,
        **({"cell": stamp.cell} if stamp.cell else {}),
        **({"mask": MASK} if stamp.masked else {}),
    }
    return f"{FORMAT}?{urlencode(fields, quote_via=quote)}"


def parse(text: str) -> Provenance:
    """Return what a line says; what `token` would not write again is refused.

    Raises:
        Rejected: ``export.stamp-malformed`` (`found`).
    """
    try:
        fields = dict(parse_qsl(text.removeprefix(f"{FORMAT}?"), keep_blank_values=True, strict_parsing=True))
        if not all(shape.fullmatch(fields[name]) for name, shape in _SHAPES):
            raise ValueError
        Order(fields["sort"].removeprefix("-"))
        moment = datetime.fromisoformat(fields["moment"]).astimezone(UTC)
        stamp = Stamp(
            int(fields["index"]),
            moment,
            date.fromisoformat(fields["day"]),
            fields["root"],
            fields["filter"],
            fields["sort"],
            fields.get("cell", ""),
            fields.get("mask") == MASK,
        )
        made = Provenance(Kind(fields["kind"]), Lang(fields["lang"]), fields["origin"], stamp)
    except (ValueError, KeyError, OverflowError):
        raise Rejected("export.stamp-malformed", found=text[:120]) from None
    if token(made) != text:
        raise Rejected("export.stamp-malformed", found=text[:120])
    return made


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
