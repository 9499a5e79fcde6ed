"""A case file holds as it was written, and in no other way."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.ledger.seal.checkpoint import Checkpoint, sign_checkpoint
from taizhang.ledger.seal.keys import VerifierKey
from taizhang.ledger.seal.note import cosign, parse_note, with_signatures
from taizhang.ledger.seal.proof import verify_proof
from taizhang.service.data import verify_case as v
from tests.case import cases
from tests.case.cases import KEY, NUMBER, ORIGIN, OTHER, TIME, WITNESS, Parts, refusal

VKEY, WITNESS_VKEY = KEY.verifier.vkey, WITNESS.verifier.vkey
SOURCE = Path(v.__file__)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def first_event(parts: Parts) -> Parts:
    """Return the case of the first event alone."""
    kept = [name for name in parts.entries if name.startswith("events/")][:4]
    return Parts({name: content for name, content in parts.entries.items() if "/" not in name or name in kept})


def signed_again(checkpoint: Checkpoint, *, witness: bool = True) -> bytes:
    note = sign_checkpoint(checkpoint, KEY)
    return with_signatures(note, [cosign(note.text, WITNESS, TIME)] if witness else []).encode()


# -- what holds


def test_says_what_is_proved(case: bytes) -> None:
    report = v.verify(io.BytesIO(case), [VKEY, WITNESS_VKEY])
    assert (report.origin, report.number, report.own_key) == (ORIGIN, NUMBER, False)
    assert [event.topic for event in report.events] == [
        "finding.logged.v1",
        "finding.assigned.v1",
        "finding.acknowledged.v1",
        "finding.evidence-attached.v1",
    ]
    assert [event.version for event in report.events] == [1, 2, 3, 4]
    assert report.cosigned == [(WITNESS.name, TIME)]
    assert report.unchecked == []
    assert [(piece.name, piece.included) for piece in report.evidence] == [("现场照片.txt", True)]


def test_says_that_its_own_key_and_other_signatures_prove_little(case: bytes) -> None:
    report = v.verify(io.BytesIO(case))
    assert report.own_key
    assert report.unchecked == [WITNESS.name]
    for lang in ("zh", "en"):
        told = "\n".join(v.told(report, lang))
        assert "--vkey" in told
        assert WITNESS.name in told
        assert v.SENTENCES["told.not-true"][lang == "en"] in told


def test_the_same_ledger_gives_the_same_bytes(ledger: Path, case: bytes, tmp_path: Path) -> None:
    cases.write(ledger, tmp_path / "again.zip", witnesses=(WITNESS,))
    assert (tmp_path / "again.zip").read_bytes() == case


def test_any_zip_program_and_the_seal_itself_can_read_it(case: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(case)) as archive:
        assert archive.testzip() is None
        assert archive.read("verify_case.py") == SOURCE.read_bytes()
        proofs = [name for name in archive.namelist() if name.endswith(".tlog-proof")]
        assert len(proofs) == 4
        for name in proofs:
            leaf = archive.read(name.replace(".tlog-proof", ".leaf"))
            verify_proof(archive.read(name), leaf, [KEY.verifier], [WITNESS.verifier], quorum=1)


def test_without_evidence_its_hashes_stay(ledger: Path, tmp_path: Path) -> None:
    receipt = cases.write(ledger, tmp_path / "case.zip", with_evidence=False)
    assert (receipt.events, receipt.evidence) == (4, 0)
    report = v.verify(io.BytesIO((tmp_path / "case.zip").read_bytes()), [VKEY])
    assert [piece.included for piece in report.evidence] == [False]
    assert any(report.evidence[0].sha256 in line for line in v.told(report, "en"))


def test_a_withheld_content_leaves_its_place_proved(parts: Parts) -> None:
    last = max(int(name[7:-5]) for name in parts.entries if name.endswith(".leaf"))
    logged = min(int(name[7:-5]) for name in parts.entries if name.endswith(".leaf"))
    data = parts.but({f"events/{logged}.salt": None, f"events/{logged}.state.json": None}).signed()
    report = v.verify(io.BytesIO(data), [VKEY])
    assert [event.state is None for event in report.events] == [True, False, False, False]
    assert any("withheld" in line for line in v.told(report, "en"))
    assert refusal(parts.but({f"events/{last}.salt": None}).signed()) == "case.incomplete"


# -- what does not


def test_every_flipped_bit_is_refused(parts: Parts) -> None:
    data = first_event(parts).signed()
    assert refusal(data, VKEY) == ""
    assert len(data) < 5_000
    assert [bit for bit in range(8 * len(data)) if not refusal(flipped(data, bit), VKEY)] == []


@pytest.mark.slow
def test_every_flipped_bit_of_a_whole_case_is_refused(case: bytes) -> None:
    assert [bit for bit in range(8 * len(case)) if not refusal(flipped(case, bit), VKEY)] == []


@given(st.data())
def test_flipped_bits_of_a_whole_case_are_refused(case: bytes, data: st.DataObject) -> None:
    bits = data.draw(st.sets(st.integers(0, 8 * len(case) - 1), min_size=1, max_size=3))
    changed = case
    for bit in bits:
        changed = flipped(changed, bit)
    assert refusal(changed, VKEY)


def test_the_holder_of_the_key_cannot_alter_what_is_proved(parts: Parts) -> None:
    """CRCs, manifest and its signature fit again; the tree does not."""
    for name, content in parts.entries.items():
        if name.startswith(("events/", "evidence/")):
            for bit in range(0, 8 * len(content), len(content)):
                assert refusal(parts.but({name: flipped(content, bit)}).signed(), VKEY), f"{name} bit {bit}"


def test_the_page_and_the_verifier_are_signed(parts: Parts) -> None:
    for name in ("index.html", "verify_case.py", "vkey", "checkpoint"):
        changed = parts.but({name: parts.entries[name] + b"\n"})
        assert refusal(changed.packed(), VKEY) == ("key.malformed" if name == "vkey" else "manifest.differs")
        assert refusal(changed.signed(OTHER), VKEY)
    page = parts.but({"index.html": b"<p>forged\n"})
    assert refusal(page.signed(OTHER), VKEY) == "note.unsigned"
    assert refusal(page.signed(KEY), VKEY) == "", "whoever holds the key can write another page, and that is said"


@pytest.mark.parametrize("cut", [1, 21, 22, 23, 100, 2000])
def test_a_truncated_case_is_refused(case: bytes, cut: int) -> None:
    assert refusal(case[:-cut])
    assert refusal(case[:cut])
    assert refusal(case[cut:])


def test_nothing_may_stand_around_it(case: bytes) -> None:
    assert refusal(case + b"\0") == "zip.form"
    assert refusal(b"MZ" + case) == "zip.none"
    assert refusal(case + case) == "zip.form"
    assert refusal(b"") == "zip.none"


def test_another_zip_of_the_same_content_is_refused(case: bytes) -> None:
    parts = Parts.of(case)
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", compression) as archive:
            for name, content in parts.entries.items():
                archive.writestr(name, content)
        assert refusal(buffer.getvalue()) == "zip.form"


def test_entries_cannot_be_added_dropped_or_exchanged(parts: Parts) -> None:
    names = list(parts.entries)
    leaves = [name for name in names if name.endswith(".leaf")]
    first, last = leaves[0][:-5], leaves[-1][:-5]
    four = [".leaf", ".tlog-proof", ".salt", ".state.json"]
    stray = b"not evidence"
    wrong = {
        "zip.entry": parts.but({"events/../evil": b"x"}),
        "case.incomplete": parts.but({"checkpoint": None}),
        "leaf.differs": parts.but(dict.fromkeys([first + part for part in four])),
        "state.differs": parts.but({first + part: parts.entries[last + part] for part in four[2:]}),
        "attachment.differs": parts.but({f"evidence/{hashlib.sha256(stray).hexdigest()}": stray}),
    }
    for code, changed in wrong.items():
        assert refusal(changed.signed(), VKEY) == code
    manifest, *others = parts.entries.items()
    for order in ([manifest, *reversed(others)], [*others, manifest], [manifest, *others, others[-1]], others):
        assert refusal(Parts(dict(order)).signed()) or len(order) > len(names)
    swapped = [manifest, *others[:4], *others[8:12], *others[4:8], *others[12:]]
    assert refusal(Parts(dict(swapped)).signed()) == "leaf.differs"


def test_the_end_of_a_life_can_be_left_out_and_that_is_said(parts: Parts) -> None:
    """A tree proves what is in it; the report says that it cannot prove that nothing followed."""
    report = v.verify(io.BytesIO(first_event(parts).signed()), [VKEY])
    assert len(report.events) == 1
    assert v.SENTENCES["told.not-later"][1].format(size=report.size) in v.told(report, "en")


def test_another_ledgers_key_is_refused(ledger: Path, case: bytes, tmp_path: Path) -> None:
    cases.write(ledger, tmp_path / "forged.zip", key=OTHER)
    forged = (tmp_path / "forged.zip").read_bytes()
    assert refusal(forged) == "", "by its own key anything holds"
    assert refusal(forged, VKEY) == "note.unsigned"
    assert refusal(case, VerifierKey("elsewhere.example", KEY.verifier.public).vkey) == "note.unsigned"


def test_a_witness_that_is_asked_for_must_have_cosigned(ledger: Path, parts: Parts, tmp_path: Path) -> None:
    cases.write(ledger, tmp_path / "alone.zip")
    alone = (tmp_path / "alone.zip").read_bytes()
    assert refusal(alone, VKEY) == ""
    assert refusal(alone, VKEY, WITNESS_VKEY) == "witness.missing"
    assert refusal(alone, WITNESS_VKEY) == "witness.missing"
    assert refusal(parts.packed(), WITNESS_VKEY) == ""


def test_a_checkpoint_of_another_tree_is_refused(parts: Parts) -> None:
    size = int(parse_note(parts.entries["checkpoint"]).text.split("\n")[1])
    other = signed_again(Checkpoint(ORIGIN, size, bytes(32)))
    assert refusal(parts.but({"checkpoint": other}).signed(), VKEY) == "proof.malformed"
    exchanged = {name: content.replace(parts.entries["checkpoint"], other) for name, content in parts.entries.items()}
    assert refusal(Parts(exchanged).signed(), VKEY) == "inclusion.wrong"


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data":[]}',
        b'{"data":{},"data":{}}',
        b"[" * 100_000,
        b'{"data":{"a":"\xff"}}',
        b"1" * 9999,
    ],
)
def test_a_content_that_makes_no_sense_is_refused(state: bytes) -> None:
    with pytest.raises(v.Refused, match=r"state\.malformed"):
        v._state(state, 7)


@given(st.binary(max_size=400), st.booleans())
def test_random_bytes_are_refused_by_a_sentence(data: bytes, begun: bool) -> None:
    assert refusal(b"PK\3\4" + data if begun else data)


@given(st.text(max_size=80))
def test_a_random_key_is_refused_by_a_sentence(text: str) -> None:
    with pytest.raises(v.Refused) as refused:
        v.parse_vkey(text)
    assert refused.value.sentence("zh").isprintable()


@given(st.data())
def test_inclusion_says_what_the_seal_says(data: st.DataObject) -> None:
    from taizhang.ledger.seal.errors import SealError
    from taizhang.ledger.seal.tree import leaf_hash, verify_inclusion
    from tests.seal.reference import Reference

    leaves = [bytes([at]) for at in range(data.draw(st.integers(1, 40)))]
    size, tree = len(leaves), Reference(leaves)
    index, claimed = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size + 1))
    path = tree.path(index, size)
    if data.draw(st.booleans()):
        path = [*path, bytes(32)] if data.draw(st.booleans()) else path[:-1]
    holds = True
    try:
        verify_inclusion(leaf_hash(leaves[index]), claimed, size, path, tree.root(size))
    except SealError:
        holds = False
    assert v.check_inclusion(leaves[index], claimed, size, path, tree.root(size)) == holds


# -- on its own


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier that a case file carries, with nothing but Python: no site-packages, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "verify_case.py", *map(str, arguments)],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if name in ("SYSTEMROOT", "PATH")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_verifier_inside_needs_nothing_but_python(case: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(case)) as archive:
        archive.extract("verify_case.py", tmp_path)
    (tmp_path / "case.zip").write_bytes(case)
    (tmp_path / "bad.zip").write_bytes(flipped(case, 8 * 5_000))
    good = run("case.zip", "--vkey", VKEY, "--lang", "en", cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith(f"Proved: these 4 events of finding {NUMBER}")
    both = run("case.zip", cwd=tmp_path)
    assert both.returncode == 0
    assert "未证明" in both.stdout
    assert "Not proved" in both.stdout
    bad = run("bad.zip", "--vkey", VKEY, "--lang", "zh", cwd=tmp_path)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert bad.stdout.startswith("不成立：")
    assert run("missing.zip", cwd=tmp_path).returncode == 1
    assert run(cwd=tmp_path).returncode == 2
    assert run("case.zip", "--lang", "fr", cwd=tmp_path).returncode == 2


def test_the_verifier_imports_the_standard_library_alone() -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE.read_bytes()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names | {"__future__"}


def test_every_refusal_has_a_sentence_in_both_languages() -> None:
    tree = ast.parse(SOURCE.read_bytes())
    raised = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Refused", "say")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    passed_on = {"signature.malformed", "checkpoint.malformed", "told.withheld", "usage", "refused"}
    passed_on |= {"told.evidence", "told.evidence-absent"}
    assert set(v.SENTENCES) == raised | passed_on
    for chinese, english in v.SENTENCES.values():
        assert chinese != english
        assert chinese.count("{") == english.count("{")


# -- the page


def test_the_page_is_whole_and_inert(case: bytes) -> None:
    page = Parts.of(case).entries["index.html"].decode()
    assert "<script" not in page.lower()
    assert "&lt;script&gt;" in page, "data is text, never markup"
    assert "\u202e" not in page
    assert "⟨U+202E⟩" in page
    assert "王某 &lt;b&gt;&amp;" in page
    assert not [word for word in ("http://", "https://", "src=", "@import", "url(") if word in page]
    for text in ("问题案卷", "Case file", VKEY, "@page", 'lang="zh-CN"', 'lang="en"', "现场照片.txt"):
        assert text in page


def test_the_page_shows_every_event_of_the_case(case: bytes) -> None:
    parts = Parts.of(case)
    page = parts.entries["index.html"].decode()
    for name, content in parts.entries.items():
        if name.endswith(".state.json"):
            index = name.removeprefix("events/").removesuffix(".state.json")
            assert page.count(f"#{index}</td>") == 2
            assert json.loads(content)["actor"] in page
