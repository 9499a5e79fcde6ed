"""The seal against an implementation it had no part in: Go's sumdb/note and sumdb/tlog, through tests/seal/outside.

Skipped with a reason where Go or its module is missing (Debian: golang-go and golang-golang-x-mod-dev).
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taizhang.ledger.seal.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.frontier import Frontier
from taizhang.ledger.seal.keys import parse_skey, parse_vkey
from taizhang.ledger.seal.note import cosign, with_signatures
from taizhang.ledger.seal.proof import TlogProof
from taizhang.ledger.seal.tiles import CHECKPOINT_PATH, tile_files
from taizhang.ledger.seal.tree import Tree, leaf_hash
from tests.seal.keyring import LOG, TIME, WITNESS, flips, record

PROGRAM = Path(__file__).parent / "outside" / "check.go"
SMALL, BIG = 300, 66_000


class Store:
    """The whole log in memory, with the stored hashes that a database would hold."""

    def __init__(self, size: int) -> None:
        self.records = [record(index) for index in range(size)]
        leaves = [leaf_hash(leaf) for leaf in self.records]
        self.levels = [leaves, *([b""] * (size >> (8 * level)) for level in (1, 2))]
        for level, index, node in Frontier().extend(leaves):
            self.levels[level][index] = node

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        return self.levels[level][start:stop]

    def leaves(self, start: int, stop: int) -> list[bytes]:
        return self.records[start:stop]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled program."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not installed (Debian: golang-go)")
    work = tmp_path_factory.mktemp("go")
    # Debian puts the sources of its Go packages there; no module is ever downloaded.
    gopath = os.pathsep.join(filter(None, [os.environ.get("GOPATH", ""), "/usr/share/gocode"]))
    env = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": gopath,
        "GOCACHE": str(work / "cache"),
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
    }
    found = subprocess.run([go, "list", "golang.org/x/mod/sumdb/tlog"], env=env, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("golang.org/x/mod is not in GOPATH (Debian: golang-golang-x-mod-dev)")
    program = work / "check"
    built = subprocess.run(
        [go, "build", "-o", program, PROGRAM], env=env, capture_output=True, text=True, check=False, timeout=240
    )
    assert built.returncode == 0, built.stderr
    return program


def write(folder: Path, store: Store, size: int) -> None:
    """Write checkpoint, tiles and some proofs of one size."""
    tree = Tree(size, store.hashes)
    note = sign_checkpoint(Checkpoint(LOG.name, size, tree.root()), LOG)
    note = with_signatures(note, [cosign(note.text, WITNESS, TIME + size)])
    checkpoint = note.encode()
    (folder / "tile").mkdir(parents=True)
    (folder / CHECKPOINT_PATH).write_bytes(checkpoint)
    for path, content in tile_files(size, store.hashes, store.leaves):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for index in {0, size // 2, size - 1} if size else ():
        proof = TlogProof(index, tuple(tree.inclusion_proof(index)), checkpoint)
        (folder / f"{index}.tlog-proof").write_bytes(proof.encode())


def pack(m: int, n: int, hashes: list[bytes]) -> bytes:
    return struct.pack(">III", m, n, len(hashes)) + b"".join(hashes)


def inclusions(store: Store) -> Iterator[bytes]:
    for size in range(1, SMALL + 1):
        tree = Tree(size, store.hashes)
        for index in range(size):
            yield pack(index, size, tree.inclusion_proof(index))
    tree = Tree(BIG, store.hashes)
    for index in sorted({*range(0, BIG, 997), 255, 256, 65_535, 65_536, BIG - 1}):
        yield pack(index, BIG, tree.inclusion_proof(index))


def consistencies(store: Store) -> Iterator[bytes]:
    for size in (*range(1, SMALL + 1), BIG):
        tree = Tree(size, store.hashes)
        for old in range(1, min(size, SMALL) + 1):
            yield pack(old, size, tree.consistency_proof(old))


@pytest.fixture(scope="module")
def verdict(checker: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the program says of everything that the seal writes."""
    folder = tmp_path_factory.mktemp("log")
    store = Store(BIG)
    sizes = [*range(SMALL + 1), BIG]
    (folder / "vkey").write_text(LOG.verifier.vkey, encoding="utf-8")
    (folder / "witness-vkey").write_text(WITNESS.verifier.vkey, encoding="utf-8")
    (folder / "sizes").write_text("\n".join(map(str, sizes)), encoding="utf-8")
    for size in sizes:
        write(folder / str(size), store, size)
    (folder / "inclusion").write_bytes(b"".join(inclusions(store)))
    (folder / "consistency").write_bytes(b"".join(consistencies(store)))
    done = subprocess.run([checker, folder], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_go_accepts_every_checkpoint_tile_and_proof(verdict: dict[str, Any]) -> None:
    pairs = SMALL * (SMALL + 1) // 2
    counts = verdict["counts"]
    assert counts["checkpoints"] == SMALL + 2
    assert counts["inclusions"] == pairs + len({*range(0, BIG, 997), 255, 256, 65_535, 65_536, BIG - 1})
    assert counts["consistencies"] == pairs + SMALL
    assert counts["proof files"] == 3 * (SMALL + 1) - 3
    assert counts["bundles"] > SMALL
    assert counts["tiles"] > counts["bundles"]


def test_what_go_signs_is_opened(verdict: dict[str, Any]) -> None:
    key, data = parse_vkey(verdict["vkey"]), verdict["checkpoint"].encode()
    opened = open_checkpoint(data, [key])
    assert (opened.checkpoint.size, opened.checkpoint.root) == (BIG, Tree(BIG, Store(BIG).hashes).root())
    signer = parse_skey(verdict["skey"])
    assert signer.verifier == key
    assert sign_checkpoint(parse_checkpoint(opened.note.text), signer).encode() == data
    for changed in flips(data)[::7]:
        with pytest.raises(SealError):
            open_checkpoint(changed, [key])
