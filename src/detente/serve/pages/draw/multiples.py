"""Several pairs one below the other, on one time axis and one scale: index with its band, events as a rug, how much was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....relations.parties import number
from ....relations.timeline import Timeline
from . import panels
from .panels import Axis, Box
from .svg import QUAD_CODES, hatch, horizontal, kind, mark, opened, text

BIN, MARK = 8.0, 5.0  # pixels


@dataclass(frozen=True, slots=True)
class Pair:
    """One of the pairs: what it is called, its time line over the days shown, its state in a few words."""

    name: str
    line: Timeline
    told: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Sizes in pixels: of the whole, its margins, the index, the rug and the coverage of each pair."""

    wide: int
    left: int
    right: int
    heights: tuple[int, int, int]

    @property
    def pitch(self) -> int:
        """From one pair to the next."""
        return sum(self.heights) + 42


WIDE = Frame(960, 40, 12, (84, 16, 14))
NARROW = Frame(360, 34, 8, (64, 16, 12))


def draw(pairs: Sequence[Pair], how: tuple[str, str, int, int], frame: Frame = WIDE, prefix: str = "ml", name: str = "") -> str:
    """The SVG. `how`: title, description, half-life, scale of the index."""
    title, about, half_life, scale = how
    shown, end = pairs[0].line.span, frame.wide - frame.right
    x = panels.axis(shown, frame.left, end)
    whole = Box(frame.left, end, 24, frame.pitch * len(pairs) - 24, frame.wide > 500)
    data = {"x": f"{frame.left} {end}", "days": f"{shown[0]} {shown[1]}", "y": f"{whole.top:g} {whole.bottom:g}"}
    tall = int(whole.bottom) + 20
    parts = [opened(prefix, (frame.wide, tall), title, about, name, data), hatch(prefix),
             f'<rect {kind("ground")} width="{frame.wide}" height="{tall}"/>', *panels.grid(shown, x, whole)]
    for row, pair in enumerate(pairs):
        parts += _pair(pair, row, x, (frame, whole), (half_life, scale, prefix))
    return "".join([*parts, "</svg>"])


def _pair(pair: Pair, row: int, x: Axis, where: tuple[Frame, Box], how: tuple[int, int, str]) -> list[str]:
    frame, whole = where
    half_life, scale, prefix = how
    top = 24 + frame.pitch * row
    index = Box(whole.left, whole.right, top, frame.heights[0], whole.wide)
    rug = Box(whole.left, whole.right, index.bottom + 4, frame.heights[1], whole.wide)
    read = Box(whole.left, whole.right, rug.bottom + 3, frame.heights[2], whole.wide)
    dark = panels.gaps(pair.line, x, Box(whole.left, whole.right, top, read.bottom - top), prefix)
    label = text(0, top - 9, pair.name, "strong")
    state = text(whole.right, top - 9, pair.told, anchor="end")
    drawn = panels.index(pair.line.line(half_life), scale, x, index)
    return [*dark, *drawn, *_rug(pair.line, x, rug), *panels.coverage(pair.line, x, read)[0], label, state]


def _rug(line: Timeline, x: Axis, box: Box) -> list[str]:
    """A mark wherever something happened: cooperation above the line, conflict below, solid where there was a deed."""
    first, last = (number(day) for day in line.span)
    inside = np.flatnonzero((line.acts.day >= first) & (line.acts.day <= last) & (line.acts.quad >= 0))
    middle = box.top + box.tall / 2
    found: dict[tuple[int, bool], int] = {}
    for place in inside:
        quad = int(line.acts.quad[place])
        key = (int((x(line.acts.day[place] + 0.5) - box.left) // BIN), quad < 2)
        found[key] = min(found.get(key, quad), quad) if quad < 2 else max(found.get(key, quad), quad)
    parts = [horizontal("rule", box.left, box.right, middle)]
    for (column, up), quad in sorted(found.items()):
        name = QUAD_CODES[quad]
        parts.append(f'<path {kind(name)} d="{mark(name, box.left + BIN * column + 1, middle - MARK - 2 if up else middle + 2, MARK)}"/>')
    return parts


