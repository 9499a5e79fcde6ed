"""Owns how events become rows: the one fold of every read model, in batches, inside the caller's transaction.

A finding's state is the domain's own, by the domain's own `evolve`. Following along writes the rows of what a batch
touched; building from the start writes states on the way and the rows at the end, when every state is final. Both
give the same rows, because a row is a function of the state and the register alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain.catalogue import FINDING_PREFIX, LEDGER_STREAM, REGISTER_STREAM, number_of
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding, evolve

from . import audit, carried, problems, registry, search, spans
from .log import Connection, LogRow

ASK_AT_ONCE = 500
"""How many ids or numbers one query names: far below every SQLite's limit."""

KEPT_STATES = 30_000
"""How many states a build keeps decoded (about 3 KB each); the rest waits in the file."""


class Held(Protocol):
    """The findings as they stand while a batch is folded; `key` is (programme, ordinal)."""

    def load(self, keys: Sequence[Key]) -> dict[Key, tuple[int, Finding]]:
        """Return id and state of the findings that exist."""

    def save(self, states: dict[Key, tuple[int, Finding]]) -> None:
        """Keep the states."""


Key = tuple[str, int]
Begun = tuple[int, int, str, Finding | None, Finding]
"""A span that begins: id, index of the event, programme, the finding before and after."""


class Fold:
    """Folds batches of events into the tables of one file.

    Args:
        connection: the file; every method must be called inside a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: Held = _Followed(connection)
        self.register = registry.load(connection)
        self._terms = audit.Terms(connection)
        self._carried = carried.Keeper(connection)
        self._day_of = problems.days_in(self.register.timezone)
        (self._last_id,) = connection.execute("SELECT coalesce(max(id), 0) FROM problems").fetchone()

    def follow(self, batch: Sequence[LogRow]) -> None:
        """Fold a batch and write the rows of every finding that it touched."""
        old = self.register
        touched = self._take(batch)
        connection = self._connection
        problems.save(connection, [self._row(id_, key, finding) for key, (id_, _, finding) in touched.items()])
        changed: dict[int, tuple[Finding | None, Finding]] = {
            id_: (before, finding) for id_, before, finding in touched.values()
        }
        for unit in registry.renamed_units(old, self.register):
            for id_, state in connection.execute(
                "SELECT id, state FROM states WHERE id IN (SELECT id FROM problems WHERE lead_unit = ?)", (unit,)
            ).fetchall():
                changed[id_] = (None, problems.unpacked(state))
        search.save(connection, changed, self.register)

    def _row(self, id_: int, key: Key, finding: Finding) -> tuple[Any, ...]:
        return problems.row(id_, *key, finding, self._day_of)

    def _take(self, batch: Sequence[LogRow]) -> dict[Key, tuple[int, Finding | None, Finding]]:
        """Fold states, register and trail; return id, state before and state after of the findings touched."""
        entries = [catalogue.entry(*columns) for columns in batch]
        steps: dict[Key, list[Entry[Any]]] = {}
        keys: list[Key | None] = []
        others: list[Entry[Any]] = []
        for entry in entries:
            if entry.stream.startswith(FINDING_PREFIX):
                programme, _, ordinal = entry.stream[len(FINDING_PREFIX) :].rpartition("/")
                key = (programme, int(ordinal))
                steps.setdefault(key, []).append(entry)
                keys.append(key)
            else:
                keys.append(None)
                if entry.stream in (LEDGER_STREAM, REGISTER_STREAM):
                    others.append(entry)
        if others:
            self._grow(others)
        held = self._held.load([key for key, entries_ in steps.items() if entries_[0].version > 1])
        touched: dict[Key, tuple[int, Finding | None, Finding]] = {}
        begun: list[Begun] = []
        titles: list[tuple[int, int, str]] = []
        for key, of_finding in steps.items():
            if key in held:
                id_, before = held[key]
                after: Finding | None = before
            else:
                self._last_id += 1
                id_, before, after = self._last_id, None, None
            for entry in of_finding:
                try:
                    was, after = after, evolve(after, entry)
                except (ValueError, IndexError) as error:  # an event that does not follow from those before it
                    raise catalogue.unreadable(entry.index, entry.topic) from error
                self._carried.see(entry, id_)
                if spans.begins(entry):
                    begun.append((id_, entry.index, key[0], was, after))
                    if (title := spans.replaced_title(entry)) is not None:
                        titles.append((entry.index, id_, title))
            if after is not None:
                touched[key] = (id_, before, after)
        self._held.save({key: (id_, after) for key, (id_, _, after) in touched.items()})
        self._keep_spans(begun)
        self._carried.save()
        spans.save_titles(self._connection, titles)
        spans.save_days(self._connection, ((entry.index, entry.recorded_at) for entry in entries), self._day_of)
        terms = self._terms
        audit.save(
            self._connection,
            [
                audit.row(entry, touched[key][0] if key else None, terms)
                for entry, key in zip(entries, keys, strict=True)
            ],
        )
        terms.save(self._connection)
        last = batch[-1]
        self._connection.execute(
            "UPDATE position SET (last, stream, version, recorded_at) = (?, ?, ?, ?)", (last[0], *last[1:3], last[4])
        )
        return touched

    def _keep_spans(self, begun: list[Begun]) -> None:
        """Write the spans of a batch; those of one finding stand together in `begun`, in their order."""
        ended: list[tuple[int, int]] = []
        rows: list[tuple[Any, ...]] = []
        for id_, index, programme, was, finding in begun:
            if rows and rows[-1][0] == id_:
                rows[-1] = (*rows[-1][:2], index, *rows[-1][3:])
            elif was is not None:
                ended.append((index, id_))
            rows.append((id_, index, spans.OPEN, *spans.narrow(programme, finding, self._day_of)))
        spans.end(self._connection, ended)
        spans.append(self._connection, rows)

    def _grow(self, entries: list[Entry[Any]]) -> None:
        old, self.register = self.register, registry.grown(self.register, entries)
        registry.save(self._connection, old, self.register)
        if self.register.timezone != old.timezone:
            self._day_of = problems.days_in(self.register.timezone)


class Build(Fold):
    """Folds a whole log into an empty file: `take` every batch, then `finish` once.

    Args:
        connection: the file, with empty tables and no index yet.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._held = self._states = _Built(connection)
        self._since = array("q", [0])  # of each id, from 1: where its last span began

    def take(self, batch: Sequence[LogRow]) -> None:
        """Fold a batch; the rows of findings wait for `finish`."""
        self._take(batch)

    def finish(self) -> None:
        """Write the rows of every finding, in the order of their ids."""
        self._states.spill()
        connection = self._connection
        search.prepare_bulk(connection)
        keys = self._states.keys()
        states = connection.execute("SELECT id, state FROM states ORDER BY id")
        while found := _some(states, 1_000):
            decoded = [(id_, problems.unpacked(state)) for id_, state in found]
            problems.save(connection, [self._row(id_, keys[id_ - 1], finding) for id_, finding in decoded])
            spans.append(
                connection,
                [
                    (id_, self._since[id_], spans.OPEN, *spans.narrow(keys[id_ - 1][0], finding, self._day_of))
                    for id_, finding in decoded
                ],
            )
            search.append(connection, decoded, self.register)
        search.end_bulk(connection)

    def _keep_spans(self, begun: list[Begun]) -> None:
        """Write the spans that end; what a span says, the finding still says when it ends."""
        since, rows = self._since, []
        for id_, index, programme, was, _ in begun:
            if was is None:
                since.append(index)
            else:
                rows.append((id_, since[id_], index, *spans.narrow(programme, was, self._day_of)))
                since[id_] = index
        spans.append(self._connection, rows)


class _Followed:
    """Findings in the file, in one query a batch."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, keys: Sequence[Key]) -> dict[Key, tuple[int, Finding]]:
        found: dict[Key, tuple[int, Finding]] = {}
        for at in range(0, len(keys), ASK_AT_ONCE):
            numbers = [number_of(*key) for key in keys[at : at + ASK_AT_ONCE]]
            for id_, programme, ordinal, state in self._connection.execute(
                "SELECT p.id, p.programme, p.ordinal, s.state FROM problems p JOIN states s ON s.id = p.id "
                f"WHERE p.number IN ({', '.join('?' * len(numbers))})",
                numbers,
            ):
                found[programme, ordinal] = (id_, problems.unpacked(state))
        return found

    def save(self, states: dict[Key, tuple[int, Finding]]) -> None:
        problems.save_states(self._connection, ((id_, problems.packed(state)) for id_, state in states.values()))


class _Built:
    """Findings of a build: ids in memory, the states last touched too, the others in the file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, dict[int, int]] = {}
        self._kept: dict[int, Finding] = {}  # the longest untouched first

    def load(self, keys: Sequence[Key]) -> dict[Key, tuple[int, Finding]]:
        found: dict[Key, tuple[int, Finding]] = {}
        away: dict[int, Key] = {}
        for key in keys:
            id_ = self._ids.get(key[0], {}).get(key[1])
            if id_ is None:
                continue
            kept = self._kept.pop(id_, None)
            if kept is None:
                away[id_] = key
            else:
                found[key] = (id_, kept)
        ids = sorted(away)
        for at in range(0, len(ids), ASK_AT_ONCE):
            asked = ids[at : at + ASK_AT_ONCE]
            for id_, state in self._connection.execute(
                f"SELECT id, state FROM states WHERE id IN ({', '.join('?' * len(asked))})", asked
            ):
                found[away[id_]] = (id_, problems.unpacked(state))
        return found

    def save(self, states: dict[Key, tuple[int, Finding]]) -> None:
        for (programme, ordinal), (id_, state) in states.items():
            self._ids.setdefault(programme, {})[ordinal] = id_
            self._kept[id_] = state
        if len(self._kept) > KEPT_STATES:
            self._write(list(self._kept)[: len(self._kept) - KEPT_STATES // 2])

    def spill(self) -> None:
        """Write every state that is only in memory."""
        self._write(list(self._kept))

    def keys(self) -> list[Key]:
        """Return the keys in the order of the ids, which count from 1."""
        placed = [(id_, (programme, ordinal)) for programme, of in self._ids.items() for ordinal, id_ in of.items()]
        placed.sort()
        return [key for _, key in placed]

    def _write(self, ids: Iterable[int]) -> None:
        kept = self._kept
        problems.save_states(self._connection, ((id_, problems.packed(kept.pop(id_))) for id_ in sorted(ids)))


def _some(rows: Any, many: int) -> list[Any]:
    found: list[Any] = []
    for row in rows:
        found.append(row)
        if len(found) == many:
            break
    return found
