"""Dates in digits ("04/07/2016", "2016-07-04"), days without a month ("on the 28th"), the one day without a year; not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_absolute import impossible, read_day
from .calendar_words import UNKNOWN, Clock, Found, Reading, add_months, on_day

EITHER = "either"
_SHORTLY_BEFORE = timedelta(45)
_NUMERIC = re.compile(
    r"(?<![\w.,/:-])(?:(?P<iso>(?P<y>[12][0-9]{3})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?)"
    r"|(?P<a>[0-9]{1,2})(?P<t>[./-])(?P<b>[0-9]{1,2})(?P=t)(?P<z>[12][0-9]{3})|(?P<a2>[0-9]{1,2})/(?P<b2>[0-9]{1,2})/(?P<z2>[0-9]{2}))"
    r"(?![\w/-]|\.[0-9])"
)
_THE_DAY = re.compile(
    r"\bon the (?P<d>[0-9]{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[.,;:)]|$|(?:and|at|in|with|to|after|when|but|as|while|by)\b))"
)
_NINE_ELEVEN = re.compile(
    r"(?<![\w/.-])9/11(?![\w/.-])|\b(?:September|Sept\.?) 11(?:th)?,? (?:terror(?:ist)? )?(?:attacks|"
    r"hijackings|hijackers)\b"
)
_NINE_ELEVEN_DAY = date(2001, 9, 11)


def numeric(plain: str, low: str) -> Iterator[Found]:
    """Dates in digits. Dots read day first; where slashes or hyphens allow both orders `order_of_digits` decides when it is placed."""
    for match in _NUMERIC.finditer(plain):
        if match["iso"]:
            year, month, day, rule = int(match["y"]), int(match["m"]), int(match["d"]), "iso"
        else:
            one, two = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
            year = int(match["z"] or 0) or _full_year(int(match["z2"]))
            if match["z2"] and max(one, two) <= 12:  # "7/7/05", "1/2/03": too little to go by
                continue
            day_first = one > 12 or (two <= 12 and match["t"] == ".")
            day, month = (one, two) if day_first else (two, one)
            both = max(one, two) <= 12 and one != two and match["t"] != "."
            rule = f"numeric-{EITHER}" if both else "numeric-day-first" if day_first else "numeric-month-first"
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
            yield impossible(*match.span())
        elif rule == f"numeric-{EITHER}":
            yield Found(*match.span(), rule, partial(_read_either, year, month, day), year, month, day)
        else:
            yield Found(*match.span(), rule, partial(read_day, year, month, day, None, False), year, month, day)


def _full_year(short: int) -> int:
    return short + (2000 if short < 70 else 1900)


def order_of_digits(year: int, month: int, day: int, clock: Clock) -> tuple[bool, str]:
    """Whether "month/day/year" as read month first must be turned round, and the rule that says so.

    Evidence, in this order: only one of both readings lies in the weeks up to publication; only one of them is not in the future;
    the article has shown its order with another date. Without any the month comes first, and the rule says "unsure".
    """
    month_first, day_first = date(year, month, day), date(year, day, month)
    base = clock.base
    if base is not None and not clock.future:
        near = [timedelta(0) <= base - d <= _SHORTLY_BEFORE for d in (month_first, day_first)]
        if near[0] == near[1]:
            near = [d <= base for d in (month_first, day_first)]
        if near[0] != near[1]:
            return near[1], "day-first" if near[1] else "month-first"
    known = clock.anchor.day_first
    if known is not None:
        return known, "day-first" if known else "month-first"
    return False, "month-first-unsure"


def _read_either(year: int, month: int, day: int, clock: Clock) -> Reading:
    turned, _ = order_of_digits(year, month, day, clock)
    return on_day(date(year, day, month) if turned else date(year, month, day))


def days_alone(plain: str, low: str) -> Iterator[Found]:
    """ "on the 28th", where nothing follows that it could count."""
    for match in _THE_DAY.finditer(low):
        day = int(match["d"])
        if 1 <= day <= 31:
            yield Found(match.start("d") - 4, match.end(), "day-alone", partial(_read_day_alone, day))


def _read_day_alone(day: int, clock: Clock) -> Reading:
    """The last such day of a month up to the base, or the next one where the words look ahead."""
    if clock.base is None:
        return UNKNOWN
    months = [add_months(clock.base.replace(day=1), step) for step in (range(4) if clock.future else range(0, -4, -1))]
    days = [m.replace(day=day) for m in months if day <= calendar.monthrange(m.year, m.month)[1]]
    return on_day(next(d for d in days if (d >= clock.base if clock.future else d <= clock.base)))


def nine_eleven(plain: str, low: str) -> Iterator[Found]:
    """The one day that news names without its year."""
    for match in _NINE_ELEVEN.finditer(plain):
        end = match.end() if match[0] == "9/11" else match.start() + match[0].index("11") + 2
        yield Found(match.start(), end, "nine-eleven", lambda clock: on_day(_NINE_ELEVEN_DAY), 2001, 9, 11)
