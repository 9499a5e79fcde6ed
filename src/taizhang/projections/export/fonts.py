"""Owns which fonts a PDF is set in, and whether the machine's fonts have every character that it says.

A setter drops a character that no font has without a word; here it is found out before, from the fonts' own tables.
Source: OpenType, table ``cmap``, formats 4, 12 and 13.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Songti SC", "SimSun", "NSimSun", "STSong")
SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei")
LATIN = ("Times New Roman", "Libertinus Serif")

ROLES: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong", "华文中宋", *SERIF, *SANS),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", *SERIF, *SANS),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "STKaiti", "AR PL UKai CN", *SERIF, *SANS),
    "hei": ("黑体", "SimHei", "STHeiti", *SANS, *SERIF),
    "song": ("宋体", *SERIF, *SANS),
}
"""What a text is → the fonts that it may be set in, the one that GB/T 9704 asks for first."""

MOST_BYTES = 8 << 20


def chosen(role: str, families: set[str]) -> list[str]:
    """Return the fonts to set a text in: Latin letters first, then the first Chinese font that is there."""
    chinese = next((family for family in ROLES[role] if family in families), None)
    latin = [family for family in LATIN if family in families][:1]
    return [*latin, chinese] if chinese else latin


def missing(used: Iterable[str], faces: Iterable[tuple[str, str | None, int]], families: set[str]) -> set[str]:
    """Return the characters that no font of this machine has.

    Args:
        used: characters.
        faces: family, file (None for one within the setter, which has the Latin ones) and number in the file.
        families: the names of all families.
    """
    left = {ord(character) for character in used if _asked(ord(character)) and not character.isspace()}
    wanted = {chosen(role, families)[-1] for role in ROLES if chosen(role, families)}
    ordered = sorted(((family not in wanted, path, index) for family, path, index in faces if path), key=str)
    for _, path, index in ordered:
        if not left:
            break
        for first, last in _covered(Path(path), index):
            left -= {code for code in left if first <= code <= last}
    return {chr(code) for code in left}


def _asked(code: int) -> bool:
    """Say whether the setter's own fonts may lack a character: they have Latin, Greek, Cyrillic, punctuation and signs."""
    return code >= 0x2E80 or 0x590 <= code < 0x1E00


def _covered(path: Path, index: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of characters that a font has; none where the file cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
            start = 0
            if head[:4] == b"ttcf":
                (count,) = struct.unpack(">I", head[8:12])
                starts = struct.unpack(f">{count}I", file.read(4 * count))
                start = starts[index]
                file.seek(start)
                head = file.read(12)
            (tables,) = struct.unpack(">H", head[4:6])
            for _ in range(tables):
                tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
                if tag == b"cmap":
                    file.seek(offset)
                    yield from _ranges(file.read(min(length, MOST_BYTES)))
                    return
    except (OSError, struct.error, IndexError):
        return


def _ranges(table: bytes) -> Iterator[tuple[int, int]]:
    (_, count) = struct.unpack_from(">HH", table)
    for at in range(count):
        _, _, offset = struct.unpack_from(">HHI", table, 4 + 8 * at)
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind in (12, 13):
            (groups,) = struct.unpack_from(">I", table, offset + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", table, offset + 16 + 12 * group)
                yield first, last
        elif kind == 4:
            (doubled,) = struct.unpack_from(">H", table, offset + 6)
            segments = doubled // 2
            ends = struct.unpack_from(f">{segments}H", table, offset + 14)
            begins = struct.unpack_from(f">{segments}H", table, offset + 16 + doubled)
            yield from ((first, last) for first, last in zip(begins, ends, strict=True) if last != 0xFFFF)
