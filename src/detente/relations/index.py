"""The relation index and its two stocks.

With s the PLOVER score, c the confidence, Δ the days since, h the half-life, w = 2^(-Δ/h):
A = Σ w c s, W = Σ w c, I = A / (shrink + W); stocks: C = Σ w c s over s > 0 (cooperation), X = -Σ w c s over s < 0 (conflict), A = C - X.
An event that is dated to several days counts from the middle of them, one dated more widely than the half-life not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..tables import quoted
from .constants import IndexRules
from .parties import Acts, Flags, Floats, Ints, Pair, arrays, counting, number

# One row per ordered pair, half-life and day with an event: the state at the end of that day. Any later day t has it times
# 2^(-(t - day) / half_life) until the next row. `weight` = W, `sum` = A, `cooperation` = C, `conflict` = X; `events`, `origins` of the day.
STATES = pa.schema([
    ("source", pa.string()), ("target", pa.string()), ("half_life", pa.int64()), ("day", pa.date32()),
    *[(name, pa.float64()) for name in ("sum", "weight", "cooperation", "conflict", "index")],
    ("events", pa.int64()), ("origins", pa.int64()),
])


@dataclass(frozen=True, slots=True)
class State:
    """The index on one day. `events`: how many count towards it; `left_out`: how many are dated too widely or not at all."""

    day: date
    half_life: int
    index: float
    weight: float
    cooperation: float
    conflict: float
    events: int
    left_out: int

    @property
    def covered(self) -> bool:
        """Whether there is anything to speak of at all; the gate by weight stands in the constants."""
        return self.weight > 0


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """The index of each day from `first` (a count of days) on; all arrays have one entry per day."""

    half_life: int
    first: int
    sum: Floats
    weight: Floats
    cooperation: Floats
    conflict: Floats
    index: Floats
    effective: Floats  # (Σ w c)² / Σ (w c)²: how many events of equal weight would carry as much

    def __len__(self) -> int:
        return len(self.index)


def fits(found: Acts, half_life: int, rules: IndexRules) -> Flags:
    """Which events are dated closely enough for a half-life."""
    return np.asarray(found.width <= rules.widest * half_life, bool)


def decayed(values: Floats, days: Ints, starts: Flags, half_life: float) -> Floats:
    """Running sums that halve every `half_life` days: y[i] = values[i] + 2^(-(days[i] - days[i-1]) / half_life) y[i-1].

    `values` (rows × columns) stand in order of day within each series; `starts` says where a series begins. A scan by doubling: exact, and
    as fast for a thousand series as for one.
    """
    sums = np.array(values, float)
    factor = np.zeros(len(sums))
    factor[1:] = np.where(starts[1:], 0.0, np.exp2(-np.diff(days) / half_life))
    edges = np.flatnonzero(np.append(starts, True))
    longest = int(np.diff(edges).max(initial=1))
    step = 1
    while step < longest:
        sums[step:] += factor[step:, None] * sums[:-step]
        factor[step:] *= factor[:-step].copy()
        factor[:step] = 0.0
        step *= 2
    return sums


def _parts(score: Floats, confidence: Floats) -> Floats:
    """What one event adds: A, W, C, X, and its squared weight."""
    gain = confidence * score
    return np.column_stack([gain, confidence, np.maximum(gain, 0), np.maximum(-gain, 0)])


def daily(found: Acts, half_life: int, span: tuple[date, date], rules: IndexRules) -> Daily:
    """The index of every day of a span (both ends included), from all events up to each day, those before the span too."""
    kept = found.take(fits(found, half_life, rules))
    first, last = number(span[0]), number(span[1])
    kept = kept.take(kept.day <= last)
    begin = min(first, int(kept.day.min(initial=first)))
    days = np.arange(begin, last + 1)
    added = np.zeros((len(days), 5))
    parts = _parts(kept.score, kept.confidence)
    np.add.at(added, kept.day - begin, np.column_stack([parts, np.zeros(len(kept))]))
    np.add.at(added[:, 4], kept.day - begin, kept.confidence**2)
    starts = np.arange(len(days)) == 0
    sums = decayed(added[:, :4], days, starts, half_life)[first - begin :]
    squares = decayed(added[:, 4:], days, starts, half_life / 2)[first - begin :, 0]
    effective = np.divide(sums[:, 1] ** 2, squares, out=np.zeros(len(sums)), where=squares > 0)
    index = sums[:, 0] / (rules.shrink + sums[:, 1])
    return Daily(half_life, first, sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3], index, effective)


def state_at(found: Acts, day: date, half_life: int, rules: IndexRules) -> State:
    """The index on one day, summed directly."""
    known = found.take(found.day <= number(day))
    kept = known.take(fits(known, half_life, rules))
    weight = np.exp2(-(number(day) - kept.day) / half_life) * kept.confidence
    gain = weight * kept.score
    total = float(weight.sum())
    return State(
        day, half_life, float(gain.sum()) / (rules.shrink + total), total, float(np.maximum(gain, 0).sum()),
        float(np.maximum(-gain, 0).sum()), len(kept), len(known) - len(kept) + known.undated,
    )


def sql(pair: Pair, day: date, half_life: int, rules: IndexRules, table: str = "pairs") -> str:
    """A query (DuckDB's dialect) over the pairs table that gives the same index, weight, stocks and number of events as `state_at`."""
    weight = f"c * pow(2, -(date {quoted(day.isoformat())} - day) / {float(half_life)!r})"
    return f"""with acts as (
  select distinct on (event) event, score as s, coalesce(confidence, {rules.unknown_confidence!r}) as c,
    date + cast((coalesce(date_end, date) - date) // 2 as integer) as day, coalesce(date_end, date) - date + 1 as width
  from {table}
  where {pair.sql()} and lane = 'happened' and not coalesce(vague, false) and score is not null and date is not null
)
select coalesce(sum(s * {weight}), 0) / ({rules.shrink!r} + coalesce(sum({weight}), 0)) as "index", coalesce(sum({weight}), 0) as weight,
  coalesce(sum(greatest(s, 0) * {weight}), 0) as cooperation, coalesce(sum(greatest(-s, 0) * {weight}), 0) as conflict, count(*) as events
from acts where day <= date {quoted(day.isoformat())} and width <= {rules.widest * half_life!r}"""


def states(pairs: pa.Table, rules: IndexRules, half_lives: Sequence[int] = ()) -> pa.Table:
    """States (STATES) of all ordered pairs of root parties in a pairs table, all at once. `half_lives`: all of the constants if empty."""
    dated, _ = counting(pairs.filter(pc.and_(pc.not_equal(pairs["source"], ""), pc.not_equal(pairs["target"], ""))))
    if not dated.num_rows:
        return STATES.empty_table()
    source, target = (dated[side].combine_chunks().dictionary_encode() for side in ("source", "target"))
    names = (np.asarray(source.dictionary.to_pylist(), object), np.asarray(target.dictionary.to_pylist(), object))
    key = np.asarray(source.indices, np.int64) * len(names[1]) + np.asarray(target.indices, np.int64)
    rows = arrays(dated, rules.unknown_confidence)
    order = np.lexsort((rows.day, key))
    key, rows = key[order], rows.take(order)
    tables = []
    for half_life in half_lives or rules.half_lives:
        fitting = fits(rows, half_life, rules)
        sums = _states(key[fitting], rows.take(fitting), half_life)
        first, second = np.divmod(sums.pop("key"), len(names[1]))
        sums |= {"source": names[0][first], "target": names[1][second], "half_life": np.full(len(first), half_life)}
        columns = sums | {"index": sums["sum"] / (rules.shrink + sums["weight"])}
        tables.append(pa.table([pa.array(columns[field.name], field.type) for field in STATES], schema=STATES))
    return pa.concat_tables(tables)


def _states(key: Ints, rows: Acts, half_life: int) -> dict[str, Any]:
    """Columns of STATES for events in order of pair and day."""
    fresh = np.ones(len(key), bool)
    fresh[1:] = (key[1:] != key[:-1]) | (rows.day[1:] != rows.day[:-1])
    first = np.flatnonzero(fresh)
    parts = np.column_stack([_parts(rows.score, rows.confidence), np.ones(len(key)), rows.origins])
    added = np.add.reduceat(parts, first) if len(first) else parts
    key, day = key[first], rows.day[first]
    starts = np.append(True, key[1:] != key[:-1])[: len(key)]
    sums = decayed(added[:, :4], day, starts, half_life)
    return {
        "key": key, "day": day.astype(np.int32), "sum": sums[:, 0], "weight": sums[:, 1], "cooperation": sums[:, 2], "conflict": sums[:, 3],
        "events": added[:, 4].astype(np.int64), "origins": added[:, 5].astype(np.int64),
    }
