"""From degrees to pixels, for whole worlds and for one region; areas are true in both. The formulas are held to what d3-geo says.

Equal Earth: Šavrič, Patterson and Jenny 2018. Azimuthal equal-area: Lambert 1772. Both as in web/src/base/projection.ts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

import numpy as np
import numpy.typing as npt

from ....knowledge.sphere import EARTH

Floats = npt.NDArray[np.float64]
_A1, _A2, _A3, _A4, _M = 1.340264, -0.081106, 0.000893, 0.003796, sqrt(3) / 2
EQUATOR = 2.7066299836960748  # half of the equator's length in Equal Earth of scale 1
NORTH, SOUTH = 83.7, -56.0  # what a map of the world shows: all land but Antarctica
EMPTY = 0.11  # share of half the equator in the west that is left out: sea without land


@dataclass(frozen=True, slots=True)
class View:
    """A projection and where it lies. `kind`: "equal-earth", whose 0° 0° stands at (x, y), or "azimuthal", whose centre does.

    `scale`: pixels of a radius of the Earth; `size`: width and height of the picture; `centre`: longitude and latitude.
    """

    kind: str
    size: tuple[int, int]
    scale: float
    x: float
    y: float
    centre: tuple[float, float] = (0.0, 0.0)

    @property
    def told(self) -> str:
        """The words by which web/src/base/projection.ts knows it."""
        where = f" {self.centre[0]:.4f} {self.centre[1]:.4f}" if self.kind == "azimuthal" else ""
        return f"{self.kind} {self.scale:.4f} {self.x:.4f} {self.y:.4f}{where}"

    def place(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Pixels of some points in degrees."""
        x, y = (_equal_earth if self.kind == "equal-earth" else self._azimuthal)(np.radians(lon), np.radians(lat))
        return self.x + self.scale * x, self.y - self.scale * y

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Pixels of one."""
        x, y = self.place(np.array([lon]), np.array([lat]))
        return float(x[0]), float(y[0])

    def pixels(self, km: float) -> float:
        """How many pixels a distance on the ground takes, in the middle of the picture."""
        return km / EARTH * self.scale

    @property
    def ground(self) -> float:
        """Kilometres from the centre of the picture to its nearer edges."""
        return min(self.size) / 2 / self.scale * EARTH

    def holds(self, x: float, y: float, margin: float = 0) -> bool:
        """Whether a pixel lies in the picture."""
        return -margin <= x <= self.size[0] + margin and -margin <= y <= self.size[1] + margin

    def _azimuthal(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        middle, phi = np.radians(self.centre[0]), np.radians(self.centre[1])
        turn = lon - middle
        across = np.sin(phi) * np.sin(lat) + np.cos(phi) * np.cos(lat) * np.cos(turn)
        stretch = np.sqrt(2 / np.maximum(1 + across, 1e-9))
        return stretch * np.cos(lat) * np.sin(turn), stretch * (np.cos(phi) * np.sin(lat) - np.sin(phi) * np.cos(lat) * np.cos(turn))


def _equal_earth(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    slant = np.arcsin(_M * np.sin(lat))
    square = slant * slant
    sixth = square**3
    x = lon * np.cos(slant) / (_M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)))
    return x, slant * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


def world(width: int) -> View:
    """The whole Earth without its ice cap in the south and the empty sea at the left edge."""
    scale = width / ((2 - EMPTY) * EQUATOR)
    top, bottom = (float(_equal_earth(np.zeros(1), np.radians(np.array([lat])))[1][0]) * scale for lat in (NORTH, SOUTH))
    return View("equal-earth", (width, round(top - bottom)), scale, width - EQUATOR * scale, top)


def around(lon: float, lat: float, km: float, size: tuple[int, int]) -> View:
    """A region: `km` from its centre to the nearer edges."""
    return View("azimuthal", size, min(size) / 2 / (km / EARTH), size[0] / 2, size[1] / 2, (lon, lat))


def fitting(lon: Floats, lat: Floats, least: float, size: tuple[int, int], most: float = 4500.0) -> View | None:
    """The region that holds some points, `least` km from its centre to the nearer edges at least; None where they lie over more than
    `most` km to each side, or there are none."""
    if not len(lon):
        return None
    centre = _middle(lon, lat)
    if centre is None:
        return None
    unit = View("azimuthal", size, 1.0, 0.0, 0.0, centre)
    x, y = unit.place(lon, lat)
    middle = ((float(x.min()) + float(x.max())) / 2, -(float(y.min()) + float(y.max())) / 2)
    wide, tall = (float(x.max()) - float(x.min())) / 2 * EARTH, (float(y.max()) - float(y.min())) / 2 * EARTH
    ratio = size[0] / size[1]
    reach = max(least, 1.25 * max(wide / max(1.0, ratio), tall * min(1.0, ratio)))
    if reach > most or max(wide, tall) > 1.6 * most:
        return None
    moved = _unplaced(centre, middle)
    return around(*moved, reach, size)


def _middle(lon: Floats, lat: Floats) -> tuple[float, float] | None:
    """The middle of some points on the globe; None where they lie all around it."""
    lam, phi = np.radians(lon), np.radians(lat)
    x, y, z = (float(part.mean()) for part in (np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))
    length = sqrt(x * x + y * y + z * z)
    if length < 0.3:
        return None
    return degrees(float(np.arctan2(y, x))), degrees(asin(z / length))


def _unplaced(centre: tuple[float, float], at: tuple[float, float]) -> tuple[float, float]:
    """Degrees of a point of the azimuthal projection with scale 1 around a centre."""
    x, y = at
    far = sqrt(x * x + y * y)
    if far < 1e-9:
        return centre
    angle, phi = 2 * asin(min(1.0, far / 2)), radians(centre[1])
    lat = asin(cos(angle) * sin(phi) + y * sin(angle) * cos(phi) / far)
    lon = radians(centre[0]) + float(np.arctan2(x * sin(angle), far * cos(phi) * cos(angle) - y * sin(phi) * sin(angle)))
    return (degrees(lon) + 180) % 360 - 180, degrees(lat)
