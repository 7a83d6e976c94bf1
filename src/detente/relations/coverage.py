"""How much was read about a pair, day by day: what tells silence from blindness.

`read`: articles of the panel; `either`, `both`: those that name one of the sides, and both. A day without any article read is not covered;
a day of articles that name neither side is silent. Whoever adds a source changes the past's figures only if it is in the panel: give
`panel` (publishers) to hold it fixed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..tables import quoted
from .constants import IndexRules
from .parties import Flags, Floats, Ints, number

UNREAD, SILENT, NAMED = "not covered", "read, not named", "named"


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Counts of articles per day from `first` (a count of days) on. `known` is false where there is no table of articles at all."""

    first: int
    read: Ints
    either: Ints
    both: Ints
    known: bool = True

    def __len__(self) -> int:
        return len(self.read)

    def over(self, days: int) -> Floats:
        """Articles that name either side over the `days` days that end with each day."""
        sums = np.cumsum(np.append(0.0, self.either))
        ends = np.arange(1, len(self) + 1)
        return np.asarray(sums[ends] - sums[np.maximum(ends - days, 0)], float)

    def thin(self, half_life: int, rules: IndexRules) -> Flags:
        """Days on which so little was read about the pair, by its own measure, that the index says nothing."""
        if not self.known:
            return np.zeros(len(self), bool)
        recent = self.over(half_life)
        typical = float(np.median(recent[recent > 0])) if (recent > 0).any() else 0.0
        return np.asarray((recent <= 0) | (recent < rules.thin_coverage * typical), bool)

    def states(self) -> list[str]:
        """One word per day."""
        return [UNREAD if not read else NAMED if either else SILENT for read, either in zip(self.read, self.either, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read about a pair, counted by a store: `days` with columns day, read, either, both; a row for each day with articles."""

    days: pa.Table

    @property
    def last(self) -> date | None:
        """The last day on which anything was read."""
        found: date | None = pc.max(self.days["day"]).as_py()
        return found


def reading_sql(sides: tuple[Collection[str], Collection[str]], panel: Collection[str] = ()) -> str:
    """The query over the table of articles that counts a `Reading`; a million articles need not be brought into memory for a pair."""
    one, other = map(_names_any, sides)
    among = f" AND publisher IN ({', '.join(map(quoted, sorted(panel)))})" if panel else ""
    return (
        "SELECT day, count(*) AS read, count(*) FILTER (one OR other) AS either, count(*) FILTER (one AND other) AS \"both\" FROM ("
        f"SELECT published AS day, coalesce({one}, false) AS one, coalesce({other}, false) AS other FROM articles"
        f" WHERE published IS NOT NULL{among}) GROUP BY day ORDER BY day"
    )


def _names_any(ids: Collection[str]) -> str:
    """The condition that an article names any of some actors; DuckDB looks for one in a third of the time that it takes for a list."""
    if len(ids) == 1:
        return f"list_contains(actors, {quoted(next(iter(ids)))})"
    return f"list_has_any(actors, [{', '.join(map(quoted, sorted(ids)))}]::VARCHAR[])"


def coverage(
    articles: pa.Table | Reading | None, sides: tuple[Collection[str], Collection[str]], span: tuple[date, date],
    panel: Collection[str] = (),
) -> Coverage:
    """Counts for a pair over a span of days (both included). `sides`: ids that stand for the one side and for the other. A `Reading`
    is of these sides and this panel already."""
    first, last = number(span[0]), number(span[1])
    if articles is None:
        empty = np.zeros(last - first + 1, np.int64)
        return Coverage(first, empty, empty, empty, known=False)
    if isinstance(articles, Reading):
        return _counted(articles, first, last)
    rows: pa.Table = articles
    if panel:
        rows = rows.filter(pc.is_in(rows["publisher"], pa.array(sorted(panel), pa.string())))
    rows = rows.select(["published", "actors"]).filter(pc.is_valid(rows["published"])).combine_chunks()
    days = np.asarray(rows["published"].cast(pa.int32()).to_numpy(), np.int64)
    lists = rows["actors"].combine_chunks() if rows.num_rows else pa.array([], pa.list_(pa.string()))
    one, other = (_naming(lists, side) for side in sides)
    inside = (days >= first) & (days <= last)

    def count(which: Flags) -> Ints:
        return np.bincount(days[which & inside] - first, minlength=last - first + 1)

    return Coverage(first, count(inside), count(one | other), count(one & other))


def _counted(reading: Reading, first: int, last: int) -> Coverage:
    days = np.asarray(reading.days["day"].cast(pa.int32()).to_numpy(), np.int64)
    inside = (days >= first) & (days <= last)

    def series(name: str) -> Ints:
        found = np.zeros(last - first + 1, np.int64)
        found[days[inside] - first] = np.asarray(reading.days[name].to_numpy(), np.int64)[inside]
        return found

    return Coverage(first, series("read"), series("either"), series("both"))


def _naming(lists: pa.ListArray, ids: Collection[str]) -> Flags:
    found = np.zeros(len(lists), bool)
    if len(lists):
        parents = np.asarray(pc.list_parent_indices(lists))
        named = np.asarray(pc.is_in(pc.list_flatten(lists), pa.array(sorted(ids), pa.string())).to_numpy(zero_copy_only=False), bool)
        found[parents[named]] = True
    return found
