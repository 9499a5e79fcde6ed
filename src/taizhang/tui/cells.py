"""Owns how text becomes terminal cells: made visible, cut, padded, wrapped. Pure; knows no widget and no word.

Widths are those of `rich.cells`, which Textual draws by, so that what is measured here is what stands on the screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len, split_graphemes

from taizhang.ledger.domain.values import visible

ELLIPSIS = "…"
STAND_IN = "\N{REPLACEMENT CHARACTER}"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Chinese typesetting (GB/T 15834): what may not begin a line, and what may not end one.
_CLOSING = frozenset("，。、；：？！）》」』】〉”’…—·％,.;:?!)]}%")
_OPENING = frozenset("（《「『【〈“‘([{")


def shown(text: str) -> str:
    """Return data as one line that is safe to draw: whatever steers a terminal or hides is written out as ``⟨U+…⟩``.

    A line break becomes ``⏎``. Goes beyond `visible` to every Cc, Cf, Cs, Zl and Zp character.
    """
    if text.isprintable():
        return text
    return _written_out(visible(text.replace("\n", "⏎")))


def shown_lines(text: str) -> list[str]:
    """As `shown`, with line breaks kept as lines; at least one line."""
    return [shown(line) for line in text.split("\n")]


def stand_in(text: str) -> str:
    """Return the text with one stand-in for each character that must not be drawn: as many characters as before.

    For fields that are being typed into, where every position counts.
    """
    if text.isprintable():
        return text
    return "".join(STAND_IN if unicodedata.category(char) in _HIDDEN else char for char in text)


def _written_out(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in _HIDDEN else char for char in text)


def cut(text: str, width: int) -> str:
    """Return at most `width` cells of the text, ending in an ellipsis where something was cut; never half a character."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    end = used = 0
    for _, stop, cells in split_graphemes(text)[0]:
        if used + cells > width - 1:
            break
        end, used = stop, used + cells
    return text[:end] + ELLIPSIS


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return exactly `width` cells: cut or padded with blanks.

    Args:
        right: pad on the left instead.
    """
    text = cut(text, width)
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells; at least one line, trailing blanks dropped.

    Breaks between Chinese characters and between words; punctuation stays with what it belongs to where that fits.
    """
    width = max(width, 2)
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text):
        size = cell_len(piece)
        if used + size <= width:
            line, used = line + piece, used + size
            continue
        if piece.isspace():
            continue
        if line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        while cell_len(piece) > width:  # one word longer than the line
            head = _head(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
        line, used = piece, cell_len(piece)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _head(text: str, width: int) -> str:
    end = used = 0
    for _, stop, cells in split_graphemes(text)[0]:
        if used + cells > width:
            break
        end, used = stop, used + cells
    return text[: max(end, 1)]


def _pieces(text: str) -> Iterator[str]:
    """Yield what must not be broken: words, runs of blanks, single wide characters with their punctuation."""
    piece = ""
    for start, stop, cells in split_graphemes(text)[0]:
        char = text[start:stop]
        if not piece:
            piece = char
        elif char.isspace() != piece[-1].isspace():
            yield piece
            piece = char
        elif char[0] in _CLOSING or piece[-1] in _OPENING:
            piece += char
        elif cells == 2 or _is_wide(piece):
            yield piece
            piece = char
        else:
            piece += char
    if piece:
        yield piece


def _is_wide(piece: str) -> bool:
    last = piece[-1]
    return cell_len(last) == 2 or (last in _CLOSING and any(cell_len(char) == 2 for char in piece))
