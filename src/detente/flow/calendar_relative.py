"""Days and periods told from where the text stands ("yesterday", "last week", "on Thursday", "that month", "the weekend"); not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import (
    FULL_WEEKDAY,
    SEASONS,
    TURNS,
    UNKNOWN,
    Clock,
    Found,
    Reading,
    add_units,
    after_the,
    around,
    between,
    in_season,
    on_day,
    weekday_number,
    weekend_of,
)

_PART_OF_DAY = r"(?:\s+(?:early\s+|late\s+)?(?:morning|afternoon|evening|night|overnight)\b)?"

_WEEKDAY = re.compile(rf"(?<![\w-])(?P<w>{FULL_WEEKDAY})\b{_PART_OF_DAY}(?:\s+(?:of\s+)?(?P<week>last|this|next)\s+week\b)?")
_TURN_BEFORE = re.compile(r"\b(?P<turn>last|next|this coming|this past|this|the coming|coming|the following|the previous|the next)\s+$")
_NO_TURN = frozenset({" on", "for", "ate", "rly"})
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
_UNITS = r"day|night|morning|evening|afternoon|week|month|year|decade|quarter|spring|summer|autumn|fall|winter"
_PERIOD = re.compile(
    r"\b(?:(?P<which>last|this past|this coming|this|next|past|coming|previous|following|preceding|current|that same|that|same)|"
    r"(?P<edge>(?:end|beginning|start|middle|close) of|(?:earlier|later|late|early) in|(?:first|second|last|final)(?: \w+)? "
    r"(?:half|days?|weeks?|months?) of) (?P<the>the))"
    rf"\s+(?P<unit>{_UNITS})\b(?!-| of\b(?! \w+ing\b)| (?:plan|term)\b|s\b)"
)
_YEAR_END = re.compile(r"\b(?:the )?year(?:'s |-)end\b")
_PROGRAMME = re.compile(r"\s+(?:programme|program|show)\b")
_NAME_BEFORE = re.compile(r"[\w)]\s+$")
_WEEKEND = re.compile(r"\b(?:(?P<which>the|this past|this coming|this|last|next|the past|the coming|that) )?weekend\b(?!-)")
SUNDAY = 6
_PARTS = {"night", "morning", "evening", "afternoon"}


def _read_days(days: int, clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else on_day(clock.base + timedelta(days))


def _read_night(clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else between(clock.base - timedelta(1), clock.base)


def days_near(plain: str, low: str) -> Iterator[Found]:
    """ "today", "the day before yesterday", "this morning", "overnight"."""
    for match in _TODAY.finditer(low):
        start, end = match.span()
        if match["over"]:
            yield Found(start, end, "overnight", _read_night)
            continue
        if (plain[start].isupper() and _NAME_BEFORE.search(plain[:start])) or _PROGRAMME.match(plain, end):  # "Russia Today"
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
        day, turn = weekday_number(match["w"]), ""
        if low[max(0, start - 4) : start - 1] not in _NO_TURN and (turned := _TURN_BEFORE.search(low, max(0, start - 16), start)):
            start, turn = turned.start(), " ".join(turned["turn"].split())
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
    day = clock.anchor.day
    if day is None:
        return UNKNOWN
    back = (day.weekday() - weekday) % 7
    return on_day(day - timedelta(back or 7) if turn == "the previous" else day + timedelta(7 - back))


def _read_weekday_of(weekday: int, week: str, clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    monday = clock.base - timedelta(clock.base.weekday())
    return on_day(monday + timedelta(weekday + 7 * (TURNS.get(week, 0))))


def periods(plain: str, low: str) -> Iterator[Found]:
    """ "last week", "this year", "the past month", "that month", "the following day", "the end of the year"."""
    for match in _PERIOD.finditer(low):
        which, unit = match["which"] or "this", match["unit"]
        with_the = not match["edge"] and after_the(low, match.start())
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


def year_ends(plain: str, low: str) -> Iterator[Found]:
    """ "by the year's end", "at year-end"."""
    for match in _YEAR_END.finditer(low):
        yield Found(*match.span(), "year-end", _read_end_of_year)


def _read_end_of_year(clock: Clock) -> Reading:
    return UNKNOWN if clock.base is None else (date(clock.base.year, 9, 1), date(clock.base.year, 12, 31), "year")


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
    unit = "day" if unit in _PARTS else unit
    pivot = clock.anchor.at("season" if unit in SEASONS else unit) if rule.startswith("anchor") else clock.base
    if pivot is None:
        return UNKNOWN
    step = TURNS.get(which, 0)
    if unit in SEASONS:
        return _read_season(unit, step, pivot)
    if rule == "past-period":
        return between(add_units(pivot, -1, unit), pivot)
    if rule == "coming-period":
        return between(pivot, add_units(pivot, 1, unit))
    if which == "last" and unit == "week" and pivot.weekday() == SUNDAY:
        step = 0  # Sunday's papers look back on the week that ends with them
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
    pivot = clock.anchor.day if which == "that" else clock.base
    if pivot is None:
        return UNKNOWN
    in_it = pivot.weekday() >= 5
    ahead = which in {"next", "this coming", "the coming"} or (clock.future and which in {"this", "the"} and not in_it)
    back = 7 if which in {"last", "this past", "the past"} and in_it else 0
    return weekend_of(pivot + timedelta(7 if ahead else -back))
