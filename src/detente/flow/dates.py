"""Finds time expressions in one sentence and places them on the calendar.

In: the sentence, the day of publication, a day named before. Out: `When` records in text order, each with the rule that read it.
A rule may carry suffixes: "+since", "+until", "+by", "+before", "+after" for a preposition that turns the date into a limit,
"+early", "+mid", "+late" and the like for a part of the interval. Winter is named after the year in which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from ..records import When
from .calendar_absolute import days_and_months, decades, nine_eleven, numeric, years
from .calendar_relative import days_near, distances, periods, quarters, seasons, stretches, weekdays, weekends
from .calendar_words import AHEAD_WORDS, MONTHS, SEASONS, UNKNOWN, WEEKDAYS, Clock, Found, Reading, looks_ahead, month_span, plain

_Finder = Callable[[str, str], Iterator[Found]]
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_UNITS = frozenset("minute hour day week month year decade minutes hours days weeks months years decades".split())
_PERIODS = frozenset("day week month year decade quarter night morning evening afternoon".split()) | frozenset(SEASONS)
_NEAR = frozenset("today tonight yesterday tomorrow overnight night evening morning afternoon".split())
_TURNING = frozenset("last this next past coming previous following preceding current that same the".split())
_FINDERS: tuple[tuple[frozenset[str], _Finder], ...] = (
    (frozenset(MONTHS), days_and_months),
    (frozenset(WEEKDAYS), weekdays),
    (_NEAR, days_near),
    (_PERIODS, periods),
    (frozenset({"weekend"}), weekends),
    (_UNITS, distances),
    (_UNITS, stretches),
    (frozenset(SEASONS), seasons),
    (frozenset("quarter half q h".split()), quarters),
)
_TRIGGERS = frozenset().union(*(words for words, _ in _FINDERS))
_LEAD = re.compile(
    r"(?:(?<![\w'-])(?P<prep>on|in|at|over|during|throughout|since|within|until|till|by|before|after)\s+)?"
    r"(?:(?<![\w'-])(?:the\s+)?(?:very\s+)?(?P<mod>early|mid|late|earlier|later|end of|beginning of|start of|middle of)"
    r"(?:\s+|(?<=mid)-)(?:(?:in|on|of)\s+)?)?$"
)
_LIMIT_LEAD = re.compile(r"(?<![\w'-])(?P<prep>since|until|till|before|after)\s+(?:the\s+)?$")
_LIMITS = frozenset({"since", "until", "till", "by", "before", "after"})
_DEADLINES = ("+by", "+until", "+till")
_JOIN = re.compile(r"\s*(?P<join>-|to|until|till|through|and)\s*(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?")
_FROM = re.compile(r"(?<![\w'-])(?P<word>from|between)\s+(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?$")
_GAP = re.compile(r"\s+(?:(?:the|his|her|its|their)\s+)?")
_CLAUSE_END = re.compile(r"\s*(?:[,.;:!?)\"]|$)")
_PARTS = {"early": 0, "beginning of": 0, "start of": 0, "mid": 1, "middle of": 1, "late": 2, "end of": 2}


def expressions(text: str, base: date | None, anchor: date | None = None, offset: int = 0) -> list[When]:
    """All time expressions of one sentence, in text order, none overlapping.

    `base` is the article's day of publication, `anchor` a day named before it in the article; `offset` is where the sentence begins,
    so that `text[w.text_start - offset : w.text_end - offset] == w.text`. What cannot be placed (no base, no anchor, February 30) has
    start, end and precision None; "since 2011" without a base has a start and no end. Never raises.
    """
    even = plain(text)
    low = even.lower()
    words = set(_WORDS.findall(low))
    numbered = any(len(w) >= 4 and w[0] in "12" and w.isdigit() for w in words)
    if words.isdisjoint(_TRIGGERS) and not numbered and "0s" not in low and "9/11" not in low:
        return []
    found = _longest(_candidates(even, low, words, numbered), len(low))
    if not found:
        return []
    ends = [0, *(f.end for f in found)]
    found = _opened(low, _joined(low, [_with_lead(low, f, end) for f, end in zip(found, ends, strict=False)]))
    ahead = not words.isdisjoint(AHEAD_WORDS)
    return _placed(text, low, found, Clock(base, anchor), ahead, offset)


def _candidates(even: str, low: str, words: set[str], numbered: bool) -> Iterator[Found]:
    """Everything that any finder sees; finders whose words do not occur are not asked."""
    for keys, finder in _FINDERS:
        if not words.isdisjoint(keys) and not (finder is periods and words.isdisjoint(_TURNING)):
            yield from finder(even, low)
    if numbered:
        yield from numeric(even, low)
        yield from years(even, low)
    if "0s" in low or "0's" in low:
        yield from decades(even, low)
    if "11" in words and ("9/11" in low or "september" in words or "sept" in words):
        yield from nine_eleven(even, low)


def _longest(found: Iterator[Found], size: int) -> list[Found]:
    """Where expressions overlap the longest stays, the first of equals."""
    kept: list[Found] = []
    taken = bytearray(size)
    for one in sorted(found, key=lambda f: (f.start - f.end, f.rule != "nine-eleven", f.start)):
        if not any(taken[one.start : one.end]):
            kept.append(one)
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
    return sorted(kept, key=lambda f: f.start)


def _with_lead(low: str, found: Found, free: int) -> Found:
    """Takes in the preposition and the word for a part of the interval ("late", "the end of") before, from offset `free` on."""
    begin = max(free, found.start - 32)
    before = low[begin : found.start]
    if found.rule.endswith("-range") and (span := _FROM.search(before)):
        return replace(found, start=begin + span.start())
    match = _LIMIT_LEAD.search(before) or _LEAD.search(before)
    if match is None or match.start() == len(before):
        return found
    mod = match.groupdict().get("mod")
    prep = match["prep"]
    if mod is None and prep not in _LIMITS and low.startswith("'", found.end):  # "in last night's attack": the preposition is the noun's
        return found
    read, rule = found.read, found.rule
    if mod:
        read = partial(_read_part, read, mod, found.pivot)
        rule += f"+{mod.split()[0]}"
    if prep in _LIMITS:
        rule += f"+{prep}"
        if prep == "since":
            read = partial(_read_since, read)
    return replace(found, start=begin + match.start(), read=read, rule=rule)


def _read_since(read: Callable[[Clock], Reading], clock: Clock) -> Reading:
    start, end, _ = read(clock)
    if start is None:
        return UNKNOWN
    if clock.base is None:
        return start, None, "range"
    return start, max(clock.base, end or start), "range"


def _read_part(read: Callable[[Clock], Reading], mod: str, pivot: str, clock: Clock) -> Reading:
    """A third of a month, year, season or decade; for "earlier" and "later" the side of the day counted from."""
    start, end, precision = read(clock)
    if start is None or end is None or precision in {"day", "range"}:
        return start, end, precision
    if mod in {"earlier", "later"}:
        day = clock.anchor if pivot == "anchor" else clock.base
        if day is None or not start <= day <= end:
            return start, end, precision
        return (start, day, "range") if mod == "earlier" else (day, end, "range")
    part = _PARTS[mod]
    if precision == "month":
        firsts = (start, start + timedelta(10), start + timedelta(20), end + timedelta(1))
        return firsts[part], firsts[part + 1] - timedelta(1), "range"
    if precision == "year":
        return date(start.year, 4 * part + 1, 1), month_span(start.year, 4 * part + 4)[1], "range"
    if precision == "decade":
        low, high = ((0, 3), (4, 6), (7, 9))[part]
        return date(start.year + low, 1, 1), date(start.year + high, 12, 31), "range"
    third = ((end - start).days + 1) // 3
    first = start + timedelta(third * part)
    return first, end if part == 2 else first + timedelta(third - 1), "range"


def _joined(low: str, found: list[Found]) -> list[Found]:
    """Makes one interval of "from June 29 to July 4", "between March and June 2011", "June 29 - July 4"."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        match = _JOIN.fullmatch(low, last.end, one.start) if last else None
        if last is None or match is None or last.rule.endswith("range") or not _fit(low, last, one, match["join"]):
            result.append(one)
            continue
        begin = max(0, last.start - 24)
        lead = _FROM.search(low[begin : last.start])
        start = begin + lead.start() if lead and match["join"] != "-" else last.start
        result[-1] = Found(start, one.end, "range", partial(_read_range, last, one), one.year, pivot=last.pivot)
    return result


def _fit(low: str, first: Found, second: Found, join: str) -> bool:
    """Whether two neighbours are ends of one interval."""
    named = first.month is not None and second.month is not None
    if join == "-":
        return named or (first.weekday is not None and second.weekday is not None)
    lead = _FROM.search(low[max(0, first.start - 24) : first.start])
    word = lead["word"] if lead else ""
    if join == "and":
        return word == "between"
    return word == "from" or (named and (first.day is None) == (second.day is None))


def _read_range(first: Found, second: Found, clock: Clock) -> Reading:
    """From the start of one to the end of the other; a year that only one of them names holds for both."""
    end = second.read(clock if second.year or first.year is None else replace(clock, year=first.year))
    start = first.read(clock if first.year or second.year is None else replace(clock, year=second.year))
    first_day, last_day = start[0], end[1]
    if first_day is not None and last_day is not None and first_day > last_day:
        if first.year is None and first.month is not None:
            first_day = first.read(replace(clock, year=last_day.year - 1))[0]
        elif second.year is None and second.month is not None:
            last_day = second.read(replace(clock, year=first_day.year + 1))[1]
        elif first.weekday is not None and second.weekday is not None:
            first_day -= timedelta(7)
    if first_day is None or last_day is None or first_day > last_day:
        return UNKNOWN
    return first_day, last_day, "range"


def _opened(low: str, found: list[Found]) -> list[Found]:
    """Joins "a day after" to the date behind it; without a date it stands only at the end of a clause."""
    result: list[Found] = []
    for number, one in enumerate(found):
        last = result[-1] if result else None
        if last is not None and last.opened and _GAP.fullmatch(low, last.end, one.start) and not one.opened:
            result[-1] = Found(last.start, one.end, "distance-from-date", partial(_read_from, last, one))
            continue
        followed = number + 1 < len(found) and _GAP.fullmatch(low, one.end, found[number + 1].start) is not None
        if not one.opened or followed or _CLAUSE_END.match(low, one.end):
            result.append(one)
    return result


def _read_from(distance: Found, target: Found, clock: Clock) -> Reading:
    return distance.read(replace(clock, anchor=target.read(clock)[0]))


def _read_nearest(found: Found, clock: Clock) -> Reading:
    """ "by October 31", "until June": the nearest such day or month on either side, as a deadline is as often ahead as behind."""
    behind, ahead = found.read(replace(clock, future=False)), found.read(replace(clock, future=True))
    if clock.future or clock.base is None or behind[1] is None or ahead[0] is None:
        return ahead
    return ahead if ahead[0] - clock.base < clock.base - behind[1] else behind


def _placed(text: str, low: str, found: list[Found], clock: Clock, ahead: bool, offset: int) -> list[When]:
    """Reads every expression; a date named in the sentence is the anchor of those after it."""
    result = []
    for one in found:
        now = replace(clock, future=ahead and looks_ahead(low, one.start, one.end))
        try:
            start, end, precision = _read_nearest(one, now) if one.rule.endswith(_DEADLINES) else one.read(now)
        except (ValueError, OverflowError):  # beyond the calendar, such as 5000 years ago
            start, end, precision = UNKNOWN
        result.append(When(start, end, precision, text[one.start : one.end], one.rule, offset + one.start, offset + one.end))
        if start is not None and precision not in {"range", "decade", "week"}:
            clock = replace(clock, anchor=start)
    return result
