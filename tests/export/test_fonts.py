"""What a PDF is set in, and that a missing glyph is found before it is dropped."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import typst

from taizhang.ledger.domain.errors import Rejected
from taizhang.locale.words import words_for
from taizhang.projections.export import Format, Kind, write_table
from taizhang.projections.export.fonts import chosen, missing
from tests.export.conftest import FINDINGS, REGISTER, STAMP


def font(path: Path, *ranges: tuple[int, int], collection: bool = False) -> Path:
    """Write a font that has nothing but the table that says which characters it has."""
    groups = b"".join(struct.pack(">III", first, last, 1) for first, last in ranges)
    cmap = (
        struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(ranges)) + groups
    )
    start = 16 if collection else 0
    head = struct.pack(">4sIII", b"ttcf", 0x10000, 1, start) if collection else b""
    table = struct.pack(">4sHHHH", b"\x00\x01\x00\x00", 1, 0, 0, 0)
    path.write_bytes(head + table + struct.pack(">4sIII", b"cmap", 0, start + 28, len(cmap)) + cmap)
    return path


@pytest.mark.parametrize("collection", [False, True])
def test_what_no_font_has_is_missing(tmp_path: Path, collection: bool) -> None:
    face = ("Noto Serif CJK SC", str(font(tmp_path / "f", (0x4E00, 0x9FFF), collection=collection)), 0)
    assert missing("督导a—“1”", [face], {"Noto Serif CJK SC"}) == set()
    assert missing("督\U00020000ᠮ가", [face], {"Noto Serif CJK SC"}) == {"\U00020000", "ᠮ", "가"}
    assert missing("督", [("Own", None, 0)], set()) == {"督"}


@pytest.mark.parametrize(
    "content", [b"", b"ttcf", b"\x00\x01\x00\x00\x00\x09", b"\x00\x01\x00\x00\x00\x01" + b"cmap" * 20]
)
def test_a_broken_font_has_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    assert missing("督", [("F", str(tmp_path / "f"), 0), ("G", str(tmp_path / "no"), 3)], {"F"}) == {"督"}


def test_the_font_of_the_standard_comes_first() -> None:
    assert chosen("body", {"Noto Serif CJK SC", "仿宋_GB2312", "Times New Roman"}) == ["Times New Roman", "仿宋_GB2312"]
    assert chosen("hei", {"Noto Sans CJK SC", "Noto Serif CJK SC"}) == ["Noto Sans CJK SC"]
    assert chosen("body", {"Libertinus Serif"}) == ["Libertinus Serif"]


def test_a_machine_without_chinese_fonts_is_told_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(typst, "Fonts", lambda: own)
    with pytest.raises(Rejected, match=r"export\.no-font") as refused:
        write_table(Kind.CLOSURE, Format.PDF, tmp_path / "t.pdf", FINDINGS, REGISTER, words_for("zh"), STAMP)
    assert "fonts-noto-cjk" in words_for("zh").refusal(refused.value)
    assert not list(tmp_path.iterdir())
