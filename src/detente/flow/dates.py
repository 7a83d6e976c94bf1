"""Finds time expressions in one sentence and places them on the calendar.

In: the sentence, the day of publication, what was named before. Out: `When` records in text order, each with the rule that read it.
A rule may carry suffixes: "+since", "+from", "+until", "+by", "+before", "+after" for a word that turns the date into a limit, "+early",
"+mid", "+late", "+week" and the like for a part of the interval, "+dateline" for the date in front of a report. A limit has one open
side (precision "before" or "after") unless publication closes it. Winter is named after the year in which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from ..records import When
from .calendar_absolute import days_and_months, years
from .calendar_digits import EITHER, days_alone, nine_eleven, numeric, order_of_digits
from .calendar_distances import beyond_next, distances, since_then, stretches
from .calendar_eras import DECADE_WORDS, centuries, decades, quarters, seasons, turns_of_year
from .calendar_feasts import FEAST_PAIRS, FEAST_WORDS, feasts
from .calendar_joins import in_a_row, joined, opened, with_year
from .calendar_leads import is_limit, with_lead, with_start
from .calendar_relative import days_near, periods, weekdays, weekends, year_ends
from .calendar_words import AHEAD_WORDS, COARSE, MONTHS, SEASONS, UNKNOWN, WEEKDAYS, Anchor, Clock, Found, looks_ahead, looks_back, plain

_Finder = Callable[[str, str], Iterator[Found]]
_WORDS = re.compile(r"[a-z]+|[0-9]+")
_YEAR_LIKE = re.compile(r"(?<![0-9])[12][0-9]{3}")
_UNITS = frozenset("minute hour day week fortnight month year decade minutes hours days weeks fortnights months years decades".split())
_PERIODS = frozenset("day week month year decade quarter night morning evening afternoon".split()) | frozenset(SEASONS)
_NEAR = frozenset("today tonight yesterday tomorrow overnight night evening morning afternoon".split())
_TURNING = frozenset("last this next past coming previous following preceding current that same the".split())
_DAY_ENDINGS = frozenset("st nd rd th".split())
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
    (frozenset({"turn"}), turns_of_year),
    (frozenset({"century"}), centuries),
    (_DAY_ENDINGS, days_alone),
    (FEAST_WORDS, feasts),
)
_TRIGGERS = frozenset().union(DECADE_WORDS, *(words for words, _ in _FINDERS))
_CITY = re.compile(r"\s*(?:[A-Z][A-Z .,'/()-]{2,58}|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3}(?:, [A-Z][\w.'-]+)?)[,(]?\s*\(?")
_AFTER_DATELINE = re.compile(r"\)?\s*(?:\([^)\n]{1,40}\)|/[^/\n]{1,40}/)?\s*(?:--?|:|\|)\s|\)?\s*\([A-Z][^)\n]{1,40}\)\s")
_DATELINE_REACH = 60
_TOLD_BEFORE = timedelta(3)


def expressions(text: str, base: date | None, anchor: Anchor | date | None = None, offset: int = 0) -> list[When]:
    """All time expressions of one sentence, in text order, none overlapping.

    `base` is the article's day of publication, `anchor` what was named before in the article (`dating.anchor_after`, or one day);
    `offset` is where the sentence begins, so that `text[w.text_start - offset : w.text_end - offset] == w.text`. What cannot be placed
    (no base, no anchor, February 30) has start, end and precision None; precision "before" has no start, "after" no end. Never raises.
    """
    even = plain(text)
    low = even.lower()
    words = set(_WORDS.findall(low))
    numbered = _YEAR_LIKE.search(low) is not None
    if words.isdisjoint(_TRIGGERS) and not numbered and "0s" not in low and "/" not in low and "since then" not in low:
        return []
    found = _longest(_candidates(even, low, words, numbered), len(low))
    if not found:
        return []
    led: list[Found] = []
    for one in found:
        led.append(with_lead(low, one, led[-1] if led else None))
    if len(led) > 1:
        led = in_a_row(low, joined(low, with_year(low, led)))
    found = opened(low, [with_start(low, f) for f in led])
    clock = Clock(base, anchor if isinstance(anchor, Anchor) else Anchor(anchor, anchor))
    return _placed(text, low, _with_dateline(even, found), clock, not words.isdisjoint(AHEAD_WORDS), offset)


def _candidates(even: str, low: str, words: set[str], numbered: bool) -> Iterator[Found]:
    """Everything that any finder sees; finders whose words do not occur are not asked."""
    hits = words & _TRIGGERS
    for keys, finder in _FINDERS:
        if not hits.isdisjoint(keys) and not (finder is periods and words.isdisjoint(_TURNING)):
            yield from finder(even, low)
    if "then" in words and "since" in words:
        yield from since_then(even, low)
    if any(pair <= words for pair in FEAST_PAIRS) and words.isdisjoint(FEAST_WORDS):
        yield from feasts(even, low)
    if "year" in words and "end" in words:
        yield from year_ends(even, low)
    if ("before" in words and "last" in words) or ("after" in words and "next" in words):
        yield from beyond_next(even, low)
    if numbered:
        yield from years(even, low)
    if numbered or "/" in low:
        yield from numeric(even, low)
    if "0s" in low or "0's" in low or not words.isdisjoint(DECADE_WORDS):
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


def _with_dateline(even: str, found: list[Found]) -> list[Found]:
    """Marks the date between a town and a dash at the start of a report."""
    first = found[0] if found else None
    if first is None or first.month is None or first.day is None or first.start > _DATELINE_REACH or "+" in first.rule:
        return found
    if _CITY.fullmatch(even, 0, first.start) and _AFTER_DATELINE.match(even, first.end):
        return [replace(first, rule=f"{first.rule}+dateline"), *found[1:]]
    return found


def _base(base: date | None, told: date | None) -> date | None:
    """The day that a report counts from: that of its dateline if it lies shortly before publication or publication is unknown."""
    if told is not None and (base is None or timedelta(0) <= base - told <= _TOLD_BEFORE):
        return told
    return base


def _placed(text: str, low: str, found: list[Found], clock: Clock, ahead: bool, offset: int) -> list[When]:
    """Reads every expression; a date named in the sentence is the anchor of those after it."""
    result = []
    anchor = clock.anchor
    for one in found:
        future = ahead and looks_ahead(low, one.start, one.end)
        now = Clock(_base(clock.base, anchor.told), anchor, future, None, is_limit(one) and looks_back(low, one.start))
        rule = one.rule
        try:
            start, end, precision = one.read(now)
        except (ValueError, OverflowError):  # beyond the calendar, such as 5000 years ago
            start, end, precision = UNKNOWN
        if EITHER in rule and one.year and one.month and one.day:
            rule = rule.replace(EITHER, order_of_digits(one.year, one.month, one.day, now)[1])
        result.append(When(start, end, precision, text[one.start : one.end], rule, offset + one.start, offset + one.end))
        if start is not None and precision == "day":
            anchor = Anchor(start, start, "day", start if rule.endswith("+dateline") else anchor.told, anchor.day_first)
        elif start is not None and precision in COARSE:
            anchor = Anchor(None, start, precision, anchor.told, anchor.day_first)
    return result
