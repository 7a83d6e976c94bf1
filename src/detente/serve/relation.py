"""A relation as answers tell it. What is costly (time line, shifts) is worked out once for each reading and pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..knowledge import Knowledge
from ..relations.constants import load_rules
from ..relations.coverage import coverage
from ..relations.facts import known_memberships
from ..relations.of_pair import Relation, name_of
from ..relations.parties import QUADS, day_of
from ..relations.shifts import Shift, shifts
from ..relations.timeline import Line, Standing, Timeline, timeline
from ..store.plain import records
from .reading import Reading

_KEPT = 6  # pairs of a reading
_LAST = 10  # events that a summary names
_MARKS = 5000  # events of a time line
BRIEF = "id event mode quad lane standing date date_precision articles origins_low origins_high headline vague".split()


class Served(Relation):
    """A relation whose articles are read once for all pairs, and whose parts are kept."""

    def __init__(self, reading: Reading, a: str, b: str, knowledge: Knowledge, directed: bool = False) -> None:
        super().__init__(reading, a, b, knowledge, directed, reading.named)
        self._source = reading

    @cached_property
    def articles(self) -> pa.Table:
        """As in `Relation`."""
        return self._source.common(
            "articles", lambda: self._source.table("articles", ["id", "published", "publisher", "actors"]))

    @cached_property
    def pairs(self) -> pa.Table:
        """As in `Relation`."""
        if any(":" in side or side == "*" for side in (self.a, self.b)) or self.a == self.b:
            return self._source.table("pairs", where=self.pair.sql())
        there, back = self._source.pair(self.a, self.b), self._source.pair(self.b, self.a)
        if there is None or back is None:
            return self._source.table("pairs", where=self.pair.sql())
        return there if self.directed else pa.concat_tables([there, back])

    @cached_property
    def events(self) -> pa.Table:
        """As in `Relation`."""
        found = self._source.events_of(self.pairs["event"].to_pylist())
        return super().events if found is None else found

    def told_by(self, columns: Sequence[str], ids: Collection[str] | None = None) -> pa.Table:
        """Some columns of `events`, date and id among them; of all, or of some."""
        wanted = self.pairs["event"].to_pylist() if ids is None else ids
        found = None if "events" in self.__dict__ else self._source.events_of(wanted, columns)
        if found is not None:
            return found
        own = self.events.select(list(columns))
        return own if ids is None else own.filter(pc.is_in(own["id"], pa.array(sorted(ids), pa.string())))

    @cached_property
    def facts(self) -> pa.Table:
        """As in `Relation`."""
        found = self._source.facts_of([self.a, self.b])
        return super().facts if found is None else pa.concat_tables([found, known_memberships(self._source.knowledge, (self.a, self.b))])

    @cached_property
    def held(self) -> pa.Table:
        """As in `Relation`."""
        found = self._source.facts_held("stances", [self.a, self.b])
        return super().held if found is None else found

    @cached_property
    def between(self) -> pa.Table:
        """As in `Relation`."""
        found = self._source.agreements_of(self.a, self.b)
        return super().between if found is None else found

    @cached_property
    def belonging(self) -> pa.Table:
        """As in `Relation`."""
        found = self._source.facts_held("memberships", [self.a, self.b])
        if found is None:
            return super().belonging
        return pa.concat_tables([found, *(self._known(party).select(found.schema.names) for party in sorted({self.a, self.b}))])

    def _known(self, party: str) -> pa.Table:
        """What the knowledge holds of a party's memberships, the same for all readings of a store."""
        return self._source.common(f"memberships of {party}", lambda: known_memberships(self._source.knowledge, (party,)))

    @cached_property
    def whole(self) -> Timeline:
        """The time line of all days."""
        return timeline(self.pairs, self.reading, self.pair, load_rules().index)

    @cached_property
    def turned(self) -> list[Shift]:
        """All shifts."""
        return shifts(self.whole, load_rules().shifts)

    def timeline(self, since: date | None = None, until: date | None = None) -> Timeline:
        """As in `Relation`."""
        if since is None and until is None:
            return self.whole
        span = (since or self.whole.span[0], until or self.whole.span[1])
        span = (min(span), span[1])
        return self.whole.over(span, coverage(self.reading, self.pair.sides(self.whole.rows), span))

    def shifts(self, known_at: date | None = None) -> list[Shift]:
        """As in `Relation`."""
        return self.turned if known_at is None else super().shifts(known_at)


def relation(reading: Reading, a: str, b: str, directed: bool) -> Served:
    """The relation of two parties, by ids or names. Raises UnknownName."""
    key = (reading.party(a), reading.party(b), directed)
    if key not in reading.own:
        while len(reading.own) >= _KEPT:
            reading.own.pop(next(iter(reading.own)))
        reading.own[key] = Served(reading, key[0], key[1], reading.knowledge, directed)
    found: Served = reading.own[key]
    return found


def sides(pair: Served, knowledge: Knowledge) -> dict[str, Any]:
    """Who the two are."""
    named = [{"id": ident, "name": name_of(ident, knowledge)} for ident in (pair.a, pair.b)]
    return {"a": named[0], "b": named[1], "directed": pair.directed}


def summary(pair: Served, reading: Reading) -> dict[str, Any]:
    """State of the index, counts of events, the last ones."""
    line = pair.whole
    told = {(row["event"], row["lane"]) for row in records(pair.pairs.select(["event", "lane"]))}
    lanes = Counter(lane for _, lane in told)
    ids = list(dict.fromkeys(reversed(line.acts.event.tolist())))[:_LAST]
    rows = [{name: row[name] for name in BRIEF} for row in reading.by_each("events", ids)]
    quads = Counter(line.acts.quad.tolist())
    return {
        **sides(pair, reading.knowledge), "span": {"first": line.span[0], "last": line.span[1]} if line.rows.num_rows else None,
        "counts": {"happened": len(line.acts), "lanes": dict(sorted(lanes.items())),
                   "quads": {name: quads.get(number, 0) for number, name in enumerate(QUADS)}},
        "standing": [standing_of(line.standing(half_life)) for half_life in line.rules.half_lives], "last": rows,
    }


def standing_of(now: Standing) -> dict[str, Any]:
    """The index on a day; `index` is None where the pair was not covered, and its bands with it."""
    bands = {name: getattr(now, name) if now.index is not None else None for name in ("low", "high", "lowest", "highest")}
    return {
        "half_life": now.half_life, "day": now.day, "index": now.index, **bands, "percentile": now.percentile,
        "weight": now.state.weight, "cooperation": now.state.cooperation, "conflict": now.state.conflict, "events": now.state.events,
        "left_out": now.state.left_out, "articles_either": now.articles_either, "articles_both": now.articles_both, "formula": now.formula,
    }


def line_of(pair: Served, line: Timeline, level: Any, knowledge: Knowledge) -> dict[str, Any]:
    """A time line: counts per period, the index at as many days as a drawing shows, one mark per event."""
    first, last = line.span
    marks = line.rows.select(["event", "date", "date_end", "date_precision", "root", "mode", "quad", "score", "lane", "vague", "origins"])
    shown = [row for row in records(marks) if row["date"] is None or first <= row["date"] <= last]
    unique = list({row["event"]: row for row in shown}.values())
    return {
        **sides(pair, knowledge), "span": {"first": first, "last": last} if line.rows.num_rows else None, "level": level,
        "counts": line.counts(level).to_pylist(), "lines": [_drawn(one) for one in line.lines], "events": unique[-_MARKS:],
        "events_left_out": max(0, len(unique) - _MARKS),
    }


def _drawn(line: Line) -> dict[str, Any]:
    places = line.grid - line.daily.first
    gap, thin = line.gap[places], line.thin[places]
    rows = []
    columns = (column.tolist() for column in (places, line.grid, line.band, gap, thin))
    for place, day, band, dark, few in zip(*columns, strict=True):
        low, high, lowest, highest = (None, None, None, None) if dark else band[:4]
        index = None if dark else float(line.daily.index[place])
        rows.append({"day": day_of(day), "index": index, "low": low, "high": high, "lowest": lowest, "highest": highest, "thin": few})
    return {"half_life": line.daily.half_life, "days": rows}


def daily_rows(line: Timeline) -> pa.Table:
    """The index of every day, all half-lives one after the other."""
    parts = []
    for one in line.lines:
        rows = one.rows()
        parts.append(rows.add_column(0, "half_life", pa.array(np.full(rows.num_rows, one.daily.half_life, np.int64))))
    return pa.concat_tables(parts)


def shift_of(shift: Shift) -> Mapping[str, Any]:
    """A shift with its size."""
    sides_ = (("before", shift.before), ("after", shift.after))
    level = {name: {"value": one.value, "low": one.low, "high": one.high} for name, one in sides_}
    return {
        "id": shift.id, "source": shift.source, "target": shift.target, "directed": shift.directed, "method": shift.method,
        "series": shift.series, "towards": shift.towards, "first": shift.first, "last": shift.last, "seen": shift.seen, **level,
        "size": shift.size, "unit": shift.unit, "sureness": shift.sureness, "rate": shift.rate, "chance": shift.chance,
        "not_before": shift.not_before, "events": [{"event": c.event, "day": c.day, "weight": c.weight} for c in shift.events],
        "also": list(shift.also), "note": shift.note, "previous": shift.previous, "state": shift.state,
    }
