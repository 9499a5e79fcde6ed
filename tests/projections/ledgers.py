"""Small ledgers for the tests of the read side: random but possible lives, a log in a list, and a dump of every table."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pysqlite3 import dbapi2 as driver

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain import values as v
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.policy import CalendarAdopted, DayKind, Level, Policy, PolicySet
from taizhang.projections import schema
from taizhang.projections.fold import Build, Fold
from taizhang.projections.log import LogRow

START = datetime(2023, 4, 20, 15, 30, tzinfo=UTC)  # half past eleven at night in Shanghai

UNITS = (
    ("root", "市委督查室", None),
    ("caizheng", "财政局", "root"),
    ("yusuan", "预算科", "caizheng"),
    ("jiaoyu", "教育局", "root"),
    ("yinhang", "银行监管处", None),
)
PROGRAMMES = (("JZ-2023", "教育整顿"), ("XC-2024", "巡察整改"))
TITLES = (
    "财政资金拨付不及时，KPI考核流于形式",
    "党员干部参与赌博、酒驾",
    "重庆路项目违规采购A股设备",
    "会议记录不完整\n底数不清",
    "银行账户长期未清理（2021年）",
    "Budget overrun in the finance bureau",
)
SOURCES = ("001 汇报自查", "群众来信", "现场督导")
CATEGORIES = ("", "作风建设", "作风", "主体责任")
_CALENDAR = ("calendar cn", "weekend sat sun", "published 2023", "2023 off 05-01..05-05")
PEOPLE = ("", "行某", "甲某", "Li Lei")
ACTORS = ("admin", "li", "wang")


class ListLog:
    """A log in a list; `asked` counts the reads."""

    def __init__(self, rows: Sequence[LogRow] = ()) -> None:
        self.rows = list(rows)
        self.asked = 0

    def head(self) -> int:
        return len(self.rows) - 1

    def after(self, index: int, limit: int) -> list[LogRow]:
        self.asked += 1
        return self.rows[index + 1 : index + 1 + limit]


class Writer:
    """Appends events to a list of log rows, an hour and a bit apart."""

    def __init__(self) -> None:
        self.rows: list[LogRow] = []
        self.versions: dict[str, int] = {}
        self.ordinals: dict[str, int] = {}
        self.findings: dict[str, Finding] = {}
        self.now = START

    def put(self, stream: str, event: Any, actor: str = "admin", happened_on: date | None = None) -> Entry[Any]:
        self.now += timedelta(minutes=61)
        version = self.versions[stream] = self.versions.get(stream, 0) + 1
        day = happened_on or (self.now + timedelta(hours=8)).date()
        envelope = Envelope(actor, f"os-{actor}", "host", v.Via.CLI, f"c{len(self.rows)}", day, event)
        recorded_at = self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        topic = catalogue.TOPICS[type(event)]
        row = (len(self.rows), stream, version, topic, recorded_at, catalogue.encode(envelope))
        self.rows.append(row)
        entry = catalogue.entry(*row)
        if stream.startswith(catalogue.FINDING_PREFIX):
            self.findings[stream] = evolve(self.findings.get(stream), entry)
        return entry

    def log(self, programme: str, **fields: Any) -> str:
        """Log a finding; return its stream."""
        ordinal = self.ordinals[programme] = self.ordinals.get(programme, 0) + 1
        stream = catalogue.stream_of(programme, ordinal)
        given = {"title": TITLES[0], "source": SOURCES[0], "found_on": date(2023, 4, 1), **fields}
        self.put(stream, e.FindingLogged(catalogue.number_of(programme, ordinal), programme, **given))
        return stream

    def register(self) -> None:
        """Open the ledger with its units, people and programmes."""
        self.put(catalogue.LEDGER_STREAM, r.LedgerOpened("example.org/ledger", "Asia/Shanghai"))
        self.put(catalogue.REGISTER_STREAM, r.PersonAdded("admin", "管理员", (v.Role.ADMIN, v.Role.OFFICE)))
        for unit in UNITS:
            self.put(catalogue.REGISTER_STREAM, r.UnitAdded(*unit))
        for code, name in PROGRAMMES:
            self.put(catalogue.REGISTER_STREAM, r.ProgrammeOpened(code, name, ("自查", "整改")))


@st.composite
def ledgers(draw: st.DrawFn, max_steps: int = 40) -> Writer:
    """Draw a ledger: a register, then findings that live on in any order, and now and then a change of the register."""
    writer = Writer()
    writer.register()
    for _ in range(draw(st.integers(0, max_steps))):
        streams = sorted(writer.findings)
        kind = draw(st.integers(0, 9))
        if kind < 3 or not streams:
            _log(draw, writer)
        elif kind == 3:
            _change_register(draw, writer)
        else:
            _live_on(draw, writer, draw(st.sampled_from(streams)))
    return writer


def _log(draw: st.DrawFn, writer: Writer) -> None:
    writer.log(
        draw(st.sampled_from(PROGRAMMES))[0],
        title=draw(st.sampled_from(TITLES)),
        source=draw(st.sampled_from(SOURCES)),
        category=draw(st.sampled_from(CATEGORIES)),
        criteria=draw(st.sampled_from(("", "《条例》第12条"))),
        severity=draw(st.sampled_from((None, *v.Severity))),
        found_on=date(2023, 4, 1) + timedelta(draw(st.integers(0, 30))),
    )


def _change_register(draw: st.DrawFn, writer: Writer) -> None:
    unit = draw(st.sampled_from(UNITS[1:]))
    event: Any = draw(
        st.sampled_from(
            (
                r.UnitAmended(unit[0], unit[1] + "（新）", unit[2]),
                r.UnitAmended(unit[0], unit[1], "root"),
                PolicySet(Policy(days=draw(st.sampled_from(DayKind)), due_soon=draw(st.integers(0, 20)))),
                CalendarAdopted((*_CALENDAR, f"edition {len(writer.rows)}")),
                r.PersonAdded(f"p{len(writer.rows)}", "某人", (v.Role.VERIFIER, v.Role.APPROVER), unit[0]),
                r.PersonAmended("admin", "管理员甲", (v.Role.ADMIN,), None, True),
            )
        )
    )
    writer.put(catalogue.REGISTER_STREAM, event, draw(st.sampled_from(ACTORS)))


def _live_on(draw: st.DrawFn, writer: Writer, stream: str) -> None:
    """One more event of a finding: what its state lets happen, as far as `evolve` cares."""
    finding = writer.findings[stream]
    choices: list[Any] = [
        e.FindingCommented("知悉"),
        e.FindingAmended("title", finding.title, draw(st.sampled_from(TITLES)), "更正"),
        e.FindingAmended("category", finding.category, draw(st.sampled_from(CATEGORIES)), "更正"),
        e.FindingAmended("found_on", finding.found_on.isoformat(), "2023-04-02", "更正"),
        e.FindingAmended("responsible_person", finding.responsible_person, draw(st.sampled_from(PEOPLE)), "更正"),
    ]
    match finding.state:
        case v.State.LOGGED:
            class_ = draw(st.sampled_from(list(v.FindingClass)))
            due = _deadline(draw).due
            if class_ is v.FindingClass.SUSTAINED and draw(st.booleans()):
                due = None
            choices += [
                e.FindingAssigned(
                    draw(st.sampled_from(UNITS))[0],
                    class_,
                    v.Deadline(due),
                    "台账清零",
                    (),
                    "",
                    draw(st.sampled_from(PEOPLE)),
                )
            ] * 5
        case v.State.ASSIGNED:
            choices += [e.FindingAcknowledged(("修订财务制度", "谈心谈话")), e.FindingObjected("不属实")] * 3
        case v.State.RECTIFYING:
            choices += [
                e.MeasureActed(1, v.Progress.DONE, "已完成"),
                e.EvidenceAttached(v.Evidence("0" * 64, 12, "通报.pdf")),
                e.ClosureRequested("已整改"),
                e.PlanRevised(("重新制定方案", "谈心谈话"), "调整"),
                e.ExtensionRequested(_deadline(draw), "疫情", "过半"),
                e.ExtensionGranted(_deadline(draw)),
                e.FindingEscalated(Level.NOTICE, f"D{len(writer.rows)}"),
            ] * 2
        case v.State.AWAITING:
            choices += [
                e.FindingVerified(v.Method.ON_SITE, v.Conclusion.EFFECTIVE, "属实", draw(st.booleans())),
                e.FindingReturned("缺佐证"),
                e.FindingClosed(draw(st.booleans())),
            ] * 2
        case v.State.CLOSED:
            choices += [
                e.FindingFollowedUp(draw(st.sampled_from(v.Result)), "抽查"),
                e.FindingReopened(finding.round + 1, "反弹", _deadline(draw)),
            ] * 2
        case _:
            pass
    if finding.state in v.OPEN_STATES:
        choices += [e.FindingWithdrawn("重复"), e.FindingTransferred("市纪委")]
    writer.put(stream, draw(st.sampled_from(choices)), draw(st.sampled_from(ACTORS)))


def _deadline(draw: st.DrawFn) -> v.Deadline:
    return v.Deadline(date(2023, 5, 1) + timedelta(draw(st.integers(-10, 30))))


def connect(path: Path, read_only: bool) -> sqlite3.Connection:
    """Open a file as `log.Connect` asks."""
    mode = "ro" if read_only else "rwc"
    connection: sqlite3.Connection = driver.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    return connection


def empty_file(*, indexes: bool = True) -> sqlite3.Connection:
    """Return empty read models in memory."""
    connection: sqlite3.Connection = driver.connect(":memory:", isolation_level=None)
    schema.create_tables(connection)
    if indexes:
        schema.create_indexes(connection)
    return connection


def built(rows: Sequence[LogRow], batch: int = 7) -> sqlite3.Connection:
    """Return read models built from the start."""
    connection = empty_file(indexes=False)
    build = Build(connection)
    for at in range(0, len(rows), batch):
        build.take(rows[at : at + batch])
    build.finish()
    schema.create_indexes(connection)
    return connection


def followed(rows: Sequence[LogRow], cuts: Sequence[int] = (), restarts: Sequence[int] = ()) -> sqlite3.Connection:
    """Return read models that followed along in batches cut before `cuts`, by a fresh process before `restarts`."""
    connection = empty_file()
    fold = Fold(connection)
    edges = sorted({0, *cuts, *restarts, len(rows)})
    for start, end in itertools.pairwise(edges):
        if start in restarts:
            fold = Fold(connection)
        fold.follow(rows[start:end])
    return connection


def dump(connection: Any) -> dict[str, list[Any]]:
    """Return every row of every table that is not the full-text index's own."""
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        if not name.startswith(("search", "sqlite_"))
    ]
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}
