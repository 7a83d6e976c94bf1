"""Neighbouring dates that make one expression: ends of a range, days in a row, a day and its year, a distance and its day; not a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from .calendar_words import UNKNOWN, Anchor, Clock, Found, Reading

_JOIN = re.compile(r"\s*(?P<join>-|to|into|until|till|through|and)\s*(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?")
_FROM = re.compile(r"(?<![\w'-])(?P<word>from|between)\s+(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?$")
_GAP = re.compile(r"\s+(?:(?:the|his|her|its|their)\s+)?")
_OF = re.compile(r",?\s+(?:of\s+)?")
_LISTED = re.compile(r"\s*(?P<comma>,)?\s*(?P<last>and|or)?\s*")
_LED = re.compile(r"(?:on|in|at|during|over)\s")
_CLAUSE_END = re.compile(r"\s*(?:[,.;:!?)\"]|$)")
_YEARS = frozenset({"last-year", "this-year", "next-year", "current-year"})
DISTANCE_FROM_EVENT = "distance-from-event"


def with_year(low: str, found: list[Found]) -> list[Found]:
    """Joins "July 4" or "the summer" to the "last year" behind it."""
    result: list[Found] = []
    for one in found:
        last = result[-1] if result else None
        fits = last is not None and last.year is None and (last.month is not None or last.rule == "season") and one.rule in _YEARS
        if last is None or not fits or not _OF.fullmatch(low, last.end, one.start) or low.startswith("'", one.end):
            result.append(one)
            continue
        result[-1] = replace(last, end=one.end, rule=f"{last.rule}-{one.rule}", read=partial(_read_in, last, one))
    return result


def _read_in(found: Found, year: Found, clock: Clock) -> Reading:
    start = year.read(clock)[0]
    return UNKNOWN if start is None else found.read(replace(clock, year=start.year))


def joined(low: str, found: list[Found]) -> list[Found]:
    """Makes one interval of "from June 29 to July 4", "between March and June 2011", "June 29 - July 4", "Monday night into Tuesday"."""
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
    if join == "into":
        return (first.weekday is not None or first.day is not None) and (second.weekday is not None or second.day is not None)
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


def in_a_row(low: str, found: list[Found]) -> list[Found]:
    """Makes one interval of days, months or years that are listed and follow each other: "on Friday, Saturday and Sunday"."""
    result: list[Found] = []
    row: list[Found] = []
    for one in found:
        match = _LISTED.fullmatch(low, row[-1].end, one.start) if row else None
        if match is None or not (match["comma"] or match["last"]) or _LED.match(low, one.start) or not _next(row[-1], one):
            result.extend(_closed(low, row))
            row = []
        row.append(one)
    result.extend(_closed(low, row))
    return result


def _closed(low: str, row: list[Found]) -> Iterator[Found]:
    """A row as one expression if its last member is tied by "and" or "or" and owns no noun; else its members."""
    if len(row) > 1 and not low.startswith("'", row[-1].end) and low[row[-2].end : row[-1].start].strip(" ,") in {"and", "or"}:
        first, last = row[0], row[-1]
        yield Found(first.start, last.end, "row-range", partial(_read_range, first, last), last.year or first.year, pivot=first.pivot)
    else:
        yield from row


def _next(one: Found, two: Found) -> bool:
    """Whether a second date is the next weekday, month or year after a first one, both told alike."""
    if one.rule.split("+")[0] != two.rule.split("+")[0] or "+" in two.rule or one.day is not None or one.rule.endswith("range"):
        return False
    if one.weekday is not None and two.weekday is not None:
        return two.weekday == (one.weekday + 1) % 7
    if one.month is not None and two.month is not None:
        return two.month == one.month % 12 + 1
    return one.month is None and one.year is not None and two.year == one.year + 1 and one.rule.startswith("year")


def opened(low: str, found: list[Found]) -> list[Found]:
    """Joins "a day after" to the date behind it; before other words it tells of an event, and at the end of a clause of a day before."""
    result: list[Found] = []
    for number, one in enumerate(found):
        last = result[-1] if result else None
        waiting = last is not None and last.opened and last.rule != DISTANCE_FROM_EVENT
        if last is not None and waiting and _GAP.fullmatch(low, last.end, one.start) and not one.opened:
            result[-1] = Found(last.start, one.end, "distance-from-date", partial(_read_from, last, one))
            continue
        followed = number + 1 < len(found) and _GAP.fullmatch(low, one.end, found[number + 1].start) is not None
        if one.opened and not followed and not _CLAUSE_END.match(low, one.end):
            one = replace(one, rule=DISTANCE_FROM_EVENT, read=_read_nothing)
        result.append(one)
    return result


def _read_from(distance: Found, target: Found, clock: Clock) -> Reading:
    start, _, precision = target.read(clock)
    if start is None or precision is None:
        return UNKNOWN
    exact = precision in {"day", "week", "range"}
    return distance.read(replace(clock, anchor=Anchor(start if exact else None, start, "day" if exact else precision)))


def _read_nothing(clock: Clock) -> Reading:
    """A distance from an event: which day that was only the other claims of the sentence can tell."""
    return UNKNOWN
