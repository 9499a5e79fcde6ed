"""Owns the pass over the log in its own order: places without gaps, times that never go back, and the tree over the leaves.

It takes each stored leaf as it is (`streams` holds them against the bytes), so that the root says whether these leaves
are the ones that were sealed. Must not know what an event says.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from itertools import pairwise
from typing import Any

from msgspec import Struct

from taizhang.ledger.seal.frontier import Completed, Frontier
from taizhang.ledger.seal.tree import EMPTY_ROOT
from taizhang.ledger.store.contract import AuditLog

from .streams import Wrong

TILE = 256
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z")


class Spine(Struct):
    """What the log is as a whole.

    Args:
        size: events that were read.
        root: of the tree over all of them.
        roots: of the first so many events, for the sizes that were asked for and that the log has.
        nodes: level and number of the stored subtrees that are not what the leaves give.
        wrong: by the code of the check.
    """

    size: int = 0
    root: bytes = EMPTY_ROOT
    roots: dict[int, bytes] = {}
    nodes: list[tuple[int, int]] = []
    wrong: dict[str, Wrong] = {}


def read_spine(log: AuditLog, *, last: int, sizes: Collection[int]) -> Spine:
    """Read the log in its order.

    Args:
        log: the stored log.
        last: the last position to read.
        sizes: for how many first events the root is wanted as well.

    Raises:
        Unreachable: the file cannot be read.
    """
    spine = Spine()
    frontier = Frontier()
    completed: list[Completed] = []
    latest = b""
    wanted = sorted(size for size in sizes if size >= 0)
    gap = log.first_gap(last)
    if gap is not None:
        before, position = gap
        spine.wrong["sequence"] = Wrong(before, f"#{before} ≠ #{position - 1}")
    for rows in log.spine(last):
        times, leaves = (list(column) for column in zip(*rows, strict=True))
        latest = _follow_times(spine, times, latest)
        _check_form(spine, leaves)
        done, start = 0, spine.size
        spine.size += len(rows)
        while wanted and wanted[0] <= spine.size:
            cut = wanted.pop(0) - start
            completed += frontier.extend(leaves[done:cut])
            done = max(done, cut)
            spine.roots[start + cut] = frontier.root()
        completed += frontier.extend(leaves[done:])
    if 0 in sizes:
        spine.roots[0] = EMPTY_ROOT
    spine.root = frontier.root()
    spine.nodes = _wrong_nodes(log, completed)
    return spine


def _wrong_nodes(log: AuditLog, completed: list[Completed]) -> list[tuple[int, int]]:
    """Return level and number of the stored subtrees that the leaves do not give, and of those that are missing."""
    expected = {(level, index): node for level, index, node in completed}
    stored = {(level, index): node for level, index, node in log.nodes()}
    return sorted(key for key in expected.keys() | stored.keys() if expected.get(key) != stored.get(key))


def events_below(level: int, index: int) -> tuple[int, int]:
    """Return the indexes of the first and the last event that a subtree covers."""
    width = TILE**level
    return index * width, (index + 1) * width - 1


def _check_form(spine: Spine, leaves: list[Any]) -> None:
    """Put empty bytes where a leaf is none at all, so that the tree can still be drawn, and blame the first."""
    if set(map(type, leaves)) == {bytes}:
        return
    for at, leaf in enumerate(leaves):
        if not isinstance(leaf, bytes):
            spine.wrong.setdefault("leaves", Wrong(spine.size + at, repr(leaf)))
            leaves[at] = b""


def _is_day(text: bytes) -> bool:
    try:
        date.fromisoformat(text.decode())
    except ValueError:
        return False
    return True


def _follow_times(spine: Spine, found: list[Any], latest: bytes) -> bytes:
    """Check that no time lies before the one before it; return the latest."""
    times: list[bytes] = found
    if set(map(type, found)) != {bytes}:
        times = [time if isinstance(time, bytes) else b"" for time in found]
    no_days = {day for day in {time[:10] for time in times} if not _is_day(day)}
    if no_days or not all(map(_TIME.fullmatch, times)):
        at, time = next(
            (at, time) for at, time in enumerate(times) if time[:10] in no_days or not _TIME.fullmatch(time)
        )
        spine.wrong.setdefault("times", Wrong(spine.size + at, time.decode("utf-8", "backslashreplace")))
    if times[0] < latest or times != sorted(times):
        for at, (before, time) in enumerate(pairwise([latest, *times])):
            if time < before:
                spine.wrong.setdefault("times", Wrong(spine.size + at, time.decode("utf-8", "backslashreplace")))
                break
    return max(latest, *times)
