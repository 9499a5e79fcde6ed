"""What was once written can be read for ever: topics, golden bytes of each, and the defaults that stand in for what was left out.

A golden file is never changed and never removed. A new topic, or a new version of one, brings its own: the bytes that
`catalogue.encode` gives for one realistic event, named after the topic, with its SHA-256 in `WRITTEN`.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.ledger.domain import commands as c
from taizhang.ledger.domain import events as e
from taizhang.ledger.domain import keys as k
from taizhang.ledger.domain import register as r
from taizhang.ledger.domain.carrying import CarriedMeasure, Claim, Origin
from taizhang.ledger.domain.catalogue import DECODE, EVENT_OF, TOPICS, encode, entry
from taizhang.ledger.domain.envelope import Entry, Envelope
from taizhang.ledger.domain.errors import Unreachable
from taizhang.ledger.domain.values import Account, Deadline, Evidence
from tests.domain.strategies import KEPT, of, struct

GOLDEN = Path(__file__).parent / "golden"

WRITTEN = {
    "calendar.adopted.v1": "93d4bb783e91c996ebdd062984101f91e2da4a9500664817ccedebaef6b9549b",
    "finding.acknowledged.v1": "8c28146fc6852c0d684b52e6edec7bc2695c053d5b61643b26bd99435bbf0694",
    "finding.amended.v1": "1f2fc7a2e30f69494d917222eef2fa0a7d8818f6b791d48a63d6d0246e7ea61a",
    "finding.assigned.v1": "33ecf17831528bbd06b5fed772491922c3f6a8c040767540b9fcea95e3e180c5",
    "finding.carried-in.v1": "60c572871061590a8e29694d9b4075935d5a2e67e55579b49cb6d7453674b77c",
    "finding.carry-in-undone.v1": "be0f7e43237bac562cdae553969b003c0b67fc2d8c9f4cf6da80fe60a4aa2c2c",
    "finding.closed.v1": "b1fd7e289d1d09ba5ceff23a1286109c7a5949fccabc7b7389b2f95fe3d2b955",
    "finding.closure-requested.v1": "e7517bc677221bf403cc3bef05419a59b11de3c60344064f7cfb7c004a73a31d",
    "finding.commented.v1": "68512f06593f94d74d24a3b2be8ea9b1412eb7302278ac604893976933ffc714",
    "finding.escalated.v1": "e7becade16855b64e65f800bc0b82e58f7a32f1fe39903c8ab1d169ca41aa8e0",
    "finding.escalation-received.v1": "73551d80a4ac647d1d87a8d3762ff569c9d74ae18e137d18c38027430e04b71c",
    "finding.evidence-attached.v1": "90652f75c55a988d4346b0cc16d772b9a8f970c9da70b75d2f2e190166e4a566",
    "finding.extension-granted.v1": "64fe5b950248d24132dccbfcd8a9bb0df1efc5df491d28ff9e59bc9c2cf9df76",
    "finding.extension-refused.v1": "2f13752dacd15173c3a8aa1bff99c46988378fb840bc66083e11daa9989091f8",
    "finding.extension-requested.v1": "91a627c1ef3577fd07f69176b253475d1ae431715c14961c0662578206f5add6",
    "finding.followed-up.v1": "5315449c89f1f1ff055b3c65ef156c3149efd442cd4d13df0792d7046c8a0bd4",
    "finding.linked.v1": "7bd5cdc2bed3574b71a5df90c14f8d5c8938ebe1bb24794a832eae1afa6d8b7c",
    "finding.logged.v1": "54d8c6b0de6120428199251e4797c1d22413882e08d64c1cae58db5896ac17a2",
    "finding.measure-acted.v1": "0d9ea449ae004302a8066515138304d00cd50e5313261a2276c1faf3db7a43cf",
    "finding.objected.v1": "61f7fc1cad2a4183d1f3b5eaa98566deb7caf1959ba07daa64867daa715039e2",
    "finding.plan-revised.v1": "88dead0b2cc4a08fb99520e74b297b787fefa0eb8e874f00d712f06d92547f9a",
    "finding.reopened.v1": "507ef8c73ba9120fc8d657bc7dd346b62df13669ca42db54373fe39ce192d053",
    "finding.returned.v1": "126cdf9c92cd48947f2cf1d944e164d5c30312f56bd16c3c393599cfccb5a7f4",
    "finding.transferred.v1": "10c1d4c8dcac848e32a18924d230ab42eb102e61b18cd39a4c5770a3c6606072",
    "finding.verified.v1": "657613170cc98352ece1263b6da4fc77a903a223c4b8ee314100731ffbf3f707",
    "finding.withdrawn.v1": "91efb0b5e02b4cb49d7d191052f7d030ed403620e237bc8da105462613cfacf8",
    "ledger.key-adopted.v1": "e5a403ac58408d98ae5f619cd5caa3e3f88e078e51ba1f0cd981f85e58ed58da",
    "ledger.opened.v1": "2d236243cc5266a6df3defcbedfbccd411c5ccc7e89294cfae691a261ef0ac80",
    "person.added.v1": "6fde4a410b2374b6b17af139d7915ce330949a265a05a25450cdb136dce47e4a",
    "person.amended.v1": "ebc578af1a58b4c2fd5000d42f5884c2a270579be9fbc8127beb48654e07e9d6",
    "person.erased.v1": "37608c8304be08a8a6b8fd583ec3451edca20d4981a1aa1ce5cede35d3a8b8ef",
    "policy.set.v1": "37dee7975786f4fef1bf4f9e052d4d83eed023bbc9d59246166fe93ddf2dd231",
    "programme.closed.v1": "2706fa505a5d3f934ce848a0b42de847df233b187b877a985d77d231057c34c9",
    "programme.opened.v1": "00b81e3566afd6c8465c9601b10b44cd17bbc883b16c31da0812dd5571b1208b",
    "unit.added.v1": "19cca6ac8aa4c7f274e4ccfa7e64b1baed645ce5d6948db1816edae3bb7a61d4",
    "unit.amended.v1": "76dad086b8475a257959a6c0b64c2c462c7ff93a3adf51b7951724c8dbb9b09a",
}

EVENTS: list[type] = [*get_args(e.FindingEvent), *get_args(r.RegisterEvent), k.KeyAdopted]
KINDS: list[type] = [*EVENTS, Envelope, Deadline, Evidence, Claim, Origin, CarriedMeasure]


def test_every_topic_ever_written_is_here_unchanged() -> None:
    """A file that is missing, new without its hash, or different by one byte fails here."""
    found = {path.name.removesuffix(".json"): sha256(path.read_bytes()).hexdigest() for path in GOLDEN.iterdir()}
    assert found == WRITTEN


def test_every_topic_has_its_golden_file() -> None:
    assert set(TOPICS.values()) - set(WRITTEN) == set(), "write golden/<topic>.json: see the head of this file"
    assert all(DECODE[topic] for topic in WRITTEN), "an old topic keeps its decoder for ever"


@pytest.mark.parametrize("topic", WRITTEN)
def test_golden_bytes_are_read_and_written_alike(topic: str) -> None:
    stored = (GOLDEN / f"{topic}.json").read_bytes()
    read = entry(41, "finding/JYZD-2023/00000003", 7, topic, "2023-05-08T01:02:03.000004Z", stored)
    assert encode(read.envelope) == stored
    assert (read.index, read.stream, read.version, read.topic, read.recorded_at) == (
        41,
        "finding/JYZD-2023/00000003",
        7,
        topic,
        "2023-05-08T01:02:03.000004Z",
    )
    assert TOPICS[type(read.data)] == topic
    assert read.envelope.account == Account(read.envelope.os_user, read.envelope.host)


def test_golden_bytes_are_text_that_anybody_can_read() -> None:
    for topic in WRITTEN:
        stored = (GOLDEN / f"{topic}.json").read_bytes()
        assert b"\\u" not in stored, "Chinese stands as it is, not escaped"
        assert b"\n" not in stored
        assert stored.decode().isprintable()
    assert "干部“八小时以外”活动监督管理措施不够有力" in (GOLDEN / "finding.logged.v1.json").read_text("utf-8")


def test_every_event_has_one_topic_of_our_own() -> None:
    assert set(TOPICS) == set(EVENTS)
    assert len(set(TOPICS.values())) == len(TOPICS)
    for topic in TOPICS.values():
        assert re.fullmatch(
            r"(ledger|unit|person|programme|policy|calendar|finding)\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*", topic
        ), topic


def test_every_command_leads_to_an_event_with_a_topic() -> None:
    assert set(EVENT_OF) == {*get_args(c.FindingCommand), *get_args(r.RegisterCommand), k.AdoptKey}
    assert set(EVENT_OF.values()) == set(EVENTS) - {r.LedgerOpened}


# What a field that was left out of the stored bytes is read as: part of the format, though no byte shows it.
DEFAULTS: dict[str, dict[str, Any]] = {
    "FindingLogged": {"team": "", "criteria": "", "category": "", "severity": None},
    "FindingAssigned": {"cooperating_units": (), "accountable_leader": "", "responsible_person": ""},
    "ClosureRequested": {"measures": ()},
    "ExtensionGranted": {"reason": ""},
    "FindingEscalated": {"text": ""},
    "EscalationReceived": {"text": ""},
    "FindingVerified": {"text": "", "same_account": False},
    "FindingClosed": {"same_account": False, "signatures": 2},
    "FindingWithdrawn": {"duplicate_of": ""},
    "FindingTransferred": {"grounds": ""},
    "FindingCarriedIn": {"cells": {}},
    "Origin": {"more": ()},
    "CarriedMeasure": {"progress": "none", "due": None, "report": ""},
    "Claim": {
        "status": "",
        "alias": "",
        "source": "",
        "criteria": "",
        "category": "",
        "team": "",
        "severity": None,
        "found_on": None,
        "assigned_on": None,
        "closed_on": None,
        "lead_unit": "",
        "cooperating_units": (),
        "cooperating": "",
        "accountable_leader": "",
        "responsible_person": "",
        "class_": None,
        "deadline": None,
        "original_deadline": None,
        "deadline_text": "",
        "closure_criteria": "",
        "measures": (),
        "progress": "",
        "closed_by": "",
        "late": None,
        "round": 1,
        "extensions": 0,
        "follow_up": "",
        "notes": "",
    },
    "UnitAdded": {"parent": None},
    "UnitAmended": {"parent": None},
    "PersonAdded": {"unit": None},
    "PersonAmended": {"unit": None, "active": True},
    "ProgrammeOpened": {"phases": ()},
    "KeyAdopted": {"replaces": ""},
    "Envelope": {"why": "", "clock": ""},
    "Deadline": {"rule": "date", "start": None, "calendar": "", "provisional": False},
    "Evidence": {"caption": ""},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_was_left_out_is_read_as_ever(kind: type) -> None:
    """A new field is added here with its default; a default that is here never changes."""
    fields = [field for field in msgspec.structs.fields(kind) if not field.required]
    made = {field.name: field.default_factory() for field in fields if field.default is msgspec.NODEFAULT}
    defaults = {field.name: field.default for field in fields} | made
    assert defaults == DEFAULTS.get(kind.__name__, {})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_is_written_is_frozen_and_short(kind: Any) -> None:
    assert kind.__struct_config__.frozen
    assert kind.__struct_config__.omit_defaults


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_any_event_comes_back_as_it_went(kind: type) -> None:
    @settings(max_examples=25)
    @given(struct(kind, KEPT), st.data())
    def there_and_back(event: Any, data: st.DataObject) -> None:
        envelope = data.draw(envelopes(event))
        stored = encode(envelope)
        back: Entry[Any] = entry(0, "register", 1, TOPICS[kind], "2023-05-08T01:02:03.000004Z", stored)
        assert back.envelope == envelope
        assert encode(back.envelope) == stored

    there_and_back()


def envelopes(event: Any) -> st.SearchStrategy[Envelope[Any]]:
    """Return a strategy for what may stand around the event."""
    around = {f.name: of(f.type, KEPT) for f in msgspec.structs.fields(Envelope) if f.name != "data"}
    return st.builds(Envelope, data=st.just(event), **around)


@pytest.mark.parametrize(
    "topic", ["none", "finding.logged.v2", "finding.logged", "taizhang.ledger.domain.events:FindingLogged"]
)
def test_an_unknown_topic_is_said(topic: str) -> None:
    with pytest.raises(Unreachable, match=re.escape(topic)):
        entry(0, "register", 1, topic, "2023-05-08T01:02:03.000004Z", b"{}")


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b"[]", b"null", b'{"actor":1}', b"\xff", b'{"actor":"wu"'],
)
@pytest.mark.parametrize("topic", WRITTEN)
def test_bytes_that_are_not_what_the_topic_promises(topic: str, stored: bytes) -> None:
    with pytest.raises(Unreachable):
        entry(0, "register", 1, topic, "2023-05-08T01:02:03.000004Z", stored)
