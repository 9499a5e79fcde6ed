"""A witness (C2SP tlog-witness): a second party that remembers each log's last tree head and cosigns its successor.

Owns the request, the answer and the decision between them, for both sides. Must not know HTTP, the disk or the clock:
the caller keeps what `Answer.keep` says before it sends the answer, and lets no other request in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from .checkpoint import Checkpoint, SignedCheckpoint, open_note, parse_checkpoint
from .encoding import from_base64_hash, to_base64, to_number, to_text
from .errors import SealError
from .keys import SignerKey, VerifierKey
from .note import MAX_NOTE, Note, cosign, parse_note, parse_signatures, with_signatures
from .tree import EMPTY_ROOT, verify_consistency

MAX_PROOF = 63
"""The greatest number of hashes in a request."""
MAX_REQUEST = MAX_NOTE + 100 * MAX_PROOF
"""The greatest length of a request in bytes; a reader may stop there."""
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


class Request(msgspec.Struct, frozen=True):
    """What a log asks: `proof` leads from its `old` size to the size of the signed `checkpoint`."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    def encode(self) -> bytes:
        """Return the body of the request.

        Raises:
            SealError: `witness.malformed`, `note.malformed`, `checkpoint.malformed` where it has no such form.
        """
        lines = [f"old {self.old}", *map(to_base64, self.proof), "", ""]
        data = "\n".join(lines).encode() + self.checkpoint.encode()
        if parse_request(data) != self:
            raise SealError("witness.malformed", found=lines[0])
        return data


class Answer(msgspec.Struct, frozen=True):
    """What the witness says: an HTTP status with its body, and `code`, why (empty when it cosigned).

    `keep` is the tree head to be stored durably before the answer leaves; None where nothing changes.
    `evidence` says that the log itself signed what cannot follow from what this witness saw: keep the request.
    """

    status: int
    body: bytes
    code: str = ""
    content_type: str = TEXT_TYPE
    keep: Checkpoint | None = None
    evidence: bool = False


def parse_request(data: bytes) -> Request:
    """Return the request in `data`; what `Request.encode` would not write again byte for byte is refused.

    Raises:
        SealError: `witness.malformed`, `note.malformed`, `checkpoint.malformed`.
    """
    if len(data) > MAX_REQUEST:
        raise SealError("witness.malformed", found=f"{len(data)} bytes")
    head, blank, note = to_text(data, "witness.malformed").partition("\n\n")
    first, *lines = head.split("\n")
    if not blank or not first.startswith("old ") or len(lines) > MAX_PROOF:
        raise SealError("witness.malformed", found=first[:64])
    old = to_number(first.removeprefix("old "), "witness.malformed")
    proof = tuple(from_base64_hash(line, "witness.malformed") for line in lines)
    checkpoint = parse_note(note.encode())
    parse_checkpoint(checkpoint.text)
    return Request(old, proof, checkpoint)


def add_checkpoint(
    data: bytes,
    logs: Mapping[str, Sequence[VerifierKey]],
    known: Mapping[str, Checkpoint],
    signer: SignerKey,
    time: int,
) -> Answer:
    """Decide a request: cosign a tree head that extends the known one, refuse everything else.

    Args:
        data: the body of the request.
        logs: the keys (type 01) of each log that this witness serves, by origin.
        known: the last tree head that was cosigned for each origin; a log not in it stands at size 0.
        signer: the witness's key (type 04).
        time: now, in POSIX seconds.

    Returns:
        200 with the cosignature; 400 malformed or old > size; 403 no signature of a key of this log; 404 unknown
        origin; 409 the old size is not the known one (the body is the known size), or the same size has another
        root; 422 the proof does not verify. The order of the checks is that of the specification.
    """
    try:
        request = parse_request(data)
    except SealError as error:
        return _refuse(400, error.code)
    claimed = parse_checkpoint(request.checkpoint.text)
    log_keys = logs.get(claimed.origin)
    if not log_keys:
        return _refuse(404, "witness.origin")
    try:
        head = open_note(request.checkpoint, log_keys).checkpoint
    except SealError as error:
        return _refuse(403, error.code)
    if request.old > head.size:
        return _refuse(400, "witness.range")
    last = known.get(head.origin) or Checkpoint(head.origin, 0, EMPTY_ROOT)
    if request.old != last.size:
        return _conflict(last.size, "witness.stale")
    if head.size == last.size and head.root != last.root:
        if last.size == 0:
            return _refuse(422, "consistency.root", evidence=True)
        return _conflict(last.size, "witness.fork", evidence=True)
    try:
        verify_consistency(last.size, last.root, head.size, head.root, request.proof)
    except SealError as error:
        # A log that merely sent a bad proof looks the same; only a right proof to another root would settle it.
        return _refuse(422, error.code, evidence=True)
    line = cosign(request.checkpoint.text, signer, time).line()
    return Answer(200, line.encode(), keep=head)


def known_size(body: bytes) -> int:
    """Return the size that the body of a 409 names.

    Raises:
        SealError: `witness.malformed`.
    """
    return to_number(to_text(body, "witness.malformed")[:-1], "witness.malformed")


def take_cosignatures(
    checkpoint: Note, body: bytes, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey]
) -> SignedCheckpoint:
    """Return the log's checkpoint with the cosignatures that a witness answered, where they verify.

    Cosignatures of keys that are not among `witness_keys` are left out.

    Raises:
        SealError: `witness.malformed`; what `open_checkpoint` refuses, `checkpoint.quorum` where no line was of one of
            these witnesses.
    """
    wanted = {(key.name, key.id) for key in witness_keys}
    lines = parse_signatures(body, "witness.malformed")
    taken = [line for line in lines if (line.name, line.key_id) in wanted]
    if not taken:
        raise SealError("checkpoint.quorum", have=0, need=1)
    return open_note(with_signatures(checkpoint, taken), log_keys, witness_keys)


def _refuse(status: int, code: str, *, evidence: bool = False) -> Answer:
    return Answer(status, f"{code}\n".encode(), code, evidence=evidence)


def _conflict(size: int, code: str, *, evidence: bool = False) -> Answer:
    return Answer(409, f"{size}\n".encode(), code, SIZE_TYPE, evidence=evidence)
