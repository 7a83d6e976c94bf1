"""A map of events: a town is a point, a region a soft disc of its own size, a country its area; what is known less exactly is not drawn.

The symbol of a place is two half discs: cooperation above, conflict below, as in all figures; deeds solid, words outlined; area tells how
many.
Links in the picture are for pointers; a table beside it holds the same events for everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from math import sqrt

import numpy as np

from ..format import counted, short
from .projection import View
from .shapes import FINE, Extent, Seen, Shapes
from .svg import kind, opened, text

Counts = tuple[int, int, int, int]  # mc, vc, vx, mx
SMALLEST = 3.4  # pixels of radius: what one can still see
LARGEST = {1000: 24.0, 640: 17.0, 360: 11.0}  # radius by width of the picture
MOST = {1000: 320, 640: 200, 360: 90}  # places drawn one by one; above, those that lie close together are one
NAMED = {1000: 12, 640: 8, 360: 4}
ALONE = 9.0  # radius of a place that is the only one
SOFT = 9.0  # least radius of a region's disc
TINY = 40.0  # square pixels below which a country is a square of its own
SQUARE = 10.0
SCENES = 100  # views whose land is kept: many events happen at few places
NAMEABLE = 2200.0  # square pixels above which a country has room for its name
CELL = 16.0  # pixels within which places are close
LETTER = 6.7
LEAN = 1 / 3  # share by which one sign must outweigh the other for a country to take its colour


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its events. `reach`: kilometres of a region, None for a point; `others`: places close by that are counted with it."""

    key: str
    name: str
    lon: float
    lat: float
    counts: Counts
    link: str
    reach: float | None = None
    others: int = 0

    @property
    def total(self) -> int:
        """All its events."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Land:
    """A country with the events that are known to have happened somewhere in it, no more. The point is for countries too small to draw."""

    code: str
    name: str
    counts: Counts
    link: str
    lon: float | None = None
    lat: float | None = None

    @property
    def total(self) -> int:
        """All its events."""
        return sum(self.counts)

    @property
    def lean(self) -> int:
        """1 where cooperation outweighs, -1 where conflict does, 0 where neither."""
        mc, vc, vx, mx = self.counts
        balance = (mc + vc - vx - mx) / max(1, self.total)
        return 1 if balance >= LEAN else -1 if balance <= -LEAN else 0


@dataclass(frozen=True, slots=True)
class Content:
    """What a map shows. `names`: gives the name of a country by its code, to find one's way; `prefix`: of the ids in it."""

    title: str
    about: str
    spots: Sequence[Spot]
    lands: Sequence[Land]
    prefix: str
    names: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ground:
    """Shapes under a map. `contested`: pairs of countries whose border is."""

    shapes: Shapes
    contested: frozenset[tuple[str, str]]


def drawn(content: Content, views: Sequence[View], ground: Ground) -> list[str]:
    """The map in several widths, of which the style sheet shows the one that fits. Shapes of a world are written once, in the first."""
    first = views[0]
    found = []
    for number, view in enumerate(views):
        seen = _seen(ground, view)
        shared = number > 0 and view.kind == "equal-earth"
        base = _use(content.prefix, view.size[0] / first.size[0]) if shared else _base(content, seen, ground, number)
        found.append(_picture(content, view, ground, base, number))
    return found


def _use(prefix: str, scale: float) -> str:
    return f'<use href="#{prefix}-ground" transform="scale({scale:.4f})"/>'


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands under all maps of one view: land, borders, contested borders as paths; the countries of a region that a name fits in."""

    land: str
    sure: str
    unsure: str
    countries: tuple[tuple[str, Extent], ...]


@lru_cache(maxsize=4)
def _seen(ground: Ground, view: View) -> Seen:
    return ground.shapes.seen_in(view)


@lru_cache(maxsize=SCENES)
def _scene(ground: Ground, view: View) -> Scene:
    seen = _seen(ground, view)
    sure = [pair for pair in ground.shapes.borders if pair not in ground.contested]
    countries = tuple(seen.larger(NAMEABLE)) if view.kind == "azimuthal" else ()
    return Scene(seen.land(), seen.lines(sure), seen.lines(sorted(ground.contested)), countries)


def _base(content: Content, seen: Seen, ground: Ground, number: int) -> str:
    """Land, countries with events, borders."""
    scene = _scene(ground, seen.view)
    most = max((land.total for land in content.lands), default=1)
    tints = []
    for one in content.lands:
        shape = seen.country(one.code)
        if shape:
            strong = one.total > 1 and 3 * one.total > most
            name = {1: "land-coop", -1: "land-conf", 0: "land-both"}[one.lean] + ("2" if strong else "")
            tints.append(f'<a href="{escape(one.link)}" tabindex="-1" data-land="{escape(one.code)}"><title>{escape(told(one))}</title>'
                         f'<path {kind(name)} d="{shape}"/></a>')
    ident = f' id="{content.prefix}-ground"' if number == 0 else ""
    return (f'<g{ident}><g class="shapes" transform="scale({1 / FINE:g})"><path {kind("land")} d="{scene.land}"/>{"".join(tints)}'
            f'<path {kind("border")} d="{scene.sure}"/><path {kind("unsure")} d="{scene.unsure}"/></g></g>')


def told(one: Spot | Land) -> str:
    """A place in words, as its mark is titled: "Sochi: 5 events, 4 of cooperation, 1 of conflict"."""
    mc, vc, vx, mx = one.counts
    parts = [f"{number} of {words}" for number, words in ((mc + vc, "cooperation"), (vx + mx, "conflict")) if number]
    deeds = mc + mx
    more = f"; {deeds if deeds < one.total else 'all'} of them deeds" if deeds else ""
    where = one.name
    if isinstance(one, Spot) and one.others:
        where = f"{one.name} and {counted(one.others, 'place')} near it"
    elif isinstance(one, Spot) and one.reach is not None:
        where = f"somewhere in the region of {one.name}"
    elif isinstance(one, Land):
        where = f"somewhere in {one.name}"
    return f"{where}: {counted(one.total, 'event')}, {', '.join(parts)}{more}" if parts else f"{where}: {counted(one.total, 'event')}"


# -- marks --------------------------------------------------------------------------------------------------------------


def _picture(content: Content, view: View, ground: Ground, base: str, number: int) -> str:
    wide = view.size[0]
    spots = gathered(content.spots, view, MOST[_nearest(wide)])
    most = max((spot.total for spot in spots if spot.reach is None and spot.total), default=1)
    unit = min(LARGEST[_nearest(wide)] / sqrt(most), ALONE if len(spots) < 3 else 5.0)
    placed = [(spot, x, y) for spot, (x, y) in zip(spots, _at(spots, view), strict=True)]
    inside = [one for one in placed if view.holds(one[1], one[2], 4)]
    soft = sorted((one for one in inside if one[0].reach is not None), key=lambda one: -(one[0].reach or 0))
    points = sorted((one for one in inside if one[0].reach is None), key=lambda one: (-one[0].total, one[0].key))
    parts = [opened(f"{content.prefix}{number}", view.size, content.title, content.about, f"w{wide} map").replace(
        " viewBox", f' data-view="{view.told}" data-unit="{unit:.3f}" viewBox', 1), base]
    parts += [_region(spot, x, y, view) for spot, x, y in soft]
    parts += [_point(spot, x, y, unit) for spot, x, y in points]
    tags, taken = _lands(content.lands, _seen(ground, view))
    parts += tags
    own = [_box(x, y, unit * sqrt(max(1, spot.total))) for spot, x, y in points]
    names, boxes = _names(points, taken, own, unit, view)
    parts += names
    if view.kind == "azimuthal":
        parts += _countries(content, _scene(ground, view), view, [*boxes, *own])
    return "".join([*parts, "</svg>"])


def _nearest(width: int) -> int:
    return min(LARGEST, key=lambda known: abs(known - width))


def half(radius: float, upper: bool) -> str:
    """Half a disc around the origin as a path."""
    return f"M{-radius:.1f} 0A{radius:.1f} {radius:.1f} 0 0 {1 if upper else 0} {radius:.1f} 0z"


def _halves(counts: Counts, unit: float) -> str:
    """The symbol of a place around the origin."""
    mc, vc, vx, mx = counts
    parts = []
    for deeds, words, deed, word, upper in ((mc, vc, "half-mc", "vc", True), (mx, vx, "half-mx", "vx", False)):
        if words:
            parts.append(f'<path {kind(word)} d="{half(max(SMALLEST, unit * sqrt(deeds + words)), upper)}"/>')
        if deeds:
            inner = max(SMALLEST * (0.6 if words else 1), unit * sqrt(deeds))
            parts.append(f'<path {kind(deed)} d="{half(inner, upper)}"/>')
    return "".join(parts) or f'<circle {kind("known")} r="{SMALLEST}"/>'


def _anchor(spot: Spot, x: float, y: float, name: str, inner: str, more: str = "") -> str:
    at = f'data-key="{escape(spot.key)}" transform="translate({x:.1f} {y:.1f})"{more}'
    return f'<a class="spot {name}" href="{escape(spot.link)}" tabindex="-1" {at}><title>{escape(told(spot))}</title>{inner}</a>'



def _point(spot: Spot, x: float, y: float, unit: float) -> str:
    ring = f'<circle {kind("several")} r="{unit * sqrt(spot.total) + 3:.1f}"/>' if spot.others else ""
    return _anchor(spot, x, y, "point", ring + _halves(spot.counts, unit))


def _region(spot: Spot, x: float, y: float, view: View) -> str:
    """A soft disc as wide as the region, its halves tinted where there was cooperation or conflict; its count inside."""
    true = view.pixels(spot.reach or 0)
    radius = max(SOFT, true)
    mc, vc, vx, mx = spot.counts
    parts = [f'<path {kind(name)} d="{half(radius, upper)}"/>' for name, number, upper in
             (("soft-coop", mc + vc, True), ("soft-conf", vx + mx, False)) if number]
    parts.append(f'<circle {kind("reach")} r="{radius:.1f}"/>')
    if spot.total > 1 or not any(spot.counts):
        parts.append(text(0, 4, short(spot.total), "", "middle"))
    return _anchor(spot, x, y, "region", "".join(parts), f' data-reach="{true:.2f}"')


def gathered(spots: Sequence[Spot], view: View, most: int) -> list[Spot]:
    """Spots that can be drawn: where there are too many, a point takes in the smaller ones close to it. Regions are not put together."""
    points = sorted((spot for spot in spots if spot.reach is None), key=lambda spot: (-spot.total, spot.key))
    regions = sorted((spot for spot in spots if spot.reach is not None), key=lambda spot: (-spot.total, spot.key))
    size = CELL
    found = points
    at = _at(points, view) if len(points) > most else []
    while len(found) > most:
        cells: dict[tuple[int, int], Spot] = {}
        for spot, (x, y) in zip(points, at, strict=True):
            cell = (int(x // size), int(y // size))
            first = cells.get(cell)
            cells[cell] = spot if first is None else _joined(first, spot)
        found, size = list(cells.values()), size * 1.25
    return [*found, *regions[: most // 2]]


def _at(spots: Sequence[Spot], view: View) -> list[tuple[float, float]]:
    """Pixels of places."""
    x, y = view.place(np.array([spot.lon for spot in spots], float), np.array([spot.lat for spot in spots], float))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _joined(first: Spot, other: Spot) -> Spot:
    one, two = first.counts, other.counts
    link = first.link if first.others else first.link.partition("#")[0]
    return replace(first, counts=(one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3]), others=first.others + 1, link=link)


# -- words --------------------------------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]  # left, top, right, bottom


def _box(x: float, y: float, radius: float) -> Box:
    return x - radius, y - radius, x + radius, y + radius


def _free(box: Box, taken: Iterable[Box]) -> bool:
    return not any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken)


def _lands(lands: Sequence[Land], seen: Seen) -> tuple[list[str], list[Box]]:
    """How many events each tinted country has, with the sign that outweighs; squares for those too small to draw."""
    parts: list[str] = []
    taken: list[Box] = []
    for land in sorted(lands, key=lambda one: (-one.total, one.code)):
        extent = seen.extent(land.code)
        if (extent is None or extent[0] < TINY) and land.lon is not None and land.lat is not None:
            x, y = seen.view.point(land.lon, land.lat)
            if seen.view.holds(x, y):
                half_ = SQUARE / 2
                name = {1: "square-coop", -1: "square-conf", 0: "square-both"}[land.lean]
                parts.append(f'<a class="spot small" href="{escape(land.link)}" tabindex="-1" data-land="{escape(land.code)}" '
                             f'transform="translate({x:.1f} {y:.1f})"><title>{escape(told(land))}</title>'
                             f'<path {kind(name)} d="M{-half_} {-half_}h{SQUARE}v{SQUARE}h{-SQUARE}z"/></a>')
                taken.append(_box(x, y, half_ + 1))
            continue
        if extent is None:
            continue
        words = f"{ {1: '▲', -1: '▼', 0: ''}[land.lean]}{short(land.total)}"
        x, y = extent[1]
        wide = LETTER * len(words) / 2 + 2
        box = (x - wide, y - 9, x + wide, y + 5)
        if extent[0] > 25 * len(words) * LETTER and _free(box, taken):
            parts.append(f'<g class="count">{text(x, y + 4, words, {1: "up", -1: "down", 0: "strong"}[land.lean], "middle")}</g>')
            taken.append(box)
    return parts, taken


def _names(
    points: Sequence[tuple[Spot, float, float]], taken: Sequence[Box], own: Sequence[Box], unit: float, view: View
) -> tuple[list[str], list[Box]]:
    """Names of the largest places, right or left of them where there is room, and all boxes that have words. `own`: those of the places."""
    parts, found = [], list(taken)
    for number, (spot, x, y) in enumerate(points[: NAMED[_nearest(view.size[0])]]):
        radius = max(SMALLEST, unit * sqrt(spot.total)) + 3
        wide = LETTER * len(spot.name) + 2
        others = [*found, *(box for place, box in enumerate(own) if place != number)]
        for left, anchor in ((x + radius, "start"), (x - radius - wide, "end")):
            box = (left, y - 9, left + wide, y + 5)
            if left > 0 and left + wide < view.size[0] and _free(box, others):
                at = x + radius if anchor == "start" else x - radius
                words = text(at, y + 4, spot.name, "strong", anchor)
                parts.append(f'<g class="label" data-key="{escape(spot.key)}">{words}</g>')
                found.append(box)
                break
    return parts, found


def _countries(content: Content, scene: Scene, view: View, taken: list[Box]) -> list[str]:
    """Names of the largest countries of a region, so that one knows where it is."""
    sized = [(size, content.names(code), at) for code, (size, at) in scene.countries]
    parts = []
    for _, name, (x, y) in sorted(sized, reverse=True)[:14]:
        wide = LETTER * len(name) / 2
        for at in (y, y + 22, y - 22):
            box = (x - wide, at - 9, x + wide, at + 5)
            if box[0] > 2 and box[2] < view.size[0] - 2 and box[1] > 2 and box[3] < view.size[1] - 2 and _free(box, taken):
                parts.append(f'<g class="country">{text(x, at + 4, name, "", "middle")}</g>')
                taken.append(box)
                break
    return parts
