"""The day an article was published: from its dateline, from metadata, or inferred from the dates that it names.

No clock is read here: an article without evidence has no date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from .calendar_absolute import days_and_months, years
from .calendar_digits import numeric
from .calendar_words import DAY, MONTH, WEEKDAY, YEAR, Clock, Found, day_number, looks_ahead, month_number, plain

_HEAD = 600
_LABEL_REACH = 60
_DATELINE_REACH = 80
_NARRATIVE_REACH = timedelta(60)
_LOOK_ON = 8
_CHRONICLE = 3  # days without a year that make a story of several days
_LOOK_BACK = timedelta(270)
_OPENING = 300
_TIME = r"(?:[,\s|@-]*(?:at\s+)?[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?\s*(?:[ap]\.?m\.?)?(?:\s*\(?(?:[A-Z]{2,5}|[+-][0-9:]{2,5})\)?){0,2})"
_DATE = (
    rf"(?:{MONTH}\s+{DAY},?\s+{YEAR}|{DAY}\s+(?:of\s+)?{MONTH},?\s+{YEAR}|[12][0-9]{{3}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}|"
    rf"[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][12][0-9]{{3}})"
)
_LABEL = re.compile(
    r"\s*(?:(?P<first>(?:first\s+)?published|posted|date|created|issued|released|filed)|(?:last\s+)?(?:updated|modified|edited|"
    r"revised))\b(?:\s+(?:on|at|date))?\s*[:|-]?",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"\s*(?:By\s[^\n]{{2,60}}?[,|-]?\s+)?(?:{WEEKDAY},?\s+)?(?P<date>{_DATE})(?:T[0-9:.]+(?:Z|"
    rf"[+-][0-9:]+)?)?{_TIME}?\s*\.?\s*"
)
_TIMED = re.compile(rf"\s*{_TIME}\s*[,|]?\s*(?:{WEEKDAY},?\s+)?(?P<date>{_DATE})\s*")
_CITY = r"[^\W\d_][\w .,'/()|-]{1,58}?"
_AFTER_DATELINE = r"(?:\s*[,.]?\s*(?:\([^)\n]{1,40}\)|/[^/\n]{1,40}/|\[[^\]\n]{1,40}\]|-|:|\||[A-Z][\w ]{1,20}-))"
_DATELINE = re.compile(rf"\s*{_CITY}[,(]?\s*\(?(?:{WEEKDAY},?\s+)?(?P<date>{_DATE})\)?{_AFTER_DATELINE}")
_LOUD_DATELINE = re.compile(rf"\s*[A-Z][A-Z .,'/()-]{{2,58}}?[,(]?\s*\(?(?:{WEEKDAY},?\s+)?(?P<date>{_DATE})\b")
_DAY_ONLY = rf"(?:(?P<m>{MONTH})\s+(?P<d>{DAY})|(?P<d2>{DAY})\s+(?P<m2>{MONTH}))"
_SHORT_DATELINE = re.compile(rf"\s*{_CITY}[,(]?\s*\(?(?:{WEEKDAY},?\s+)?{_DAY_ONLY}\)?(?!,?\s+[0-9]){_AFTER_DATELINE}")
_PROSE = re.compile(r"\b(?:on|in|since|after|of|the|before|until|from|said|was|were|by|to)\b")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:[\w,.]+\s+){0,3}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    """What an article's text names: days with and without a year (weekday where written), the newest
    past month or year (`exact`: not a bare year); `early`: the full date with its weekday in the opening, if none named
    later is newer."""

    partial: tuple[tuple[int, int, int | None], ...]
    full: tuple[date, ...]
    newest: date | None
    early: date | None
    exact: bool


def publication_date(text: str, title: str | None = None) -> tuple[date | None, str, bool]:
    """Day of publication of an article from its words alone: (date, rule, inferred).

    Rules: "dateline" (a full date in a dateline or header line within the first 600 characters), "inferred" (a day without a
    year that other dates or a weekday place), "year-only" (only months, years or past days named: no date), "none". Never raises.
    """
    even = plain(text)
    stamped = _header(even[:_HEAD])
    if stamped:
        return stamped, "dateline", False
    short = _short_dateline(even[:_HEAD])
    named = _named(plain(f"{title}\n\n") + even if title else even)
    if short is None and not named.partial and named.early is None:
        return None, "year-only" if named.newest else "none", False
    found = _inferred(named, short)
    if found is None:
        return None, "year-only" if named.newest else "none", False
    return found, "inferred", True


def _header(head: str) -> date | None:
    """The full date of a header line or dateline; one labelled as published goes before one labelled as updated."""
    updated = None
    for line in head.split("\n"):
        label = _LABEL.match(line)
        if label:
            found = _first_date(line[label.end() : label.end() + _LABEL_REACH])
            if found and label["first"]:
                return found
            updated = updated or found
            continue
        match = _ALONE.fullmatch(line) or _TIMED.fullmatch(line)
        if match is None:
            match = _DATELINE.match(line[: _DATELINE_REACH * 2]) or _LOUD_DATELINE.match(line[:_DATELINE_REACH])
            if match and (match.start("date") > _DATELINE_REACH or _PROSE.search(line[: match.start("date")])):
                match = None
        found = _first_date(match["date"]) if match else None
        if found:
            return found
    return updated


def _first_date(words: str) -> date | None:
    for found in sorted([*days_and_months(words, words.lower()), *numeric(words, words.lower())], key=lambda f: f.start):
        day = _full(found)
        if day:
            return day
    return None


def _full(found: Found) -> date | None:
    """The day that an expression names with its year, else None."""
    if found.year is None or found.month is None or found.day is None or found.rule.endswith("range"):
        return None
    return found.read(Clock(None))[0]


def _short_dateline(head: str) -> tuple[int, int] | None:
    """Month and day of a dateline without a year ("KABUL, Oct. 3 -")."""
    for line in head.split("\n"):
        match = _SHORT_DATELINE.match(line[: _DATELINE_REACH * 2])
        begin = (match.start("m") if match["m"] else match.start("d2")) if match else 0
        if match and begin < _DATELINE_REACH and not _PROSE.search(line[:begin]):
            return month_number(match["m"] or match["m2"]), day_number(match["d"] or match["d2"])
    return None


def _named(even: str) -> _Named:
    """Collects the dates of a whole article; what is still to come is left out."""
    low = even.lower()
    edges = [0, *(m.end() for m in re.finditer(r"[.!?]\s+(?=[A-Z«\"“])|\n", even)), len(even)]
    partial: list[tuple[int, int, int | None]] = []
    full: list[date] = []
    newest: list[date] = []
    bare: list[date] = []
    early: date | None = None
    opening = len(even) - len(even.lstrip()) + _OPENING
    for start, end in pairwise(edges):
        sentence, small = even[start:end], low[start:end]
        for found in _dates_in(sentence, small):
            if found.month is not None and found.day is not None and found.year is None and not found.rule.endswith("range"):
                partial.append((found.month, found.day, found.weekday))
            elif day := _full(found):
                full.append(day)
                early = day if start < opening and found.weekday is not None else early
            elif found.year is not None:
                (newest if found.month else bare).append(date(found.year, found.month or 1, 1))
    newest += full
    latest = max(newest + bare, default=None)
    return _Named(tuple(partial), tuple(full), latest, early if early == latest else None, latest in newest)


def _dates_in(sentence: str, low: str) -> list[Found]:
    if not any(c.isdigit() for c in low):
        return []
    found = [*days_and_months(sentence, low), *numeric(sentence, low)]
    found += [y for y in years(sentence, low) if all(y.end <= f.start or y.start >= f.end for f in found)]
    return [f for f in found if not _to_come(low, f)]


def _to_come(low: str, found: Found) -> bool:
    """Whether a date is told as future: "will ... on July 20", "next July", "by 2020", "until May 3"."""
    before = low[max(0, found.start - 24) : found.start].rstrip()
    if before.endswith((" by", " until", " till", " next", " through", " beyond")) or _COPYRIGHT.search(before + " "):
        return True
    return looks_ahead(low, found.start, found.end)


def _inferred(named: _Named, short: tuple[int, int] | None) -> date | None:
    """The day of publication where the dates named leave little doubt, else None.

    Without partial dates it is the full one of the opening, if that has its weekday. A day without a year is placed near a full date of
    the same story, in the first year that gives it the weekday written beside it, or, for a chronicle, in the first year after the month
    that it looks back to. No more is guessed: articles name other years than their own (docs/quality/README.md).
    """
    if short is None and not named.partial:
        return named.early
    newest = named.newest
    if newest is None:
        return None
    if short:
        weekday = next((w for m, d, w in named.partial if (m, d) == short and w is not None), None)
        month, day = short
    else:
        month, day, weekday = _latest(named.partial)
    days = {(m, d) for m, d, _ in named.partial} - {(day.month, day.day) for day in named.full}  # an anniversary is none
    if newest in named.full and len(days) > 1:  # beside a full date also a day shortly before it belongs to the same story
        near = [d for d in _days(month, day, newest.year - 1, newest.year + 1) if abs(d - newest) <= _NARRATIVE_REACH]
        if near:
            return near[0] if short else max(near[0], newest)
    later = [d for d in _days(month, day, newest.year, newest.year + _LOOK_ON) if d >= newest]
    if weekday is not None:
        return next((d for d in later if d.weekday() == weekday), None)
    chronicle = short is None and named.exact and len(days) >= _CHRONICLE
    return next((d for d in later if d - newest <= _LOOK_BACK), None) if chronicle else None


def _days(month: int, day: int, first: int, last: int) -> list[date]:
    """A day of the year in each year that has it."""
    result = []
    for year in range(max(1, first), min(9999, last) + 1):
        try:
            result.append(date(year, month, day))
        except ValueError:  # February 29 in a common year
            continue
    return result


def _latest(partial: tuple[tuple[int, int, int | None], ...]) -> tuple[int, int, int | None]:
    """The latest day of the narrative: the first one named, or one at most 60 days after it, over the turn of the year if need be."""
    month, day, _ = partial[0]
    first = date(2000, month, day)
    best, reach = partial[0], timedelta(0)
    for candidate in partial:
        ahead = date(2000, candidate[0], candidate[1]) - first
        ahead = ahead if ahead >= timedelta(0) else ahead + timedelta(366)
        if reach < ahead <= _NARRATIVE_REACH:
            best, reach = candidate, ahead
    weekday = next((w for m, d, w in partial if (m, d) == best[:2] and w is not None), None)
    return best[0], best[1], weekday


_ISO = re.compile(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T\s]+[0-9]{1,2}(?::?[0-9]{2}){0,2}(?:[.,][0-9]+)?\s*(?:Z|UTC|"
    r"GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T?[0-9]{4,6}Z?)?")
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})(?:[,\s]+[0-9:. ]+(?:[AaPp]\.?[Mm]\.?)?)?")
_WORDY = re.compile(
    rf"(?:{WEEKDAY},?\s+)?(?:(?P<m>{MONTH})\s+(?P<d>{DAY}),?|(?P<d2>{DAY})[\s-]+(?:of\s+)?(?P<m2>{MONTH}),?)"
    rf"(?:[\s-]+(?P<y>[0-9]{{4}})(?:[,\s|-]+.{{0,40}})?|\s+[0-9:]{{5,8}}\s+(?:[A-Z+0-9]{{2,6}}\s+)?(?P<y2>[0-9]{{4}}))"
)


def parse_stamp(value: str) -> date | None:
    """Day of a metadata value, as written there (no time zone is converted; unix seconds and milliseconds count in UTC).

    Takes ISO with or without time, RFC 2822, "July 5, 2016", "5 July 2016", "2016/07/05", "20160705", unix seconds, "05.07.2016".
    Gives None for an empty value. Raises ValueError for an impossible day and for anything else.
    """
    words = plain(value).strip()
    if not words:
        return None
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", words):
        return datetime.fromtimestamp(int(words[:10]), UTC).date()
    year, month, day = _stamp_parts(words, value)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"impossible date {value.strip()!r}: {error}") from error


def _stamp_parts(words: str, value: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(words) or _PACKED.fullmatch(words):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.fullmatch(words):
        one, two = int(match[1]), int(match[3])
        day_first = match[2] == "." or one > 12
        if match[2] == "." and one <= 12 < two:
            day_first = False
        return (int(match[4]), two, one) if day_first else (int(match[4]), one, two)
    if match := _WORDY.fullmatch(words):
        return int(match["y"] or match["y2"]), month_number(match["m"] or match["m2"]), day_number(match["d"] or match["d2"])
    raise ValueError(f"not a date: {value.strip()[:60]!r} (write it as 2016-07-05)")
