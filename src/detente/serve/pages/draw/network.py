"""A signed network: who stands well with whom. Cooperation is a solid line, conflict a dashed one with a bar across its middle, so that the
difference needs no colour; dotted and thin: much is told, and it does not add up to a sign. Blocs are outlined and have letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import hypot

import numpy as np

from .layout import Floats, apart, hull
from .svg import kind, opened, text

WIDE, NARROW, COLUMN = (960, 600), (360, 420), (640, 480)
RADII = {960: (16.0, 28.0), 640: (16.0, 26.0), 360: (14.5, 19.0)}
WIDTHS = (1.4, 2.4, 4.0)  # pixels of a line, by how much is told
GAP = 16.0
EDGE = 8.0
INSIDE = 4  # letters that fit into a circle
LETTER = 7.2


@dataclass(frozen=True, slots=True)
class Node:
    """An actor. `code`: what stands in its circle; `x`, `y`: its place in a unit square; `bloc`: a letter, empty for none; `here`: whether
    it has a tie in this period."""

    ident: str
    code: str
    name: str
    told: str
    link: str
    x: float
    y: float
    events: int
    bloc: str = ""
    here: bool = True
    square: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Two actors by their places in the list of nodes. `sign`: 1, -1, or 0 where it is not sure; `strength`: 0 to 2."""

    one: int
    other: int
    sign: int
    strength: int
    told: str
    link: str


def drawn(nodes: Sequence[Node], ties: Sequence[Tie], title: str, about: str, size: tuple[int, int] = WIDE, prefix: str = "net") -> str:
    """The network as a picture. Nodes stand where they stand, whatever the ties of a period are."""
    parts = [opened(f"{prefix}{size[0]}", size, title, about, f"w{size[0]} network")]
    radii = _radii(nodes, size[0])
    places = _places(nodes, radii, size)
    parts += _hulls(nodes, places, radii)
    for tie in sorted(ties, key=lambda tie: (abs(tie.sign), tie.strength)):
        parts.append(_tie(tie, places, radii, nodes))
    for number, node in enumerate(nodes):
        parts.append(_node(node, (float(places[number, 0]), float(places[number, 1])), float(radii[number]), size[0]))
    return "".join([*parts, "</svg>"])


def _radii(nodes: Sequence[Node], wide: int) -> Floats:
    least, most = RADII[wide]
    events = np.array([node.events for node in nodes], float)
    if not len(events):
        return events
    scale = np.sqrt(events / max(1.0, float(events.max())))
    return np.asarray(np.maximum(least, most * scale))


def _places(nodes: Sequence[Node], radii: Floats, size: tuple[int, int]) -> Floats:
    return _spread(tuple((node.x, node.y, radius) for node, radius in zip(nodes, radii.tolist(), strict=True)), size)


@lru_cache(maxsize=32)
def _spread(nodes: tuple[tuple[float, float, float], ...], size: tuple[int, int]) -> Floats:
    """Pixels of nodes, told by their places in a unit square and their radii: the same in every period, so worked out once."""
    frame = (EDGE + 20, EDGE + 10, size[0] - EDGE - 20, size[1] - EDGE - 22)
    given = np.array(nodes, float).reshape(-1, 3)
    unit, radii = given[:, :2], given[:, 2]
    low, high = np.array(frame[:2]) + radii.max(initial=0), np.array(frame[2:]) - radii.max(initial=0)
    return apart(low + unit * (high - low), radii, frame, GAP)


def _hulls(nodes: Sequence[Node], places: Floats, radii: Floats) -> list[str]:
    """Outlines of blocs with their letters."""
    parts = []
    for bloc in sorted({node.bloc for node in nodes if node.bloc}):
        own = [number for number, node in enumerate(nodes) if node.bloc == bloc and node.here]
        if not own:
            continue
        corners = hull(places[own])
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "z"
        wide = 2 * float(radii[own].max()) + 22
        parts.append(f'<g class="bloc" data-bloc="{bloc}"><path {kind("hull-edge")} stroke-width="{wide + 2:.1f}" d="{path}"/>'
                     f'<path {kind("hull")} stroke-width="{wide:.1f}" d="{path}"/></g>')
        top = min(own, key=lambda number: places[number, 1] - radii[number])
        x, y = places[top, 0] - radii[top] - 8, places[top, 1] - radii[top] - 2
        parts.append(f'<g class="letter">{text(max(10, x), max(14, y), bloc, "strong", "middle")}</g>')
    return parts


def _tie(tie: Tie, places: Floats, radii: Floats, nodes: Sequence[Node]) -> str:
    (x1, y1), (x2, y2) = places[tie.one].tolist(), places[tie.other].tolist()
    far = max(1e-6, hypot(x2 - x1, y2 - y1))
    right, down = (x2 - x1) / far, (y2 - y1) / far
    x1, y1 = x1 + right * radii[tie.one], y1 + down * radii[tie.one]
    x2, y2 = x2 - right * radii[tie.other], y2 - down * radii[tie.other]
    line = f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
    name = {1: "tie-up", -1: "tie-down", 0: "tie-unsure"}[tie.sign]
    wide = WIDTHS[tie.strength] if tie.sign else 1.0
    inner = f'<path {kind(name)} stroke-width="{wide:g}" d="{line}"/>'
    if tie.sign < 0:
        x, y, half = (x1 + x2) / 2, (y1 + y2) / 2, 4 + wide
        inner += (f'<path {kind("tie-bar")} stroke-width="{max(1.6, wide * 0.7):.1f}" '
                  f'd="M{x - down * half:.1f} {y + right * half:.1f}L{x + down * half:.1f} {y - right * half:.1f}"/>')
    hit = f'<path class="hit" fill="none" stroke="transparent" stroke-width="12" d="{line}"/>'
    ends = f'data-one="{escape(nodes[tie.one].ident)}" data-other="{escape(nodes[tie.other].ident)}"'
    return f'<a class="tie" href="{escape(tie.link)}" tabindex="-1" {ends}><title>{escape(tie.told)}</title>{hit}{inner}</a>'


def _node(node: Node, at: tuple[float, float], radius: float, width: int) -> str:
    x, y = at
    name = "node" if node.here else "node-away"
    shape = f'<circle {kind(name)} r="{radius:.1f}"/>'
    if node.square:
        side = 2 * radius
        shape = f'<rect {kind(name)} x="{-radius:.1f}" y="{-radius:.1f}" width="{side:.1f}" height="{side:.1f}" rx="5"/>'
    if len(node.code) <= INSIDE:
        words = text(0, 4.2, node.code, "strong" if node.here else "", "middle")
    else:
        half = LETTER * len(node.code) / 2
        aside = min(0.0, width - 2 - x - half) - min(0.0, x - 2 - half)  # words stay in the picture
        words = text(aside, radius + 13, node.code, "strong" if node.here else "", "middle")
    return (f'<a class="node-of{"" if node.here else " away"}" href="{escape(node.link)}" tabindex="-1" data-actor="{escape(node.ident)}" '
            f'data-bloc="{node.bloc}" transform="translate({x:.1f} {y:.1f})"><title>{escape(node.told)}</title>{shape}{words}</a>')
