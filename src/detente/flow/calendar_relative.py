"""Time expressions that count from another day ("yesterday", "last week", "two days later", "over the weekend"); not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import (
    AFTER_YEAR,
    FULL_WEEKDAY,
    SEASONS,
    UNKNOWN,
    YEAR,
    Clock,
    Found,
    Reading,
    add_units,
    around,
    in_quarter,
    in_season,
    on_day,
    weekday_number,
    weekend_of,
)
from .number_words import TIME_NUMBER, time_number

_PART_OF_DAY = r"(?:\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|overnight)\b)?"
_UNIT = r"(?:minute|hour|day|week|month|year|decade)"

_WEEKDAY = re.compile(
    rf"(?:\b(?P<turn>(?i:last|next|this coming|this past|this|the coming|coming|the following|the previous|the next))\s+)?"
    rf"(?<![\w-])(?P<w>{FULL_WEEKDAY})\b{_PART_OF_DAY}(?:\s+(?:of\s+)?(?P<week>last|this|next)\s+week\b)?"
)
_NO_WEEKDAY_BEFORE = re.compile(r"\b(?:bloody|black|good|ash|palm|holy|super|cyber|easter|every|each|whit|shrove|sheffield|girl|man)\s+$")
_NO_WEEKDAY_AFTER = re.compile(
    r"\s+(?:Times|Telegraph|Mirror|Express|Mail|Herald|Post|Star|Independent|Tribune|Age|Mercury|World|People|Sun|Business|Review|Magazine|"
    r"Standard|Monitor|Nation|Vision|Leader|Observer|Punch|Trust|Mass|Agreement|Night Live)\b"
)
_TODAY = re.compile(
    r"\b(?:(?:earlier |later |late |early )?(?P<now>today|tonight)|(?:early |late |later |earlier )?this (?P<part>morning|afternoon|"
    r"evening)"
    rf"|(?P<two>the day before yesterday|the day after tomorrow)|(?P<one>yesterday|tomorrow){_PART_OF_DAY}|(?P<last>last night|"
    rf"last evening)"
    r"|(?P<over>overnight))\b(?!'s (?:world|society|youth))"
)
_PERIOD = re.compile(
    r"\b(?:(?P<which>last|this past|this coming|this|next|past|coming|previous|following|preceding|current|that same|that|same)|"
    r"(?P<edge>end of|"
    r"beginning of|start of|middle of|(?:earlier|later|late|early) in) (?P<the>the))\s+(?P<unit>day|night|morning|evening|afternoon|"
    r"week|month|year|decade|quarter|"
    r"spring|summer|autumn|fall|winter)\b(?!-| of\b| (?:plan|term)\b|s\b)"
)
_WEEKEND = re.compile(r"\b(?:(?P<which>the|this past|this coming|this|last|next|the past|the coming|that) )?weekend\b(?!-)")
_AGO = re.compile(
    rf"(?:\b(?P<vague>more than|less than|under|over|at least|almost|nearly|about|around|some|just|only|barely|exactly|roughly|"
    rf"well over)\s+)?"
    rf"(?<![\w.,$-])(?:(?P<n>{TIME_NUMBER})\s+)?\b(?P<unit>{_UNIT})s?\s+(?P<way>ago|earlier|later|before|after|afterwards?|from now|"
    rf"previously|prior)\b(?! this| in| that)"
)
_PAST = re.compile(
    rf"\b(?:the\s+)?(?P<way>last|past|previous|preceding|next|coming|following|"
    rf"recent)\s+(?:(?P<n>{TIME_NUMBER})\s+)?(?P<unit>{_UNIT})s\b(?!-| of )"
)
_IN_TIME = re.compile(rf"\b(?:in|within)\s+(?P<n>{TIME_NUMBER})\s+(?P<unit>{_UNIT})s?'?s?\s+time\b")
_SEASON = re.compile(
    rf"\b(?:the\s+)?(?P<s>{'|'.join(SEASONS)})(?:\s+of|,)?\s+(?P<y>{YEAR}){AFTER_YEAR}|\b(?:in|during|over|by|"
    rf"since|until) the (?P<s2>{'|'.join(SEASONS)})\b(?! of\b)"
)
_QUARTER = re.compile(
    rf"\b(?:the\s+)?(?:(?P<n>first|second|third|fourth|last|final|1st|2nd|3rd|4th) (?P<u>quarter|half)|q(?P<q>[1-4])|(?P<h>h[12]))"
    rf"(?:(?:\s+of(?: the year)?|,)?\s+(?P<y>{YEAR}){AFTER_YEAR}|\s+of (?P<turn>this|last|next|the) year)?\b"
)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_RECENT = {"day": 7, "week": 4, "month": 6, "year": 5, "decade": 3, "hour": 24, "minute": 60}
_TURNS = {"last": -1, "previous": -1, "preceding": -1, "this past": -1, "next": 1, "following": 1, "this coming": 1, "coming": 1}
_PARTS = {"night", "morning", "evening", "afternoon"}


def _after_the(low: str, start: int) -> bool:
    """Whether the word right before is "the"."""
    return low.endswith("the ", 0, start) and (start == 4 or not low[start - 5].isalnum())


def _between(one: date, two: date) -> Reading:
    return min(one, two), max(one, two), "range"


def _read_days(days: int, clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else on_day(clock.base + timedelta(days))


def _read_night(clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else _between(clock.base - timedelta(1), clock.base)


def days_near(plain: str, low: str) -> Iterator[Found]:
    """ "today", "the day before yesterday", "this morning", "overnight"."""
    for match in _TODAY.finditer(low):
        start, end = match.span()
        if match["over"]:
            yield Found(start, end, "overnight", _read_night)
            continue
        words = match["two"] or match["one"]
        days = (-1 if "yesterday" in words else 1) * (2 if match["two"] else 1) if words else -int(bool(match["last"]))
        rule = words.split()[-1] if words else match["now"] or ("last-night" if match["last"] else "today")
        yield Found(start, end, rule, partial(_read_days, days))


def weekdays(plain: str, low: str) -> Iterator[Found]:
    """ "Thursday", "last Thursday", "next Monday", "Monday night", "Friday of last week"."""
    for match in _WEEKDAY.finditer(plain):
        start, end = match.span()
        if _NO_WEEKDAY_BEFORE.search(low[max(0, start - 12) : start]) or _NO_WEEKDAY_AFTER.match(plain, match.end("w")):
            continue
        day, turn = weekday_number(match["w"]), " ".join((match["turn"] or "").lower().split())
        if turn in {"the following", "the next", "the previous"}:
            yield Found(start, end, "weekday-anchor", partial(_read_weekday_anchor, day, turn), weekday=day, pivot="anchor")
        elif match["week"]:
            yield Found(start, end, "weekday-of-week", partial(_read_weekday_of, day, match["week"]), weekday=day)
        else:
            rule = {"last": "last-weekday", "this past": "last-weekday", "": "weekday", "this": "weekday"}.get(turn, "next-weekday")
            yield Found(start, end, rule, partial(_read_weekday, day, rule), weekday=day)


def _read_weekday(weekday: int, rule: str, clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    back = (clock.base.weekday() - weekday) % 7
    if rule == "last-weekday":
        return on_day(clock.base - timedelta(back or 7))
    if rule == "next-weekday" or (clock.future and back):
        return on_day(clock.base + timedelta(7 - back))
    return on_day(clock.base - timedelta(back))


def _read_weekday_anchor(weekday: int, turn: str, clock: Clock) -> Reading:
    if clock.anchor is None:
        return UNKNOWN
    back = (clock.anchor.weekday() - weekday) % 7
    return on_day(clock.anchor - timedelta(back or 7) if turn == "the previous" else clock.anchor + timedelta(7 - back))


def _read_weekday_of(weekday: int, week: str, clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    monday = clock.base - timedelta(clock.base.weekday())
    return on_day(monday + timedelta(weekday + 7 * (_TURNS.get(week, 0))))


def periods(plain: str, low: str) -> Iterator[Found]:
    """ "last week", "this year", "the past month", "that month", "the following day", "the end of the year"."""
    for match in _PERIOD.finditer(low):
        which, unit = match["which"] or "this", match["unit"]
        with_the = _after_the(low, match.start())
        start = match.start() - 4 if with_the else match.start()
        if match["edge"]:
            start = match.start("the")
        if which in {"past", "coming", "current", "same"} and not with_the:
            continue
        if with_the and which in {"this", "that", "that same", "this past", "this coming"}:
            continue
        rule = _period_rule(which, unit, with_the)
        if rule is None:
            continue
        pivot = "anchor" if rule.startswith("anchor") else "base"
        yield Found(start, match.end(), rule, partial(_read_period, rule, which, unit), pivot=pivot)


def _period_rule(which: str, unit: str, with_the: bool) -> str | None:
    """Name of the rule for "last week" and the like; None where the words are no date ("this day", "last morning")."""
    short = unit in _PARTS or unit == "day"
    if which in {"that", "that same", "same"}:
        return "anchor-same"
    if which in {"previous", "following", "preceding"}:
        return "anchor-next" if which == "following" else "anchor-previous"
    if short:
        return "anchor-next" if which == "next" else None
    if which == "past" or (which == "last" and with_the and unit not in SEASONS):
        return "past-period"
    if which == "coming" or (which == "next" and with_the):
        return "coming-period"
    return f"{'current' if which == 'current' else which.replace(' ', '-')}-{unit}"


def _read_period(rule: str, which: str, unit: str, clock: Clock) -> Reading:
    pivot = clock.anchor if rule.startswith("anchor") else clock.base
    if pivot is None:
        return UNKNOWN
    step = _TURNS.get(which, 0)
    if unit in SEASONS:
        return _read_season(unit, step, pivot)
    unit = "day" if unit in _PARTS else unit
    if rule == "past-period":
        return _between(add_units(pivot, -1, unit), pivot)
    if rule == "coming-period":
        return _between(pivot, add_units(pivot, 1, unit))
    return around(add_units(pivot, step, unit), unit)


def _read_season(season: str, step: int, pivot: date) -> Reading:
    spans = [in_season(y, season) for y in range(pivot.year - 2, pivot.year + 3)]
    over = [s for s in spans if s[1] is not None and s[1] < pivot]
    ahead = [s for s in spans if s[0] is not None and s[0] > pivot]
    now = [s for s in spans if s not in over and s not in ahead]
    if step < 0:
        return over[-1]
    if step > 0:
        return ahead[0]
    this_year = [s for s in spans if s[0] is not None and s[0].year == pivot.year]
    return (now or this_year)[0]


def weekends(plain: str, low: str) -> Iterator[Found]:
    """ "over the weekend", "last weekend", "next weekend"."""
    for match in _WEEKEND.finditer(low):
        if match["which"]:
            pivot = "anchor" if match["which"] == "that" else "base"
            yield Found(*match.span(), "weekend", partial(_read_weekend, match["which"]), pivot=pivot)


def _read_weekend(which: str, clock: Clock) -> Reading:
    pivot = clock.anchor if which == "that" else clock.base
    if pivot is None:
        return UNKNOWN
    in_it = pivot.weekday() >= 5
    ahead = which in {"next", "this coming", "the coming"} or (clock.future and which in {"this", "the"} and not in_it)
    back = 7 if which in {"last", "this past", "the past"} and in_it else 0
    return weekend_of(pivot + timedelta(7 if ahead else -back))


def distances(plain: str, low: str) -> Iterator[Found]:
    """ "two days ago", "a week earlier", "three months later", "more than six months ago"; opened: "a day after" (a date follows)."""
    for match in _AGO.finditer(low):
        way, number = match["way"], match["n"]
        if number is None and (match["unit"] in {"minute", "hour"} or low[match.end("unit")] != "s"):
            if not (way in {"before", "after"} and _after_the(low, match.start())):
                continue
            number = "a"
        start = match.start() - 4 if _after_the(low, match.start()) and match["n"] is None else match.start()
        opened = way in {"before", "after"}
        rule = "ago" if way in {"ago", "from now"} else "anchor-distance"
        read = partial(_read_distance, match["unit"], number, way, match["vague"])
        yield Found(start, match.end(), rule, read, pivot="base" if rule == "ago" else "anchor", opened=opened)
    for match in _IN_TIME.finditer(low):
        yield Found(*match.span(), "in-time", partial(_read_distance, match["unit"], match["n"], "from now", None))


def _read_distance(unit: str, number: str | None, way: str, vague: str | None, clock: Clock) -> Reading:
    pivot = clock.base if way in {"ago", "from now"} else clock.anchor
    if pivot is None:
        return UNKNOWN
    sign = 1 if way in {"later", "after", "afterward", "afterwards", "from now"} else -1
    low, high = time_number(number) if number else (2, 6)
    if vague in {"more than", "over", "at least", "well over"} and low == high and unit != "hour":
        high = low + max(1, low // 2)
    elif vague in {"less than", "under", "barely"}:
        low = 0
    if low != high:
        return _between(add_units(pivot, sign * low, unit), add_units(pivot, sign * high, unit))
    return around(add_units(pivot, sign * low, unit), unit)


def stretches(plain: str, low: str) -> Iterator[Found]:
    """ "the past two weeks", "last 24 hours", "in recent days", "the coming months"."""
    for match in _PAST.finditer(low):
        way, number = match["way"], match["n"]
        if number is None and way not in {"recent", "coming", "past", "previous"}:
            continue
        pivot = "anchor" if way in {"following", "preceding"} else "base"
        yield Found(*match.span(), f"{way}-stretch", partial(_read_stretch, way, number, match["unit"]), pivot=pivot)


def _read_stretch(way: str, number: str | None, unit: str, clock: Clock) -> Reading:
    pivot = clock.anchor if way in {"following", "preceding"} else clock.base
    if pivot is None:
        return UNKNOWN
    count = time_number(number)[1] if number else _RECENT[unit]
    if way in {"next", "coming", "following"}:
        return _between(pivot, add_units(pivot, count, unit))
    return _between(add_units(pivot, -count, unit), pivot)


def seasons(plain: str, low: str) -> Iterator[Found]:
    """ "the spring of 2014", "summer 2016", "in the spring"."""
    for match in _SEASON.finditer(low):
        if match["y"]:
            year = int(match["y"])
            yield Found(*match.span(), "season-year", partial(_read_season_of, year, match["s"]), year)
        else:
            yield Found(match.start("s2") - 4, match.end(), "season", partial(_read_the_season, match["s2"]))


def _read_season_of(year: int, season: str, clock: Clock) -> Reading:
    return in_season(year, season)


def _read_the_season(season: str, clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    spans = [in_season(y, season) for y in range(clock.base.year - 2, clock.base.year + 2)]
    if clock.future:
        return next(s for s in spans if s[1] is not None and s[1] >= clock.base)
    return [s for s in spans if s[0] is not None and s[0] <= clock.base][-1]


def quarters(plain: str, low: str) -> Iterator[Found]:
    """ "the third quarter of 2018", "Q3 2018", "the first half of this year"."""
    for match in _QUARTER.finditer(low):
        half = match["u"] == "half" or match["h"] is not None
        number = int(match["q"] or (match["h"] or "h0")[1]) or _ORDINAL[match["n"]]
        if match["n"] in {"last", "final"} and half:
            number = 2
        placed = match["y"] or match["turn"]
        if (half and (number > 2 or not placed)) or (match["n"] in {"last", "final"} and not placed) or (match["q"] and not match["y"]):
            continue
        if not placed and not low.startswith("the ", match.start()):
            continue
        year = int(match["y"]) if match["y"] else None
        read = partial(_read_quarter, number, half, year, match["turn"])
        yield Found(*match.span(), "half-year" if half else "quarter", read, year)


def _read_quarter(number: int, half: bool, year: int | None, turn: str | None, clock: Clock) -> Reading:
    if year is None:
        if clock.base is None:
            return UNKNOWN
        year = clock.base.year + (_TURNS.get(turn, 0) if turn else 0)
        if turn is None and not clock.future and date(year, 3 * number - 2, 1) > clock.base:
            year -= 1
    if half:
        return in_quarter(year, 2 * number - 1)[0], in_quarter(year, 2 * number)[1], "range"
    return in_quarter(year, number)

