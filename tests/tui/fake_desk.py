"""A Desk in memory, made of the domain's own `decide` and `evolve`: what the terminal is tried against without a store.

Its filter knows words and ``status:``/``状态:`` alone; what is told by the real desk is tried in `tests/journeys`.
"""

# ruff: noqa: A002 - the words of the Desk

from __future__ import annotations

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.lights import Light, Reason, Yardstick, light, why, yardstick
from taizhang.ledger.domain.rules import Context, Offer, decide, offers
from taizhang.ledger.domain.values import (
    OPEN_STATES,
    Account,
    Evidence,
    FindingClass,
    Progress,
    Role,
    State,
    Via,
)
from taizhang.ledger.domain.verdict import Verdict
from taizhang.ledger.domain.worklist import Suggestion, suggestions
from taizhang.projections import pinyin
from taizhang.projections.filter import completions
from taizhang.service.blame import Blame, blame
from taizhang.service.desk import (
    Cell,
    Change,
    Completion,
    Counts,
    Dimension,
    ExportKind,
    ExportOptions,
    Figures,
    FindingRow,
    ListDiff,
    Order,
    Page,
    Query,
    Receipt,
    Sort,
    Standing,
    Step,
    Trail,
    TrailRow,
)
from taizhang.service.moments import Moment, moment_of
from tests.tui.fake_imports import FakeImports, write_table
from tests.tui.fake_proofs import FakeProofs

ZONE = ZoneInfo("Asia/Shanghai")
PERSON = r.Person("系统", "系统", frozenset({Role.ADMIN}))
_STATUSES = {"已登记": "logged", "整改中": "rectifying", "待核查": "awaiting_verification", "已销号": "closed"}


class FakeDesk:
    """A ledger in memory.

    Args:
        now: the moment at which the clock stands; it moves only by `record(…, at=…)` and `now`.
    """

    def __init__(self, now: datetime = datetime(2023, 7, 10, 9, 0, tzinfo=ZONE), *, read_only: bool = False) -> None:
        self.now = now
        self.asked: list[Query] = []
        self.delay = 0.0
        self.building = threading.Event()  # cleared: the read models are being built
        self.building.set()
        self.lost: Unreachable | None = None
        self._read_only = read_only
        self._register = r.Register(origin="demo.taizhang.example")
        self._entries: dict[str, list[Entry[Any]]] = defaultdict(list)
        self._findings: dict[str, Finding] = {}
        self._ordinals: dict[str, int] = defaultdict(int)
        self._commands: dict[str, Receipt] = {}
        self._index = -1
        self._news = threading.Condition()

    # -- making a ledger

    def learn(self, *commands: r.RegisterCommand) -> None:
        """Register units, people and programmes without asking who may."""
        for command in commands:
            event = r.decide_register(command, self._register, PERSON)
            self._append(catalogue.REGISTER_STREAM, event, "admin", Via.CLI, "", self.today(), Account("admin", "host"))

    def keep(self, name: str, content: bytes) -> Evidence:
        """Pretend to keep a file."""
        return Evidence(hashlib.sha256(content).hexdigest(), len(content), name)

    def do(
        self,
        actor: str,
        command: c.FindingCommand,
        *,
        at: datetime | None = None,
        account: Account | None = None,
    ) -> Receipt:
        """Record a command of a person at a moment."""
        self.now = at or self.now + timedelta(minutes=7)
        return self.record(Order(command, actor, Via.CLI), account=account)

    def forge(self, entry_of: Callable[[Finding], Finding], number: str) -> None:
        """Change a finding behind the rules' back, to see what a screen makes of data that no rule lets in."""
        self._findings[number] = entry_of(self._findings[number])

    def _append(
        self, stream: str, event: Any, actor: str, via: Via, command: str, on: date, account: Account
    ) -> Entry[Any]:
        envelope = Envelope(actor, account.os_user, account.host, via, command, on, event)
        self._index += 1
        recorded = self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        version = len(self._entries[stream]) + 1
        entry = Entry(self._index, stream, version, catalogue.TOPICS[type(event)], recorded, envelope)
        self._entries[stream].append(entry)
        if stream == catalogue.REGISTER_STREAM:
            self._register = r.evolve_register(self._register, [envelope])
        else:
            number = catalogue.number_of(stream.split("/")[1], catalogue.ordinal_of_stream(stream))
            self._findings[number] = evolve(self._findings.get(number), entry)
        return entry

    # -- the Desk

    @property
    def path(self) -> Path:
        return Path("demo")

    @property
    def read_only(self) -> bool:
        return self._read_only

    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def index(self) -> int:
        return self._index

    def wait(self, index: int, timeout: float) -> int:
        with self._news:
            if self.lost:
                raise self.lost
            self._news.wait_for(lambda: self._index != index, timeout)
            return self._index

    def register(self) -> r.Register:
        self.building.wait()
        return self._register

    def record(self, order: Order, *, account: Account | None = None) -> Receipt:
        if self.lost:
            raise self.lost
        with self._news:
            if order.command_id and order.command_id in self._commands:
                return self._commands[order.command_id]
            receipt = self._decided(order, account or Account(order.actor, "host"))
            if order.command_id:
                self._commands[order.command_id] = receipt
            self._news.notify_all()
            return receipt

    def _decided(self, order: Order, account: Account) -> Receipt:
        command = order.command
        actor = self._register.person(order.actor)
        today = self.today()
        on = order.happened_on or today
        if not isinstance(command, c.FindingCommand):
            event = r.decide_register(command, self._register, actor)
            stream, number = catalogue.REGISTER_STREAM, ""
            entry = self._append(stream, event, actor.id, order.via, order.command_id, on, account)
            return Receipt(stream, entry.version, entry.index, entry.topic)
        context = Context(actor, account, today, on, self._register)
        if isinstance(command, c.LogFinding):
            ordinal = self._ordinals[command.programme] + 1
            number = catalogue.number_of(command.programme, ordinal)
            happened = decide(command, None, context, number=number)
            self._ordinals[command.programme] = ordinal
            stream = catalogue.stream_of(command.programme, ordinal)
        else:
            number = command.number
            happened = decide(command, self.finding(number), context)
            stream = catalogue.stream_of_number(number) or ""
        entry = self._append(stream, happened, actor.id, order.via, order.command_id, on, account)
        return Receipt(stream, entry.version, entry.index, entry.topic, number)

    def keep_evidence(self, source: Path, caption: str = "") -> Evidence:
        try:
            content = source.read_bytes()
        except OSError as error:
            raise Rejected("finding.unknown", number=str(source)) from error
        kept = self.keep(source.name, content)
        return Evidence(kept.sha256, kept.size, kept.name, caption)

    def offers(self, number: str | None, actor: str) -> tuple[Offer, ...]:
        person = self._register.person(actor)
        context = Context(person, Account("", ""), self.today(), self.today(), self._register)
        return offers(None if number is None else self.finding(number), context)

    def resolve(self, reference: str) -> str:
        return self.finding(reference).number

    def findings(self, query: Query) -> Page:
        if self.delay:
            threading.Event().wait(self.delay)
        self.asked.append(query)
        rows = self._filtered(query.filter, query.when)
        rows.sort(key=_KEYS[query.sort], reverse=query.descending)
        end = None if query.limit is None else query.offset + query.limit
        return Page(
            tuple(self._row(finding, self.yardstick(when=query.when)) for finding in rows[query.offset : end]),
            len(rows),
            query.offset,
            self._index,
        )

    def _filtered(self, text: str, when: str = "") -> list[Finding]:
        found = list(self._then(when).values())
        for part in text.split():
            if part.startswith("number="):
                numbers = part.removeprefix("number=").replace('"', "").split(",")
                found = [finding for finding in found if finding.number in numbers]
                continue
            name, colon, wanted = part.partition(":")
            if colon and name in ("status", "状态"):
                if wanted in ("overdue", "逾期"):
                    found = [finding for finding in found if light(finding, self.yardstick()) is Light.RED]
                    continue
                wanted = _STATUSES.get(wanted, wanted)
                if wanted not in set(State):
                    raise Rejected("value.unknown", field="status", value=wanted, allowed=list(_STATUSES))
                found = [finding for finding in found if finding.state == wanted]
            elif colon:
                raise Rejected("amend.unknown-field", field=name, allowed=["status"])
            else:
                found = [f for f in found if part.casefold() in f"{f.number} {f.title} {f.category}".casefold()]
        return found

    def _row(self, f: Finding, by: Yardstick) -> FindingRow:
        unit = self._register.units.get(f.lead_unit)
        return FindingRow(
            number=f.number,
            aliases=(),
            title=f.title,
            status=f.state,
            round=f.round,
            class_=f.class_,
            source=f.source,
            category=f.category,
            unit=f.lead_unit,
            unit_name=unit.name if unit else "",
            due=f.due,
            original_due=f.original_due,
            light=light(f, by),
            version=f.version,
            logged_at=f.logged_at,
            closed_at=f.closed_at or None,
            severity=f.severity,
            found_on=f.found_on,
            programme=f.programme,
            responsible_person=f.responsible_person,
        )

    def count(self, filter: str, today: date | None = None, *, when: str = "", cell: Cell | None = None) -> int:
        return len(self._filtered(filter, when))

    def moment(self, when: str) -> Moment:
        recorded = {entry.index: entry.recorded_at for entries in self._entries.values() for entry in entries}
        return moment_of(
            when, head=self._index, timezone="Asia/Shanghai", now=self.now, recorded_at=recorded.__getitem__
        )

    def yardstick(self, today: date | None = None, when: str = "") -> Yardstick:
        day = today or (self.moment(when).today if when else self.today())
        return yardstick(day, self._register.policy, self._register.calendar())

    def _then(self, when: str) -> dict[str, Finding]:
        if not when:
            return self._findings
        last, found = self.moment(when).index, dict[str, Finding]()
        for stream, entries in self._entries.items():
            if stream != catalogue.REGISTER_STREAM:
                finding: Finding | None = None
                for entry in entries:
                    finding = evolve(finding, entry) if entry.index <= last else finding
                if finding is not None:
                    found[finding.number] = finding
        return found

    def finding(self, number: str, when: str = "") -> Finding:
        try:
            return self._then(when)[number]
        except KeyError:
            raise Rejected("finding.unknown", number=number) from None

    def why(self, number: str, when: str = "") -> tuple[Reason, ...]:
        return why(self.finding(number, when), self.yardstick(when=when))

    def worklist(self, actor: str = "") -> tuple[Suggestion, ...]:
        found = [todo for finding in self._findings.values() for todo in suggestions(finding, self.yardstick())]
        allowed = {
            (number, offer.transition.name)
            for number in self._findings
            for offer in (self.offers(number, actor) if actor else ())
            if offer.refusal is None
        }
        mine = [todo for todo in found if not actor or (todo.number, todo.step) in allowed]
        return tuple(sorted(mine, key=lambda todo: (todo.since, todo.number, todo.step)))

    def diff(self, number: str, earlier: str, later: str) -> tuple[Change, ...]:
        raise NotImplementedError

    def diff_list(self, earlier: str, later: str, filter: str = "") -> ListDiff:
        before, after = self._then(earlier), self._then(later)
        by = self.yardstick(when=later)
        entered = [f for number, f in after.items() if number not in before]
        changed = [f for number, f in after.items() if number in before and f.version != before[number].version]
        rows = (tuple(self._row(f, by) for f in found) for found in (entered, changed))
        fresh, touched = rows
        return ListDiff(self.moment(earlier), self.moment(later), fresh, (), touched, ())

    def history(self, number: str) -> tuple[Entry[Any], ...]:
        self.finding(number)
        return tuple(self._entries[catalogue.stream_of_number(number) or ""])

    def replay(self, number: str) -> tuple[Step, ...]:
        steps: list[Step] = []
        finding: Finding | None = None
        for entry in self.history(number):
            before, finding = finding, evolve(finding, entry)
            names = [name for name in Finding.__struct_fields__ if name not in ("version", "changed_at", "hands")]
            changes = tuple(
                Change(name, getattr(before, name, None), getattr(finding, name))
                for name in names
                if getattr(before, name, None) != getattr(finding, name)
            )
            steps.append(Step(entry, finding, changes))
        return tuple(steps)

    def event(self, index: int) -> Entry[Any]:
        return self._log()[index]

    def _log(self) -> list[Entry[Any]]:
        return sorted((entry for entries in self._entries.values() for entry in entries), key=lambda each: each.index)

    def blame(self, number: str, when: str = "") -> tuple[Blame, ...]:
        last = self.moment(when).index if when else self._index
        return blame((step.entry, step.finding) for step in self.replay(number) if step.entry.index <= last)

    def trail(self, *, offset: int = 0, limit: int = 100, actor: str = "", number: str = "", when: str = "") -> Trail:
        last = self.moment(when).index if when else self._index
        rows = [self._trailed(entry) for entry in reversed(self._log()) if entry.index <= last]
        found = [row for row in rows if actor in ("", row.actor) and number in ("", row.number)]
        return Trail(tuple(found[offset : offset + limit]), len(found), self._index)

    def _trailed(self, entry: Entry[Any]) -> TrailRow:
        who = entry.envelope
        number, place = "", 0
        if entry.stream != catalogue.REGISTER_STREAM:
            number = catalogue.number_of(entry.stream.split("/")[1], catalogue.ordinal_of_stream(entry.stream))
            place = list(self._findings).index(number) + 1
        return TrailRow(
            entry.index, entry.stream, number, entry.version, entry.topic, who.actor, who.os_user, who.host, who.via,
            entry.recorded_at, who.happened_on, bool(getattr(entry.data, "same_account", False)), place,
        )  # fmt: skip

    def completions(self, text: str, at: int, lang: str, *, at_once: bool = False) -> tuple[Completion, ...] | None:
        def values(column: str) -> list[tuple[str, int]]:
            asked.append(column)
            return sorted(Counter(f.category for f in self._findings.values() if f.category).items())

        asked: list[str] = []
        found = completions(text, at, self._register, values, chinese=lang == "zh")
        return None if at_once and asked else tuple(Completion(*each) for each in found)

    def sounds(self, texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(pinyin.ways(text) for text in texts)

    def figures(
        self, by: Dimension, filter: str = "", today: date | None = None, *, when: str = "", since: str = ""
    ) -> Figures:
        found = self._filtered(filter, when)
        units = dict.fromkeys(f.lead_unit for f in found) if by is Dimension.UNIT else {}
        above = {other: None for unit in units for other in self._register.lineage(unit or None)} | units
        groups = [(unit, [f for f in found if f.lead_unit in {*self._register.below(unit), unit}]) for unit in above]
        names = {unit.id: unit.name for unit in self._register.units.values()}
        order = [*self._register.units, ""]
        told = tuple(
            self._counts(u, names.get(u, ""), g) for u, g in sorted(groups, key=lambda each: order.index(each[0]))
        )
        return Figures(by, told, self._counts("", "", found), self._index, self.today())

    def _counts(self, key: str, label: str, found: list[Finding]) -> Counts:
        lights = [light(finding, self.yardstick()) for finding in found]
        return Counts(
            key=key,
            label=label,
            total=len(found),
            open=sum(finding.state in OPEN_STATES for finding in found),
            overdue=lights.count(Light.RED),
            due_soon=lights.count(Light.YELLOW),
            sustained=sum(finding.class_ is FindingClass.SUSTAINED for finding in found),
        )

    def standing(self, index: int) -> Standing:
        found, by = self._then(f"#{index}").values(), self.yardstick(when=f"#{index}")
        lights = [light(finding, by) for finding in found]
        states = [finding.state for finding in found]
        return Standing(
            index, by.today, len(lights), sum(state in OPEN_STATES for state in states), lights.count(Light.RED),
            lights.count(Light.YELLOW), states.count(State.AWAITING), states.count(State.CLOSED),
        )  # fmt: skip

    def trend(self) -> tuple[Standing, ...]:
        months: dict[date, int] = {}
        for entry in self._log():
            day = datetime.fromisoformat(entry.recorded_at).astimezone(ZONE).date()
            months[day.replace(day=1)] = entry.index
        return tuple(map(self.standing, months.values()))

    def export(
        self,
        kind: ExportKind,
        format: str,
        target: Path,
        query: Query,
        lang: str,
        *,
        options: ExportOptions = ExportOptions(),  # noqa: B008 - a frozen value
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        return write_table(target)

    def imports(self) -> FakeImports:
        return FakeImports()

    def proofs(self) -> FakeProofs:
        return FakeProofs(self._index + 1)

    def verify(self, progress: Callable[[int, int], None] | None = None) -> Verdict:
        raise NotImplementedError

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        raise NotImplementedError

    def close(self) -> None:
        return


_STAGES = list(State)
_KEYS: dict[Sort, Callable[[Finding], Any]] = {
    Sort.LOGGED: lambda f: f.logged_at,
    Sort.NUMBER: lambda f: f.number,
    Sort.DUE: lambda f: (f.due is None, f.due or date.max),
    Sort.CHANGED: lambda f: f.changed_at,
    Sort.UNIT: lambda f: (not f.lead_unit, f.lead_unit),
    Sort.STATUS: lambda f: _STAGES.index(f.state),
    Sort.TITLE: lambda f: f.title,
}


def empty_desk(**settings: Any) -> FakeDesk:
    """A ledger with its people, without findings."""
    desk = FakeDesk(**settings)
    now, desk.now = desk.now, datetime(2023, 4, 1, 9, 0, tzinfo=ZONE)  # recorded times never go back
    desk.learn(
        r.OpenProgramme("JZ-2023", "政法干警教育整顿督导"),
        r.AddUnit("ju", "市局"),
        r.AddUnit("jiwei", "局机关纪委", parent="ju"),
        r.AddUnit("renshi", "人事管理处", parent="ju"),
        r.AddUnit("shenli", "案件审理科", parent="jiwei"),
        r.AddPerson("dudao", "督导组甲", (Role.INSPECTOR,)),
        r.AddPerson("bangongshi", "督导办乙", (Role.OFFICE,)),
        r.AddPerson("jingban", "经办人丙", (Role.UNIT_OFFICER,), unit="jiwei"),
        r.AddPerson("fuze", "负责人丁", (Role.UNIT_HEAD,), unit="jiwei"),
        r.AddPerson("hecha", "核查人戊", (Role.VERIFIER,)),
        r.AddPerson("shenpi", "审批人己", (Role.APPROVER,)),
        r.AddPerson("lingdao", "领导庚", (Role.LEADER,)),
        # one who may do everything: to show that four eyes hold whatever the roles
        r.AddPerson("quanneng", "全能辛", (Role.UNIT_HEAD, Role.VERIFIER, Role.APPROVER), unit="jiwei"),
    )
    desk.now = now
    return desk


def small_desk(**settings: Any) -> FakeDesk:
    """A ledger with five findings in different states, on 10 July 2023."""
    desk = empty_desk(**settings)

    def on(day: int, month: int = 4, hour: int = 9) -> datetime:
        return datetime(2023, month, day, hour, 30, tzinfo=ZONE)

    titles = (
        ("严管严治的压力没有完全传导到一线，在基层存在温差", "主体责任"),
        ("编外人员违纪违法问题较为多发，屡禁不止", "编外人员管理"),
        ("对干部“八小时以外”活动监督管理措施不够有力", "干部监督"),
        ("党员干部参与赌博、酒驾、违反生活纪律等问题时有发生", "违反生活纪律"),
        ("No dedicated unit supervises cadres", "机构设置"),
    )
    for at, (title, category) in enumerate(titles, 1):
        command = c.LogFinding("JZ-2023", title, "000 汇报自查", date(2023, 4, 20), category=category)
        desk.do("dudao", command, at=on(20, hour=8 + at))

    def assign(number: int, unit: str, due: date | None, class_: FindingClass = FindingClass.TIME_BOUND) -> None:
        desk.do(
            "bangongshi",
            c.AssignFinding(
                f"JZ-2023-{number:03}",
                unit,
                class_,
                "花名册全员覆盖；合同条款补签率100%",
                ByDate(due) if due else None,
                accountable_leader="乙某",
            ),
            at=on(21, hour=8 + number),
        )

    assign(1, "jiwei", None, FindingClass.SUSTAINED)
    assign(2, "jiwei", date(2023, 7, 14))
    assign(3, "jiwei", date(2023, 6, 20))
    assign(4, "renshi", date(2023, 12, 18))
    for number, step in (("JZ-2023-002", 0), ("JZ-2023-003", 1)):
        desk.do("jingban", c.AcknowledgeFinding(number, ("分类建册", "合同增设条款")), at=on(24 + step))
    for number, step in (("JZ-2023-002", 0), ("JZ-2023-003", 1)):
        desk.do("jingban", c.ActOnMeasure(number, 1, Progress.DONE, "已完成分类建册 324 人"), at=on(26 + step))
    desk.do("jingban", c.AttachEvidence("JZ-2023-003", desk.keep("花名册.xlsx", b"names")), at=on(1, 6))
    desk.do("fuze", c.RequestClosure("JZ-2023-003", "办法印发，谈话覆盖重点岗位"), at=on(16, 6))
    desk.now = datetime(2023, 7, 10, 9, 0, tzinfo=ZONE)
    return desk
