"""Shapes of land and countries from a topology (TopoJSON) that web/build.mjs made: projected, clipped and written as paths.

Borders are arcs that two countries share, so each is drawn once; which of them are contested stands in data/map/contested.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .projection import Floats, View

Ring = tuple[int, ...]  # arcs in order; ~n is arc n from its end to its beginning
Extent = tuple[float, tuple[float, float]]  # square pixels, and a middle
FINE = 10  # steps of a pixel that paths are rounded to
MARGIN = 24.0  # pixels around the picture that paths may reach into


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A ring or a stretch of border in degrees (columns: longitude, latitude), with the cap of the sphere that holds it: the direction of
    its middle and the angle that it reaches from there, in radians. `number`: its place among all parts; `closed`: whether it is a ring."""

    points: Floats
    middle: Floats
    reach: float
    number: int
    closed: bool

    @classmethod
    def of(cls, points: Floats, number: int, closed: bool = True) -> Part:
        """With its cap."""
        lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
        ways = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        mean = ways.mean(axis=0)
        length = float(np.sqrt((mean**2).sum()))
        mean = mean / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
        return cls(points, mean, float(np.arccos(np.clip((ways @ mean).min(), -1, 1))), number, closed)


class Piece(NamedTuple):
    """A part in pixels and its box: left, top, right, bottom."""

    points: Floats
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """All land as rings without borders; rings of each country by its code; the borders that two countries share. `parts`: all of them in
    order of their numbers, `middles` and `reaches` their caps; `is_region`: which are drawn in a region; `owners`: whose rings are."""

    land: tuple[Part, ...]
    countries: Mapping[str, tuple[Part, ...]]
    borders: Mapping[tuple[str, str], tuple[Part, ...]]
    parts: tuple[Part, ...]
    middles: Floats
    reaches: Floats
    is_region: npt.NDArray[np.bool_]
    owners: Mapping[int, str]

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
                borders[one, other].append(Part.of(arcs[arc], next(numbers), closed=False))
        every = [*land, *chain.from_iterable(countries.values()), *chain.from_iterable(borders.values())]
        every.sort(key=lambda part: part.number)
        middles = np.array([part.middle for part in every]).reshape(-1, 3)
        is_region = np.ones(len(every), bool)
        is_region[[part.number for part in land]] = False
        shared = {pair: tuple(own) for pair, own in borders.items()}
        reaches = np.array([part.reach for part in every])
        owners = {part.number: code for code, rings in countries.items() for part in rings}
        return cls(land, countries, shared, tuple(every), middles, reaches, is_region, owners)

    def seen_in(self, view: View) -> Seen:
        """The same in pixels of a view."""
        return Seen(self, view)


class Seen:
    """Shapes in a view. What lies on the other side of the Earth is left out, as it would be torn there; what may be seen of a region is
    projected at once."""

    def __init__(self, shapes: Shapes, view: View) -> None:
        self.shapes, self.view = shapes, view
        self._is_world = view.kind == "equal-earth"

    @cached_property
    def _region(self) -> dict[int, Piece]:
        """All rings of countries and borders that may lie in the picture of a region, by their numbers."""
        view, shapes = self.view, self.shapes
        lon, lat = np.radians(view.centre[0]), np.radians(view.centre[1])
        way = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
        corner = (np.hypot(*view.size) / 2 + MARGIN) / view.scale
        angle = float(2 * np.arcsin(min(1.0, corner / 2)))
        near = np.flatnonzero(shapes.is_region & (np.arccos(np.clip(shapes.middles @ way, -1, 1)) - shapes.reaches < angle)).tolist()
        if not near:
            return {}
        parts = [shapes.parts[number].points for number in near]
        starts = np.cumsum([0, *map(len, parts)])
        placed = self._placed(np.concatenate(parts))
        lows, highs = np.minimum.reduceat(placed, starts[:-1]).tolist(), np.maximum.reduceat(placed, starts[:-1]).tolist()
        boxes = ((*low, *high) for low, high in zip(lows, highs, strict=True))
        spans = pairwise(starts.tolist())
        return {number: Piece(placed[begin:end], box) for number, (begin, end), box in zip(near, spans, boxes, strict=True)}

    def land(self) -> str:
        """All land as one path. In a region it is made of countries: a continent as one ring could hold the other side of the Earth."""
        if self._is_world:
            return path(self._polygons(self.shapes.land))
        return path(self._polygons(ring for own in self.shapes.countries.values() for ring in own if ring.number in self._region))

    def country(self, code: str) -> str:
        """One country as a path; empty where it has no shape, or none in this view."""
        return path(self._polygons(self.shapes.countries.get(code, ())))

    def extent(self, code: str) -> Extent | None:
        """Square pixels of a country in the picture and the middle of its largest part; None where nothing of it is seen."""
        polygons = self._polygons(self.shapes.countries.get(code, ()), 0.0)
        sized = [(abs(area(one)), middle(one)) for one in polygons]
        return (sum(size for size, _ in sized), max(sized)[1]) if sized else None

    def larger(self, least: float) -> Iterator[tuple[str, Extent]]:
        """Codes and extents of the countries of a region that take more than some square pixels of the picture."""
        wide, tall = self.view.size
        most: dict[str, float] = defaultdict(float)  # that they can take, by their boxes
        for number, (_, (left, top, right, bottom)) in self._region.items():
            code = self.shapes.owners.get(number)
            if code is not None:
                most[code] += max(0.0, min(right, wide) - max(left, 0)) * max(0.0, min(bottom, tall) - max(top, 0))
        for code, size in most.items():
            extent = self.extent(code) if size > least else None
            if extent is not None and extent[0] > least:
                yield code, extent

    def lines(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The borders between some pairs of countries as a path."""
        wide, tall = self.view.size
        parts = []
        for pair in pairs:
            for part in self.shapes.borders.get(pair, ()):
                for piece in self._pieces(part):
                    own = piece.points
                    inside = (own[:, 0] > -MARGIN) & (own[:, 0] < wide + MARGIN) & (own[:, 1] > -MARGIN) & (own[:, 1] < tall + MARGIN)
                    if inside.any():
                        first, last = int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))
                        parts.append(own[max(0, first - 1) : last + 1])
        return path(parts, closed=False)

    def _placed(self, points: Floats) -> Floats:
        return np.column_stack(self.view.place(points[:, 0], points[:, 1]))

    def _pieces(self, part: Part) -> list[Piece]:
        """A part in pixels; nothing where it is not in the picture, two pieces where a ring goes over the edge of a map of the world."""
        if not self._is_world:
            found = self._region.get(part.number)
            return [found] if found is not None else []
        is_torn = part.closed and np.ptp(part.points[:, 0]) > 180
        placed = self._cut(part) if is_torn else [self._placed(part.points)]
        return [Piece(one, (*one.min(axis=0).tolist(), *one.max(axis=0).tolist())) for one in placed]

    def _polygons(self, rings: Iterable[Part], margin: float = MARGIN) -> list[Floats]:
        found: list[Floats] = []
        frame = (-margin, -margin, self.view.size[0] + margin, self.view.size[1] + margin)
        for ring in rings:
            for points, (left, top, right, bottom) in self._pieces(ring):
                if right < frame[0] or bottom < frame[1] or left > frame[2] or top > frame[3]:
                    continue
                outside = left < frame[0] or top < frame[1] or right > frame[2] or bottom > frame[3]
                own = clipped(points, frame) if outside else points
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
        following, beyond = np.concatenate([points[1:], points[:1]]), np.concatenate([far[1:], far[:1]])
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
