"""Back-test of the shifts' stated rates: simulated series without change (how often it rings) and with one (how soon it does).

Kinds of series: `even` (Poisson), `bursts` (lognormal intensity that goes on from week to week), `missing` (bursts, a fifth of the weeks
and one half year not covered), `growing` (bursts, reading grows threefold and counts with it). The noise is measured on series of the
same kind, other than those tested, as a store measures its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ..relations.calibrate import intensities, pooled
from ..relations.charts import alarms
from ..relations.constants import Shape, ShiftRules
from ..relations.counts import steps
from ..relations.marks import Marks, shuffles, turns
from ..relations.parties import Flags, Floats, Ints
from ..relations.weeks import smooth

KINDS = ("even", "bursts", "missing", "growing")
BURSTS = Shape(sd=0.6, phi=0.6)
EVEN = Shape(sd=0.0, phi=0.0)
SCORES = np.array([-9.5, -6.0, -3.0, -2.0, -1.0, 1.5, 2.5, 4.0])
SHARES = np.array([0.1, 0.1, 0.15, 0.15, 0.1, 0.15, 0.15, 0.1])
ARTICLES = 40.0  # a week that name either side
Series = tuple[Ints, Floats, Flags]


@dataclass(frozen=True, slots=True)
class Achieved:
    """How often something rang that should not have, of `runs`; `stated`: how often it says that it does, at most."""

    what: str
    stated: float
    runs: int
    rang: int

    @property
    def rate(self) -> float:
        """Share of runs."""
        return self.rang / self.runs

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        z, n, p = 1.96, self.runs, self.rate
        middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)

    @property
    def holds(self) -> bool:
        """Whether the stated rate is not refuted from above."""
        return self.bounds[0] <= self.stated


@dataclass(frozen=True, slots=True)
class Delay:
    """How soon a change is told: share of runs in which it is within `within` weeks, and median weeks among these (None of none)."""

    what: str
    mean: float
    within: int
    found: float
    weeks: float | None


def series(kind: str, mean: float, weeks: int, random: np.random.Generator, factor: Floats | None = None) -> Series:
    """One simulated series: counts, exposure as a store would measure it, weeks that were covered. `factor`: the level, week by week."""
    reading = np.linspace(1, 3, weeks) / 2 if kind == "growing" else np.ones(weeks)
    level = mean * reading * (1.0 if factor is None else factor)
    counts = random.poisson(level * intensities(EVEN if kind == "even" else BURSTS, 1, weeks, random)[0])
    seen = np.ones(weeks, bool)
    if kind == "missing":
        seen = random.random(weeks) > 0.2
        gap = int(random.integers(weeks // 4, weeks // 2))
        seen[gap : gap + 26] = False
    articles = random.poisson(ARTICLES * reading * intensities(Shape(sd=0.3, phi=0.5), 1, weeks, random)[0]) * seen
    return np.where(seen, counts, 0), smooth(articles.astype(float), seen), seen


def noise(kind: str, mean: float, rules: ShiftRules, random: np.random.Generator, pairs: int = 60) -> Shape:
    """The noise as measured on other series of the kind."""
    return pooled([series(kind, mean, 312, random) for _ in range(pairs)], rules)


def chart_rates(rules: ShiftRules, runs: int, seed: int = 1) -> list[Achieved]:
    """Of unchanged series, how many ring once or more in `chart.years` after a history of two years; upwards and downwards apart."""
    found = []
    weeks = rules.chart.learn + 52 * rules.chart.years
    for place, (kind, mean) in enumerate((kind, mean) for kind in KINDS for mean in (0.5, 2.0, 6.0)):
        random = np.random.default_rng([seed, place])
        shape = noise(kind, mean, rules, random)
        rang = [{alarm.direction for alarm in alarms(*series(kind, mean, weeks, random), shape, rules)} for _ in range(runs)]
        for direction in ("up", "down") if mean > 1 else ("up",):
            what = f"chart {direction}, {kind}, {mean:g} a week, {rules.chart.years} years"
            found.append(Achieved(what, rules.chart.rate, runs, sum(direction in own for own in rang)))
    return found


def count_rates(rules: ShiftRules, runs: int, seed: int = 2) -> list[Achieved]:
    """Of unchanged series of five years, how many show a change of level."""
    found = []
    for place, (kind, mean) in enumerate((kind, mean) for kind in KINDS for mean in (0.5, 2.0, 6.0)):
        random = np.random.default_rng([seed, place])
        shape = noise(kind, mean, rules, random)
        rang = sum(bool(steps(*series(kind, mean, 260, random), shape, rules)) for _ in range(runs))
        found.append(Achieved(f"levels, {kind}, {mean:g} a week, 5 years", rules.counts.rate, runs, rang))
    return found


def marks(count: int, days: int, nu: float, rules: ShiftRules, random: np.random.Generator) -> Marks:
    """Simulated marks of an unchanged pair on `count` of so many days."""
    day = np.sort(random.choice(days, count, replace=False))
    value = shuffles(random.choice(SCORES, count, p=SHARES), day, (nu, rules.marks.rho), 1, random)[0]
    return Marks(day, value, np.arange(count), np.arange(1, count + 1), weekly=False)


def mark_rates(rules: ShiftRules, runs: int, seed: int = 3) -> list[Achieved]:
    """Of looks at unchanged pairs, how many show a turn: with likeness as assumed, without any, and with twice as much (not promised)."""
    found = []
    for place, (nu, count) in enumerate((nu, count) for nu in (0.0, rules.marks.nu, 2 * rules.marks.nu) for count in (20, 40, 120)):
        random = np.random.default_rng([seed, place])
        rang = sum(bool(turns(marks(count, 730, nu, rules, random), rules.marks, (f"{seed}-{run}", 50))) for run in range(runs))
        words = "more alike than assumed" if nu > rules.marks.nu else f"likeness {nu:g}"
        found.append(Achieved(f"one look at {count} days with events, {words}", rules.marks.rate, runs, rang))
    return found


def yearly_looks(rules: ShiftRules, runs: int, seed: int = 4) -> Achieved:
    """Of unchanged thin pairs (a day with events each nine) that are looked at after each for a year, how many show a turn at some look."""
    random = np.random.default_rng(seed)
    rang = 0
    for run in range(runs):
        whole = marks(80, 730, rules.marks.nu, rules, random)
        parts = [Marks(whole.day[:n], whole.value[:n], whole.begin[:n], whole.end[:n], weekly=False) for n in range(41, 81)]
        rang += any(turns(part, rules.marks, (f"{seed}-{run}", 50)) for part in parts)
    return Achieved("a thin pair looked at 40 times in a year, at some look", rules.marks.rate, runs, rang)


def delays(rules: ShiftRules, runs: int, seed: int = 5) -> list[Delay]:
    """How soon the charts tell a level that is two or four times as high or low, after two years of history with bursts."""
    found = []
    learn, within = rules.chart.learn, 104
    for place, (factor, mean) in enumerate((factor, mean) for factor in (2.0, 4.0, 0.25) for mean in (0.5, 2.0, 6.0)):
        if factor < 1 and mean <= 1:
            continue
        random = np.random.default_rng([seed, place])
        shape = noise("bursts", mean, rules, random)
        level = np.where(np.arange(learn + within) < learn, 1.0, factor)
        direction = "up" if factor > 1 else "down"
        waits = []
        for _ in range(runs):
            told = alarms(*series("bursts", mean, learn + within, random, level), shape, rules)
            waits += [alarm.seen - learn + 1 for alarm in told if alarm.direction == direction][:1]
        found.append(Delay(f"level × {factor:g}", mean, within, len(waits) / runs, float(np.median(waits)) if waits else None))
    return found


def turn_delays(rules: ShiftRules, runs: int, seed: int = 6) -> list[Delay]:
    """After how many days with events the scan tells a turn of thin pairs from conflict to cooperation; one such day a week."""
    found = []
    for place, count in enumerate((12, 20, 40)):
        random = np.random.default_rng([seed, place])
        waits = []
        for run in range(runs):
            value = np.append(random.choice(SCORES, count, p=_tilted(-1)), random.choice(SCORES, 24, p=_tilted(1)))
            waits += _first_turn(value, count, rules, f"{seed}-{run}")
        median = float(np.median(waits)) if waits else None
        found.append(Delay(f"turn after {count} days with events", 1.0, 24, len(waits) / runs, median))
    return found


def _tilted(sign: int) -> Floats:
    """Shares of the scores in conflict or cooperation: four of five with the sign."""
    side = np.where(np.sign(SCORES) == sign, SHARES, 0)
    other = SHARES - side
    return np.asarray(0.8 * side / side.sum() + 0.2 * other / other.sum(), float)


def _first_turn(value: Floats, count: int, rules: ShiftRules, key: str) -> list[int]:
    day = 7 * np.arange(len(value))
    for known in range(count + min(rules.marks.after), len(value) + 1):
        part = Marks(day[:known], value[:known], np.arange(known), np.arange(1, known + 1), weekly=False)
        if any(turn.contrast > 0 and turn.last >= count - 2 for turn in turns(part, rules.marks, (key, 50))):
            return [known - count]
    return []


def cover(rules: ShiftRules, runs: int, seed: int = 7) -> tuple[int, int, float]:
    """Of turns that were found: how many, in how many the true first day lies in the interval, the interval's median width in days."""
    random = np.random.default_rng(seed)
    found = hit = 0
    widths: list[int] = []
    for run in range(runs):
        before, after = int(random.integers(15, 60)), int(random.integers(6, 40))
        value = np.append(random.choice(SCORES, before, p=_tilted(-1)), random.choice(SCORES, after, p=_tilted(1)))
        later = 201 + np.sort(random.choice(99, after - 1, replace=False))
        day = np.concatenate([np.sort(random.choice(200, before, replace=False)), [200], later])
        own = Marks(day, value, np.arange(len(day)), np.arange(1, len(day) + 1), weekly=False)
        up = [turn for turn in turns(own, rules.marks, (f"{seed}-{run}", 50)) if turn.contrast > 0]
        if up:
            best = min(up, key=lambda turn: abs(int(day[turn.at]) - 200))
            found, hit = found + 1, hit + bool(day[best.first] <= 200 <= day[best.last])
            widths.append(int(day[best.last] - day[best.first]))
    return found, hit, float(np.median(widths)) if widths else 0.0


def report(rules: ShiftRules, runs: int = 200, tell: Callable[[str], None] = lambda line: None) -> bool:
    """Runs all of it; `tell` gets the lines. Gives whether every promised rate holds."""
    tell("| unchanged | stated | achieved | 95 % | |\n|---|---|---|---|---|")
    hold = True
    parts = (chart_rates, count_rates, mark_rates, lambda rules, runs: [yearly_looks(rules, max(20, runs // 4))])
    for own in (own for part in parts for own in part(rules, runs)):
        promised = "more alike" not in own.what and "looked at" not in own.what
        verdict = ("holds" if own.holds else "BROKEN") if promised else "not promised"
        tell(f"| {own.what} | {own.stated:.2f} | {own.rate:.3f} | {own.bounds[0]:.3f}–{own.bounds[1]:.3f} | {verdict} |")
        hold &= own.holds or not promised
    tell("\n| changed | a week before | told within | share | median |\n|---|---|---|---|---|")
    for late in (*delays(rules, runs), *turn_delays(rules, max(20, runs // 4))):
        middle = "–" if late.weeks is None else f"{late.weeks:g}"
        tell(f"| {late.what} | {late.mean:g} | {late.within} weeks | {late.found:.2f} | {middle} weeks |")
    found, hit, width = cover(rules, runs)
    tell(f"\nintervals of {found} turns: {hit / max(1, found):.2f} hold the true day, median width {width:g} days")
    return hold
