"""Shapes of land and countries from a topology (TopoJSON) that web/build.mjs made: projected, clipped and written as paths.

Borders are arcs that two countries share, so each is drawn once; which of them are contested stands in data/map/contested.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
import numpy.typing as npt

from .projection import Floats, View

Ring = tuple[int, ...]  # arcs in order; ~n is arc n from its end to its beginning
FINE = 10  # steps of a pixel that paths are rounded to
MARGIN = 24.0  # pixels around the picture that paths may reach into


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A ring or a stretch of border in degrees (columns: longitude, latitude), with the cap of the sphere that holds it: the direction of
    its middle and the angle that it reaches from there, in radians. `number`: its place among all parts."""

    points: Floats
    middle: Floats
    reach: float
    number: int

    @classmethod
    def of(cls, points: Floats, number: int) -> Part:
        """With its cap."""
        lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
        ways = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        mean = ways.mean(axis=0)
        length = float(np.sqrt((mean**2).sum()))
        mean = mean / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
        return cls(points, mean, float(np.arccos(np.clip((ways @ mean).min(), -1, 1))), number)


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """All land as rings without borders; rings of each country by its code; the borders that two countries share. `middles` and `reaches`:
    the caps of all parts in order of their numbers."""

    land: tuple[Part, ...]
    countries: Mapping[str, tuple[Part, ...]]
    borders: Mapping[tuple[str, str], tuple[Part, ...]]
    middles: Floats
    reaches: Floats

    @classmethod
    def of(cls, topology: Mapping[str, Any], without: Iterable[str] = ()) -> Shapes:
        """From a topology with the objects `countries` and `land`. `without`: codes that are left out."""
        scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
        arcs = [np.cumsum(np.array(arc, float).reshape(-1, 2), axis=0) * scale + shift for arc in topology["arcs"]]

        numbers = count()

        def ring(of: Ring) -> Part:
            parts = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in of]
            return Part.of(np.concatenate([parts[0], *(part[1:] for part in parts[1:])])[:-1], next(numbers))

        gone = frozenset(without)
        countries: dict[str, tuple[Part, ...]] = {}
        users: dict[int, set[str]] = defaultdict(set)
        hidden: set[Ring] = set()
        for own in topology["objects"]["countries"]["geometries"]:
            rings = _rings(own)
            for arc in {arc if arc >= 0 else ~arc for one in rings for arc in one}:
                users[arc].add(own["id"])
            if own["id"] in gone:
                hidden.update(rings)
            else:
                countries[own["id"]] = (*countries.get(own["id"], ()), *(ring(one) for one in rings))
        land = tuple(ring(one) for one in _rings(topology["objects"]["land"]) if one not in hidden)
        borders: dict[tuple[str, str], list[Part]] = defaultdict(list)
        for arc, two in sorted(users.items()):
            if len(two) == 2:
                one, other = sorted(two)
                borders[one, other].append(Part.of(arcs[arc], next(numbers)))
        every = [*land, *chain.from_iterable(countries.values()), *chain.from_iterable(borders.values())]
        every.sort(key=lambda part: part.number)
        middles = np.array([part.middle for part in every]).reshape(-1, 3)
        return cls(land, countries, {pair: tuple(own) for pair, own in borders.items()}, middles, np.array([part.reach for part in every]))

    def seen_in(self, view: View) -> Seen:
        """The same in pixels of a view."""
        return Seen(self, view)


class Seen:
    """Shapes in a view. What lies on the other side of the Earth is left out, as it would be torn there."""

    def __init__(self, shapes: Shapes, view: View) -> None:
        self.shapes, self.view = shapes, view
        lon, lat = np.radians(view.centre[0]), np.radians(view.centre[1])
        way = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        corner = (np.hypot(*view.size) / 2 + MARGIN) / view.scale
        angle = float(2 * np.arcsin(min(1.0, corner / 2)))
        self._is_world = view.kind == "equal-earth"
        near = np.arccos(np.clip(shapes.middles @ way, -1, 1)) - shapes.reaches < angle
        self._near: list[bool] = (near | self._is_world).tolist()

    def land(self) -> str:
        """All land as one path. In a region it is made of countries: a continent as one ring could hold the other side of the Earth."""
        rings = self.shapes.land if self._is_world else [ring for own in self.shapes.countries.values() for ring in own]
        return path(self._polygons(rings))

    def country(self, code: str) -> str:
        """One country as a path; empty where it has no shape, or none in this view."""
        return path(self._polygons(self.shapes.countries.get(code, ())))

    def extent(self, code: str) -> tuple[float, tuple[float, float]] | None:
        """Square pixels of a country in the picture and the middle of its largest part; None where nothing of it is seen."""
        polygons = self._polygons(self.shapes.countries.get(code, ()), 0.0)
        sized = [(abs(area(one)), middle(one)) for one in polygons]
        return (sum(size for size, _ in sized), max(sized)[1]) if sized else None

    def lines(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The borders between some pairs of countries as a path."""
        wide, tall = self.view.size
        parts = []
        for pair in pairs:
            for part in self.shapes.borders.get(pair, ()):
                if not self._may_hold(part):
                    continue
                own = self._placed(part.points)
                inside = (own[:, 0] > -MARGIN) & (own[:, 0] < wide + MARGIN) & (own[:, 1] > -MARGIN) & (own[:, 1] < tall + MARGIN)
                if inside.any():
                    first, last = int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))
                    parts.append(own[max(0, first - 1) : last + 1])
        return path(parts, closed=False)

    def _may_hold(self, part: Part) -> bool:
        """Whether some point of a part may lie in the picture."""
        return self._near[part.number]

    def _placed(self, points: Floats) -> Floats:
        return np.column_stack(self.view.place(points[:, 0], points[:, 1]))

    def _polygons(self, rings: Iterable[Part], margin: float = MARGIN) -> list[Floats]:
        found: list[Floats] = []
        frame = (-margin, -margin, self.view.size[0] + margin, self.view.size[1] + margin)
        for ring in rings:
            if not self._may_hold(ring):
                continue
            pieces = self._cut(ring) if self._is_world and np.ptp(ring.points[:, 0]) > 180 else [self._placed(ring.points)]
            for piece in pieces:
                low, high = piece.min(axis=0), piece.max(axis=0)
                outside = low[0] < frame[0] or low[1] < frame[1] or high[0] > frame[2] or high[1] > frame[3]
                own = clipped(piece, frame) if outside else piece
                found += [own] if len(own) > 2 else []
        return found

    def _cut(self, ring: Part) -> list[Floats]:
        """A ring in two, where it goes over the edge of a map of the world."""
        lon = np.unwrap(ring.points[:, 0], period=360)
        pieces = (clipped(np.column_stack([lon + turn, ring.points[:, 1]]), (-180, -90, 180, 90)) for turn in (-360, 0, 360))
        return [self._placed(piece) for piece in pieces if len(piece) > 2]


def _rings(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    """All rings of a polygon or of several, holes among them."""
    if geometry["type"] == "Polygon":
        return tuple(tuple(ring) for ring in geometry["arcs"])
    return tuple(tuple(ring) for polygon in geometry.get("arcs") or () for ring in polygon)


def clipped(points: Floats, box: tuple[float, float, float, float]) -> Floats:
    """A ring inside a box (Sutherland and Hodgman 1974): left, top, right, bottom."""
    for axis, edge, sign in ((0, box[0], 1), (0, box[2], -1), (1, box[1], 1), (1, box[3], -1)):
        if not len(points):
            return points
        far = sign * (points[:, axis] - edge)
        if (far >= 0).all():
            continue
        following, beyond = np.roll(points, -1, axis=0), np.roll(far, -1)
        crosses = (far >= 0) != (beyond >= 0)
        share = np.where(crosses, far / np.where(crosses, far - beyond, 1.0), 0.0)[:, None]
        both = np.stack([points, points + share * (following - points)], axis=1).reshape(-1, 2)
        points = both[np.column_stack([far >= 0, crosses]).reshape(-1)]
    return points


def area(points: Floats) -> float:
    """Square pixels of a ring, signed by its direction."""
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2


def middle(points: Floats) -> tuple[float, float]:
    """The centre of gravity of a ring."""
    x, y = points[:, 0], points[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    whole = cross.sum()
    if abs(whole) < 1e-9:
        return float(x.mean()), float(y.mean())
    return float(((x + np.roll(x, -1)) * cross).sum() / (3 * whole)), float(((y + np.roll(y, -1)) * cross).sum() / (3 * whole))


def path(parts: Iterable[Floats], closed: bool = True) -> str:
    """Rings or lines as the `d` of a path, in tenths of a pixel from point to point; parts too small to see are left out."""
    found = []
    for points in parts:
        steps: npt.NDArray[np.int64] = np.rint(points * FINE).astype(np.int64)
        moved = np.diff(steps, axis=0)
        moved = moved[(moved != 0).any(axis=1)]
        if len(moved) < (2 if closed else 1):
            continue
        told = " ".join(map(str, moved.reshape(-1).tolist())).replace(" -", "-")
        found.append(f"M{steps[0, 0]} {steps[0, 1]}l{told}{'z' if closed else ''}")
    return "".join(found)
