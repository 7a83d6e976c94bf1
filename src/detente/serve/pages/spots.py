"""Where events happened, as far as it is known: places with their events for a map, and how many have none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...knowledge import Knowledge
from ..filters import Conditions
from ..reading import Reading
from .asking import Asked
from .draw.map import Content, Counts, Land, Spot, drawn
from .draw.projection import around, fitting, world
from .draw.svg import QUAD_CODES
from .format import counted
from .grounds import ground, reaches
from .names import Names, path

WIDTHS = (1000, 640, 360)
REGIONS = ((1000, 560), (640, 420), (360, 300))  # sizes of a map of one region
LEAST = 450.0  # km from the centre of a region's map to its nearer edges
COARSE = 1600.0  # km from which on a region is drawn with the shapes of the world
CLOSEST, WIDEST = 100.0, 4500.0  # km to which a map can be brought
POINT = frozenset({"city", "site"})
_QUADS = ("material cooperation", "verbal cooperation", "verbal conflict", "material conflict")
_COUNTS = ", ".join(f"count(*) FILTER (quad = '{quad}') AS q{number}" for number, quad in enumerate(_QUADS))
_GROUPED = (
    "SELECT precision, name, country, lat, lon, count(*) AS n, min(id) AS event, {counts} FROM (SELECT id, quad,"
    " place.precision AS precision, CASE WHEN place.precision = 'country' THEN '' ELSE place.name END AS name, place.country AS country,"
    " round(place.lat, 2) AS lat, round(place.lon, 2) AS lon FROM events WHERE {where})"
    " GROUP BY ALL ORDER BY n DESC, name, country, lat, lon"
)
SPOT = 2  # decimals of degrees by which a place is told from others


@dataclass(frozen=True, slots=True)
class Where:
    """Places of some events. `wide`: places too large for any map, with their counts; `unknown`: events with words for a place that no
    gazetteer holds; `nowhere`: events of which nobody says where."""

    spots: tuple[Spot, ...]
    lands: tuple[Land, ...]
    wide: tuple[tuple[str, int], ...]
    unknown: int
    nowhere: int

    @property
    def drawn(self) -> int:
        """How many events the map has."""
        return sum(spot.total for spot in self.spots) + sum(land.total for land in self.lands)

    @property
    def is_empty(self) -> bool:
        """Whether a map would show nothing."""
        return not (self.spots or self.lands)


Link = Callable[[Mapping[str, Any], str], str]


def of_events(reading: Reading, conditions: Conditions, names: Names, link: Link) -> Where:
    """The places of all events that meet some conditions. `link`: from a row and its key to the address that its mark leads to."""
    return of_rows(reading.rows(_GROUPED.format(counts=_COUNTS, where=conditions.sql()), conditions.values), reading.knowledge, names, link)


def of_event(event: Mapping[str, Any], knowledge: Knowledge, names: Names, link: Link) -> Where:
    """The place of one event, a row of EVENTS."""
    place = event["place"] or {"precision": None, "name": None, "country": None, "lat": None, "lon": None}
    counts = {f"q{number}": int(event["quad"] == quad) for number, quad in enumerate(_QUADS)}
    return of_rows([{**place, "n": 1, "event": event["id"], **counts}], knowledge, names, link)


def of_rows(rows: Sequence[Mapping[str, Any]], known: Knowledge, names: Names, link: Link) -> Where:
    """The places of rows, each with its events by quad (q0 to q3), how many (n), and the id of one."""
    most = reaches()["most"]
    spots: list[Spot] = []
    lands: dict[str, Land] = {}
    wide: list[tuple[str, int]] = []
    unknown = nowhere = 0
    for row in rows:
        counts: Counts = (row["q0"], row["q1"], row["q2"], row["q3"])
        if row["precision"] is None:
            nowhere += row["n"]
        elif row["precision"] == "country" and row["country"]:
            lands[row["country"]] = _land(row, counts, names, known, link(row, row["country"]))
        elif row["lat"] is None or row["lon"] is None or row["precision"] == "unknown":
            unknown += row["n"]
        else:
            reach = None if row["precision"] in POINT else reach_of(known, row)
            if reach is not None and reach > most:
                wide.append((row["name"], row["n"]))
            else:
                key = key_of(row)
                spots.append(Spot(key, row["name"], row["lon"], row["lat"], counts, link(row, key), reach))
    return Where(tuple(spots), tuple(lands.values()), tuple(wide), unknown, nowhere)


def _land(row: Mapping[str, Any], counts: Counts, names: Names, knowledge: Knowledge, link: str) -> Land:
    entry = knowledge.places.country(row["country"])
    lon, lat = (entry.lon, entry.lat) if entry else (None, None)
    return Land(row["country"], names.of(row["country"]), counts, link, lon, lat)


def key_of(row: Mapping[str, Any]) -> str:
    """A place as addresses have it: latitude and longitude."""
    return f"{row['lat']:.{SPOT}f},{row['lon']:.{SPOT}f}"


def reach_of(knowledge: Knowledge, row: Mapping[str, Any]) -> float:
    """Kilometres within which something told of a region happened: from its towns where they tell, else by the kind of place."""
    kinds = reaches()
    kind, km = knowledge.places.extent(row["name"], row["country"], row["lat"], row["lon"])
    if km is not None:
        return max(km, kinds["city"])
    if not row["country"] and kind in {"", "region"}:
        return kinds["without_country"]
    return kinds.get(kind, kinds["region"])


def at_spot(found: Conditions, asked: Asked, key: str = "spot") -> None:
    """Adds the condition of one place ("36.20,37.16"); notes a value that is none."""
    text = asked.get(key)
    if not text:
        return
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        lat = lon = float("nan")
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        asked.wrong(key, "no place (latitude and longitude, as 36.20,37.16)")
        return
    half = 0.5 * 10**-SPOT + 1e-9
    found.add("place.lat BETWEEN ? AND ? AND place.lon BETWEEN ? AND ?", lat - half, lat + half, lon - half, lon + half)


def to_map(asked: Asked, **values: str | None) -> Link:
    """Links of marks: to the event where it is the only one, else to the page of the map with that place alone."""

    def link(row: Mapping[str, Any], key: str) -> str:
        if row["n"] == 1:
            return asked.to(path("event", row["event"]))
        place = {"place": key} if row["precision"] == "country" else {"spot": key}
        return asked.to("/map", **{**values, **place}) + "#events"

    return link


# -- pictures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the Earth that a map shows: its centre, and kilometres from there to the nearer edges."""

    lon: float
    lat: float
    km: float

    @property
    def told(self) -> str:
        """As addresses have it: latitude, longitude, kilometres."""
        return f"{self.lat:.2f},{self.lon:.2f},{self.km:.0f}"


def pictures(
    found: Where, names: Names, title: str, region: Region | None = None, sizes: Sequence[tuple[int, int]] = REGIONS
) -> list[str]:
    """The map in several widths, of the whole world or of a region; nothing where shapes are not built."""
    base = ground("near" if region and region.km < COARSE else "world")
    if base is None:
        return []
    views = [around(region.lon, region.lat, region.km, size) for size in sizes] if region else [world(width) for width, _ in sizes]
    return drawn(Content(title, told(found), found.spots, found.lands, "map", names.of), views, base)


def keys(found: Where) -> frozenset[str]:
    """Which entries of its legend a map needs: quads, "region", "land"."""
    quads = {code for spot in found.spots if spot.reach is None for code, n in zip(QUAD_CODES, spot.counts, strict=True) if n}
    regions = {"region"} if any(spot.reach is not None for spot in found.spots) else set()
    return frozenset(quads | regions | ({"land"} if found.lands else set()))


def region_asked(asked: Asked, key: str = "view") -> Region | None:
    """The region that an address names ("36.20,37.16,500"); notes a value that is none."""
    text = asked.get(key)
    if not text:
        return None
    try:
        lat, lon, km = (float(part) for part in text.split(","))
    except ValueError:
        lat = lon = km = float("nan")
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 1 <= km <= WIDEST):
        asked.wrong(key, f"no region (latitude, longitude, kilometres up to {WIDEST:,}: 36.20,37.16,500)")
        return None
    return Region(lon, lat, km)


def fitted(found: Where, size: tuple[int, int] = (640, 400)) -> Region | None:
    """The region that holds all places; None where only a map of the world does, or shapes are not built."""
    lon = [spot.lon for spot in found.spots] + [land.lon for land in found.lands if land.lon is not None]
    lat = [spot.lat for spot in found.spots] + [land.lat for land in found.lands if land.lat is not None]
    least = max([LEAST, *((spot.reach or 0) * 2.2 for spot in found.spots)])
    base = ground("near")
    if base is None or not lon:
        return None
    for land in found.lands:
        for ring in base.shapes.countries.get(land.code, ()):
            if len(ring.points) > 12:
                lon += ring.points[::8, 0].tolist()
                lat += ring.points[::8, 1].tolist()
    if len(found.spots) == 1 and not found.lands:
        return Region(lon[0], lat[0], least)
    view = fitting(np.array(lon), np.array(lat), least, size)
    return Region(*view.centre, view.ground) if view else None


def told(found: Where) -> str:
    """What a map shows in one sentence, and what it does not."""
    points = [spot for spot in found.spots if spot.reach is None]
    regions = [spot for spot in found.spots if spot.reach is not None]
    parts = []
    if points:
        parts.append(f"{counted(sum(p.total for p in points), 'event')} at {counted(len(points), 'place')}")
    if regions:
        parts.append(f"{sum(r.total for r in regions):,} known to a region")
    if found.lands:
        parts.append(f"{sum(land.total for land in found.lands):,} only to a country")
    sentence = "; ".join(parts) or "no event with a place"
    missing = []
    if found.wide:
        missing.append(f"{sum(n for _, n in found.wide):,} in a region too wide for a map")
    if found.unknown:
        missing.append(f"{found.unknown:,} at a place that no gazetteer holds")
    if found.nowhere:
        missing.append(f"{found.nowhere:,} without a place")
    return f"{sentence[:1].upper()}{sentence[1:]}." + (f" Not on the map: {', '.join(missing)}." if missing else "")
