"""Owns the tables of the read models and their versions. Plain SQL: sqlite-utils costs 0.3 s of every cold start.

Every row of `problems` and `search` is a function of one finding's state and the register alone, so that following
along and rebuilding give the same rows.
"""

from __future__ import annotations

from . import carried, spans
from .log import Connection

SCHEMA_VERSION = 3
"""Part of the file's name: programs of two versions on one ledger keep their own files."""

VERSIONS: dict[str, int] = {"audit": 1, "carried": 1, "problems": 5, "register": 2, "search": 2, "spans": 2}
"""The version of each projection; one that differs from the file's has the file rebuilt."""

BULK_CACHE_KIB = 64 * 1024

SEARCH = """CREATE VIRTUAL TABLE search USING fts5 (text, word, py, ini,
  content = '', contentless_delete = 1, tokenize = 'ascii', prefix = '2')"""
"""Contentless: what is indexed is a function of the state, and is kept there; see `search`."""

TABLES = (
    "CREATE TABLE projections (name TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    # the last event in the file; its stream, version and time tell a log that was restored from a backup
    """CREATE TABLE position (
      one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), last INTEGER NOT NULL,
      stream TEXT NOT NULL, version INTEGER NOT NULL, recorded_at TEXT NOT NULL) STRICT""",
    """CREATE TABLE register (
      one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), origin TEXT NOT NULL, timezone TEXT NOT NULL,
      version INTEGER NOT NULL, policy TEXT NOT NULL) STRICT""",
    # rows: those that `calendars.table` writes a calendar in, as a JSON list
    "CREATE TABLE calendars (place INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL UNIQUE, rows TEXT NOT NULL) STRICT",
    """CREATE TABLE units (
      place INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, parent TEXT) STRICT""",
    """CREATE TABLE people (
      place INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles TEXT NOT NULL,
      unit TEXT, active INTEGER NOT NULL) STRICT""",
    """CREATE TABLE programmes (
      place INTEGER PRIMARY KEY NOT NULL, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, phases TEXT NOT NULL,
      opened_on TEXT, closed_on TEXT) STRICT""",
    # id counts from 1 in the order of the log, without gaps: a page of the whole list is a range of ids.
    # stage is the place of the status in a finding's life; runs_to is the day that a colour is judged by, NULL where
    # no deadline runs (ended, sustained, not assigned); asks: an extension waits; followed: what the look back found;
    # alias: the number that a sheet gave it.
    # From programme on the columns are those of a span, in its order.
    """CREATE TABLE problems (
      id INTEGER PRIMARY KEY NOT NULL, number TEXT NOT NULL, ordinal INTEGER NOT NULL, title TEXT NOT NULL,
      status TEXT NOT NULL, logged_at TEXT NOT NULL, changed_at TEXT NOT NULL, changed_on TEXT NOT NULL,
      version INTEGER NOT NULL, evidence INTEGER NOT NULL, asks INTEGER NOT NULL, followed TEXT NOT NULL,
      alias TEXT NOT NULL, programme TEXT NOT NULL, source TEXT NOT NULL, category TEXT NOT NULL, severity TEXT NOT NULL,
      stage INTEGER NOT NULL, class TEXT NOT NULL, round INTEGER NOT NULL, lead_unit TEXT NOT NULL, person TEXT NOT NULL,
      runs_to TEXT, due TEXT, original_due TEXT, found_on TEXT, logged_on TEXT NOT NULL, assigned_on TEXT,
      closed_at TEXT, closed_on TEXT, returns INTEGER NOT NULL, objections INTEGER NOT NULL, missed INTEGER NOT NULL,
      closed_late INTEGER NOT NULL, extensions INTEGER NOT NULL, shape INTEGER NOT NULL) STRICT""",
    # apart from the columns above, so that a scan of the list does not read it
    "CREATE TABLE states (id INTEGER PRIMARY KEY NOT NULL, state BLOB NOT NULL) STRICT",
    "CREATE TABLE terms (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL UNIQUE) STRICT",
    # words that repeat are kept once, in terms; problem is NULL and stream a term where it is no finding's event
    """CREATE TABLE audit (
      idx INTEGER PRIMARY KEY NOT NULL, problem INTEGER, stream INTEGER, version INTEGER NOT NULL,
      topic INTEGER NOT NULL, actor INTEGER NOT NULL, os_user INTEGER NOT NULL, host INTEGER NOT NULL,
      via INTEGER NOT NULL, recorded_at TEXT NOT NULL, happened_on TEXT NOT NULL, same_account INTEGER NOT NULL
    ) STRICT""",
    *spans.TABLES,
    *carried.TABLES,
    SEARCH,
)

_COUNTED = "shape, due"  # all that a figure counts by: with these, no row is looked up

INDEXES = (
    "CREATE UNIQUE INDEX problems_number ON problems (number)",
    "CREATE INDEX problems_programme ON problems (programme, ordinal)",
    "CREATE INDEX problems_stage ON problems (stage)",
    "CREATE INDEX problems_runs_to ON problems (runs_to) WHERE runs_to IS NOT NULL",
    "CREATE INDEX problems_due ON problems (due)",
    "CREATE INDEX problems_changed ON problems (changed_at)",
    "CREATE INDEX problems_title ON problems (substr(title, 1, 8))",
    f"CREATE INDEX figures_unit ON problems (lead_unit, {_COUNTED})",
    f"CREATE INDEX figures_category ON problems (category, {_COUNTED})",
    f"CREATE INDEX figures_source ON problems (source, {_COUNTED})",
    f"CREATE INDEX figures_class ON problems (class, {_COUNTED})",
    f"CREATE INDEX figures_programme ON problems (programme, {_COUNTED})",
    f"CREATE INDEX figures_month ON problems (substr(logged_on, 1, 7), {_COUNTED})",
    "CREATE INDEX problems_alias ON problems (alias) WHERE alias <> ''",
    "CREATE INDEX audit_problem ON audit (problem)",
    "CREATE INDEX audit_actor ON audit (actor)",
    *spans.INDEXES,
    *carried.INDEXES,
)
"""Only those that a list, a filter or a figure is drawn by; made after a bulk load, which is quicker."""


def create_tables(connection: Connection) -> None:
    """Make the empty tables, and the position before the first event."""
    for statement in TABLES:
        connection.execute(statement)
    connection.executemany("INSERT INTO projections VALUES (?, ?)", sorted(VERSIONS.items()))
    connection.execute("INSERT INTO position VALUES (1, -1, '', 0, '')")
    connection.execute("INSERT INTO register VALUES (1, '', 'Asia/Shanghai', 0, '{}')")


def create_indexes(connection: Connection) -> None:
    """Make the indexes, after the rows."""
    for statement in INDEXES:
        connection.execute(statement)


def is_current(connection: Connection) -> bool:
    """Say whether the file holds these tables and indexes at these versions, and nothing that would act by itself."""
    found = {name: (kind, sql) for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema")}
    if any(kind in ("trigger", "view") for kind, _ in found.values()):
        return False
    if any(found.get(name, ("", ""))[1] != sql for name, sql in _TEXTS.items()):
        return False
    return is_of_this_version(connection)


def is_of_this_version(connection: Connection) -> bool:
    """Say whether the file was made by a program with the same projections."""
    return dict(connection.execute("SELECT name, version FROM projections").fetchall()) == VERSIONS


def _name(statement: str) -> str:
    words = statement.split()
    return words[words.index("TABLE" if "TABLE" in words[:3] else "INDEX") + 1]


_TEXTS = {_name(statement): statement for statement in (*TABLES, *INDEXES)}
NAMES = frozenset(_TEXTS)
"""What a whole file holds, so that one that lost a table is noticed."""
