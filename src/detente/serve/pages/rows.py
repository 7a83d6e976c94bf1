"""Events as tables and lists show them, read from a world by conditions of SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..filters import Conditions
from ..reading import Reading
from . import format as form
from .asking import Asked
from .names import LANE_WORDS, Names, code, path, source_of

PLACE_WORDS = {"city": "", "site": "", "region": "in the region of ", "country": "somewhere in ", "unknown": "“"}
ORDER = "date DESC NULLS LAST, articles DESC, id"
QUAD_KEYS = {"mc": "material cooperation", "vc": "verbal cooperation", "vx": "verbal conflict", "mx": "material conflict"}


def events(reading: Reading, where: Conditions, limit: int, order: str = ORDER) -> list[dict[str, Any]]:
    """Rows of EVENTS that meet all conditions, some at most."""
    return reading.rows(f"SELECT * FROM events WHERE {where.sql()} ORDER BY {order} LIMIT {limit}", where.values)


def count(reading: Reading, where: Conditions) -> int:
    """How many events meet all conditions."""
    return int(reading.rows(f"SELECT count(*) AS n FROM events WHERE {where.sql()}", where.values)[0]["n"])


def newest(reading: Reading) -> date | None:
    """Day of the newest article; None where none has a day."""
    found: date | None = reading.rows("SELECT max(published) AS d FROM articles")[0]["d"]
    return found


def as_row(event: Mapping[str, Any], names: Names, asked: Asked) -> dict[str, Any]:
    """An event as a row: when, who did what to whom, where, told by how many, how well it stands."""
    alone = form.range_(event["origins_low"], event["origins_high"])
    return {
        "id": event["id"], "link": asked.to(path("event", event["id"])), "when": when(event), "iso": event["date"],
        "quad": code(event["quad"]), "quad_words": event["quad"] or "", "told": names.told(event),
        "kind": names.kind(event["event"], event["mode"]), "code": "/".join(part for part in (event["event"], event["mode"]) if part),
        "place": where_told(event["place"], names), "articles": event["articles"], "alone": alone,
        "reports": f"{form.counted(event['articles'], 'article')}, {alone} independent", "standing": event["standing"],
        "lane": event["lane"], "lane_words": LANE_WORDS.get(event["lane"], event["lane"]), "score": event["score"],
        "spot": spot_of(event["place"]), "headline": " ".join((event["headline"] or "").split()), "confidence": event["confidence"],
    }


def when(event: Mapping[str, Any]) -> str:
    """The day or days of an event, as exactly as they are known."""
    first, last, precision = event["date"], event["date_end"], event["date_precision"]
    if first is None:
        return form.day(None)
    if last is None or last == first:
        return form.day(first, precision)
    if precision in {"month", "year"}:
        return form.day(first, precision) if form.span(first, last).count("–") == 0 else form.span(first, last)
    return form.span(first, last)


def where_told(place: Mapping[str, Any] | None, names: Names) -> str:
    """A place as exactly as it is known: "Sochi", "in the region of Latakia", "somewhere in Syria"; empty for none."""
    if not place:
        return ""
    before = PLACE_WORDS.get(place["precision"], "")
    if place["precision"] == "unknown":
        return f"“{place['name']}”, not found on the map"
    country = names.of(place["country"]) if place["country"] and place["precision"] in {"city", "site", "region"} else ""
    return f"{before}{place['name']}" + (f", {country}" if country and country != place["name"] else "")


def spot_of(place: Mapping[str, Any] | None) -> str:
    """By what a map finds a place: latitude and longitude, or a country; empty for what no map has."""
    if not place or place["precision"] in {None, "unknown"}:
        return ""
    if place["precision"] == "country":
        return str(place["country"] or "")
    return "" if place["lat"] is None else f"{place['lat']:.2f},{place['lon']:.2f}"


def filters(asked: Asked) -> Conditions:
    """Conditions of the keys that lists of events share: quad and lane."""
    found = Conditions()
    quads = asked.some("quad", QUAD_KEYS)
    if quads:
        found.add(f"quad IN ({', '.join('?' * len(quads))})", *(QUAD_KEYS[quad] for quad in quads))
    lane = asked.choice("lane", (*LANE_WORDS, "all"), "happened")
    if lane != "all":
        found.add("lane = ?", lane)
    return found


def titles(reading: Reading, ids: Sequence[str]) -> dict[str, str]:
    """What some articles are called, by id: publisher, else title."""
    if not ids:
        return {}
    rows = reading.table("articles", ["id", "publisher", "title"], where={"id": sorted(set(ids))}).to_pylist()
    return {row["id"]: source_of(row) for row in rows}
