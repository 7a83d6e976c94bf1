"""Distances and stretches of time ("two days later", "the past three weeks", "within 48 hours", "the week before last"); not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import (
    FEW,
    UNKNOWN,
    Anchor,
    Clock,
    Found,
    Reading,
    add_units,
    after_the,
    around,
    between,
    looks_ahead,
    on_day,
    weekend_of,
)
from .number_words import TIME_NUMBER, time_number

_UNIT = r"(?:minute|hour|day|week|fortnight|month|year|decade)"
_MORE = frozenset({"more than", "over", "at least", "well over"})
_LESS = frozenset({"less than", "under", "barely"})
_AGO = re.compile(
    r"(?:\b(?P<vague>more than|less than|under|over|at least|almost|nearly|about|around|some|just|only|barely|exactly|roughly|"
    r"well over)\s+)?"
    rf"(?<![\w.,$-])(?:(?P<half>half\s+)?(?P<n>{TIME_NUMBER})\s+)?\b(?P<unit>{_UNIT})s?(?P<and>\s+and\s+a\s+half)?\s+"
    r"(?P<way>ago|earlier|later|before|after|afterwards?|from now|previously|prior)\b(?! this| in| that| last\b| next\b)"
    r"(?P<exact>(?<=ago)\s+(?:today|to the day))?"
)
_PAST = re.compile(
    rf"\b(?:the\s+)?(?P<way>last|past|previous|preceding|next|coming|following|recent)\s+"
    rf"(?:(?P<n>{TIME_NUMBER})\s+)?(?P<unit>{_UNIT})s\b(?!-| of )"
)
_IN_TIME = re.compile(rf"\b(?P<prep>in|within)\s+(?P<n>{TIME_NUMBER})\s+(?P<unit>{_UNIT})s?\b(?P<time>'?s?\s+time\b)?(?![-'])")
_NO_TIME_BEFORE = re.compile(
    r"\b(?:times?|once|twice|only|\w{2,}est|(?:first|second|third|fourth|fifth|sixth|seventh|last|most|least|worst|best)(?:\s+[\w-]+){0,4})\s+$"
)
_BEYOND = re.compile(r"\bthe (?P<unit>day|night|week|weekend|month|year) (?P<way>before last|after next)\b")
_SINCE_THEN = re.compile(r"\b(?:ever )?since then\b")
_HALF = {"decade": ("year", 5, 10), "year": ("month", 6, 12)}


def distances(plain: str, low: str) -> Iterator[Found]:
    """ "two days ago", "a week earlier", "three months later", "more than six months ago"; opened: "a day after" (a date follows)."""
    for match in _AGO.finditer(low):
        way, number, unit = match["way"], match["n"], match["unit"]
        if number is None and low[match.end("unit") : match.end("unit") + 1] != "s":
            if way not in {"before", "after"} or not after_the(low, match.start()) or unit in {"minute", "hour"}:
                continue
            number = "a"
        if (match["half"] or match["and"]) and unit not in _HALF:
            continue
        start = match.start() - 4 if after_the(low, match.start()) and match["n"] is None else match.start()
        opened = way in {"before", "after"}
        rule = "ago" if way in {"ago", "from now"} else "anchor-distance"
        count = _count(unit, number, -1 if match["half"] else int(bool(match["and"])))
        read = partial(_read_exact, count) if match["exact"] else partial(_read_distance, count, way, match["vague"])
        yield Found(start, match.end(), rule, read, pivot="base" if rule == "ago" else "anchor", opened=opened)
    for match in _IN_TIME.finditer(low):
        ahead = looks_ahead(low, match.start(), match.end()) and not _NO_TIME_BEFORE.search(low[max(0, match.start() - 50) : match.start()])
        if match["prep"] == "within" and ahead:
            yield Found(*match.span(), "within-stretch", partial(_read_stretch, "coming", match["n"], match["unit"]))
        elif match["time"] or ahead:
            count = _count(match["unit"], match["n"], 0)
            yield Found(*match.span(), "in-time", partial(_read_distance, count, "from now", None))


def _count(unit: str, number: str | None, half: int) -> tuple[str, int, int]:
    """Unit, lowest and highest number; `half`: -1 for "half a year", 1 for "a year and a half"."""
    low, high = _numbers(number, unit)
    if half:
        finer, part, whole = _HALF[unit]
        return finer, (part if half < 0 else low * whole + part), (part if half < 0 else high * whole + part)
    return unit, low, high


def _numbers(number: str | None, unit: str) -> tuple[int, int]:
    """Lowest and highest value of a number of units; "few", "several" and no number at all are fewer than the next larger unit."""
    return FEW[unit] if number is None or number.split()[-1] in {"few", "several"} else time_number(number)


def _read_exact(count: tuple[str, int, int], clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else on_day(add_units(clock.base, -count[1], count[0]))


def _read_distance(count: tuple[str, int, int], way: str, vague: str | None, clock: Clock) -> Reading:
    unit, low, high = count
    pivot = clock.base if way in {"ago", "from now"} else clock.anchor.at(unit)
    if pivot is None:
        return UNKNOWN
    sign = 1 if way in {"later", "after", "afterward", "afterwards", "from now"} else -1
    if unit in {"minute", "hour"} and high < 24:
        return on_day(pivot)
    edge = add_units(pivot, sign * low, unit)
    if vague in _MORE and low == high:
        return (None, edge, "before") if sign < 0 else (edge, None, "after")
    if vague in _LESS and low == high:
        return between(pivot, edge)
    if low != high:
        return between(edge, add_units(pivot, sign * high, unit))
    return around(edge, unit)


def event_distance(words: str, day: date) -> Reading:
    """Where an event stands that happened "a day after" (the words) another one, which was on a day."""
    from_event = next(iter(distances(words, words.lower())), None)
    if from_event is None:
        return UNKNOWN
    return from_event.read(Clock(day, Anchor(day, day)))


def stretches(plain: str, low: str) -> Iterator[Found]:
    """ "the past two weeks", "last 24 hours", "in recent days", "the coming months"."""
    for match in _PAST.finditer(low):
        way, number = match["way"], match["n"]
        if number is None and way not in {"recent", "coming", "past", "previous"}:
            continue
        pivot = "anchor" if way in {"following", "preceding"} else "base"
        yield Found(*match.span(), f"{way}-stretch", partial(_read_stretch, way, number, match["unit"]), pivot=pivot)


def _read_stretch(way: str, number: str | None, unit: str, clock: Clock) -> Reading:
    pivot = clock.anchor.at(unit) if way in {"following", "preceding"} else clock.base
    if pivot is None:
        return UNKNOWN
    count = _numbers(number, unit)[1]
    if way in {"next", "coming", "following"}:
        return between(pivot, add_units(pivot, count, unit))
    return between(add_units(pivot, -count, unit), pivot)


def beyond_next(plain: str, low: str) -> Iterator[Found]:
    """ "the week before last", "the year after next"."""
    for match in _BEYOND.finditer(low):
        step = -2 if match["way"] == "before last" else 2
        yield Found(*match.span(), f"{match['unit']}-{match['way'].replace(' ', '-')}", partial(_read_beyond, match["unit"], step))


def _read_beyond(unit: str, step: int, clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    if unit == "weekend":
        return weekend_of(clock.base + timedelta(7 * (step + (1 if step < 0 else 0))))
    return around(add_units(clock.base, step, "day" if unit == "night" else unit), "day" if unit == "night" else unit)


def since_then(plain: str, low: str) -> Iterator[Found]:
    """ "since then": from the day named before up to publication."""
    for match in _SINCE_THEN.finditer(low):
        yield Found(*match.span(), "since-then-range", _read_since_then, pivot="anchor")


def _read_since_then(clock: Clock) -> Reading:
    start = clock.anchor.start
    if start is None:
        return UNKNOWN
    return (start, clock.base, "range") if clock.base is not None and start <= clock.base else (start, None, "after")
