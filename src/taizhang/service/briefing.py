"""Owns the draft of the weekly report: three parts (what was done, problems, next steps) and the tables behind them.

Nothing is said that the facts do not say; a sentence whose number is zero is left out. It must not know where the facts
come from, nor a file format. The shape is that of the reports that offices hand in: a heading sentence runs into its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from taizhang.locale.words import Lang
from taizhang.projections.export import Kind, Stamp
from taizhang.projections.export.labels import Labels
from taizhang.projections.export.page import Grid, Page, Paper, Part, Text
from taizhang.projections.export.pages import drawn, foot, grid_of
from taizhang.projections.export.tables import Column

from .desk import Counts, FindingRow
from .weekly import IN_THE_WEEK, NAMED, Weekly

MOST_UNITS = 6
"""So many units are named in a sentence."""

MOST_CATEGORIES = 3
_WITHIN_QUOTES = str.maketrans("“”", "‘’")


class UnitWeek(Struct, frozen=True):
    """One unit's line: its seven days and those before. `key` is empty for what no unit has yet."""

    label: str
    now: Counts
    before: Counts


def _pair(figure: str, width: int = 6) -> tuple[Column, Column]:
    return (
        Column(f"{figure}_now", lambda row, _: getattr(row.now, figure), width=width, group=figure),
        Column(f"{figure}_before", lambda row, _: getattr(row.before, figure), width=width, group=figure),
    )


def _rate(row: UnitWeek, _: Labels) -> str:
    return "—" if row.now.rate is None else f"{row.now.rate}%"


UNITS: tuple[Column, ...] = (
    Column("unit", lambda row, _: row.label, width=22),
    *_pair("new"),
    *_pair("progressed"),
    *_pair("newly_closed"),
    *_pair("newly_overdue"),
    Column("open", lambda row, _: row.now.open, width=6, group="standing"),
    Column("overdue", lambda row, _: row.now.overdue, width=6, group="standing"),
    Column("closed_of", lambda row, _: f"{row.now.closed}/{row.now.countable}", width=9, group="standing"),
    Column("closure_rate", _rate, width=7, group="standing"),
)
"""The table by unit; each pair is the week and the week before."""

FINDINGS: tuple[Column, ...] = (
    Column("number", lambda row, _: row.number, width=16),
    Column("title", lambda row, _: row.title, width=36),
    Column("unit", lambda row, _: row.unit_name, width=16),
    Column("class", lambda row, x: x.term("class", row.class_), width=10),
    Column("due", lambda row, _: row.due, width=11),
    Column("status", lambda row, x: x.term("state", row.status), width=8),
    Column("light", lambda row, x: x.term("light", row.light), width=7, tint=lambda row, _: row.light),
)
"""The lists behind the text."""

ANNEXES = ("new", "newly_closed", "overdue")


def page_of(facts: Weekly, labels: Labels, stamp: Stamp) -> Page:
    """Return the report as a page."""
    words = labels.words
    text = _Draft(facts, labels)
    return Page(
        words("weekly.title"),
        words.lang,
        (*text.blocks(), *grids(facts, labels)),
        foot=foot(labels, stamp),
        token=drawn(Kind.WEEKLY, labels, stamp),
        moment=stamp.moment,
        paper=Paper.A4,
    )


def grids(facts: Weekly, labels: Labels) -> Iterator[Grid]:
    """Yield the tables behind the text: by unit, then the lists that are not empty."""
    words = labels.words
    yield grid_of(
        words("weekly.annex", at=1, title=words("weekly.annex.units")),
        UNITS,
        unit_weeks(facts, labels),
        labels,
        grouped=True,
    )
    at = 2
    for name in ANNEXES:
        count = facts.counts[name]
        if count.rows:
            title = words(f"weekly.annex.{name}", count=count.count)
            yield grid_of(words("weekly.annex", at=at, title=title), FINDINGS, count.rows, labels)
            at += 1


def unit_weeks(facts: Weekly, labels: Labels) -> list[UnitWeek]:
    """Return a line for every unit with anything to tell, and the sum."""
    before = {group.key: group for group in facts.before.groups}
    words = labels.words
    rows = [
        UnitWeek(_indented(group, labels) or words("weekly.no-unit"), group, before.get(group.key, Counts("", "")))
        for group in facts.this.groups
    ]
    rows = [row for row in rows if row.now.open or _moved(row.now) or _moved(row.before)]
    return [*rows, UnitWeek(words("weekly.sum"), facts.this.total, facts.before.total)]


def _indented(group: Counts, labels: Labels) -> str:
    """Return the unit's name, set in below the unit that includes it."""
    above = len(tuple(labels.register.lineage(group.key))) - 1 if group.key else 0
    return f"{'　' * above}{group.label}"


def _moved(counts: Counts) -> bool:
    return any(getattr(counts, figure) for figure in IN_THE_WEEK)


class _Draft:
    """Puts facts into sentences.

    Args:
        facts: the facts.
        labels: for words and names.
    """

    def __init__(self, facts: Weekly, labels: Labels) -> None:
        self._facts = facts
        self._labels = labels
        self._words = labels.words
        self._blank = "" if labels.words.lang is Lang.ZH else " "  # between two sentences

    def blocks(self) -> Iterator[Text]:
        facts, words = self._facts, self._words
        yield Text(Part.SUBTITLE, words("weekly.subtitle", first=self._day(facts.first), last=self._day(facts.last)))
        yield Text(Part.BODY, self._opening())
        for at, (name, paragraphs) in enumerate(
            (("done", self._done()), ("problems", self._problems()), ("next", self._next())), 1
        ):
            yield Text(Part.HEADING, words("weekly.heading", at=self._ordinal(at), text=words(f"weekly.part.{name}")))
            told = list(paragraphs)
            if not told:
                yield Text(Part.BODY, words(f"weekly.{name}.none", last=self._day(facts.last)))
            for place, (lead, text) in enumerate(told, 1):
                yield Text(Part.BODY, text, words("weekly.lead", at=self._ordinal(place), text=lead) + self._blank)
        yield Text(Part.NOTE, words("weekly.draft"))

    # -- the three parts

    def _opening(self) -> str:
        total = self._facts.this.total
        return self._words(
            "weekly.opening",
            last=self._day(self._facts.last),
            total=total.total,
            countable=total.countable,
            closed=total.closed,
            rate=_percent(total.rate),
            open=total.open,
            overdue=total.overdue,
            due_soon=total.due_soon,
        )

    def _done(self) -> Iterator[tuple[str, str]]:
        """(一) figures of the week beside last week's; (二) what came in; (三) what was closed; (四) by unit."""
        facts, words = self._facts, self._words
        now, then = facts.this.total, facts.before.total
        parts = [
            words(f"weekly.done.{name}", count=getattr(now, name), before=getattr(then, name))
            for name in IN_THE_WEEK
            if name in ("new", "progressed", "newly_closed") or getattr(now, name) or getattr(then, name)
        ]
        text = words(
            "weekly.done.week",
            first=self._day(facts.first),
            last=self._day(facts.last),
            parts=words("weekly.then").join(parts),
        )
        # asked without a period: as of the end, so that all three rates are of one basis
        end = facts.open_by_category.total
        rates = words(
            "weekly.done.rates",
            rectified=end.rectified,
            to_rectify=end.to_rectify,
            rectification=_percent(end.rectification_rate),
            closed=end.closed,
            countable=end.countable,
            closure=_percent(end.rate),
            on_time=end.on_time,
            due=end.due,
            timely=_percent(end.on_time_rate),
        )
        yield words("weekly.done.lead"), self._sentences(text, rates)
        for name in ("new", "newly_closed"):
            count = facts.counts[name]
            if count.count:
                yield (
                    words(f"weekly.{name}.lead"),
                    words(f"weekly.{name}.text", count=count.count, items=self._named(count.rows, count.count)),
                )
        if units := self._active_units():
            yield words("weekly.units.lead"), words("weekly.units.text", units=units)

    def _problems(self) -> Iterator[tuple[str, str]]:
        facts, words = self._facts, self._words
        total, counts = facts.this.total, facts.counts
        overdue = counts["overdue"]
        if overdue.count:
            worst = overdue.rows[0]
            yield (
                words("weekly.overdue.lead"),
                words(
                    "weekly.overdue.text",
                    last=self._day(facts.last),
                    count=overdue.count,
                    open=total.open,
                    newly=total.newly_overdue,
                    worst=self._name(worst),
                    due=self._day(worst.due),
                    days=facts.by.days_between(worst.due, facts.last) if worst.due else 0,
                    kind=facts.by.policy.days,
                ),
            )
        if counts["due_soon"].count:
            soon = counts["due_soon"]
            yield words("weekly.soon.lead"), words("weekly.soon.text", count=soon.count)
        if total.returned:
            back = counts["returned"]
            yield (
                words("weekly.returned.lead"),
                words("weekly.returned.text", count=back.count, items=self._named(back.rows, back.count)),
            )
        if counts["logged"].count or counts["assigned"].count:
            parts = [
                words(f"weekly.waiting.{name}", count=counts[name].count)
                for name in ("logged", "assigned")
                if counts[name].count
            ]
            yield words("weekly.waiting.lead"), words("weekly.waiting.text", parts=words("weekly.then").join(parts))
        if total.newly_reopened:
            again = counts["newly_reopened"]
            yield (
                words("weekly.reopened.lead"),
                words("weekly.reopened.text", count=again.count, items=self._named(again.rows, again.count)),
            )
        if categories := self._categories():
            yield words("weekly.categories.lead"), words("weekly.categories.text", items=categories)

    def _next(self) -> Iterator[tuple[str, str]]:
        facts, words, counts = self._facts, self._words, self._facts.counts
        if counts["overdue"].count:
            units = self._units_of(counts["overdue"].rows)
            yield (
                words("weekly.next.overdue.lead"),
                words("weekly.next.overdue.text", count=counts["overdue"].count, units=units),
            )
        if counts["due_next"].count:
            coming = counts["due_next"]
            yield (
                words("weekly.next.due.lead"),
                words(
                    "weekly.next.due.text",
                    first=self._day(facts.next_first),
                    last=self._day(facts.next_last),
                    count=coming.count,
                    items=self._named(coming.rows, coming.count),
                ),
            )
        verified = counts["verified"].count
        to_verify = counts["awaiting"].count - verified
        parts = [
            words(f"weekly.next.verify.{name}", count=count)
            for name, count in (("verify", to_verify), ("approve", verified))
            if count
        ]
        if parts:
            yield (
                words("weekly.next.verify.lead"),
                words("weekly.next.verify.text", parts=words("weekly.then").join(parts)),
            )
        parts = [
            words(f"weekly.next.hand.{name}", count=counts[name].count)
            for name in ("logged", "assigned")
            if counts[name].count
        ]
        if parts:
            yield words("weekly.next.hand.lead"), words("weekly.next.hand.text", parts=words("weekly.then").join(parts))
        sustained = facts.this.total.sustained
        if sustained:
            yield words("weekly.next.sustained.lead"), words("weekly.next.sustained.text", count=sustained)

    # -- pieces of sentences

    def _active_units(self) -> str:
        """Return what the units did that did most; units that only roll others up are left out where those are named."""
        parents = {unit.parent for unit in self._labels.register.units.values()}
        groups = [
            g
            for g in self._facts.this.groups
            if g.key and g.key not in parents and (g.new or g.progressed or g.newly_closed)
        ]
        groups.sort(key=lambda g: (-g.newly_closed, -g.progressed, -g.new))
        words = self._words
        told = []
        for group in groups[:MOST_UNITS]:
            parts = [
                words(f"weekly.units.{name}", count=getattr(group, name))
                for name in ("new", "progressed", "newly_closed")
                if getattr(group, name)
            ]
            told.append(words("weekly.units.one", unit=group.label, parts=words.joined(parts)))
        return words("export.semicolon").join(told)

    def _categories(self) -> str:
        """Return the categories with most open findings, where there is more than one finding in them."""
        groups = [g for g in self._facts.open_by_category.groups if g.key and g.open > 1]
        groups.sort(key=lambda g: (-g.open, g.key))
        return (
            self._words.joined(
                self._words("weekly.categories.one", category=g.key, count=g.open) for g in groups[:MOST_CATEGORIES]
            )
            if groups
            else ""
        )

    def _units_of(self, rows: Iterable[FindingRow]) -> str:
        names = list(dict.fromkeys(row.unit_name for row in rows if row.unit_name))
        text = self._words.joined(names[:MOST_UNITS])
        return self._words("weekly.units.more", units=text, count=len(names)) if len(names) > MOST_UNITS else text

    def _named(self, rows: tuple[FindingRow, ...], count: int) -> str:
        """Return the findings by name, one after the other as official texts count them."""
        words = self._words
        shown = rows[:NAMED]
        if len(shown) == 1:
            return self._name(shown[0])
        items = [words("weekly.item", at=self._ordinal(at), text=self._name(row)) for at, row in enumerate(shown, 1)]
        text = words("export.semicolon").join(items)
        return words("weekly.and-more", items=text, rest=count - len(shown)) if count > len(shown) else text

    def _name(self, row: FindingRow) -> str:
        title = str(
            self._labels.free(row.title.rstrip("。.；;"), (row.responsible_person,) if row.responsible_person else ())
        )
        title = title.translate(_WITHIN_QUOTES)
        key = "weekly.name" if row.unit_name else "weekly.name.no-unit"
        return self._words(key, title=title, unit=row.unit_name, number=row.number)

    def _sentences(self, *sentences: str) -> str:
        return self._blank.join(sentence for sentence in sentences if sentence)

    def _ordinal(self, at: int) -> str:
        return self._words(f"weekly.ordinal.{at}")

    def _day(self, day: date | None) -> str:
        if day is None or self._words.lang is not Lang.ZH:  # everywhere else a day is written in ISO form
            return day.isoformat() if day else "—"
        return self._words("weekly.day", year=day.year, month=day.month, day=day.day)


def _percent(rate: int | None) -> str:
    return "—" if rate is None else f"{rate}%"


def document(facts: Weekly, labels: Labels) -> dict[str, Any]:
    """Return the report as JSON has it: every number with the question that opens its list, and the draft."""
    numbers = {
        name: {
            "count": count.count,
            "filter": labels.free(count.query.filter),
            "cell": count.query.cell,
            "first": [row.number for row in count.rows],
        }
        for name, count in facts.counts.items()
    }
    before = {group.key: group for group in facts.before.groups}
    return {
        "first": facts.first,
        "last": facts.last,
        "total": facts.this.total,
        "before": facts.before.total,
        "rows": [
            {"ordinal": ordinal, "unit": group.key, "now": group, "before": before.get(group.key)}
            for ordinal, group in enumerate(facts.this.groups, 1)
        ],
        "counts": numbers,
        "draft": [{"part": text.part, "lead": text.lead, "text": text.text} for text in _Draft(facts, labels).blocks()],
    }
