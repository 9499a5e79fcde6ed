"""Owns given / when / then for a finding: `given(LOGGED, assigned()).when(acknowledge()).then(FindingAcknowledged(…))`.

What happened is taken as it is, through the stored bytes and back, as a reader of the log would meet it; what is asked
goes through `decide`. It must not know any rule: what is right stands in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from taizhang.ledger.domain import catalogue
from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain.calendar import ByDate
from taizhang.ledger.domain.carrying import CarriedMeasure, Claim, Origin
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.policy import Level, Policy
from taizhang.ledger.domain.register import Person, Programme, Register, Unit
from taizhang.ledger.domain.rules import Context, decide
from taizhang.ledger.domain.values import (
    Account,
    Conclusion,
    Deadline,
    Evidence,
    FindingClass,
    LinkKind,
    Method,
    Progress,
    Result,
    Role,
    Severity,
    State,
    Via,
)

FOUND = date(2023, 4, 18)
DAY = date(2023, 4, 21)
TODAY = date(2023, 5, 10)
DUE = date(2023, 6, 20)
LATER = date(2023, 9, 20)
NUMBER = "JYZD-2023-001"
OTHER_NUMBER = "JYZD-2023-002"
STREAM = "finding/JYZD-2023/00000001"

# -- the register: two trees of units, at least one person for every role

LEAD, COOPERATING = "east", "west"

_UNITS = (
    Unit("city", "市局"),
    Unit("east", "东区分局", "city"),
    Unit("east-1", "东区一所", "east"),
    Unit("east-2", "东区二所", "east"),
    Unit("west", "西区分局", "city"),
    Unit("west-1", "西区一所", "west"),
    Unit("south", "南区分局", "city"),
    Unit("group", "督导工作领导小组"),
    Unit("team", "第一督导组", "group"),
)
_PEOPLE = (
    Person("zhou", "周*", frozenset({Role.INSPECTOR}), "team"),
    Person("wu", "吴*", frozenset({Role.OFFICE}), "team"),
    Person("zheng", "郑*", frozenset({Role.UNIT_OFFICER}), "east"),
    Person("wang", "王*", frozenset({Role.UNIT_HEAD}), "east"),
    Person("li", "李*", frozenset({Role.VERIFIER}), "team"),
    Person("feng", "冯*", frozenset({Role.VERIFIER, Role.APPROVER}), "team"),
    Person("chen", "陈*", frozenset({Role.APPROVER}), "team"),
    Person("chu", "褚*", frozenset({Role.LEADER}), "group"),
    Person("wei", "卫*", frozenset({Role.AUDITOR})),
    Person("jiang", "蒋*", frozenset({Role.ADMIN})),
    Person("shen", "沈*", frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD}), "west"),
    Person("han", "韩*", frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD}), "east-1"),
    Person("yang", "杨*", frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD}), "city"),
    Person("zhu", "朱*", frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD}), "west-1"),
    Person("qin", "秦*", frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD}), "south"),
    Person("you", "尤*", frozenset({Role.INSPECTOR}), "team", active=False),
)
REGISTER = Register(
    origin="ledger.example/jyzd",
    units={unit.id: unit for unit in _UNITS},
    people={person.id: person for person in _PEOPLE},
    programmes={
        "JYZD-2023": Programme("JYZD-2023", "2023年教育整顿", ("学习教育", "检视整治"), date(2023, 3, 1)),
        "JYZD-2022": Programme("JYZD-2022", "2022年教育整顿", (), date(2022, 3, 1), date(2022, 12, 30)),
    },
    version=len(_UNITS) + len(_PEOPLE) + 3,
)


def account_of(person: str) -> Account:
    """Return the account of the person's own computer."""
    return Account(person, f"pc-{person}")


def person_with(role: Role, unit: str | None = None, *, name: str = "somebody") -> Person:
    """Return a person with this one role."""
    return Person(name, "某*", frozenset({role}), unit)


def evidence(name: str = "谈话记录.pdf", caption: str = "") -> Evidence:
    """Return evidence whose hash is that of its name."""
    return Evidence(sha256(name.encode()).hexdigest(), 2048, name, caption)


# -- what happened


class Happened(Struct, frozen=True):
    """An event as it was recorded: by whom, when, behind which account."""

    event: e.FindingEvent
    by: str
    on: date
    account: Account


def _happened(event: e.FindingEvent, by: str, *, on: date = DAY) -> Callable[..., Happened]:
    day = on

    def build(*, by: str = by, on: date = day, account: Account | None = None, **changes: Any) -> Happened:
        return Happened(replace(event, **changes), by, on, account or account_of(by))

    build.__name__ = type(event).__name__
    return build


_TITLE = "干部“八小时以外”活动监督管理措施不够有力，存在“老好人”心理"
_CRITERIA = "办法印发；谈话覆盖重点岗位"

logged = _happened(
    e.FindingLogged(
        NUMBER, "JYZD-2023", _TITLE, "汇报自查", FOUND, "第一督导组", "《党内监督条例》", "干部监督", Severity.MEDIUM
    ),
    "zhou",
)
assigned = _happened(
    e.FindingAssigned(LEAD, FindingClass.TIME_BOUND, Deadline(DUE, start=DAY), _CRITERIA, (COOPERATING,), "丙*", "丁*"),
    "wu",
)
acknowledged = _happened(e.FindingAcknowledged(("出台八小时外监督办法", "家访与谈心谈话记录")), "zheng")
objected = _happened(e.FindingObjected("该岗位不属本单位管理"), "wang")
acted = _happened(e.MeasureActed(1, Progress.DONE, "办法已经印发"), "zheng")
attached = _happened(e.EvidenceAttached(evidence()), "zheng")
requested = _happened(e.ClosureRequested("办法已印发，重点岗位谈话全覆盖"), "wang")
verified = _happened(e.FindingVerified(Method.ON_SITE, Conclusion.EFFECTIVE, "抽查二十人，均有记录"), "li")
returned = _happened(e.FindingReturned("仅有会议记录，无谈话抽查佐证"), "li")
closed = _happened(e.FindingClosed(), "chen")
withdrawn = _happened(e.FindingWithdrawn("与另一问题重复", OTHER_NUMBER), "chu")
transferred = _happened(e.FindingTransferred("线索处置组", "属线索，不属整改事项"), "chu")
amended = _happened(e.FindingAmended("category", "干部监督", "制度机制", "归类有误"), "zhou")
planned = _happened(e.PlanRevised(("出台八小时外监督办法", "回访抽查"), "补充抽查"), "zheng")
extension_asked = _happened(e.ExtensionRequested(Deadline(LATER, start=DAY), "等待上级批复", "过半"), "zheng")
extension_granted = _happened(e.ExtensionGranted(Deadline(LATER, start=DAY), "情况属实"), "wu")
extension_refused = _happened(e.ExtensionRefused("须如期完成"), "wu")
escalated = _happened(e.FindingEscalated(Level.NOTICE, "督函〔2023〕1号", "请抓紧"), "wu")
listed = _happened(e.FindingEscalated(Level.LISTING, "督函〔2023〕2号", "挂牌督办"), "wu")
received = _happened(e.EscalationReceived("督函〔2023〕1号", "已收"), "wang")
followed_up = _happened(e.FindingFollowedUp(Result.RELAPSED, "又有反映"), "zhou")
reopened = _happened(e.FindingReopened(2, "问题反弹", Deadline(LATER, start=TODAY)), "chen", on=TODAY)
linked = _happened(e.FindingLinked(OTHER_NUMBER, LinkKind.SUCCESSOR_OF), "wei")
commented = _happened(e.FindingCommented("请于周五前补充"), "wei")

CLAIM = Claim(
    _TITLE,
    State.RECTIFYING,
    status="整改中",
    alias="JZ-2023-003",
    source="汇报自查",
    lead_unit=LEAD,
    assigned_on=DAY,
    class_=FindingClass.TIME_BOUND,
    deadline=Deadline(DUE),
    measures=(CarriedMeasure("出台八小时外监督办法", Progress.DONE), CarriedMeasure("家访与谈心谈话记录")),
)
ORIGIN = Origin("整改台账.xlsx", sha256(b"sheet").hexdigest(), "台账", 6, "20230510-1")
CELLS = {"A6": "3", "E6": _TITLE}
carried_in = _happened(e.FindingCarriedIn(NUMBER, "JYZD-2023", CLAIM, ORIGIN, CELLS), "wu")
undone = _happened(e.CarryInUndone("导入有误"), "wu")

LOGGED = logged()
_RECTIFYING = (LOGGED, assigned(), acknowledged())
_AWAITING = (*_RECTIFYING, acted(), attached(), requested())

HISTORIES: dict[State | None, tuple[Happened, ...]] = {
    None: (),
    State.LOGGED: (LOGGED,),
    State.ASSIGNED: (LOGGED, assigned()),
    State.RECTIFYING: _RECTIFYING,
    State.AWAITING: _AWAITING,
    State.CLOSED: (*_AWAITING, verified(), closed()),
    State.WITHDRAWN: (LOGGED, assigned(), withdrawn()),
    State.TRANSFERRED: (LOGGED, assigned(), transferred()),
}
"""A short life that ends in each state."""

_EXTENDED, _ESCALATED = (extension_asked(),), (escalated(),)


def ready(command: str, state: State | None) -> tuple[Happened, ...]:
    """Return a life that ends in the state, with what the step needs beside the state."""
    life = HISTORIES[state]
    match command:
        case "request-closure" if state is State.RECTIFYING:
            return HISTORIES[State.AWAITING][:-1]
        case "request-closure" | "attach" if state is State.ASSIGNED:
            immediate = (LOGGED, assigned(class_=FindingClass.IMMEDIATE))
            return (*immediate, attached()) if command == "request-closure" else immediate
        case "close" if state is State.AWAITING:
            return (*life, verified())
        case "grant" | "refuse" if life:
            return (*life, *_EXTENDED)
        case "receive" if life:
            return (*life, *_ESCALATED)
        case "reopen" if state is State.CLOSED:
            return (*life, followed_up())
        case "undo-carry-in" if state is not None:
            return (carried_in(claim=replace(CLAIM, state=state)),)
        case _:
            return life


def with_policy(**changes: Any) -> Register:
    """Return the register under another policy."""
    return replace(REGISTER, policy=replace(Policy(), **changes))


RECTIFYING, AWAITING, CLOSED = (HISTORIES[state] for state in (State.RECTIFYING, State.AWAITING, State.CLOSED))


# -- what is asked


class Asked(Struct, frozen=True):
    """A command, with who gives it, when it happened and behind which account."""

    command: c.FindingCommand
    by: str | Person
    on: date
    account: Account

    @property
    def name(self) -> str:
        """The command's word."""
        return str(self.command.__struct_config__.tag)


def _asked(command: c.FindingCommand, by: str) -> Callable[..., Asked]:
    def build(*, by: str | Person = by, on: date = TODAY, account: Account | None = None, **changes: Any) -> Asked:
        own = account_of(by if isinstance(by, str) else by.id)
        if isinstance(day := changes.get("due"), date):  # a day is the plainest rule
            changes["due"] = ByDate(day)
        return Asked(replace(command, **changes), by, on, account or own)

    build.__name__ = type(command).__name__
    return build


log = _asked(
    c.LogFinding("JYZD-2023", _TITLE, "汇报自查", FOUND, "第一督导组", "《党内监督条例》", "干部监督", Severity.MEDIUM),
    "zhou",
)
assign = _asked(
    c.AssignFinding(NUMBER, LEAD, FindingClass.TIME_BOUND, _CRITERIA, ByDate(DUE), (COOPERATING,), "丙*", "丁*"), "wu"
)
acknowledge = _asked(c.AcknowledgeFinding(NUMBER, ("出台八小时外监督办法", "家访与谈心谈话记录")), "zheng")
object_to = _asked(c.ObjectToFinding(NUMBER, "该岗位不属本单位管理"), "wang")
act = _asked(c.ActOnMeasure(NUMBER, 1, Progress.DONE, "办法已经印发"), "zheng")
attach = _asked(c.AttachEvidence(NUMBER, evidence()), "zheng")
request = _asked(c.RequestClosure(NUMBER, "办法已印发，重点岗位谈话全覆盖"), "wang")
verify = _asked(c.VerifyFinding(NUMBER, Method.ON_SITE, Conclusion.EFFECTIVE, "抽查二十人，均有记录"), "li")
send_back = _asked(c.ReturnFinding(NUMBER, "仅有会议记录，无谈话抽查佐证"), "li")
close = _asked(c.CloseFinding(NUMBER), "chen")
withdraw = _asked(c.WithdrawFinding(NUMBER, "与另一问题重复", OTHER_NUMBER), "chu")
transfer = _asked(c.TransferFinding(NUMBER, "线索处置组", "属线索，不属整改事项"), "chu")
amend = _asked(c.AmendFinding(NUMBER, "category", "制度机制", "归类有误"), "zhou")
plan = _asked(c.RevisePlan(NUMBER, ("出台八小时外监督办法", "回访抽查"), "补充抽查"), "zheng")
extend = _asked(c.RequestExtension(NUMBER, ByDate(LATER), "等待上级批复", "过半"), "zheng")
grant = _asked(c.GrantExtension(NUMBER, reason="情况属实"), "wu")
refuse = _asked(c.RefuseExtension(NUMBER, "须如期完成"), "wu")
remind = _asked(c.Remind(NUMBER, Level.NOTICE, "督函〔2023〕1号", "请抓紧"), "wu")
list_publicly = _asked(c.ListPublicly(NUMBER, "督函〔2023〕2号", "挂牌督办"), "wu")
receive = _asked(c.ReceiveEscalation(NUMBER, "督函〔2023〕1号", "已收"), "wang")
follow_up = _asked(c.FollowUp(NUMBER, Result.RELAPSED, "又有反映"), "zhou")
reopen = _asked(c.ReopenFinding(NUMBER, "问题反弹", ByDate(LATER)), "chen")
link = _asked(c.LinkFinding(NUMBER, OTHER_NUMBER, LinkKind.SUCCESSOR_OF), "wei")
comment = _asked(c.CommentOnFinding(NUMBER, "请于周五前补充"), "wei")

carry_in = _asked(c.CarryIn("JYZD-2023", CLAIM, ORIGIN, CELLS), "wu")
undo_carry_in = _asked(c.UndoCarryIn(NUMBER, "导入有误"), "wu")

ASKS: dict[str, Callable[..., Asked]] = {
    builder().name: builder
    for builder in (
        log,
        assign,
        acknowledge,
        object_to,
        act,
        attach,
        request,
        verify,
        send_back,
        close,
        withdraw,
        transfer,
        amend,
        comment,
        plan,
        extend,
        grant,
        refuse,
        remind,
        list_publicly,
        receive,
        follow_up,
        reopen,
        link,
        carry_in,
        undo_carry_in,
    )
}
"""Every command by its word, with what the rules ask of it; a test changes what it is about."""


# -- given / when / then


def recorded(index: int, version: int, happened: Happened, *, stream: str = STREAM) -> Entry[Any]:
    """Return the event as a reader of the log meets it: decoded from its stored bytes."""
    who = happened.account
    envelope: Envelope[Any] = Envelope(
        happened.by, who.os_user, who.host, Via.CLI, f"command-{index}", happened.on, happened.event
    )
    topic = catalogue.TOPICS[type(happened.event)]
    moment = f"{happened.on.isoformat()}T08:00:00.{index:06d}Z"
    return catalogue.entry(index, stream, version, topic, moment, catalogue.encode(envelope))


def folded(history: Iterable[Happened], finding: Finding | None = None) -> Finding | None:
    """Return the finding after the history."""
    for happened in history:
        version = finding.version + 1 if finding else 1
        finding = evolve(finding, recorded(version - 1, version, happened))
    return finding


class Outcome(Struct, frozen=True):
    """What `decide` made of a command."""

    finding: Finding | None
    asked: Asked
    event: e.FindingEvent | None
    refusal: Rejected | None

    def then(self, event: e.FindingEvent) -> Finding:
        """The command leads to exactly this event; return the finding after it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.event == event
        return self.allowed()

    def allowed(self) -> Finding:
        """The command is allowed; return the finding after it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert self.event is not None
        by = self.asked.by if isinstance(self.asked.by, str) else self.asked.by.id
        happened = Happened(self.event, by, self.asked.on, self.asked.account)
        after = folded((happened,), self.finding)
        assert after is not None
        return after

    def rejected(self, code: str, **params: Any) -> Rejected:
        """The command is refused with this code, and the refusal names at least these parameters."""
        assert self.refusal is not None, f"allowed: {self.event}"
        assert self.refusal.code == code, f"refused otherwise: {self.refusal}"
        assert {name: self.refusal.params.get(name) for name in params} == params
        msgspec.json.encode(self.refusal.params)
        return self.refusal


class Given(Struct, frozen=True):
    """A finding with a history, and the register and the day of what comes next."""

    finding: Finding | None
    register: Register
    today: date

    @property
    def stands(self) -> Finding:
        """The finding, which has been logged."""
        assert self.finding is not None
        return self.finding

    def context(self, asked: Asked) -> Context:
        """Return what `decide` is told beside the command."""
        actor = self.register.people[asked.by] if isinstance(asked.by, str) else asked.by
        return Context(actor, asked.account, self.today, asked.on, self.register)

    def when(self, asked: Asked) -> Outcome:
        """Ask `decide`."""
        try:
            event = decide(asked.command, self.finding, self.context(asked), number=NUMBER)
        except Rejected as refusal:
            return Outcome(self.finding, asked, None, refusal)
        return Outcome(self.finding, asked, event, None)


def given(*history: Happened, register: Register = REGISTER, today: date = TODAY) -> Given:
    """Begin with a finding to which this happened; with nothing, before it is logged."""
    return Given(folded(history), register, today)


def moved(person: str, unit: str | None, register: Register = REGISTER) -> Register:
    """Return the register after the person changed units, roles kept."""
    people = {**register.people, person: replace(register.people[person], unit=unit)}
    return replace(register, people=people)
