"""How the seal says no: one exception, a code and parameters.

Owns the list of codes. Must not know sentences (the catalogues hold them) nor the refusals of the other rooms:
the seal runs without the rest of the house.
"""

from __future__ import annotations

from typing import Any

CODES = frozenset(
    {
        "checkpoint.malformed",  # not a checkpoint's three lines
        "checkpoint.origin",  # the log key that signed has another name than the origin says
        "checkpoint.quorum",  # fewer witnesses cosigned than the policy asks for
        "checkpoint.unsigned",  # no key of the log has signed it
        "consistency.length",  # more or fewer hashes than the two sizes need
        "consistency.old-root",  # the proof leads to another old root: the log was rewritten
        "consistency.range",  # the old size is negative or greater than the new
        "consistency.root",  # the proof leads to another new root: the log was rewritten
        "hash.missing",  # the store returned fewer or more hashes than asked for
        "hash.size",  # a hash that is not 32 bytes
        "inclusion.length",  # more or fewer hashes than index and size need
        "inclusion.range",  # the index is not in the tree
        "inclusion.root",  # the proof leads to another root: not this leaf at this index
        "key.ambiguous",  # two different keys with the same name and id
        "key.kind",  # a key of another kind than its use asks for
        "key.malformed",  # not a vkey or skey
        "key.name",  # a name that is empty or holds a space or a plus
        "leaf.malformed",  # not the seven lines of a leaf
        "leaf.size",  # a leaf longer than an entry bundle can hold
        "note.malformed",  # not a signed note
        "note.signature",  # a signature of a known key that does not verify
        "note.unverified",  # no known key has signed
        "proof.malformed",  # not a tlog-proof
        "tile.malformed",  # not a tile's path or content
        "tile.range",  # the tile does not exist in a tree of that size
        "witness.fork",  # a second root for a size that the witness has cosigned
        "witness.malformed",  # not an add-checkpoint request, or not a witness's answer
        "witness.origin",  # a log that the witness does not serve
        "witness.range",  # the old size is greater than that of the checkpoint
        "witness.stale",  # the old size is not the one that the witness knows
    }
)


class SealError(Exception):
    """Something is not what it claims to be.

    Args:
        code: one of `CODES`, the key of the sentence in the catalogues.
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
