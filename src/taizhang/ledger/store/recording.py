"""From new events to rows and their leaves: what every store does before it inserts.

Owns time stamps, salts, leaves and what is refused of an event's outside. Must not know SQL, nor what a state means.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.leaf import leaf_record

from .contract import NewEvent

SALT_SIZE = 16
LEAF_LIMIT = 65_535
"""Bytes of a leaf record: what an entry of a bundle can say of its length (C2SP tlog-tiles)."""

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What neither a stream nor a topic nor a command id can hold: it would make the lines of a leaf ambiguous."""


NewRow = tuple[int, str, int, str, str, str | None, bytes, bytes, bytes]
"""A `Row` to be inserted: a plain tuple, which the driver binds faster."""


def stamp(moment: datetime) -> str:
    """Return a moment (with its time zone) as it is stored: UTC, microseconds, Z; such texts sort as moments do."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    # not isoformat(): right after a disk write it takes twice as long, which one durable event feels
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % (  # noqa: UP031  an f-string takes longer
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
    )


def new_rows(events: Sequence[NewEvent], position: int, recorded_at: str) -> list[NewRow]:
    """Return the rows that record `events` after `position`, each with a fresh salt and its leaf hash.

    Raises:
        Rejected: ``store.control-character`` (`field`) for a stream, topic or command id that would make the lines of
            a leaf ambiguous; ``store.leaf-too-long`` (`bytes`, `limit`).
    """
    salts = os.urandom(SALT_SIZE * len(events))
    rows = []
    at = 0
    for stream, version, topic, state, command in events:
        # isprintable() is quick and never lets a control character through; the few others it refuses are looked at
        if not (stream.isprintable() and topic.isprintable() and (command is None or command.isprintable())):
            _refuse_control(stream=stream, topic=topic, command=command or "")
        salt = salts[at : at + SALT_SIZE]
        at += SALT_SIZE
        # commitment() and leaf_hash(), written out: right after a disk write every call costs a microsecond
        record = leaf_record(position, stream, version, topic, recorded_at, sha256(salt + state).digest())
        if len(record) > LEAF_LIMIT:
            raise Rejected("store.leaf-too-long", bytes=len(record), limit=LEAF_LIMIT)
        position += 1
        rows.append(
            (position, stream, version, topic, recorded_at, command, state, salt, sha256(b"\0" + record).digest())
        )
    return rows


def _refuse_control(**fields: str) -> None:
    for field, text in fields.items():
        if FORBIDDEN.search(text):
            raise Rejected("store.control-character", field=field)
