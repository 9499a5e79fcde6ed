"""Owns the part of the deep check that holds the log against what was signed: keys, checkpoints, handovers, cosignatures.

Works on bytes and on roots that the pass over the log found. Must not know where either was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from taizhang.ledger.domain.verdict import Check
from taizhang.ledger.seal.checkpoint import Checkpoint, parse_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import ED25519, VerifierKey, parse_vkey
from taizhang.ledger.seal.note import Note, Verified, parse_note, verify


class Named(NamedTuple):
    """A signed note with the name of the file that it came in."""

    name: str
    data: bytes


class Material(Struct, frozen=True):
    """What the log is held against.

    Args:
        kept: checkpoints that lie beside the database: the last one, and the last one that a witness cosigned.
        handovers: the checkpoints that the old and the new key signed when one took over.
        key_files: the vkeys of the secret keys beside the database; an empty one for a file that holds none.
        missing: the name of the last checkpoint, where it should lie there and does not.
        given: checkpoints that came from outside.
        vkey: the public key that came from outside; None where nobody brought one.
        witnesses: public keys of witnesses whose cosignatures count.
    """

    kept: tuple[Named, ...] = ()
    handovers: tuple[Named, ...] = ()
    key_files: tuple[str, ...] = ()
    missing: str = ""
    given: tuple[Named, ...] = ()
    vkey: VerifierKey | None = None
    witnesses: tuple[VerifierKey, ...] = ()

    def sizes(self) -> frozenset[int]:
        """Return the sizes that the notes speak of, believing none of them yet."""
        return frozenset(_claims(note.data) for note in (*self.kept, *self.handovers, *self.given))


class Key(NamedTuple):
    """A key that signs from the event at `since` on."""

    since: int
    key: VerifierKey


class Sealed(NamedTuple):
    """A checkpoint that holds: who signed it, and who cosigned it when (POSIX seconds)."""

    name: str
    size: int
    key: VerifierKey
    witnesses: tuple[tuple[str, int], ...]
    given: bool


class SealFindings(NamedTuple):
    """What holding the log against its seals showed."""

    checks: list[Check]
    sealed: list[Sealed]


def key_history(origin: str, adopted: Iterable[tuple[int, str]]) -> list[Key]:
    """Return the keys that a log adopted, in their order.

    Args:
        origin: the log's name.
        adopted: index and vkey of each.

    Raises:
        SealError: `key.malformed`; `checkpoint.origin` where a key bears another name; `key.kind` for a witness's.
    """
    keys = []
    for index, vkey in sorted(adopted):
        key = parse_vkey(vkey)
        if key.name != origin:
            raise SealError("checkpoint.origin", origin=origin, name=key.name)
        if key.kind != ED25519:
            raise SealError("key.kind", name=key.name)
        keys.append(Key(index, key))
    return keys


def in_force(keys: Sequence[Key], size: int) -> VerifierKey | None:
    """Return the key that signs a log of `size` events: the last that was adopted in it."""
    return next((key for index, key in reversed(keys) if index < size), None)


def check_seals(
    material: Material,
    origin: str,
    adopted: Sequence[tuple[int, str]],
    roots: Mapping[int, bytes],
    size: int,
) -> SealFindings:
    """Hold a log against its seals.

    Args:
        origin: the log's name, as its first event says.
        adopted: index and vkey of every key that the log says it adopted.
        roots: of the first so many events, for every size in `material.sizes()` that the log has.
        size: how many events the log has.
    """
    try:
        keys = key_history(origin, adopted)
    except SealError as error:
        index = _first_bad_key(origin, adopted)
        bad = Check("keys", False, {"index": index, "detail": f"{error.code} {error.params}"}, "malformed")
        return SealFindings([bad], [])
    court = _Court(material, keys, roots, size)
    return SealFindings(list(court.checks()), court.sealed)


class _Court:
    """The notes of one log, judged."""

    def __init__(self, material: Material, keys: list[Key], roots: Mapping[int, bytes], size: int) -> None:
        self._material = material
        self._keys = keys
        self._roots = roots
        self._size = size
        self._trusted = self._closure()
        self.sealed: list[Sealed] = []

    def checks(self) -> Iterator[Check]:
        """Yield every check, the sound checkpoints first, so that the others can be told from where they differ."""
        yield from self._key_checks()
        material = self._material
        notes = [(note, note in material.given) for note in (*material.handovers, *material.kept, *material.given)]
        notes.sort(key=lambda pair: _claims(pair[0].data))
        for note, given in notes:
            yield self._judge(note, given)
        yield from self._set_back()
        if material.missing and self._keys:
            yield Check("checkpoint", False, {"name": material.missing}, "missing")

    def _set_back(self) -> Iterator[Check]:
        """Say that an older checkpoint stands where the last one should, if a later one is kept beside it."""
        sizes = {head.name: head.size for head in self.sealed if not head.given}
        last, *others = [note.name for note in self._material.kept] or [""]
        for other in others:
            if sizes.get(last, 0) < sizes.get(other, 0) and last in sizes:
                params = {"name": last, "sealed": sizes[last], "other": other, "known": sizes[other]}
                yield Check("checkpoint", False, params, "set-back")

    def _key_checks(self) -> Iterator[Check]:
        known = [key.vkey for _, key in self._keys]
        last, found = known[-1] if known else "", self._material.key_files
        ok = not known or not found or last in found  # a key that waits to be adopted is nothing wrong
        yield Check("keys", ok, {"count": len(known), "vkey": last, "found": next(iter(found), "")}, "foreign")
        vkey = self._material.vkey
        if vkey is not None:
            if vkey.vkey not in known:
                yield Check("vkey", False, {"vkey": vkey.vkey, "last": last}, "unknown")
            else:
                handed = self._keys[-1].key in self._trusted
                yield Check("vkey", handed, {"vkey": vkey.vkey, "last": last}, "broken")

    def _closure(self) -> set[VerifierKey]:
        """Return the keys that can be trusted: all of the history, or what the given one leads to by handovers."""
        if self._material.vkey is None:
            return {key for _, key in self._keys}
        trusted = {self._material.vkey}
        while True:
            found = set(trusted)
            for name, data in self._material.handovers:
                try:
                    note = parse_note(data)
                    signed = {item.key for item in self._signed(note)}
                    head = parse_checkpoint(note.text)
                except SealError:
                    continue  # it vouches for nothing; its own check says what is wrong with it
                if signed & trusted and self._roots.get(head.size) == head.root and name:
                    found |= signed
            if found == trusted:
                return trusted
            trusted = found

    def _signed(self, note: Note) -> list[Verified]:
        """Return the keys of the log, and of the witnesses, that signed a note."""
        given = [self._material.vkey] if self._material.vkey else []
        log_keys = dict.fromkeys([*(key for _, key in self._keys), *given])
        return list(verify(note, [*log_keys, *self._material.witnesses]))

    def _judge(self, named: Named, given: bool) -> Check:
        """Hold the log against one checkpoint."""
        params: dict[str, Any] = {"name": named.name, "size": self._size}

        def fails(why: str, **more: Any) -> Check:
            return Check("checkpoint", False, {**params, **more}, why)

        try:
            note = parse_note(named.data)
            head = parse_checkpoint(note.text)
        except SealError as error:
            return fails("malformed", detail=str(error.params.get("found", error.code)))
        params["sealed"] = head.size
        key = in_force(self._keys, head.size)
        try:
            verified = self._signed(note)
        except SealError as error:
            return fails("unsigned" if error.code == "note.unverified" else "signature", key=key.vkey if key else "")
        by_log = [item.key for item in verified if item.key.kind == ED25519 and item.key.name == head.origin]
        if not by_log:
            return fails("unsigned", key=key.vkey if key else "")
        signer = next((item for item in by_log if item in self._trusted), None)
        if signer is None:
            return fails("untrusted", key=by_log[0].vkey)
        if key not in by_log and not (given and signer == self._material.vkey):
            return fails("retired", key=signer.vkey)
        if head.size > self._size:
            return fails("behind")
        if self._roots.get(head.size) != head.root:
            since = max((other.size for other in self.sealed if other.size < head.size), default=0)
            return fails("root", first=since, last=head.size - 1)
        witnesses = tuple((item.key.name, item.time) for item in verified if item.time is not None)
        self.sealed.append(Sealed(named.name, head.size, signer, witnesses, given))
        return Check("checkpoint", True, {**params, "last": head.size - 1})


def _claims(data: bytes) -> int:
    """Return the size that a note speaks of; -1 where it is none."""
    try:
        head: Checkpoint = parse_checkpoint(parse_note(data).text)
    except SealError:
        return -1
    return head.size


def _first_bad_key(origin: str, adopted: Sequence[tuple[int, str]]) -> int:
    for index, vkey in sorted(adopted):
        try:
            key_history(origin, [(index, vkey)])
        except SealError:
            return index
    return -1
