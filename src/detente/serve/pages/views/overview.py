"""The first page: what changed lately, where things happened, the newest events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ....relations.phrases import listed, phrases
from ....relations.rules import ledger_rules
from ....relations.stances import Change, stances
from ...filters import Conditions
from ...reading import Reading
from ...relation import relation
from .. import rows, spots
from ..asking import Asked
from ..draw.small import spark
from ..format import counted, signed, span
from ..names import Names, path

LOOK_BACK = 14  # days
PAIRS = 8  # whose time lines are looked at
LEAST = 6  # events of a pair that may turn
PLACES = 10
MOST = 5000  # events of the page's data
_SIZES = ((640, 360), (360, 220))


@dataclass(frozen=True, slots=True)
class Change_:
    """Something that changed. `weight`: size times independent reports, by which changes are ranked."""

    icon: str
    what: str
    detail: str
    link: str
    weight: float
    spark: str = ""
    way: str = ""


def view(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page."""
    names = Names(reading.knowledge)
    since, anchor = _days(reading, asked)
    changes = sorted(_changes(reading, asked, names, (since, anchor)), key=lambda c: (-c.weight, c.what))
    wanted = rows.filters(asked)
    place = asked.get("place")
    if place:
        wanted.add("place.country = ?", place)
    everybody = asked.choice("who", ("all",))
    if not everybody:
        wanted.add("len(parties) > 0")
    total = rows.count(reading, wanted)
    wanted.add("date IS NULL OR date <= ?::DATE", anchor.isoformat())
    size = asked.count("n", 20, 500)
    found = rows.events(reading, wanted, size)
    state = reading.rows("SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM claims) AS claims, "
                      "(SELECT count(*) FROM events) AS events")[0]
    return {
        "title": "What changed", "span": span(since, anchor), "changes": changes[:10], "more": max(0, len(changes) - 10), "since": since,
        **_map(reading, asked, names, (since, anchor)), "until": anchor, "total": total, "size": size,
        "events": [rows.as_row(event, names, asked) for event in found],
        "places": _places(reading, names, asked, (since, anchor)), "counts": state, "place": names.of(place) if place else "",
        "everybody": everybody,
        "pairs": _pairs(reading, names, asked), "last": _last_change(reading),
        "windows": [(told, asked.link(since=key)) for told, key in (("14 days", None), ("1 month", "-1m"), ("3 months", "-3m"),
                                                                     ("1 year", "-1y"))],
        "window": asked.get("since"),
    }


def records(reading: Reading, asked: Asked) -> dict[str, Any]:
    """The rows of the page: what changed, events by its filters, places."""
    names, (since, until) = Names(reading.knowledge), _days(reading, asked)
    where = rows.filters(asked)
    if asked.get("place"):
        where.add("place.country = ?", asked.get("place"))
    if not asked.choice("who", ("all",)):
        where.add("len(parties) > 0")
    where.add("date IS NULL OR date <= ?::DATE", until.isoformat())
    changes = sorted(_changes(reading, asked, names, (since, until)), key=lambda c: (-c.weight, c.what))
    told = [{"kind": one.icon, "who": one.what, "what": one.detail, "weight": one.weight, "address": one.link} for one in changes]
    places = [{key: row[key] for key in ("country", "n", "exact", "region")} for row in _places(reading, names, asked, (since, until))]
    return {"since": since, "until": until, "changes": told, "events": rows.events(reading, where, MOST), "places": places}


def _days(reading: Reading, asked: Asked) -> tuple[date, date]:
    """From when to when changes count."""
    newest = rows.newest(reading)
    anchor = asked.day("to", newest, last=True) or newest or date(1970, 1, 1)
    return asked.day("since", anchor) or anchor - timedelta(days=LOOK_BACK), anchor


def _changes(reading: Reading, asked: Asked, names: Names, days: tuple[date, date]) -> Iterator[Change_]:
    yield from _turns(reading, asked, names, days)
    yield from _stances(reading, asked, names, days)
    yield from _deals(reading, asked, names, days)


def _turns(reading: Reading, asked: Asked, names: Names, days: tuple[date, date]) -> Iterator[Change_]:
    """Shifts of the pairs that had most to do with one another in the time looked at."""
    since, until = days
    busy = reading.rows(
        f"SELECT least(source, target) AS a, greatest(source, target) AS b, count(DISTINCT event) AS n, count(DISTINCT event) FILTER"
        f" (date BETWEEN DATE '{since}' AND DATE '{until}') AS recent FROM pairs WHERE lane = 'happened' AND source <> '' AND target <> ''"
        f" GROUP BY 1, 2 HAVING n >= {LEAST} AND recent > 0 ORDER BY recent DESC, n DESC, a, b LIMIT {PAIRS}"
    )
    for number, row in enumerate(busy):
        pair = relation(reading, row["a"], row["b"], False)
        line = pair.timeline()
        told = f"{names.of(row['a'])} and {names.of(row['b'])}"
        for shift in pair.shifts():
            if shift.state == "withdrawn" or shift.last < since or shift.first > until:
                continue
            way = "cooperation" if shift.towards > 0 else "conflict"
            link = asked.to(path("relation", row["a"], row["b"]), **{"from": (shift.first - timedelta(days=180)).isoformat(),
                                                                     "to": (shift.last + timedelta(days=30)).isoformat()})
            detail = f"turned towards {way}, {signed(shift.size)} ({shift.unit}) · {span(shift.first, shift.last)} · " \
                     f"{counted(len(shift.events), 'event')}"
            yield Change_("up" if shift.towards > 0 else "down", told, detail, link, abs(shift.size) * max(1, len(shift.events)),
                          spark(line, line.rules.half_lives[0], f"Index of {told}", f"sp{number}"), "coop" if shift.towards > 0 else "conf")


def _stances(reading: Reading, asked: Asked, names: Names, days: tuple[date, date]) -> Iterator[Change_]:
    since, until = days
    seen = reading.rows(
        f"SELECT DISTINCT holder FROM facts WHERE ledger = 'stance' AND said BETWEEN DATE '{since}' AND DATE '{until}' LIMIT 500"
    )
    holders = [row["holder"] for row in seen]
    if not holders:
        return
    found = stances(reading.table("facts", where={"holder": holders, "ledger": "stance"}), ledger_rules())
    turned = {(c.now.holder, c.now.other) for c in found.changes if c.by and since <= c.by <= until}
    for change in found.changes:
        if change.by and since <= change.by <= until:
            yield _turned(change, asked, names)
    for period in found.periods:
        begun = period.from_high
        if begun and since <= begun <= until and period.sign and (period.holder, period.other) not in turned:
            words = phrases().stance(period.value, names.of(period.other))
            yield Change_("stance", names.of(period.holder), f"{words} ({phrases().lines[period.line]}) · seen first {span(begun, begun)}",
                          asked.to("/stances", actor=period.holder, other=period.other), 0.5 * len(period.facts),
                          way="coop" if period.sign > 0 else "conf")


def _turned(change: Change, asked: Asked, names: Names) -> Change_:
    other = names.of(change.now.other)
    before, now = (phrases().stance(period.value, other) for period in (change.before, change.now))
    when = span(change.after, change.by) if change.after else f"by {span(change.by, change.by)}"
    return Change_("stance", names.of(change.now.holder), f"changed its stance: {before}, now {now} · {when}",
                   asked.to("/stances", actor=change.now.holder, other=change.now.other),
                   3.0 * len((*change.before.facts, *change.now.facts)), way="coop" if change.now.sign > 0 else "conf")


def _deals(reading: Reading, asked: Asked, names: Names, days: tuple[date, date]) -> Iterator[Change_]:
    """Stages of agreements that are told to have been reached in the time looked at; the reports of one step once."""
    since, until = days
    steps = reading.rows(
        "SELECT parties, value, about, min(coalesce(from_high, said)) AS day, count(DISTINCT article) AS n FROM facts"
        " WHERE ledger = 'agreement' AND lane = 'happened' AND len(parties) > 1 AND about <> '' AND coalesce(from_high, said) BETWEEN "
        f"DATE '{since}' AND DATE '{until}' GROUP BY ALL ORDER BY n DESC, day DESC, about LIMIT 12"
    )
    for row in steps:
        yield Change_(
            "deal",
            listed([names.of(party) for party in row["parties"]]),
            f"{row['value'].replace('-', ' ')}: “{row['about']}” · {span(row['day'], row['day'])} · {counted(row['n'], 'report')}",
            asked.to("/agreements", actor=row["parties"][0], other=row["parties"][1]),
            1.0 * row["n"],
        )


def _last_change(reading: Reading) -> date | None:
    found: date | None = reading.rows("SELECT max(coalesce(from_high, said)) AS d FROM facts WHERE lane = 'happened'")[0]["d"]
    return found


def _places(reading: Reading, names: Names, asked: Asked, days: tuple[date, date]) -> list[dict[str, Any]]:
    """Events by country, by how exactly their place is known; those without a place too."""
    found = reading.rows(
        "SELECT coalesce(place.country, '') AS country, count(*) AS n, count(*) FILTER (place.precision IN ('city', 'site')) AS exact,"
        " count(*) FILTER (place.precision = 'region') AS region FROM events WHERE lane = 'happened' AND date BETWEEN "
        f"DATE '{days[0]}' AND DATE '{days[1]}' GROUP BY 1 ORDER BY country = '', n DESC, country"
    )
    most = max((row["n"] for row in found if row["country"]), default=1)
    shown = [row for row in found if row["country"]][:PLACES] + [row for row in found if not row["country"]]
    return [
        {
            **row,
            "name": names.of(row["country"]) if row["country"] else "no place told",
            "share": row["n"] / most,
            "link": asked.link(place=row["country"]) + "#events" if row["country"] else "",
            "rest": row["n"] - row["exact"] - row["region"],
        }
        for row in shown
    ]


def _map(reading: Reading, asked: Asked, names: Names, days: tuple[date, date]) -> dict[str, Any]:
    """The map of what happened in the time looked at; marks lead to the page of the map in the same time."""
    found = Conditions()
    found.add("lane = 'happened' AND date BETWEEN ?::DATE AND ?::DATE", days[0].isoformat(), days[1].isoformat())
    shown = spots.of_events(reading, found, names, spots.to_map(asked, **{"from": days[0].isoformat(), "to": days[1].isoformat()}))
    drawn = [] if shown.is_empty else spots.pictures(shown, names, f"Where things happened, {span(*days)}", sizes=_SIZES)
    return {"map": drawn, "map_keys": spots.keys(shown), "map_told": spots.told(shown), "on_map": shown.drawn}


def _pairs(reading: Reading, names: Names, asked: Asked) -> list[dict[str, Any]]:
    """The pairs with most events: where to begin."""
    found = reading.rows(
        "SELECT least(source, target) AS a, greatest(source, target) AS b, count(DISTINCT event) AS n FROM pairs WHERE lane = 'happened'"
        " AND source <> '' AND target <> '' GROUP BY 1, 2 ORDER BY n DESC, a, b LIMIT 8"
    )
    return [{"name": f"{names.of(row['a'])} and {names.of(row['b'])}", "n": row["n"],
             "link": asked.to(path("relation", row["a"], row["b"]))} for row in found]
