"""Owns `ledger checkpoint`, `vkey`, `proof`, `tiles`, `consistency`, `rotate-key` and `witness`.

It must not know how anything is signed or proved: bytes come from the desk's proofs and go to a file or to stdout.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from taizhang.cli import files
from taizhang.cli.app import App
from taizhang.cli.options import Misused, whole
from taizhang.ledger.domain.errors import Rejected
from taizhang.service.proofs import SealedAt, Signer


def checkpoint(app: App) -> int:
    """Sign everything that is recorded, and print the signed note."""
    target = files.target(app.args.output) if app.args.output else None
    sealed = app.desk.proofs().checkpoint(signer(app))
    if target:
        files.write(target, sealed.note.encode())
    if app.wants_json:
        app.data(sealed)
    elif not target:
        app.console.raw(sealed.note.encode())
    _tell(app, sealed)
    return 0


def vkey(app: App) -> int:
    """Print the public key in force, or every one that was."""
    keys = app.desk.proofs().keys()
    if app.wants_json:
        app.data({"vkey": keys[-1].vkey, "keys": keys})
    elif app.args.all:
        app.console.lines(f"#{key.index} {key.vkey}" for key in keys)
    else:
        app.console.line(keys[-1].vkey)
    return 0


def proof(app: App) -> int:
    """Write leaf and proof of one event, or of every event of a finding."""
    target = files.target(app.args.output)
    found = app.desk.proofs().prove(app.args.reference, signer(app))
    files.folder(app.args.output)
    written = []
    for one in found:
        for kind, data in (("leaf", one.leaf), ("tlog-proof", one.proof)):
            path = target / f"{one.index}.{kind}"
            files.write(path, data)
            written.append(str(path))
    if app.wants_json:
        app.data({"size": found[0].size, "indexes": [one.index for one in found], "files": written})
    else:
        app.console.lines(written)
        app.console.say(app.words("cli.proved", count=len(found), last=found[0].size - 1))
    return 0


def tiles(app: App) -> int:
    """Write the whole log as a folder of tiles."""
    from .verify import Bar

    receipt = app.desk.proofs().tiles(Path(app.args.output).expanduser(), signer(app), Bar(app))
    app.console.progress("")
    if app.wants_json:
        app.data(receipt)
    else:
        app.console.say(app.words("cli.tiles", path=receipt.path, size=receipt.size, files=receipt.files))
    return 0


def consistency(app: App) -> int:
    """Prove that one checkpoint extends another."""
    args = app.args
    old, new = vars(args)["from"], args.to
    target = files.target(args.output) if args.output else None
    found = app.desk.proofs().consistency(files.read(old), files.read(new) if new else None)
    if target:
        files.write(target, found.request)
    if app.wants_json:
        app.data({"old": found.old, "size": found.size, "hashes": found.hashes})
    else:
        app.console.line(f"old {found.old}")
        app.console.line(f"size {found.size}")
        app.console.lines(found.hashes)
        app.console.say(app.words("cli.consistent", old=found.old, size=found.size))
    return 0


def rotate_key(app: App) -> int:
    """Let a new key sign from now on."""
    proofs = app.desk.proofs()
    sealed = proofs.rotate_key(Signer(app.actor(), app.args.why or ""), lost=app.args.lost)
    key = proofs.keys()[-1].vkey
    if app.wants_json:
        app.data({"vkey": key, **msgspec.structs.asdict(sealed)})
    else:
        app.console.line(key)
        app.console.say(app.words("cli.rotated", size=sealed.size))
    return 0


def witness(app: App) -> int:
    """Have a witness cosign the last checkpoint: over HTTP, or by files that are carried to it and back."""
    args, proofs = app.args, app.desk.proofs()
    chosen = [option for option in (args.url, args.write_request, args.take) if option]
    if len(chosen) != 1:
        raise Misused("usage.one-of", options=["--url", "--write-request", "--take"])
    vkey = files.key(args.witness_vkey) if args.witness_vkey else ""
    if args.write_request:
        target = files.target(args.write_request)
        old = whole("--old", args.old) if args.old else None
        request = proofs.witness_request(signer(app), old)
        files.write(target, request)
        if app.wants_json:
            app.data({"path": args.write_request, "bytes": len(request)})
        else:
            app.console.say(app.words("cli.witness-request", path=args.write_request))
        return 0
    if args.take:
        sealed = proofs.take_cosignature(files.read(args.take), vkey)
    else:
        sealed = proofs.ask_witness(args.url, signer(app), vkey)
    if app.wants_json:
        app.data(sealed)
    else:
        _tell(app, sealed)
    return 0


def signer(app: App) -> Signer:
    """Return who signs, as far as anybody said: most checkpoints need nobody's name."""
    try:
        return Signer(app.likely_actor())
    except Rejected:
        return Signer()


def _tell(app: App, sealed: SealedAt) -> None:
    """Say how far the ledger is sealed, and who has cosigned."""
    if app.wants_json:
        return
    app.console.say(app.words("cli.sealed", last=sealed.size - 1, size=sealed.size))
    for one in sealed.cosigned:
        app.console.say(app.words("cli.cosigned", witness=one.witness, time=app.moment(one.time), last=sealed.size - 1))
