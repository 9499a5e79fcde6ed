"""Owns who signs a case file: the ledger's own key, with a checkpoint that covers what the case holds.

A checkpoint that a witness has cosigned is worth more to a stranger than a newer one, so it is preferred where it covers
the case. Knows no key file: what reads it is handed in.
"""

from __future__ import annotations

from collections.abc import Callable

from taizhang.ledger.seal.checkpoint import open_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.keys import SignerKey
from taizhang.ledger.seal.note import sign

from .proofs import Proofs, SealedAt, Signer


class LedgerSealer:
    """Signs for a ledger.

    Args:
        proofs: the ledger's seal.
        secret: reads the signing key that is in force; refuses where it is not here.
        by: who lets it sign; matters where the ledger adopts its first key by this.
    """

    def __init__(self, proofs: Proofs, secret: Callable[[], SignerKey], by: Signer) -> None:
        self._proofs = proofs
        self._secret = secret
        self._by = by
        self._key: SignerKey | None = None

    def checkpoint(self, last: int) -> bytes:
        """Return a signed checkpoint that covers the event `last`, with the cosignatures that there are."""
        state = self._proofs.state()
        fresh = state.last if state.last and state.last.size == state.size else None
        for kept in (state.cosigned, fresh):
            if kept is not None and kept.size > last and self._is_ours(kept):
                return kept.note.encode()
        return self._proofs.checkpoint(self._by).note.encode()

    def vkey(self) -> str:
        """Return the public key that signs."""
        return self._signer().verifier.vkey

    def sign(self, text: str) -> bytes:
        """Return the signed note of a text."""
        return sign(text, self._signer()).encode()

    def _signer(self) -> SignerKey:
        if self._key is None:
            self._key = self._secret()
        return self._key

    def _is_ours(self, kept: SealedAt) -> bool:
        """Say whether the key in force signed a checkpoint; an older one may be of a key that was given up."""
        try:
            open_checkpoint(kept.note.encode(), [self._signer().verifier])
        except SealError:
            return False
        return True
