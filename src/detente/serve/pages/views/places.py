"""The map of events with its filters; the same events as a table below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ....errors import UnknownName
from ...answers import to_csv
from ...filters import Conditions
from ...reading import Reading
from .. import rows, spots
from ..asking import Asked
from ..format import counted, span
from ..names import Names
from ..spots import Region, Where, at_spot, fitted, keys, of_events, pictures, region_asked, to_map, told

KEYS = ("actor", "other", "event", "quad", "from", "to", "lane", "place", "spot", "view", "n")
_DROPPABLE = {"actor": "party", "other": "other party", "event": "act", "quad": "kind", "from": "first day", "to": "last day",
              "place": "country", "spot": "place"}
_NAMES = ("material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict")
_PLACES = pa.schema([
    ("place", pa.string()), ("known_to", pa.string()), ("country", pa.string()), ("latitude", pa.float64()), ("longitude", pa.float64()),
    ("within_km", pa.int64()), *((name, pa.int64()) for name in _NAMES),
])


def view(reading: Reading, asked: Asked) -> Mapping[str, Any]:
    """Values of the page."""
    names = Names(reading.knowledge)
    everywhere = conditions(reading, asked)
    link = to_map(asked, **{key: asked.get(key) or None for key in KEYS if key not in {"n", "place", "spot"}})
    found = of_events(reading, everywhere, names, link)
    here, at = _here(reading, asked, names)
    here.parts[:0], here.values[:0] = everywhere.parts, everywhere.values
    size = asked.count("n", 50, 500)
    total = rows.count(reading, here)
    listed = rows.events(reading, here, size)
    shown = of_events(reading, here, names, link) if at else found
    region = region_asked(asked) or (fitted(shown) if at or asked.get("actor") else None)
    dates = reading.rows(f"SELECT min(date) AS first, max(date) AS last FROM events WHERE {here.sql()}", here.values)[0]
    ontology = reading.knowledge.ontology
    return {
        "title": f"Map: {at}" if at else "Map", "sentence": told(shown), "at": at, "keys": keys(shown), "closer": _closer(asked, region),
        "pictures": pictures(shown, names, "Where events happened", region), "region": region,
        "total": total, "size": size, "events": [rows.as_row(event, names, asked) for event in listed],
        "span": span(dates["first"], dates["last"]) if total else "",
        "acts": sorted((kind.label, code) for code, kind in ontology.events.items()),
        "quads": asked.some("quad", rows.QUAD_KEYS), "lane": asked.get("lane", "happened"), "places": _places(shown), "wide": found.wide,
        "drops": [(told_, asked.link(**{key: None})) for key, told_ in _DROPPABLE.items() if asked.get(key)],
    }


def conditions(reading: Reading, asked: Asked) -> Conditions:
    """The filters of the page, place aside."""
    found = rows.filters(asked)
    for key in ("actor", "other"):
        if not asked.get(key):
            continue
        try:
            found.add("list_contains(parties, ?)", reading.party(asked.get(key)))
        except UnknownName as error:
            asked.wrong(key, f"nobody is called so ({error.hint})")
    act = asked.choice("event", sorted(reading.knowledge.ontology.events))
    if act:
        found.add("event = ?", act)
    newest = rows.newest(reading)
    for key, sign, last in (("from", ">=", False), ("to", "<=", True)):
        day = asked.day(key, newest, last=last)
        if day:
            found.add(f"{'coalesce(date_end, date)' if sign == '>=' else 'date'} {sign} ?::DATE", day.isoformat())
    return found


def _here(reading: Reading, asked: Asked, names: Names) -> tuple[Conditions, str]:
    """The conditions of one country or place, and its name; empty for everywhere."""
    found = Conditions()
    at_spot(found, asked)
    if found.parts:
        named = reading.rows(
            f"SELECT place.name AS name FROM events WHERE {found.sql()} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1", found.values)
        return found, named[0]["name"] if named else "this place"
    if asked.get("place"):
        found.add("place.country = ?", asked.get("place"))
        return found, names.of(asked.get("place"))
    return found, ""


def _closer(asked: Asked, region: Region | None) -> list[tuple[str, str]]:
    """Addresses of the same map from nearer and from further away."""
    if region is None:
        return []
    found = []
    if region.km > spots.CLOSEST:
        found.append(("Closer", asked.link(view=Region(region.lon, region.lat, max(spots.CLOSEST, region.km / 2)).told)))
    if region.km * 2 <= spots.WIDEST:
        found.append(("Further away", asked.link(view=Region(region.lon, region.lat, region.km * 2).told)))
    return [*found, ("The whole world", asked.link(view=None, spot=None, place=None))]


def _places(found: Where) -> list[dict[str, Any]]:
    """The places of the map as a table: those with most events first."""
    listed: list[dict[str, Any]] = [
        *({"name": spot.name, "how": "the place" if spot.reach is None else f"the region, some {_round(spot.reach)} km around", "one": spot}
          for spot in found.spots),
        *({"name": land.name, "how": "the country, no more", "one": land} for land in found.lands),
    ]
    listed.sort(key=lambda row: (-row["one"].total, row["name"]))
    return listed


def _round(km: float) -> str:
    step = 10 if km < 200 else 50
    return f"{max(1, round(km / step)) * step:,}"


def as_csv(reading: Reading, asked: Asked) -> bytes:
    """The places of the map as a table of their own."""
    found = of_events(reading, conditions(reading, asked), Names(reading.knowledge), lambda row, key: "")
    listed: list[dict[str, Any]] = [
        {"place": spot.name, "known_to": "place" if spot.reach is None else "region", "latitude": spot.lat, "longitude": spot.lon,
         "within_km": None if spot.reach is None else round(spot.reach), **dict(zip(_NAMES, spot.counts, strict=True))}
        for spot in found.spots
    ]
    listed += [{"place": land.name, "known_to": "country", "country": land.code, **dict(zip(_NAMES, land.counts, strict=True))}
               for land in found.lands]
    return to_csv(pa.Table.from_pylist(listed, _PLACES))


def as_svg(reading: Reading, asked: Asked) -> bytes:
    """The map as a picture of its own."""
    names = Names(reading.knowledge)
    found = of_events(reading, conditions(reading, asked), names, lambda row, key: "/map")
    drawn = pictures(found, names, "Where events happened", region_asked(asked), ((1000, 560),))
    return (drawn[0] if drawn else f"<svg xmlns='http://www.w3.org/2000/svg'><title>{counted(found.drawn, 'event')}</title></svg>").encode()
