"""The relation of two parties: the time line, what made it, the ledgers beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from ....errors import UnknownName
from ....relations.agreements import Agreement
from ....relations.memberships import Belonging
from ....relations.parties import day_of
from ....relations.shifts import Shift
from ....relations.stances import Period
from ....relations.timeline import starts
from ...reading import Reading
from .. import rows
from ..asking import Asked
from ..draw import multiples
from ..draw import timeline as drawing
from ..draw.small import history
from ..format import counted, percent, signed, span
from ..names import LANE_WORDS, Names, path
from . import compare, ledgers
from .look import WAYS, Look

T = TypeVar("T")
YEARS = 8  # that are offered
STANCES, DEALS = 20, 12  # beside the figure; a pair that is much written about has hundreds
_PAIRS = """SELECT least(source, target) AS a, greatest(source, target) AS b, count(DISTINCT event) AS n, max(date) AS last FROM pairs
WHERE lane = 'happened' AND source <> '' AND target <> '' AND source <> target GROUP BY 1, 2 ORDER BY n DESC, a, b LIMIT 60"""
_PARTNERS = """SELECT a, o, count(DISTINCT event) AS n FROM (SELECT source AS a, target AS o, event FROM pairs
UNION ALL SELECT target AS a, source AS o, event FROM pairs) WHERE a <> '' AND o <> '' AND a <> o
GROUP BY 1, 2 QUALIFY row_number() OVER (PARTITION BY a ORDER BY n DESC, o) <= 4 ORDER BY a, n DESC, o"""


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


def pair_records(reading: Reading, asked: Asked) -> dict[str, Any]:
    """The rows of that page."""
    return {"pairs": reading.rows(_PAIRS)}


def view(reading: Reading, asked: Asked, a: str, b: str) -> Mapping[str, Any]:
    """Values of the page."""
    look = Look(reading, asked, a, b)
    known = asked.to(path("relation", look.one, look.other))
    values: dict[str, Any] = {
        "title": f"{look.names.of(look.one)} ↔ {look.names.of(look.other)}", "one": look.one, "other": look.other, "names": look.names,
        "way": look.way, "ways": _ways(look), "plain": known,
        "brief": asked.to(path("relation", look.one, look.other, "brief"), at=_brief_day(look)),
    }
    if not look.pair.pairs.num_rows:
        return {**values, "found": False, "near": _near(look), "read": _read(look), "sentence": "No event of the pair is known.",
                **_ledgers(look)}
    return {
        **values,
        "found": True,
        "sentence": look.sentence(),
        "span": span(*look.line.span),
        "since": look.line.span[0],
        "until": look.line.span[1],
        "half_life": look.half_life,
        "half_lives": look.whole.rules.half_lives,
        "periods": _periods(look),
        "ranges": _ranges(look),
        "history": _history(look),
        "formula": look.line.standing(look.half_life).formula,
        "shifts": [_shift(look, shift) for shift in reversed(look.shifts)],
        "picked": _picked(look),
        "files": _files(look),
        **_figure(look),
        **_events(look),
        **_ledgers(look),
    }


def _brief_day(look: Look) -> str | None:
    """The day of the brief that the page leads to: the last one shown, where that is not the newest."""
    return look.line.span[1].isoformat() if look.pair.pairs.num_rows and look.line.span[1] < look.whole.span[1] else None


def _figure(look: Look) -> Mapping[str, Any]:
    """The pictures, wide and narrow: of the pair, or of several below one another."""
    beside = compare.others(look)
    shared = {"compared": bool(beside), "suggested": _suggested(look, beside)}
    if beside:
        frames = ((multiples.WIDE, "mw", "wide"), (multiples.NARROW, "mn", "narrow"))
        found = [compare.drawn(look, beside, *how) for how in frames]
        return {**shared, "heading": found[0].title, "pictures": [one.picture for one in found], "named": [],
                "beside": compare.table(look, beside), "about": found[0].about}
    drawn, named = look.figure()
    frames_ = ((drawing.WIDE, "tl", "wide"), (drawing.NARROW, "tn", "narrow"))
    about = (f"Above: index (half-life {look.half_life} days) with its 80 % band. Middle: one mark for each event, cooperation up, "
             "conflict down. Below: how much was read; hatched where nothing was.")
    pictures = [drawing.draw(look.line, drawn, *how) for how in frames_]
    return {
        **shared, "heading": drawn.title, "pictures": pictures, "beside": [], "about": about,
        "named": [(place, rows.as_row(event, look.names, look.asked)) for place, event in enumerate(look.told(named), 1)],
    }


def _partners(reading: Reading) -> dict[str, list[tuple[str, int]]]:
    """With whom each party has most events, a few each; worked out once for all pages of a state of the store."""
    def make() -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for row in reading.rows(_PARTNERS):
            found.setdefault(row["a"], []).append((row["o"], row["n"]))
        return found

    return reading.common("partners", make)


def _suggested(look: Look, beside: Sequence[Look]) -> list[tuple[str, str]]:
    """Pairs that may be put beside this one: those of either party that have most events."""
    there = {frozenset((one.one, one.other)) for one in (look, *beside)}
    before = [f"{one.one},{one.other}" for one in beside]
    found: dict[str, str] = {}
    for side in (look.one, look.other):
        for other, _ in _partners(look.reading).get(side, ()):
            if frozenset((side, other)) not in there:
                told = f"{look.names.of(side)} and {look.names.of(other)}"
                found.setdefault(told, look.asked.link(**{"with": ";".join([*before, f"{side},{other}"])}))
    return list(found.items())[:6]


def _ways(look: Look) -> list[tuple[str, str, bool]]:
    a, b = look.names.of(look.one), look.names.of(look.other)
    told = {"both": "both ways", "there": f"{a} → {b}", "back": f"{b} → {a}"}
    return [(told[way], look.asked.link(way=None if way == "both" else way), way == look.way) for way in WAYS]


def _ranges(look: Look) -> list[tuple[str, str, bool]]:
    """Times to choose from: where something happened, its years, all that was read."""
    first, last = look.known
    now = (look.asked.get("from"), look.asked.get("to"))
    years = sorted({day_of(int(day)).year for day in look.whole.acts.day}, reverse=True)[:YEARS]
    found = [("all events" if look.usual else "all", look.asked.link(**{"from": None, "to": None}), now == ("", ""))]
    if len(years) > 1:
        for year in map(str, years[::-1]):
            found.append((year, look.asked.link(**{"from": year, "to": year}), now == (year, year)))
    if look.usual:
        whole = (first.isoformat(), last.isoformat())
        found.append(("all that was read", look.asked.link(**{"from": whole[0], "to": whole[1]}), now == whole))
    return found


def _history(look: Look) -> str:
    """The strip of the whole history; empty where it is too short to be of use."""
    days = look.usual or look.known
    begins = starts(days, "month")
    if len(begins) < 3:
        return ""
    step = next((step for step in (1, 3, 12) if len(begins) / step <= 80), 12)
    begins = [day for day in begins if (day.month - 1) % step == 0] or begins[:1]
    ends = [*(day - timedelta(days=1) for day in begins[1:]), days[1]]
    links = [(a, b, look.asked.link(**{"from": a.isoformat(), "to": b.isoformat()})) for a, b in zip(begins, ends, strict=True)]
    return history(look.whole, days, look.line.span, links)


def _periods(look: Look) -> list[Mapping[str, Any]]:
    """The figure's data as a table: by week, month or so that rows stay readable."""
    days = (look.line.span[1] - look.line.span[0]).days
    level = "day" if days <= 21 else "week" if days <= 200 else "month"
    rows_ = look.line.counts(level).to_pylist()  # type: ignore[arg-type]  # one of the three words
    return [{**row, "told": span(row["start"], row["start"]) if level != "month" else f"{row['start']:%Y-%m}"} for row in rows_
            if row["events"] or row["either"]]


def _shift(look: Look, shift: Shift) -> Mapping[str, Any]:
    events = look.told(cause.event for cause in shift.events if cause.event in look.events)
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
        "causes": [rows.as_row(event, look.names, look.asked) for event in events],
    }


def _picked(look: Look) -> Mapping[str, Any] | None:
    ident = look.asked.get("e")
    if ident and ident not in look.events:
        look.asked.wrong("e", "no event of this pair")
    return rows.as_row(look.told([ident])[0], look.names, look.asked) if ident in look.events else None


def _files(look: Look) -> Mapping[str, str]:
    """The figure and its data as files, of the same days."""
    values = {key: look.asked.get(key) or None for key in ("from", "to", "way", "half_life", "with")}
    base = path("relation", look.one, look.other)
    return {kind: look.asked.to(f"{base}/timeline.{kind}", **values) for kind in ("svg", "csv", "json")}


def chosen_events(look: Look) -> tuple[list[Mapping[str, Any]], dict[str, Any]]:
    """The pair's events of the time shown that the address asks for, the newest first, with what they were chosen by; and the choice."""
    since, until = look.line.span
    lane = look.asked.choice("lane", (*LANE_WORDS, "all"), "happened")
    quads = look.asked.some("quad", rows.QUAD_KEYS)
    words = {rows.QUAD_KEYS[quad] for quad in quads}
    found = [e for e in look.events.values() if (lane == "all" or e["lane"] == lane) and (not words or e["quad"] in words)]
    inside = [e for e in found if e["date"] is None or since <= e["date"] <= until]
    inside.sort(key=lambda e: (e["date"] or date.min, e["articles"], e["id"]), reverse=True)
    return inside, {"lane": lane, "quads": quads}


def _events(look: Look) -> Mapping[str, Any]:
    inside, how = chosen_events(look)
    size = look.asked.count("n", 40, 2000)
    lanes: dict[str, int] = {}
    for event in look.events.values():
        lanes[event["lane"]] = lanes.get(event["lane"], 0) + 1
    shown = [rows.as_row(event, look.names, look.asked) for event in look.told(event["id"] for event in inside[:size])]
    return {"events": shown, "total": len(inside), "size": size, "lanes": lanes, **how}


def _ledgers(look: Look) -> Mapping[str, Any]:
    book = ledgers.Book(look.reading, look.asked)
    both = {(look.one, look.other), (look.other, look.one)}
    held = look.pair.stances(alone=True)
    held = replace(held, periods=tuple(p for p in held.periods if (p.holder, p.other) in both))
    deals = look.pair.agreements()
    belonging = look.pair.memberships()
    return {
        "stances": book.stances(replace(held, periods=_newest(held.periods, STANCES, _seen))),
        "deals": book.agreements(_newest(deals, DEALS, _moved), None),
        "counts": {"stances": len(held.periods), "agreements": len(deals)},
        "members": book.memberships([held for held in belonging if held.facts], None),
        "bodies": _shared(look, belonging),
    }


def _newest(found: Sequence[T], most: int, order: Callable[[T], Any]) -> tuple[T, ...]:
    """The last of many by an order, as they stood; the whole ledger has a page of its own."""
    if len(found) <= most:
        return tuple(found)
    kept = sorted(range(len(found)), key=lambda place: (order(found[place]), place))[len(found) - most :]
    return tuple(found[place] for place in sorted(kept))


def _seen(period: Period) -> tuple[bool, date]:
    return not period.over, period.last_seen or period.from_high or period.from_low or date.min


def _moved(deal: Agreement) -> date:
    return max((step.day for step in deal.steps if step.day), default=deal.first_said or date.min)


def _shared(look: Look, held: Sequence[Belonging]) -> list[str]:
    """Bodies that both belong to on the last day shown."""
    day = look.line.span[1]
    own = [{one.body for one in held if one.member == side and one.held(day) and one.value == "member"} for side in (look.one, look.other)]
    return sorted(look.names.of(body) for body in own[0] & own[1])


def _near(look: Look) -> list[tuple[str, str, int]]:
    """Pairs of either party that have events."""
    found = []
    for side in (look.one, look.other):
        found += [(f"{look.names.of(side)} and {look.names.of(other)}", look.asked.to(path("relation", side, other)), n)
                  for other, n in _partners(look.reading).get(side, ())]
    return found


def _read(look: Look) -> str:
    """Why nothing is there: nothing read, or nothing said."""
    named = [set(actors or ()) for actors in look.pair.articles["actors"].to_pylist()]
    both = sum({look.one, look.other} <= one for one in named)
    either = sum(not one.isdisjoint((look.one, look.other)) for one in named)
    if not named:
        return "No article was read at all."
    if not either:
        return f"{counted(len(named), 'article')} were read, none names either party."
    return f"{counted(len(named), 'article')} were read; {counted(either, 'article')} name one of the two, {counted(both, 'article')} both."
