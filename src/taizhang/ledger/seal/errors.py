"""How the seal says no: one exception, a code and parameters.

Owns the list of codes. Must not know sentences (the catalogues hold them) nor the refusals of the other rooms:
the seal runs without the rest of the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "checkpoint.malformed": ("found",),  # not a checkpoint's three lines
        "checkpoint.origin": ("name", "origin"),  # the log key that signed has another name than the origin says
        "checkpoint.quorum": ("have", "need"),  # fewer witnesses cosigned than the policy asks for
        "checkpoint.unsigned": (),  # no key of the log has signed it
        "consistency.length": ("hashes", "old", "size"),  # more or fewer hashes than the two sizes need
        "consistency.old-root": ("old", "size"),  # the proof leads to another old root: the log was rewritten
        "consistency.range": ("old", "size"),  # the old size is negative or greater than the new
        "consistency.root": ("old", "size"),  # the proof leads to another new root: the log was rewritten
        "hash.missing": ("got", "level", "start", "stop"),  # the store gave another number of hashes than asked for
        "hash.size": ("bytes",),  # a hash that is not 32 bytes
        "inclusion.length": ("hashes", "index", "size"),  # more or fewer hashes than index and size need
        "inclusion.range": ("index", "size"),  # the index is not in the tree
        "inclusion.root": ("index", "size"),  # the proof leads to another root: not this leaf at this index
        "key.ambiguous": ("name",),  # two different keys with the same name and id
        "key.kind": ("name",),  # a key of another kind than its use asks for
        "key.malformed": (),  # not a vkey or skey; nothing of it is repeated, it may be secret
        "key.name": ("name",),  # a name that is empty, too long or holds a space or a plus
        "leaf.malformed": ("found",),  # not the seven lines of a leaf
        "leaf.size": ("bytes",),  # a leaf longer than an entry bundle can hold
        "note.malformed": ("found",),  # not a signed note
        "note.signature": ("name",),  # a signature of a known key that does not verify
        "note.unverified": (),  # no known key has signed
        "proof.malformed": ("found",),  # not a tlog-proof
        "tile.malformed": ("found",),  # not a tile's path or content
        "tile.range": ("level", "size", "tile"),  # the tile does not exist in a tree of that size
        "witness.fork": (),  # a second root for a size that the witness has cosigned
        "witness.malformed": ("found",),  # not an add-checkpoint request, or not a witness's answer
        "witness.origin": (),  # a log that the witness does not serve
        "witness.range": (),  # the old size is greater than that of the checkpoint
        "witness.stale": (),  # the old size is not the one that the witness knows
    }
)
"""Every code with the names of its parameters, for the catalogues.

`found` is a short excerpt of what stood there, as text.
"""


class SealError(Exception):
    """Something is not what it claims to be.

    Args:
        code: a key of `CODES`, and the key of the sentence in the catalogues.
        params: what the sentence names (an index, a size, a name).
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __repr__(self) -> str:
        inner = "".join(f", {key}={value!r}" for key, value in self.params.items())
        return f"SealError({self.code!r}{inner})"

    __str__ = __repr__
