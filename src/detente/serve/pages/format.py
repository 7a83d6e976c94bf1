"""Dates, numbers and signs as people read them. web/format-cases.json holds the cases that every twin of these functions must pass.

Three words are never mixed: *0* (counted, none), *not stated* (nobody says), *not covered* (nothing was read).
"""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = "January February March April May June July August September October November December".split()
NOT_STATED, NOT_COVERED, MINUS = "not stated", "not covered", "−"
_UNSAID = "no day given"


def day(value: date | None, precision: str | None = "day") -> str:
    """A day as exactly as it is known: "29 Jun 2016", "June 2016", "2016", "week of 27 Jun 2016", "by 5 Jul 2016" (day of the report)."""
    if value is None:
        return _UNSAID
    match precision:
        case "month":
            return f"{MONTHS[value.month - 1]} {value.year}"
        case "year":
            return str(value.year)
        case "week":
            return f"week of {_plain(value)}"
        case "publication":
            return f"by {_plain(value)}"
    return _plain(value)


def _plain(value: date, year: bool = True) -> str:
    told = f"{value.day} {MONTHS[value.month - 1][:3]}"
    return f"{told} {value.year}" if year else told


def span(first: date | None, last: date | None) -> str:
    """Days from one to another, said as shortly as can be: "24–28 Jun 2016", "27 Jun–2 Jul 2016", "June 2016", "2016"."""
    if first is None or last is None:
        return NOT_STATED if first is last else f"since {_plain(first)}" if first else f"until {_plain(last)}" if last else NOT_STATED
    if first == last:
        return _plain(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year:
        if first.month == last.month:
            return f"{MONTHS[first.month - 1]} {first.year}"
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_plain(last)}"
    return f"{_plain(first, first.year != last.year)}–{_plain(last)}"


def number(value: int | None) -> str:
    """A count: "1,234"."""
    if value is None:
        return NOT_STATED
    return f"{value:,}".replace("-", MINUS)


def short(value: int) -> str:
    """A count at an axis: "12k"."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}".removesuffix(".0").replace("-", MINUS) + letter
    return number(value)


def signed(value: float | None) -> str:
    """A score: always with its sign, one decimal; what rounds to nothing has none."""
    if value is None:
        return NOT_COVERED
    rounded = round(float(value), 1)
    return f"{abs(rounded):.1f}" if rounded == 0 else f"{'+' if rounded > 0 else MINUS}{abs(rounded):.1f}"


def percent(value: float | None) -> str:
    """A share in whole percent; what is neither nothing nor all never reads as if it were."""
    if value is None:
        return NOT_STATED
    if 0 < value < 0.005:
        return "under 1 %"
    if 0.995 <= value < 1:
        return "over 99 %"
    return f"{round(value * 100)} %"


def toll(low: int | None, best: int | None, high: int | None) -> str:
    """A number of people or things with its bounds: "41–44, best 43"."""
    if low is not None and low == high:
        return number(low)
    if low is not None and high is not None:
        return f"{number(low)}–{number(high)}" + (f", best {number(best)}" if best is not None else "")
    if low is not None:
        return f"at least {number(low)}"
    if high is not None:
        return f"up to {number(high)}"
    return f"about {number(best)}" if best is not None else NOT_STATED


def counted(value: int, noun: str) -> str:
    """A number with its noun: "1 report", "2,000 reports"."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeou" else f"{noun}s"
    return f"{number(value)} {noun if value == 1 else many}"


def range_(low: int | None, high: int | None) -> str:
    """"3", or "3–5" where it is not known exactly."""
    return number(low) if low == high or high is None else f"{number(low)}–{number(high)}"
