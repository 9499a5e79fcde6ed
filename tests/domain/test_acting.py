"""Progress on a measure (进展) and evidence (佐证材料)."""

from __future__ import annotations

import pytest

from taizhang.ledger.domain.events import EvidenceAttached, MeasureActed
from taizhang.ledger.domain.finding import Hand, Measure
from taizhang.ledger.domain.values import Account, Evidence, Progress, State
from tests.domain.spec import (
    DAY,
    RECTIFYING,
    TODAY,
    account_of,
    act,
    acted,
    attach,
    attached,
    evidence,
    given,
)


def test_progress_on_one_measure() -> None:
    finding = (
        given(*RECTIFYING)
        .when(act(measure=2, progress=Progress.MOSTLY, text="已谈十七人"))
        .then(MeasureActed(2, Progress.MOSTLY, "已谈十七人"))
    )
    assert finding.state is State.RECTIFYING
    assert finding.measures == (
        Measure("出台八小时外监督办法"),
        Measure("家访与谈心谈话记录", Progress.MOSTLY, "已谈十七人", TODAY),
    )


def test_the_latest_report_stands() -> None:
    history = (*RECTIFYING, acted(measure=1, progress=Progress.DONE, text="已印发", on=DAY))
    finding = given(*history).when(act(measure=1, progress=Progress.NONE, text="办法被撤回")).allowed()
    assert finding.measures[0] == Measure("出台八小时外监督办法", Progress.NONE, "办法被撤回", TODAY)


@pytest.mark.parametrize("measure", [-1, 0, 3, 2**40])
def test_a_measure_that_is_not_planned(measure: int) -> None:
    given(*RECTIFYING).when(act(measure=measure)).rejected("measure.unknown", measure=measure, count=2)


def test_progress_says_something() -> None:
    given(*RECTIFYING).when(act(text=" ")).rejected("text.missing", field="text")


def test_who_acts_has_a_hand_in_it_once() -> None:
    zheng = Hand("zheng", account_of("zheng"))
    elsewhere = Account("zheng", "pc-meeting-room")
    assert given(*RECTIFYING, acted()).when(act()).allowed().hands == (zheng,)
    assert given(*RECTIFYING, acted()).when(act(account=elsewhere)).allowed().hands == (zheng, Hand("zheng", elsewhere))
    assert given(*RECTIFYING, acted()).when(act(by="shen")).allowed().hands == (zheng, Hand("shen", account_of("shen")))


def test_evidence_is_kept_in_its_order() -> None:
    photo = evidence("现场照片.jpg", "整改后")
    finding = given(*RECTIFYING, attached()).when(attach(evidence=photo)).then(EvidenceAttached(photo))
    assert finding.evidence == (evidence(), photo)
    assert finding.state is State.RECTIFYING


def test_the_same_bytes_are_attached_once() -> None:
    """The hash says what it is, whatever it is called."""
    known = evidence()
    renamed = Evidence(known.sha256, known.size, "另一个名字.pdf")
    given(*RECTIFYING, attached()).when(attach(evidence=renamed)).rejected(
        "evidence.known", name="另一个名字.pdf", sha256=known.sha256
    )


def test_evidence_has_a_name() -> None:
    given(*RECTIFYING).when(attach(evidence=evidence(" "))).rejected("text.missing", field="name")
    given(*RECTIFYING).when(attach(evidence=evidence("证" * 256))).rejected("text.too-long", field="name", limit=255)


def test_evidence_is_named_without_outer_blanks() -> None:
    given(*RECTIFYING).when(attach(evidence=Evidence("ab" * 32, 1, " 照片.jpg ", " 整改后 "))).then(
        EvidenceAttached(Evidence("ab" * 32, 1, "照片.jpg", "整改后"))
    )


def test_who_attaches_evidence_has_a_hand_in_it() -> None:
    finding = given(*RECTIFYING).when(attach(by="shen")).allowed()
    assert Hand("shen", account_of("shen")) in finding.hands


@pytest.mark.parametrize(
    "sha256",
    ["", "ab", "AB" * 32, "ab" * 33, "xy" * 32, "../../ledger.db", "ab" * 31 + "\n\n", "\ud800" * 64, "а" * 64],
)
def test_evidence_is_known_by_its_hash(sha256: str) -> None:
    """Another spelling would let the same bytes in twice, and a path is none."""
    given(*RECTIFYING).when(attach(evidence=Evidence(sha256, 1, "照片.jpg"))).rejected("evidence.not-a-hash")
