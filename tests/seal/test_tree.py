"""The tree, its proofs and its growing edge against the RFC's own recursion and published values."""

from __future__ import annotations

import pytest

from taizhang.ledger.seal.errors import SealError
from taizhang.ledger.seal.frontier import Frontier
from taizhang.ledger.seal.tree import (
    EMPTY_ROOT,
    Hashes,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.seal.reference import Reference

# The leaves and roots of the Certificate Transparency project's own tests (merkletree/merkle_tree_test.cc).
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_PATHS = {  # (index, size): the path that the same tests expect
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}

SMALL = Reference([b"leaf %d" % index for index in range(257)])
BIG = Reference([b"leaf %d" % index for index in range(66_000)])
EDGES = (255, 256, 257, 511, 512, 513, 4095, 65_535, 65_536, 65_537, 65_792, 65_999, 66_000)


def leaves(reference: Reference, stop: int) -> list[bytes]:
    return reference.hashes(0, 0, stop)


def hexed(hashes: list[bytes]) -> list[str]:
    return [value.hex() for value in hashes]


def test_roots_are_those_of_certificate_transparency() -> None:
    hashed = [leaf_hash(leaf) for leaf in CT_LEAVES]
    assert [Frontier.of(hashed[:size]).root().hex() for size in range(9)] == CT_ROOTS
    assert [Reference(CT_LEAVES).root(size).hex() for size in range(9)] == CT_ROOTS


def test_proofs_are_those_of_certificate_transparency() -> None:
    hashes = Reference(CT_LEAVES).hashes
    for (index, size), path in CT_PATHS.items():
        assert hexed(inclusion_proof(index, size, hashes)) == path
    for (old, size), path in CT_CONSISTENCY.items():
        assert hexed(consistency_proof(old, size, hashes)) == path


def test_every_inclusion_up_to_256_equals_the_reference_and_verifies() -> None:
    for size in range(1, 257):
        root = SMALL.root(size)
        tree = Tree(size, SMALL.hashes)
        for index in range(size):
            proof = tree.inclusion_proof(index)
            assert proof == SMALL.path(index, size), (index, size)
            verify_inclusion(SMALL.mth(index, index + 1), index, size, proof, root)


def test_every_consistency_up_to_256_equals_the_reference_and_verifies() -> None:
    for size in range(257):
        root = SMALL.root(size)
        tree = Tree(size, SMALL.hashes)
        for old in range(size + 1):
            proof = tree.consistency_proof(old)
            assert proof == (SMALL.proof(old, size) if old else []), (old, size)
            verify_consistency(old, SMALL.root(old), size, root, proof)


def test_proofs_across_the_edges_of_stored_subtrees_equal_the_reference() -> None:
    for size in EDGES:
        for index in {0, 1, 254, 255, 256, 300, 4096, 65_535, 65_536, size - 2, size - 1}:
            if index < size:
                proof = inclusion_proof(index, size, BIG.hashes)
                assert proof == BIG.path(index, size), (index, size)
                verify_inclusion(BIG.mth(index, index + 1), index, size, proof, BIG.root(size))
        for old in EDGES:
            if old <= size:
                proof = consistency_proof(old, size, BIG.hashes)
                assert proof == BIG.proof(old, size), (old, size)
                verify_consistency(old, BIG.root(old), size, BIG.root(size), proof)


def test_a_proof_reads_the_stored_subtrees_and_not_the_log() -> None:
    read: list[tuple[int, int]] = []

    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        read.append((level, stop - start))
        return BIG.hashes(level, start, stop)

    inclusion_proof(40_000, 65_999, hashes)
    assert len(read) <= 6, "one group for the leaf and one for the right edge, on each of three levels"
    assert sum(count for _, count in read) <= 6 * 256


@pytest.mark.parametrize("wrong", ["leaf", "index", "size", "root", "short", "long", "swapped", "bit"])
def test_a_wrong_inclusion_is_refused(wrong: str) -> None:
    for size in range(3, 65):
        for index in range(size):
            leaf, at, n, proof, root = (
                SMALL.mth(index, index + 1),
                index,
                size,
                SMALL.path(index, size),
                SMALL.root(size),
            )
            match wrong:
                case "leaf":
                    leaf = SMALL.mth(256, 257)
                case "index":
                    at = (index + 1) % size
                case "size":
                    n = size * 2
                case "root":
                    root = SMALL.root(size + 1)
                case "short":
                    proof = proof[:-1]
                case "long":
                    proof = [*proof, SMALL.root(7)]
                case "swapped":
                    if len(proof) < 2:
                        continue
                    proof = proof[::-1]
                case _:
                    proof = [*proof[:-1], bytes([proof[-1][0] ^ 1]) + proof[-1][1:]]
            with pytest.raises(SealError) as refusal:
                verify_inclusion(leaf, at, n, proof, root)
            assert (refusal.value.code == "inclusion.length") or wrong not in {"short", "long"}


@pytest.mark.parametrize("wrong", ["old", "size", "old-root", "root", "rewritten", "short", "long", "bit"])
def test_a_wrong_consistency_is_refused(wrong: str) -> None:
    other = Reference([b"other", *SMALL.records[1:]])
    for size in range(3, 65):
        for old in range(1, size):
            m, n, old_root, root, proof = old, size, SMALL.root(old), SMALL.root(size), SMALL.proof(old, size)
            match wrong:
                case "old":
                    m = old + 1
                case "size":
                    n = size * 2
                case "old-root":
                    old_root = other.root(old)
                case "root":
                    root = other.root(size)
                case "rewritten":
                    root, proof = other.root(size), other.proof(old, size)
                case "short":
                    proof = proof[:-1]
                case "long":
                    proof = [*proof, SMALL.root(7)]
                case _:
                    proof = [*proof[:-1], bytes([proof[-1][0] ^ 1]) + proof[-1][1:]]
            with pytest.raises(SealError) as refusal:
                verify_consistency(m, old_root, n, root, proof)
            assert (refusal.value.code == "consistency.length") or wrong not in {"short", "long"}


def test_consistency_with_nothing_and_with_itself() -> None:
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    verify_consistency(0, EMPTY_ROOT, 5, SMALL.root(5), [])
    for old, old_root, size, root, proof, code in (
        (0, EMPTY_ROOT, 5, SMALL.root(5), [EMPTY_ROOT], "consistency.length"),
        (0, SMALL.root(1), 5, SMALL.root(5), [], "consistency.old-root"),
        (0, EMPTY_ROOT, 0, SMALL.root(1), [], "consistency.root"),
        (5, SMALL.root(5), 5, SMALL.root(6), [], "consistency.root"),
        (5, SMALL.root(5), 5, SMALL.root(5), [EMPTY_ROOT], "consistency.length"),
        (6, SMALL.root(6), 5, SMALL.root(5), [], "consistency.range"),
        (-1, EMPTY_ROOT, 5, SMALL.root(5), [], "consistency.range"),
        (3, SMALL.root(3), 5, SMALL.root(5), [], "consistency.length"),
    ):
        with pytest.raises(SealError) as refusal:
            verify_consistency(old, old_root, size, root, proof)
        assert refusal.value.code == code


def test_hashes_of_another_length_are_refused_though_they_join_to_the_same_bytes() -> None:
    left, right = SMALL.hashes(0, 0, 2)
    joined = left + right
    assert node_hash(joined[:31], joined[31:]) == SMALL.root(2)
    with pytest.raises(SealError, match=r"hash\.size"):
        verify_inclusion(joined[:31], 0, 2, [joined[31:]], SMALL.root(2))
    with pytest.raises(SealError, match=r"hash\.size"):
        inclusion_proof(0, 2, lambda level, start, stop: [joined[:31], joined[31:]])


def test_a_store_that_lacks_hashes_is_refused() -> None:
    for hashes in (lambda level, start, stop: [], lambda level, start, stop: [EMPTY_ROOT] * (stop - start + 1)):
        with pytest.raises(SealError, match=r"hash\.missing"):
            inclusion_proof(3, 300, hashes)
    with pytest.raises(SealError, match=r"inclusion\.range"):
        inclusion_proof(3, 3, SMALL.hashes)
    with pytest.raises(SealError, match=r"consistency\.range"):
        consistency_proof(4, 3, SMALL.hashes)


def test_the_frontier_appends_and_extends_to_the_same_roots() -> None:
    one_by_one = Frontier()
    hashed = leaves(SMALL, 257)
    for size, leaf in enumerate(hashed):
        assert one_by_one.root() == SMALL.root(size)
        assert Frontier.of(hashed[:size]).root() == SMALL.root(size)
        assert root_at(size, SMALL.hashes) == SMALL.root(size)
        one_by_one.append(leaf)
        assert one_by_one.size == size + 1


def test_the_frontier_extends_in_pieces_of_any_size() -> None:
    hashed = leaves(BIG, 66_000)
    for step in (1, 2, 3, 7, 255, 256, 257, 1000, 65_537):
        frontier, completed = Frontier(), []
        stop = 3000 if step < 255 else 66_000
        for start in range(0, stop, step):
            completed += frontier.extend(hashed[start : min(start + step, stop)])
        assert (frontier.size, frontier.root()) == (stop, BIG.root(stop))
        assert sorted(completed) == [
            (level, index, node)
            for level in (1, 2)
            for index, node in enumerate(BIG.hashes(level, 0, stop >> (8 * level)))
        ]


def test_the_frontier_hands_back_what_append_completes() -> None:
    frontier, completed = Frontier(), []
    for leaf in leaves(BIG, 65_537):
        completed += frontier.append(leaf)
    whole: list[tuple[int, int, bytes]] = [(1, index, node) for index, node in enumerate(BIG.hashes(1, 0, 256))]
    assert completed == [*whole, (2, 0, BIG.root(65_536))]


def test_the_frontier_takes_subtrees_that_others_have_hashed() -> None:
    hashed = leaves(BIG, 66_000)
    frontier, completed = Frontier.of(hashed[:512]), []
    for start, stop in ((2, 3), (3, 100), (100, 257)):
        completed += frontier.extend(BIG.hashes(1, start, stop), height=8)
    frontier.extend(hashed[257 * 256 :])
    assert (frontier.size, frontier.root()) == (66_000, BIG.root(66_000))
    assert completed == [(2, 0, BIG.root(65_536))]
    with pytest.raises(ValueError, match="cannot follow"):
        frontier.extend(BIG.hashes(1, 0, 1), height=8)


def test_a_frontier_can_be_taken_up_again_at_any_size() -> None:
    hashed = leaves(BIG, 66_000)
    for size in (0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_999):
        frontier = Frontier.at(size, BIG.hashes)
        assert (frontier.size, frontier.root()) == (size, BIG.root(size))
        twin = frontier.copy()
        twin.extend(hashed[size:])
        assert twin.root() == BIG.root(66_000)
        assert (frontier.size, frontier.root()) == (size, BIG.root(size)), "the copy is its own"


def test_an_accessor_may_return_any_sequence() -> None:
    hashes: Hashes = lambda level, start, stop: tuple(SMALL.hashes(level, start, stop))  # noqa: E731
    assert inclusion_proof(3, 9, hashes) == SMALL.path(3, 9)
