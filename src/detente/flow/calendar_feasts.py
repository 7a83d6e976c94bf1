"""Feasts whose day can be computed: fixed ones and those of the western Easter; not a step.

Feasts that follow the sight of the moon or another church's calendar are left alone: their day differs between countries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import AFTER_YEAR, UNKNOWN, YEAR, Clock, Found, Reading, on_day

_FIXED = {
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "boxing day": (12, 26),
    "may day": (5, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
}
# Days from Easter Sunday.
_MOVABLE = {"ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3, "good friday": -2, "holy saturday": -1, "easter sunday": 0,
            "easter monday": 1, "easter": 0, "ascension day": 39, "whit sunday": 49, "whit monday": 50}
FEAST_WORDS = frozenset("christmas easter eve boxing valentine halloween ash palm maundy holy ascension whit".split())
FEAST_PAIRS = (frozenset({"new", "year"}), frozenset({"may", "day"}), frozenset({"good", "friday"}))
_NAMES = "|".join(sorted((*_FIXED, *_MOVABLE), key=len, reverse=True))
_FEAST = re.compile(rf"(?<![\w-])(?:(?P<turn>last|this|next) )?(?P<name>{_NAMES})\b(?:,? (?:in |of )?(?P<y>{YEAR}){AFTER_YEAR})?")
_BEFORE = re.compile(r"\b(?:on|at|by|before|after|since|until|till|over|during|for|around|from|to|past|ahead of|every|last|this|next)\s+$")
# What a feast gives its name to is no day: "the Good Friday Agreement", "Easter Island", "a Christmas market".
_NOUN_AFTER = re.compile(r"\s+[A-Z][a-z]|\s+(?:island|islands|rising|agreement|accords?|deal|market|markets|tree|truce|season|holidays?|"
                          r"services?|"
                         r"bombings?|attacks?|parade|celebrations?|message|speech|address|party|shopping|mass|eggs?|bonus|card|gifts?|break)\b")


def feasts(plain: str, low: str) -> Iterator[Found]:
    """ "New Year's Eve", "at Christmas", "Easter Monday 2015", "on Good Friday"."""
    for match in _FEAST.finditer(low):
        name_start = match.start("name")
        if not plain[name_start].isupper() or (not match["y"] and _NOUN_AFTER.match(plain, match.end())):
            continue
        led = _BEFORE.search(low[max(0, name_start - 10) : name_start]) is not None
        if not match["y"] and not match["turn"] and plain[:name_start].strip() and not led:
            continue
        year = int(match["y"]) if match["y"] else None
        yield Found(*match.span(), "feast", partial(_read_feast, match["name"], match["turn"], year), year)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar: the first Sunday after the church's full moon on or after March 21."""
    golden, century = year % 19, year // 100
    leap_days = century - century // 4
    epact = (19 * golden + leap_days - (8 * century + 13) // 25 + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - leap_days) % 7
    shift = epact - weekday
    return date(year, 3, 28) + timedelta(shift)


def _day_in(name: str, year: int) -> date:
    if name in _FIXED:
        return date(year, *_FIXED[name])
    return easter(year) + timedelta(_MOVABLE[name])


def _read_feast(name: str, turn: str | None, year: int | None, clock: Clock) -> Reading:
    year = year or clock.year
    if year:
        return on_day(_day_in(name, year))
    if clock.base is None:
        return UNKNOWN
    near = [_day_in(name, y) for y in (clock.base.year - 1, clock.base.year, clock.base.year + 1)]
    if turn == "this":
        return on_day(near[1])
    if turn == "next" or (clock.future and turn is None):
        return on_day(next(d for d in near if d > clock.base or (d == clock.base and turn is None)))
    return on_day([d for d in near if d < clock.base or (d == clock.base and turn is None)][-1])
