"""Owns what opening a ledger and signing it both ask of keys and checkpoints. Must not know the write side.

A key or a checkpoint that is not right becomes a refusal here, which names the file and never what is secret in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from taizhang.ledger.domain.errors import Rejected, Unreachable
from taizhang.ledger.seal.checkpoint import Checkpoint, parse_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import COSIGNATURE, ED25519, SignerKey, VerifierKey, parse_skey, parse_vkey
from taizhang.ledger.seal.note import parse_note
from taizhang.ledger.store.contract import EventRecorder
from taizhang.ledger.store.seal_files import CHECKPOINT, SealFiles


def fresh_key(origin: str) -> SignerKey:
    """Return a new key for the log of that name."""
    return SignerKey(origin, os.urandom(32))


def fresh_witness_key(name: str) -> SignerKey:
    """Return a new key for a witness of that name.

    Raises:
        Rejected: ``witness.name``.
    """
    try:
        return SignerKey(name, os.urandom(32), COSIGNATURE)
    except SealError as error:
        raise Rejected("witness.name", name=name[:200]) from error


def first_key(files: SealFiles, origin: str) -> VerifierKey:
    """Return the public half of the key that lies where the signing key should, made where there is none.

    Raises:
        Rejected: ``key.unreadable``; ``key.other-name`` where a key lies there that has another name than the log.
        Unreachable: it cannot be written.
    """
    text = files.signing_key() or files.make_signing_key(fresh_key(origin).skey)
    path = str(files.key_path)
    key = secret_key(text, path).verifier
    if key.name != origin:
        raise Rejected("key.other-name", path=path, name=key.name, origin=origin)
    return key


def secret_key(text: str, path: str) -> SignerKey:
    """Return the signing key that a text spells.

    Raises:
        Rejected: ``key.unreadable``.
    """
    try:
        return parse_skey(text)
    except SealError:
        # from None: what a traceback would show is the secret
        raise Rejected("key.unreadable", path=path) from None


def public_key(text: str, kind: int = ED25519) -> VerifierKey:
    """Return the public key of a log, or of a witness, that a text spells.

    Raises:
        Rejected: ``key.not-public``, ``key.not-a-witness``, ``key.not-a-log``.
    """
    try:
        key = parse_vkey(text.strip())
    except SealError as error:
        raise Rejected("key.not-public", value=text.strip()[:80]) from error
    if key.kind != kind:
        raise Rejected("key.not-a-witness" if kind == COSIGNATURE else "key.not-a-log", name=key.name)
    return key


def refuse_another_past(name: str, files: SealFiles, store: EventRecorder) -> None:
    """Hold the log against the last checkpoint before anything is written to it.

    Only size and root are compared here; whether the checkpoint is a genuine one is looked at before the next is
    signed, and by the deep check.

    Args:
        name: the ledger's place, for refusals.

    Raises:
        Unreachable: ``seal.altered``, ``seal.behind-checkpoint`` (an old copy was restored, or events were removed),
            ``seal.forked``.
    """
    data = files.read(CHECKPOINT)
    if data is None:
        return
    try:
        head = parse_checkpoint(parse_note(data).text)
    except SealError as error:
        raise Unreachable("seal.altered", file=CHECKPOINT, detail=error.code) from error
    compare(name, head, store.count(), store.root)


def compare(name: str, head: Checkpoint, size: int, root: Callable[[int], bytes]) -> None:
    """Refuse a log that does not extend what was signed; see `refuse_another_past`."""
    if head.size > size:
        raise Unreachable("seal.behind-checkpoint", ledger=name, sealed=head.size, size=size)
    if root(head.size) != head.root:
        raise Unreachable("seal.forked", ledger=name, sealed=head.size)


def refused(error: SealError, file: str) -> Rejected:
    """Return the refusal of a file that is not what it should be."""
    return Rejected("seal.refused", file=file, reason=error.code)
