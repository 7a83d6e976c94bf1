"""Where actors of a signed network stand: friends near, foes apart. The same input gives the same picture, whatever period is shown on it.

Distances that are wished for are met by majorising their stress (de Leeuw 1977; SMACOF), from where classical scaling (Torgerson 1952) puts
everybody; then circles that touch are pushed apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NEAR, FAR, UNTOLD = 0.6, 2.6, 1.9  # distance of friends, of foes, of those of whom nothing is told
LIGHT = 0.05  # weight of the last
ROUNDS, PUSHES = 300, 400
STRETCH = 1.6


def wished(cooperation: Floats, conflict: Floats) -> tuple[Floats, Floats]:
    """Distances and how much each counts, from events of each kind between all pairs (symmetric)."""
    told = cooperation + conflict
    sign = np.divide(cooperation - conflict, told + 1, out=np.zeros_like(told), where=told > 0)
    distance = np.where(told > 0, (NEAR + FAR) / 2 - (FAR - NEAR) / 2 * sign, UNTOLD)
    weight = np.where(told > 0, 0.2 + np.log1p(told), LIGHT)
    np.fill_diagonal(distance, 0)
    np.fill_diagonal(weight, 0)
    return distance, weight


def positions(distance: Floats, weight: Floats) -> Floats:
    """Places in a unit square (rows: x, y), as close to the distances as the plane allows; the widest spread lies across."""
    count = len(distance)
    if count < 2:
        return np.full((count, 2), 0.5)
    centre = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ distance**2 @ centre)
    found = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 1e-9))
    if found.shape[1] < 2:
        found = np.column_stack([found, np.zeros(count)])
    found = found + 1e-3 * np.column_stack([np.cos(np.arange(count) * 2.4), np.sin(np.arange(count) * 2.4)])  # nobody on somebody else
    turn = np.linalg.pinv(np.diag(weight.sum(axis=1)) - weight)
    for _ in range(ROUNDS):
        apart = np.sqrt(((found[:, None] - found[None, :]) ** 2).sum(axis=2))
        share = np.divide(weight * distance, apart, out=np.zeros_like(apart), where=apart > 1e-9)
        found = turn @ ((np.diag(share.sum(axis=1)) - share) @ found)
    return _squared(found)


def _squared(found: Floats) -> Floats:
    """Turned so that the widest spread lies across and fills the square; the other axis is stretched too, as pictures are wider than high,
    but no more than STRETCH times. Of mirror images the one with the first actor on the left and below."""
    found = found - found.mean(axis=0)
    _, vectors = np.linalg.eigh(found.T @ found)
    found = found @ vectors[:, ::-1]
    found = found * np.where(found[0] > 0, -1, 1)
    low, high = found.min(axis=0), found.max(axis=0)
    spread = np.maximum(high - low, 1e-9)
    share = np.array([1.0, min(1.0, STRETCH * spread[1] / spread[0])])
    return np.asarray(0.5 + ((found - (low + high) / 2) / spread) * share)


def apart(places: Floats, radii: Floats, frame: tuple[float, float, float, float], gap: float) -> Floats:
    """Places in pixels pushed apart until no circles are nearer than a gap, kept inside a frame: left, top, right, bottom."""
    found = places.copy()
    least = radii[:, None] + radii[None, :] + gap
    np.fill_diagonal(least, 0)
    low, high = np.array(frame[:2]) + radii[:, None], np.array(frame[2:]) - radii[:, None]
    for _ in range(PUSHES):
        way = found[:, None] - found[None, :]
        far = np.sqrt((way**2).sum(axis=2))
        lack = np.maximum(least - far, 0)
        if not lack.any():
            break
        step = np.divide(way, far[:, :, None], out=np.zeros_like(way), where=far[:, :, None] > 1e-9)
        found = np.clip(found + 0.5 * (step * lack[:, :, None]).sum(axis=1) / np.maximum(1, (lack > 0).sum(axis=1))[:, None], low, high)
    return np.asarray(np.clip(found, low, high))


def hull(points: Floats) -> Floats:
    """The corners of the smallest convex shape around some points, in order (Andrew 1979)."""
    order = sorted(set(map(tuple, points.tolist())))
    if len(order) < 3:
        return np.array(order)

    def side(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        for point in corners:
            while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
                found.pop()
            found.append(point)
        return found[:-1]

    return np.array(side(order) + side(order[::-1]))


def _turn(one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])
