"""The words around a date that name a part of it ("late", "the first week of") or make it a limit ("since", "by"); not a step.

A limit gives an interval that is closed by the day of publication where the sentence allows it: what has been so "since 2011" lasts
until publication, what will be done "by Friday" is done after it. Where neither end can be told, one side stays open: precision
"before" has no first day, "after" no last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from .calendar_words import UNKNOWN, Clock, Found, Reading, add_units, in_week, looks_ahead, month_span, on_day, weekend_of
from .number_words import TIME_NUMBER, time_number

_Read = Callable[[Clock], Reading]
ORDINALS = {"first": 1, "1st": 1, "opening": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
            "last": -1, "final": -1, "closing": -1}
_REACH = 56
_LEAD = re.compile(
    r"(?:(?<![\w'-])(?P<prep>on|in|at|over|during|throughout|since|within|until|till|by|before|after|prior to|up to|not? later than)\s+)?"
    r"(?:(?<![\w'-])(?:the\s+)?(?:very\s+)?(?P<mod>early|mid|late|earlier|later|(?:end|beginning|start|middle|close) of|"
    r"week of|week (?:beginning|starting)(?: on)?|(?P<day>[0-9]{1,2})(?:st|nd|rd|th) of|"
    rf"(?P<nth>{'|'.join(ORDINALS)})\s+(?:(?P<n>{TIME_NUMBER})\s+)?(?P<unit>day|week|weekend|month|half)s? of)"
    r"(?:\s+|(?<=mid)-)(?:(?:in|on|of)\s+)?(?:the\s+)?)?$"
)
_LIMIT_LEAD = re.compile(r"(?<![\w'-])(?P<ever>ever\s+)?(?P<prep>since|until|till|before|after|prior to|up to|not? later than)\s+$")
_LIMITS = frozenset({"since", "until", "till", "by", "before", "after", "prior to", "up to", "no later than", "not later than"})
# Words that may stand right before a date and change it; without one of them no pattern is tried.
_PLAIN = frozenset({"on", "in", "at", "over", "during", "throughout"})
_TIMES = frozenset({"early", "mid", "late", "earlier", "later", "very"})
_LEAD_WORDS = _PLAIN | _TIMES | frozenset("since within until till by before after to than from of the beginning starting between".split())
_SAME = {"prior to": "before", "up to": "until", "no later than": "by", "not later than": "by"}
_LIMIT_RULE = re.compile(r"\+(?:since|until|till|by|before|after|from)$")
_OPEN_END = frozenset({"since", "after", "from"})
_EXCLUSIVE = frozenset({"before", "prior to"})
_EITHER_SIDE = frozenset({"by", "until", "till", "no later than", "not later than"})
_FROM = re.compile(r"(?<![\w'-])(?:(?P<firm>(?:starting|beginning|as|effective)(?: from)?|with effect from)|from)\s+$")
_RANGE_FROM = re.compile(r"(?<![\w'-])(?:from|between)\s+(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?$")
_ONWARD = re.compile(r"\s+(?:onwards?|forwards?|on(?=\s*(?:[,.;:)]|$)))")
# A date is some noun's where it has an "'s" or stands right before what takes place.
_OWNER = re.compile(r"'|\s+(?:prayers?|mass|services?|talks|meetings?|summits?|votes?|elections?|attacks?|bombings?|raids?|"
                    r"protests?|rall(?:y|ies)|"
                    r"clashes|strikes?|deadline|ceremony)\b")
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2, "close": 2}


def with_lead(low: str, found: Found, before: Found | None) -> Found:
    """Takes in the preposition and the words for a part of the date that stand in front of it; `before` is the expression to the left."""
    begin = max(before.end if before else 0, found.start - _REACH)
    lead = low[begin : found.start]
    words = lead.rsplit(None, 2)[-2:]
    if not words or (words[-1] not in _LEAD_WORDS and not words[-1].endswith("mid-")):
        return found
    if words[-1] in _PLAIN and words[0] not in _TIMES and lead.endswith(f" {words[-1]} "):  # most dates: a bare "on" or "in"
        return found if _OWNER.match(low, found.end) else replace(found, start=found.start - len(words[-1]) - 1)
    if found.rule.endswith("-range") and (span := _RANGE_FROM.search(lead)):
        return replace(found, start=begin + span.start())
    match = _LIMIT_LEAD.search(lead) or _LEAD.search(lead)
    if match is None or match.start() == len(lead):
        return found
    parts = match.groupdict()
    mod, prep = parts.get("mod"), match["prep"]
    if before is not None and prep in {"until", "till"} and low[: before.start].endswith("from ") and not lead[: match.start()].strip():
        return found  # "from 2011 until last year"
    if mod is None and _OWNER.match(low, found.end):  # "after last night's attack": the preposition is the noun's
        return found
    if parts.get("day") and not found.rule.endswith("-month"):
        return found
    read, rule = found.read, found.rule
    if mod:
        read = _part_of(read, parts, found.pivot)
        rule += f"+{(parts.get('unit') or mod).split()[0]}"
    if prep in _LIMITS:
        ended = mod is not None and mod.split()[0] in {"end", "close"}
        read = partial(_read_limit, read, "by" if prep in _EXCLUSIVE and ended else prep)
        rule += f"+{_SAME.get(prep, prep)}"
    return replace(found, start=begin + match.start(), read=read, rule=rule)


def is_limit(found: Found) -> bool:
    """Whether an expression names one side of an interval."""
    return "+" in found.rule and _LIMIT_RULE.search(found.rule) is not None


def with_start(low: str, found: Found) -> Found:
    """Takes in what makes a date the first of an open stretch: "starting on Monday", "from 2009 onwards", "will run from Monday"."""
    if not low.endswith(("from ", "ing ", "effective "), 0, found.start) or found.rule.endswith("range") or is_limit(found):
        return found
    begin = max(0, found.start - 24)
    match = _FROM.search(low[begin : found.start])
    if match is None or match["firm"] == "as":
        return found
    onward = _ONWARD.match(low, found.end)
    if onward is None and not match["firm"] and not looks_ahead(low, found.start, found.end):
        return found
    end = onward.end() if onward else found.end
    return replace(found, start=begin + match.start(), end=end, read=partial(_read_limit, found.read, "from"), rule=f"{found.rule}+from")


def _part_of(read: _Read, parts: dict[str, str | None], pivot: str) -> _Read:
    mod = parts["mod"] or ""
    if parts["nth"] and parts["unit"]:
        count = time_number(parts["n"])[0] if parts["n"] else None
        return partial(_read_nth, read, ORDINALS[parts["nth"]], count, parts["unit"])
    if parts["day"]:
        return partial(_read_day_of, read, int(parts["day"]))
    if mod.startswith("week"):
        return partial(_read_week_of, read, mod)
    return partial(_read_part, read, mod.split()[0], pivot)


def _read_part(read: _Read, mod: str, pivot: str, clock: Clock) -> Reading:
    """A third of a month, year, season or decade; for "earlier" and "later" the side of the day counted from."""
    start, end, precision = read(clock)
    if start is None or end is None or precision is None or precision in {"day", "range"}:
        return start, end, precision
    if mod in {"earlier", "later"}:
        day = clock.anchor.day if pivot == "anchor" else clock.base
        if day is None or not start <= day <= end:
            return start, end, precision
        return (start, day, precision) if mod == "earlier" else (day, end, precision)
    part = _THIRDS[mod]
    if precision == "month":
        firsts = (start, start + timedelta(10), start + timedelta(20), end + timedelta(1))
        return firsts[part], firsts[part + 1] - timedelta(1), precision
    if precision == "year":
        return date(start.year, 4 * part + 1, 1), month_span(start.year, 4 * part + 4)[1], precision
    if precision == "decade":
        low, high = ((0, 3), (4, 6), (7, 9))[part]
        return date(start.year + low, 1, 1), date(start.year + high, 12, 31), precision
    third = ((end - start).days + 1) // 3
    first = start + timedelta(third * part)
    return first, end if part == 2 else first + timedelta(third - 1), precision


def _read_nth(read: _Read, number: int, count: int | None, unit: str, clock: Clock) -> Reading:
    """ "the first week of March", "the last day of the year", "the first three months of 2015", "the second half of July"."""
    start, end, precision = read(clock)
    if start is None or end is None or start == end:
        return start, end, precision
    if unit == "half":
        middle = start + timedelta(((end - start).days + 1) // 2 - 1)
        return (start, middle, "range") if number == 1 else (middle + timedelta(1), end, "range")
    if unit == "weekend":
        saturday = weekend_of(start + timedelta(6))[0] if number > 0 else weekend_of(end - timedelta(1))[0]
        if saturday is None:
            return UNKNOWN
        saturday += timedelta(7 * (max(number, 1) - 1))
        return saturday, saturday + timedelta(1), "range"
    size = count or 1
    if number > 0:
        first, last = add_units(start, (number - 1) * size, unit), add_units(start, number * size, unit) - timedelta(1)
    else:
        first, last = add_units(end + timedelta(1), -size, unit), end
    return first, last, unit if count is None else "range"


def _read_day_of(read: _Read, day: int, clock: Clock) -> Reading:
    """ "the 15th of this month"."""
    start, end, _ = read(clock)
    if start is None or end is None or not 1 <= day <= end.day:
        return UNKNOWN
    return on_day(start.replace(day=day))


def _read_week_of(read: _Read, words: str, clock: Clock) -> Reading:
    """ "the week of July 4" is its calendar week, "the week beginning July 5" the seven days from then."""
    start, end, precision = read(clock)
    if start is None or start != end:
        return start, end, precision
    return in_week(start) if words == "week of" else (start, start + timedelta(6), "week")


def _read_limit(read: _Read, prep: str, clock: Clock) -> Reading:
    """The interval on one side of a date, closed by the day of publication where that lies on the same side."""
    start, end, _ = _nearest(read, clock) if prep in _EITHER_SIDE else read(replace(clock, future=clock.future and prep != "since"))
    base = clock.base
    if start is None and end is None:
        return UNKNOWN
    if prep in _OPEN_END:
        first = end + timedelta(1) if prep == "after" and end else start
        if first is None:
            return UNKNOWN
        return (first, base, "range") if base is not None and first <= base else (first, None, "after")
    last = start - timedelta(1) if prep in _EXCLUSIVE and start else end
    if last is None:
        return UNKNOWN
    if base is not None and (last > base or (last == base and clock.future)):
        return base, last, "range"
    return None, last, "before"


def _nearest(read: _Read, clock: Clock) -> Reading:
    """ "by October 31", "until June": the nearest such day or month on either side, as a deadline is as often ahead as behind."""
    behind, ahead = read(replace(clock, future=False)), read(replace(clock, future=True))
    if clock.past_perfect:
        return behind
    if clock.future or clock.base is None or behind[1] is None or ahead[0] is None:
        return ahead
    return ahead if ahead[0] - clock.base < clock.base - behind[1] else behind
