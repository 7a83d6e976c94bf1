"""Whether the scores of a pair's events, in their order, moved from one level to another: works from about ten days with events on.

Each day with events is one mark (its mean score, weighted by confidence; of long histories each week too). A window of the marks before
a day is set against a window of those from it on; all days and many widths are tried (a scan over seeded windows, kept greedily from the
strongest on). Marks enter by the normal values of their ranks; a contrast is the signed root of the likelihood ratio of two levels
against one, over its own spread by chance. Chance is shuffles of the pair's own marks in which neighbours in time stay somewhat alike: a
share `nu` of a latent normal value goes on with correlation rho^(days / 7), the rest is free, and the sorted marks are dealt out by its
ranks (with nu = 0 this is the permutation test). The threshold holds for the largest contrast of the whole scan, so one look at a pair
without change shows a shift with the stated chance, whatever the volume of news and whatever it skips: what is not covered has no marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil
from statistics import NormalDist

import numpy as np

from .bands import seed_of, week_of
from .constants import MarkRules
from .parties import Acts, Flags, Floats, Ints

FLOOR = 0.1  # of the whole spread, added to each window's
DAILY = 0.8  # of the rate, to days where weeks are looked at too
ROUNDS = 3  # of finding the split by levels that depend on it
BLOCK, LEAST, LARGEST = 20, 20, 0.9  # marks of a block, blocks and largest share when likeness is measured
Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Marks in order. `day`: the day, or the first day with an event of the week; `begin`, `end`: places of its events in the acts."""

    day: Ints
    value: Floats
    begin: Ints
    end: Ints
    weekly: bool

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change between marks. `at`: place of the first mark of the new level; `first` … `last`: places it may have too; it was found in
    the window `low` … `high`; levels and their standard errors; `contrast` in null standard deviations, above `limit`; `chance`: share of
    shuffles whose largest contrast is as large; `sureness`: share of replicates in which it would have been found again."""

    at: int
    first: int
    last: int
    low: int
    high: int
    before: float
    before_error: float
    after: float
    after_error: float
    contrast: float
    limit: float
    chance: float
    sureness: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Contrasts of all windows over their spread by chance, the largest ones of the shuffles in order, and the limit."""

    values: Floats
    windows: tuple[Ints, Ints, Ints]
    spread: Floats
    contrast: Floats
    most: Floats
    limit: float


def looks(found: Acts, rules: MarkRules) -> list[tuple[Marks, float]]:
    """Marks to be scanned, each with its share of the rate: the last days, and the last weeks where there are more days than one takes."""
    daily = marks_of(found, rules)
    if not len(daily) or daily.begin[0] == 0:
        return [(daily, rules.rate)]
    return [(daily, rules.rate * DAILY), (marks_of(found, rules, weekly=True), rules.rate * (1 - DAILY))]


def marks_of(found: Acts, rules: MarkRules, weekly: bool = False) -> Marks:
    """The last `longest` marks of a pair's events: days, or weeks."""
    unit = week_of(found.day) if weekly else found.day
    begin = np.flatnonzero(np.append(True, unit[1:] != unit[:-1]))[-rules.longest :] if len(unit) else np.zeros(0, np.int64)
    end = np.append(begin[1:], len(unit)) if len(begin) else begin
    score = np.clip(found.score, -rules.clip, rules.clip) * found.confidence
    sums, weights = (np.append(0.0, np.cumsum(values)) for values in (score, found.confidence))
    value = (sums[end] - sums[begin]) / np.maximum(weights[end] - weights[begin], 1e-9)
    return Marks(found.day[begin], value, begin, end, weekly)


@cache
def _windows(size: int, before: tuple[int, ...], after: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
    """Begin, split and end of all windows over `size` marks; the longest that fits stands for all that do not."""
    found = set()
    for split in range(min(before), size - min(after) + 1):
        back = {length for length in before if length <= split} | ({split} if split <= max(before) else set())
        ahead = {length for length in after if length <= size - split} | ({size - split} if size - split <= max(after) else set())
        found |= {(split - one, split, split + other) for one in back for other in ahead}
    low, at, high = np.array(sorted(found), np.int64).reshape(-1, 3).T
    return low, at, high


def _contrasts(values: Array, windows: tuple[Ints, Ints, Ints]) -> Array:
    """Signed root of the likelihood ratio of each window (columns) in each row of marks; positive where scores rise."""
    low, at, high = windows
    sums, squares = np.zeros((2, len(values), values.shape[1] + 1), np.float32)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    np.cumsum(values**2, axis=1, out=squares[:, 1:])
    split = sums[:, at]
    before, after = split - sums[:, low], sums[:, high] - split
    count = (high - low).astype(float)
    whole = squares[:, high] - squares[:, low]
    between = before**2 / (at - low) + after**2 / (high - at)
    floor = FLOOR * count * values[0].var()  # keeps windows of equal marks from standing out
    within = np.maximum(whole - between, 0) + floor
    total = np.maximum(whole - (before + after) ** 2 / count + floor, within)
    rise = after / (high - at) - before / (at - low)
    return np.asarray(np.sign(rise) * np.sqrt(count * np.log(total / within)), float)


def shuffles(marks: Floats, day: Ints, alike: tuple[float, float], rows: int, random: np.random.Generator) -> Array:
    """The marks dealt out anew, `rows` times, so that neighbours in time stay alike; `alike`: nu and rho."""
    nu, rho = alike
    noise = random.standard_normal((len(marks), rows))
    if nu > 0:
        same = rho ** (np.diff(day) / 7)
        rest = np.sqrt(1 - same**2)
        for place in range(1, len(marks)):
            noise[place] = same[place - 1] * noise[place - 1] + rest[place - 1] * noise[place]
        noise = np.sqrt(nu) * noise + np.sqrt(1 - nu) * random.standard_normal(noise.shape)
    ranks = noise.T.argsort(axis=1).argsort(axis=1)
    return np.asarray(np.sort(marks)[ranks], float)


def normal(values: Floats) -> Floats:
    """Normal values of the ranks, ties shared: one massacre must not weigh as ten quarrels."""
    order, counts = np.unique(values, return_inverse=True, return_counts=True)[1:]
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    return np.array([NormalDist().inv_cdf(float(share)) for share in middle])[order]


def likeness(many: Iterable[Marks], rules: MarkRules) -> float | None:
    """The share `nu` measured over many pairs, from neighbouring marks within blocks of BLOCK; None of too few blocks.

    Taking a block's mean away hides some of the likeness; how much depends on `nu`, so the estimate is corrected by itself, repeatedly.
    """
    blocks = []
    for marks in many:
        for begin in range(0, len(marks) - BLOCK + 1, BLOCK):
            day, part = marks.day[begin : begin + BLOCK], marks.value[begin : begin + BLOCK]
            if np.ptp(part) > 0:
                value, same = normal(part), rules.rho ** (np.diff(day) / 7)
                value = (value - value.mean()) / value.std()
                whole = float((rules.rho ** (np.abs(day[:, None] - day[None, :]) / 7)).mean())
                product = float((same * value[1:] * value[:-1]).sum())
                blocks.append((product, float(same.sum()), float((same**2).sum()), whole))
    squares = sum(block[2] for block in blocks)
    if len(blocks) < LEAST or squares <= 0:
        return None
    nu = 0.0
    for _ in range(50):
        hidden = [nu * whole + (1 - nu) / BLOCK for *_, whole in blocks]
        told = sum(product * (1 - lost) + lost * same for (product, same, *_), lost in zip(blocks, hidden, strict=True))
        nu = min(LARGEST, max(0.0, told / squares))
    return nu


def turns(marks: Marks, rules: MarkRules, draw: tuple[str, int], rate: float | None = None, nu: float | None = None) -> list[Turn]:
    """All turns of a pair's marks, in order of time. `draw`: the pair, for the seed, and how many replicates; `rate` and `nu`: instead of
    the constants' own."""
    size = len(marks)
    if size < min(rules.before) + min(rules.after) or np.ptp(marks.value) == 0:
        return []
    windows = _windows(size, rules.before, rules.after)
    values = normal(marks.value)
    random = np.random.default_rng(seed_of(draw[0], "marks", marks.weekly))
    share = rules.nu_week if marks.weekly else rules.nu if nu is None else nu
    null = _contrasts(shuffles(values, marks.day, (share, rules.rho), rules.simulations, random), windows)
    half = len(null) // 2  # the shuffles that give the spread cannot give the limit too: their own extremes have widened it
    spread = np.maximum(null[:half].std(axis=0), 1e-9)
    most = np.sort(np.abs(null[half:] / spread).max(axis=1))
    told = rules.rate if rate is None else rate
    limit = float(most[min(len(most), ceil((1 - told) * (len(most) + 1))) - 1])
    contrast = _contrasts(values[None, :], windows)[0] / spread
    scan = Scan(values, windows, spread, contrast, most, limit)
    return sorted((_turn(marks, scan, place, rules.margin, draw) for place in _greedy(scan)), key=lambda turn: turn.at)


def _greedy(scan: Scan) -> list[int]:
    """The strongest window above the limit, then the strongest of those that do not reach over a split already taken, and so on."""
    low, at, high = scan.windows
    size = np.abs(scan.contrast)
    free = size > scan.limit
    taken: list[int] = []
    while free.any():
        best = int(np.argmax(np.where(free, size, -1)))
        taken.append(best)
        free &= (high <= at[best]) | (low >= at[best])
    return taken


def _turn(marks: Marks, scan: Scan, place: int, margin: float, draw: tuple[str, int]) -> Turn:
    low, split, high = (int(part[place]) for part in scan.windows)
    key, replicates = draw
    at, first, last = _located(marks, scan, (low, split, high), margin)
    sides = (marks.value[low:at], marks.value[at:high])
    errors = [float(side.std(ddof=1) / np.sqrt(len(side))) if len(side) > 1 else 0.0 for side in sides]
    random = np.random.default_rng(seed_of(key, "sure", int(marks.day[at])))
    blocks = np.unique(week_of(marks.day[low:high]), return_inverse=True)[1]
    times = random.poisson(1.0, (replicates, blocks.max() + 1))[:, blocks]
    again = np.array([_again(scan.values[low:high], row, split - low) for row in times]) / scan.spread[place]
    size = float(scan.contrast[place])
    chance = (1 + float((scan.most >= abs(size)).sum())) / (1 + len(scan.most))
    return Turn(
        at, first, last, low, high, float(sides[0].mean()), errors[0], float(sides[1].mean()), errors[1], size, scan.limit,
        chance, float((again * np.sign(size) > scan.limit).mean()),
    )


def _again(values: Floats, times: Ints, at: int) -> float:
    """The contrast of a window in which each mark stands so many times; 0 where one side is gone."""
    split = int(times[:at].sum())
    total = split + int(times[at:].sum())
    if not split or split == total:
        return 0.0
    window = (np.array([0]), np.array([split]), np.array([total]))
    return float(_contrasts(np.repeat(values, times)[None, :], window)[0, 0])


def _located(marks: Marks, scan: Scan, window: tuple[int, int, int], margin: float) -> tuple[int, int, int]:
    """Where in a window the split fits best, and the places around it, without a break, where it fits worse by at most `margin`.

    Two normal levels of one spread, and the days with marks of the new kind as two Poisson rates (by half, since such days come in bursts):
    a single one long before the others did not begin the new level.
    """
    low, at, high = window
    values, day = scan.values[low:high], marks.day[low:high]
    size, at = high - low, at - low
    places = np.arange(1, size)
    sums = np.append(0.0, np.cumsum(values))
    gain = sums[places] ** 2 / places + (sums[-1] - sums[places]) ** 2 / (size - places)
    rest = size * np.log(np.maximum((values**2).sum() - gain, FLOOR * size * scan.values.var()))
    fit = rest
    for _ in range(ROUNDS):
        levels = values[:at].mean(), values[at:].mean()
        kind = (values - sum(levels) / 2) * (levels[1] - levels[0]) > 0
        fit = rest + _rates(day, kind, at) / 2
        at = int(np.argmin(fit)) + 1
    fine = np.append(False, fit - fit.min() <= margin)
    first = last = at
    while first > 1 and fine[first - 1]:
        first -= 1
    while last + 1 < size and fine[last + 1]:
        last += 1
    return low + at, low + first, low + last


def _rates(day: Ints, kind: Flags, at: int) -> Floats:
    """Twice the negative log-likelihood of days of the new kind, with the rates that the split `at` gives, for a split at each place."""
    spans = (float(day[at] - day[0]), float(day[-1] + 1 - day[at]))
    rates = [(count + 0.5) / max(1.0, span) for count, span in zip((kind[:at].sum(), kind[at:].sum()), spans, strict=True)]
    early = np.cumsum(kind)[:-1]
    gone = (day[1:] - day[0]).astype(float)
    whole = float(day[-1] + 1 - day[0])
    fit = early * np.log(rates[0]) + (kind.sum() - early) * np.log(rates[1]) - rates[0] * gone - rates[1] * (whole - gone)
    return np.asarray(-2 * fit, float)
