"""The time line of a pair: its events in order, counts per period, the index with its band, its own past, how much was read about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .bands import Draws, band, copies, draws, seed_of
from .constants import IndexRules
from .coverage import NAMED, SILENT, UNREAD, Coverage, Reading, coverage
from .index import Daily, State, daily, sql, state_at
from .parties import QUADS, Acts, Flags, Floats, Pair, acts, day_of, number

Level = Literal["day", "week", "month"]
COUNTS = pa.schema([
    ("start", pa.date32()), *[(quad.replace(" ", "_"), pa.int64()) for quad in QUADS], ("score", pa.float64()), ("events", pa.int64()),
    ("read", pa.int64()), ("either", pa.int64()), ("both", pa.int64()), ("coverage", pa.string()),
])
GRID = 160  # days for which a band is worked out, at most: as many as a drawing shows


@dataclass(frozen=True, slots=True)
class Standing:
    """A state with what it is to be judged by. `percentile`: share of covered days of the own past with a lower index, 0 to 1; None where
    that past is short. `low` … `high`: the 80 % band, `lowest` … `highest`: 95 %. `index` is None where the pair was not covered."""

    half_life: int
    day: date
    index: float | None
    low: float
    high: float
    lowest: float
    highest: float
    percentile: float | None
    past_days: int
    state: State
    articles_either: int | None
    articles_both: int | None
    formula: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """An index drawn over time. `gap` marks days that are not covered (their index is not to be shown); `thin` those with few events."""

    daily: Daily
    gap: Flags
    thin: Flags
    grid: np.ndarray[tuple[int], np.dtype[np.int64]]
    band: Floats  # rows: days of `grid`; columns: low, high, lowest, highest, standard deviation
    drawn: Draws

    def rows(self) -> pa.Table:
        """Day, index (null in gaps), weight and the two stocks."""
        count = len(self.daily)
        return pa.table({
            "day": pa.array(np.arange(self.daily.first, self.daily.first + count).astype(np.int32), pa.int32()).cast(pa.date32()),
            "index": pa.array(self.daily.index, mask=self.gap), "weight": self.daily.weight,
            "cooperation": self.daily.cooperation, "conflict": self.daily.conflict,
        })


class _Lines:
    """The lines of a pair over a span of days, each worked out once; random draws are shared with those over other days."""

    def __init__(self, found: Acts, read: Coverage, span: tuple[date, date], rules: IndexRules, seed: int) -> None:
        self._acts, self._read, self._span, self._rules, self._seed = found, read, span, rules, seed
        self._made: dict[int, Line] = {}
        self._draws: dict[int, Draws] = {}

    def over(self, span: tuple[date, date], read: Coverage) -> _Lines:
        """Those of other days."""
        other = _Lines(self._acts, read, span, self._rules, self._seed)
        other._draws = self._draws
        return other

    def of(self, half_life: int) -> Line:
        """The line of one half-life."""
        if half_life not in self._made:
            self._made[half_life] = self._line(half_life)
        return self._made[half_life]

    def _line(self, half_life: int) -> Line:
        rules = self._rules
        series = daily(self._acts, half_life, self._span, rules)
        gap = (series.weight < rules.least_weight) | self._read.thin(half_life, rules)
        grid = np.unique(np.linspace(series.first, series.first + len(series) - 1, min(GRID, len(series))).astype(np.int64))
        if half_life not in self._draws:
            self._draws[half_life] = draws(self._acts, copies(self._acts, rules.replicates, self._seed), half_life, rules)
        drawn = self._draws[half_life]
        return Line(series, gap, series.effective < rules.few, grid, band(drawn, grid, half_life, rules), drawn)


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """All there is to a pair over a span of days. `rows`: its rows of the pairs table, one per event, of every lane, in order."""

    pair: Pair
    span: tuple[date, date]
    rows: pa.Table
    acts: Acts
    coverage: Coverage
    rules: IndexRules
    _drawn: _Lines

    @property
    def lines(self) -> tuple[Line, ...]:
        """The index with each half-life."""
        return tuple(map(self.line, self.rules.half_lives))

    def line(self, half_life: int) -> Line:
        """The line of one half-life, worked out when it is first asked for; KeyError if the constants have none such."""
        if half_life not in self.rules.half_lives:
            raise KeyError(half_life)
        return self._drawn.of(half_life)

    def over(self, span: tuple[date, date], read: Coverage) -> Timeline:
        """The same over other days, as `timeline` would give it; what days do not change is not worked out again. `read`: what was read
        on these days."""
        return replace(self, span=span, coverage=read, _drawn=self._drawn.over(span, read))

    def counts(self, level: Level = "week") -> pa.Table:
        """Events per quad and period (COUNTS). Periods that were not covered and hold no event have nulls, never zeros."""
        return _counts(self.acts, self.coverage, self.span, level)

    def standing(self, half_life: int, day: date | None = None) -> Standing:
        """The index on a day (the last one, if none is given) with its bands, its own past and the reading behind it."""
        day = day or self.span[1]
        line, state = self.line(half_life), state_at(self.acts, day, half_life, self.rules)
        place = number(day) - line.daily.first
        low, high, lowest, highest, _ = map(float, band(line.drawn, np.array([number(day)]), half_life, self.rules)[0])
        past = line.daily.index[:place][~line.gap[:place]] if place > 0 else np.zeros(0)
        enough = len(past) >= self.rules.least_history
        inside, covered = 0 <= place < len(line.daily), self.coverage.known
        window = slice(max(0, place - half_life + 1), place + 1)
        return Standing(
            half_life=half_life, day=day, index=None if not inside or line.gap[place] else state.index, low=low, high=high, lowest=lowest,
            highest=highest, percentile=float((past < state.index).mean()) if enough else None, past_days=len(past), state=state,
            articles_either=int(self.coverage.either[window].sum()) if covered else None,
            articles_both=int(self.coverage.both[window].sum()) if covered else None,
            formula=sql(self.pair, day, half_life, self.rules),
        )


def timeline(
    pairs: pa.Table, articles: pa.Table | Reading | None, pair: Pair, rules: IndexRules,
    span: tuple[date | None, date | None] = (None, None), panel: Collection[str] = (),
) -> Timeline:
    """The time line of a pair from rows of PAIRS and ARTICLES, or what was counted of these (None: nothing is known of what was read).

    `span`: days shown, both included; where one is None, the first event, or the last event or article. Earlier events count in the index.
    """
    rows = pair.select(pairs)
    found = acts(rows, rules.unknown_confidence)
    first, last = _span(found, articles, span)
    shown = (min(first, last), last)
    read = coverage(articles, pair.sides(rows), shown, panel)
    return Timeline(pair, shown, rows, found, read, rules, _Lines(found, read, shown, rules, seed_of(pair.key)))


def _span(found: Acts, articles: pa.Table | Reading | None, asked: tuple[date | None, date | None]) -> tuple[date, date]:
    """The days asked for, an open side as far as anything is known."""
    first, last = asked
    if first is None or last is None:
        whole = _whole_span(found, articles)
        first, last = first or whole[0], last or whole[1]
    return first, last


def _whole_span(found: Acts, articles: pa.Table | Reading | None) -> tuple[date, date]:
    days = [int(found.day[0]), int(found.day[-1])] if len(found) else []
    last = articles.last if isinstance(articles, Reading) else pc.max(articles["published"]).as_py() if articles is not None else None
    if last is not None:
        days.append(number(last))
    return (day_of(min(days)), day_of(max(days))) if days else (day_of(0), day_of(0))


def starts(span: tuple[date, date], level: Level) -> list[date]:
    """First days of the periods that a span touches; weeks begin on Monday."""
    first, last = span
    if level == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return [date(month // 12, month % 12 + 1, 1) for month in months]
    step = 7 if level == "week" else 1
    begin = first - timedelta(days=first.weekday() if level == "week" else 0)
    return [begin + timedelta(days=shift) for shift in range(0, (last - begin).days + 1, step)]


def _counts(found: Acts, read: Coverage, span: tuple[date, date], level: Level) -> pa.Table:
    periods = starts(span, level)
    edges = np.array([number(day) for day in periods])
    inside = (found.day >= number(span[0])) & (found.day <= number(span[1]))
    place = np.searchsorted(edges, found.day[inside], side="right") - 1
    size = len(periods)
    quads = [np.bincount(place[found.quad[inside] == quad], minlength=size) for quad in range(len(QUADS))]
    events = np.bincount(place, minlength=size)
    score = np.divide(np.bincount(place, found.score[inside], size), events, out=np.zeros(size), where=events > 0)
    days = np.searchsorted(edges, np.arange(read.first, read.first + len(read)), side="right") - 1
    seen = [np.bincount(days, values, size).astype(np.int64) for values in (read.read, read.either, read.both)]
    if read.known:
        blind = (seen[0] == 0) & (events == 0)
        words = [UNREAD if dark else NAMED if either else SILENT for dark, either in zip(blind, seen[1], strict=True)]
    else:
        blind, words = np.zeros(size, bool), [""] * size
    unknown = np.full(size, not read.known)
    columns = [pa.array(periods, pa.date32()), *[pa.array(count, mask=blind) for count in quads], pa.array(score, mask=events == 0)]
    columns += [pa.array(events, mask=blind), *[pa.array(count, mask=unknown) for count in seen]]
    columns += [pa.array(np.array(words, object), pa.string(), mask=unknown)]
    return pa.table(columns, schema=COUNTS)
