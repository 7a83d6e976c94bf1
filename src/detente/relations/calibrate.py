"""How large chance makes a change look: the noise of weekly counts, measured over pairs, and thresholds from simulating it.

News comes in bursts, so counts vary more than a Poisson's, and one week resembles the next. Thresholds from Poisson theory ring nearly
always, and those from a pair's own short history still too often; so the noise is measured over all pairs together and simulated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log, log1p, sqrt
from typing import Literal

import numpy as np

from .bands import seed_of
from .constants import ChartRules, Shape, ShiftRules
from .parties import Flags, Floats, Ints

Direction = Literal["up", "down"]
BLOCK = 104  # weeks over which a level is taken for one when the noise is measured
STEP = 1.1  # thresholds are worked out for means in these steps, rounded to the careful side
LARGEST = 0.95
LEAST = 0.1  # standard deviation that is always reckoned with: exposure is measured with error, which goes on for weeks


@dataclass(frozen=True, slots=True)
class Sums:
    """What one series adds to the measure of noise."""

    weeks: int
    excess: float
    lagged: float
    squared: float


def sums_of(counts: Ints, exposure: Floats, seen: Flags) -> list[Sums]:
    """Of a series of weekly counts: one entry per block of BLOCK weeks that is half seen and holds 0.2 events a week."""
    found = []
    for begin in range(0, len(counts) - BLOCK // 2, BLOCK):
        part = slice(begin, begin + BLOCK)
        held, x, e = seen[part], counts[part].astype(float), exposure[part]
        if held.sum() < BLOCK // 2 or (mean := x[held].sum() / e[held].sum()) < 0.2:
            continue
        rest = np.where(held, x - mean * e, 0.0)
        pairs = held[1:] & held[:-1]
        squared = mean**2 * float((e[held] ** 2).sum())
        lag = float((rest[1:] * rest[:-1]).sum()) * held.sum() / max(1, int(pairs.sum()))
        found.append(Sums(int(held.sum()), float((rest**2).sum() - mean * e[held].sum()), lag, squared))
    return found


def pooled(series: Iterable[tuple[Ints, Floats, Flags]], rules: ShiftRules) -> Shape:
    """The noise of many series together; the constants' own if fewer than `pool_pairs` blocks can be measured.

    Method of moments: of a lognormal intensity, excess variance / mean² is exp(sd²) - 1, covariance of neighbours / mean² exp(phi sd²) - 1.
    """
    blocks = [block for counts, exposure, seen in series for block in sums_of(counts, exposure, seen)]
    if len(blocks) < rules.pool_pairs:
        return rules.shape
    squared = sum(block.squared for block in blocks)
    spread = log1p(max(0.0, sum(block.excess for block in blocks) / squared))
    together = log1p(max(0.0, sum(block.lagged for block in blocks) / squared))
    phi = min(LARGEST, together / spread) if spread > 1e-4 else rules.shape.phi
    return Shape(sd=round(min(3.0, max(LEAST, sqrt(spread))), 3), phi=round(phi, 3))


def intensities(shape: Shape, rows: int, weeks: int, random: np.random.Generator) -> Floats:
    """Lognormal factors with mean 1 (rows × weeks) that go on from week to week."""
    noise = random.standard_normal((weeks, rows))
    keep = sqrt(1 - shape.phi**2)
    for week in range(1, weeks):
        noise[week] = shape.phi * noise[week - 1] + keep * noise[week]
    return np.exp(shape.sd * noise - shape.sd**2 / 2).T


def simulated(mean: float, shape: Shape, rows: int, weeks: int, random: np.random.Generator) -> Ints:
    """Weekly counts without any change (rows × weeks)."""
    return np.asarray(random.poisson(mean * intensities(shape, rows, weeks, random)), np.int64)


def careful_mean(counts: Ints, exposure: Floats, shape: Shape, direction: Direction, careful: float) -> float:
    """The level of a history, moved by `careful` standard errors to the side of fewer alarms: a short history may have been a lull."""
    total = float(exposure.sum())
    mean = float(counts.sum()) / total if total else 0.0
    error = careful * sqrt(mean * shape.inflation(mean) / total) if total else 0.0
    return mean + error if direction == "up" else max(0.0, mean - error)


def reference(mean: float, factor: float, direction: Direction) -> float:
    """The drift k of a sum that is to find `factor` times the mean (at least one a week more), or the mean over `factor`."""
    other = max(factor * mean, mean + 1) if direction == "up" else mean / factor
    return (other - mean) / log(other / mean)


@cache
def _noise(shape: Shape, rows: int, weeks: int) -> Floats:
    return intensities(shape, rows, weeks, np.random.default_rng(seed_of("charts", shape.sd, shape.phi)))


@cache
def _limit(step: int, direction: Direction, shape: Shape, rules: ChartRules, simulations: int) -> float:
    mean, weeks = STEP**step, 52 * rules.years
    random = np.random.default_rng(seed_of("charts", step, direction))
    counts = random.poisson(mean * _noise(shape, simulations, weeks)).astype(float)
    drift = reference(mean, rules.factor, direction)
    gains = np.minimum(counts, mean + rules.clip * sqrt(mean)) - drift if direction == "up" else drift - counts
    sums, most = np.zeros(simulations), np.zeros(simulations)
    for week in range(weeks):
        sums = np.maximum(0.0, sums + gains[:, week])
        most = np.maximum(most, sums)
    return float(np.quantile(most, 1 - rules.rate))


def chart_limit(mean: float, direction: Direction, shape: Shape, rules: ShiftRules) -> float:
    """The sum h above which a chart rings: `rules.chart.rate` of simulated charts without change ring once or more in `years`."""
    place = log(mean) / log(STEP)
    return _limit(ceil(place) if direction == "up" else floor(place), direction, shape, rules.chart, rules.simulations)
