"""Any moment on 200,000 findings and 1,000,000 events: pages of a list and figures by unit, as of events all over the log."""

from __future__ import annotations

import random
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import corpus
from bench.measure import Report, percentile, seconds
from taizhang.composition import open_desk
from taizhang.service.desk import Cell, Dimension, Query

PAGE = 50
MOMENTS = 12
FILTERS = ("", "状态:逾期", "单位:市财政局", "类别:作风 !状态:已销号", "due<2024-06-01")


def main() -> None:
    """Every question is asked once of each moment; the moments are drawn from the whole log, its end among them."""
    report = Report()
    desk = open_desk(corpus())
    head = desk.index()
    desk.findings(Query(limit=1))  # brings the read models up to the log
    rng = random.Random(3)
    moments = [f"#{head}", *(f"#{rng.randrange(head // 10, head)}" for _ in range(MOMENTS - 1))]

    def ask(question: Callable[[str], object]) -> list[float]:
        return [seconds(lambda when=when: question(when)) * 1000 for when in moments]  # type: ignore[misc]

    for text in FILTERS:
        taken = ask(lambda when, text=text: desk.findings(Query(filter=text, limit=PAGE, when=when)))  # type: ignore[misc]
        report.limit(f"list as of a moment, {text or 'no filter'}: median", statistics.median(taken), "ms", 150)
        report.note(f"slowest of {len(taken)}: {percentile(taken, 1):.0f} ms")
    taken = ask(lambda when: desk.figures(Dimension.UNIT, when=when))
    report.limit("figures by unit as of a moment (three levels): median", statistics.median(taken), "ms", 300)
    report.note(f"slowest of {len(taken)}: {percentile(taken, 1):.0f} ms")
    now = [seconds(lambda: desk.figures(Dimension.UNIT)) * 1000 for _ in range(5)]
    report.limit("figures by unit as they stand: median", statistics.median(now), "ms", 300)
    for by in (Dimension.CATEGORY, Dimension.MONTH):
        report.note(
            f"figures by {by} as of a moment: {statistics.median(ask(lambda w, by=by: desk.figures(by, when=w))):.0f} ms"
        )  # type: ignore[misc]
    middle = moments[1]
    cell = Cell(Dimension.UNIT, "overdue", "b03")
    report.note(
        f"list behind a count: {seconds(lambda: desk.findings(Query(when=middle, cell=cell, limit=PAGE))) * 1000:.0f} ms"
    )
    report.note(
        f"free text as of a moment: {seconds(lambda: desk.findings(Query('备用金', when=middle, limit=PAGE))) * 1000:.0f} ms"
    )
    desk.close()
    report.close()


if __name__ == "__main__":
    main()
