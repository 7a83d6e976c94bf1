"""Offline: where the level of weekly counts changed, over a whole history. Poisson levels, least cost with a penalty per change (Jackson et
al. 2005; Killick et al. 2012), the penalty from simulated series without change, never a fixed 2 log n: news is burstier than a Poisson's.

`change_points` is exact and small, and takes exposure into account; `by_library` asks skchange's PELT for the same (tests hold the two
together) and for change points of scores by a rank cost, as a second opinion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import ceil, log
from typing import Literal

import numpy as np

from ..errors import MissingExtra
from .bands import seed_of
from .calibrate import intensities
from .constants import CountRules, Shape, ShiftRules
from .parties import Flags, Floats, Ints

SIZES = (52, 78, 104, 156, 208, 312, 416, 520, 728, 1040)
MEAN_STEP = 1.25
GRID, ROWS = 104, 400  # splits that a simulated series is tried at, and how many series
BLOCK = 2  # weeks that stand together in replicates
Cost = Literal["counts", "ranks"]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of level. `at`: place of the first week of the new level; `low` … `high`: the stretch of its two levels (end excluded);
    levels per week at usual exposure with standard errors; `gain`: what the change explains, above `penalty`."""

    at: int
    low: int
    high: int
    before: float
    before_error: float
    after: float
    after_error: float
    gain: float
    penalty: float
    sureness: float


def _cost(events: Floats, exposure: Floats) -> Floats:
    """Twice the negative log-likelihood of Poisson counts at their own level, without the terms that no split changes."""
    known = (events > 0) & (exposure > 0)
    return np.where(known, -2 * events * np.log(np.where(known, events, 1) / np.where(known, exposure, 1)), 0.0)


def change_points(counts: Ints, exposure: Floats, penalty: float, segment: int) -> list[int]:
    """First weeks of new levels, by dynamic programming over all splits; levels last `segment` weeks at least."""
    size = len(counts)
    if size < 2 * segment:
        return []
    sums, opens = np.append(0.0, np.cumsum(counts)), np.append(0.0, np.cumsum(exposure))
    best, back = np.full(size + 1, np.inf), np.zeros(size + 1, np.int64)
    best[0] = -penalty
    for end in range(segment, size + 1):
        starts = np.arange(0, end - segment + 1)
        costs = best[starts] + _cost(sums[end] - sums[starts], opens[end] - opens[starts]) + penalty
        back[end] = int(np.argmin(costs))
        best[end] = costs[back[end]]
    found: list[int] = []
    place = int(back[size])
    while place > 0:
        found.append(place)
        place = int(back[place])
    return found[::-1]


def by_library(values: Ints | Floats, penalty: float, segment: int, cost: Cost = "counts") -> list[int]:
    """The same by skchange's PELT: Poisson counts (exposure taken as even), or any values by their ranks. MissingExtra without it."""
    try:
        from skchange.detectors import PELT
        from skchange.interval_scorers import PoissonCost, RankCost
    except ImportError as error:
        raise MissingExtra("skchange", "store") from error
    if len(values) < 2 * segment:
        return []
    detector = PELT(PoissonCost() if cost == "counts" else RankCost(), penalty=penalty, min_segment_length=segment)
    return [int(place) for place in detector.fit_predict(np.asarray(values)[:, None])]


def penalty_for(mean: float, weeks: int, shape: Shape, rules: ShiftRules) -> float:
    """The penalty with which a share `rules.counts.rate` of series without change shows one or more."""
    size = next((size for size in SIZES if size >= weeks), SIZES[-1])
    return _penalty(ceil(log(max(mean, 0.05)) / log(MEAN_STEP)), size, shape, rules.counts)


@cache
def _penalty(step: int, weeks: int, shape: Shape, rules: CountRules) -> float:
    random = np.random.default_rng(seed_of("penalty", step, weeks, shape.sd, shape.phi))
    counts = random.poisson(MEAN_STEP**step * intensities(shape, ROWS, weeks, random))
    return rules.slack * float(np.quantile(largest_gain(counts, rules.segment), 1 - rules.rate))


def largest_gain(counts: Ints, segment: int) -> Floats:
    """The smallest penalty with which each row of counts shows no change: the most that one, or each of two, explains (on GRID splits)."""
    rows, weeks = counts.shape
    edges = np.unique(np.append(np.arange(0, weeks, max(1, weeks // GRID)), weeks))
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(counts, axis=1)], axis=1)[:, edges]
    whole = _cost(sums[:, -1], np.full(rows, float(weeks)))
    first = np.full((rows, len(edges)), np.inf)
    for place in range(1, len(edges)):
        inside = np.flatnonzero((edges >= segment) & (edges <= edges[place] - segment))
        if len(inside):
            width = (edges[place] - edges[inside]).astype(float)
            left = _cost(sums[:, inside], np.broadcast_to(edges[inside].astype(float), (rows, len(inside))))
            right = _cost(sums[:, [place]] - sums[:, inside], np.broadcast_to(width, (rows, len(inside))))
            first[:, place] = (left + right).min(axis=1)
    ends = np.flatnonzero((edges >= 2 * segment) & (edges <= weeks - segment))
    width = (weeks - edges[ends]).astype(float)
    rest = _cost(sums[:, [-1]] - sums[:, ends], np.broadcast_to(width, (rows, len(ends))))
    two = (first[:, ends] + rest).min(axis=1, initial=np.inf)
    return np.asarray(np.maximum(whole - first[:, -1], (whole - two) / 2), float)


def steps(counts: Ints, exposure: Floats, seen: Flags, shape: Shape, rules: ShiftRules) -> list[Step]:
    """All changes of level of a series, places as in its arrays; weeks in which nothing was read are skipped. `sureness`: the share of
    replicates (blocks of two weeks, Poisson times) in which the two levels still differ by more than the penalty."""
    weeks = np.flatnonzero(seen)[-rules.counts.longest :]
    if len(weeks) < rules.chart.least or not counts[weeks].sum():
        return []
    x, e = counts[weeks], exposure[weeks]
    e = e * len(e) / e.sum()
    penalty = penalty_for(float(x.mean()), len(weeks), shape, rules)
    points = [0, *change_points(x, e, penalty, rules.counts.segment), len(weeks)]
    found = []
    for low, at, high in zip(points, points[1:], points[2:], strict=False):
        sides = [(x[low:at], e[low:at]), (x[at:high], e[at:high])]
        levels = [float(part.sum() / open_.sum()) for part, open_ in sides]
        errors = [_error(level, float(open_.sum()), shape) for level, (_, open_) in zip(levels, sides, strict=True)]
        gain, sure = _strength(x[low:high], e[low:high], at - low, penalty, rules.replicates)
        end = int(weeks[high - 1]) + 1
        found.append(
            Step(int(weeks[at]), int(weeks[low]), end, levels[0], errors[0], levels[1], errors[1], gain, penalty, sure)
        )
    return found


def _error(level: float, weeks: float, shape: Shape) -> float:
    return float((max(level, 0.5 / weeks) * shape.inflation(level) / weeks) ** 0.5)


def _strength(counts: Ints, exposure: Floats, at: int, penalty: float, replicates: int) -> tuple[float, float]:
    """What a split explains, and the share of replicates in which it explains more than the penalty, the same way."""
    random = np.random.default_rng(seed_of("steps", len(counts), at, int(counts.sum())))
    blocks = np.arange(len(counts)) // BLOCK
    times = np.vstack([np.ones(len(counts)), random.poisson(1.0, (replicates, blocks[-1] + 1))[:, blocks]])
    x, e = times * counts, times * exposure
    sums = [part.sum(axis=1) for part in (x[:, :at], e[:, :at], x[:, at:], e[:, at:])]
    gain = _cost(sums[0] + sums[2], sums[1] + sums[3]) - _cost(sums[0], sums[1]) - _cost(sums[2], sums[3])
    rise = np.sign(sums[2] * sums[1] - sums[0] * sums[3])
    return float(gain[0]), float(((gain > penalty) & (rise == rise[0]))[1:].mean())
