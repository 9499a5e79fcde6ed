"""Everything that the seal can say has its sentence in both languages."""

from __future__ import annotations

import pkgutil
import re
import string
from importlib import import_module
from pathlib import Path

import pytest

from taizhang.ledger.checks import streams
from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.errors import CODES
from taizhang.locale.en import proof as proof_en
from taizhang.locale.words import Lang, words_for
from taizhang.locale.zh_cn import proof as proof_zh

ROOM = Path(streams.__file__).parent
BOTH = pytest.mark.parametrize("part", [proof_zh, proof_en], ids=["zh", "en"])


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_parts_have_the_same_keys_and_parameters() -> None:
    assert set(proof_zh.MESSAGES) == set(proof_en.MESSAGES)
    assert [
        key for key in proof_zh.MESSAGES if placeholders(proof_zh.MESSAGES[key]) != placeholders(proof_en.MESSAGES[key])
    ] == []


def test_no_key_stands_in_two_parts() -> None:
    from taizhang.locale import en

    names = [module.name for module in pkgutil.iter_modules(en.__path__) if module.name != "proof"]
    others = {key for name in names for key in import_module(f"{en.__name__}.{name}").MESSAGES}
    assert others & set(proof_en.MESSAGES) == set()


@BOTH
def test_every_fault_of_the_seal_has_its_words(part: object) -> None:
    assert {f"fault.{code}" for code in CODES} == set(part.FAULTS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", Lang)
def test_every_reason_of_a_refused_file_reads_as_one_sentence(lang: Lang) -> None:
    words = words_for(lang)
    for code in CODES:
        sentence = words.refusal(Rejected("seal.refused", file="f", reason=code))
        assert code not in sentence
        assert sentence.endswith("。" if lang is Lang.ZH else ".")


@pytest.mark.parametrize("lang", Lang)
def test_refusals_are_sentences(lang: Lang) -> None:
    words = words_for(lang)
    for code in proof_en.REFUSALS:
        template = words(code)
        params = {name: ["one", "two"] if name in ("found", "options") else "x\x1b" for name in placeholders(template)}
        sentence = words(code, **params) if params else template
        assert "\n" not in sentence
        assert "\x1b" not in sentence
        assert sentence.endswith("。" if lang is Lang.ZH else "."), code


def test_no_refusal_is_left_over() -> None:
    source = "".join(path.read_text("utf-8") for path in ROOM.parents[1].rglob("*.py") if "locale" not in path.parts)
    assert [code for code in proof_en.REFUSALS if f'"{code}"' not in source] == []


@BOTH
def test_every_check_has_its_words_for_each_way_to_fail(part: object) -> None:
    """The whys are literals of `checks.seals` and `verify`."""
    messages = words_for("en")
    source = (ROOM / "seals.py").read_text("utf-8") + (ROOM.parent / "verify.py").read_text("utf-8")
    whys = set(re.findall(r'fails\(\s*"([a-z-]+)"', source))
    assert {"malformed", "behind", "root", "unsigned", "signature", "untrusted", "retired"} <= whys | {
        "unsigned",
        "signature",
    }
    for why in whys | {"missing"}:
        assert f"check.checkpoint.{why}" in messages
    for code, why in re.findall(r'Check\("([a-z]+)", [^\n]*"([a-z-]+)"\)', source):
        assert f"check.{code}.{why}" in messages
