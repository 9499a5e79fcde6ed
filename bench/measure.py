"""Owns how a benchmark says what it found: a figure, what it is compared with, the ratio, and whether it holds."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable

# what is installed is compiled once; where nobody keeps that, every start would be measured compiling
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class Report:
    """Collects the lines of one benchmark; `close` exits with 1 if a limit was missed."""

    def __init__(self) -> None:
        self._missed = 0

    def ratio(
        self, what: str, ours: float, peer: float, unit: str, *, at_most: float = 0.0, at_least: float = 0.0
    ) -> None:
        """Print ours against a peer measured in the same run. Times: `at_most`; rates: `at_least`."""
        value = ours / peer
        ok = value <= at_most if at_most else value >= at_least
        bound = f"≤ {at_most:g} ×" if at_most else f"≥ {at_least:g} ×"
        self._line(ok, f"{what}: {ours:.4g} {unit} against {peer:.4g} {unit} = {value:.2f} × (wanted {bound})")

    def limit(self, what: str, value: float, unit: str, at_most: float) -> None:
        """Print a figure that has an absolute limit."""
        self._line(value <= at_most, f"{what}: {value:.4g} {unit} (wanted ≤ {at_most:g} {unit})")

    def note(self, text: str) -> None:
        """Print a line that nothing hangs on."""
        print(f"       {text}", flush=True)

    def _line(self, ok: bool, text: str) -> None:
        self._missed += not ok
        print(f"{'ok    ' if ok else 'MISSED'} {text}", flush=True)

    def close(self) -> None:
        """Exit, with 1 if anything was missed."""
        sys.exit(1 if self._missed else 0)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turn(a: Callable[[], object], b: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median seconds of two pieces of work, run A B A B …, so that a slow moment meets both."""
    pairs = [(seconds(a), seconds(b)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def percentile(values: list[float], part: float) -> float:
    """Return the value below which `part` (0 … 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
