"""The ego network of an actor: it in the middle, friends above, foes below, those of no sure sign at the sides, and the ties among them
that have a sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import cos, pi, sin

from ....relations.signed import Edge
from ...reading import Reading
from .. import signs
from ..asking import Asked
from ..draw.network import COLUMN, NARROW, Node, drawn
from ..names import Names, path
from ..signs import Period
from .network import ABOUT, is_code, short, ties_of

SIZE = (40, 10)  # events that the marks of the actor and of all others stand for
CROWDED = 7  # from here on a side has two rows


def pictures(reading: Reading, asked: Asked, root: str, partners: Sequence[str], day: date) -> list[str]:
    """The network on a day, wide and narrow; nothing where too little is told of any tie."""
    found, names = signs.around(reading, [root, *partners], day), Names(reading.knowledge)
    own: dict[str, Edge] = {}
    for edge in found.edges:
        one, other = found.actors[edge.one], found.actors[edge.other]
        if root in (one, other):
            own[other if one == root else one] = edge
    if not own:
        return []
    nodes = []
    for name, (x, y) in _places(root, own).items():
        plain, size = is_code(name), SIZE[0] if name == root else SIZE[1]
        told = names.of(name)
        nodes.append(Node(name, short(names, name), told, told, asked.to(path("actor", name)), x, y, size, square=not plain))
    middle = next(number for number, node in enumerate(nodes) if node.ident == root)
    ties = [tie for tie in ties_of(asked, names, nodes, found, Period("", "", day, day)) if tie.sign or middle in (tie.one, tie.other)]
    title = f"{names.of(root)} and those it deals with most"
    return [drawn(nodes, ties, title, ABOUT, size, "ego") for size in (COLUMN, NARROW)]


def _places(root: str, own: dict[str, Edge]) -> dict[str, tuple[float, float]]:
    """The actor in the middle, the others on arcs around it: the firmest friends and foes at the left."""
    by_sign = {sign: sorted((name for name in own if own[name].sign == sign), key=lambda name: (-abs(own[name].index), name))
               for sign in (1, 0, -1)}
    half = (len(by_sign[0]) + 1) // 2
    spots = {root: (0.5, 0.5)}
    for group, begin, end in ((by_sign[1], 0.95, 0.05), (by_sign[-1], -0.95, -0.05), (by_sign[0][:half], 1.04, 0.96),
                              (by_sign[0][half:], 0.04, -0.04)):
        for number, name in enumerate(group):
            angle = pi * (begin + (end - begin) * (number + 0.5) / len(group))
            far = 0.34 if len(group) >= CROWDED and number % 2 else 0.5
            spots[name] = (0.5 + far * cos(angle), 0.5 - far * sin(angle))
    return spots
