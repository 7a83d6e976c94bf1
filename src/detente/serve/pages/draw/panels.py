"""Panels that drawings over time share: the index with its band, how much was read, where nothing was, the days along the bottom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from ....relations.parties import Flags, number
from ....relations.timeline import Line, Timeline, starts
from ..format import MONTHS
from .svg import horizontal, kind, points, runs, text

Axis = Callable[[float], float]
SCALES = (3, 5, 10)
LEAST_BAR = 1.5  # pixels


@dataclass(frozen=True, slots=True)
class Box:
    """Where a panel stands, in pixels. `wide`: whether there is room for words."""

    left: float
    right: float
    top: float
    tall: float
    wide: bool = True

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.tall


def scale_of(most: float) -> int:
    """The scale that holds the largest index of a whole history, so that zooming never changes it."""
    return next((scale for scale in SCALES if scale >= most), SCALES[-1])


def axis(span: tuple[date, date], left: float, right: float) -> Axis:
    """From days, as numbers, to pixels: the whole last day included."""
    first, last = number(span[0]), number(span[1])
    return lambda day: left + (right - left) * (day - first) / max(1, last + 1 - first)


def gaps(line: Timeline, x: Axis, box: Box, prefix: str) -> list[str]:
    """Columns where nothing was read, over all panels; days between two weeks that were read are no gap."""
    if not line.coverage.known:
        return []
    begin_at = line.coverage.first
    return [
        f'<rect x="{x(begin + begin_at):.1f}" y="{box.top:g}" width="{x(end) - x(begin):.1f}" height="{box.tall:g}" '
        f'fill="url(#{prefix}-gap)"/>'
        for begin, end in runs(_unread(line)) if x(end) - x(begin) >= 3
    ]


def _unread(line: Timeline) -> Flags:
    dark = line.coverage.read == 0
    for begin, end in runs(dark):
        if end - begin < 7:
            dark[begin:end] = False
    return np.asarray(dark, bool)



def index(own: Line, scale: int, x: Axis, box: Box) -> list[str]:
    """The index as a line over its 80 % band; dotted where it rests on few events."""
    def y(value: float) -> float:
        return box.top + box.tall / 2 - float(np.clip(value / scale, -1, 1)) * box.tall / 2

    parts = [horizontal("rule", box.left, box.right, y(value)) for value in (scale, -scale)]
    parts += [text(box.left - 6, y(value) + 4, told, anchor="end") for value, told in
              ((scale, f"+{scale}"), (0, "0"), (-scale, f"−{scale}"))]
    for begin, end in runs(~own.gap[own.grid - own.daily.first]):
        days, low, high = own.grid[begin:end], own.band[begin:end, 0], own.band[begin:end, 1]
        edge = [(x(day + 0.5), y(value)) for day, value in zip([*days, *days[::-1]], [*high, *low[::-1]], strict=True)]
        parts.append(f'<path {kind("band")} d="{points(edge)}z"/>')
    parts.append(horizontal("axis", box.left, box.right, y(0)))
    step = 1 + len(own.daily) // 900
    for dotted in (True, False):
        for begin, end in runs(~own.gap & (own.thin == dotted)):
            joined = begin - 1 if begin > 0 and not own.gap[begin - 1] else begin
            places = [(x(own.daily.first + day + 0.5), y(float(own.daily.index[day]))) for day in range(joined, end, step)]
            dash = ' stroke-dasharray="2 3"' if dotted else ""
            parts.append(f'<path {kind("line")}{dash} d="{points(places)}"/>')
    return parts


def coverage(line: Timeline, x: Axis, box: Box) -> tuple[list[str], int]:
    """Articles per week that name either side (light) and both (dark), by the square root; and the most of a week. Where weeks are
    narrower than a bar may be, a bar shows the highest of several."""
    read, (first, last) = line.coverage, (number(line.span[0]), number(line.span[1]))
    begins = np.maximum(np.arange(first - line.span[0].weekday(), last + 1, 7) - read.first, 0)
    together = max(1, math.ceil(len(begins) * LEAST_BAR / (box.right - box.left)))  # weeks that one bar stands for: the highest of them
    edges = np.append(begins[::together], len(read))
    pixels = np.array([x(read.first + edge) for edge in edges.tolist()])
    weeks = {name: np.maximum.reduceat(np.add.reduceat(counts, begins), np.arange(0, len(begins), together))
             for name, counts in (("either", read.either), ("both", read.both))}
    most, foot = int(weeks["either"].max(initial=0)), f"{box.bottom:.1f}"
    parts = [horizontal("axis", box.left, box.right, box.bottom)]
    for name, totals in weeks.items():
        bars = np.flatnonzero(totals)
        columns = (pixels[bars], box.tall * np.sqrt(totals[bars] / max(1, most)), np.maximum(LEAST_BAR, np.diff(pixels)[bars] - 1))
        drawn = [  # one path for all weeks: a shape for each made up half of the page of a pair that was read for years
            f"M{left:.1f} {foot}v{-tall:.1f}h{wide:.1f}V{foot}z"
            for left, tall, wide in zip(*(column.tolist() for column in columns), strict=True)
        ]
        if drawn:
            parts.append(f'<path {kind(name)} d="{"".join(drawn)}"/>')
    return parts, most


def grid(span: tuple[date, date], x: Axis, box: Box) -> list[str]:
    """Days, months or years along the bottom, as many as there is room for, with fine lines through the panels."""
    parts = []
    for day, told in ticks(span, 12 if box.wide else 5):
        left = x(number(day))
        if left < box.left - 1:
            continue
        parts.append(f'<path {kind("rule")} d="M{left:.1f} {box.top:g}V{box.bottom:g}"/>')
        if left < box.right - 34:
            parts.append(text(left + 2, box.bottom + 14, told))
    return parts


def ticks(shown: tuple[date, date], most: int) -> list[tuple[date, str]]:
    """Days to be named at an axis."""
    months = starts(shown, "month")
    if len(months) <= 3:
        days = starts(shown, "day")
        step = next((step for step in (1, 2, 7, 14) if len(days) / step <= most), 14)
        return [(day, f"{day.day} {MONTHS[day.month - 1][:3]}") for day in days[:: step]]
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(months) / step <= most), 120)
    chosen = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
    return [(day, str(day.year) if step >= 12 else f"{MONTHS[day.month - 1][:3]} {day.year}") for day in chosen]
