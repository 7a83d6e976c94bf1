"""Shapes of land and countries from a topology (TopoJSON) that web/build.mjs made: projected, clipped and written as paths.

Borders are arcs that two countries share, so each is drawn once; which of them are contested stands in data/map/contested.tsv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .projection import Floats, View

Ring = tuple[int, ...]  # arcs in order; ~n is arc n from its end to its beginning
FINE = 10  # steps of a pixel that paths are rounded to
MARGIN = 24.0  # pixels around the picture that paths may reach into
FAR = -0.17  # cosine of the angle from the centre beyond which a ring is left out: it would be torn at the other side of the Earth


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """`arcs` in degrees (columns: longitude, latitude); rings of each country by its code; arcs that two countries share."""

    arcs: tuple[Floats, ...]
    land: tuple[Ring, ...]
    countries: Mapping[str, tuple[Ring, ...]]
    borders: Mapping[tuple[str, str], tuple[int, ...]]

    @classmethod
    def of(cls, topology: Mapping[str, Any], without: Iterable[str] = ()) -> Shapes:
        """From a topology with the objects `countries` and `land`. `without`: codes that are left out."""
        scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
        arcs = tuple(np.cumsum(np.array(arc, float).reshape(-1, 2), axis=0) * scale + shift for arc in topology["arcs"])
        gone = frozenset(without)
        countries: dict[str, tuple[Ring, ...]] = {}
        users: dict[int, list[str]] = defaultdict(list)
        for own in topology["objects"]["countries"]["geometries"]:
            rings = _rings(own)
            for arc in {arc if arc >= 0 else ~arc for ring in rings for arc in ring}:
                users[arc].append(own["id"])
            if own["id"] not in gone:
                countries[own["id"]] = (*countries.get(own["id"], ()), *rings)
        hidden = {ring for own in topology["objects"]["countries"]["geometries"] if own["id"] in gone for ring in _rings(own)}
        land = tuple(ring for ring in _rings(topology["objects"]["land"]) if ring not in hidden)
        borders: dict[tuple[str, str], list[int]] = defaultdict(list)
        for arc, two in users.items():
            if len(set(two)) == 2:
                one, other = sorted(set(two))
                borders[one, other].append(arc)
        return cls(arcs, land, countries, {pair: tuple(own) for pair, own in borders.items()})

    def seen_in(self, view: View) -> Seen:
        """The same in pixels of a view."""
        ends = np.cumsum([len(arc) for arc in self.arcs])
        points = np.concatenate(self.arcs) if self.arcs else np.zeros((0, 2))
        x, y = view.place(points[:, 0], points[:, 1])
        lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
        middle, phi = np.radians(view.centre[0]), np.radians(view.centre[1])
        near = np.sin(phi) * np.sin(lat) + np.cos(phi) * np.cos(lat) * np.cos(lon - middle) > FAR
        if view.kind != "azimuthal":
            near[:] = True
        begins = np.concatenate([[0], ends[:-1]])
        boxes = np.column_stack([part.reduceat(own, begins) for part in (np.minimum, np.maximum) for own in (x, y)])
        return Seen(self, view, np.column_stack([x, y]), np.column_stack([begins, ends]), boxes, np.logical_or.reduceat(near, begins))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Shapes in a view: all points, the first and last of each arc, its box (left, top, right, bottom), and whether some point of it lies
    on this side of the Earth."""

    shapes: Shapes
    view: View
    points: Floats
    spans: npt.NDArray[np.int64]
    boxes: Floats
    near: npt.NDArray[np.bool_]

    def land(self) -> str:
        """All land as one path."""
        return path(self._polygons(self.shapes.land))

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
            for arc in self.shapes.borders.get(pair, ()):
                if not self._meets(self.boxes[arc]):
                    continue
                own = self._arc(arc)
                inside = (own[:, 0] > -MARGIN) & (own[:, 0] < wide + MARGIN) & (own[:, 1] > -MARGIN) & (own[:, 1] < tall + MARGIN)
                if self.near[arc] and inside.any():
                    first, last = int(np.argmax(inside)), len(inside) - int(np.argmax(inside[::-1]))
                    parts.append(own[max(0, first - 1) : last + 1])
        return path(parts, closed=False)

    def _polygons(self, rings: Sequence[Ring], margin: float = MARGIN) -> list[Floats]:
        found = []
        frame = (-margin, -margin, self.view.size[0] + margin, self.view.size[1] + margin)
        for ring in rings:
            arcs = [arc if arc >= 0 else ~arc for arc in ring]
            left, top, right, bottom = self.boxes[arcs[0]] if len(arcs) == 1 else self._box(arcs)
            if right < frame[0] or left > frame[2] or bottom < frame[1] or top > frame[3] or not self.near[arcs].any():
                continue
            pieces = self._cut(ring) if self.view.kind == "equal-earth" and right - left > self.view.size[0] / 2 else [self._ring(ring)]
            if left < frame[0] or top < frame[1] or right > frame[2] or bottom > frame[3]:
                pieces = [clipped(piece, frame) for piece in pieces]
            found += [piece for piece in pieces if len(piece) > 2]
        return found

    def _cut(self, ring: Ring) -> list[Floats]:
        """A ring in two, where it goes over the edge of a map of the world."""
        parts = [self.shapes.arcs[arc] if arc >= 0 else self.shapes.arcs[~arc][::-1] for arc in ring]
        points = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])[:-1]
        lon = np.unwrap(points[:, 0], period=360)
        found = []
        for turn in (-360, 0, 360):
            piece = clipped(np.column_stack([lon + turn, points[:, 1]]), (-180, -90, 180, 90))
            found += [np.column_stack(self.view.place(piece[:, 0], piece[:, 1]))] if len(piece) > 2 else []
        return found

    def _meets(self, box: Floats) -> bool:
        left, top, right, bottom = (float(edge) for edge in box)
        return right > -MARGIN and left < self.view.size[0] + MARGIN and bottom > -MARGIN and top < self.view.size[1] + MARGIN

    def _box(self, arcs: list[int]) -> Floats:
        own = self.boxes[arcs]
        return np.concatenate([own[:, :2].min(axis=0), own[:, 2:].max(axis=0)])

    def _arc(self, arc: int) -> Floats:
        begin, end = self.spans[arc]
        return self.points[begin:end]

    def _ring(self, ring: Ring) -> Floats:
        parts = [self._arc(arc) if arc >= 0 else self._arc(~arc)[::-1] for arc in ring]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])[:-1]


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
