"""Owns how a table of working days is drawn from the `holidays` package, which only a developer needs.

    python tools/calendar_table.py us > us.calendar
    python tools/calendar_table.py de --subdivision BY --years 2020..2027 > by.calendar
    python tools/calendar_table.py cn --module > src/taizhang/ledger/domain/calendars/cn.py

It must not decide what an official publication says: a reviewer holds the rows against the notice. A year is taken as published
where the package has its notice (China), else where no day of it is an estimate; --years says otherwise.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import holidays

sys.path.insert(
    0, str(Path(__file__).resolve().parent.parent / "src")
)  # the checkout, not what happens to be installed

from taizhang.ledger.domain.calendar import Calendar
from taizhang.ledger.domain.calendars.table import rows_of

FIRST_YEAR = 2007  # before it China changed its notices in ways that the package does not hold (the spring of 2003)

MODULE = '''"""Owns the working days of {country}, as published; drawn by tools/calendar_table.py, which see.

It must not be edited by hand: a correction is an edition of its own. Rows: `table.py`.
Source: the holidays package {version} (MIT), which names the official notice of every year.
"""

ROWS = """\\
{rows}
"""
'''


def calendar_of(
    country: str, subdivision: str | None = None, years: Iterable[int] | None = None, edition: str | None = None
) -> Calendar:
    """Return the calendar of a country, or of a part of it.

    Args:
        country: ISO 3166 code of two letters.
        subdivision: what the package calls a part of it.
        years: those to take, all as published; None for those that the package seems sure of.
        edition: its name; None for the last year and ``.1``.

    Raises:
        NotImplementedError: the package has no such country or part, or no year that it is sure of.
    """
    wanted = sorted(years) if years is not None else range(FIRST_YEAR, date.today().year + 1)  # noqa: DTZ011
    # a year's first and last days can follow from its neighbours
    around = range(min(wanted) - 1, max(wanted) + 2)
    found = holidays.country_holidays(country.upper(), subdiv=subdivision, years=around, expand=False)
    if years is None:
        wanted = [year for year in wanted if _sure(found, year)]
    if not wanted:
        raise NotImplementedError(f"no year of {country} is sure; name them with --years")
    days = [
        date(year, 1, 1) + timedelta(days=n)
        for year in wanted
        for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    weekend = frozenset(found.weekend)
    return Calendar(
        id="-".join(filter(None, (country, subdivision))).lower(),
        edition=edition or f"{max(wanted)}.1",
        days_off=frozenset(day for day in days if day.weekday() not in weekend and not found.is_working_day(day)),
        make_up=frozenset(day for day in days if day.weekday() in weekend and found.is_working_day(day)),
        published=frozenset(wanted),
        weekend=weekend,
    )


def _sure(found: holidays.HolidayBase, year: int) -> bool:
    if found.country == "CN":
        from holidays.countries.china import ChinaStaticHolidays

        return year in ChinaStaticHolidays.special_public_holidays
    labels = [getattr(found, name, "") for name in ("estimated_label", "observed_estimated_label")]
    marks = [found.tr(label).replace("%s", "").strip() for label in labels if label]
    return not any(mark in name for day, name in found.items() if day.year == year for mark in marks)


def main(arguments: list[str] | None = None) -> int:
    """Write the rows, or the module, to the standard output."""
    parser = argparse.ArgumentParser(description="Draw a table of working days from the holidays package.")
    parser.add_argument("country", help="ISO 3166 code, for example us")
    parser.add_argument("--subdivision", help="a part of the country, as the package calls it")
    parser.add_argument("--years", help="for example 2020..2027; all of them are taken as published")
    parser.add_argument("--edition", help="the name of the edition; the last year and .1 if not given")
    parser.add_argument("--module", action="store_true", help="write a Python module instead of rows")
    args = parser.parse_args(arguments)
    years = None
    if args.years:
        if not (span := re.fullmatch(r"([0-9]{4})\.\.([0-9]{4})", args.years)) or span[1] > span[2]:
            parser.error("--years is written 2020..2027")
        years = range(int(span[1]), int(span[2]) + 1)
    try:
        calendar = calendar_of(args.country, args.subdivision, years, args.edition)
    except NotImplementedError as error:
        parser.error(str(error))
    rows = "\n".join(rows_of(calendar))
    if args.module:
        rows = MODULE.format(country=args.country.upper(), version=version("holidays"), rows=rows).rstrip("\n")
    sys.stdout.write(rows + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
