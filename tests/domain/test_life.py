"""A finding's life, step by random step, against a model that is nothing but a dict and rules in sentences.

The model says beforehand what each step leads to or why it is refused; after each step the finding, folded from the stored
bytes, is held against it. People change units on the way, because hands and places part only then.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from taizhang.ledger.domain.envelope import Envelope
from taizhang.ledger.domain.finding import Finding, evolve
from taizhang.ledger.domain.register import AmendPerson, Person, Register, decide_register, evolve_register
from taizhang.ledger.domain.rules import Context, offers
from taizhang.ledger.domain.values import (
    Account,
    Conclusion,
    FindingClass,
    Method,
    Progress,
    Result,
    Role,
    State,
    Via,
)
from tests.domain import spec
from tests.domain.expected import LEADS_TO, WHO, Cell
from tests.domain.spec import DUE, NUMBER, REGISTER, TODAY, Asked, Given, Happened, evidence, recorded

ABOVE = {
    "city": ["city"],
    "east": ["east", "city"],
    "east-1": ["east-1", "east", "city"],
    "west": ["west", "city"],
    "west-1": ["west-1", "west", "city"],
    "south": ["south", "city"],
    "team": ["team", "group"],
}
ROLES = {
    "inspector": {Role.INSPECTOR, Role.VERIFIER},
    "office": {Role.OFFICE},
    "leader": {Role.LEADER, Role.APPROVER},
    "approver": {Role.APPROVER},
    "verifier": {Role.VERIFIER, Role.APPROVER},
    "officer": {Role.UNIT_OFFICER, Role.VERIFIER},
    "head": {Role.UNIT_HEAD, Role.APPROVER},
    "all": set(Role),
    "auditor": {Role.AUDITOR},
}
HOMES = {"officer": "east", "head": "east", "all": "west"}
UNITS = st.sampled_from(list(ABOVE))
SHARED, ALSO_SHARED = Account("office", "pc-01"), Account("office", "pc-02")
ACCOUNTS = st.sampled_from([None, None, None, SHARED, ALSO_SHARED])
LATER, LATEST = spec.LATER, date(2023, 12, 29)
FORWARD = (
    "log_it", "assign", "acknowledge", "attach", "request", "verify", "close",
    "follow_up", "reopen", "attach", "request", "verify", "close",
)  # fmt: skip
STAFF = st.sampled_from(list(ROLES))
USUAL = {
    "log": "inspector",
    "assign": "office",
    "acknowledge": "officer",
    "object": "head",
    "act": "officer",
    "attach": "officer",
    "request-closure": "head",
    "verify": "verifier",
    "return": "inspector",
    "close": "approver",
    "withdraw": "leader",
    "transfer": "leader",
    "amend": "office",
    "comment": "auditor",
    "plan": "officer",
    "extend": "officer",
    "grant": "office",
    "refuse": "office",
    "remind": "office",
    "list-publicly": "office",
    "receive": "head",
    "follow-up": "inspector",
    "reopen": "approver",
    "link": "auditor",
    "carry-in": "office",
    "undo-carry-in": "office",
}


def who(command: str) -> st.SearchStrategy[str]:
    """Return mostly the person whose work it is, so that lives get somewhere."""
    return mostly(USUAL[command], *ROLES)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Return the usual value two times out of three."""
    return st.sampled_from([usual] * 2 * len(others) + [*others])


def fitting(command: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a rule run only in the states that have the step; `out_of_place` asks for it in the others."""
    return precondition(lambda self: bool(WHO[Cell(command, self.model["state"])]))


NONE: dict[str, Any] = {"account": None}
STRAIGHT: dict[str, dict[str, Any]] = {
    "log_it": {"by": "inspector"},
    "assign": {
        "by": "office",
        "lead": "east",
        "cooperating": ["west"],
        "class_": FindingClass.TIME_BOUND,
        "due": DUE,
    },
    "acknowledge": {"by": "officer", "measures": 2, **NONE},
    "attach": {"by": "officer", "name": "一.pdf", **NONE},
    "request": {"by": "head", **NONE},
    "verify": {"by": "verifier", "conclusion": Conclusion.EFFECTIVE, "method": Method.ON_SITE, **NONE},
    "close": {"by": "approver", **NONE},
    "follow_up": {"by": "inspector", "result": Result.RELAPSED},
    "reopen": {"by": "approver", "due": LATER},
}


class Life(RuleBasedStateMachine):
    """One finding, from nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.finding: Finding | None = None
        self.log: list[tuple[Any, Finding]] = []
        people = {name: Person(name, "某*", frozenset(roles), HOMES.get(name, "team")) for name, roles in ROLES.items()}
        people["admin"] = Person("admin", "管*", frozenset({Role.ADMIN}))
        self.register: Register = msgspec.structs.replace(REGISTER, people=people)
        self.unit = {name: HOMES.get(name, "team") for name in ROLES}
        self.model: dict[str, Any] = {"state": None}
        self.cap = 1

    # -- the model's rules

    def within(self, name: str, units: list[str]) -> bool:
        return any(unit in units for unit in ABOVE[self.unit[name]])

    def refusal(self, command: str, name: str) -> str:
        """Say why the step is refused to this person, whatever its words; "" where it is not."""
        m = self.model
        state, roles = m["state"], ROLES[name]
        if state is None and command not in ("log", "carry-in"):
            return "finding.unknown"
        if state is not None and command in ("log", "carry-in"):
            return "finding.exists"
        if command == "amend":
            allowed = {Role.INSPECTOR, Role.OFFICE, Role.UNIT_OFFICER, Role.UNIT_HEAD}
        else:
            allowed = set(WHO[Cell(command, state)])
        if not allowed:
            return "state.wrong"
        if not roles & allowed:
            return "role.missing"
        if state is None:
            return ""
        if command == "undo-carry-in":
            return "" if m.get("carried") and len(self.log) == 1 else "carry.undo"
        lead, involved = [m["lead"]], [m["lead"], *m["cooperating"]]
        of_the_lead = ("acknowledge", "object", "request-closure", "plan", "extend", "receive")
        if command in of_the_lead and not self.within(name, lead):
            return "unit.not-yours"
        if command in ("act", "attach") and not self.within(name, involved):
            return "unit.not-yours"
        if command in ("verify", "return"):
            if self.within(name, involved):
                return "unit.own-work"
            if name in m["hands"]:
                return "verify.own-work"
        if command == "close":
            if self.within(name, involved):
                return "unit.own-work"
            if m["verified"] and m["verified"]["by"] == name:
                return "close.own-verification"
            if name in m["hands"]:
                return "close.own-work"
            if not m["verified"]:
                return "close.not-verified"
            if m["verified"]["conclusion"] != "effective":
                return "close.not-effective"
        if command == "reopen" and name in m["relapsed_by"]:
            return "reopen.own-follow-up"
        straight = state is State.ASSIGNED and command in ("request-closure", "attach")
        if straight and m["class"] is not FindingClass.IMMEDIATE:
            return "acknowledge.first"
        if command == "request-closure" and not m["evidence"]:
            return "request.no-evidence"
        if command == "reopen" and (m["followed"] is None or m["followed"]["result"] != "relapsed"):
            return "reopen.no-relapse"
        if command == "receive" and all(got for _, got in m["documents"]):
            return "receive.none"
        if command in ("grant", "refuse") and m["extension"] is None:
            return "extend.none"
        if command == "extend":
            if m["due"] is None or m["class"] is FindingClass.SUSTAINED:
                return "extend.no-deadline"
            if m["extension"] is not None:
                return "extend.waiting"
            if m["due"] < TODAY:
                return "extend.too-late"
            if m["extensions"] >= self.cap:
                return "extend.cap"
        if command == "amend" and not roles & {Role.INSPECTOR, Role.OFFICE} and not self.within(name, lead):
            return "unit.not-yours"
        return ""

    # -- asking

    def given(self) -> Given:
        return Given(self.finding, self.register, TODAY)

    def ask(self, asked: Asked, *, because: str = "") -> bool:
        """Ask, compare with what the model expects, take the event in; say whether it was allowed."""
        name = str(asked.by)
        expected = self.refusal(asked.name, name) or because
        outcome = self.given().when(asked)
        if expected:
            outcome.rejected(expected)
            return False
        assert outcome.refusal is None, f"refused: {outcome.refusal}"
        assert outcome.event is not None
        version = len(self.log) + 1
        entry = recorded(version - 1, version, Happened(outcome.event, name, asked.on, asked.account))
        self.finding = evolve(self.finding, entry)
        self.log.append((entry, self.finding))
        target = LEADS_TO[asked.name]
        if target is not None:
            self.model["state"] = target
        self.last = outcome.event
        return True

    def touched(self, asked: Asked) -> None:
        self.model["hands"].setdefault(str(asked.by), set()).add((asked.account.os_user, asked.account.host))

    def on_a_used_account(self, asked: Asked, *others: tuple[str, str]) -> bool:
        used = {account for accounts in self.model["hands"].values() for account in accounts} | set(others)
        return (asked.account.os_user, asked.account.host) in used

    # -- steps

    @initialize(steps=st.integers(0, len(FORWARD)))
    def begin_somewhere(self, steps: int) -> None:
        """Most lives begin with a part of the straight way: random steps alone would hardly ever get to its end."""
        for name in FORWARD[:steps]:
            getattr(self, name)(**STRAIGHT[name])

    @rule(command=st.sampled_from(sorted(USUAL)), by=STAFF)
    def out_of_place(self, command: str, by: str) -> None:
        if not WHO[Cell(command, self.model["state"])]:
            self.ask(spec.ASKS[command](by=by))

    @rule(by=who("log"))
    def log_it(self, by: str) -> None:
        if self.ask(spec.log(by=by)):
            self.model |= {
                "lead": "",
                "cooperating": (),
                "hands": {},
                "evidence": [],
                "measures": [],
                "verified": None,
                "asked": None,
                "missing": "",
                "first_due": None,
                "due": None,
                "class": None,
                "round": 1,
                "rounds": [],
                "extension": None,
                "extensions": 0,
                "missed": False,
                "documents": [],
                "followed": None,
                "relapsed_by": set(),
                "links": [],
                "returns": 0,
                "objections": 0,
                "comments": 0,
                "category": "干部监督",
                "responsible": "",
                "title": spec.log().command.title,  # type: ignore[union-attr]
            }

    @fitting("carry-in")
    @rule(by=who("carry-in"), state=st.sampled_from(State))
    def carry_it_in(self, by: str, state: State) -> None:
        """A life that was not witnessed begins where a sheet says; from there it goes on like any other."""
        claim = msgspec.structs.replace(spec.CLAIM, state=state)
        if self.ask(spec.carry_in(by=by, claim=claim)):
            self.model |= {
                "state": state, "lead": spec.LEAD, "cooperating": (), "hands": {}, "evidence": [], "verified": None,
                "measures": [(m.text, m.progress.value) for m in claim.measures], "asked": None, "missing": "",
                "first_due": DUE, "due": DUE, "class": claim.class_, "round": 1, "rounds": [], "extension": None,
                "extensions": 0, "missed": False, "documents": [], "followed": None, "relapsed_by": set(), "links": [],
                "returns": 0, "objections": 0, "comments": 0, "category": "", "responsible": "", "title": claim.title,
                "closed_by": "", "late": False, "carried": True,
            }  # fmt: skip
            if state in (State.CLOSED, State.WITHDRAWN, State.TRANSFERRED):
                self.model["claimed"] = True  # the sheet says so; this ledger saw no end of it

    @fitting("undo-carry-in")
    @rule(by=who("undo-carry-in"), eager=st.integers(0, 3))
    def undo_it(self, by: str, eager: int) -> None:
        if (eager == 0 or not self.model.get("carried")) and self.ask(spec.undo_carry_in(by=by)):
            self.model.pop("claimed", None)

    @fitting("assign")
    @rule(
        by=who("assign"),
        lead=mostly("east", "west", "south", "nowhere"),
        cooperating=st.lists(st.sampled_from(["west", "south", "east-1"]), max_size=3),
        class_=st.sampled_from(FindingClass),
        due=mostly(DUE, TODAY, None, spec.DAY),
    )
    def assign(self, by: str, lead: str, cooperating: list[str], class_: FindingClass, due: Any) -> None:
        because = ""
        if lead == "nowhere":
            because = "unit.unknown"
        elif lead in cooperating:
            because = "assign.lead-cooperates"
        elif due is None and class_ is not FindingClass.SUSTAINED:
            because = "assign.no-deadline"
        elif due == spec.DAY:
            because = "assign.due-before"
        asked = spec.assign(by=by, lead_unit=lead, cooperating_units=tuple(cooperating), class_=class_, due=due)
        held = self.model["due"]
        sustained = self.model["class"] is FindingClass.SUSTAINED
        missed = self.model["missed"] or (held is not None and held < TODAY and not sustained)
        first = "first_assigned" not in self.model
        if self.ask(asked, because=because):
            self.model |= {"lead": lead, "cooperating": tuple(dict.fromkeys(cooperating)), "due": due}
            self.model |= {"responsible": "丁*", "first_assigned": True, "class": class_, "missed": missed}
            if first:
                self.model["first_due"] = due

    @fitting("acknowledge")
    @rule(by=who("acknowledge"), measures=mostly(2, 0, 1, 3), account=ACCOUNTS)
    def acknowledge(self, by: str, measures: int, account: Account | None) -> None:
        texts = tuple(f"措施{at}" for at in range(measures))
        asked = spec.acknowledge(by=by, measures=texts, account=account)
        if self.ask(asked, because="" if texts else "acknowledge.no-measure"):
            self.model["measures"] = [(text, "none") for text in texts]
            self.touched(asked)

    @fitting("object")
    @rule(by=who("object"), grounds=st.sampled_from(["不属本单位", " "]))
    def object_to_it(self, by: str, grounds: str) -> None:
        if self.ask(spec.object_to(by=by, grounds=grounds), because="" if grounds.strip() else "text.missing"):
            self.model["objections"] += 1
            self.model["extension"] = None

    @fitting("act")
    @rule(by=who("act"), measure=mostly(1, 0, 2, 3, 4), progress=st.sampled_from(Progress), account=ACCOUNTS)
    def act(self, by: str, measure: int, progress: Progress, account: Account | None) -> None:
        known = 1 <= measure <= len(self.model.get("measures", []))
        asked = spec.act(by=by, measure=measure, progress=progress, account=account)
        if self.ask(asked, because="" if known else "measure.unknown"):
            self.model["measures"][measure - 1] = (self.model["measures"][measure - 1][0], progress.value)
            self.touched(asked)

    @fitting("attach")
    @rule(by=who("attach"), name=st.sampled_from(["一.pdf", "二.pdf", "三.pdf"]), account=ACCOUNTS)
    def attach(self, by: str, name: str, account: Account | None) -> None:
        asked = spec.attach(by=by, evidence=evidence(name), account=account)
        known = name in self.model.get("evidence", [])
        if self.ask(asked, because="evidence.known" if known else ""):
            self.model["evidence"].append(name)
            self.touched(asked)

    @fitting("request-closure")
    @rule(by=who("request-closure"), account=ACCOUNTS, planned=st.booleans())
    def request(self, by: str, account: Account | None, planned: bool = True) -> None:
        straight = self.model["state"] is State.ASSIGNED
        texts = () if planned else ("当场改正",)
        because = "acknowledge.no-measure" if straight and planned else ""
        because = "request.measures-planned" if not straight and not planned else because
        asked = spec.request(by=by, account=account, measures=texts)
        if self.ask(asked, because=because):
            self.model |= {"asked": by, "verified": None, "missing": ""}
            self.model["measures"] += [(text, "done") for text in texts]
            self.touched(asked)

    @fitting("plan")
    @rule(by=who("plan"), texts=st.lists(st.sampled_from(["措施0", "措施1", "新措施"]), max_size=3), account=ACCOUNTS)
    def plan(self, by: str, texts: list[str], account: Account | None) -> None:
        wanted = tuple(dict.fromkeys(texts))
        known = dict(self.model["measures"])
        because = "" if wanted else "acknowledge.no-measure"
        if wanted and wanted == tuple(text for text, _ in self.model["measures"]):
            because = "amend.no-change"
        asked = spec.plan(by=by, measures=tuple(texts), account=account)
        if self.ask(asked, because=because):
            self.model["measures"] = [(text, known.get(text, "none")) for text in wanted]
            self.touched(asked)

    @fitting("extend")
    @rule(by=who("extend"), due=mostly(LATER, LATEST, DUE, TODAY))
    def extend(self, by: str, due: Any) -> None:
        held = self.model["due"]
        because = "extend.not-later" if held is not None and due <= held else ""
        if self.ask(spec.extend(by=by, due=due), because=because):
            self.model["extension"] = due

    @fitting("grant")
    @rule(by=who("grant"), due=mostly(None, LATEST, TODAY))
    def grant(self, by: str, due: Any) -> None:
        held = self.model["due"]
        because = "extend.not-later" if due is not None and held is not None and due <= held else ""
        if self.ask(spec.grant(by=by, due=due), because=because):
            self.model["missed"] = self.model["missed"] or held < TODAY
            self.model |= {"due": due or self.model["extension"], "extension": None}
            self.model["extensions"] += 1

    @fitting("refuse")
    @rule(by=who("refuse"))
    def refuse(self, by: str) -> None:
        if self.ask(spec.refuse(by=by)):
            self.model["extension"] = None

    @fitting("remind")
    @rule(by=who("remind"), document=st.sampled_from(["一号", "二号", "三号"]), listing=st.booleans())
    def escalate(self, by: str, document: str, listing: bool) -> None:
        known = document in [name for name, _ in self.model["documents"]]
        asked = (spec.list_publicly if listing else spec.remind)(by=by, document=document)
        if self.ask(asked, because="escalate.document-taken" if known else ""):
            self.model["documents"].append((document, False))

    @fitting("receive")
    @rule(by=who("receive"), document=st.sampled_from(["", "一号", "二号"]))
    def receive(self, by: str, document: str) -> None:
        waiting = [name for name, got in self.model["documents"] if not got]
        taken = document or (waiting[-1] if waiting else "")
        if self.ask(spec.receive(by=by, document=document), because="" if taken in waiting else "receive.unknown"):
            self.model["documents"] = [(name, got or name == taken) for name, got in self.model["documents"]]

    @fitting("follow-up")
    @rule(by=who("follow-up"), result=mostly(Result.RELAPSED, Result.HOLDS))
    def follow_up(self, by: str, result: Result) -> None:
        if self.ask(spec.follow_up(by=by, result=result)):
            self.model["followed"] = {"by": by, "result": result.value}
            if result is Result.RELAPSED:
                self.model["relapsed_by"] = {*self.model["relapsed_by"], by}

    @fitting("reopen")
    @rule(by=who("reopen"), due=mostly(LATER, TODAY, spec.DAY))
    def reopen(self, by: str, due: Any) -> None:
        because = "assign.due-before" if due < TODAY else ""
        m = self.model
        frozen = (m["round"], m["first_due"], m["due"], tuple(m["measures"]), tuple(m["evidence"]), m["closed_by"],
                  m["returns"], m["extensions"]) if m["state"] is State.CLOSED else ()  # fmt: skip
        if self.ask(spec.reopen(by=by, due=due), because=because):
            m.pop("claimed", None)
            m["rounds"].append(frozen)
            m["measures"] = [(text, "none") for text, _ in m["measures"]]
            m |= {
                "round": m["round"] + 1, "first_due": due, "due": due, "hands": {}, "evidence": [], "verified": None,
                "asked": None, "missing": "", "returns": 0, "extensions": 0, "extension": None, "missed": False,
                "documents": [], "followed": None, "relapsed_by": set(), "closed_by": "", "late": False,
            }  # fmt: skip

    @fitting("link")
    @rule(by=who("link"), other=st.sampled_from([spec.OTHER_NUMBER, "JYZD-2023-003", NUMBER]))
    def link(self, by: str, other: str) -> None:
        because = "link.itself" if other == NUMBER else "link.known" if other in self.model["links"] else ""
        if self.ask(spec.link(by=by, other=other), because=because):
            self.model["links"].append(other)

    @rule(cap=st.integers(0, 3))
    def the_policy_changes(self, cap: int) -> None:
        self.cap = cap
        policy = msgspec.structs.replace(self.register.policy, extensions=cap)
        self.register = msgspec.structs.replace(self.register, policy=policy)

    @fitting("verify")
    @rule(
        by=who("verify"),
        conclusion=mostly(Conclusion.EFFECTIVE, *Conclusion),
        method=st.sampled_from(Method),
        account=ACCOUNTS,
    )
    def verify(self, by: str, conclusion: Conclusion, method: Method, account: Account | None) -> None:
        asked = spec.verify(by=by, conclusion=conclusion, method=method, account=account)
        if self.ask(asked):
            assert self.last.same_account is self.on_a_used_account(asked)  # type: ignore[union-attr]
            on = (asked.account.os_user, asked.account.host)
            self.model["verified"] = {"by": by, "conclusion": conclusion.value, "on": on}

    @fitting("return")
    @rule(by=who("return"), missing=st.sampled_from(["缺佐证", ""]))
    def send_back(self, by: str, missing: str) -> None:
        if self.ask(spec.send_back(by=by, missing=missing), because="" if missing else "text.missing"):
            self.model |= {"verified": None, "asked": None, "missing": missing}
            self.model["returns"] += 1

    @fitting("close")
    @rule(by=who("close"), account=ACCOUNTS)
    def close(self, by: str, account: Account | None) -> None:
        asked = spec.close(by=by, account=account)
        if self.ask(asked):
            on = self.model["verified"]["on"]
            assert self.last.same_account is self.on_a_used_account(asked, on)  # type: ignore[union-attr]
            due, sustained = self.model["due"], self.model["class"] is FindingClass.SUSTAINED
            late = self.model["missed"] or (due is not None and due < TODAY and not sustained)
            self.model |= {"closed_by": by, "extension": None, "late": late}

    @fitting("withdraw")
    @rule(by=who("withdraw"), eager=st.integers(0, 9))
    def withdraw(self, by: str, eager: int) -> None:
        if eager == 0:
            self.ask(spec.withdraw(by=by))

    @fitting("transfer")
    @rule(by=who("transfer"), eager=st.integers(0, 9))
    def transfer(self, by: str, eager: int) -> None:
        if eager == 0:
            self.ask(spec.transfer(by=by))

    @fitting("amend")
    @rule(by=who("amend"), value=st.sampled_from(["甲*", "乙*"]))
    def amend_who_is_responsible(self, by: str, value: str) -> None:
        same = value == self.model.get("responsible")
        asked = spec.amend(by=by, field="responsible_person", value=value)
        if self.ask(asked, because="amend.no-change" if same else ""):
            self.model["responsible"] = value

    @fitting("amend")
    @rule(by=who("amend"), value=st.sampled_from(["south", "west、south", "", "east, south", "nowhere"]))
    def amend_who_cooperates(self, by: str, value: str) -> None:
        units = tuple(part.strip() for part in value.replace("、", ",").split(",") if part)
        because = ""
        if Role.OFFICE not in ROLES[by]:
            because = "amend.role-missing"
        elif value == "nowhere":
            because = "unit.unknown"
        elif self.model.get("lead") in units:
            because = "assign.lead-cooperates"
        elif units == self.model.get("cooperating"):
            because = "amend.no-change"
        if self.ask(spec.amend(by=by, field="cooperating_units", value=value), because=because):
            self.model["cooperating"] = units

    @fitting("comment")
    @rule(by=STAFF)
    def comment(self, by: str) -> None:
        if self.ask(spec.comment(by=by)):
            self.model["comments"] += 1

    @rule(name=STAFF, unit=UNITS, seldom=st.integers(0, 3))
    def somebody_changes_units(self, name: str, unit: str, seldom: int) -> None:
        if seldom == 0:
            self.move(name, unit)

    @precondition(lambda self: self.model["state"] is State.AWAITING and self.model["hands"])
    @rule(step=st.sampled_from(["verify", "return", "close"]), at=st.integers(0, 8))
    def who_had_a_hand_in_it_changes_sides(self, step: str, at: int) -> None:
        hands = sorted(self.model["hands"])
        name = hands[at % len(hands)]
        self.move(name, "team")
        assert self.refusal(step, name) in {
            "role.missing",
            "verify.own-work",
            "close.own-work",
            "close.own-verification",
        }
        self.ask(spec.ASKS[step](by=name))

    def move(self, name: str, unit: str) -> None:
        if self.unit[name] != unit:
            admin = self.register.people["admin"]
            event = decide_register(AmendPerson(name, unit=unit), self.register, admin)
            envelope = Envelope("admin", "admin", "pc-admin", Via.CLI, "c", TODAY, event)
            self.register = evolve_register(self.register, [envelope])
            self.unit[name] = unit

    # -- what holds after every step

    @invariant()
    def the_finding_is_as_the_model_says(self) -> None:
        f, m = self.finding, self.model
        if f is None:
            assert m["state"] is None
            return
        assert {
            "number": f.number,
            "state": f.state,
            "version": f.version,
            "lead": f.lead_unit,
            "cooperating": f.cooperating_units,
            "hands": {
                h.person: {(o.account.os_user, o.account.host) for o in f.hands if o.person == h.person}
                for h in f.hands
            },
            "evidence": [piece.name for piece in f.evidence],
            "measures": [(measure.text, measure.progress.value) for measure in f.measures],
            "verified": (f.verification.by, f.verification.conclusion.value) if f.verification else None,
            "asked": f.request.by if f.request else None,
            "missing": f.missing,
            "due": f.due,
            "first_due": f.original_due,
            "counts": (f.returns, f.objections, f.comments, f.round, f.extensions),
            "extension": f.extension.deadline.due if f.extension else None,
            "documents": [(step.document, step.received_on is not None) for step in f.escalations],
            "followed": (f.follow_up.by, f.follow_up.result.value) if f.follow_up else None,
            "links": [link.other for link in f.links],
            "missed": (f.missed, f.closed_late),
            "rounds": [
                (
                    one.round,
                    one.original_deadline.due if one.original_deadline else None,
                    one.deadline.due if one.deadline else None,
                    tuple((measure.text, measure.progress.value) for measure in one.measures),
                    tuple(piece.name for piece in one.evidence),
                    one.closed_by,
                    one.returns,
                    one.extensions,
                )
                for one in f.rounds
            ],
            "responsible": f.responsible_person,
            "closed_by": f.closed_by,
            "closed": (bool(f.closed_at), f.closed_on is not None),
            "ended": f.ended_on is not None,
            "untouched": (f.title, f.category, f.programme),
        } == {
            "number": NUMBER,
            "state": m["state"],
            "version": len(self.log),
            "lead": m["lead"],
            "cooperating": m["cooperating"],
            "hands": m["hands"],
            "evidence": m["evidence"],
            "measures": m["measures"],
            "verified": (m["verified"]["by"], m["verified"]["conclusion"]) if m["verified"] else None,
            "asked": m["asked"],
            "missing": m["missing"],
            "due": m["due"],
            "first_due": m["first_due"],
            "counts": (m["returns"], m["objections"], m["comments"], m["round"], m["extensions"]),
            "extension": m["extension"],
            "documents": m["documents"],
            "followed": (m["followed"]["by"], m["followed"]["result"]) if m["followed"] else None,
            "links": m["links"],
            "missed": (m["missed"], m.get("late", False)),
            "rounds": m["rounds"],
            "responsible": m["responsible"],
            "closed_by": m.get("closed_by", ""),
            "closed": (m["state"] is State.CLOSED and "claimed" not in m,) * 2,
            "ended": m["state"] in (State.CLOSED, State.WITHDRAWN, State.TRANSFERRED) and "claimed" not in m,
            "untouched": (m["title"], m["category"], "JYZD-2023"),
        }

    @rule(name=STAFF)
    def offers_are_what_the_model_says(self, name: str) -> None:
        ctx = Context(self.register.people[name], SHARED, TODAY, TODAY, self.register)
        for offer in offers(self.finding, ctx):
            met = offer.refusal.code if offer.refusal else ""
            assert met == self.refusal(offer.transition.name, name), offer.transition.name

    def teardown(self) -> None:
        """Replayed from the start, every moment is again what it was then; nothing that happened later reaches back."""
        finding: Finding | None = None
        for entry, then in self.log:
            finding = evolve(finding, entry)
            assert finding == then


def test_a_life_is_as_the_model_says() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=50, stateful_step_count=40))


@pytest.mark.torture
def test_many_lives_are_as_the_model_says() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=1_000, stateful_step_count=60))
