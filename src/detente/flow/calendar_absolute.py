"""Time expressions that name a day, month or year of the calendar ("June 29, 2016", "in November", "the 1990s"); not a step.

All finders take the plain sentence (`calendar_words.plain`) and its lower case, and give `Found` with offsets in it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from .calendar_words import (
    AFTER_DAY,
    AFTER_YEAR,
    COUNTED,
    DAY,
    MONTH,
    MONTHS,
    UNKNOWN,
    WEEKDAY,
    YEAR,
    Clock,
    Found,
    Reading,
    day_number,
    in_month,
    in_year,
    month_number,
    on_day,
    weekday_number,
)

IMPOSSIBLE = "impossible-date"
JUST_PAST = timedelta(30)
FAR_AHEAD = timedelta(300)
_NEVER_BOTH = 2000  # a leap year, so that February 29 is possible where no year stands
_MONTH = re.compile(rf"(?<!\w){MONTH}")
_JOIN = r"\s*(?P<join>-|to|and|until|till|through)\s*"
_DAY_AFTER = re.compile(rf",?\s*(?P<d>{DAY}){AFTER_DAY}(?:{_JOIN}(?P<d2>{DAY}){AFTER_DAY}(?!\s+(?:of\s+)?{MONTH}))?")
_DAY_BEFORE = re.compile(
    rf"(?<![\w.,/$:-])(?:the\s+)?(?:(?P<d>{DAY})(?:{_JOIN}|\s+))?(?:the\s+)?(?P<d2>{DAY})(?:\s+(?:of\s+)?|"
    rf"-)$", re.IGNORECASE
)
_YEAR_AFTER = re.compile(rf"(?:,?\s+(?:of\s+)?|,|-)(?P<y>{YEAR}){AFTER_YEAR}")
_WEEKDAY_BEFORE = re.compile(rf"\b(?P<w>{WEEKDAY}),?\s+(?:the\s+)?$")
_NEXT_WORD = re.compile(r"\s+([a-z]+)")
_NOT_A_DAY = re.compile(r"\s+(?:[A-Z]\w+\s+){0,2}(?:Movement|Alliance|Coalition|Brigades?|Martyrs|Group|Forces|Organi[sz]ation)\b")
_GROUP_BEFORE = re.compile(r"\b(?:group|movement|organi[sz]ation|brigades?|faction|cell)\s+(?:[0-9]{1,2}\s+)?$", re.IGNORECASE)
_MONTH_LEAD = re.compile(
    rf"(?:\b(?P<chain>(?:{'|'.join(MONTHS)}),?\s*(?:,|-|to|and|or|until|till|through))|"
    r"\b(?P<turn>last|next|this|this coming|this past)|\b(?P<prep>in|since|until|till|during|throughout|by|before|after|from|to|"
    r"through|of|for|between)"
    r"|\b(?P<part>early|late|mid)|\b(?P<edge>end|beginning|start|middle|half|days?|weeks?|weekend) of|\b(?P<within>early|late|later) in|"
    r"\b(?P<black>black))(?:[\s-]+|(?<=-))(?:the month of\s+)?$"
)
_AND_MONTH = re.compile(rf"\s+and\s+(?:{'|'.join(MONTHS)})\b")
_TO_MONTH = re.compile(rf"\s*(?:-|to\b|through\b|until\b)\s*(?:{'|'.join(MONTHS)})\b")
_MAY = 5
_PLAIN_MONTHS = frozenset({1, 2, 7, 9, 10, 11, 12})
_NOUN_AFTER = re.compile(r"'s?\s+[a-z]|\s+(?!(?:said|says|told|was|is|has|had|did|will|would)\b)[a-z]{3,}")

_YEAR_RANGE = re.compile(
    rf"(?<![\w.,/$€£-])(?P<y>{YEAR})(?P<join>\s*(?:-|/)\s*|\s+(?:to|until|till|through|and)\s+)(?P<y2>{YEAR}|"
    rf"[0-9]{{2}})(?![\w%/-]|[.,:][0-9])"
)
_BARE_YEAR = re.compile(
    rf"(?<![\w.,/$€£:-])(?P<y>{YEAR}){AFTER_YEAR}(?!\s*-\s*(?:year|strong|member|meter|metre|mile|page|day|"
    rf"man)\b)|(?<=\bmid-)(?P<mid>{YEAR}){AFTER_YEAR}"
)
_YEAR_LEAD = re.compile(
    r"(?:\b(?P<prep>in|since|until|till|during|throughout|by|before|after|from|of|for|around|circa|late|early|mid|year|back to|prior to|"
    r"(?P<limit>up to|not? later than)|"
    r"spring|summer|autumn|"
    r"fall|winter)|(?P<open>\())[\s-]*(?:the year\s+)?$"
)
_OWNED = re.compile(r"(?:\b(?:the|a|an|his|her|its|their|our|my|whose)|['’]s|s['’])\s$")
_ONE_AFTER = re.compile(r"\s(?!(?:people|men|women|children|police|troops?)\b)[a-z]+(?:[a-rt-z]|ss)\b(?!-)")
_LIMIT_END = re.compile(r"\s*(?:[,.;:)]|$)")
_CHANGE_BY = re.compile(
    r"\b(?:force|army|crowd|group|total|team|contingent|garrison|convoy|fleet|mob|maximum|minimum|average|tune|"
    r"price)\s+of\s+$|\b(?:increas|rise|rose|risen|grew|grow|fell|fall|drop|cut|reduc|up|down|shr)\w*\s+by\s+$"
)
_EVENT_AFTER = re.compile(
    r"\s+(?:(?!people\b|in\b|of\b|and\b|at\b|were\b)[A-Za-z-]+\s+){0,2}?(?:war|uprising|revolution|revolt|coup|elections?|vote|"
    r"referendum|invasion|attacks?|bombings?|"
    r"earthquake|agreement|deal|accords?|treaty|pact|summit|crisis|conflict|campaign|ceasefire|truce|constitution|protests?|massacre|"
    r"genocide|annexation|intervention|killings?|assassination|sanctions|talks|resolution|budget|census|law|report|operation|offensive)\b"
)



def counted_next(plain: str, end: int) -> bool:
    """Whether the word after a number shows that it counts something."""
    match = _NEXT_WORD.match(plain, end)
    return match is not None and match[1] in COUNTED


def read_day(year: int | None, month: int, day: int, weekday: int | None, owned: bool, clock: Clock) -> Reading:
    """A day of a month. Without a year: the latest one up to the base, or the next where the words look ahead.

    The next one is not taken if it is nearly a year off and the last one is just past, nor, of a day that is some noun's (`owned`: "the
    July 15 summit"), if the last one is nearer.
    """
    year = year or clock.year
    if year:
        return on_day(date(year, month, day))
    if clock.base is None:
        return UNKNOWN
    base = clock.base
    years_near = range(max(1, base.year - 8), min(9999, base.year + 8) + 1)
    days = [date(y, month, day) for y in years_near if day <= calendar.monthrange(y, month)[1]]
    past = [d for d in days if d <= base]
    ahead = [d for d in days if d > base]
    if weekday is not None:
        fitting = [d for d in [*past[-1:], *(d for d in ahead[:1] if d - base < 2 * JUST_PAST), *past[-2:-1]] if d.weekday() == weekday]
        if fitting:
            return on_day(fitting[0])
    chosen = ahead[:1] if clock.future and _may_be_ahead(base, past[-1:], ahead[:1], owned) else past[-1:]
    return on_day(chosen[0]) if chosen else UNKNOWN


def _may_be_ahead(base: date, past: list[date], ahead: list[date], owned: bool) -> bool:
    if not past or not ahead:
        return bool(ahead)
    behind, until = base - past[0], ahead[0] - base
    if behind == timedelta(0) or (behind <= JUST_PAST and until > FAR_AHEAD):
        return False
    return not owned or until < behind


def read_days(year: int | None, month: int, days: tuple[int, int], clock: Clock) -> Reading:
    """From one day to another of the same month."""
    first = read_day(year, month, days[0], None, False, clock)
    if first[0] is None:
        return UNKNOWN
    return first[0], first[0].replace(day=days[1]), "range"


def read_month(year: int | None, month: int, turn: str | None, clock: Clock) -> Reading:
    """A month. Without a year: the latest one begun by the base; `turn` is "last", "next" or "this"."""
    year = year or clock.year
    if year:
        return in_month(year, month)
    if clock.base is None:
        return UNKNOWN
    base = clock.base
    if turn == "this":
        return in_month(base.year, month)
    ahead = turn == "next" or (turn is None and clock.future)
    if ahead:
        return in_month(base.year + (month < base.month or (turn == "next" and month == base.month)), month)
    return in_month(base.year - (month > base.month or (turn == "last" and month == base.month)), month)


def impossible(start: int, end: int) -> Found:
    """A date that no calendar has; the words are kept."""
    return Found(start, end, IMPOSSIBLE, lambda clock: UNKNOWN)


def days_and_months(plain: str, low: str) -> Iterator[Found]:
    """Everything around the name of a month."""
    for match in _MONTH.finditer(plain):
        month = month_number(match[0])
        start, end = match.span()
        if _GROUP_BEFORE.search(plain, max(0, start - 24), start):
            continue
        if plain[end - 1 : end] == "." and not re.match(r"\s*[\w(]", plain[end : end + 3]):
            end -= 1
        found = _month_first(plain, low, month, start, match.end()) or _day_first(plain, low, month, start, match.end())
        if found is None:
            found = _month_and_year(plain, month, start, match.end()) or _month_alone(plain, low, month, start, end)
        if found is not None:
            yield found


def _pair(low: str, match: re.Match[str], start: int) -> bool:
    """Whether the second day of a match belongs to the first: "5-7", "5 to 7", "between 5 and 7", "5 and 6"."""
    first, second = day_number(match["d"]), day_number(match["d2"])
    if first >= second:
        return False
    return match["join"] != "and" or second == first + 1 or low[:start].rstrip().endswith("between")


def _month_first(plain: str, low: str, month: int, start: int, after: int) -> Found | None:
    """ "June 29", "May 5-7, 2016", "Sunday, May 9"."""
    match = _DAY_AFTER.match(plain, after)
    if not match or (plain[after : after + 1] == "," and not re.match(r",\s", plain[after : after + 2])):
        return None
    low_lead = low[max(0, start - 4) : start]
    days: tuple[int, ...] = (day_number(match["d"]),)
    end = match.end("d")
    if match["d2"] and _pair(low, match, start) and not counted_next(plain, match.end()):
        days, end = (days[0], day_number(match["d2"])), match.end()
    if counted_next(plain, end) and not low_lead.endswith("on "):
        return None
    if low_lead.endswith("in ") and plain[after : after + 1] == ",":
        return None
    return _with_year(plain, month, days, (start, end), "month-day")


def _day_first(plain: str, low: str, month: int, start: int, after: int) -> Found | None:
    """ "29 June 2016", "the 29th of June", "between 5 and 7 May"."""
    begin = max(0, start - 40)
    match = _DAY_BEFORE.search(plain[begin:start])
    if not match:
        return None
    days: tuple[int, ...] = (day_number(match["d2"]),)
    first = begin + match.start("d2")
    if match["d"] and match["join"] and _pair(low, match, begin + match.start()):
        days, first = (day_number(match["d"]), days[0]), begin + match.start()
    elif not match["d"]:
        first = begin + match.start()
    elif match["join"] == "-":
        return None
    if plain[after - 1] == "." and not re.match(r",?\s*[0-9a-z]", plain[after : after + 3]):
        after -= 1
    return _with_year(plain, month, days, (first, after), "day-month")


def _with_year(plain: str, month: int, days: tuple[int, ...], span: tuple[int, int], rule: str) -> Found | None:
    """Adds the year behind and the weekday before."""
    start, end = span
    match = _YEAR_AFTER.match(plain, end)
    year = None
    if match and not (counted_next(plain, match.end()) and int(match["y"]) % 10 == 0):
        year, end = int(match["y"]), match.end()
    elif _NOT_A_DAY.match(plain, end):
        return None
    before = max(0, start - 16)
    weekday = _WEEKDAY_BEFORE.search(plain[before:start])
    day_of_week = weekday_number(weekday["w"]) if weekday else None
    if weekday:
        start = before + weekday.start()
    if days[-1] > calendar.monthrange(year or _NEVER_BOTH, month)[1]:
        return impossible(start, end)
    rule += "-year" if year else ""
    owned = rule == "month-day" and plain.endswith("the ", 0, start)
    if len(days) == 2:
        return Found(start, end, f"{rule}-range", partial(read_days, year, month, (days[0], days[1])), year, month, days[1])
    return Found(start, end, rule, partial(read_day, year, month, days[0], day_of_week, owned), year, month, days[0], day_of_week)


def _month_and_year(plain: str, month: int, start: int, after: int) -> Found | None:
    match = _YEAR_AFTER.match(plain, after)
    if not match or (counted_next(plain, match.end()) and int(match["y"]) % 10 == 0):
        return None
    year = int(match["y"])
    return Found(start, match.end(), "month-year", partial(read_month, year, month, None), year, month)


def _month_alone(plain: str, low: str, month: int, start: int, end: int) -> Found | None:
    """A month without day and year, only where the words before (or, for unmistakable names, after) make it one."""
    begin = max(0, start - 30)
    lead = _MONTH_LEAD.search(low[begin:start])
    turn = None
    if end - start < 5 and plain[start:end].lower() not in {"may", "june", "july"} and plain[end - 1 : end + 1].find(".") < 0:
        return None
    if lead:
        if lead["black"] or (lead["prep"] and not _month_after(low, lead["prep"], month, end)):
            return None
        if lead["turn"]:
            turn = {"last": "last", "next": "next", "this": "this", "this coming": "next", "this past": "last"}[lead["turn"]]
            start = begin + lead.start("turn")
    elif _TO_MONTH.match(low, end):
        pass
    elif month not in _PLAIN_MONTHS or not (end - start > 4 or month == 7) or not _NOUN_AFTER.match(plain, end):
        return None
    return Found(start, end, "month", partial(read_month, None, month, turn), None, month)


def _month_after(low: str, prep: str, month: int, end: int) -> bool:
    """Whether a preposition shows a month: names of people that are months need more care."""
    if prep == "between":
        return _AND_MONTH.match(low, end) is not None
    if month == _MAY:
        return prep in {"in", "since", "until", "till", "during", "throughout"} and not low.startswith("'s", end)
    return prep not in {"of", "for", "to"} or month in _PLAIN_MONTHS


def years(plain: str, low: str) -> Iterator[Found]:
    """Years and spans of years, only where the words around show that they are no counts."""
    taken: list[tuple[int, int]] = []
    for match in _YEAR_RANGE.finditer(plain):
        found = _year_range(plain, low, match)
        if found:
            taken.append(match.span())
            yield found
    last_end = -1
    for match in _BARE_YEAR.finditer(plain):
        start, end = match.span()
        if any(a <= start < b for a, b in taken):
            continue
        year = int(match["y"] or match["mid"])
        listed = last_end > 0 and plain[last_end:start].strip(" ") in {",", "and", ", and", "or", "-"}
        if match["mid"] or listed or _is_year(plain, low, year, start, end):
            last_end = end
            yield Found(start, end, "year", partial(_read_year, year), year)


def _is_year(plain: str, low: str, year: int, start: int, end: int) -> bool:
    counted = counted_next(plain, end)
    begin = max(0, start - 24)
    before = low[begin:start]
    lead = _YEAR_LEAD.search(before)
    if lead and lead["open"]:
        return plain[end : end + 1] in {")", ",", ";", "-"}
    if lead and lead["limit"]:
        return year >= 1800 and _LIMIT_END.match(low, end) is not None
    if lead:
        firm = lead["prep"] not in {"of", "for", "by", "from", "after", "before", "around"}
        return not (counted and (year % 10 == 0 or not firm)) and (firm or year >= 1800) and not _CHANGE_BY.search(before)
    of_one = year >= 1900 and _OWNED.search(before) is not None and _ONE_AFTER.match(low, end) is not None  # "his 2016 arrest"
    return year >= 1800 and not counted and (of_one or _EVENT_AFTER.match(plain, end) is not None)


def _year_range(plain: str, low: str, match: re.Match[str]) -> Found | None:
    first, second = int(match["y"]), int(match["y2"])
    join = match["join"].strip()
    if len(match["y2"]) == 2:
        second += first // 100 * 100
        if join not in {"-", "/"} or not first < second <= first + 15:
            return None
    lead = low[max(0, match.start() - 12) : match.start()].rstrip()
    fits = {"-": True, "/": second == first + 1, "and": lead.endswith("between")}.get(join, lead.endswith(("from", "between")))
    if not fits or not first < second or first < 1800 or counted_next(plain, match.end()):
        return None
    start = match.start()
    for word in ("from", "between"):
        if lead.endswith(word) and join not in {"-", "/"}:
            start = low.rindex(word, 0, match.start())
    return Found(start, match.end(), "year-range", lambda clock: (date(first, 1, 1), date(second, 12, 31), "range"), second)


def _read_year(year: int, clock: Clock) -> Reading:
    return in_year(year)
