"""Stretches of the calendar with a name: decades, centuries, seasons, quarters and halves, the turn of the year; not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import (
    AFTER_YEAR,
    SEASONS,
    TURNS,
    UNKNOWN,
    YEAR,
    Clock,
    Found,
    Reading,
    in_century,
    in_decade,
    in_quarter,
    in_season,
)

_SPELLED = {word: 1900 + 10 * number
            for number, word in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), 2)}
DECADE_WORDS = frozenset(_SPELLED)
_DECADE = re.compile(
    r"(?<![\w.,$-])(?:the\s+)?(?:(?P<y>(?:1[0-9]|20)[0-9]0)'?s|'(?P<short>[1-9]0)s)\b|(?<=\bmid-)(?P<mid>(?:1[0-9]|20)[0-9]0)'?s\b"
)
_SHORT_DECADE = re.compile(
    rf"\bthe\s+(?:(?:early|late|mid)[\s-]+)?(?P<d>(?P<short>[2-9]0)s|(?P<word>{'|'.join(_SPELLED)}))\b"
    r"(?!\s+(?:degrees|percent|per cent|f|c)\b)"
)
_UNITS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth " \
    "seventeenth eighteenth nineteenth twentieth twenty-first".split()
_CENTURIES = {word: number for number, word in enumerate(_UNITS, 1)}
_CENTURY = re.compile(
    rf"(?:(?:\bthe\s+)?(?<![\w-])(?P<n>[12]?[0-9])(?:st|nd|rd|th)|"
    rf"(?:\bthe\s+)?\b(?P<word>{'|'.join(_UNITS)})|(?<!the )\b(?P<which>this|last))"
    r"\s+century\b(?!-|\s+bc)"
)
_TURN = re.compile(r"\bthe turn of the year\b")
_SEASON = re.compile(
    rf"\b(?:the\s+)?(?P<s>{'|'.join(SEASONS)})(?:\s+of|,)?\s+(?P<y>{YEAR})(?:(?:-|/)(?P<y2>[0-9]{{2}}|{YEAR}))?{AFTER_YEAR}|"
    rf"\b(?:in|during|over|by|since|until) the (?P<s2>{'|'.join(SEASONS)})\b(?! of\b(?! (?:last|this|next) year))"
)
_QUARTER = re.compile(
    rf"\b(?:the\s+)?(?:(?P<n>first|second|third|fourth|last|final|1st|2nd|3rd|4th) (?P<u>quarter|half)|q(?P<q>[1-4])|(?P<h>h[12]))"
    rf"(?:(?:\s+of(?: the year)?|,)?\s+(?P<y>{YEAR}){AFTER_YEAR}|\s+of (?P<turn>this|last|next|the) year)?\b(?P<of>\s+of\b)?"
)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}


def decades(plain: str, low: str) -> Iterator[Found]:
    """ "the 1990s", "the '90s", "the early 90s", "the nineties"."""
    for match in _DECADE.finditer(plain):
        year = int(match["y"] or match["mid"] or 0) or 1900 + int(match["short"])
        if year % 100 == 0 and year < 1900:  # "the 1800s" are a century
            yield Found(match.start(), match.end(), "century", partial(_read_hundreds, year), year)
        else:
            yield Found(match.start(), match.end(), "decade", partial(_read_decade, year), year)
    for match in _SHORT_DECADE.finditer(low):
        year = _SPELLED[match["word"]] if match["word"] else 1900 + int(match["short"])
        start = match.start() if match.start("d") - match.start() == 4 else match.start("d")
        yield Found(start, match.end(), "decade", partial(_read_decade, year), year)


def _read_decade(year: int, clock: Clock) -> Reading:
    return in_decade(year)


def _read_hundreds(year: int, clock: Clock) -> Reading:
    return date(year, 1, 1), date(year + 99, 12, 31), "century"


def centuries(plain: str, low: str) -> Iterator[Found]:
    """ "the 19th century", "this century"."""
    for match in _CENTURY.finditer(low):
        number = int(match["n"] or 0) or _CENTURIES.get(match["word"] or "", 0)
        if 0 < number <= 21 or match["which"]:
            yield Found(*match.span(), "century", partial(_read_century, number, match["which"]))


def _read_century(number: int, which: str | None, clock: Clock) -> Reading:
    if which is None:
        return in_century(number)
    return UNKNOWN if clock.base is None else in_century((clock.base.year + 99) // 100 - (which == "last"))


def turns_of_year(plain: str, low: str) -> Iterator[Found]:
    """ "the turn of the year": its last and first day."""
    for match in _TURN.finditer(low):
        yield Found(*match.span(), "turn-of-year", _read_turn)


def _read_turn(clock: Clock) -> Reading:
    if clock.base is None:
        return UNKNOWN
    eve = date(clock.base.year, 12, 31)
    if not clock.future and eve > clock.base:
        eve = date(clock.base.year - 1, 12, 31)
    return eve, eve + timedelta(1), "range"


def seasons(plain: str, low: str) -> Iterator[Found]:
    """ "the spring of 2014", "summer 2016", "in the spring"."""
    for match in _SEASON.finditer(low):
        if match["y"]:
            year = int(match["y"])
            if match["y2"] and (match["s"] != "winter" or int(match["y2"]) % 100 != (year + 1) % 100):
                continue
            yield Found(*match.span(), "season-year", partial(_read_season_of, year, match["s"]), year)
        else:
            yield Found(match.start("s2") - 4, match.end(), "season", partial(_read_the_season, match["s2"]))


def _read_season_of(year: int, season: str, clock: Clock) -> Reading:
    return in_season(year, season)


def _read_the_season(season: str, clock: Clock) -> Reading:
    if clock.year is not None:
        return in_season(clock.year, season)
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
        if not placed and (match["of"] or not low.startswith("the ", match.start())):
            continue
        year = int(match["y"]) if match["y"] else None
        read = partial(_read_quarter, number, half, year, match["turn"])
        end = match.start("of") if match["of"] else match.end()
        yield Found(match.start(), end, "half-year" if half else "quarter", read, year)


def _read_quarter(number: int, half: bool, year: int | None, turn: str | None, clock: Clock) -> Reading:
    if year is None:
        if clock.base is None:
            return UNKNOWN
        year = clock.base.year + (TURNS.get(turn, 0) if turn else 0)
        if turn is None and not clock.future and date(year, 3 * number - 2, 1) > clock.base:
            year -= 1
    if half:
        return in_quarter(year, 2 * number - 1)[0], in_quarter(year, 2 * number)[1], "range"
    return in_quarter(year, number)

