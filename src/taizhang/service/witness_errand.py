"""Owns the talk with a witness: which old size to begin with, and what its answers mean for the ledger."""

from __future__ import annotations

from collections.abc import Callable

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.witness import known_size

from . import witness_client


def ask(url: str, size: int, known: int, request: Callable[[int], bytes]) -> bytes:
    """Return the signature lines that a witness answers.

    Args:
        url: of the witness.
        size: of the checkpoint that it is asked to cosign.
        known: the size that it probably knows.
        request: gives the request that begins at an old size.

    Raises:
        Rejected: ``witness.ahead`` (`known`, `size`): it has seen more of this log than there is now;
            ``witness.forked``: it has seen another history; ``witness.does-not-serve``; ``witness.answered`` (`status`,
            `body`).
        Unreachable: ``witness.unreachable``.
    """
    reply = witness_client.post(url, request(known))
    if reply.status == 409 and (found := _known(reply.body)) is not None:
        if found > size:
            raise Rejected("witness.ahead", url=url, known=found, size=size)
        if found == known:  # not the size is the trouble then, but the root
            raise Rejected("witness.forked", url=url, size=found)
        known = found
        reply = witness_client.post(url, request(known))
    if reply.status == 200:
        return reply.body
    if reply.status == 422 or (reply.status == 409 and _known(reply.body) == known):
        raise Rejected("witness.forked", url=url, size=known)
    if reply.status in (403, 404):
        raise Rejected("witness.does-not-serve", url=url, status=reply.status)
    body = reply.body[:200].decode("utf-8", "replace").strip()
    raise Rejected("witness.answered", url=url, status=reply.status, body=body)


def _known(body: bytes) -> int | None:
    try:
        return known_size(body)
    except SealError:
        return None
