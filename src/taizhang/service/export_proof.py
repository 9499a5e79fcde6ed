"""Owns the check of an exported table: would this ledger give it again, as of the event that it names?

The events up to that one are folded afresh, beside the read models in use, and the table is drawn and compared cell by
cell. It must not know a store, nor how a table is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from msgspec.structs import asdict

from taizhang.ledger.domain.errors import Rejected
from taizhang.ledger.domain.lights import yardstick
from taizhang.locale.words import words_for
from taizhang.projections import registry
from taizhang.projections.export import Format, Kind
from taizhang.projections.export.comparing import compare
from taizhang.projections.export.provenance import Provenance
from taizhang.projections.export.reading import Cells, read
from taizhang.projections.log import Connection, LogRow
from taizhang.projections.runner import Progress, Views

from . import reports
from .desk import ExportOptions, Query
from .exporting import Compile, cell_of, draw, root_of
from .figures import Cell
from .past import Past, Scene
from .reading import Reading
from .receipts import ExportDifference, ExportVerdict
from .reports import NUMBER

REPORTS = (Kind.HISTORY, Kind.WEEKLY)
"""What is drawn from more than the rows of a list."""


class ProvableLog(Protocol):
    """The log as the check reads it."""

    def head(self) -> int:
        """Index of the last event."""

    def after(self, index: int, limit: int) -> list[LogRow]:
        """Events after an index."""

    def stream(self, stream: str, gt: int = 0) -> list[Any]:
        """The stored rows of a stream."""

    def told(self, stream: str, gt: int = 0) -> list[Any]:
        """The rows of a stream, what is sealed of a person opened."""

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees of 256**level leaves; level 0 holds the leaves."""


class _UpTo:
    """A log that ends at an event."""

    def __init__(self, log: ProvableLog, last: int) -> None:
        self._log, self._last = log, last

    def head(self) -> int:
        return self._last

    def after(self, index: int, limit: int) -> list[LogRow]:
        return self._log.after(index, min(limit, self._last - index)) if index < self._last else []

    def stream(self, stream: str, gt: int = 0) -> list[Any]:
        return [row for row in self._log.stream(stream, gt) if row.position - 1 <= self._last]

    def told(self, stream: str, gt: int = 0) -> list[Any]:
        return [row for row in self._log.told(stream, gt) if row.position - 1 <= self._last]

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        return self._log.hashes(level, start, stop)

    def wait(self, index: int, timeout: float) -> int:  # noqa: ARG002 - nothing is added to it
        return self._last

    def close(self) -> None:
        """Nothing was opened."""


def verify_export(
    path: Path,
    *,
    log: ProvableLog,
    open_views: Callable[[Path], Views],
    compiled: Compile,
    progress: Progress | None = None,
) -> ExportVerdict:
    """Return whether the ledger gives the table in a file again, and what differs if not.

    Args:
        path: an exported file, csv, json, xlsx, docx or md; what an office program saved again counts by its cells.
        open_views: opens read models in an empty folder.
        compiled: what a filter means.
        progress: told how many events of how many are folded.

    Raises:
        Rejected: ``export.unreadable`` (`path`, `detail`), ``export.no-stamp`` (`path`), ``export.stamp-malformed``
            (`found`), ``export.foreign`` (`origin`, `found`), ``export.ahead`` (`index`, `head`), ``export.root``
            (`index`, `root`, `found`), ``export.format-unchecked`` (`path`, `allowed`).
    """
    found = read(path)
    made = found.provenance(str(path))
    head, last = log.head(), made.stamp.index
    if last > head:
        raise Rejected("export.ahead", path=str(path), index=last, head=head)
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "views").mkdir()
        views = open_views(scratch / "views")
        short = _UpTo(log, last)
        try:
            views.catch_up(short, progress)

            if made.kind in REPORTS:
                register = views.view(short, registry.load)
                _same_ledger(path, made, register.origin, root_of(log, last + 1))
                rows = _report(made, found.format, scratch / "again", short, views)
                expected = read(scratch / "again", path)
                return _verdict(path, made, found, expected, rows)

            def again(connection: Connection) -> tuple[Cells, int]:
                register, stamp, target = registry.load(connection), made.stamp, scratch / "again"
                _same_ledger(path, made, register.origin, root_of(log, last + 1))
                by = yardstick(stamp.today, register.policy, register.calendar())
                where = compiled(Scene(last, register, by, past=False), stamp.filter, _cell(stamp.cell))
                rows = draw(
                    connection, where, made.kind, found.format, target, register=register, lang=made.lang, stamp=stamp
                )
                return read(target, path), rows

            expected, rows = views.view(short, again)
        finally:
            views.close()
    return _verdict(path, made, found, expected, rows)


def _report(made: Provenance, form: Format, target: Path, log: _UpTo, views: Views) -> int:
    """Draw a history or a weekly report again, from the log as it ended there; return how many rows it has."""
    stamp = made.stamp
    desk = Reading(log=log, views=views, clock=lambda: stamp.moment)
    when = f"#{stamp.index}"
    scene = Past(log, lambda: stamp.moment).scene(when, desk.register().timezone, stamp.today)
    number = stamp.filter.removeprefix(NUMBER) if made.kind is Kind.HISTORY else ""
    query = Query(filter="" if number else stamp.filter, when=when, today=stamp.today)
    order = reports.Order(made.kind, form, target, query, made.lang, ExportOptions(masked=stamp.masked, number=number))
    if made.kind is Kind.HISTORY:
        history = Past(log, lambda: stamp.moment).history(number)
        return reports.draw_history(order, scene, stamp.root, stamp.moment, history)
    return reports.draw_weekly(order, scene, stamp.root, stamp.moment, desk)


def _verdict(path: Path, made: Provenance, found: Cells, expected: Cells, rows: int) -> ExportVerdict:
    ordinal = words_for(made.lang)("export.column.ordinal")
    differences, count = compare(found, expected, ordinal, made.kind)
    stamp = made.stamp
    return ExportVerdict(
        not count,
        str(path),
        made.kind,
        found.format,
        made.lang,
        stamp.index,
        stamp.moment,
        stamp.today.isoformat(),
        stamp.root,
        stamp.filter,
        rows,
        tuple(ExportDifference(**asdict(difference)) for difference in differences),
        count,
    )


def _cell(text: str) -> Cell | None:
    try:
        return cell_of(text)
    except ValueError:
        raise Rejected("export.stamp-malformed", found=text[:120]) from None


def _same_ledger(path: Path, made: Provenance, origin: str, root: str) -> None:
    """Refuse a table of another ledger, or of another history of this one."""
    if made.origin != origin:
        raise Rejected("export.foreign", path=str(path), origin=origin, found=made.origin)
    if made.stamp.root != root:
        raise Rejected("export.root", path=str(path), index=made.stamp.index, root=root, found=made.stamp.root)
