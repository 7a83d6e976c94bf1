"""Distances on the globe, taken as a sphere."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TypeVar

import numpy as np
import numpy.typing as npt

F = TypeVar("F", np.float32, np.float64)
EARTH = 6371.0  # km: mean radius


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance of two points in degrees."""
    one, two, turn = radians(lat), radians(other_lat), radians(lon - other_lon)
    half = sin((one - two) / 2) ** 2 + cos(one) * cos(two) * sin(turn / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def all_kilometres(one: npt.NDArray[F], other: npt.NDArray[F]) -> npt.NDArray[F]:
    """The same for many: rows of latitude and longitude in degrees, row by row, or all against a single row; NaN where a value is NaN."""
    a, b = np.radians(one), np.radians(other)
    half = np.sin((a[:, 0] - b[:, 0]) / 2) ** 2 + np.cos(a[:, 0]) * np.cos(b[:, 0]) * np.sin((a[:, 1] - b[:, 1]) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0))), one.dtype)
