"""Is a ledger's database whole? Said quickly, for many thousands of them: rows, leaves, tree, SQLite's own check."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from taizhang.ledger.seal.frontier import Frontier
from taizhang.ledger.seal.leaf import commitment, leaf_record
from taizhang.ledger.seal.tree import leaf_hash
from taizhang.ledger.store.sqlite.driver import choose_driver

ROWS = "SELECT position, stream, version, topic, recorded_at, CAST(state AS BLOB), salt, leaf FROM events ORDER BY 1"


def events_in(database: Path) -> int | str:
    """Return how many events there are, or what is wrong with the file."""
    driver = choose_driver()
    try:
        with closing(driver.connect(f"{database.as_uri()}?mode=rw", 5.0)) as raw:
            found: list[Any] = raw.execute(ROWS).fetchall()
            if raw.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                return "integrity_check"
            stored = raw.execute("SELECT level, idx, hash FROM nodes").fetchall()
    except driver.error as error:
        return f"{type(error).__name__}: {error}"
    versions: dict[str, int] = {}
    leaves = []
    for index, (position, stream, version, topic, recorded_at, state, salt, leaf) in enumerate(found):
        versions[stream] = versions.get(stream, 0) + 1
        record = leaf_record(index, stream, version, topic, recorded_at, commitment(salt, state))
        if (position, version) != (index + 1, versions[stream]) or leaf_hash(record) != leaf:
            return f"event #{index}"
        leaves.append(leaf)
    nodes = sorted((level, at, node) for level, at, node in Frontier().extend(leaves))
    return len(found) if nodes == sorted(stored) else "nodes"
