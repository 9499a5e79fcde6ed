"""Owns which keys sign the ledger, as events of its own: adopting the first, rotating to the next.

Pure. To the domain a key is one line of text (a vkey of C2SP signed-note); that it is a good one is said by whoever
brings it, with the seal.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from .errors import Rejected
from .register import Person
from .values import Role, checked_line

VKEY_LIMIT = 400
"""Characters of a vkey: a name of 255 bytes, an id and a key of 32 bytes in base64."""


class KeyAdopted(Struct, frozen=True, omit_defaults=True):
    """From here on this key signs the ledger's checkpoints.

    Args:
        vkey: the public key.
        replaces: the public key that signed until now; empty for the first.
    """

    vkey: str
    replaces: str = ""


class AdoptKey(Struct, frozen=True, tag="key-adopt"):
    """Let a key sign the ledger's checkpoints from now on."""

    vkey: str


def decide_key(command: AdoptKey, adopted: Sequence[str], actor: Person) -> KeyAdopted:
    """Return the event that adopts a key, or refuse it.

    Args:
        adopted: every vkey that was ever adopted, the one in force last.

    Raises:
        Rejected: ``role.missing`` for whoever is no admin, ``key.known`` for a key that signed before: one that was
            given up may be in anybody's hands.
    """
    if Role.ADMIN not in actor.roles:
        raise Rejected(
            "role.missing", command="key-adopt", person=actor.id, needed=[Role.ADMIN], held=sorted(actor.roles)
        )
    vkey = checked_line("vkey", command.vkey, limit=VKEY_LIMIT)
    if vkey in adopted:
        raise Rejected("key.known", vkey=vkey)
    return KeyAdopted(vkey, adopted[-1] if adopted else "")
