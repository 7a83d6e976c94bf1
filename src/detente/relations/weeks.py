"""Weekly counts of a pair, with how much was read: what charts and change points are made from. Weeks begin on Monday."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .bands import MONDAY, week_of
from .constants import ShiftRules
from .coverage import Coverage
from .parties import Acts, Flags, Floats, Ints, number
from .timeline import Timeline

SERIES = ("cooperation", "conflict")
SMOOTH = 13  # weeks over which articles are averaged: what is read in one week says too little about how much is read
STRETCH = (0.2, 5.0)  # exposure is held between these multiples of the usual


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Counts per week from week `first` on (`week_of`). `exposure`: reading about the pair as a multiple of its mean, and of a last week
    that is not over yet the part that is; `seen`: weeks in which something was read."""

    first: int
    cooperation: Ints
    conflict: Ints
    exposure: Floats
    seen: Flags

    def __len__(self) -> int:
        return len(self.exposure)

    def series(self, name: str) -> Ints:
        """The counts of a series, as in SERIES."""
        return self.cooperation if name == "cooperation" else self.conflict

    def monday(self, place: int) -> int:
        """First day of a week, given by its place in the arrays."""
        return (self.first + place) * 7 - MONDAY


def members(found: Acts, name: str) -> Flags:
    """The events that a series counts; an act with score 0 counts by its quad."""
    cooperative = (found.score > 0) | ((found.score == 0) & np.isin(found.quad, (0, 1)))
    return np.asarray(cooperative if name == "cooperation" else ~cooperative, bool)


def weekly(line: Timeline, rules: ShiftRules) -> Weeks:
    """The weeks that a time line's span touches. Events dated more widely than a week count in the week of their middle."""
    low, high = number(line.span[0]), number(line.span[1])
    first = int(week_of(np.array(low)))
    size = int(week_of(np.array(high))) - first + 1
    inside = line.acts.take((line.acts.day >= low) & (line.acts.day <= high) & (line.acts.width <= 31))
    place = week_of(inside.day) - first
    counts = [np.bincount(place[members(inside, name)], minlength=size) for name in SERIES]
    exposure, seen = exposures(line.coverage, first, size)
    exposure[-1] *= ((high + MONDAY) % 7 + 1) / 7
    return Weeks(first, counts[0], counts[1], exposure, seen | (counts[0] + counts[1] > 0))


def exposures(read: Coverage, first: int, size: int) -> tuple[Floats, Flags]:
    """Exposure and whether anything was read, per week."""
    if not read.known:
        return np.ones(size), np.ones(size, bool)
    place = week_of(np.arange(read.first, read.first + len(read))) - first
    either = np.bincount(place, read.either, size).astype(float)
    seen = np.bincount(place, read.read, size) > 0
    return smooth(either, seen), seen


def smooth(either: Floats, seen: Flags) -> Floats:
    """Mean articles of the last SMOOTH seen weeks, as a multiple of the mean of all seen weeks."""
    total, count = np.cumsum(np.append(0.0, either * seen)), np.cumsum(np.append(0, seen))
    ends = np.arange(1, len(either) + 1)
    begins = np.maximum(ends - SMOOTH, 0)
    mean = (total[ends] - total[begins] + 0.5) / (count[ends] - count[begins] + 0.5)
    usual = mean[seen].mean() if seen.any() else 1.0
    return np.asarray(np.clip(mean / usual, *STRETCH), float)
