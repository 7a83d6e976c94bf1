"""Which rows of the pairs table are a pair's. A side is "TUR" or a group's id; "SYR:REB" (that country's rebels); "SYR:*"; "*:REB"; "*".

An event counts once for a pair, however many rows it has (mutual acts stand both ways, "*:REB" may match several parties).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import InputError
from ..tables import quoted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
QUADS = ("material cooperation", "verbal cooperation", "verbal conflict", "material conflict")
HAPPENED = "happened"
_ANY = "*"


def number(day: date) -> int:
    """A day as a count from 1970-01-01, as Arrow's date32 has it."""
    return (day - EPOCH).days


def day_of(count: int) -> date:
    """The day of such a count."""
    return EPOCH + timedelta(days=int(count))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: `root` (an id, or "" for any), `country` and `sector` of a sector's side ("" for any)."""

    text: str
    root: str = ""
    country: str = ""
    sector: str = ""

    @classmethod
    def parse(cls, text: str) -> Side:
        """Reads a side as it is written; InputError for empty or half-written ones."""
        first, colon, sector = text.strip().partition(":")
        if not first or (colon and not sector) or ":" in sector:
            hint = 'write an id, a sector as "COUNTRY:SECTOR", "COUNTRY:*" or "*:SECTOR", or "*"'
            raise InputError("pair", 0, f"{text!r} is no party", hint)
        if not colon:
            return cls(text, root="" if first == _ANY else first)
        return cls(text, country="" if first == _ANY else first, sector="" if sector == _ANY else sector)

    def mask(self, pairs: pa.Table, column: str, homes: Mapping[str, str]) -> Flags:
        """Which rows have this side in `column` ("source" or "target"). `homes`: country of each group, for sectors of a country."""
        ids = pairs[column].combine_chunks()
        if self.root:
            return _flags(pc.equal(ids, self.root))
        known = pc.fill_null(pc.not_equal(ids, ""), False)
        if not self.country and not self.sector:
            return _flags(known)
        inside = known
        if self.country:
            listed = [self.country, *(group for group, home in homes.items() if home == self.country)]
            inside = pc.or_(pc.is_in(ids, pa.array(listed, pa.string())), pc.starts_with(ids, f"{self.country}:"))
        if not self.sector:
            return _flags(inside)
        return _flags(inside) & (_flags(pc.ends_with(ids, f":{self.sector}")) | _lists(pairs[f"{column}_sector"], self.sector))

    def sql(self, column: str, homes: Mapping[str, str]) -> str:
        """The same as a condition of a query over the pairs table."""
        if self.root:
            return f"{column} = {quoted(self.root)}"
        parts = [f"{column} <> ''"]
        if self.country:
            listed = "".join(f", {quoted(group)}" for group, home in sorted(homes.items()) if home == self.country)
            parts = [f"({column} in ({quoted(self.country)}{listed}) or starts_with({column}, {quoted(self.country + ':')}))"]
        if self.sector:
            parts.append(f"(ends_with({column}, {quoted(':' + self.sector)}) or list_contains({column}_sector, {quoted(self.sector)}))")
        return " and ".join(parts)


def _flags(values: pa.Array | pa.ChunkedArray) -> Flags:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), bool)


def _lists(column: pa.ChunkedArray, value: str) -> Flags:
    """Which rows of a column of lists hold a value."""
    lists = column.combine_chunks()
    found = np.zeros(len(lists), bool)
    holds = _flags(pc.equal(pc.list_flatten(lists), value))
    found[np.asarray(pc.list_parent_indices(lists))[holds]] = True
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides. Directed: only what `source` does to `target`; else both ways. `homes`: country of each group."""

    source: Side
    target: Side
    directed: bool = False
    homes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: str, target: str, directed: bool = False, homes: Mapping[str, str] | None = None) -> Pair:
        """A pair of sides as they are written."""
        return cls(Side.parse(source), Side.parse(target), directed, homes or {})

    @property
    def key(self) -> str:
        """The pair in one string, the same for both orders if it is not directed; random numbers are drawn by it."""
        one, other = self.source.text, self.target.text
        return f"{one}>{other}" if self.directed else "|".join(sorted((one, other)))

    def sql(self) -> str:
        """The condition that its rows meet, in a query over the pairs table."""
        there = f"{self.source.sql('source', self.homes)} and {self.target.sql('target', self.homes)}"
        back = f"{self.target.sql('source', self.homes)} and {self.source.sql('target', self.homes)}"
        return there if self.directed else f"(({there}) or ({back}))"

    def select(self, pairs: pa.Table) -> pa.Table:
        """The pair's rows of a pairs table, one per event, in order of day and event."""
        found = self.source.mask(pairs, "source", self.homes) & self.target.mask(pairs, "target", self.homes)
        if not self.directed:
            found |= self.target.mask(pairs, "source", self.homes) & self.source.mask(pairs, "target", self.homes)
        rows = pairs.filter(pa.array(found)).sort_by([("date", "ascending"), ("event", "ascending"), ("source", "ascending")])
        events = rows["event"].to_numpy(zero_copy_only=False)
        return rows.take(pa.array(np.sort(np.unique(events, return_index=True)[1]))) if rows.num_rows else rows

    def sides(self, pairs: pa.Table) -> tuple[frozenset[str], frozenset[str]]:
        """All ids that stand for the one side and for the other in these rows, a sector's country included: whom articles must name."""
        found = []
        for side in (self.source, self.target):
            ids = {side.root or side.country} - {""}
            for column in ("source", "target"):
                ids |= set(pairs[column].filter(pa.array(side.mask(pairs, column, self.homes))).to_pylist()) if not side.root else set()
            found.append(frozenset(ids))
        return found[0], found[1]


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """A pair's events as arrays, in order. `day`: the middle of the days that an event may have happened on; `width`: how many these
    are; `quad`: place in QUADS, -1 where there is none."""

    event: npt.NDArray[np.object_]
    day: Ints
    width: Ints
    score: Floats
    confidence: Floats
    quad: Ints
    origins: Ints
    undated: int = 0

    def __len__(self) -> int:
        return len(self.event)

    def take(self, which: Flags | Ints) -> Acts:
        """Some of them."""
        return Acts(
            self.event[which], self.day[which], self.width[which], self.score[which], self.confidence[which], self.quad[which],
            self.origins[which], self.undated,
        )


def counting(rows: pa.Table) -> tuple[pa.Table, int]:
    """The rows that count: those that happened, are not vague, have a score and a day; and how many lack only the day."""
    scored = pc.and_(pc.is_valid(rows["score"]), pc.invert(pc.fill_null(rows["vague"], False)))
    rows = rows.filter(pc.and_(scored, pc.fill_null(pc.equal(rows["lane"], HAPPENED), False)))
    dated = rows.filter(pc.is_valid(rows["date"]))
    return dated, rows.num_rows - dated.num_rows


def arrays(dated: pa.Table, unknown_confidence: float, undated: int = 0) -> Acts:
    """Rows that count as arrays, in the order of the rows."""
    start = _whole(dated["date"].cast(pa.int32()))
    end = _whole(pc.coalesce(dated["date_end"], dated["date"]).cast(pa.int32()))
    return Acts(
        event=np.asarray(dated["event"].to_numpy(zero_copy_only=False), object),
        day=start + (end - start) // 2,
        width=end - start + 1,
        score=np.asarray(dated["score"].to_numpy(zero_copy_only=False), float),
        confidence=np.asarray(pc.fill_null(dated["confidence"], unknown_confidence).to_numpy(zero_copy_only=False), float),
        quad=_whole(pc.fill_null(pc.index_in(dated["quad"], pa.array(QUADS)), -1)),
        origins=_whole(pc.fill_null(dated["origins"], 1)),
        undated=undated,
    )


def acts(rows: pa.Table, unknown_confidence: float = 1.0) -> Acts:
    """The rows (one per event) that count, as arrays in order of day, then event."""
    dated, undated = counting(rows)
    found = arrays(dated, unknown_confidence, undated)
    return found.take(np.lexsort((found.event.astype(str), found.day))) if len(found) else found


def _whole(values: pa.Array | pa.ChunkedArray) -> Ints:
    return np.asarray(values.to_numpy(zero_copy_only=False), np.int64)
