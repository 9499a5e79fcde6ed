"""Owns what the terminal says of the seal: how far the ledger is sealed, and its deep check."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "tui.key.list.seal": "seal",
    "tui.key.seal.verify": "verify",
    "tui.key.seal.sign": "sign",
    "tui.key.seal.back": "back",
    "tui.tip.list.seal": "Shows up to which event the ledger is sealed and who witnessed it, and verifies it.",
    "tui.tip.seal.verify": "Checks everything: events, hash tree, schema, evidence, checkpoints.",
    "tui.tip.seal.sign": "Signs a checkpoint over everything that is recorded.",
    "tui.tip.seal.back": "Goes back to the list.",
    "tui.place.seal": "Seal",
    "tui.seal.page": "The seal of the ledger",
    "tui.seal.sealed": "sealed",
    "tui.seal.upto": "up to #{index}: everything",
    "tui.seal.tail": "up to #{index}; {count} later ones are not signed yet",
    "tui.seal.none": "no checkpoint has been signed yet",
    "tui.seal.root": "root hash",
    "tui.seal.witnessed": "witnessed",
    "tui.seal.no-witness": "no witness has cosigned yet",
    "tui.seal.by": "{witness} cosigned at {moment}, up to #{index}",
    "tui.seal.key": "public key",
    "tui.seal.check": "Deep check",
    "tui.seal.not-yet": "Not verified in this sitting.",
    "tui.seal.proved": "Proved",
    "tui.seal.unproved": "Not proved",
    "tui.seal.signed": "signed up to #{index}",
}
