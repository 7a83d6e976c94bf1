"""Where it happened: the finest place that most origins agree with, else what holds the places that they name.

Places form a tree: country, region (admin1), town, site. Two places agree where one holds the other; a site agrees with a town that is
near. Coordinates are never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

from .told import Said, Told, tally
from .value_rules import ValueRules

SPOT = ("name", "country", "admin1", "lat", "lon", "geonames", "precision")
_DEPTH = {"country": 1, "region": 2, "city": 3, "site": 4}
_KM = 111.2  # of a degree


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree; `depth` 1 country, 2 region, 3 town, 4 site. `key`: GeoNames id, else the name."""

    depth: int
    country: str | None
    admin1: str | None
    key: str
    lat: float | None = None
    lon: float | None = None


def node_of(place: Mapping[str, Any]) -> Node | None:
    """The node of a claim's place; None for words that no gazetteer knows."""
    depth = _DEPTH.get(place["precision"])
    if depth is None or (depth > 1 and not place["country"] and place["lat"] is None):
        return None
    if depth == 1:
        return Node(1, place["country"], None, place["country"] or place["name"])
    if depth == 2:
        region = place["admin1"] or place["name"]
        return Node(2, place["country"], region, region)
    return Node(depth, place["country"], place["admin1"], str(place["geonames"] or place["name"]), place["lat"], place["lon"])


def agree(one: Node, other: Node, near: float) -> bool:
    """Whether one place holds the other, or they are the same; `near` in kilometres."""
    if one.depth > other.depth:
        one, other = other, one
    if one.depth >= 3:
        return one.key == other.key or (one.depth != other.depth and kilometres(one, other) <= near)
    if one.country != other.country:
        return False
    return one.depth == 1 or one.admin1 is None or other.admin1 is None or one.admin1 == other.admin1


def kilometres(one: Node, other: Node) -> float:
    """Distance on the ground; endless where a place has no point. Good to a per cent within a few hundred kilometres."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return float("inf")
    east = abs(one.lon - other.lon) % 360
    return hypot(one.lat - other.lat, min(east, 360 - east) * cos(radians((one.lat + other.lat) / 2))) * _KM


def place_of(told: Sequence[Told], rules: ValueRules) -> dict[str, Any] | None:
    """The place of an event as a SPOT, from its claims; None where none is named or origins name places without a common holder."""
    named = [(one, place) for one in told if (place := one.row["place"])]
    if not named:
        return None
    if len(named) == 1:
        return _spot(named[0][1])
    if len({_same(place) for _, place in named}) == 1:
        return _spot(min((place for _, place in named), key=_tie))
    nodes = [(one, place, node) for one, place in named if (node := node_of(place)) is not None]
    if not nodes:
        words = tally((one.family, str(place["name"]), 1.0) for one, place in named)
        name = min(words, key=lambda word: (-words[word], word))
        return _spot(min((place for _, place in named if place["name"] == name), key=_tie))
    weights = tally((one.family, node, 1.0) for one, _, node in nodes)
    whole = sum(sorted(weights.values()))
    shares = {
        node: sum(sorted(weight for other, weight in weights.items() if agree(node, other, rules.near))) / whole
        for node in {*weights, *(up for node in weights for up in _above(node))}
    }
    fit = [node for node, share in shares.items() if share >= rules.place_share - 1e-9]
    if not fit:
        return None
    best = min(fit, key=lambda n: (-n.depth, -weights.get(n, 0.0), -shares[n], n.country or "", n.admin1 or "", n.key))
    own = [place for _, place, node in nodes if node == best]
    return _spot(min(own, key=_tie)) if own else _held(best)


def _above(node: Node) -> list[Node]:
    country = [Node(1, node.country, None, node.country)] if node.country else []
    return [*country, Node(2, node.country, node.admin1, node.admin1)] if node.country and node.admin1 else country


def _held(node: Node) -> dict[str, Any]:
    region = node.admin1 if node.depth == 2 else None
    return {"name": node.key, "country": node.country, "admin1": region, "lat": None, "lon": None, "geonames": None,
            "precision": "region" if node.depth == 2 else "country"}


def _spot(place: Mapping[str, Any]) -> dict[str, Any]:
    return {name: place[name] for name in SPOT}


def _same(place: Mapping[str, Any]) -> tuple[Any, ...]:
    return place["precision"], place["geonames"], place["name"], place["admin1"], place["country"]


def _tie(place: Mapping[str, Any]) -> tuple[bool, str]:
    return place["geonames"] is None, repr([place[name] for name in SPOT])


def place_sayings(told: Sequence[Told]) -> list[Said]:
    """What each claim says of the place."""
    found = []
    for one in told:
        if place := one.row["place"]:
            parts = (place["name"], place["admin1"], place["country"])
            found.append(Said(one, "place", ", ".join(dict.fromkeys(part for part in parts if part)), precision=place["precision"]))
    return found
