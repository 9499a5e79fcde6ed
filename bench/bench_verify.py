"""The proof: checking a million events against hashing alone, one proof out of a million, recording with the tree and without."""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import corpus, title
from bench.measure import Report, in_turn, percentile, seconds
from taizhang.composition import init_ledger, open_ledger
from taizhang.ledger.checks.streams import LEAF
from taizhang.ledger.checks.workers import processes_for
from taizhang.ledger.domain.commands import CommentOnFinding, LogFinding
from taizhang.ledger.domain.register import AddPerson
from taizhang.ledger.domain.values import Role, Via
from taizhang.ledger.ledger import Instruction, Ledger
from taizhang.ledger.seal.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from taizhang.ledger.seal.keys import SignerKey
from taizhang.ledger.seals import Seals
from taizhang.ledger.store.contract import Part
from taizhang.ledger.store.seal_files import SealFiles
from taizhang.ledger.store.sqlite import transaction
from taizhang.ledger.store.sqlite.audit import SqliteAudit
from taizhang.ledger.store.sqlite.log import LogReader
from taizhang.ledger.verify import verify_log

ROUNDS = 3
PROOFS = 300
BATCH = 50_000
ONE_BY_ONE = 100
MANY = 20_000


def main() -> None:
    report = Report()
    _verifying(report)
    _proving(report)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        _recording(report, Path(folder))
    report.close()


def _verifying(report: Report) -> None:
    """Every byte that the check hashes: salt and state, leaf, node. Making the messages is not counted, hashing them is."""
    path = corpus() / "ledger.db"
    opened = partial(SqliteAudit, path)
    hashed: list[float] = []
    verified: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        hashed.append(sum(_hashing(path)))
        started = seconds(lambda: found.append(verify_log(opened, None))) if (found := []) == [] else 0.0
        verified.append(started)
        (verdict,) = found
        # a kept ledger may be of an earlier schema; what is hashed is the same
        wrong = [check for check in verdict.checks if not check.ok and check.code != "schema"]
        if wrong:
            raise SystemExit(f"the corpus does not verify: {wrong}")
        size = verdict.size
    ours, bare = median(verified), median(hashed)
    report.ratio("checking the log", ours, bare, "s", at_most=3)
    report.note(
        f"{size} events in {1 + processes_for(size)} processes; hashing alone {bare / size * 1e6:.2f} µs an event, "
        f"the check {ours / size * 1e6:.2f} µs: file, schema, order, leaves, replay of every stream, tree"
    )


def _hashing(path: Path) -> Iterator[float]:
    """Yield the seconds that hashlib alone takes for every message of the log, part by part."""
    leaves: dict[int, bytes] = {}
    with closing(SqliteAudit(path, False)) as log:
        last = log.extent().last
        messages: list[bytes] = []
        for rows in log.by_stream(Part(None, None, last)):
            for stream, version, position, topic, recorded_at, _, state, salt, leaf in rows:
                salted = salt + state
                committed = sha256(salted).hexdigest().encode()
                messages += [salted, LEAF % (position - 1, stream, version, topic, recorded_at, committed)]
                leaves[position] = leaf
            if len(messages) >= BATCH:
                yield _hash_all(messages)
                messages = []
        yield _hash_all(messages)
    row = [leaves[position] for position in range(1, last + 1)]
    while len(row) > 1:
        messages = [b"\1" + left + right for left, right in zip(row[::2], row[1::2], strict=False)]
        yield _hash_all(messages)
        row = [sha256(message).digest() for message in messages] + row[len(messages) * 2 :]


def _hash_all(messages: list[bytes]) -> float:
    def work() -> None:
        for message in messages:
            sha256(message).digest()

    return seconds(work)


def _proving(report: Report) -> None:
    """From opening a reader's connection once, as the terminal or a server has it: one proof, checked, as a file."""
    path = corpus()
    rng = random.Random(3)
    with closing(LogReader(path)) as log, tempfile.TemporaryDirectory() as folder:
        seals = Seals(str(path), log, SealFiles(Path(folder)), lambda: open_ledger(path))
        size = log.head() + 1
        with open_ledger(path) as ledger:
            head = Checkpoint("bench.example/ledger", size, ledger.root(size))
        note = sign_checkpoint(head, SignerKey(head.origin, bytes(32)))
        signed = SignedCheckpoint(head, note, ())
        times = [
            seconds(lambda index=index: seals.prove(index, signed)) * 1e3  # type: ignore[misc]
            for index in rng.choices(range(size), k=PROOFS)
        ]
    report.limit("one inclusion proof, 99th percentile", percentile(times, 0.99), "ms", 20)
    report.note(f"the median of {PROOFS} is {median(times):.2f} ms, of {size} events")


def _recording(report: Report, folder: Path) -> None:
    """The same commands into two ledgers, one of which keeps no tree: no salts, no leaves, no nodes."""
    with _ledger(folder / "with") as ours, _ledger(folder / "without") as bare:
        counter = 0

        def one_by_one(ledger: Ledger) -> None:
            nonlocal counter
            for _ in range(ONE_BY_ONE):
                counter += 1
                command = CommentOnFinding("B-2026-001", f"第{counter}次督促：请按期完成整改并报送佐证材料。")
                ledger.record(Instruction(command, "li", Via.CLI))

        def without() -> None:
            with _no_tree():
                one_by_one(bare)

        ours_s, bare_s = in_turn(lambda: one_by_one(ours), without, 15)
        each = 1e6 / ONE_BY_ONE
        report.ratio("one durable command with the tree", ours_s * each, bare_s * each, "µs", at_most=1.15)

        rng = random.Random(7)
        commands = [_log(title(rng)) for _ in range(MANY)]

        def bulk_without() -> None:
            with _no_tree():
                bare.record_all(commands)

        ours_s, bare_s = in_turn(lambda: ours.record_all(commands), bulk_without, 5)
        each = 1e6 / MANY
        report.ratio("many commands at once with the tree", ours_s * each, bare_s * each, "µs", at_most=1.15)


@contextmanager
def _ledger(path: Path) -> Iterator[Ledger]:
    init_ledger(path, programme="B-2026")
    with open_ledger(path) as ledger:
        ledger.record(Instruction(AddPerson("li", "督导员", (Role.INSPECTOR,)), "admin", Via.CLI))
        ledger.record(_log("现场检查发现台账登记不全"))
        yield ledger


def _log(text: str) -> Instruction:
    found_on = date(2026, 1, 5)
    return Instruction(LogFinding("B-2026", text, "实地督导", found_on, "第一督导组", "", "财务管理"), "li", Via.CLI)


@contextmanager
def _no_tree() -> Iterator[None]:
    """Record without the tree for the block; salt and leaf are bytes that are there anyway."""
    salt, leaf = bytes(16), bytes(32)

    def rows(events: Any, position: int, recorded_at: str) -> list[Any]:
        return [
            (at, stream, version, topic, recorded_at, command, state, salt, leaf)
            for at, (stream, version, topic, state, command) in enumerate(events, position + 1)
        ]

    kept = transaction.new_rows, transaction.BLOCK
    transaction.new_rows, transaction.BLOCK = rows, 1 << 60  # type: ignore[assignment]  # and no block is ever full
    try:
        yield
    finally:
        transaction.new_rows, transaction.BLOCK = kept


if __name__ == "__main__":
    main()
