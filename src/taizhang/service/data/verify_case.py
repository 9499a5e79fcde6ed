#!/usr/bin/env python3
"""Verify a case file of a Taizhang ledger: python3 verify_case.py FILE.zip [--vkey KEY ...] [--lang zh|en]

Owns everything that the check needs, in this one file and Python's standard library: the container, Ed25519 (RFC 8032),
signed notes, checkpoints and proofs (C2SP), RFC 6962 inclusion, leaf records. Must not know the rest of the software,
nor run anything that the case file holds. What is not the one canonical spelling is refused.

Exit code: 0 proved, 1 refused, 2 not understood. Take this file, and the ledger's key, from where you trust them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

FORMAT = "taizhang-case/v1"
FIRST = ("index.html", "verify_case.py", "vkey", "checkpoint")
MAX_ENTRIES, MAX_KEPT, MAX_NOTE, MAX_FILE = 9_000, 16 << 20, 1 << 20, (1 << 32) - 2
MAX_ALL_KEPT = 256 << 20
BLOCK = 1 << 20
_EVENT = re.compile(r"events/(0|[1-9][0-9]{0,18})\.(leaf|tlog-proof|salt|state\.json)", re.ASCII)
_EVIDENCE = re.compile(r"evidence/[0-9a-f]{64}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Refused(Exception):
    """The file does not prove what it claims; `code` is a key of `SENTENCES`, `params` what its sentence names."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def sentence(self, lang: str) -> str:
        """Return the sentence in ``zh`` or ``en``."""
        return SENTENCES[self.code][lang == "en"].format(**{name: shown(it) for name, it in self.params.items()})


class Event(NamedTuple):
    """One proved event at the leaf index `place`. `state` is None where its content was withheld or erased."""

    place: int
    version: int
    topic: str
    recorded_at: str
    state: dict[str, Any] | None


class Evidence(NamedTuple):
    """A piece of evidence that a proved event names; `included`: the file is here, and is the one that it names."""

    sha256: str
    size: int
    name: str
    included: bool


class Report(NamedTuple):
    """What a case file proves: the place and content of these events in the tree of `size` leaves with that `root`.

    `own_key`: nobody gave a key, so the file's own was taken; `cosigned`: witnesses asked for, with POSIX seconds;
    `unchecked`: names of further signatures, which nothing here vouches for.
    """

    origin: str
    number: str
    size: int
    root: str
    events: list[Event]
    evidence: list[Evidence]
    keys: list[str]
    own_key: bool
    cosigned: list[tuple[str, int]]
    unchecked: list[str]


# -- Ed25519 (RFC 8032, section 5.1)

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_I = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
_ZERO: _Point = (0, 1, 1, 0)


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _point(data: bytes) -> _Point | None:
    """Return the point that 32 bytes encode, or None; a y that is not reduced is no encoding."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * _I % _P
    if y >= _P or v * x * x % _P != u or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _encoded(p: _Point) -> bytes:
    inverse = pow(p[2], _P - 2, _P)
    return (p[1] * inverse % _P | (p[0] * inverse % _P & 1) << 255).to_bytes(32, "little")


_B = _point(bytes.fromhex("58" + "66" * 31)) or _ZERO


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the 64-byte signature over the message is that of the 32-byte public key."""
    a = _point(public) if len(public) == 32 and len(signature) == 64 else None
    s = int.from_bytes(signature[32:], "little")
    if a is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    minus_a = (_P - a[0], a[1], 1, _P - a[3])
    table = (_ZERO, _B, minus_a, _add(_B, minus_a))
    sum_ = _ZERO
    for bit in range(252, -1, -1):
        sum_ = _add(_add(sum_, sum_), table[(s >> bit & 1) | (h >> bit & 1) << 1])
    return _encoded(sum_) == signature[:32]


# -- signed notes and checkpoints (C2SP)


class Key(NamedTuple):
    """A vkey: type 1 signs as a log, type 4 cosigns as a witness."""

    name: str
    kind: int
    public: bytes
    text: str

    def check(self, text: bytes, signature: bytes) -> int | None:
        """Return the time of a cosignature (None for a log's signature), or refuse the signature."""
        time = None
        if self.kind == 4:
            time = int.from_bytes(signature[:8], "big")
            text = b"cosignature/v1\ntime %d\n%b" % (time, text)
        if len(signature) != (72 if self.kind == 4 else 64) or not ed25519_verify(self.public, text, signature[-64:]):
            raise Refused("signature.wrong", name=self.name)
        return time


def parse_vkey(text: str) -> Key:
    """Return the key that a vkey spells: name+hex(id)+base64(type || public key)."""
    name, id_, encoded = ([*text.split("+", 2), "", ""])[:3]
    material = _base64(encoded, "key.malformed")
    public, kind = material[1:], material[0] if material else 0
    right = hashlib.sha256(b"%b\n%b" % (name.encode("utf-8", "replace"), material)).hexdigest()[:8]
    if not name or id_ != right or kind not in (1, 4) or len(public) != 32 or re.search(r"[\s\x00-\x1f]", name):
        raise Refused("key.malformed", found=text[:80])
    return Key(name, kind, public, text)


def _base64(text: str, code: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(code, found=text[:80]) from None
    if base64.b64encode(data).decode() != text:
        raise Refused(code, found=text[:80])
    return data


def _text(data: bytes, name: str) -> str:
    """Return UTF-8 text of whole lines without control characters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("entry.malformed", name=name) from None
    if not text.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
        raise Refused("entry.malformed", name=name)
    return text


class Signed(NamedTuple):
    """A note whose signatures hold: its text, the logs' keys, the witnesses' with their times, and names of others."""

    text: str
    keys: list[Key]
    cosigned: list[tuple[Key, int]]
    unchecked: list[str]


def open_note(data: bytes, name: str, keys: Sequence[Key]) -> Signed:
    """Return the signed note that the entry `name` is, if a log's key among `keys` signed it."""
    if len(data) > MAX_NOTE:
        raise Refused("entry.too-large", name=name)
    text, blank, tail = _text(data, name).rpartition("\n\n")
    lines = tail.split("\n")[:-1]
    if not blank or not 1 <= len(lines) <= 100:
        raise Refused("entry.malformed", name=name)
    text += "\n"
    found = Signed(text, [], [], [])
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
            raise Refused("entry.malformed", name=name)
        signature = _base64(parts[2], "signature.malformed")
        signer = next((k for k in keys if k.name == parts[1] and _id(k) == signature[:4]), None)
        if signer is None:
            found.unchecked.append(parts[1])
        elif (time := signer.check(text.encode(), signature[4:])) is not None:
            found.cosigned.append((signer, time))
        else:
            found.keys.append(signer)
    if not found.keys:
        raise Refused("note.unsigned", name=name)
    return found


def _id(key: Key) -> bytes:
    return bytes.fromhex(key.text.split("+")[1])


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the leaf record stands at `index` of the tree of `size` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, fn, sn = hashlib.sha256(b"\0" + leaf).digest(), index, size - 1
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == root


# -- the container: a zip that can be spelled in one way only


class Entry(NamedTuple):
    """One entry: its name, CRC-32, length, offset and SHA-256; `content` is None for what is only hashed."""

    name: str
    crc: int
    size: int
    offset: int
    sha256: str
    content: bytes | None


def local_header(name: str, crc: int, size: int) -> bytes:
    """Return what stands before an entry: stored, without a date, an extra field or a flag."""
    return struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, crc, size, size, len(name), 0) + name.encode()


def directory(entries: Sequence[Entry]) -> bytes:
    """Return what stands behind the last entry: the central directory and its end."""
    parts = [
        struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, e.crc, e.size, e.size, len(e.name), *[0] * 5, e.offset
        )
        + e.name.encode()
        for e in entries
    ]
    start = entries[-1].offset + 30 + len(entries[-1].name) + entries[-1].size
    length, count = sum(map(len, parts)), len(entries)
    return b"".join(parts) + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, length, start, 0)


def manifest_text(origin: str, number: str, entries: Iterable[Entry]) -> str:
    """Return the text that the ledger signs: what the case is, and every other entry with its hash, in order."""
    lines = [f"{e.sha256} {e.size} {e.name}\n" for e in entries]
    return f"{FORMAT}\norigin {origin}\nnumber {number}\n{''.join(lines)}"


def read_entries(file: BinaryIO) -> list[Entry]:
    """Return the entries; every byte of the file is either hashed as content or fixed by names, lengths and CRCs."""
    entries: list[Entry] = []
    kept = 0
    while (header := file.read(30))[:4] == b"PK\3\4":
        offset = file.tell() - len(header)
        crc, size, _, length = struct.unpack_from("<3IH", header.ljust(30, b"\0"), 14)
        raw = file.read(min(length, 128))
        name = raw.decode("ascii", "replace")
        if len(entries) >= MAX_ENTRIES or not (_known(name) or (not entries and name == "manifest")):
            raise Refused("zip.entry", name=name)
        keep = name in ("manifest", "vkey", "checkpoint") or name.startswith("events/")
        kept += size if keep else 0
        if size > (MAX_KEPT if keep else MAX_FILE) or kept > MAX_ALL_KEPT:
            raise Refused("entry.too-large", name=name)
        if header + raw != local_header(name, crc, size):
            raise Refused("zip.form", offset=offset)
        digest, actual, parts, left = hashlib.sha256(), 0, [], size
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            digest.update(block)
            actual = zlib.crc32(block, actual)
            parts += [block] if keep else []
        if left or actual != crc:
            raise Refused("zip.content", name=name)
        entries.append(Entry(name, crc, size, offset, digest.hexdigest(), b"".join(parts) if keep else None))
    if not entries:
        raise Refused("zip.none")
    expected = directory(entries)
    if header + file.read(len(expected)) != expected:
        raise Refused("zip.form", offset=entries[-1].offset + entries[-1].size)
    return entries


def _known(name: str) -> bool:
    return name in FIRST or bool(_EVENT.fullmatch(name) or _EVIDENCE.fullmatch(name))


# -- the case


def verify(file: BinaryIO, vkeys: Sequence[str] = ()) -> Report:
    """Return what the case file proves, or refuse it.

    Args:
        file: the case file, opened for reading bytes, at its start.
        vkeys: the ledger's key, and those of witnesses whose cosignature is asked for; none: the file's own key.

    Raises:
        Refused: something in the file is not what it claims to be.
    """
    entries = read_entries(file)
    names = [entry.name for entry in entries]
    if names[0] != "manifest" or tuple(names[1:5]) != FIRST or len(set(names)) != len(names):
        raise Refused("case.incomplete")
    content = {entry.name: entry.content or b"" for entry in entries}
    own = parse_vkey(_text(content["vkey"], "vkey")[:-1])
    given = [parse_vkey(text.strip()) for text in vkeys]
    logs = [key for key in given if key.kind == 1] or [own]
    witnesses = [key for key in given if key.kind == 4]
    signed = open_note(content["manifest"], "manifest", logs)
    lines = signed.text.split("\n", 3)
    origin, number = (lines[at][7:] if lines[at].startswith(word) else "" for at, word in _HEAD)
    if len(lines) < 4 or signed.text != manifest_text(origin, number, entries[1:]):
        raise Refused("manifest.differs")
    checkpoint = open_note(content["checkpoint"], "checkpoint", [*logs, *witnesses])
    stated, size_text, root_text = ([*checkpoint.text.split("\n"), "", ""])[:3]
    root = _base64(root_text, "checkpoint.malformed")
    if checkpoint.text != f"{origin}\n{_number(size_text)}\n{root_text}\n" or len(root) != 32:
        raise Refused("checkpoint.malformed", found=stated)
    if {key.name for key in [own, *signed.keys, *checkpoint.keys]} != {origin}:
        raise Refused("origin.differs", origin=origin)
    if missing := [key.name for key in witnesses if key not in dict(checkpoint.cosigned)]:
        raise Refused("witness.missing", name=missing[0])
    size = _number(size_text)
    events = list(_events(names[5:], content, size, root, number))
    evidence = _evidence(events, {entry.name[9:]: entry for entry in entries if entry.name.startswith("evidence/")})
    keys, cosigned = [key.text for key in checkpoint.keys], [(key.name, time) for key, time in checkpoint.cosigned]
    return Report(
        origin,
        number,
        size,
        root.hex(),
        events,
        evidence,
        keys,
        not any(key.kind == 1 for key in given),
        cosigned,
        checkpoint.unchecked,
    )


_HEAD = ((1, "origin "), (2, "number "))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Refused("checkpoint.malformed", found=text[:80])
    return int(text)


def _events(names: list[str], content: dict[str, bytes], size: int, root: bytes, number: str) -> Iterator[Event]:
    """Yield the events of the case, each with its place proved; refuse a gap, another stream, another content."""
    programme, _, ordinal = number.rpartition("-")
    if not programme or not _NUMBER.fullmatch(ordinal.lstrip("0")) or number != f"{programme}-{int(ordinal):03}":
        raise Refused("number.malformed", number=number)
    stream = f"finding/{programme}/{int(ordinal):08}"
    indexes = [int(match[1]) for match in map(_EVENT.fullmatch, names) if match and match[2] == "leaf"]
    expected = [
        f"events/{index}.{part}"
        for index in indexes
        for part in ("leaf", "tlog-proof", "salt", "state.json")
        if part in ("leaf", "tlog-proof")
        or f"events/{index}.salt" in content
        or f"events/{index}.state.json" in content
    ]
    if (
        not indexes
        or [name for name in names if name.startswith("events/")] != expected
        or names[: len(expected)] != expected
    ):
        raise Refused("case.incomplete")
    last, before = -1, ""
    for version, index in enumerate(indexes, 1):
        leaf, proof = content[f"events/{index}.leaf"], content[f"events/{index}.tlog-proof"]
        lines = _text(leaf, f"events/{index}.leaf").split("\n")
        head = ["taizhang-leaf/v1", str(index), stream, str(version)]
        if len(leaf) > 65_535 or len(lines) != 8 or lines[:4] != head or not re.fullmatch("[0-9a-f]{64}", lines[6]):
            raise Refused("leaf.differs", index=index, stream=stream, version=version)
        if not _TIME.fullmatch(lines[5]) or lines[5] < before or index <= last:
            raise Refused("time.order", index=index)
        path = _path(proof, index, content["checkpoint"])
        if not check_inclusion(leaf, index, size, path, root):
            raise Refused("inclusion.wrong", index=index)
        state = None
        if f"events/{index}.salt" in content:
            salt, stored = content[f"events/{index}.salt"], content[f"events/{index}.state.json"]
            if len(salt) != 16 or hashlib.sha256(salt + stored).hexdigest() != lines[6]:
                raise Refused("state.differs", index=index)
            state = _state(stored, index)
        last, before = index, lines[5]
        yield Event(index, version, lines[4], lines[5], state)


def _path(data: bytes, index: int, checkpoint: bytes) -> list[bytes]:
    """Return the hashes of a tlog-proof that names this index and carries this checkpoint, and nothing else."""
    head = f"c2sp.org/tlog-proof@v1\nindex {index}\n"
    body = _text(data, f"events/{index}.tlog-proof")
    tail = "\n" + checkpoint.decode()
    lines = body[len(head) : len(body) - len(tail)].split("\n")[:-1]
    if body != head + "".join(f"{line}\n" for line in lines) + tail or len(lines) > 63:
        raise Refused("proof.malformed", found=f"#{index}")
    hashes = [_base64(line, "proof.malformed") for line in lines]
    if any(len(value) != 32 for value in hashes):
        raise Refused("proof.malformed", found=f"#{index}")
    return hashes


def _state(stored: bytes, index: int) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        state = json.loads(stored.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        state = None
    if not isinstance(state, dict) or not isinstance(state.get("data"), dict):
        raise Refused("state.malformed", index=index)
    return state


def _evidence(events: list[Event], files: dict[str, Entry]) -> list[Evidence]:
    """Return the evidence that the events name; refuse a file that none of them names, or that is another one."""
    named: dict[str, Evidence] = {}
    for event in events:
        if event.topic.startswith("finding.evidence-attached.") and event.state:
            piece = event.state["data"].get("evidence")
            if not isinstance(piece, dict) or not isinstance(piece.get("size"), int):
                raise Refused("state.malformed", index=event.place)
            digest, size = str(piece.get("sha256")), piece["size"]
            named[digest] = Evidence(digest, size, str(piece.get("name", "")), digest in files)
    for digest, entry in files.items():
        if digest not in named or entry.sha256 != digest or entry.size != named[digest].size:
            raise Refused("attachment.differs", sha256=digest)
    return list(named.values())


# -- what is told


def shown(value: object) -> str:
    """Return a value as a terminal can show it: nothing invisible, nothing that steers the terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))


def told(report: Report, lang: str) -> list[str]:
    """Return what is proved and what is not, line by line, in ``zh`` or ``en``."""

    def say(code: str, **params: object) -> str:
        return SENTENCES[code][lang == "en"].format(**{name: shown(value) for name, value in params.items()})

    lines = [say("told.proved", number=report.number, count=len(report.events), origin=report.origin)]
    for event in report.events:
        actor = event.state.get("actor", "") if event.state else SENTENCES["told.withheld"][lang == "en"]
        lines.append(shown(f"  #{event.place}  v{event.version}  {event.recorded_at}  {event.topic}  {actor}"))
    lines.append(say("told.sealed", size=report.size, root=report.root))
    lines += [say("told.key", key=key) for key in report.keys]
    lines += [say("told.cosigned", name=name, time=_utc(time)) for name, time in report.cosigned]
    for piece in report.evidence:
        code = "told.evidence" if piece.included else "told.evidence-absent"
        lines.append(say(code, name=piece.name, size=piece.size, sha256=piece.sha256))
    lines.append(say("told.not-proved"))
    if report.own_key:
        lines.append(say("told.own-key"))
    if report.unchecked:
        lines.append(say("told.unchecked", names=", ".join(report.unchecked)))
    return [*lines, say("told.not-later", size=report.size), say("told.not-true"), say("told.not-page")]


def _utc(seconds: int) -> str:
    from datetime import datetime, timezone

    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat()  # noqa: UP017 - older Pythons run this too
    except (ValueError, OverflowError, OSError):
        return str(seconds)


SENTENCES: dict[str, tuple[str, str]] = {
    "told.proved": (
        "已证明：台账 {origin} 中问题 {number} 的以下 {count} 条事件，内容、次序和入账时间均与入账时相同。",
        "Proved: these {count} events of finding {number} in the ledger {origin} are as they were recorded.",
    ),
    "told.withheld": ("（内容已擦除或未附）", "(content erased or withheld)"),
    "told.sealed": (
        "均在已签名的检查点之内：{size} 条事件，根哈希 {root}",
        "All lie within the signed checkpoint: {size} events, root hash {root}",
    ),
    "told.key": ("签名公钥：{key}", "Signed by the key: {key}"),
    "told.cosigned": ("见证方 {name} 已于 {time} 会签。", "Cosigned by the witness {name} at {time}."),
    "told.evidence": (
        "佐证材料“{name}”（{size} 字节，SHA-256 {sha256}）在内，与登记时相同。",
        "The evidence “{name}” ({size} bytes, SHA-256 {sha256}) is included, and is the file that was attached.",
    ),
    "told.evidence-absent": (
        "佐证材料“{name}”（{size} 字节，SHA-256 {sha256}）未附；取得文件后可核对其 SHA-256。",
        "The evidence “{name}” ({size} bytes, SHA-256 {sha256}) is not included; compare its SHA-256 once you have it.",
    ),
    "told.not-proved": ("未证明：", "Not proved:"),
    "told.own-key": (
        "· 公钥是否确属该台账：这里用的是案卷自带的公钥。请用从可靠途径取得的公钥，以 --vkey 再验一次。",
        "· that the key is the ledger's: this is the file's own. Get the key by a way that you trust and give it by --vkey.",
    ),
    "told.unchecked": (
        "· 另有未核对的签名：{names}；用 --vkey 给出其公钥即可核对。",
        "· further signatures, not checked: {names}; give their keys by --vkey to have them checked.",
    ),
    "told.not-later": (
        "· 此后是否还有该问题的事件：检查点（{size} 条事件）之后、以及未列入本案卷的末尾事件，不在证明之内。",
        "· that nothing followed: events after the last one here, or after the checkpoint ({size} events), are not ruled out.",
    ),
    "told.not-true": (
        "· 所记内容是否属实：证明的是何时记下了什么，不是所记是否为真。",
        "· that what was recorded is true: what is proved is what was recorded, and that it was not altered since.",
    ),
    "told.not-page": (
        "· index.html 供阅读，由台账签名，但以上列事件为准；其中人员和单位的名称取自台账登记。",
        "· index.html is for reading: the ledger signed it, but the events count. Names of people and units are from its register.",
    ),
    "usage": (
        "用法：python3 verify_case.py 案卷.zip [--vkey 公钥]… [--lang zh|en]",
        "Usage: python3 verify_case.py FILE.zip [--vkey KEY]… [--lang zh|en]",
    ),
    "refused": ("不成立：{reason}", "Refused: {reason}"),
    "file.unreadable": ("案卷读不了：{detail}", "The case file cannot be read: {detail}"),
    "zip.none": ("这不是案卷，或其开头已损坏。", "This is no case file, or its beginning is damaged."),
    "zip.entry": ("案卷中有不应有的条目“{name}”。", "The case file holds an entry that does not belong: “{name}”."),
    "zip.form": (
        "案卷的容器在第 {offset} 字节处被改动、截短或附加了内容。",
        "The container was altered, cut short or added to, near byte {offset}.",
    ),
    "zip.content": ("条目“{name}”被改动或截短。", "The entry “{name}” was altered or cut short."),
    "entry.too-large": ("条目“{name}”过大。", "The entry “{name}” is too large."),
    "entry.malformed": ("条目“{name}”的写法不对。", "The entry “{name}” is malformed."),
    "case.incomplete": ("案卷缺少条目，或次序不对。", "Entries of the case file are missing or out of order."),
    "manifest.differs": (
        "案卷的内容与其签名的清单不一致。",
        "The content of the case file is not what its signed manifest lists.",
    ),
    "key.malformed": ("“{found}”不是公钥（vkey）。", "“{found}” is no public key (vkey)."),
    "signature.malformed": ("签名“{found}”的写法不对。", "The signature “{found}” is malformed."),
    "signature.wrong": ("{name} 的签名不成立。", "The signature of {name} does not verify."),
    "note.unsigned": (
        "“{name}”没有该公钥的签名：案卷不是由这本台账签发的，或公钥给错了。",
        "“{name}” is not signed by the key: another ledger made this file, or the key is another one.",
    ),
    "witness.missing": ("检查点没有见证方 {name} 的会签。", "The witness {name} has not cosigned the checkpoint."),
    "checkpoint.malformed": ("检查点的写法不对（{found}）。", "The checkpoint is malformed ({found})."),
    "origin.differs": (
        "公钥与检查点的台账名称不是 {origin}。",
        "The keys and the checkpoint do not name the ledger {origin}.",
    ),
    "number.malformed": ("“{number}”不是问题编号。", "“{number}” is no number of a finding."),
    "leaf.differs": (
        "事件 #{index} 的叶记录不是 {stream} 的第 {version} 条事件。",
        "The leaf record of event #{index} is not that of event {version} of {stream}.",
    ),
    "time.order": ("事件 #{index} 的次序或时间不对。", "The order or the time of event #{index} is wrong."),
    "proof.malformed": ("包含证明的写法不对（{found}）。", "An inclusion proof is malformed ({found})."),
    "inclusion.wrong": (
        "事件 #{index} 的证明不成立：它不在检查点所封存的台账中。",
        "The proof of event #{index} does not verify: it does not stand in the ledger that the checkpoint seals.",
    ),
    "state.differs": (
        "事件 #{index} 的内容与叶记录中的哈希不一致：内容被改动。",
        "The content of event #{index} does not have the hash in its leaf record: it was altered.",
    ),
    "state.malformed": ("事件 #{index} 的内容看不懂。", "The content of event #{index} makes no sense."),
    "attachment.differs": (
        "佐证材料 {sha256} 与事件所记不符。",
        "The evidence {sha256} is not the file that an event names.",
    ),
}
"""code → Chinese, English."""


def main(argv: Sequence[str]) -> int:
    """Verify the case file that the arguments name; say what was found in the chosen language, or in both."""
    paths: list[str] = []
    vkeys: list[str] = []
    langs: Sequence[str] = ("zh", "en")
    rest = iter(argv)
    for word in rest:
        if word in ("--vkey", "--lang"):
            value = next(rest, "")
            vkeys += [value] if word == "--vkey" else []
            langs = (value,) if word == "--lang" else langs
        else:
            paths.append(word)
    if len(paths) != 1 or paths[0].startswith("-") or not set(langs) <= {"zh", "en"}:
        return _say((SENTENCES["usage"][lang == "en"] for lang in ("zh", "en")), 2)
    try:
        with open(paths[0], "rb") as file:
            report = verify(file, vkeys)
    except OSError as error:
        return _refuse(Refused("file.unreadable", detail=error.strerror or error), langs)
    except Refused as refused:
        return _refuse(refused, langs)
    return _say((line for lang in langs for line in told(report, lang)), 0)


def _refuse(refused: Refused, langs: Sequence[str]) -> int:
    return _say((SENTENCES["refused"][lang == "en"].format(reason=refused.sentence(lang)) for lang in langs), 1)


def _say(lines: Iterable[str], code: int) -> int:
    text = "".join(f"{line}\n" for line in lines)
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
