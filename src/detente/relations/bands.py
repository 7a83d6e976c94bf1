"""How sure an index is: its quantiles over replicates of what was reported.

In each replicate every week with events is taken a number of times (Poisson, mean 1: what other weeks of reporting might have held), and
each of its events is kept with the probability that its coding is right (its confidence). Weeks stand as blocks, since events of one week
come of one another. Random numbers are drawn in order of time from a seed that is a hash of the pair: a day's band never changes with what
happens after it, and two offices get the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from .constants import IndexRules
from .index import fits
from .parties import Acts, Floats, Ints

MONDAY = 3  # 1970-01-01 was a Thursday: (day + 3) // 7 counts weeks that begin on Monday
VERSION = "1"
CHUNK, REACH = 32, 20  # days at a time; half-lives after which an event no longer counts in a band (2^-20)
Draws32 = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def seed_of(*parts: object) -> int:
    """A seed from words."""
    return int.from_bytes(blake2b("\x1f".join([VERSION, *map(str, parts)]).encode(), digest_size=8).digest(), "big")


def week_of(days: Ints) -> Ints:
    """Number of the week (beginning on Monday) of each day."""
    return (days + MONDAY) // 7


def copies(found: Acts, replicates: int, seed: int) -> Draws32:
    """How often each event (columns) stands in each replicate (rows)."""
    weeks, inverse = np.unique(week_of(found.day), return_inverse=True)
    times = np.random.default_rng([seed, 0]).poisson(1.0, (len(weeks), replicates)).astype(np.float32)
    kept = np.random.default_rng([seed, 1]).random((len(found), replicates), np.float32) < found.confidence[:, None]
    return np.ascontiguousarray((times[inverse] * kept).T)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Replicates of what was reported, summed by day: `gains` (Σ s) and `weights` (Σ 1) of the copies, replicates × days with events."""

    day: Ints
    gains: Draws32
    weights: Draws32

    def index(self, days: Ints, half_life: int, shrink: float) -> Draws32:
        """The index on given days (columns) in each replicate (rows)."""
        parts = []
        for begin in range(0, len(days), CHUNK):
            some = days[begin : begin + CHUNK]
            near = slice(*np.searchsorted(self.day, [some.min() - REACH * half_life, some.max() + 1]))
            ages = some[None, :] - self.day[near, None]
            weight = np.where(ages >= 0, np.exp2(-np.maximum(ages, 0) / half_life), 0).astype(np.float32)
            parts.append((self.gains[:, near] @ weight) / (shrink + self.weights[:, near] @ weight))
        return np.concatenate(parts, axis=1)


def draws(found: Acts, times: Draws32, half_life: int, rules: IndexRules) -> Draws:
    """Replicates of a pair's events (`times`, from `copies`) as far as a half-life takes them in."""
    fitting = np.flatnonzero(fits(found, half_life, rules))
    day, first = np.unique(found.day[fitting], return_index=True)
    if not len(day):
        nothing = np.zeros((len(times), 0), np.float32)
        return Draws(day, nothing, nothing)
    times = times if len(fitting) == len(found) else times[:, fitting]
    gains = times * found.score[fitting].astype(np.float32)
    return Draws(day, np.add.reduceat(gains, first, axis=1), np.add.reduceat(times, first, axis=1))


def band(drawn: Draws, days: Ints, half_life: int, rules: IndexRules) -> Floats:
    """Quantiles of the index on given days: rows are days, columns the ends of `band`, then of `wide_band`, then the standard deviation."""
    index = drawn.index(days, half_life, rules.shrink)
    ends = np.quantile(index, [*rules.band, *rules.wide_band], axis=0)
    return np.column_stack([*ends, index.std(axis=0)]).astype(float)
