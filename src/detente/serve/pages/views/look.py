"""A relation as an address asks for it: which direction, days and index; what its figure shows, and how it is said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow.compute as pc

from ....relations.parties import day_of, number
from ....relations.shifts import Shift
from ....relations.timeline import Standing, Timeline
from ....store.plain import records
from ...reading import Reading
from ...relation import Served, relation
from .. import rows
from ..asking import Asked
from ..draw import timeline as drawing
from ..draw.labels import Label, cut
from ..format import counted, signed, span
from ..names import Names, path

WAYS = {"both": "both ways", "there": "only the first to the second", "back": "only the second to the first"}
LABELS = 9
BEFORE, AFTER = 14, 30  # days shown around the events of a pair where nothing else is asked for
# What chooses among all events of a pair, and what is told of those that are shown: nested columns cost more than all others together.
CHOSEN = tuple("id event mode lane quad score date articles origins_low".split())
SHOWN = (*CHOSEN, *"standing confidence actor recipient date_end date_precision place origins_high headline".split())
SILENT = 0.35  # share of the days read from which on those without any event of the pair are left out at first


@dataclass
class Look:
    """A relation as an address asks for it. `days`: shown whatever the address says. `columns`: of its events."""

    reading: Reading
    asked: Asked
    a: str
    b: str
    days: tuple[date, date] | None = None
    columns: Sequence[str] = SHOWN

    def __post_init__(self) -> None:
        self.names = Names(self.reading.knowledge)
        self.one, self.other = self.reading.party(self.a), self.reading.party(self.b)
        self.way = self.asked.choice("way", WAYS, "both")
        sides = (self.other, self.one) if self.way == "back" else (self.one, self.other)
        self.pair: Served = relation(self.reading, *sides, self.way != "both")
        self._told: dict[str, Mapping[str, Any]] = {}
        self.label = f"{self.names.of(self.one)} and {self.names.of(self.other)}"

    @cached_property
    def whole(self) -> Timeline:
        """All days that something is known of."""
        return self.pair.timeline()

    @cached_property
    def line(self) -> Timeline:
        """The days asked for; without any those in which something happened."""
        if self.days is not None:
            return self.pair.timeline(*self.days)
        last = self.whole.span[1]
        until = self.asked.day("to", last, last=True)
        since = self.asked.day("from", until or last)
        if since and since > (until or last):
            self.asked.wrong("from", "after the end")
            since = None
        if since is None and until is None:
            own = self.usual
            return self.whole if own is None else self.pair.timeline(*own)
        return self.pair.timeline(since, until)

    @cached_property
    def known(self) -> tuple[date, date]:
        """From the first day of any event of the pair, those without a day of their own included, to the last day that was read."""
        first = pc.min(self.pair.pairs["date"]).as_py()
        return min(self.whole.span[0], first or date.max), self.whole.span[1]

    @cached_property
    def usual(self) -> tuple[date, date] | None:
        """The days around the pair's events, where they are much fewer than all days known; else None. Events that count come first: by the
        others only where there are no such."""
        acts = self.whole.acts.day
        ends = pc.min_max(self.pair.pairs["date"]).as_py()
        first, last = (day_of(int(acts[0])), day_of(int(acts[-1]))) if len(acts) else (ends["min"], ends["max"])
        if first is None or last is None:
            return None
        own = (max(self.known[0], first - timedelta(days=BEFORE)), min(self.known[1], last + timedelta(days=AFTER)))
        share = ((own[1] - own[0]).days + 1) / ((self.known[1] - self.known[0]).days + 1)
        return own if share < 1 - SILENT or not len(self.whole.acts.day) else None

    @cached_property
    def half_life(self) -> int:
        """Which of the indices is drawn."""
        known = [str(one) for one in self.whole.rules.half_lives]
        return int(self.asked.choice("half_life", known, known[0]))

    @cached_property
    def shifts(self) -> list[Shift]:
        """Shifts that stand."""
        return [shift for shift in self.pair.shifts() if shift.state != "withdrawn"]

    @cached_property
    def events(self) -> dict[str, Mapping[str, Any]]:
        """All events by id, with what chooses among them."""
        return {event["id"]: event for event in records(self.pair.told_by(CHOSEN))}

    def told(self, ids: Iterable[str]) -> list[Mapping[str, Any]]:
        """Some of them in order, with what is told of them."""
        wanted = list(ids)
        missing = [ident for ident in wanted if ident not in self._told]
        if missing:
            self._told |= {event["id"]: event for event in records(self.pair.told_by(self.columns, missing))}
        return [self._told[ident] for ident in wanted]

    def word(self, ident: str) -> str:
        """An event of the days shown in a few words, as its mark has them."""
        if ident not in self._told:
            self.told(event["id"] for event in self.inside)
        event = self._told[ident]
        return f"{rows.when(event)}: {self.names.told(event)}"

    def figure(self) -> tuple[drawing.Drawn, list[str]]:
        """What the drawing needs, and the events that its labels name, in order."""
        inside = self.inside
        chosen = _chosen(inside, self.names, self.asked.get("e"))
        marks = [Label(place, number(event["date"]) + 0.5, cut(self.names.kind(event["event"], event["mode"])))
                 for place, event in enumerate(chosen, 1)]
        about = (
            f"{self.sentence()} Above: index with a half-life of {self.half_life} days and its 80 % band; in the middle events, "
            "cooperation above the line and conflict below; at the foot how much was read. The table below has the same data."
        )
        drawn = drawing.Drawn(self.title(), about, self.shifts, marks, self._mark, self.most, self.half_life, self.asked.get("e"))
        return drawn, [event["id"] for event in chosen]

    def _mark(self, ident: str) -> tuple[str, str] | None:
        """Address and words of the mark of an event, if it is one of those of the days shown."""
        return (self.asked.to(path("event", ident)), self.word(ident)) if ident in self._shown else None

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(event["id"] for event in self.inside)

    @cached_property
    def most(self) -> float:
        """The largest index, or edge of its band, of the whole history."""
        own = self.whole.line(self.half_life)
        return max(float(np.abs(own.daily.index).max(initial=0)), float(np.abs(own.band[:, :2]).max(initial=0)))

    @cached_property
    def last_covered(self) -> Standing | None:
        """The index on the last day shown on which the relation is covered; None where it never is."""
        own = self.line.line(self.half_life)
        known = np.flatnonzero(~own.gap)
        return self.line.standing(self.half_life, day_of(own.daily.first + int(known[-1]))) if len(known) else None

    @cached_property
    def inside(self) -> list[Mapping[str, Any]]:
        """Events of the days shown that count in the index."""
        since, until = self.line.span
        counted_ = set(map(str, self.line.acts.event))
        return [e for e in self.events.values() if e["id"] in counted_ and e["date"] and since <= e["date"] <= until]

    def title(self) -> str:
        """What the figure shows."""
        arrow = {
            "there": f"{self.names.of(self.one)} to {self.names.of(self.other)}",
            "back": f"{self.names.of(self.other)} to {self.names.of(self.one)}",
        }
        return f"{arrow.get(self.way, self.label)}, {span(*self.line.span)}"

    def sentence(self) -> str:
        """The state in a sentence or two, made from the data."""
        now, end = self.last_covered, self.line.span[1]
        inside = self.inside
        recent = [shift for shift in self.shifts if shift.first <= self.line.span[1] and shift.last >= self.line.span[0]]
        parts = []
        if recent:
            shift = recent[-1]
            way = "cooperation" if shift.towards > 0 else "conflict"
            parts.append(f"Turned towards {way}: {span(shift.first, shift.last)}, {signed(shift.size)} in the {shift.unit}.")
        if now is None:
            parts.append("The relation is not covered in this time: too little was read.")
        else:
            low, high = signed(now.low), signed(now.high)
            when = span(now.day, now.day) + (", the last day covered" if now.day < end else "")
            parts.append(f"Index on {when}: {signed(now.index)}, between {low} and {high} with 80 %.")
        alone = sum(event["origins_low"] or 0 for event in inside)
        parts.append(f"{counted(len(inside), 'event')}, {counted(alone, 'independent report')}.")
        return " ".join(parts)


def _chosen(inside: Sequence[Mapping[str, Any]], names: Names, picked: str) -> list[Mapping[str, Any]]:
    """The events that are named over the figure, the weightiest of each kind, in order of their days; one that is asked for always."""
    def weight(event: Mapping[str, Any]) -> float:
        return abs(float(event["score"] or 0)) * math.log2(1 + (event["origins_low"] or 1)) + (1000 if event["id"] == picked else 0)

    found: dict[str, Mapping[str, Any]] = {}
    for event in sorted(inside, key=lambda e: (-weight(e), e["id"])):
        found.setdefault(names.kind(event["event"], event["mode"]), event)
    return sorted(list(found.values())[:LABELS], key=lambda e: (e["date"], e["id"]))
