"""What a text may hold: nothing that a terminal obeys, nothing that cannot be stored, nothing too long, and not nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.values import (
    LINE_LIMIT,
    TEXT_LIMIT,
    Evidence,
    checked_identifier,
    checked_line,
    checked_text,
    visible,
)
from tests.domain.spec import (
    AWAITING,
    LOGGED,
    RECTIFYING,
    Asked,
    Happened,
    acknowledge,
    act,
    amend,
    assign,
    assigned,
    attach,
    attached,
    comment,
    evidence,
    given,
    log,
    object_to,
    request,
    send_back,
    transfer,
    verify,
    withdraw,
)

C0 = [chr(code) for code in range(0x20) if chr(code) not in "\t\n"]
C1 = [chr(code) for code in range(0x7F, 0xA0)]
SEPARATORS = ["\u2028", "\u2029"]
SURROGATES = ["\ud800", "\udbff", "\udc80", "\udfff"]
REFUSED = [*C0, *C1, *SEPARATORS, *SURROGATES]

ASSIGNED = (LOGGED, assigned())

# every text of every command: field of the refusal, life before it, the command with the text
TEXTS: list[tuple[str, tuple[Happened, ...], Callable[[str], Asked]]] = [
    ("title", (), lambda text: log(title=text)),
    ("source", (), lambda text: log(source=text)),
    ("team", (), lambda text: log(team=text)),
    ("category", (), lambda text: log(category=text)),
    ("criteria", (), lambda text: log(criteria=text)),
    ("closure_criteria", (LOGGED,), lambda text: assign(closure_criteria=text)),
    ("accountable_leader", (LOGGED,), lambda text: assign(accountable_leader=text)),
    ("responsible_person", (LOGGED,), lambda text: assign(responsible_person=text)),
    ("measure", ASSIGNED, lambda text: acknowledge(measures=("印发办法", text))),
    ("grounds", ASSIGNED, lambda text: object_to(grounds=text)),
    ("text", RECTIFYING, lambda text: act(text=text)),
    ("name", RECTIFYING, lambda text: attach(evidence=Evidence("ab" * 32, 1, text))),
    ("caption", RECTIFYING, lambda text: attach(evidence=evidence(caption=text))),
    ("text", (*RECTIFYING, attached()), lambda text: request(text=text)),
    ("text", AWAITING, lambda text: verify(text=text)),
    ("missing", AWAITING, lambda text: send_back(missing=text)),
    ("grounds", (LOGGED,), lambda text: withdraw(grounds=text)),
    ("duplicate_of", (LOGGED,), lambda text: withdraw(duplicate_of=text)),
    ("to", (LOGGED,), lambda text: transfer(to=text)),
    ("grounds", (LOGGED,), lambda text: transfer(grounds=text)),
    ("reason", RECTIFYING, lambda text: amend(reason=text)),
    ("title", RECTIFYING, lambda text: amend(field="title", value=text)),
    ("source", RECTIFYING, lambda text: amend(field="source", value=text)),
    ("category", RECTIFYING, lambda text: amend(field="category", value=text)),
    ("criteria", RECTIFYING, lambda text: amend(field="criteria", value=text)),
    ("team", RECTIFYING, lambda text: amend(field="team", value=text)),
    ("closure_criteria", RECTIFYING, lambda text: amend(by="wu", field="closure_criteria", value=text)),
    ("accountable_leader", RECTIFYING, lambda text: amend(field="accountable_leader", value=text)),
    ("responsible_person", RECTIFYING, lambda text: amend(field="responsible_person", value=text)),
    ("text", (LOGGED,), lambda text: comment(text=text)),
]
IDS = [f"{build('督').name}-{field}" for field, _, build in TEXTS]


@pytest.mark.parametrize(("field", "history", "build"), TEXTS, ids=IDS)
def test_every_text_of_every_command_is_checked(
    field: str, history: tuple[Happened, ...], build: Callable[[str], Asked]
) -> None:
    before = given(*history)
    for character in ("\x1b", "\x00", "\x85", "\x9b", "\u2028", "\ud800"):
        before.when(build(f"督导{character}")).rejected("text.control", field=field, at=3)
    before.when(build("督" * (TEXT_LIMIT + 1))).rejected("text.too-long", field=field)


@pytest.mark.parametrize("check", [checked_line, checked_text])
def test_control_characters_are_refused_and_named(check: Callable[[str, str], str]) -> None:
    for character in REFUSED:
        with pytest.raises(Rejected) as refused:
            check("title", f"督导{character}组")
        assert refused.value.code == "text.control", f"U+{ord(character):04X}"
        assert refused.value.params == {"field": "title", "character": f"U+{ord(character):04X}", "at": 3}


@pytest.mark.parametrize("check", [checked_line, checked_text])
def test_at_the_ends_too(check: Callable[[str, str], str]) -> None:
    """Python counts some of them as blanks: they must be refused, not cut away."""
    for character in REFUSED:
        for text in (f"{character}督导", f"督导{character}"):
            with pytest.raises(Rejected, match=r"text\.control"):
                check("title", text)


def test_a_text_has_lines_and_no_tabs() -> None:
    assert checked_text("criteria", "一、\r\n二、\n三\t、") == "一、\n二、\n三 、"
    with pytest.raises(Rejected, match=r"text\.control"):
        checked_text("criteria", "一、\r二、")


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\v", "\f"])
def test_a_line_is_one_line(character: str) -> None:
    with pytest.raises(Rejected, match=r"text\.control"):
        checked_line("source", f"汇报{character}自查")


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\xa0", "\u200b", "\ufeff \u200d", "\u202e\u2066"])
@pytest.mark.parametrize("check", [checked_line, checked_text])
def test_what_shows_nothing_is_missing(check: Callable[..., str], text: str) -> None:
    with pytest.raises(Rejected, match=r"text\.missing"):
        check("title", text)


def test_what_need_not_be_said_may_be_empty() -> None:
    assert checked_line("team", " ", required=False) == checked_text("criteria", "\n", required=False) == ""


def test_outer_blanks_go_inner_ones_stay() -> None:
    assert checked_line("source", "\u3000汇报 自查 ") == "汇报 自查"


def test_lengths_are_counted_in_characters_without_outer_blanks() -> None:
    assert len(checked_line("source", " " + "𠮷" * LINE_LIMIT + " ")) == LINE_LIMIT
    assert len(checked_text("text", "𠮷" * TEXT_LIMIT)) == TEXT_LIMIT
    with pytest.raises(Rejected) as refused:
        checked_line("source", "𠮷" * (LINE_LIMIT + 1))
    assert refused.value.params == {"field": "source", "length": LINE_LIMIT + 1, "limit": LINE_LIMIT}


@pytest.mark.parametrize(
    "text", ["督导", "a\u0301", "👩‍👩‍👧", "नमस्ते", "שלום", "𠮷", "=1+1", "[red]", "<b>", "\u202eabc"]
)
def test_ordinary_and_odd_texts_stay_as_they_are(text: str) -> None:
    """Formulas, markup and bidi marks are data; whoever draws them makes them harmless."""
    assert checked_line("source", text) == text


@given_any(st.text(st.characters(codec=None)))
def test_what_passes_can_be_stored_and_drawn(text: str) -> None:
    for check in (checked_line, checked_text):
        with suppress(Rejected):
            passed = check("title", text)
            assert passed.encode().decode() == passed
            assert check("title", passed) == passed, "checking again changes nothing"
            assert not [character for character in passed if character in REFUSED]


# -- ids


@pytest.mark.parametrize("identifier", ["a", "财政局", "east-1", "A.b_c-9", "9", "x" * 64])
def test_an_identifier(identifier: str) -> None:
    assert checked_identifier("id", identifier) == identifier


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        " a",
        "a ",
        "a b",
        "a/b",
        "../a",
        ".a",
        "-a",
        "_a",
        "a\n",
        "a\x00",
        "a,b",
        "a、b",
        "x" * 65,
        "\ud800",
        "a\u200b",
    ],
)
def test_no_identifier(identifier: str) -> None:
    with pytest.raises(Rejected) as refused:
        checked_identifier("id", identifier)
    assert refused.value.code == "text.identifier"
    assert refused.value.params["value"] == visible(identifier)[:64]


# -- drawing


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("督导组", "督导组"),
        ("a\x1b[2Jb", "a⟨U+001B⟩[2Jb"),
        ("\u202eabc\u202c", "⟨U+202E⟩abc⟨U+202C⟩"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("一\n二", "一⟨U+000A⟩二"),
    ],
)
def test_invisible_characters_are_written_out(text: str, drawn: str) -> None:
    assert visible(text) == drawn


def test_line_breaks_stay_where_lines_are_drawn() -> None:
    assert visible("一\n二\x85", keep="\n") == "一\n二⟨U+0085⟩"
