"""How sure an index is: its quantiles over replicates of what was reported.

In each replicate every week with events is taken a number of times (Poisson, mean 1: what other weeks of reporting might have held), and
each of its events is kept with the probability that its coding is right (its confidence). Weeks stand as blocks, since events of one week
come of one another. Random numbers are drawn in order of time from a seed that is a hash of the pair: a day's band never changes with what
happens after it, and two offices get the same.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from .constants import IndexRules
from .index import fits
from .parties import Acts, Floats, Ints

MONDAY = 3  # 1970-01-01 was a Thursday: (day + 3) // 7 counts weeks that begin on Monday
VERSION = "1"


def seed_of(*parts: object) -> int:
    """A seed from words."""
    return int.from_bytes(blake2b("\x1f".join([VERSION, *map(str, parts)]).encode(), digest_size=8).digest(), "big")


def week_of(days: Ints) -> Ints:
    """Number of the week (beginning on Monday) of each day."""
    return (days + MONDAY) // 7


def copies(found: Acts, replicates: int, seed: int) -> Floats:
    """How often each event (rows) stands in each replicate (columns)."""
    weeks, inverse = np.unique(week_of(found.day), return_inverse=True)
    times = np.random.default_rng([seed, 0]).poisson(1.0, (len(weeks), replicates))
    kept = np.random.default_rng([seed, 1]).random((len(found), replicates)) < found.confidence[:, None]
    return (times[inverse] * kept).astype(float)


def band(found: Acts, days: Ints, half_life: int, rules: IndexRules, key: str) -> Floats:
    """Quantiles of the index on given days: rows are days, columns the ends of `band`, then of `wide_band`, then the standard deviation."""
    kept = found.take(fits(found, half_life, rules))
    if not len(kept):
        return np.zeros((len(days), 5))
    times = copies(kept, rules.replicates, seed_of(key, half_life))
    when, first = np.unique(kept.day, return_index=True)
    gains, weights = (np.add.reduceat(part, first) for part in (times * kept.score[:, None], times))
    ages = days[:, None] - when[None, :]
    weight = np.where(ages >= 0, np.exp2(-np.maximum(ages, 0) / half_life), 0.0)
    index = (weight @ gains) / (rules.shrink + weight @ weights)
    ends = np.quantile(index, [*rules.band, *rules.wide_band], axis=1)
    return np.column_stack([*ends, index.std(axis=1)])
