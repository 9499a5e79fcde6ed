"""The catalogues say the same in both languages, and have a sentence for everything that the code can say."""

from __future__ import annotations

import ast
import enum
import errno
import os
import re
import string
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from taizhang.ledger.domain import commands, policy, register, transitions, values
from taizhang.ledger.domain.catalogue import TOPICS
from taizhang.ledger.domain.finding import Finding
from taizhang.ledger.domain.lights import Light
from taizhang.locale import en, zh_cn
from taizhang.locale.en import cli as cli_en
from taizhang.locale.en import cli_life as cli_life_en
from taizhang.locale.en import core as core_en
from taizhang.locale.en import life as life_en
from taizhang.locale.words import TROUBLES, Lang, words_for
from taizhang.projections.filter.fields import BY_NAME, FIELDS, choice
from taizhang.service.desk import Dimension
from taizhang.tui.keys import BY_ID

SOURCES = Path(values.__file__).parents[2]
RAISERS = {"Rejected", "Unreachable", "Misused"}
REFUSAL = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
REFUSALS = {**core_en.REFUSALS, **life_en.REFUSALS, **cli_en.REFUSALS, **cli_life_en.REFUSALS}
SAID = {**life_en.WHY, **life_en.TODO}
NOT_A_FIELD = {"offset"}

BOTH = pytest.mark.parametrize("catalogue", [zh_cn.MESSAGES, en.MESSAGES], ids=["zh", "en"])


def placeholders(template: str) -> dict[str, str]:
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(template) if name}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCES.rglob("*.py")):
        if "locale" not in path.relative_to(SOURCES).parts:
            yield path, ast.parse(path.read_text("utf-8"))


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Every refusal that the code raises by a literal: where, its code, its parameters (None: they come from a dict)."""
    for path, module in modules():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[0].value
            if name in RAISERS and isinstance(code, str):
                names = {keyword.arg for keyword in node.keywords}
                if code.startswith("config."):  # whoever reads the file says where it stands: `cli.commands.config`
                    names.add("place")
                known = {name for name in names if name is not None}
                yield f"{path.name}:{node.lineno}", code, None if None in names else known


def literals() -> set[str]:
    return {
        node.value
        for _, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_both_languages_have_the_same_keys() -> None:
    assert set(zh_cn.MESSAGES) == set(en.MESSAGES)


def test_both_languages_use_the_same_placeholders() -> None:
    different = {
        key: (placeholders(zh_cn.MESSAGES[key]), placeholders(en.MESSAGES[key]))
        for key in zh_cn.MESSAGES
        if key in en.MESSAGES and placeholders(zh_cn.MESSAGES[key]) != placeholders(en.MESSAGES[key])
    }
    assert not different


@BOTH
def test_every_parameter_has_a_name(catalogue: dict[str, str]) -> None:
    """`placeholders` passes over `{}`, so what stands between braces is asked for here."""
    found = {key: [name for _, name, _, _ in string.Formatter().parse(text)] for key, text in catalogue.items()}
    wrong = [key for key, names in found.items() if not all(name is None or name.isidentifier() for name in names)]
    assert not wrong


@BOTH
def test_no_sentence_is_empty_or_has_blanks_around_it(catalogue: dict[str, str]) -> None:
    padded = {"cli.check.ok", "export.semicolon", "weekly.then", "tui.bulk.hidden", "tui.undo.last", "tui.undo.not-now"}
    assert not [key for key, text in catalogue.items() if not text or (text != text.strip() and key not in padded)]


@BOTH
def test_every_refusal_that_is_raised_has_its_sentence_and_its_parameters(catalogue: dict[str, str]) -> None:
    wrong = []
    for where, code, given in raised():
        if code not in catalogue:
            wrong.append(f"{where}: {code} has no sentence")
        elif given is not None and (lacking := placeholders(catalogue[code]).keys() - given):
            wrong.append(f"{where}: {code} is raised without {sorted(lacking)}")
    assert not wrong


def test_the_scan_finds_what_is_raised() -> None:
    found = {code for _, code, _ in raised()}
    assert {"verify.own-work", "state.wrong", "usage.choice", "store.not-a-ledger"} <= found
    assert len(found) > 50


def test_every_code_in_a_table_has_its_sentence() -> None:
    """Some refusals are looked up (an error number → a code), so no call names them."""
    families = {"store", "views", "filter", "evidence", "ledger"}
    tags = {*TOPICS.values(), *BY_ID}  # tags of events, and ids of keys, look like codes
    codes = {text for text in literals() if REFUSAL.fullmatch(text) and text.split(".")[0] in families}
    files = {code for code in codes if code.endswith((".db", ".lock", ".py", ".toml"))}
    assert not codes - files - tags - set(en.MESSAGES)


def test_no_refusal_is_left_over() -> None:
    assert not set(REFUSALS) - literals()


def test_every_reason_and_suggestion_has_its_sentence_and_none_is_left_over() -> None:
    said = {text for text in literals() if re.fullmatch(r"(why|todo)\.[a-z-]+", text)}
    assert said == set(SAID)


@BOTH
@pytest.mark.parametrize(
    ("vocabulary", "kind"),
    [
        ("state", values.State),
        ("role", values.Role),
        ("class", values.FindingClass),
        ("progress", values.Progress),
        ("method", values.Method),
        ("conclusion", values.Conclusion),
        ("severity", values.Severity),
        ("via", values.Via),
        ("light", Light),
        ("party", transitions.Party),
        ("dimension", Dimension),
        ("level", policy.Level),
        ("days", policy.DayKind),
        ("result", values.Result),
        ("link", values.LinkKind),
    ],
)
def test_every_value_has_its_word(catalogue: dict[str, str], vocabulary: str, kind: type[enum.StrEnum]) -> None:
    assert not [value for value in kind if f"{vocabulary}.{value}" not in catalogue]
    words = [catalogue[f"{vocabulary}.{value}"] for value in kind]
    assert len(set(words)) == len(words), "two values with one word cannot be told apart"


@BOTH
def test_every_event_and_step_has_its_word(catalogue: dict[str, str]) -> None:
    steps = [row.name for row in transitions.TRANSITIONS]
    steps += [str(command.__struct_config__.tag) for command in register.RegisterCommand.__args__]
    assert not [topic for topic in TOPICS.values() if f"topic.{topic}" not in catalogue]
    assert not [step for step in steps if f"step.{step}" not in catalogue]


@BOTH
def test_every_field_has_its_word(catalogue: dict[str, str]) -> None:
    structs: list[type] = [
        Finding,
        policy.Policy,
        *TOPICS,
        *commands.FindingCommand.__args__,
        *register.RegisterCommand.__args__,
    ]
    names = {field.name for struct in structs for field in msgspec.structs.fields(struct)}
    assert not sorted(name for name in names if f"field.{name}" not in catalogue)


@BOTH
def test_every_vocabulary_that_a_template_names_exists(catalogue: dict[str, str]) -> None:
    specs = {spec for text in catalogue.values() for spec in placeholders(text).values()}
    vocabularies = {spec for spec in specs if len(spec) > 1 and spec.isidentifier() and spec != "list"}
    assert not [name for name in vocabularies if not any(key.startswith(f"{name}.") for key in catalogue)]


@pytest.mark.parametrize("lang", Lang)
def test_a_refusal_reads_as_one_sentence_whatever_it_names(lang: Lang) -> None:
    words = words_for(lang)
    for code in REFUSALS:
        template = words(code)
        params = {
            name: ["one", "two"] if name.startswith(("allowed", "needed", "held")) else "\u202ex\x1b"
            for name in placeholders(template)
        }
        sentence = words(code, **params) if params else template
        assert "\n" not in sentence
        assert "\x1b" not in sentence
        assert "\u202e" not in sentence, "bidi characters of data are shown, not obeyed"
        assert sentence.endswith("。" if lang is Lang.ZH else "."), code
        assert sentence.count("“") == sentence.count("”")


@BOTH
def test_the_words_of_the_filter_are_words_that_it_takes(catalogue: dict[str, str]) -> None:
    for field in FIELDS:
        assert BY_NAME[catalogue[f"filterfield.{field.key}"]] is field
        for value in field.choices:
            assert choice(field, catalogue[f"filtervalue.{value}"]) == value


def test_a_vocabulary_is_looked_up_and_lists_are_joined() -> None:
    zh, en_words = words_for("zh"), words_for("en")
    refusal = values.Rejected(
        "state.wrong",
        command="verify",
        number="A-1",
        state=values.State.LOGGED,
        allowed_states=[values.State.AWAITING],
        allowed_steps=["assign", "comment"],
    )
    assert zh.refusal(refusal) == (
        "问题 A-1 现为“已登记”，不能办理“核查”；“核查”只能在“待核查”时办理，现在可以：交办、批注。"
    )
    assert "assign, comment" in en_words.refusal(refusal)
    missing = values.Rejected("role.missing", command="refuse", person="li", needed=["office"], held=["unit_head"])
    assert zh.refusal(missing) == "li（单位负责人）无权办理“不同意延期”；须具有以下角色之一：督导办。"
    assert zh.term("state", None) == "未登记"
    assert zh.term("severity", None) == "—"
    assert zh.term("state", "of another version") == "of another version"


@pytest.mark.parametrize("name", TROUBLES)
def test_what_the_operating_system_says_is_told_in_the_language_of_the_reader(name: str) -> None:
    said = os.strerror(getattr(errno, name))
    for lang in Lang:
        told = words_for(lang)
        refusal = values.Rejected("intake.no-file", path="没有.xlsx", detail=said)
        assert told(f"os.{name}") in told.refusal(refusal)
        assert said not in told.refusal(refusal)


def test_what_the_operating_system_says_seldom_comes_out_as_it_is() -> None:
    assert "Oddly⟨U+001B⟩so" in words_for("zh").refusal(values.Rejected("store.io", ledger="x", detail="Oddly\x1bso"))
