"""Owns the kept intervals: for every finding, from which event to which it stood how, as far as lists and figures ask.

A span is written by the same fold as the list and is never changed but for its end. What a list shows beside it is drawn
for the rows shown alone: titles that were corrected are kept in `titles`, versions and times are those of the trail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.envelope import Entry
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.values import OPEN_STATES, FindingClass, State

from .log import Connection
from .shape import STAGES, shape_of

OPEN = 1 << 62
"""The end of a span that still lasts."""

TABLES = (
    # since: the event that began it; until: the event that ended it, which is no part of it
    """CREATE TABLE spans (
      id INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, programme TEXT NOT NULL,
      source TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL, stage INTEGER NOT NULL, class TEXT NOT NULL,
      round INTEGER NOT NULL, lead_unit TEXT NOT NULL, person TEXT NOT NULL, runs_to TEXT, due TEXT, original_due TEXT,
      found_on TEXT, logged_on TEXT NOT NULL, assigned_on TEXT, closed_at TEXT, closed_on TEXT,
      returns INTEGER NOT NULL, objections INTEGER NOT NULL, missed INTEGER NOT NULL, closed_late INTEGER NOT NULL,
      extensions INTEGER NOT NULL, shape INTEGER NOT NULL) STRICT""",
    # a title that was replaced, by the event that replaced it
    "CREATE TABLE titles (until INTEGER PRIMARY KEY NOT NULL, id INTEGER NOT NULL, title TEXT NOT NULL) STRICT",
    # the first event of each day: recorded times never go back
    "CREATE TABLE days (first INTEGER PRIMARY KEY NOT NULL, day TEXT NOT NULL) STRICT",
)
INDEXES = (
    "CREATE INDEX spans_id ON spans (id, since, until)",
    # all that figures by unit are counted by, in the order of their groups
    "CREATE INDEX spans_unit ON spans (lead_unit, shape, due, since, until)",
    "CREATE INDEX titles_id ON titles (id, until)",
)
COLUMNS = 26
_INSERT = f"INSERT INTO spans VALUES ({', '.join('?' * COLUMNS)})"

QUIET = (
    e.MeasureActed,
    e.EvidenceAttached,
    e.FindingCommented,
    e.PlanRevised,
    e.ExtensionRequested,
    e.ExtensionRefused,
    e.FindingEscalated,
    e.EscalationReceived,
    e.FindingFollowedUp,
    e.FindingLinked,
)
"""Events that change nothing of a span."""

Day = Callable[[str], str]


def narrow(programme: str, f: Finding, day_of: Day) -> tuple[Any, ...]:
    """Return the columns of a span from `programme` on, for a finding as it stood in it."""
    due = _iso(f.due)
    runs = f.state in OPEN_STATES and f.class_ is not FindingClass.SUSTAINED
    return (
        programme,
        f.source,
        f.category,
        f.severity or "",
        STAGES[f.state],
        f.class_ or "",
        f.round,
        f.lead_unit,
        f.responsible_person,
        due if runs else None,
        due,
        _iso(f.original_due),
        _iso(f.found_on),
        day_of(f.logged_at),
        _iso(f.assigned_on),
        f.closed_at or None,
        _iso(f.closed_on),
        f.returns,
        f.objections,
        int(f.missed),
        int(f.state is State.CLOSED and f.closed_late),
        f.extensions,
        shape_of(f),
    )


def begins(entry: Entry[Any]) -> bool:
    """Say whether the event begins a span."""
    return not isinstance(entry.envelope.data, QUIET)


def replaced_title(entry: Entry[Any]) -> str | None:
    """Return the title that the event replaced, if that is what it did."""
    data = entry.envelope.data
    return str(data.old) if isinstance(data, e.FindingAmended) and data.field == "title" else None


def append(connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write whole spans."""
    connection.executemany(_INSERT, rows)


def end(connection: Connection, ends: Iterable[tuple[int, int]]) -> None:
    """End the spans that last: pairs of (until, id)."""
    connection.executemany(f"UPDATE spans SET until = ? WHERE id = ? AND until = {OPEN}", ends)


def save_titles(connection: Connection, rows: Iterable[tuple[int, int, str]]) -> None:
    """Keep titles that were replaced: (until, id, title)."""
    connection.executemany("INSERT INTO titles VALUES (?, ?, ?)", rows)


def save_days(connection: Connection, events: Iterable[tuple[int, str]], day_of: Day) -> None:
    """Keep on which day the days begin; events are (index, recorded time), in order."""
    found = connection.execute("SELECT day FROM days ORDER BY first DESC LIMIT 1").fetchone()
    last = found[0] if found else ""
    begun: list[tuple[int, str]] = []
    for index, recorded_at in events:
        if (day := day_of(recorded_at)) != last:
            begun.append((index, day))
            last = day
    connection.executemany("INSERT INTO days VALUES (?, ?)", begun)


_ATTACHED, _REOPENED = catalogue.TOPICS[e.EvidenceAttached], catalogue.TOPICS[e.FindingReopened]


def source(index: int) -> str:
    """Return the SQL that stands for `problems p` as it was after the event of that index.

    SQLite computes only those of its columns that a query names; those that no span keeps come from the trail, and
    what never changes from the list itself. They are subqueries each, because a join is made whether asked for or not.
    """
    at = int(index)
    last = f"FROM audit a WHERE a.problem = s.id AND a.idx <= {at}"

    def listed(column: str) -> str:
        return f"(SELECT q.{column} FROM problems q WHERE q.id = s.id)"

    def term(text: str) -> str:
        return f"(SELECT id FROM terms WHERE text = '{text}')"

    statuses = " ".join(f"WHEN {stage} THEN '{state.value}'" for state, stage in STAGES.items())
    return f"""(SELECT s.id, s.programme, s.source, s.category, s.severity, s.stage, s.class, s.round, s.lead_unit,
      s.person, s.runs_to, s.due, s.original_due, s.found_on, s.logged_on, s.assigned_on, s.closed_at, s.closed_on,
      s.returns, s.objections, s.missed, s.closed_late, s.extensions, s.shape,
      {listed("alias")} AS alias, {listed("number")} AS number, {listed("ordinal")} AS ordinal, {listed("logged_at")} AS logged_at,
      CASE s.stage {statuses} END AS status,
      coalesce((SELECT t.title FROM titles t WHERE t.id = s.id AND t.until > {at} ORDER BY t.until LIMIT 1),
        {listed("title")}) AS title,
      (SELECT a.version {last} ORDER BY a.idx DESC LIMIT 1) AS version,
      (SELECT a.recorded_at {last} ORDER BY a.idx DESC LIMIT 1) AS changed_at,
      (SELECT d.day FROM days d WHERE d.first <= (SELECT max(a.idx) {last}) ORDER BY d.first DESC LIMIT 1) AS changed_on,
      (SELECT count(*) {last} AND a.topic = {term(_ATTACHED)} AND a.idx > coalesce((SELECT max(a.idx) {last}
        AND a.topic = {term(_REOPENED)}), -1)) AS evidence
      FROM spans s WHERE s.since <= {at} AND s.until > {at}) p"""


def total(connection: Connection, index: int) -> int:
    """Return how many findings there were after the event of that index: ids are dealt in the order of the log."""
    found = connection.execute(
        "SELECT problem FROM audit WHERE idx <= ? AND version = 1 AND problem IS NOT NULL ORDER BY idx DESC LIMIT 1",
        (index,),
    ).fetchone()
    return int(found[0]) if found else 0


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
