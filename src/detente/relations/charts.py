"""Online: two one-sided sums (CUSUM, after Page 1954) per series of weekly counts, which ring soon after a level has changed.

S = max(0, S + x - k e) upwards, max(0, S + k e - x) downwards, with e the exposure; it rings above h. The level is that of the first weeks,
and after an alarm that of the weeks after it. A week in which nothing was read changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from .calibrate import Direction, careful_mean, chart_limit, reference
from .constants import Shape, ShiftRules
from .parties import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Alarm:
    """A chart rang. Places are weeks: `first` the one after the sum last stood at 0, `seen` the one in which it rang; `learnt` the weeks
    (begin, end) that its level came from. `sum` stood above `limit`."""

    direction: Direction
    first: int
    seen: int
    learnt: tuple[int, int]
    mean: float
    sum: float
    limit: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it stands now."""

    direction: Direction
    mean: float
    drift: float
    limit: float


def chart(counts: Ints, exposure: Floats, direction: Direction, shape: Shape, rules: ShiftRules) -> Chart | None:
    """A chart for a history; None where it holds too little to go by."""
    mean = careful_mean(counts, exposure, shape, direction, rules.chart.careful)
    if mean < (rules.chart.least_mean if direction == "up" else 1.0):
        return None
    return Chart(direction, mean, reference(mean, rules.chart.factor, direction), chart_limit(mean, direction, shape, rules))


def gain(found: Chart, count: float, exposure: float, clip: float) -> float:
    """What one week adds to the sum."""
    if found.direction == "down":
        return found.drift * exposure - count
    return min(count, found.mean * exposure + clip * sqrt(found.mean * exposure)) - found.drift * exposure


def alarms(counts: Ints, exposure: Floats, seen: Flags, shape: Shape, rules: ShiftRules) -> list[Alarm]:
    """All alarms of both charts of a series, in order; none for a history shorter than `least` seen weeks."""
    weeks = np.flatnonzero(seen)
    found = [alarm for direction in ("up", "down") for alarm in _run(counts, exposure, weeks, direction, (shape, rules))]
    return sorted(found, key=lambda alarm: alarm.seen)


def _run(counts: Ints, exposure: Floats, weeks: Ints, direction: Direction, shared: tuple[Shape, ShiftRules]) -> list[Alarm]:
    """`weeks`: places of the seen weeks. The level is learnt anew after an alarm, and once more when a year has gone by."""
    shape, rules = shared
    learn = min(rules.chart.learn, max(rules.chart.least, len(weeks) // 2))
    found: list[Alarm] = []
    begin, end = 0, learn
    while end < len(weeks):
        span = weeks[begin:end]
        now = chart(counts[span], exposure[span], direction, shape, rules)
        stop = len(weeks) if end - begin >= rules.chart.least else min(len(weeks), begin + rules.chart.least)
        rang = _watch(now, counts, exposure, (weeks[:stop], end), rules) if now else None
        if now is None or rang is None:
            end = stop
            continue
        first, place, total = rang
        learnt = (int(span[0]), int(span[-1]) + 1)
        found.append(Alarm(direction, int(weeks[first]), int(weeks[place]), learnt, now.mean, total, now.limit))
        begin, end = place + 1, place + 1 + rules.chart.relearn
    return found


def _watch(now: Chart, counts: Ints, exposure: Floats, weeks: tuple[Ints, int], rules: ShiftRules) -> tuple[int, int, float] | None:
    """Of the seen weeks from a place on: the one after the sum last stood at 0, that of the alarm, the sum; None if it never rings."""
    total, first = 0.0, -1
    for number in range(weeks[1], len(weeks[0])):
        place = weeks[0][number]
        total = max(0.0, total + gain(now, float(counts[place]), float(exposure[place]), rules.chart.clip))
        first = -1 if total == 0 else number if first < 0 else first
        if total > now.limit:
            return first, number, total
    return None
