"""Calendar vocabulary and arithmetic shared by the steps that read dates; not a step.

A `Reading` is (first day, last day, precision), all three None where the words cannot be placed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

Reading = tuple[date | None, date | None, str | None]
UNKNOWN: Reading = (None, None, None)

_MONTH_NAMES = "January February March April May June July August September October November December".split()
_SHORT_MONTHS = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()
MONTHS = {name.lower(): number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name.lower(): MONTHS[next(full.lower() for full in _MONTH_NAMES if full.startswith(name[:3]))] for name in _SHORT_MONTHS}
_WEEKDAY_NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SHORT_WEEKDAYS = "Mon Tues Tue Weds Wed Thurs Thur Thu Fri Sat Sun".split()
WEEKDAYS = {name.lower(): number for number, name in enumerate(_WEEKDAY_NAMES)}
WEEKDAYS |= {name.lower(): WEEKDAYS[next(full.lower() for full in _WEEKDAY_NAMES if full.startswith(name[:3]))] for name in _SHORT_WEEKDAYS}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _any_case(names: list[str]) -> str:
    return "|".join(f"{name}|{name.upper()}" if len(name) > 1 else name for name in names)


MONTH = rf"(?:(?:{_any_case(_MONTH_NAMES)})\b|(?:{_any_case(_SHORT_MONTHS)})\b\.?)"
FULL_WEEKDAY = rf"(?:{_any_case(_WEEKDAY_NAMES)})"
WEEKDAY = rf"(?:{FULL_WEEKDAY}\b|(?:{_any_case(_SHORT_WEEKDAYS)})\b\.?)"
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|ST|ND|RD|TH)?"
AFTER_DAY = r"(?![\w%]|[.,:/][0-9]|-[A-Za-z])"
YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
AFTER_YEAR = r"(?![\w%]|[.,:/][0-9])"

# Nouns after a number that make it a count ("2000 people"), never a year or a day of a month.
COUNTED = frozenset(
    "people persons men women children boys girls troops soldiers officers policemen civilians fighters militants rebels gunmen insurgents "
    "refugees migrants protesters demonstrators prisoners detainees hostages students workers families households villagers residents "
    "supporters activists voters votes deaths arrests members journalists villages homes houses cases jobs companies vehicles tanks "
    "missiles rockets rounds shells tons tonnes kilograms kg km kilometers kilometres miles meters metres feet acres hectares "
    "dollars euros pounds yuan rupees percent per times gmt hours million billion thousand hundred local others more of delegates".split()
)
_TABLE = str.maketrans(
    {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "‘": "'", "’": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-",
     "İ": "I", "ı": "i", "\u212a": "K", "ſ": "s"}
)


# Units from fine to coarse; a coarse date ("in 2011") anchors no finer expression ("the next day").
_RANK = {unit: rank for rank, unit in enumerate("minute hour day week fortnight month quarter season year decade century".split())}

# What a number that is not told may mean: fewer than make up the next larger unit.
FEW = {"minute": (2, 59), "hour": (2, 23), "day": (2, 6), "week": (2, 6), "fortnight": (2, 4), "month": (2, 11), "year": (2, 9),
       "decade": (2, 9)}


# How far "last" and the like turn from the period that holds the day counted from.
TURNS = {"last": -1, "previous": -1, "preceding": -1, "this past": -1, "next": 1, "following": 1, "this coming": 1, "coming": 1}


COARSE = frozenset({"month", "quarter", "season", "year", "decade", "century"})  # units that are no single day, but can be named again


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was named before: the last single day; the last date of any precision, by its first day and its unit.

    `told` is the day of a dateline, `day_first` whether dates in digits were seen with the day first (None: neither was).
    """

    day: date | None = None
    start: date | None = None
    unit: str = "day"
    told: date | None = None
    day_first: bool | None = None

    def at(self, unit: str) -> date | None:
        """The day from which a distance or period of this unit counts; None where what was named is too coarse for it."""
        if _RANK[unit] <= _RANK["fortnight"]:
            return self.day
        return self.start if _RANK[unit] >= _RANK[self.unit] else None


@dataclass(frozen=True, slots=True)
class Clock:
    """What a relative expression counts from: day of publication, what was named before, a year to borrow.

    `future`: the words look ahead; `past_perfect`: they look back from a day that is past itself ("had left by Friday").
    """

    base: date | None
    anchor: Anchor = Anchor()
    future: bool = False
    year: int | None = None
    past_perfect: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A time expression by its offsets in the sentence. `read` places it; year, month, day, weekday only as far as written.

    `pivot` names what it counts from ("base" or "anchor"); `opened` marks words that still want a date after them ("a day after").
    """

    start: int
    end: int
    rule: str
    read: Callable[[Clock], Reading]
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    pivot: str = "base"
    opened: bool = False


def plain(text: str) -> str:
    """Text of the same length with straight apostrophes, plain hyphens and spaces, so that patterns stay short."""
    return text if text.isascii() and "`" not in text else text.translate(_TABLE)


def month_number(word: str) -> int:
    """1 to 12 from a month's name as MONTH matches it."""
    return MONTHS[word.rstrip(".").lower()]


def weekday_number(word: str) -> int:
    """0 (Monday) to 6 from a weekday's name as WEEKDAY matches it."""
    return WEEKDAYS[word.rstrip(".").lower()]


def day_number(word: str) -> int:
    """1 to 31 from digits with or without an ordinal ending."""
    return int(word.rstrip("stndrhSTNDRH"))


def on_day(day: date) -> Reading:
    """One day."""
    return day, day, "day"


def between(one: date, two: date) -> Reading:
    """The days from one to another, whichever is first."""
    return min(one, two), max(one, two), "range"


def after_the(low: str, start: int) -> bool:
    """Whether the word right before an offset is "the"."""
    return low.endswith("the ", 0, start) and (start == 4 or not low[start - 5].isalnum())


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def in_month(year: int, month: int) -> Reading:
    """One month."""
    return (*month_span(year, month), "month")


def in_year(year: int) -> Reading:
    """One year."""
    return date(year, 1, 1), date(year, 12, 31), "year"


def in_decade(year: int) -> Reading:
    """The ten years that begin with the round year at or before `year`."""
    first = year // 10 * 10
    return date(first, 1, 1), date(first + 9, 12, 31), "decade"


def in_century(number: int) -> Reading:
    """The hundred years of a numbered century: the 19th runs from 1801 to 1900."""
    return date(100 * number - 99, 1, 1), date(100 * number, 12, 31), "century"


def in_week(day: date) -> Reading:
    """Monday to Sunday around a day."""
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(6), "week"


def in_quarter(year: int, quarter: int) -> Reading:
    """Quarter 1 to 4 of a calendar year."""
    return date(year, 3 * quarter - 2, 1), month_span(year, 3 * quarter)[1], "quarter"


def in_season(year: int, season: str) -> Reading:
    """A northern season that begins in `year`: winter runs from December into the next February."""
    month = SEASONS[season]
    last = month_span(year + 1, 2)[1] if month == 12 else month_span(year, month + 2)[1]
    return date(year, month, 1), last, "season"


def weekend_of(day: date) -> Reading:
    """The latest Saturday and Sunday that have begun on or before a day."""
    saturday = day - timedelta((day.weekday() - 5) % 7)
    return saturday, saturday + timedelta(1), "range"


def add_months(day: date, months: int) -> date:
    """The same day some months on or back, cut to the month's length. Raises ValueError outside the years 1 to 9999."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_DAYS = {"day": 1, "week": 7, "fortnight": 14}


def add_units(day: date, count: int, unit: str) -> date:
    """A day moved by hours, days, weeks, fortnights, months, years or decades (singular names).

    Raises ValueError or OverflowError out of range.
    """
    if unit in {"minute", "hour"}:
        hours = count if unit == "hour" else 0
        return day + timedelta(hours // 24 if hours >= 0 else -(-hours // 24))
    if unit in _DAYS:
        return day + timedelta(count * _DAYS[unit])
    return add_months(day, count * {"month": 1, "quarter": 3, "year": 12, "decade": 120}[unit])


def around(day: date, unit: str) -> Reading:
    """The day, week, month, year, decade or century that holds a day; a fortnight is placed to the week."""
    if unit in {"week", "fortnight"}:
        return in_week(day)
    if unit == "month":
        return in_month(day.year, day.month)
    if unit == "quarter":
        return in_quarter(day.year, (day.month + 2) // 3)
    if unit == "year":
        return in_year(day.year)
    if unit == "century":
        return in_century((day.year + 99) // 100)
    return in_decade(day.year) if unit == "decade" else on_day(day)


_LAST_WORD = re.compile(
    r"\b(?:(?P<ahead>will|shall|won't|would|must|should|going to|due (?:to|on|in|for)|scheduled|set (?:to|for)|"
    r"plan(?:s|ned|ning)? (?:to|for)|"
    r"expected|"
    r"slated|upcoming|ahead of|(?:is|are) to|intends? to|aims? to|hopes? to|vow(?:s|ed) to|promis(?:es|ed) to|agreed to|"
    r"to (?:be held|meet|hold|visit|begin|start|take|attend|host|open|travel|return|resume|go))|"
    r"said|says|told|announced|added|reported|warned|declared|stated|confirmed|according|was|were|had|has|have|did)\b"
)
_FIRST_WORD = re.compile(
    r"\b(?:(?P<ahead>will|shall|must|should|(?:is|are) (?:to|due|set to|scheduled|expected)|plans? to)|"
    r"said|says|told|met|held|took|went|was|were|is|are|had|has|have|did|\w{2,}ed)\b"
)
AHEAD_WORDS = frozenset("will shall won would must should going due scheduled set plan plans planned planning expected slated "
    "upcoming ahead to".split())


def looks_ahead(low: str, start: int, end: int) -> bool:
    """Whether the words around a date (offsets in the lower-case sentence) tell of something still to come."""
    last = None
    for match in _LAST_WORD.finditer(low, max(0, start - 120), start):
        last = match
    if last is not None:
        return last["ahead"] is not None
    if start > 20:
        return False
    first = _FIRST_WORD.search(low, end, end + 80)
    return first is not None and first["ahead"] is not None


_PAST_PERFECT = re.compile(r"\bhad (?!to\b)[^,;:]{2,50}$")


def looks_back(low: str, start: int) -> bool:
    """Whether the words before a date are in the past perfect: "had left by Friday"."""
    return _PAST_PERFECT.search(low, max(0, start - 60), start) is not None
