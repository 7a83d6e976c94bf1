"""Small helpers of all drawings. Classes name what a shape is; light colours stand in attributes, which any style sheet overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

import numpy as np

from ....relations.parties import Flags

LIGHT = {  # of web/tokens.json, for pictures that stand alone (a test compares)
    "mc": 'fill="#0A4F78" stroke="#0A4F78"',
    "vc": 'fill="#FFFFFF" stroke="#3D8FBF" stroke-width="1.4"',
    "mx": 'fill="#A33A06" stroke="#A33A06"',
    "vx": 'fill="#FFFFFF" stroke="#C8641C" stroke-width="1.4"',
    "axis": 'stroke="#6B7480" fill="none"',
    "rule": 'stroke="#D5D9DE" fill="none"',
    "line": 'stroke="#1A1F26" fill="none" stroke-width="1.6"',
    "band": 'fill="#D5DBE2"',
    "turn": 'fill="#EFEBDD"',
    "either": 'fill="#6B7480" opacity="0.45"',
    "both": 'fill="#1A1F26" opacity="0.75"',
    "hatch": 'stroke="#6B7480" opacity="0.35"',
    "gapfill": 'fill="#E9EBEE"',
    "up": 'stroke="#0B5C8C" fill="none"',
    "down": 'stroke="#A33A06" fill="none"',
    "lead-line": 'stroke="#6B7480" fill="none" stroke-width="0.8"',
    "badge": 'fill="#FFFFFF" stroke="#6B7480"',
    "ground": 'fill="#FFFFFF"',
    "picked": 'fill="none" stroke="#7A1FA2" stroke-width="2"',
    "dot": 'fill="#1A1F26"',
    "ghost": 'fill="none" stroke="#6B7480"',
    "window": 'fill="#DCEEF8" stroke="#0B5C8C"',
    "known": 'fill="#7A828D"',
    "told": 'fill="#FFFFFF" stroke="#7A828D" stroke-width="1.4"',
    "tie-up": 'fill="none" stroke="#0A4F78" stroke-linecap="round"', "tie-down": 'fill="none" stroke="#A33A06" stroke-dasharray="6 4"',
    "tie-bar": 'fill="none" stroke="#A33A06"', "tie-unsure": 'fill="none" stroke="#7A828D" stroke-dasharray="1 3"',
    "node": 'fill="#FFFFFF" stroke="#1A1F26" stroke-width="1.4"', "node-away": 'fill="#FFFFFF" stroke="#D5D9DE"',
    "hull": 'fill="#F6F7F8" stroke="#F6F7F8" stroke-linejoin="round" stroke-linecap="round"',
    "hull-edge": 'fill="none" stroke="#D5D9DE" stroke-linejoin="round" stroke-linecap="round"',
    "half-mc": 'fill="#0A4F78" stroke="#FFFFFF"', "half-mx": 'fill="#A33A06" stroke="#FFFFFF"',
    "land": 'fill="#ECEEF1"',
    "border": 'fill="none" stroke="#FFFFFF" stroke-width="1" vector-effect="non-scaling-stroke"',
    "unsure": 'fill="none" stroke="#6B7480" stroke-width="1" stroke-dasharray="2 2.5" vector-effect="non-scaling-stroke"',
    "land-coop": 'fill="#DCEEF8"', "land-coop2": 'fill="#B5D5E8"', "land-conf": 'fill="#FCE7D8"', "land-conf2": 'fill="#F3C3A0"',
    "land-both": 'fill="#E9EBEE"', "land-both2": 'fill="#D5DBE2"',
    "square-coop": 'fill="#B5D5E8" stroke="#6B7480"', "square-conf": 'fill="#F3C3A0" stroke="#6B7480"',
    "square-both": 'fill="#D5DBE2" stroke="#6B7480"',
    "soft-coop": 'fill="#B5D5E8" fill-opacity="0.75"', "soft-conf": 'fill="#F3C3A0" fill-opacity="0.75"',
    "reach": 'fill="none" stroke="#6B7480" stroke-dasharray="3 3"',
    "several": 'fill="none" stroke="#6B7480" stroke-dasharray="1 2.5"',
}
TEXT = {"": "#565F6B", "strong": "#1A1F26", "up": "#0B5C8C", "down": "#A33A06"}
QUAD_CODES = ("mc", "vc", "vx", "mx")  # in the order of relations.parties.QUADS
LINE_HEIGHT = 14


def kind(name: str) -> str:
    """Class and light colours of a shape."""
    return f'class="{name}" {LIGHT[name]}'


def text(x: float, y: float, words: str, name: str = "", anchor: str = "start") -> str:
    """A line of words."""
    weight = ' font-weight="600"' if name else ""
    own = f' class="{name}"' if name else ""
    halo = 'stroke="#FFFFFF" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{own} fill="{TEXT[name]}" {halo}{weight}>{escape(words)}</text>'


def rect(name: str, x: float, y: float, wide: float, tall: float) -> str:
    """A box."""
    return f'<rect {kind(name)} x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'


def horizontal(name: str, x1: float, x2: float, y: float) -> str:
    """A line from left to right."""
    return f'<path {kind(name)} d="M{x1:.1f} {y:.1f}H{x2:.1f}"/>'


def hatch(prefix: str) -> str:
    """The pattern of what was not covered. Its id carries the prefix, since several drawings stand in one page."""
    return (f'<defs><pattern id="{prefix}-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect class="gapfill" {LIGHT["gapfill"]} width="6" height="6"/><path {kind("hatch")} d="M0 0v6"/></pattern></defs>')


def opened(
    prefix: str, size: tuple[int, int], title: str, about: str, name: str = "", data: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The opening tag, title and description of a drawing. `data`: what scripts have to know of it, by the ends of `data-…`."""
    wide, tall = size
    own = (f' class="{name}"' if name else "") + "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    return (f'<svg xmlns="http://www.w3.org/2000/svg"{own} viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}" role="group" '
            f'aria-labelledby="{prefix}-t" aria-describedby="{prefix}-d" font-family="sans-serif" font-size="12">'
            f'<title id="{prefix}-t">{escape(title)}</title><desc id="{prefix}-d">{escape(about)}</desc>')


def points(places: Iterable[tuple[float, float]]) -> str:
    """A path through places."""
    found = [f"{x:.1f} {y:.1f}" for x, y in places]
    return f"M{'L'.join(found)}" if found else ""


def runs(which: Flags) -> list[tuple[int, int]]:
    """Begin and end (excluded) of each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], which, [False]]).astype(int)))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]


def mark(quad: str, x: float, y: float, size: float = 7) -> str:
    """The path of a mark whose box begins at x, y: a square for cooperation, a diamond for conflict."""
    half = size / 2
    if quad in ("mc", "vc"):
        return f"M{x:.1f} {y:.1f}h{size:g}v{size:g}h{-size:g}z"
    return f"M{x + half:.1f} {y:.1f}l{half:g} {half:g}l{-half:g} {half:g}l{-half:g} {-half:g}z"


def nice(most: float, steps: Sequence[int]) -> int:
    """The smallest step that holds a value, else the last."""
    return next((step for step in steps if step >= most), steps[-1])
