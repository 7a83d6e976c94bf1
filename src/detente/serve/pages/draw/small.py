"""Small drawings: a sparkline, the strip of a number's variants, the dots of an actor's relations, the strip of the whole history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np

from ....relations.parties import number
from ....relations.timeline import Timeline, starts
from ..format import MONTHS, counted, signed
from ..format import number as told_number
from .svg import horizontal, kind, mark, opened, points, rect, runs, text


def spark(line: Timeline, half_life: int, title: str, prefix: str) -> str:
    """An index of the last year as a line of 96 × 28 pixels, its zero beside it."""
    own = line.line(half_life)
    count = min(366, len(own.daily))
    values, gap = own.daily.index[-count:], own.gap[-count:]
    most = max(3.0, float(np.abs(values).max(initial=0)))
    step = max(1, count // 90)

    def place(day: int) -> tuple[float, float]:
        return 2 + 92 * day / max(1, count - 1), 14 - 12 * float(values[day]) / most

    parts = [opened(prefix, (96, 28), title, "Index of the last twelve months; the line in the middle is zero.", "spark"),
             horizontal("rule", 0, 96, 14)]
    for begin, end in runs(~gap):
        parts.append(f'<path {kind("line")} d="{points(place(day) for day in (*range(begin, end, step), end - 1))}"/>')
    if count and not gap[-1]:
        x, y = place(count - 1)
        parts.append(f'<circle {kind("dot")} cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>')
    return "".join([*parts, "</svg>"])


def strip(values: Sequence[tuple[int, int]], best: int | None, title: str, prefix: str) -> str:
    """A number's variants on one axis: a dot for each claim (low and high of it), the best value as a bar."""
    ends = [bound for pair in values for bound in pair]
    low, high = min(ends), max(ends)
    wide = max(1, high - low)

    def x(value: float) -> float:
        return 20 + 280 * (value - low) / wide if high > low else 160.0

    parts = [
        opened(prefix, (320, 58), title, "One dot for each claim; the bar is the best value.", "strip"),
        horizontal("axis", 12, 308, 40),
    ]
    seen: dict[int, int] = {}
    for first, last in sorted(values):
        row = seen.get(first, 0)
        seen[first] = row + 1
        y = 33 - 8 * min(row, 3)
        if last > first:
            parts.append(horizontal("ghost", x(first), x(last), y))
        parts.append(f'<circle {kind("dot")} cx="{x(first):.1f}" cy="{y}" r="3"/>')
    parts += [text(x(value), 54, told_number(value), anchor="middle") for value in dict.fromkeys((low, high))]
    if best is not None:
        parts.append(rect("known", x(best) - 1.5, 4, 3, 40))
        if best not in (low, high):
            parts.append(text(x(best), 54, told_number(best), "strong", "middle"))
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class Dot:
    """One partner: its index on the last day covered, with the 80 % band and a year before; None where it never was. `day`: that day, where
    it is not the last one read."""

    name: str
    link: str
    now: float | None
    low: float
    high: float
    before: float | None
    events: int
    day: date | None = None


def dots(found: Sequence[Dot], title: str, prefix: str = "dots", narrow: bool = False) -> str:
    """One row for each partner: dot now, whisker for the band, ring a year ago. Narrow: names stand above their lines."""
    left, right, high, first = (8, 210, 42, 50) if narrow else (170, 490, 28, 38)
    size = (360 if narrow else 664, first + high * len(found) - 8)

    def x(value: float) -> float:
        return left + (right - left) * (max(-10.0, min(10.0, value)) + 10) / 20

    about = "Dot: index on the last day covered; line: its 80 % band; ring: a year before."
    parts = [opened(prefix, size, title, about, "narrow" if narrow else "wide dots")]
    for value in (-10, -5, 0, 5, 10):
        parts.append(f'<path {kind("axis" if value == 0 else "rule")} d="M{x(value):.1f} 20V{size[1]}"/>')
        words = f"{value:+d}".replace("-", "−") if value else "0"
        parts.append(text(x(value), 13, words, anchor="start" if narrow and value == -10 else "middle"))
    for row, dot in enumerate(found):
        parts += _dot(dot, first + high * row, x, (right, narrow))
    return "".join([*parts, "</svg>"])


def _dot(dot: Dot, y: float, x: Callable[[float], float], edge: tuple[int, bool]) -> list[str]:
    right, narrow = edge
    name = dot.name if len(dot.name) <= 22 else dot.name[:21] + "…"
    label = text(4, y - 12, dot.name, "strong") if narrow else text(0, y + 4, name, "strong")
    parts = [f'<a href="{escape(dot.link)}">{label}</a>']
    if dot.now is None:
        parts.append(text(x(0) + 6, y + 4, "not covered"))
    else:
        parts.append(f'<path {kind("ghost")} stroke-width="3" stroke-opacity="0.45" d="M{x(dot.low):.1f} {y}H{x(dot.high):.1f}"/>')
        if dot.before is not None:
            parts.append(f'<path {kind("lead-line")} d="M{x(dot.before):.1f} {y}H{x(dot.now):.1f}"/>'
                         f'<circle {kind("badge")} cx="{x(dot.before):.1f}" cy="{y}" r="4"/>')
        quad = "mc" if dot.now > 0 else "mx"
        parts.append(f'<path {kind(quad)} d="{mark(quad, x(dot.now) - 5, y - 5, 10)}"/>')
        parts.append(text(right + 8, y + 4, signed(dot.now), "up" if round(dot.now, 1) > 0 else "down"))
    told = counted(dot.events, "event") + (f", {MONTHS[dot.day.month - 1][:3]} {dot.day.year}" if dot.day else "")
    return [*parts, text(right + 44, y + 4, told)]


def history(
    line: Timeline, days: tuple[date, date], shown: tuple[date, date], links: Sequence[tuple[date, date, str]], prefix: str = "hist"
) -> str:
    """The history of some days as bars of events; each bar is a link to its time, the time that is shown has a frame."""
    first, last = number(days[0]), number(days[1])

    def x(day: float) -> float:
        return 62 + 886 * (day - first) / max(1, last + 1 - first)

    left, right = x(number(shown[0])), x(number(shown[1]) + 1)
    data = {"x": "62 948", "days": f"{days[0]} {days[1]}"}
    parts = [opened(prefix, (960, 46), "The whole history", "Each bar links to its time.", "wide strip-of-time", data),
             rect("window", max(62, left), 2, max(3, min(948, right) - max(62, left)), 28)]
    counts = [int(((line.acts.day >= number(a)) & (line.acts.day <= number(b))).sum()) for a, b, _ in links]
    most = max(counts, default=1) or 1
    for (begin, end, link), count in zip(links, counts, strict=True):
        box, height = max(62.0, x(number(begin))), 24 * (count / most) ** 0.5
        wide = max(1.0, x(number(end) + 1) - box - 1)
        told = f"{MONTHS[begin.month - 1][:3]} {begin.year}: {counted(count, 'event')}"
        bar = rect("known", box, 28 - height, wide, height) if count else ""
        hit = f'<rect class="mark-hit" fill="none" pointer-events="all" x="{box:.1f}" y="2" width="{wide:.1f}" height="28"/>'
        parts.append(f'<a href="{escape(link)}" tabindex="-1"><title>{told}</title>{bar}{hit}</a>')
    parts.append(horizontal("axis", 62, 948, 29))
    begins = starts(days, "month")
    step = next((step for step in (1, 3, 12, 24, 60) if len(begins) / step <= 12), 120)
    shown_days = [day for day in begins if (day.year * 12 + day.month - 1) % step == 0 and 62 <= x(number(day)) <= 890]
    parts += [text(x(number(day)), 44, str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year}") for day in shown_days]
    return "".join([*parts, "</svg>"])
