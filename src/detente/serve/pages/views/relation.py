"""The relation of two parties: the time line, what made it, the ledgers beside it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from ....errors import UnknownName
from ....relations.parties import number
from ....relations.shifts import Shift
from ....relations.timeline import Timeline, starts
from ...reading import Reading
from ...relation import Served, relation
from .. import rows
from ..asking import Asked
from ..draw import timeline as drawing
from ..draw.labels import Label, cut
from ..draw.small import history
from ..format import counted, percent, signed, span
from ..names import LANE_WORDS, Names, path
from . import ledgers

WAYS = {"both": "both ways", "there": "only the first to the second", "back": "only the second to the first"}
RANGES = (("1 month", "-1m"), ("6 months", "-6m"), ("1 year", "-1y"), ("5 years", "-5y"))
LABELS = 9
_PAIRS = """SELECT least(source, target) AS a, greatest(source, target) AS b, count(DISTINCT event) AS n, max(date) AS last FROM pairs
WHERE lane = 'happened' AND source <> '' AND target <> '' AND source <> target GROUP BY 1, 2 ORDER BY n DESC, a, b LIMIT 60"""
_OTHERS = """SELECT CASE WHEN source = ? THEN target ELSE source END AS o, count(DISTINCT event) AS n FROM pairs
WHERE (source = ? OR target = ?) AND source <> '' AND target <> '' GROUP BY 1 ORDER BY n DESC, o LIMIT 4"""


@dataclass
class _Look:
    """A relation as an address asks for it."""

    reading: Reading
    asked: Asked
    a: str
    b: str

    def __post_init__(self) -> None:
        self.names = Names(self.reading.knowledge)
        self.one, self.other = self.reading.party(self.a), self.reading.party(self.b)
        self.way = self.asked.choice("way", WAYS, "both")
        sides = (self.other, self.one) if self.way == "back" else (self.one, self.other)
        self.pair: Served = relation(self.reading, *sides, self.way != "both")
        self.label = f"{self.names.of(self.one)} and {self.names.of(self.other)}"

    @cached_property
    def whole(self) -> Timeline:
        """All days that something is known of."""
        return self.pair.timeline()

    @cached_property
    def line(self) -> Timeline:
        """The days asked for."""
        last = self.whole.span[1]
        until = self.asked.day("to", last, last=True)
        since = self.asked.day("from", until or last)
        if since and since > (until or last):
            self.asked.wrong("from", "after the end")
            since = None
        return self.whole if since is None and until is None else self.pair.timeline(since, until)

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
        """Rows of EVENTS by id."""
        return {event["id"]: event for event in self.pair.events.to_pylist()}

    def figure(self) -> tuple[drawing.Drawn, list[str]]:
        """What the drawing needs, and the events that its labels name, in order."""
        inside = self._inside()
        chosen = _chosen(inside, self.names, self.asked.get("e"))
        marks = [Label(place, number(event["date"]) + 0.5, cut(self.names.kind(event["event"], event["mode"])))
                 for place, event in enumerate(chosen, 1)]
        words = {event["id"]: f"{rows.when(event)}: {self.names.told(event)}" for event in inside}
        own = self.whole.line(self.half_life)
        most = max(float(np.abs(own.daily.index).max(initial=0)), float(np.abs(own.band[:, :2]).max(initial=0)))
        about = (
            f"{self.sentence()} Above: index with a half-life of {self.half_life} days and its 80 % band; in the middle events, "
            "cooperation above the line and conflict below; at the foot how much was read. The table below has the same data."
        )
        links = {ident: self.asked.to(path("event", ident)) for ident in words}
        drawn = drawing.Drawn(self.title(), about, self.shifts, marks, words, links, most, self.half_life, self.asked.get("e"))
        return drawn, [event["id"] for event in chosen]

    def _inside(self) -> list[Mapping[str, Any]]:
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
        now = self.line.standing(self.half_life)
        inside = self._inside()
        recent = [shift for shift in self.shifts if shift.first <= self.line.span[1] and shift.last >= self.line.span[0]]
        parts = []
        if recent:
            shift = recent[-1]
            way = "cooperation" if shift.towards > 0 else "conflict"
            parts.append(f"Turned towards {way}: {span(shift.first, shift.last)}, {signed(shift.size)} in the {shift.unit}.")
        if now.index is None:
            parts.append(f"On {span(now.day, now.day)} the relation is not covered: too little was read.")
        else:
            low, high = signed(now.low), signed(now.high)
            parts.append(f"Index on {span(now.day, now.day)}: {signed(now.index)}, between {low} and {high} with 80 %.")
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


def choose(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page on which two parties are chosen; where both are known, a link to their relation."""
    names = Names(reading.knowledge)
    found = []
    for key in ("a", "b"):
        try:
            found.append(reading.party(asked.get(key)) if asked.get(key) else "")
        except UnknownName as error:
            asked.wrong(key, f"{error.message}; {error.hint}")
            found.append("")
    pairs = reading.rows(_PAIRS)
    shown = [{"name": f"{names.of(row['a'])} and {names.of(row['b'])}", "n": row["n"], "last": row["last"],
              "link": asked.to(path("relation", row["a"], row["b"]))} for row in pairs]
    goal = asked.to(path("relation", *found)) if all(found) else ""
    return {"title": "Relations", "pairs": shown, "goal": goal, "told": " and ".join(names.of(one) for one in found if one)}


def view(reading: Reading, asked: Asked, a: str, b: str) -> Mapping[str, Any]:
    """Values of the page."""
    look = _Look(reading, asked, a, b)
    known = asked.to(path("relation", look.one, look.other))
    values: dict[str, Any] = {
        "title": f"{look.names.of(look.one)} ↔ {look.names.of(look.other)}", "one": look.one, "other": look.other, "names": look.names,
        "way": look.way, "ways": _ways(look), "brief": asked.to(path("relation", look.one, look.other, "brief")), "plain": known,
    }
    if not look.pair.pairs.num_rows:
        return {**values, "found": False, "near": _near(look), "read": _read(look), "sentence": "No event of the pair is known.",
                **_ledgers(look)}
    drawn, named = look.figure()
    picture = [drawing.draw(look.line, drawn, drawing.WIDE, "tl", "wide"), drawing.draw(look.line, drawn, drawing.NARROW, "tn", "narrow")]
    return {
        **values,
        "found": True,
        "sentence": look.sentence(),
        "figure": drawn,
        "pictures": picture,
        "span": span(*look.line.span),
        "since": look.line.span[0],
        "until": look.line.span[1],
        "half_life": look.half_life,
        "half_lives": look.whole.rules.half_lives,
        "named": [(place, rows.as_row(look.events[ident], look.names, asked)) for place, ident in enumerate(named, 1)],
        "periods": _periods(look),
        "ranges": _ranges(look),
        "history": _history(look),
        "formula": look.line.standing(look.half_life).formula,
        "shifts": [_shift(look, shift) for shift in reversed(look.shifts)],
        "picked": _picked(look),
        "files": _files(look),
        **_events(look),
        **_ledgers(look),
    }


def _ways(look: _Look) -> list[tuple[str, str, bool]]:
    a, b = look.names.of(look.one), look.names.of(look.other)
    told = {"both": "both ways", "there": f"{a} → {b}", "back": f"{b} → {a}"}
    return [(told[way], look.asked.link(way=None if way == "both" else way), way == look.way) for way in WAYS]


def _ranges(look: _Look) -> list[tuple[str, str, bool]]:
    days = (look.whole.span[1] - look.whole.span[0]).days
    found = [(told, look.asked.link(**{"from": key, "to": None}), look.asked.get("from") == key and not look.asked.get("to"))
             for told, key in RANGES if int(key[1]) * (30 if key[2] == "m" else 365) < days + 60]
    return [*found, ("all", look.asked.link(**{"from": None, "to": None}), not look.asked.get("from") and not look.asked.get("to"))]


def _history(look: _Look) -> str:
    """The strip of the whole history; empty where it is too short to be of use."""
    begins = starts(look.whole.span, "month")
    if len(begins) < 3:
        return ""
    step = next((step for step in (1, 3, 12) if len(begins) / step <= 80), 12)
    begins = [day for day in begins if (day.month - 1) % step == 0] or begins[:1]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), look.whole.span[1]]
    links = [(a, b, look.asked.link(**{"from": a.isoformat(), "to": b.isoformat()})) for a, b in zip(begins, ends, strict=True)]
    return history(look.whole, look.line.span, links)


def _periods(look: _Look) -> list[Mapping[str, Any]]:
    """The figure's data as a table: by week, month or so that rows stay readable."""
    days = (look.line.span[1] - look.line.span[0]).days
    level = "day" if days <= 21 else "week" if days <= 200 else "month"
    rows_ = look.line.counts(level).to_pylist()  # type: ignore[arg-type]  # one of the three words
    return [{**row, "told": span(row["start"], row["start"]) if level != "month" else f"{row['start']:%Y-%m}"} for row in rows_
            if row["events"] or row["either"]]


def _shift(look: _Look, shift: Shift) -> Mapping[str, Any]:
    causes = [rows.as_row(look.events[cause.event], look.names, look.asked) for cause in shift.events if cause.event in look.events]
    return {
        "way": "cooperation" if shift.towards > 0 else "conflict",
        "name": "coop" if shift.towards > 0 else "conf",
        "size": signed(shift.size),
        "unit": shift.unit,
        "span": span(shift.first, shift.last),
        "sure": percent(shift.sureness),
        "rate": shift.rate,
        "state": shift.state,
        "methods": ", ".join((shift.method, *shift.also)),
        "before": signed(shift.before.value),
        "after": signed(shift.after.value),
        "causes": causes,
    }


def _picked(look: _Look) -> Mapping[str, Any] | None:
    ident = look.asked.get("e")
    if ident and ident not in look.events:
        look.asked.wrong("e", "no event of this pair")
    return rows.as_row(look.events[ident], look.names, look.asked) if ident in look.events else None


def _files(look: _Look) -> list[tuple[str, str]]:
    values = {key: look.asked.get(key) or None for key in ("from", "to", "way", "half_life")}
    base = path("relation", look.one, look.other)
    return [("SVG", look.asked.to(f"{base}/timeline.svg", **values)), ("CSV", look.asked.to(f"{base}/timeline.csv", **values)),
            ("This view's address", look.asked.link())]


def _events(look: _Look) -> Mapping[str, Any]:
    """The pair's events of the time shown, newest first."""
    since, until = look.line.span
    lane = look.asked.choice("lane", (*LANE_WORDS, "all"), "happened")
    quads = look.asked.some("quad", rows.QUAD_KEYS)
    words = {rows.QUAD_KEYS[quad] for quad in quads}
    found = [e for e in look.events.values() if (lane == "all" or e["lane"] == lane) and (not words or e["quad"] in words)]
    inside = [e for e in found if e["date"] is None or since <= e["date"] <= until]
    inside.sort(key=lambda e: (e["date"] or date.min, e["articles"], e["id"]), reverse=True)
    size = look.asked.count("n", 40, 2000)
    lanes: dict[str, int] = {}
    for event in look.events.values():
        lanes[event["lane"]] = lanes.get(event["lane"], 0) + 1
    return {"events": [rows.as_row(e, look.names, look.asked) for e in inside[:size]], "total": len(inside), "size": size, "lane": lane,
            "quads": quads, "lanes": lanes}


def _ledgers(look: _Look) -> Mapping[str, Any]:
    book = ledgers.Book(look.reading, look.asked)
    both = (look.one, look.other)
    return {
        "stances": book.stances(look.pair.stances(), {(both[0], both[1]), (both[1], both[0])}),
        "deals": book.agreements(look.pair.agreements(), None),
        "members": book.memberships([held for held in look.pair.memberships() if held.facts], None),
        "bodies": _shared(look),
    }


def _shared(look: _Look) -> list[str]:
    """Bodies that both belong to on the last day shown."""
    day = look.line.span[1]
    held = look.pair.memberships()
    own = [{one.body for one in held if one.member == side and one.held(day) and one.value == "member"} for side in (look.one, look.other)]
    return sorted(look.names.of(body) for body in own[0] & own[1])


def _near(look: _Look) -> list[tuple[str, str, int]]:
    """Pairs of either party that have events."""
    found = []
    for side in (look.one, look.other):
        told = look.reading.rows(_OTHERS, [side, side, side])
        found += [(f"{look.names.of(side)} and {look.names.of(row['o'])}", look.asked.to(path("relation", side, row["o"])), row["n"])
                  for row in told]
    return found


def _read(look: _Look) -> str:
    """Why nothing is there: nothing read, or nothing said."""
    named = [set(actors or ()) for actors in look.pair.articles["actors"].to_pylist()]
    both = sum({look.one, look.other} <= one for one in named)
    either = sum(not one.isdisjoint((look.one, look.other)) for one in named)
    if not named:
        return "No article was read at all."
    if not either:
        return f"{counted(len(named), 'article')} were read, none names either party."
    return f"{counted(len(named), 'article')} were read; {counted(either, 'article')} name one of the two, {counted(both, 'article')} both."


# -- the figure as files ----------------------------------------------------------------------------------------------


def picture(reading: Reading, asked: Asked, a: str, b: str, how: tuple[drawing.Frame, str, str]) -> str:
    """The figure as markup, without names of events (a brief lists them). `how`: its frame, the prefix of its ids, its class."""
    look = _Look(reading, asked, a, b)
    drawn, _ = look.figure()
    return drawing.draw(look.line, replace(drawn, labels=()), *how)


def as_svg(reading: Reading, asked: Asked, a: str, b: str) -> bytes:
    """The figure as a picture of its own, in light colours."""
    look = _Look(reading, asked, a, b)
    drawn, _ = look.figure()
    return drawing.draw(look.line, drawn).encode("utf-8")


def as_csv(reading: Reading, asked: Asked, a: str, b: str) -> bytes:
    """The figure's data: one row a day, with index and band where they are known."""
    look = _Look(reading, asked, a, b)
    line, own = look.line, look.line.line(look.half_life)
    counts = {row["start"]: row for row in line.counts("day").to_pylist()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["day", "index", "material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict", "read", "either", "both"]
    )
    for row in own.rows().to_pylist():
        count = counts.get(row["day"], {})
        rest = [count.get(name) for name in ("material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict", "read",
                                             "either", "both")]
        writer.writerow([row["day"], "" if row["index"] is None else f"{row['index']:.4f}", *("" if v is None else v for v in rest)])
    return out.getvalue().encode("utf-8")


__all__ = ["as_csv", "as_svg", "picture", "view"]
