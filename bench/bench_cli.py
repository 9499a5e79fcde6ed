"""`finding list` from a cold process, on the ledger of 200,000 findings, against `python -c pass`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import corpus
from bench.measure import Report, in_turn

ROUNDS = 15


def main() -> None:
    report = Report()
    listing = [sys.executable, "-m", "taizhang", "--ledger", str(corpus()), "finding", "list", "--limit", "20"]
    nothing = [sys.executable, "-c", "pass"]
    _run(listing)  # the read models may have to be built first
    ours, peer = in_turn(lambda: _run(listing), lambda: _run(nothing), ROUNDS)
    report.limit("finding list, beyond python -c pass", ours - peer, "s", 0.3)
    report.note(f"{ours:.3f} s against {peer:.3f} s, medians of {ROUNDS}")
    report.close()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
