"""Owns how a cell's words become values: days, statuses, classes, progress, severity. What is not understood is said.

Nothing here guesses: a word is known or it is not, and a day that is masked or has no year is unknown.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from msgspec import Struct

from taizhang.ledger.domain.carrying import CarriedMeasure
from taizhang.ledger.domain.values import FindingClass, Progress, Severity, State

from .cells import Cell, iso_day, squeezed, text_of
from .vocabulary import CLASSES, DONE, LATE, LIGHTS, NOT_DONE, NOT_LATE, NOTHING, PROGRESS, SEVERITIES, STATUSES

FIRST_YEAR, LAST_YEAR = 1980, 2099
FIRST_SERIAL, LAST_SERIAL = 29_221, 73_050  # 1980-01-01 and 2099-12-31, as Excel counts days
_EPOCH = date(1899, 12, 30)


class Day(Struct, frozen=True):
    """What a cell says of a day.

    Args:
        day: the day; None where it says none that is known.
        note: how it was understood (``note.…``), where that is not plain.
        wrong: what is wrong with it (``row.…``); the row cannot be imported.
        words: the cell's own words, where the day does not tell all of it.
        class_: the class that it stands for (立行立改, 长期坚持).
        original: the first of two days, where the second replaced it.
    """

    day: date | None = None
    note: str = ""
    wrong: str = ""
    words: str = ""
    class_: FindingClass | None = None
    original: date | None = None


_NO_DAY = Day()
_FULL = re.compile(r"(?<!\d)(\d{4})\s*[-./年—–、。]\s*(\d{1,2})\s*[-./月—–、。]\s*(\d{1,2})(?!\d)日?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SHORT = re.compile(r"(\d{1,2})月(\d{1,2})日?|(\d{1,2})[/-](\d{1,2})|(\d{1,2})\.(\d{2})(?![\d.])")
_TWO_DIGITS = re.compile(r"(\d{2})年(\d{1,2})月(\d{1,2})日")
_MONTH_END = re.compile(r"(?:(\d{4})年?)?(?:(\d{1,2})月|年)底(?:以?前)?(?:全部|整改)?(?:完成)?(?:整改)?")
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_WRITTEN_OUT = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_MASKED = re.compile(
    r"[x×*某○〇□_?？][^\d]{0,3}[年月日]|[年月][x×*某○〇□_?？]|\d[x×*]|[x×*]\d|[-./][x×*]|x+[-./]", re.IGNORECASE
)
_TIME = re.compile(r"[t\s]*\d{1,2}:\d{2}(:\d{2})?(\.\d+)?z?", re.IGNORECASE)
_REMARK = re.compile(r"[(（【\[].*[)）】\]]|[前止]|(以|之)?前?(已?完成|整改到位|完成整改|办结)?|上午|下午|\.")
_CLOCK = re.compile(r"(?<=[\d日])\s+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?\s*$")
_MIDNIGHT = re.compile(r"\s0?0:00(:00)?(\.0+)?\s*$")
_MOVED = re.compile(r"原.*(延|改|调整|顺延|展期)|(延|展)(期|长)?(至|到)")
_MONTHS = {
    name: at
    for at, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
            ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_ENGLISH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]*([a-z]{3,9})|([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?),?[\s-]*(\d{4})"
)
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def day_of(cell: Cell, year: int | None = None) -> Day:
    """Return what a cell says of a day.

    Args:
        year: the year that the sheet is about, for a day without one.
    """
    kind = type(cell)
    if kind is str:
        return _day_of_text(cell, year)  # type: ignore[arg-type]
    if cell is None:
        return _NO_DAY
    if kind is list:
        return _day_of_moment(cell[0])  # type: ignore[index]
    if kind is bool:
        return Day(wrong="row.day")
    return _day_of_number(float(cell))  # type: ignore[arg-type]


@lru_cache(maxsize=8192)
def _day_of_moment(moment: str) -> Day:
    day = iso_day(moment)
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Day(wrong="row.day")
    return Day(day) if len(moment) <= 10 or moment[10:] == "T00:00:00" else Day(day, note="note.time-dropped")


def _day_of_number(number: float) -> Day:
    whole = int(number)
    if FIRST_SERIAL <= whole <= LAST_SERIAL:
        return Day(_EPOCH + timedelta(days=whole), note="note.serial")
    if number == whole and (match := _COMPACT.fullmatch(str(whole))):
        return _built(*match.groups())
    return Day(wrong="row.day")


@lru_cache(maxsize=8192)
def _day_of_text(text: str, year: int | None) -> Day:
    words = text_of(text)
    plain = squeezed(_CLOCK.sub("", words))
    if plain != squeezed(words):
        bare = _day_of_text(plain, year)
        return Day(bare.day, note="note.time-dropped") if bare.day and not _MIDNIGHT.search(words) else bare
    if not plain or plain in NOTHING:
        return _NO_DAY
    if (class_ := CLASSES.get(plain)) is not None:
        return Day(class_=class_)
    if match := _WRITTEN_OUT.match(plain):
        year_, month_, day_ = match.groups()
        plain = f"{year_.translate(_NUMERALS)}年{_tens(month_)}月{_tens(day_)}日{plain[match.end() :]}"
    found = [*_FULL.finditer(plain)] or [*_COMPACT.finditer(plain)]
    if found:
        return _day_of_found(plain, words, found)
    if _MASKED.search(plain):
        return Day(note="note.masked", words=words)
    if match := _SHORT.match(plain):
        rest = plain[match.end() :]
        if not rest or _REMARK.fullmatch(rest):
            month, day = (part for part in match.groups() if part)
            if year is None:
                return Day(wrong="row.no-year")
            built = _built(str(year), month, day)
            return built if built.wrong else Day(built.day, note="note.year", words=words if rest else "")
    if (match := _TWO_DIGITS.fullmatch(plain)) and not (built := _built(f"20{match[1]}", match[2], match[3])).wrong:
        return Day(built.day, note="note.two-digit-year")
    if (match := _MONTH_END.fullmatch(plain)) and (match[1] or year is not None):
        return _month_end(int(match[1] or year or 0), int(match[2] or 12), words)
    if english := _english(text_of(text).casefold()):
        return english
    if plain.isdecimal() and FIRST_SERIAL <= int(plain) <= LAST_SERIAL:
        return Day(_EPOCH + timedelta(days=int(plain)), note="note.serial")
    if (class_ := _class_before_remark(plain)) is not None:
        return Day(class_=class_, words=words)
    if any(character.isdecimal() for character in plain) and not re.search(
        "[年月季周旬天度]|工作日|day|week|month|q[1-4]", plain
    ):
        return Day(wrong="row.day")
    return Day(note="note.words", words=words)


def _day_of_found(plain: str, words: str, found: list[re.Match[str]]) -> Day:
    days = [_built(*match.groups()) for match in found]
    if wrong := next((day for day in days if day.wrong), None):
        return wrong
    rest = plain[found[0].end() :]
    alone = found[0].start() == 0
    if len(days) == 1 and alone and (not rest or _TIME.fullmatch(rest)):
        timed = bool(rest) and rest.lower() not in ("00:00:00", "t00:00:00", "0:00:00", "00:00", "0:00")
        return Day(days[0].day, note="note.time-dropped" if timed else "")
    if len(days) == 1 and alone and _REMARK.fullmatch(rest):
        return Day(days[0].day, words=words)
    if (class_ := _class_before_remark(plain)) is not None and len(days) == 1:
        return Day(days[0].day, class_=class_, words=words)
    if len(days) == 2 and _MOVED.search(plain) and days[0].day and days[1].day and days[0].day < days[1].day:
        return Day(days[1].day, words=words, original=days[0].day)
    return Day(wrong="row.day")


def _tens(numeral: str) -> int:
    """Return a number up to 99 in Chinese numerals."""
    before, ten, after = numeral.partition("十")
    ones = _DIGITS.get(after or ("" if ten else before), 0)
    return ones if not ten else 10 * _DIGITS.get(before, 1) + ones


def _month_end(year: int, month: int, words: str) -> Day:
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return Day(wrong="row.day")
    following = date(year + month // 12, month % 12 + 1, 1)
    return Day(following - timedelta(days=1), note="note.month-end", words=words)


def _built(year: str, month: str, day: str) -> Day:
    try:
        built = date(int(year), int(month), int(day))
    except ValueError:
        return Day(wrong="row.day")
    return Day(built) if FIRST_YEAR <= built.year <= LAST_YEAR else Day(wrong="row.day")


def _english(text: str) -> Day | None:
    if match := _ENGLISH.fullmatch(text):
        day, name, name2, day2, year = match.groups()
        month = _MONTHS.get(name or name2)
        return None if month is None else _built(year, str(month), day or day2)
    if match := _SLASHED.fullmatch(text):
        one, two, year = match.groups()
        if int(one) <= 12 and int(two) <= 12 and one != two:
            return Day(wrong="row.day-or-month")
        return _built(year, two, one) if int(one) > 12 or one == two else _built(year, one, two)
    return None


def _class_before_remark(plain: str) -> FindingClass | None:
    """Return the class that a text begins with, where a bracket or a comma follows."""
    head = re.split(r"[(（,，;；:：]", plain, maxsplit=1)[0]
    return CLASSES.get(head) if head != plain else None


class Status(Struct, frozen=True):
    """What the words of a status mean.

    Args:
        state: where the finding stands; None for "not finished", where the words say no more.
        late: closed late, or in time; None where nothing is said.
        round: the round that they name.
        extended: whether they speak of an extension.
        sustained: whether they call it 长期坚持.
    """

    state: State | None
    late: bool | None = None
    round: int = 1
    extended: bool = False
    sustained: bool = False


_ROUND = re.compile(r"第([0-9一二两三四五六七八九])轮")
_DIGITS = {name: at for at, name in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_PERCENT = re.compile(r"(?:已?(?:完成|整改)|(?:整改|完成)?(?:进度|率))?:?(\d{1,3}(?:\.\d+)?)%")
_SHARE = re.compile(r"0?\.\d{1,4}")
_OVERDUE_BY = re.compile(r"(?:逾期|超期)\d{1,4}(?:天|日|个工作日|个月)")
_IN_TIME = re.compile(r"(按期|按时|如期|逾期|超期|延期)(完成|整改|整改完成|整改到位|销号)")
_ROUND_LIMIT = 9
_TAKES_BACK = re.compile(r"[未不没]|部分|个别|除|退回|仍|尚|%")
_OPEN = re.compile("未|尚|挂账|挂帐|待|正在")
_HARMLESS = re.compile("|".join(NOT_LATE))


@lru_cache(maxsize=4096)
def status_of(text: str, question: str = "") -> Status | None:
    """Return what a status means; None where it is not understood.

    Args:
        question: what the heading asks where the answer is yes or no: ``closed`` or ``done``.
    """
    plain = squeezed(text)
    for sign, word in LIGHTS.items():
        plain = plain if plain == sign and not word else plain.replace(sign, "" if word and word in plain else word)
    if question and plain in DONE:
        return Status(State.CLOSED if question == "closed" else State.AWAITING)
    if question and plain in NOT_DONE:
        return Status(None)
    if question and _SHARE.fullmatch(plain):
        return _status_of_share(100 * float(plain))
    if match := _PERCENT.fullmatch(plain):
        return _status_of_share(float(match[1]))
    if match := _IN_TIME.fullmatch(plain):
        ends = State.CLOSED if match[2] == "销号" else State.AWAITING
        late = match[1] in LATE if ends is State.CLOSED and match[1] != "延期" else None
        return Status(ends, late, extended=match[1] == "延期")
    if _OVERDUE_BY.fullmatch(plain):
        return Status(None)
    if plain in STATUSES:
        return _status_of_parts(plain, [])
    head, *remarks = [part for part in re.split(r"[()（）\[\]【】,，;；:：。/]", plain) if part] or [""]
    if head in STATUSES:
        return _status_of_parts(head, remarks)
    return _bilingual(plain)


def _status_of_share(percent: float) -> Status | None:
    if percent > 100:
        return None
    return Status(State.AWAITING if percent == 100 else State.RECTIFYING if percent else None)


def _status_of_parts(head: str, remarks: list[str]) -> Status | None:
    """Return what a status means by its first word, and the remarks behind it; None where they take it back."""
    rest = "".join(remarks)
    state = STATUSES[head]
    known = {STATUSES[part] for part in remarks if part in STATUSES}
    if state is None and len(known - {None}) == 1:
        state = next(one for one in known if one is not None)  # 未销号（已完成）: the remark says more
        if state is State.CLOSED:
            return None
    elif state in (State.AWAITING, State.CLOSED):
        said = [part for part in remarks if part not in STATUSES]
        if any(_TAKES_BACK.search(_HARMLESS.sub("", part)) for part in said):
            return None
        if state is State.CLOSED and any(_OPEN.match(_HARMLESS.sub("", part)) for part in remarks):
            return None
    in_time = any(word in rest for word in NOT_LATE)
    late = False if in_time else True if any(word in rest for word in LATE) else None
    round_ = _ROUND.search(rest)
    number = 1 if round_ is None else _DIGITS.get(round_[1]) or max(1, int(round_[1]) if round_[1].isdecimal() else 1)
    late = late if state is State.CLOSED else None
    sustained = any(CLASSES.get(part) is FindingClass.SUSTAINED for part in (head, *remarks))
    return Status(state, late, min(number, _ROUND_LIMIT), "延期" in rest, sustained)


def _bilingual(plain: str) -> Status | None:
    """Return what a status in two languages means (Closed 已关闭), where both say the same."""
    latin = re.sub(r"[^a-z]", "", plain)
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]+", plain))
    if not latin or not chinese or len(latin) + len(chinese) < len(re.sub(r"[\W_]", "", plain)):
        return None
    if latin not in STATUSES or chinese not in STATUSES:
        return None
    one, two = STATUSES[latin], STATUSES[chinese]
    if one is not None and two is not None and one is not two:
        return None
    return Status(one or two)


def contradict(one: Status, two: Status) -> bool:
    """Say whether two columns of one row say what cannot both be: that it is finished, and that it is not."""
    ended, open_ = (State.CLOSED, State.AWAITING), (State.ASSIGNED, State.LOGGED, State.RECTIFYING)
    if State.CLOSED in (one.state, two.state):
        return (two if one.state is State.CLOSED else one).state not in ended
    return two.state in ended and one.state in (*open_, None)


@lru_cache(maxsize=4096)
def class_of(text: str) -> FindingClass | None:
    """Return the class that a word stands for; None where it is not known."""
    plain = squeezed(text)
    return CLASSES.get(plain) or _class_before_remark(plain)


@lru_cache(maxsize=4096)
def severity_of(text: str) -> Severity | None:
    """Return how grave a word says that it is; None where it is not known."""
    return SEVERITIES.get(squeezed(text))


@lru_cache(maxsize=4096)
def progress_of(text: str) -> Progress | None:
    """Return how far a measure is; None where the words do not say it."""
    plain = squeezed(text)
    if plain in DONE:
        return Progress.DONE
    return Progress.NONE if plain in NOT_DONE else PROGRESS.get(plain)


_NUMBERED = re.compile(
    r"(?:^|(?<=[\n；;。]))\s*[（(]?(?:(\d{1,2})|([一二三四五六七八九十]))[)）]?[.、．)）]?\s*(?=[^\d\s.%])"
)


@lru_cache(maxsize=1024)
def measures_of(text: str) -> tuple[str, ...]:
    """Return the measures that a cell lists; one where it numbers none."""
    marks = [match for match in _NUMBERED.finditer(text) if _is_mark(match[0])]
    counted = [int(m[1]) if m[1] else _DIGITS.get(m[2], 10) for m in marks]
    if len(marks) < 2 or counted != list(range(1, len(marks) + 1)) or text[: marks[0].start()].strip():
        single = text.strip()
        if len(marks) == 1 and counted == [1] and not text[: marks[0].start()].strip():
            single = text[marks[0].end() :].strip()
        return (single,) if single else ()
    ends = [*(match.start() for match in marks[1:]), len(text)]
    parts = (text[match.end() : end].strip(" \t\r\n；;") for match, end in zip(marks, ends, strict=True))
    return tuple(part for part in parts if part)


@lru_cache(maxsize=4096)
def carried_measures(text: str) -> tuple[CarriedMeasure, ...]:
    """Return the measures of a cell; none where it says nothing."""
    if squeezed(text) in NOTHING:
        return ()
    return tuple([CarriedMeasure(part) for part in measures_of(text)])


def _is_mark(text: str) -> bool:
    """Say whether it is the number of a point and not the first digit of what is said."""
    return text.strip()[-1:] in ".、．)）"


_UNIT = re.compile(
    r"[\u4e00-\u9fff（）()·]{1,24}(?:局|处|科|室|部|委|厅|办|院|校|所|站|中心|街道|镇|乡|村|社区|公司|集团|支部|党委|党组|支队|大队|中队|"
    r"分局|法院|检察院|学校|医院|银行|管委会|委员会|办公室|办事处|协会|工会|团委|法庭)"
)
_NO_UNIT = re.compile(r"台账|问题|清单|汇总|统计|整改|销号|完成|说明|附件|填表|全部|总部$")


@lru_cache(maxsize=1024)
def looks_like_unit(text: str) -> bool:
    """Say whether a heading or the name of a sheet is plainly called like a unit: 财政局, 城东街道."""
    return _UNIT.fullmatch(text) is not None and _NO_UNIT.search(text) is None
